// HangingCalls: makes real hangs in the real daemon, which has no hook for it: a library for LD_PRELOAD that
// stands before two functions. Depends on libc alone.
//
//   /run/quarter-test/hang-engine   the next pthread_rwlock_rdlock of the daemon's own code takes that very
//                                   lock for writing, and never lets go: with the engine's a true deadlock
//   /run/quarter-test/hang-store    every sqlite3_step waits for ever, as on a disk that does not answer
//
// Such a file holds the number of the process that is to hang: the one that is started in its place does not.
// Whatever else is called goes to the real function.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static uintptr_t code_begin, code_end;

// The first object is the program itself: its code is the daemon's, without libc's and the runtime's.
static int find_code(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size;
    (void)unused;
    for (int index = 0; index < info->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[index];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0) continue;
        code_begin = info->dlpi_addr + segment->p_vaddr;
        code_end = code_begin + segment->p_memsz;
    }
    return 1;
}

__attribute__((constructor)) static void start(void) { dl_iterate_phdr(find_code, NULL); }

static bool shall_hang(const char *path) {
    if (access(path, R_OK) != 0) return false;
    char text[16] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    ssize_t count = read(fd, text, sizeof text - 1);
    close(fd);
    return count > 0 && atol(text) == (long)getpid();
}

__attribute__((noreturn)) static void hang(void) {
    for (;;) pause();
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock) {
    static int (*real)(pthread_rwlock_t *);
    uintptr_t caller = (uintptr_t)__builtin_return_address(0);
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "pthread_rwlock_rdlock");
    if (caller >= code_begin && caller < code_end && shall_hang("/run/quarter-test/hang-engine")) {
        pthread_rwlock_wrlock(lock);
        hang();
    }
    return real(lock);
}

int sqlite3_step(void *statement) {
    static int (*real)(void *);
    if (shall_hang("/run/quarter-test/hang-store")) hang();
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "sqlite3_step");
    return real(statement);
}
