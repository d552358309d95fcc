// SandboxProbe: does one thing that a sandbox should deny, and says whether it could.
// Depends on libc alone, so that it runs on a machine without a toolchain.
//
//   SandboxProbe NAME [ARG]
//   SandboxProbe -              probes from standard input, "NAME [ARG]" a line, each in a process of its own
//
// Prints `NAME ARG: done`, `NAME ARG: denied (why)` or, of a child, `NAME ARG: killed (signal name)`, and ends
// with 0 when it was done, 1 when it was denied, 2 for a name that is not known.
//
// What needs a privilege that the caller has in neither case is asked with arguments that the kernel refuses
// before it looks at privileges: "done" then means that the call reached the kernel, "denied" that something
// stood before it.

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Each probe returns 0 when it was done, -1 with errno when it was denied.

static int denied(int error) {
    errno = error;
    return -1;
}

// The call reached the kernel unless it was refused as a matter of permission.
static int reached(long result) {
    return result >= 0 || (errno != EPERM && errno != EACCES && errno != ENOSYS) ? 0 : -1;
}

// --- files

static int read_file(const char *path) {
    char byte;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    return read(fd, &byte, 1) == 1 ? 0 : -1;
}

static int write_file(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0) return -1;
    return write(fd, "x", 1) == 1 ? 0 : -1;
}

static int list_folder(const char *path) {
    DIR *folder = opendir(path);
    if (folder == NULL) return -1;
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) return 0;
    return denied(ENOENT);
}

static int create_suid(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    if (fd < 0) return -1;
    int result = fchmod(fd, 04755), error = errno;
    unlink(path);
    return result == 0 ? 0 : denied(error);
}

static int make_node(const char *path) {
    if (mknod(path, S_IFCHR | 0666, 5 | 1 << 8) != 0) return -1;
    unlink(path);
    return 0;
}

static int change_owner(const char *path) { return chown(path, 1, 1); }

// --- programs

static int execute(const char *program) {
    pid_t child = fork();
    if (child == 0) {
        execl(program, program, (char *)NULL);
        _exit(errno == EACCES ? 126 : 127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) return -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 126) return denied(EACCES);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : denied(ENOEXEC);
}

// Writes a program into FOLDER and runs it: done when it ran.
static int run_copy(const char *folder) {
    char path[300], block[65536];
    ssize_t count;
    snprintf(path, sizeof path, "%s/probe-program", folder);
    int from = open("/bin/true", O_RDONLY | O_CLOEXEC), to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    if (from < 0 || to < 0) return -1;
    while ((count = read(from, block, sizeof block)) > 0)
        if (write(to, block, (size_t)count) != count) return -1;
    close(to);
    int result = execute(path), error = errno;
    unlink(path);
    errno = error;
    return result;
}

// PROGRAM is a set-uid copy of id(1): done when it runs as another user.
static int execute_setuid(const char *program) {
    int ends[2];
    char text[32] = "";
    if (pipe(ends) != 0) return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        execl(program, program, "-u", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    ssize_t count = read(ends[0], text, sizeof text - 1);
    waitpid(child, NULL, 0);
    if (count <= 0) return denied(ENOEXEC);
    return (uid_t)atol(text) != geteuid() ? 0 : denied(EPERM);
}

static int map_code(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0;
}

static int map_writable_and_executable(const char *none) {
    (void)none;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0) == MAP_FAILED ? -1 : 0;
}

