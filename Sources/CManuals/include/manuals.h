#ifndef ATTRACE_MANUALS_H
#define ATTRACE_MANUALS_H
#include <stddef.h>

/* One file of a profile, embedded in the program. */
typedef struct {
  const char *profile;
  const char *file;
  const unsigned char *bytes;
  size_t count;
} attrace_manual;

extern const attrace_manual attrace_manuals[];
extern const size_t attrace_manual_count;

/* For each set of rules, what of a session keeps and breaks each of them. */
extern const attrace_manual attrace_excerpts[];
extern const size_t attrace_excerpt_count;
static inline const attrace_manual *attrace_excerpt_at(size_t index) { return &attrace_excerpts[index]; }

/* The file at an index below attrace_manual_count. */
static inline const attrace_manual *attrace_manual_at(size_t index) { return &attrace_manuals[index]; }
#endif
