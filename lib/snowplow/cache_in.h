/*
 * cache_in -- what the two halves of the cache share: the form of a file.
 *
 * struct cache_form, the key, the ETag, the body.  Numbers in the machine's
 * own order: the folder is not for carrying around, and a file of another
 * order has another magic number.
 */
#ifndef SNOWPLOW_CACHE_IN_H
#define SNOWPLOW_CACHE_IN_H

#include <stdint.h>
#include "snowplow/cache.h"

#define CACHE_MAGIC UINT64_C(0x31656863616b7370)	/* "pskache1" */

struct cache_form {
	uint64_t magic;
	uint32_t key_len, etag_len;
	uint64_t body_len;
	uint64_t sum;		/* XXH3-64 of the body */
};

struct cache {
	char *folder;
	uint64_t lost, serial;
};

/* FOLDER/ab/cdef...; ${sub}: the folder alone. */
char *cache_path(const struct cache *, const struct buf *key, bool sub);

#endif
