// The yardstick of `make bench`: the bounded search of WalkNetwork again, in C++, on the same network file,
// the same origins and targets, with the same bucket queue. Prints median, 99th percentile and a checksum of the
// results, which must equal those that `walkbench search` prints.
//
//     g++ -O3 -std=c++17 bounded.cpp -o bounded && ./bounded FILE.net DUMP [WANTED]
//
// The layout of the file is in Sources/WalkNetwork/NetworkFormat.swift.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace {

struct Header {
    uint64_t magic;
    uint32_t version, sections;
    uint64_t size, checksum;
    int64_t timestamp;
    uint32_t vertices, edges, pieces, nodes;
    uint64_t spare[5];
};
struct Section {
    uint64_t offset, length;
};
struct HalfEdge {
    uint32_t target, weight, edge_and_flags;
};
struct Edge {
    uint32_t tail, head, first_point, length, flags;
};
struct Target {
    double offset, leg;
    uint32_t edge;
    int32_t next, previous;
    uint16_t kind;
};
struct VertexEntry {
    uint32_t key, vertex, next;
};
struct TargetEntry {
    double total;
    int32_t slot;
    uint32_t next;
};
struct Bucket {
    uint32_t vertices, targets;
};
struct TargetState {
    double total;
    uint32_t epoch;
};
struct Reached {
    int32_t slot;
    double metres;
};
struct Point {
    uint32_t edge;
    double offset, leg;
    uint16_t kind;
};

constexpr uint32_t kClosed = 1, kReversed = 4, kShift = 3, kOneway = 2;
constexpr uint32_t kBucketShift = 8;
constexpr double kLimit = 999, kMargin = 1e-6, kSameSpot = 1e-6;
constexpr int kRounds = 31;

struct Seeds {
    double metres[2];
    uint32_t centimetres[2], tail_key, head_key;

    Seeds(double offset, uint32_t length) {
        const double to_head = std::max(0.0, length / 100.0 - offset);
        const double tail = std::floor(offset * 100), head = std::floor(to_head * 100);
        const uint32_t tail_cm = static_cast<uint32_t>(tail), head_cm = static_cast<uint32_t>(head);
        const int later = offset * 100 - tail <= to_head * 100 - head ? 1 : 0; // the bit of the head's seed
        metres[later] = to_head;
        metres[1 - later] = offset;
        centimetres[later] = head_cm;
        centimetres[1 - later] = tail_cm;
        head_key = head_cm << 1 | static_cast<uint32_t>(later);
        tail_key = tail_cm << 1 | static_cast<uint32_t>(1 - later);
    }

    double at(uint32_t key) const {
        return metres[key & 1] + static_cast<double>((key >> 1) - centimetres[key & 1]) / 100;
    }
};

class Search {
public:
    Search(const uint8_t *file, const std::vector<Point> &targets, size_t wanted) : m_wanted(wanted) {
        std::memcpy(&m_header, file, sizeof m_header);
        const auto *sections = reinterpret_cast<const Section *>(file + sizeof m_header);
        m_offsets = reinterpret_cast<const uint32_t *>(file + sections[1].offset);
        m_halves = reinterpret_cast<const HalfEdge *>(file + sections[2].offset);
        m_edges = reinterpret_cast<const Edge *>(file + sections[3].offset);
        m_labels.assign(m_header.vertices, std::numeric_limits<uint64_t>::max());
        m_buckets.resize(1 << 13);
        m_occupied.resize((1 << 13) / 64);
        m_vertex_entries.resize(1 << 16);
        m_target_entries.resize(1 << 16);
        load(targets);
    }

