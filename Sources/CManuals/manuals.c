#include "manuals.h"
const attrace_manual attrace_manuals[1]; const size_t attrace_manual_count = 0;
