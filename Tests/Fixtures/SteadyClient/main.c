// SteadyClient: asks a daemon at a steady rate, and counts what became of every single request.
// Depends on libc alone, so that it runs on a machine without a toolchain.
//
//   SteadyClient SOCKET RATE SECONDS PATH [keepalive]
//
// SOCKET is a Unix socket's path or HOST:PORT with a numeric host. `GET PATH` is asked RATE times a second
// for SECONDS seconds, or until SIGTERM. The schedule is open: request n is due at start + n / RATE, whatever
// became of the earlier ones, so a stalled answer holds back no other request. One thread with epoll keeps any
// number of requests under way; each may take 30 s.
//
// Without `keepalive` every request has a connection of its own. With it, connections are kept, and the client
// does what every HTTP client does (RFC 9112, 9.3.1): where a *reused* connection is closed before the first
// byte of an answer, it asks once more, on a fresh connection.
//
// Prints one line of JSON:
//   asked         requests that were due
//   answered      whole answers with status 200
//   other_status  whole answers with another status: {"503": 2}
//   refused       the connection was refused: ECONNREFUSED or ENOENT
//   failed        the connection broke before a whole answer, the answer was none, or 30 s went by
//   retried       requests asked once more, see above
//   reused        requests sent on a connection that had served before
//   longest_ms p50_ms p99_ms   from the moment a request was due to its whole answer; whole answers only
//   failures      of the first 1000 refused or failed: start and end in ms since 1970, and why
// Exit status: 0 when the line was printed, whatever it says; 2 for a wrong command line.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_LIMIT = 16384, LISTED_FAILURES = 1000, STATUS_LIMIT = 600 };
static const double PATIENCE = 30.0;          // seconds for one request
static const double CONNECT_AGAIN = 0.002;    // seconds until a full backlog is tried again

enum state { WAITING_TO_CONNECT, CONNECTING, SENDING, RECEIVING, IDLE };

struct connection {
    int fd;
    enum state state;
    bool reused;       // has served a request before
    bool retry;        // is the second attempt of its request
    bool keep;         // may serve another request after this one
    double due;        // monotonic: when the request was due
    double again;      // monotonic: when to try to connect again
    size_t sent;       // bytes of the request that are out
    size_t got;        // bytes of the answer that are in
    size_t head;       // length of the head with its empty line; 0 until it is in
    long long body;    // Content-Length; -1 for "until the end of the connection"
    int status;
    char text[HEAD_LIMIT];
    struct connection *next, *previous;
};

struct failure {
    double start, end;
    char why[80];
};

static struct sockaddr_storage address;
static socklen_t address_length;
static int family;
static char request[4096];
static size_t request_length;
static bool keepalive;
static int poller;
static struct connection *connections;    // every one, in no order
static volatile sig_atomic_t stopped;

static long long asked, answered, refused, failed, retried, reused, open_requests;
static long long other_status[STATUS_LIMIT];
static float *latencies;
static size_t latency_count, latency_room;
static struct failure failures[LISTED_FAILURES];
static size_t failure_count;

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void on_signal(int number) {
    (void)number;
    stopped = 1;
}

static void *checked(void *memory) {
    if (memory == NULL) {
        perror("SteadyClient: memory");
        exit(1);
    }
    return memory;
}

static bool parse_address(const char *text) {
    if (strchr(text, '/') != NULL) {
        struct sockaddr_un *unix_address = (struct sockaddr_un *)&address;
        if (strlen(text) >= sizeof unix_address->sun_path) return false;
        unix_address->sun_family = family = AF_UNIX;
        strcpy(unix_address->sun_path, text);
        address_length = sizeof *unix_address;
        return true;
    }
    struct sockaddr_in *internet = (struct sockaddr_in *)&address;
    char host[64];
    const char *colon = strrchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof host) return false;
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    internet->sin_family = family = AF_INET;
    internet->sin_port = htons((uint16_t)atoi(colon + 1));
    address_length = sizeof *internet;
    return inet_pton(AF_INET, host, &internet->sin_addr) == 1;
}

// --- what became of a request

static void drop(struct connection *it) {
    if (it->fd >= 0) close(it->fd);
    if (it->previous != NULL) it->previous->next = it->next; else connections = it->next;
    if (it->next != NULL) it->next->previous = it->previous;
    free(it);
}

static void count_failure(const struct connection *it, const char *why) {
    if (failure_count < LISTED_FAILURES) {
        double end = now(CLOCK_REALTIME);
        struct failure *one = &failures[failure_count++];
        one->end = end;
        one->start = end - (now(CLOCK_MONOTONIC) - it->due);
        snprintf(one->why, sizeof one->why, "%s", why);
    }
}

static void begin(double due, bool retry);

