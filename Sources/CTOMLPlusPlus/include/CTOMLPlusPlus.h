/* CTOMLPlusPlus: a C face of toml++ (Debian: libtomlplusplus-dev), so that Swift can parse TOML 1.0.
 * May import: nothing of ours. No C++ exception leaves it.
 *
 * A document is a flat array of nodes in pre-order: a table or an array is followed by its children.
 */
#ifndef QUARTER_TOML_H
#define QUARTER_TOML_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a node is. */
enum {
    QUARTER_TOML_TABLE = 0,
    QUARTER_TOML_ARRAY = 1,
    QUARTER_TOML_STRING = 2,
    QUARTER_TOML_WHOLE = 3,
    QUARTER_TOML_DECIMAL = 4,
    QUARTER_TOML_BOOL = 5,
    QUARTER_TOML_MOMENT = 6 /* a date, a time, or both; its text is in `text` */
};

/* One value. Texts are UTF-8, not terminated, and live as long as the document. */
typedef struct {
    int32_t kind;
    uint32_t line;         /* of the value, from 1; 0 when toml++ does not know it */
    uint32_t column;       /* in characters, from 1 */
    uint32_t key_line;     /* of the key, where the parent is a table */
    uint32_t key_column;
    uint32_t child_count;  /* direct children of a table or an array */
    const char *key;       /* NULL in arrays and for the root */
    size_t key_length;
    const char *text;      /* of a string or a moment, else NULL */
    size_t text_length;
    int64_t whole;         /* of a whole number; 1 or 0 of a bool */
    double decimal;
} quarter_toml_node;

/* Why a document could not be parsed. */
typedef struct {
    uint32_t line;   /* from 1, or 0 when no line is to blame */
    uint32_t column;
    char message[256]; /* terminated, cut to fit */
} quarter_toml_error;

typedef struct quarter_toml_document quarter_toml_document;

/* Parses `length` bytes. Returns NULL and fills `error` when they are no TOML, or nest too deeply. */
quarter_toml_document *quarter_toml_parse(const char *bytes, size_t length, quarter_toml_error *error);

/* The nodes, root first. */
const quarter_toml_node *quarter_toml_nodes(const quarter_toml_document *document, size_t *count);

/* Frees a document and its texts. */
void quarter_toml_free(quarter_toml_document *document);

#ifdef __cplusplus
}
#endif

#endif
