// The one translation unit that knows libosmium. Two passes: relations first, where areas are wanted, then
// nodes, ways and areas. Memory: about 8 bytes a node of the file (FlexMem), and the members of the wanted
// relations.
#include "cosmium.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <set>
#include <string>
#include <vector>

#include <osmium/area/assembler.hpp>
#include <osmium/area/multipolygon_manager.hpp>
#include <osmium/handler.hpp>
#include <osmium/handler/node_locations_for_ways.hpp>
#include <osmium/index/map/flex_mem.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/relations/relations_manager.hpp>
#include <osmium/visitor.hpp>

namespace {

using LocationIndex = osmium::index::map::FlexMem<osmium::unsigned_object_id_type, osmium::Location>;
using LocationHandler = osmium::handler::NodeLocationsForWays<LocationIndex>;
using AreaManager = osmium::area::MultipolygonManager<osmium::area::Assembler>;

// Thrown to leave libosmium when a callback has had enough.
struct Stopped {};

class Keys {
public:
    explicit Keys(const char *list) {
        while (list && *list) {
            m_keys.emplace(list);
            list += std::strlen(list) + 1;
        }
    }

    bool empty() const noexcept { return m_keys.empty(); }

    bool match(const osmium::TagList &tags) const {
        for (const auto &tag : tags) {
            if (m_keys.find(tag.key()) != m_keys.end()) {
                return true;
            }
        }
        return false;
    }

    const std::set<std::string, std::less<>> &all() const noexcept { return m_keys; }

private:
    std::set<std::string, std::less<>> m_keys;
};

cosmium_tags tags_of(const osmium::OSMObject &object) {
    const auto &tags = object.tags();
    if (tags.empty()) {
        return {nullptr, 0};
    }
    // The list's items start at its first tag's key; byte_size counts the item's own head too.
    const char *begin = tags.begin()->key();
    const char *end = reinterpret_cast<const char *>(tags.data()) + tags.byte_size();
    return {begin, static_cast<size_t>(end - begin)};
}

template <typename References>
void copy_nodes(const References &references, std::vector<cosmium_way_node> &nodes, uint64_t *missing) {
    for (const auto &reference : references) {
        cosmium_way_node node{reference.ref(), INT32_MAX, INT32_MAX};
        const auto location = reference.location();
        if (location.valid()) {
            node.latitude = location.y();
            node.longitude = location.x();
        } else if (missing) {
            ++*missing;
        }
        nodes.push_back(node);
    }
}

class Reporter : public osmium::handler::Handler {
public:
    Reporter(const Keys &nodes, const Keys &ways, const cosmium_callbacks &callbacks,
             cosmium_summary &summary)
        : m_node_keys(nodes), m_way_keys(ways), m_callbacks(callbacks), m_summary(summary) {}

    // The reader whose progress is told.
    void follow(const osmium::io::Reader &reader) { m_reader = &reader; }

    void node(const osmium::Node &node) {
        ++m_summary.nodes;
        advance();
        if (!m_callbacks.node || node.tags().empty() || !m_node_keys.match(node.tags())) {
            return;
        }
        const auto location = node.location();
        if (!location.valid()) {
            return;
        }
        check(m_callbacks.node(m_callbacks.context, node.id(), location.y(), location.x(), tags_of(node)));
    }

    void way(const osmium::Way &way) {
        ++m_summary.ways;
        advance();
        if (!m_callbacks.way || way.tags().empty() || !m_way_keys.match(way.tags())) {
            return;
        }
        m_nodes.clear();
        copy_nodes(way.nodes(), m_nodes, &m_summary.missing_nodes);
        check(m_callbacks.way(m_callbacks.context, way.id(), m_nodes.data(), m_nodes.size(), tags_of(way)));
    }

    void relation(const osmium::Relation &) { ++m_summary.relations; }

    void area(const osmium::Area &area) {
        m_nodes.clear();
        m_rings.clear();
        for (const auto &outer : area.outer_rings()) {
            add_ring(outer, 1);
            for (const auto &inner : area.inner_rings(outer)) {
                add_ring(inner, 0);
            }
        }
        if (m_rings.empty()) {
            broken(area.orig_id(), area.from_way() ? 0 : 1, area);
            return;
        }
        // The rings' nodes stand one after another; their addresses are known only now.
        const cosmium_way_node *start = m_nodes.data();
        for (auto &ring : m_rings) {
            ring.nodes = start;
            start += ring.count;
        }
        check(m_callbacks.area(m_callbacks.context, area.orig_id(), area.from_way() ? 0 : 1, m_rings.data(),
                               m_rings.size(), tags_of(area)));
    }

