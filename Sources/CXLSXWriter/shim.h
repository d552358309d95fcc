// CXLSXWriter: .xlsx written, through libxlsxwriter (Debian libxlsxwriter-dev). May import: nothing of ours.
#include <xlsxwriter.h>
