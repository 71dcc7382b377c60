#include <sqlite3.h>

// The library copies the text: SQLITE_TRANSIENT is a cast that Swift does not import.
static inline int attrace_bind_text(sqlite3_stmt *statement, int at, const char *text, int count) {
  return sqlite3_bind_text(statement, at, text, count, SQLITE_TRANSIENT);
}
