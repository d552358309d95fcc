// CCurl: HTTP and HTTPS, through libcurl (Debian libcurl4-openssl-dev). May import: nothing of ours.
#include <curl/curl.h>

// Swift calls no function whose arguments vary: one for each kind of argument. The brackets pass libcurl's macros by,
// which want constant options.

static inline CURLcode quarter_curl_set_number(CURL *handle, CURLoption option, long value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode quarter_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode quarter_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode quarter_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return (curl_easy_setopt)(handle, option, value);
}

typedef size_t (*quarter_curl_taker)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode quarter_curl_set_taker(CURL *handle, CURLoption option, quarter_curl_taker taker) {
    return (curl_easy_setopt)(handle, option, taker);
}

static inline CURLcode quarter_curl_get_number(CURL *handle, CURLINFO info, long *value) {
    return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode quarter_curl_get_text(CURL *handle, CURLINFO info, char **value) {
    return (curl_easy_getinfo)(handle, info, value);
}
