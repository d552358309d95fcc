// Asks a server over a Unix socket as fast as it answers, the same for each of three protocols, so that only servers
// differ: HTTP/1.1 with keep-alive, Varlink (JSON framed by NUL), and RESP (Redis). Prints answers a second, the median
// and the 99th percentile of the latency in microseconds, and the mean bytes of an answer, with tabs between.
//
//     g++ -O3 -std=c++17 load.cpp -o load
//     load http|varlink|resp SOCKET REQUESTS CONNECTIONS DEPTH SECONDS
//     load http|varlink|resp SOCKET REQUESTS keep FILE     each request once; the answers, each after a line with its length
//
// REQUESTS has one request a line, without its framing: "GET /v1/profiles", a JSON object, or "PING" and its words. Each
// connection keeps DEPTH requests on their way, and takes the lines in turn.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kWarmUpSeconds = 0.3;
constexpr size_t kReadBytes = 1 << 16;

[[noreturn]] void fail(const std::string &what) {
    std::fprintf(stderr, "load: %s\n", what.c_str());
    std::exit(1);
}

enum class Protocol { http, varlink, resp };

Protocol protocol_named(const std::string &name) {
    if (name == "http") {
        return Protocol::http;
    }
    if (name == "varlink") {
        return Protocol::varlink;
    }
    if (name == "resp") {
        return Protocol::resp;
    }
    fail("there is no protocol " + name);
}

std::string framed(Protocol protocol, const std::string &line) {
    if (protocol == Protocol::http) {
        return line + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }
    if (protocol == Protocol::varlink) {
        return line + '\0';
    }
    std::istringstream words{line};
    std::string word, body;
    size_t count = 0;
    while (words >> word) {
        body += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
        ++count;
    }
    return "*" + std::to_string(count) + "\r\n" + body;
}

constexpr size_t kIncomplete = 0;

// The length of the HTTP answer at the start of `text`; one that is not 200 ends the run.
size_t http_length(std::string_view text, bool has_body) {
    const size_t end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return kIncomplete;
    }
    std::string head{text.substr(0, end)};
    if (head.compare(0, 12, "HTTP/1.1 200") != 0) {
        fail(std::string{text.substr(0, 400)});
    }
    std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
    const size_t field = head.find("\r\ncontent-length:");
    if (field == std::string::npos) {
        fail("an HTTP answer without its length");
    }
    const size_t body = has_body ? std::strtoul(head.c_str() + field + 17, nullptr, 10) : 0;
    const size_t length = end + 4 + body;
    return text.size() < length ? kIncomplete : length;
}

size_t varlink_length(std::string_view text) {
    const size_t end = text.find('\0');
    if (end == std::string_view::npos) {
        return kIncomplete;
    }
    if (text.compare(0, 9, "{\"error\":") == 0) {
        fail(std::string{text.substr(0, std::min<size_t>(end, 400))});
    }
    return end + 1;
}

size_t resp_length(std::string_view text) {
    const size_t end = text.find("\r\n");
    if (end == std::string_view::npos) {
        return kIncomplete;
    }
    const char kind = text[0];
    if (kind == '-') {
        fail(std::string{text.substr(0, end)});
    }
    size_t length = end + 2;
    if (kind == '+' || kind == ':') {
        return length;
    }
    const long count = std::strtol(text.data() + 1, nullptr, 10);
    if (kind == '$') {
        length += count < 0 ? 0 : static_cast<size_t>(count) + 2;
        return text.size() < length ? kIncomplete : length;
    }
    for (long index = 0; index < count; ++index) {
        const size_t part = resp_length(text.substr(length));
        if (part == kIncomplete) {
            return kIncomplete;
        }
        length += part;
    }
    return length;
}

struct Request {
    std::string bytes;
    bool has_body;
};

class Connection {
public:
    Connection(Protocol protocol, const std::string &path) : m_protocol(protocol) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (path.size() >= sizeof address.sun_path) {
            fail("the path of the socket is too long: " + path);
        }
        std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
        m_descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (m_descriptor < 0 || connect(m_descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) {
            fail(path + ": " + std::strerror(errno));
        }
        fcntl(m_descriptor, F_SETFL, O_NONBLOCK);
    }

    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection() { close(m_descriptor); }

    int descriptor() const { return m_descriptor; }

    void ask(const Request &request) {
        m_output += request.bytes;
        m_waiting.push_back({Clock::now(), request.has_body});
    }

    // Writes what can be written without waiting; false where some is left.
    bool flush() {
        while (!m_output.empty()) {
            const ssize_t count = send(m_descriptor, m_output.data(), m_output.size(), MSG_NOSIGNAL);
            if (count < 0) {
                if (errno == EAGAIN) {
                    return false;
                }
                fail(std::string{"sending: "} + std::strerror(errno));
            }
            m_output.erase(0, static_cast<size_t>(count));
        }
        return true;
    }

