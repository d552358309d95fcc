// CCrypto: digests and message codes of OpenSSL's libcrypto (Debian libssl-dev). May import: nothing of ours.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