static int make_executable(const char *none) {
    (void)none;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? -1 : mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static int foreign_architecture(const char *none) {
    (void)none;
#ifdef __x86_64__
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory", "cc", "r8", "r9", "r10", "r11");
    return result > 0 ? 0 : denied((int)-result);
#else
    return denied(ENOSYS);
#endif
}

// --- the network

static int open_socket(int family, int type, int protocol) {
    return socket(family, type | SOCK_CLOEXEC, protocol) < 0 ? -1 : 0;
}

static int socket_inet(const char *none) { return (void)none, open_socket(AF_INET, SOCK_STREAM, 0); }
static int socket_inet_datagram(const char *none) { return (void)none, open_socket(AF_INET, SOCK_DGRAM, 0); }
static int socket_inet6(const char *none) { return (void)none, open_socket(AF_INET6, SOCK_STREAM, 0); }
static int socket_netlink(const char *none) { return (void)none, open_socket(AF_NETLINK, SOCK_RAW, 0); }
static int socket_packet(const char *none) { return (void)none, open_socket(AF_PACKET, SOCK_RAW, 0); }

static int connect_tcp(const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    return connect(fd, (struct sockaddr *)&address, sizeof address);
}

// --- other processes, and the machine

static int list_processes(const char *none) {
    (void)none;
    DIR *folder = opendir("/proc");
    if (folder == NULL) return -1;
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        char path[300];
        struct stat status;
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
        snprintf(path, sizeof path, "/proc/%s", entry->d_name);
        if (stat(path, &status) == 0 && status.st_uid != geteuid()) return 0;
    }
    return denied(ESRCH);
}

static int kill_process(const char *id) { return kill(atoi(id), 0); }
static int trace(const char *none) { return (void)none, ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? 0 : -1; }
static int change_personality(const char *none) { return (void)none, personality(PER_LINUX32) < 0 ? -1 : 0; }
static int session_keyring(const char *none) {
    return (void)none, syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 1) < 0 ? -1 : 0;
}
static int read_kernel_log(const char *none) { return (void)none, klogctl(10, NULL, 0) < 0 ? -1 : 0; }
static int user_namespace(const char *none) { return (void)none, unshare(CLONE_NEWUSER); }
static int mount_namespace(const char *none) { return (void)none, unshare(CLONE_NEWNS); }
static int name_namespace(const char *none) { return (void)none, unshare(CLONE_NEWUTS); }
static int bounding_set(const char *none) {
    (void)none;
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1) return 0;
    return denied(EPERM);
}
static int gain_privileges(const char *none) {
    return (void)none, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 ? 0 : denied(EPERM);
}

static int realtime(const char *none) {
    (void)none;
    struct sched_param parameter = {.sched_priority = 1};
    return sched_setscheduler(0, SCHED_FIFO, &parameter);
}

static int shared_memory(const char *id) { return shmat(atoi(id), NULL, SHM_RDONLY) == (void *)-1 ? -1 : 0; }
static int lock_memory(const char *none) {
    static char page[4096];
    return (void)none, mlock(page, 1);
}
static int change_user(const char *none) { return (void)none, setresuid(65534, 65534, 65534); }
static int change_groups(const char *none) { return (void)none, setgroups(0, NULL); }

static int set_hostname(const char *none) {
    (void)none;
    char name[256];
    return gethostname(name, sizeof name) == 0 ? sethostname(name, strlen(name)) : -1;
}

static int mount_folder(const char *path) {
    if (mount("probe", path, "tmpfs", 0, "size=4k") != 0) return -1;
    umount2(path, MNT_DETACH);
    return 0;
}

static int change_root(const char *path) { return chroot(path); }

// --- calls that should not even reach the kernel

static int call_mount(const char *none) { return (void)none, reached(syscall(SYS_mount, 0, 0, 0, 0, 0)); }
static int call_umount(const char *none) { return (void)none, reached(umount2("/nowhere", 0)); }
static int call_chroot(const char *none) { return (void)none, reached(chroot("/nowhere")); }
static int call_setns(const char *none) { return (void)none, reached(setns(-1, 0)); }
static int call_clock(const char *none) {
    return (void)none, reached(syscall(SYS_clock_settime, CLOCK_REALTIME, (void *)NULL));
}
static int call_perf(const char *none) {
    return (void)none, reached(syscall(SYS_perf_event_open, (void *)NULL, 0, 0, -1, 0L));
}
static int call_userfaultfd(const char *none) { return (void)none, reached(syscall(SYS_userfaultfd, 1)); }
static int call_process_memory(const char *none) {
    return (void)none, reached(syscall(SYS_process_vm_readv, getpid(), NULL, 0L, NULL, 0L, 0L));
}
static int call_swapoff(const char *none) { return (void)none, reached(swapoff("/nowhere")); }
static int call_reboot(const char *none) { return (void)none, reached(syscall(SYS_reboot, 0, 0, 0, NULL)); }
static int call_ports(const char *none) {
#ifdef __x86_64__
    return (void)none, reached(syscall(SYS_iopl, 4));
#else
    return (void)none, denied(ENOSYS);
#endif
}
static int call_module(const char *none) {
    return (void)none, reached(syscall(SYS_init_module, (void *)NULL, 0L, (char *)NULL));
}

