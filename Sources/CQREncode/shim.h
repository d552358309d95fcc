// CQREncode: QR codes, through libqrencode (Debian libqrencode-dev). May import: nothing of ours.
#include <qrencode.h>
