// The streaming SHA-256 functions are marked as deprecated in favour of an interface that allocates.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