    void broken(int64_t id, int is_relation, const osmium::OSMObject &object) {
        if (m_callbacks.broken_area) {
            check(m_callbacks.broken_area(m_callbacks.context, id, is_relation, tags_of(object)));
        }
    }

private:
    // Tells the progress once in 65,536 things: often enough for a person, too seldom to cost anything.
    void advance() {
        if ((++m_seen & 0xffffU) == 0 && m_reader && m_callbacks.progress) {
            check(m_callbacks.progress(m_callbacks.context, m_reader->offset(), m_reader->file_size()));
        }
    }

    void add_ring(const osmium::NodeRefList &ring, int is_outer) {
        copy_nodes(ring, m_nodes, nullptr);
        m_rings.push_back({nullptr, ring.size(), is_outer});
    }

    static void check(int result) {
        if (result != 0) {
            throw Stopped{};
        }
    }

    const Keys &m_node_keys;
    const Keys &m_way_keys;
    const cosmium_callbacks &m_callbacks;
    cosmium_summary &m_summary;
    const osmium::io::Reader *m_reader = nullptr;
    uint64_t m_seen = 0;
    std::vector<cosmium_way_node> m_nodes;
    std::vector<cosmium_ring> m_rings;
};

void read_header(osmium::io::Reader &reader, cosmium_summary &summary) {
    const auto header = reader.header();
    std::snprintf(summary.generator, sizeof summary.generator, "%s", header.get("generator").c_str());
    const auto timestamp = header.get("osmosis_replication_timestamp");
    if (!timestamp.empty()) {
        try {
            summary.timestamp = static_cast<int64_t>(osmium::Timestamp{timestamp}.seconds_since_epoch());
        } catch (const std::exception &) {
            // A timestamp that is none is as good as none.
        }
    }
}

void read_all(const osmium::io::File &file, const cosmium_selection &selection,
              const cosmium_callbacks &callbacks, cosmium_summary &summary) {
    const Keys node_keys{selection.node_keys};
    const Keys way_keys{selection.way_keys};
    const Keys area_keys{selection.area_keys};
    LocationIndex index;
    LocationHandler locations{index};
    // Missing nodes are counted and reported, not an error: extracts cut ways at their edge.
    locations.ignore_errors();
    Reporter reporter{node_keys, way_keys, callbacks, summary};

    if (area_keys.empty() || !callbacks.area) {
        osmium::io::Reader reader{file};
        read_header(reader, summary);
        reporter.follow(reader);
        osmium::apply(reader, locations, reporter);
        reader.close();
        return;
    }
    osmium::TagsFilter filter{false};
    for (const auto &key : area_keys.all()) {
        filter.add_rule(true, key);
    }
    osmium::area::Assembler::config_type config;
    config.create_empty_areas = true;
    AreaManager manager{config, filter};
    osmium::relations::read_relations(file, manager);
    osmium::io::Reader reader{file};
    read_header(reader, summary);
    reporter.follow(reader);
    osmium::apply(reader, locations, reporter, manager.handler([&](osmium::memory::Buffer &&buffer) {
        for (const auto &area : buffer.select<osmium::Area>()) {
            reporter.area(area);
        }
    }));
    reader.close();
    manager.for_each_incomplete_relation([&](const osmium::relations::RelationHandle &relation) {
        reporter.broken(relation->id(), 1, *relation);
    });
}

} // namespace

extern "C" int cosmium_read(const char *path, cosmium_selection selection, cosmium_callbacks callbacks,
                            cosmium_summary *summary, char *message, size_t message_size) {
    *summary = cosmium_summary{};
    summary->timestamp = INT64_MIN;
    try {
        read_all(osmium::io::File{path, "pbf"}, selection, callbacks, *summary);
        return COSMIUM_DONE;
    } catch (const Stopped &) {
        return COSMIUM_STOPPED;
    } catch (const std::system_error &error) {
        std::snprintf(message, message_size, "%s", error.what());
        return COSMIUM_UNREADABLE;
    } catch (const std::exception &error) {
        std::snprintf(message, message_size, "%s", error.what());
        return COSMIUM_INVALID;
    } catch (...) {
        std::snprintf(message, message_size, "libosmium failed without words");
        return COSMIUM_INVALID;
    }
}
