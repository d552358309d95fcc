// CGEOS: the C interface of GEOS (Debian libgeos-dev). May import: nothing of ours.
// GEOS_USE_ONLY_R_API leaves only the functions that take a context: they are safe in many threads.
#define GEOS_USE_ONLY_R_API
#include <geos_c.h>
