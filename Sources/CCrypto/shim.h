// CCrypto: digests of OpenSSL's libcrypto (Debian libssl-dev). May import: nothing of ours.
#include <openssl/evp.h>
