#include "CTOMLPlusPlus.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <exception>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Arrays and inline tables within each other. Chosen, not measured: our files nest three deep. With the bound
// on key parts below, the tree is at most about 500 deep, so that freeing it cannot exhaust a thread's stack.
#define TOML_MAX_NESTED_VALUES 32
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0

// Some input that is no TOML breaks an assertion of toml++ 3.3.0 (a stray character after a key's dot): it must
// be an error of the file, not the end of the process, and not undefined behaviour as with NDEBUG.
[[noreturn]] static void fail_assertion(const char *what) {
    throw std::runtime_error(std::string("it is malformed (") + what + ")");
}
#undef NDEBUG
#define TOML_ASSERT(expr) ((expr) ? static_cast<void>(0) : fail_assertion(#expr))
// Its test for white space runs into __builtin_unreachable() for letters such as é and 、 outside of texts. They
// are no white space: so it has to answer.
#include <toml++/impl/forward_declarations.h>
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE return false
#include <toml++/impl/unicode.h>
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE __builtin_unreachable()

#include <toml++/toml.h>

struct quarter_toml_document {
    std::vector<quarter_toml_node> nodes;
    std::deque<std::string> texts;  // a deque: its strings never move, nodes point into them
};

namespace {

// Parts of a dotted key. Chosen, not measured: our longest has two.
constexpr int maximum_dots = 15;

void report(quarter_toml_error *error, std::string_view message, uint32_t line, uint32_t column) noexcept {
    const auto length = std::min(message.size(), sizeof(error->message) - 1);
    std::memcpy(error->message, message.data(), length);
    error->message[length] = 0;
    error->line = line;
    error->column = column;
}

// Walks over comments and strings as TOML 1.0 defines them, and counts the dots of each key outside them:
// toml++ bounds nested values, but not the tables that dotted keys make.
class DotCounter {
public:
    explicit DotCounter(std::string_view text) : text_(text) {}

    // The line of the first key with too many parts, or 0.
    uint32_t line_of_deep_key() {
        int dots = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            switch (c) {
                case '#': skip_comment(); break;
                case '"': case '\'': skip_string(c); break;
                case '.':
                    if (++dots > maximum_dots) return line_;
                    ++at_;
                    break;
                case '\n': ++line_; [[fallthrough]];
                case '=': case ',': case '[': case ']': case '{': case '}':
                    dots = 0;
                    [[fallthrough]];
                default: ++at_;
            }
        }
        return 0;
    }

private:
    bool ahead(char quote) const {
        return at_ + 2 < text_.size() && text_[at_ + 1] == quote && text_[at_ + 2] == quote;
    }

    void skip_comment() {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    }

    void skip_string(char quote) {
        const bool long_form = ahead(quote);
        at_ += long_form ? 3 : 1;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\\' && quote == '"') {
                if (at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++line_;
                at_ += 2;
                continue;
            }
            if (c == '\n') {
                if (!long_form) return;  // unterminated: toml++ will say so
                ++line_;
            }
            if (c == quote && (!long_form || ahead(quote))) {
                at_ += long_form ? 3 : 1;
                // A long string may end in up to two quotes of its own.
                while (long_form && at_ < text_.size() && text_[at_] == quote) ++at_;
                return;
            }
            ++at_;
        }
    }

    std::string_view text_;
    size_t at_ = 0;
    uint32_t line_ = 1;
};

class Flattener {
public:
    explicit Flattener(quarter_toml_document &document) : document_(document) {}

    void add(const toml::node &node, const toml::key *key) {
        const auto index = document_.nodes.size();
        quarter_toml_node flat{};
        flat.line = static_cast<uint32_t>(node.source().begin.line);
        flat.column = static_cast<uint32_t>(node.source().begin.column);
        if (key) {
            flat.key_line = static_cast<uint32_t>(key->source().begin.line);
            flat.key_column = static_cast<uint32_t>(key->source().begin.column);
            keep(std::string(key->str()), flat.key, flat.key_length);
        }
        document_.nodes.push_back(flat);
        fill(node, index);
    }

private:
    void fill(const toml::node &node, size_t index) {
        auto &flat = document_.nodes[index];
        switch (node.type()) {
            case toml::node_type::string:
                flat.kind = QUARTER_TOML_STRING;
                keep(node.as_string()->get(), flat.text, flat.text_length);
                break;
            case toml::node_type::integer:
                flat.kind = QUARTER_TOML_WHOLE;
                flat.whole = node.as_integer()->get();
                break;
            case toml::node_type::floating_point:
                flat.kind = QUARTER_TOML_DECIMAL;
                flat.decimal = node.as_floating_point()->get();
                break;
            case toml::node_type::boolean:
                flat.kind = QUARTER_TOML_BOOL;
                flat.whole = node.as_boolean()->get() ? 1 : 0;
                break;
            case toml::node_type::array: add_array(*node.as_array(), index); break;
            case toml::node_type::table: add_table(*node.as_table(), index); break;
            case toml::node_type::date: moment(node.as_date()->get(), flat); break;
            case toml::node_type::time: moment(node.as_time()->get(), flat); break;
            case toml::node_type::date_time: moment(node.as_date_time()->get(), flat); break;
            default: throw std::runtime_error("toml++ returned a node of no type");
        }
    }

    void add_array(const toml::array &array, size_t index) {
        document_.nodes[index].kind = QUARTER_TOML_ARRAY;
        document_.nodes[index].child_count = static_cast<uint32_t>(array.size());
        for (const auto &child : array) add(child, nullptr);
    }

    void add_table(const toml::table &table, size_t index) {
        document_.nodes[index].kind = QUARTER_TOML_TABLE;
        document_.nodes[index].child_count = static_cast<uint32_t>(table.size());
        for (const auto &[key, child] : table) add(child, &key);
    }

    template <typename Moment>
    void moment(const Moment &value, quarter_toml_node &flat) {
        std::ostringstream text;
        text << value;
        flat.kind = QUARTER_TOML_MOMENT;
        keep(text.str(), flat.text, flat.text_length);
    }

    void keep(std::string text, const char *&pointer, size_t &length) {
        document_.texts.push_back(std::move(text));
        pointer = document_.texts.back().data();
        length = document_.texts.back().size();
    }

    quarter_toml_document &document_;
};

}  // namespace

quarter_toml_document *quarter_toml_parse(const char *bytes, size_t length, quarter_toml_error *error) {
    try {
        const std::string_view text(bytes ? bytes : "", bytes ? length : 0);
        if (const auto line = DotCounter(text).line_of_deep_key()) {
            report(error, "a key has more than 16 parts", line, 0);
            return nullptr;
        }
        const auto table = toml::parse(text);
        auto document = std::make_unique<quarter_toml_document>();
        Flattener(*document).add(table, nullptr);
        return document.release();
    } catch (const toml::parse_error &failure) {
        report(
            error, failure.description(), static_cast<uint32_t>(failure.source().begin.line),
            static_cast<uint32_t>(failure.source().begin.column));
    } catch (const std::exception &failure) {
        report(error, failure.what(), 0, 0);
    } catch (...) {
        report(error, "toml++ failed without saying why", 0, 0);
    }
    return nullptr;
}

const quarter_toml_node *quarter_toml_nodes(const quarter_toml_document *document, size_t *count) {
    *count = document->nodes.size();
    return document->nodes.data();
}

void quarter_toml_free(quarter_toml_document *document) { delete document; }