    template <typename Accept>
    void reach(const Point &origin, Accept accept, std::vector<Reached> &results) {
        results.clear();
        const double budget = kLimit - origin.leg;
        if (budget < 0) {
            return;
        }
        --m_epoch;
        m_epoch_bits = static_cast<uint64_t>(m_epoch) << 32;
        m_vertex_fill = m_target_fill = 1;
        const Edge &own = m_edges[origin.edge];
        const Seeds seeds{origin.offset, own.length};
        m_last_key = (static_cast<uint32_t>(budget * 100) + 1) << 1 | 1;
        const size_t words = ((m_last_key >> kBucketShift) + 2 + 63) / 64;
        for (int32_t slot = m_first[origin.edge]; slot >= 0; slot = m_targets[slot].next) {
            const double to = m_targets[slot].offset;
            if (to >= origin.offset) {
                offer(slot, to - origin.offset, origin);
            } else if (!(own.flags & kOneway) || origin.offset - to <= kSameSpot) {
                offer(slot, origin.offset - to, origin);
            }
        }
        if (seeds.head_key <= m_last_key) {
            arrive(own.head, seeds.head_key);
        }
        if (!(own.flags & kOneway) && seeds.tail_key <= m_last_key) {
            arrive(own.tail, seeds.tail_key);
        }
        size_t word = 0;
        while (word < words) {
            const uint64_t bits = m_occupied[word];
            if (bits == 0) {
                ++word;
                continue;
            }
            const size_t number = word << 6 | static_cast<size_t>(__builtin_ctzll(bits));
            while (m_buckets[number].vertices != 0) {
                const VertexEntry entry = m_vertex_entries[m_buckets[number].vertices];
                m_buckets[number].vertices = entry.next;
                if (m_labels[entry.vertex] == (m_epoch_bits | entry.key)) {
                    expand(entry.vertex, entry.key, seeds, origin);
                }
            }
            const bool enough = finish(number, accept, results);
            m_occupied[word] &= ~(uint64_t{1} << (number & 63));
            m_buckets[number] = {0, 0};
            if (enough) {
                break;
            }
        }
        for (; word < words; ++word) {
            for (uint64_t bits = m_occupied[word]; bits != 0; bits &= bits - 1) {
                m_buckets[word << 6 | static_cast<size_t>(__builtin_ctzll(bits))] = {0, 0};
            }
            m_occupied[word] = 0;
        }
    }

private:
    void load(const std::vector<Point> &targets) {
        std::vector<size_t> order(targets.size());
        for (size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
            return targets[a].edge != targets[b].edge ? targets[a].edge < targets[b].edge
                                                      : targets[a].offset < targets[b].offset;
        });
        m_first.assign(m_header.edges, -1);
        m_targets.resize(targets.size());
        m_states.assign(targets.size(), {0, 0});
        for (size_t i = order.size(); i-- > 0;) {
            const Point &point = targets[order[i]];
            const auto slot = static_cast<int32_t>(i);
            m_targets[i] = {point.offset, point.leg, point.edge, m_first[point.edge], -1, point.kind};
            m_first[point.edge] = slot;
        }
    }

    inline void expand(uint32_t vertex, uint32_t key, const Seeds &seeds, const Point &origin) {
        for (uint32_t index = m_offsets[vertex]; index < m_offsets[vertex + 1]; ++index) {
            const HalfEdge half = m_halves[index];
            if (half.edge_and_flags & kClosed) {
                continue;
            }
            const uint32_t next = key + (half.weight << 1);
            if (next <= m_last_key) {
                arrive(half.target, next);
            }
            int32_t slot = m_first[half.edge_and_flags >> kShift];
            if (slot < 0) {
                continue;
            }
            const double metres = seeds.at(key);
            for (; slot >= 0; slot = m_targets[slot].next) {
                const double offset = m_targets[slot].offset;
                offer(slot,
                      metres + (half.edge_and_flags & kReversed ? std::max(0.0, half.weight / 100.0 - offset)
                                                                : offset),
                      origin);
            }
        }
    }

    inline void arrive(uint32_t vertex, uint32_t key) {
        const uint64_t label = m_epoch_bits | key;
        if (label >= m_labels[vertex]) {
            return;
        }
        m_labels[vertex] = label;
        if (m_vertex_fill == m_vertex_entries.size()) {
            m_vertex_entries.resize(m_vertex_entries.size() * 2);
        }
        const size_t number = key >> kBucketShift;
        m_vertex_entries[m_vertex_fill] = {key, vertex, m_buckets[number].vertices};
        m_buckets[number].vertices = m_vertex_fill++;
        m_occupied[number >> 6] |= uint64_t{1} << (number & 63);
    }

    inline void offer(int32_t slot, double network, const Point &origin) {
        const double total = (origin.leg + network) + m_targets[slot].leg;
        if (total > kLimit) {
            return;
        }
        TargetState &state = m_states[slot];
        if (state.epoch == m_epoch && state.total <= total) {
            return;
        }
        state = {total, m_epoch};
        if (m_target_fill == m_target_entries.size()) {
            m_target_entries.resize(m_target_entries.size() * 2);
        }
        const size_t number =
            static_cast<size_t>(static_cast<int64_t>((total - origin.leg + kMargin) * 200)) >> kBucketShift;
        m_target_entries[m_target_fill] = {total, slot, m_buckets[number].targets};
        m_buckets[number].targets = m_target_fill++;
        m_occupied[number >> 6] |= uint64_t{1} << (number & 63);
    }

    template <typename Accept>
    inline bool finish(size_t bucket, Accept accept, std::vector<Reached> &results) {
        m_due.clear();
        for (uint32_t i = m_buckets[bucket].targets; i != 0; i = m_target_entries[i].next) {
            const TargetEntry &entry = m_target_entries[i];
            if (m_states[entry.slot].total != entry.total) {
                continue;
            }
            const Reached reached{entry.slot, entry.total};
            size_t place = m_due.size();
            m_due.push_back(reached);
            for (; place > 0 && before(reached, m_due[place - 1]); --place) {
                m_due[place] = m_due[place - 1];
            }
            m_due[place] = reached;
        }
        for (const Reached &reached : m_due) {
            if (accept(reached)) {
                results.push_back(reached);
                if (results.size() == m_wanted) {
                    return true;
                }
            }
        }
        return false;
    }

    static bool before(const Reached &left, const Reached &right) {
        return left.metres != right.metres ? left.metres < right.metres : left.slot < right.slot;
    }

    size_t m_wanted;
    Header m_header;
    const uint32_t *m_offsets;
    const HalfEdge *m_halves;
    const Edge *m_edges;
    std::vector<uint64_t> m_labels;
    std::vector<Bucket> m_buckets;
    std::vector<uint64_t> m_occupied;
    std::vector<VertexEntry> m_vertex_entries;
    std::vector<TargetEntry> m_target_entries;
    std::vector<Target> m_targets;
    std::vector<TargetState> m_states;
    std::vector<int32_t> m_first;
    std::vector<Reached> m_due;
    uint32_t m_epoch = std::numeric_limits<uint32_t>::max();
    uint64_t m_epoch_bits = 0;
    uint32_t m_last_key = 0, m_vertex_fill = 1, m_target_fill = 1;
};

