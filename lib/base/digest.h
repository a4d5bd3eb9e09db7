/*
 * digest -- hash sums that others prescribe, as lower-case hexadecimal text.
 *
 * SHA-256 names data structures in Snowplow's API (DataHub's connector and the
 * Snowplow documentation); MD5 names containers in DataHub.  Neither protects
 * anything here.  The sums are OpenSSL's: libcrypto is there already, under
 * libcurl.  Only this file includes it, and lib/snowplow/seal.c.
 *
 * Any thread.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

#define SHA256_HEX 65		/* bytes of the text, its NUL included */
#define MD5_HEX 33

/* A failure of libcrypto (no memory) ends the program, as in mem.h. */
void digest_sha256(const void *data, size_t len, char hex[SHA256_HEX]);
void digest_md5(const void *data, size_t len, char hex[MD5_HEX]);

#endif