// The request of `it` ends without an answer.
static void broken(struct connection *it, const char *why, int error) {
    char words[80];
    bool was_reused = it->reused && it->got == 0 && !it->retry && error != ETIMEDOUT;
    double due = it->due;
    if (was_reused) {
        drop(it);
        retried++;
        begin(due, true);
        return;
    }
    snprintf(words, sizeof words, "%s%s%s", why, error ? ": " : "", error ? strerror(error) : "");
    if (it->state <= CONNECTING && (error == ECONNREFUSED || error == ENOENT)) refused++; else failed++;
    count_failure(it, words);
    open_requests--;
    drop(it);
}

static void complete(struct connection *it) {
    if (it->status == 200) answered++; else other_status[it->status]++;
    if (latency_count == latency_room) {
        latency_room = latency_room ? latency_room * 2 : 4096;
        latencies = checked(realloc(latencies, latency_room * sizeof *latencies));
    }
    latencies[latency_count++] = (float)((now(CLOCK_MONOTONIC) - it->due) * 1e3);
    open_requests--;
    if (!keepalive || !it->keep) {
        drop(it);
        return;
    }
    it->state = IDLE;
    it->reused = true;
    it->got = 0;
}

// --- a connection's steps; each returns false when the connection is gone or at rest

static void watch(struct connection *it, uint32_t events, int operation) {
    struct epoll_event event = {.events = events, .data.ptr = it};
    if (epoll_ctl(poller, operation, it->fd, &event) != 0) {
        perror("SteadyClient: epoll_ctl");
        exit(1);
    }
}

// Looks for the end of the head, and reads what decides about the body.
static const char *read_head(struct connection *it) {
    char *end = memmem(it->text, it->got, "\r\n\r\n", 4);
    if (end == NULL) return it->got == HEAD_LIMIT ? "a head over 16 KiB" : NULL;
    it->head = (size_t)(end - it->text) + 4;
    end[2] = '\0';
    if (sscanf(it->text, "HTTP/1.%*1[01] %3d", &it->status) != 1 || it->status < 100
        || it->status >= STATUS_LIMIT)
        return "no HTTP answer";
    it->body = -1;
    it->keep = true;
    for (char *line = strstr(it->text, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "content-length:", 15) == 0) it->body = atoll(line + 17);
        if (strncasecmp(line + 2, "connection: close", 17) == 0) it->keep = false;
        if (strncasecmp(line + 2, "transfer-encoding:", 18) == 0) return "an answer in chunks";
    }
    return NULL;
}

static void receive(struct connection *it) {
    static char rest[65536];
    for (;;) {
        bool in_head = it->head == 0;
        ssize_t count = in_head ? recv(it->fd, it->text + it->got, HEAD_LIMIT - it->got, 0)
                                : recv(it->fd, rest, sizeof rest, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) return;
        if (count < 0) {
            broken(it, "receiving", errno);
            return;
        }
        if (count == 0) {
            if (it->head > 0 && it->body < 0) {
                it->keep = false;
                complete(it);
                return;
            }
            broken(it, it->got ? "closed in the middle of an answer" : "closed without an answer", 0);
            return;
        }
        it->got += (size_t)count;
        if (in_head) {
            const char *fault = read_head(it);
            if (fault != NULL) {
                broken(it, fault, 0);
                return;
            }
        }
        if (it->head > 0 && it->body >= 0 && it->got >= it->head + (size_t)it->body) {
            complete(it);
            return;
        }
    }
}

static void send_request(struct connection *it) {
    while (it->sent < request_length) {
        ssize_t count = send(it->fd, request + it->sent, request_length - it->sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) return;
        // An answer may lie there all the same: one that was sent before the request was read.
        if (count < 0) break;
        it->sent += (size_t)count;
    }
    it->state = RECEIVING;
    watch(it, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_MOD);
    receive(it);
}

static void connect_it(struct connection *it) {
    if (it->fd < 0) {
        it->fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (it->fd < 0) {
            broken(it, "socket", errno);
            return;
        }
    }
    if (connect(it->fd, (struct sockaddr *)&address, address_length) != 0) {
        if (errno == EAGAIN) {
            // A Unix socket's backlog is full: where a blocking client would wait, this one comes back.
            it->state = WAITING_TO_CONNECT;
            it->again = now(CLOCK_MONOTONIC) + CONNECT_AGAIN;
            return;
        }
        if (errno != EINPROGRESS) {
            it->state = CONNECTING;
            broken(it, "connecting", errno);
            return;
        }
        it->state = CONNECTING;
        watch(it, EPOLLOUT, EPOLL_CTL_ADD);
        return;
    }
    it->state = SENDING;
    watch(it, EPOLLOUT, EPOLL_CTL_ADD);
    send_request(it);
}

static void go_on(struct connection *it) {
    if (it->state == CONNECTING) {
        int error = 0;
        socklen_t length = sizeof error;
        getsockopt(it->fd, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error != 0) {
            broken(it, "connecting", error);
            return;
        }
        it->state = SENDING;
    }
    if (it->state == SENDING) {
        send_request(it);
        return;
    }
    if (it->state == RECEIVING) {
        receive(it);
        return;
    }
    drop(it);    // an idle connection that the daemon closed
}

