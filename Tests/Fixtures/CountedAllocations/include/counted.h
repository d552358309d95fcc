#pragma once

#include <stdint.h>

/// How often the process has asked for memory so far: malloc, calloc, realloc and those that align.
///
/// Whoever links this target has its functions stand before libc's, for every library of the process.
uint64_t counted_allocations(void);
