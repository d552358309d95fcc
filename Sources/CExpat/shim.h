// CExpat: XML, through expat (Debian libexpat1-dev). May import: nothing of ours.
#include <expat.h>
