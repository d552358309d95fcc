// COsmium: reads .osm.pbf through libosmium, in C's words. May import: nothing of ours.
//
// Every pointer that a callback is given is valid until the callback returns. A callback that returns
// anything but 0 ends the reading. No C++ exception leaves this library: errors come back as text.
#ifndef QUARTER_COSMIUM_H
#define QUARTER_COSMIUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Tags as libosmium keeps them: key, NUL, value, NUL, and so on. `size` is in bytes.
typedef struct {
    const char *bytes;
    size_t size;
} cosmium_tags;

// A node of a way; latitude and longitude in 1e-7 degrees, INT32_MAX where the file does not give them.
typedef struct {
    int64_t id;
    int32_t latitude;
    int32_t longitude;
} cosmium_way_node;

// A ring of an area: its nodes, and whether it starts a new part (an outer ring) or is a hole in the last.
typedef struct {
    const cosmium_way_node *nodes;
    size_t count;
    int is_outer;
} cosmium_ring;

// What is called for what is read. A null pointer: not wanted.
typedef struct {
    void *context;
    int (*node)(void *context, int64_t id, int32_t latitude, int32_t longitude, cosmium_tags tags);
    int (*way)(void *context, int64_t id, const cosmium_way_node *nodes, size_t count, cosmium_tags tags);
    int (*area)(void *context, int64_t id, int is_relation, const cosmium_ring *rings, size_t count,
                cosmium_tags tags);
    // An area of the selection that cannot be put together: members missing, or rings open.
    int (*broken_area)(void *context, int64_t id, int is_relation, cosmium_tags tags);
    // How far the reading is, in bytes of the file; called now and then.
    int (*progress)(void *context, uint64_t done, uint64_t all);
} cosmium_callbacks;

// Which things are wanted: those with at least one of the keys. Keys are separated and ended by NUL, the list
// by an empty key; an empty list: none.
typedef struct {
    const char *node_keys;
    const char *way_keys;
    const char *area_keys;
} cosmium_selection;

// What was met.
typedef struct {
    uint64_t nodes;
    uint64_t ways;
    uint64_t relations;
    // Nodes that ways name and the file does not hold; counted once for each way and place in it.
    uint64_t missing_nodes;
    // Seconds since 1970 up to which the file's data go (replication timestamp); INT64_MIN: not stated.
    int64_t timestamp;
    char generator[128];
} cosmium_summary;

enum {
    COSMIUM_DONE = 0,
    COSMIUM_STOPPED = 1,
    COSMIUM_UNREADABLE = 2,
    COSMIUM_INVALID = 3
};

// Reads a file. Returns one of the values above; for the last two, `message` holds what is wrong.
int cosmium_read(const char *path, cosmium_selection selection, cosmium_callbacks callbacks,
                 cosmium_summary *summary, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif
#endif