// Starts a request that was due at `due`; a retry has a fresh connection.
static void begin(double due, bool retry) {
    struct connection *it = NULL;
    if (keepalive && !retry) {
        for (it = connections; it != NULL && it->state != IDLE; it = it->next) {}
    }
    if (it == NULL) {
        it = checked(calloc(1, sizeof *it));
        it->fd = -1;
        it->next = connections;
        if (connections != NULL) connections->previous = it;
        connections = it;
    }
    it->due = due;
    it->retry = retry;
    it->sent = it->got = it->head = 0;
    if (it->reused) {
        reused++;
        it->state = SENDING;
        send_request(it);
    } else {
        connect_it(it);
    }
}

// --- the schedule

// Gives up what has taken too long, and tries full backlogs again; returns when that is needed next.
static double look_after(double time) {
    double next = time + 1;
    struct connection *following;
    for (struct connection *it = connections; it != NULL; it = following) {
        following = it->next;
        if (it->state == IDLE) continue;
        if (time - it->due > PATIENCE) {
            broken(it, "no whole answer within 30 s", ETIMEDOUT);
        } else if (it->state == WAITING_TO_CONNECT) {
            if (it->again <= time) connect_it(it); else if (it->again < next) next = it->again;
        }
    }
    return next;
}

static void run(double rate, double seconds) {
    double start = now(CLOCK_MONOTONIC), look = start;
    long long total = (long long)(rate * seconds);
    while ((asked < total && !stopped) || open_requests > 0) {
        double time = now(CLOCK_MONOTONIC), due = start + (double)asked / rate;
        while (asked < total && !stopped && due <= time) {
            asked++;
            open_requests++;
            begin(due, false);
            due = start + (double)asked / rate;
        }
        if (look <= time) look = look_after(time);
        // Nothing runs backwards: a request that begins now and finds the backlog full is looked after soon.
        if (look > time + CONNECT_AGAIN) look = time + CONNECT_AGAIN;
        double until = asked < total && !stopped && due < look ? due : look;
        struct timespec pause = {0, 0};
        double wait = until - now(CLOCK_MONOTONIC);
        if (wait > 0) pause.tv_nsec = (long)(wait * 1e9);
        struct epoll_event event;
        // One at a time: what follows an event may take a connection away that a later event names.
        while (epoll_pwait2(poller, &event, 1, &pause, NULL) > 0) {
            go_on(event.data.ptr);
            pause.tv_nsec = 0;
            if (asked < total && start + (double)asked / rate <= now(CLOCK_MONOTONIC)) break;
        }
    }
}

static int by_size(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

// The smallest latency that a share of all stay at or below.
static double quantile(double share) {
    if (latency_count == 0) return 0;
    size_t index = (size_t)(share * (double)(latency_count - 1) + 0.5);
    return latencies[index];
}

static void report(void) {
    if (latency_count > 0) qsort(latencies, latency_count, sizeof *latencies, by_size);
    printf("{\"asked\":%lld,\"answered\":%lld,\"other_status\":{", asked, answered);
    const char *comma = "";
    for (int status = 0; status < STATUS_LIMIT; status++) {
        if (other_status[status] == 0) continue;
        printf("%s\"%d\":%lld", comma, status, other_status[status]);
        comma = ",";
    }
    printf("},\"refused\":%lld,\"failed\":%lld,\"retried\":%lld,\"reused\":%lld", refused, failed, retried,
        reused);
    printf(",\"longest_ms\":%.1f,\"p50_ms\":%.2f,\"p99_ms\":%.2f", quantile(1), quantile(0.5),
        quantile(0.99));
    printf(",\"failures\":[");
    for (size_t index = 0; index < failure_count; index++) {
        struct failure *one = &failures[index];
        printf("%s{\"start\":%.1f,\"end\":%.1f,\"why\":\"%s\"}", index ? "," : "", one->start * 1e3,
            one->end * 1e3, one->why);
    }
    printf("]}\n");
}

int main(int count, char **words) {
    double rate = count > 2 ? atof(words[2]) : 0, seconds = count > 3 ? atof(words[3]) : 0;
    keepalive = count == 6 && strcmp(words[5], "keepalive") == 0;
    if (count < 5 || count > 6 || (count == 6 && !keepalive) || !(rate > 0) || !(seconds > 0)
        || !parse_address(words[1])) {
        fprintf(stderr, "usage: SteadyClient SOCKET|HOST:PORT RATE SECONDS PATH [keepalive]\n");
        return 2;
    }
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", words[4],
        family == AF_UNIX ? "localhost" : words[1], keepalive ? "" : "Connection: close\r\n");
    if (length < 0 || (size_t)length >= sizeof request) {
        fprintf(stderr, "SteadyClient: the path is too long\n");
        return 2;
    }
    request_length = (size_t)length;

    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    struct sigaction stop = {.sa_handler = on_signal};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    // Who started this may have had them blocked.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0) {
        perror("SteadyClient: epoll");
        return 1;
    }
    run(rate, seconds);
    report();
    return 0;
}
