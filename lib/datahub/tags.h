/*
 * tags -- the set of tags that proposals refer to.
 */
#ifndef DATAHUB_TAGS_H
#define DATAHUB_TAGS_H

#include "base/pool.h"
#include "json/value.h"

struct tags {
	struct pool pool;
	struct span *items;	/* by bytes */
	size_t n, cap;
};

void tags_add(struct tags *, struct span name);
void tags_release(struct tags *);

#endif