    // Reads what is there, and calls `take(answer, microseconds)` for each whole answer.
    template <typename Take>
    void receive(Take take) {
        // Only grown: clearing what is read over costs more than to read it, and the server's caches besides.
        if (m_input.size() < m_filled + kReadBytes) {
            m_input.resize(m_filled + kReadBytes);
        }
        const ssize_t count = recv(m_descriptor, m_input.data() + m_filled, kReadBytes, 0);
        if (count == 0 || (count < 0 && errno != EAGAIN)) {
            fail("the server hung up");
        }
        m_filled += count > 0 ? static_cast<size_t>(count) : 0;
        size_t start = 0;
        while (start < m_filled && !m_waiting.empty()) {
            const std::string_view rest = std::string_view{m_input}.substr(start, m_filled - start);
            const size_t length = this->length(rest, m_waiting.front().has_body);
            if (length == kIncomplete) {
                break;
            }
            const std::chrono::duration<double, std::micro> time = Clock::now() - m_waiting.front().sent;
            m_waiting.pop_front();
            start += length;
            take(rest.substr(0, length), time.count());
        }
        m_filled -= start;
        std::memmove(m_input.data(), m_input.data() + start, m_filled);
    }

private:
    struct Waiting {
        Clock::time_point sent;
        bool has_body;
    };

    size_t length(std::string_view text, bool has_body) const {
        switch (m_protocol) {
        case Protocol::http:
            return http_length(text, has_body);
        case Protocol::varlink:
            return varlink_length(text);
        default:
            return resp_length(text);
        }
    }

    Protocol m_protocol;
    int m_descriptor = -1;
    std::string m_input, m_output;
    // Bytes of `m_input` that were received and not taken.
    size_t m_filled = 0;
    std::deque<Waiting> m_waiting;
};

std::vector<Request> read_requests(Protocol protocol, const std::string &path) {
    std::ifstream file{path};
    std::vector<Request> requests;
    for (std::string line; std::getline(file, line);) {
        requests.push_back({framed(protocol, line), line.compare(0, 5, "HEAD ") != 0});
    }
    if (requests.empty()) {
        fail(path + " has no requests");
    }
    return requests;
}

void keep(Protocol protocol, const std::string &path, const std::vector<Request> &requests,
          const std::string &kept) {
    Connection connection{protocol, path};
    fcntl(connection.descriptor(), F_SETFL, 0);
    std::ofstream file{kept, std::ios::binary};
    for (const Request &request : requests) {
        connection.ask(request);
        connection.flush();
        for (bool is_there = false; !is_there;) {
            connection.receive([&](std::string_view answer, double) {
                file << answer.size() << '\n' << answer;
                is_there = true;
            });
        }
    }
}

void measure(Protocol protocol, const std::string &path, const std::vector<Request> &requests, size_t count,
             size_t depth, double seconds) {
    const int poll = epoll_create1(EPOLL_CLOEXEC);
    std::deque<Connection> connections;
    size_t next = 0;
    const auto ask = [&](Connection &connection) {
        connection.ask(requests[next]);
        next = (next + 1) % requests.size();
    };
    const auto await = [&](Connection &connection, int operation) {
        epoll_event event{};
        event.events = EPOLLIN | (connection.flush() ? 0u : static_cast<uint32_t>(EPOLLOUT));
        event.data.ptr = &connection;
        epoll_ctl(poll, operation, connection.descriptor(), &event);
    };
    for (size_t index = 0; index < count; ++index) {
        Connection &connection = connections.emplace_back(protocol, path);
        for (size_t request = 0; request < depth; ++request) {
            ask(connection);
        }
        await(connection, EPOLL_CTL_ADD);
    }
    std::vector<double> times;
    size_t bytes = 0;
    const auto start = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                          std::chrono::duration<double>(kWarmUpSeconds));
    const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    std::vector<epoll_event> events(count);
    bool is_blocked = false;
    while (Clock::now() < end) {
        const int ready = epoll_wait(poll, events.data(), static_cast<int>(events.size()), 1000);
        if (ready == 0) {
            fail("no answer for a second");
        }
        const bool counts = Clock::now() >= start;
        for (int index = 0; index < ready; ++index) {
            Connection &connection = *static_cast<Connection *>(events[static_cast<size_t>(index)].data.ptr);
            if (events[static_cast<size_t>(index)].events & EPOLLIN) {
                connection.receive([&](std::string_view answer, double time) {
                    if (counts) {
                        times.push_back(time);
                        bytes += answer.size();
                    }
                    ask(connection);
                });
            }
            // Only what does not go out at once, or has gone out at last, is worth a call.
            if (!connection.flush() || is_blocked) {
                is_blocked = true;
                await(connection, EPOLL_CTL_MOD);
            }
        }
    }
    close(poll);
    if (times.empty()) {
        fail("no answers");
    }
    std::sort(times.begin(), times.end());
    std::printf("%.0f\t%.2f\t%.2f\t%zu\n", static_cast<double>(times.size()) / seconds, times[times.size() / 2],
                times[times.size() * 99 / 100], bytes / times.size());
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 6 && argc != 7) {
        std::fprintf(stderr, "usage: load http|varlink|resp SOCKET REQUESTS CONNECTIONS DEPTH SECONDS\n"
                             "       load http|varlink|resp SOCKET REQUESTS keep FILE\n");
        return 64;
    }
    const Protocol protocol = protocol_named(argv[1]);
    const std::vector<Request> requests = read_requests(protocol, argv[3]);
    if (std::string{argv[4]} == "keep") {
        keep(protocol, argv[2], requests, argv[5]);
        return 0;
    }
    const size_t connections = std::strtoul(argv[4], nullptr, 10), depth = std::strtoul(argv[5], nullptr, 10);
    if (argc != 7 || connections == 0 || depth == 0) {
        fail("at least one connection and one request on its way");
    }
    measure(protocol, argv[2], requests, connections, depth, std::strtod(argv[6], nullptr));
    return 0;
}
