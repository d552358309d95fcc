// CArchive: ZIP containers, through libarchive (Debian libarchive-dev). May import: nothing of ours.
#include <archive.h>
#include <archive_entry.h>