static const struct probe {
    const char *name;
    int (*run)(const char *argument);
} probes[] = {
    {"read", read_file}, {"write", write_file}, {"list", list_folder}, {"create-suid", create_suid},
    {"mknod", make_node}, {"chown", change_owner}, {"exec", execute}, {"run-copy", run_copy},
    {"setuid-exec", execute_setuid}, {"map-code", map_code}, {"mmap-wx", map_writable_and_executable},
    {"mprotect-x", make_executable}, {"foreign-architecture", foreign_architecture},
    {"socket-inet", socket_inet}, {"socket-inet-datagram", socket_inet_datagram},
    {"socket-inet6", socket_inet6}, {"socket-netlink", socket_netlink}, {"socket-packet", socket_packet},
    {"connect-tcp", connect_tcp}, {"list-proc", list_processes}, {"kill", kill_process}, {"ptrace", trace},
    {"personality", change_personality}, {"keyctl", session_keyring}, {"kernel-log", read_kernel_log},
    {"userns", user_namespace}, {"mount-namespace", mount_namespace}, {"uts-namespace", name_namespace},
    {"bounding-set", bounding_set}, {"new-privileges", gain_privileges}, {"realtime", realtime},
    {"shared-memory", shared_memory}, {"mlock", lock_memory}, {"setuid", change_user},
    {"setgroups", change_groups}, {"set-hostname", set_hostname}, {"mount", mount_folder},
    {"chroot", change_root}, {"syscall-mount", call_mount}, {"syscall-umount", call_umount},
    {"syscall-chroot", call_chroot}, {"syscall-setns", call_setns}, {"syscall-clock", call_clock},
    {"syscall-perf", call_perf}, {"syscall-userfaultfd", call_userfaultfd},
    {"syscall-process-memory", call_process_memory}, {"syscall-swapoff", call_swapoff},
    {"syscall-reboot", call_reboot}, {"syscall-ports", call_ports}, {"syscall-module", call_module},
};

static int run(const char *name, const char *argument) {
    for (size_t index = 0; index < sizeof probes / sizeof *probes; index++) {
        if (strcmp(probes[index].name, name) != 0) continue;
        errno = 0;
        int result = probes[index].run(argument);
        printf("%s%s%s: ", name, *argument ? " " : "", argument);
        if (result == 0) printf("done\n"); else printf("denied (%s)\n", strerror(errno));
        fflush(stdout);
        return result == 0 ? 0 : 1;
    }
    fprintf(stderr, "SandboxProbe: no probe is called “%s”\n", name);
    return 2;
}

// Each line's probe in a child: a forbidden call may end the process, and what one changes is not the next
// one's.
static int run_lines(void) {
    char line[512];
    int worst = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#') continue;
        char *argument = strchr(line, ' ');
        if (argument != NULL) *argument++ = '\0'; else argument = line + strlen(line);
        pid_t child = fork();
        if (child == 0) _exit(run(line, argument));
        int status = 0;
        if (child < 0 || waitpid(child, &status, 0) < 0) {
            perror("SandboxProbe: a child");
            return 2;
        }
        if (WIFSIGNALED(status)) {
            const char *signal = strsignal(WTERMSIG(status));
            printf("%s%s%s: killed (%s)\n", line, *argument ? " " : "", argument, signal);
            fflush(stdout);
        }
        if (WIFEXITED(status) && WEXITSTATUS(status) == 2) worst = 2;
    }
    return worst;
}

int main(int count, char **words) {
    if (count == 2 && strcmp(words[1], "-") == 0) return run_lines();
    if (count < 2 || count > 3) {
        fprintf(stderr, "usage: SandboxProbe NAME [ARG]\n       SandboxProbe -\n");
        return 2;
    }
    return run(words[1], count == 3 ? words[2] : "");
}
