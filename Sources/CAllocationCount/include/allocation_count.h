#ifndef ATTRACE_ALLOCATION_COUNT_H
#define ATTRACE_ALLOCATION_COUNT_H
#include <stdint.h>

/* How many blocks this process has asked for so far: malloc, calloc, realloc and the aligned ones. */
uint64_t attrace_allocations(void);
#endif
