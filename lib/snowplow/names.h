/*
 * names -- a set of texts that numbers them in the order they come.
 *
 * For schemas by "vendor/name/format/version" and data structures by hash.
 * Memory: the texts, and 12 to 28 bytes for each.  One thread.
 */
#ifndef SNOWPLOW_NAMES_H
#define SNOWPLOW_NAMES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/pool.h"
#include "json/value.h"

struct nameset {
	struct pool pool;
	struct span *items;	/* in order; .s has a NUL behind it */
	uint32_t *slots;	/* index + 1; 0: free */
	size_t n, cap, nslots;
};

/* {0} is an empty set. */
void nameset_release(struct nameset *);

/* The number of ${name}; ${*added} (may be NULL) says whether it is new. */
uint32_t nameset_add(struct nameset *, const char *name, size_t len,
		     bool *added);

/* As nameset_add(); -1 where it is not there. */
int64_t nameset_find(const struct nameset *, const char *name, size_t len);

#endif