double bits(uint64_t value) {
    double result;
    std::memcpy(&result, &value, sizeof result);
    return result;
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 3 && argc != 4) {
        std::fprintf(stderr, "usage: bounded FILE.net DUMP [WANTED]\n");
        return 64;
    }
    const int descriptor = open(argv[1], O_RDONLY);
    struct stat status {};
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        std::perror(argv[1]);
        return 1;
    }
    void *memory = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ, MAP_PRIVATE | MAP_POPULATE,
                        descriptor, 0);
    FILE *dump = std::fopen(argv[2], "r");
    if (memory == MAP_FAILED || !dump) {
        std::perror(argv[2]);
        return 1;
    }
    std::vector<Point> origins, targets;
    char mark;
    unsigned edge, kind;
    unsigned long long offset, leg;
    while (std::fscanf(dump, " %c %u %llu %llu %u", &mark, &edge, &offset, &leg, &kind) == 5) {
        (mark == 'o' ? origins : targets)
            .push_back({edge, bits(offset), bits(leg), static_cast<uint16_t>(kind)});
    }
    std::fclose(dump);
    const size_t wanted = argc == 4 ? std::strtoul(argv[3], nullptr, 10) : 50;
    Search search{static_cast<const uint8_t *>(memory), targets, wanted};
    std::vector<double> best(origins.size(), std::numeric_limits<double>::infinity());
    std::vector<Reached> results;
    uint64_t checksum = 0;
    size_t found = 0;
    for (int round = 0; round < kRounds; ++round) {
        checksum = 0;
        found = 0;
        for (size_t i = 0; i < origins.size(); ++i) {
            const auto start = std::chrono::steady_clock::now();
            search.reach(origins[i], [](const Reached &) { return true; }, results);
            const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
            best[i] = std::min(best[i], time.count());
            for (const Reached &reached : results) {
                uint64_t word;
                std::memcpy(&word, &reached.metres, sizeof word);
                checksum = (checksum ^ word) * 0x9E3779B97F4A7C15ULL;
            }
            found += results.size();
        }
    }
    std::sort(best.begin(), best.end());
    std::printf("c++    median %.2f us  p99 %.2f us  found %zu  checksum %llx\n", best[best.size() / 2],
                best[best.size() * 99 / 100], found, static_cast<unsigned long long>(checksum));
    return 0;
}
