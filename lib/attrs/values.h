/*
 * values -- each different value with its count, while there are few.
 *
 * Zeroed memory is an empty one.  Once there are more than ${limit} different
 * values, or one is over VALUES_TEXT_MAX bytes, all that is kept is that there
 * were "more".  Memory: at most ${limit} texts.
 */
#ifndef ATTRS_VALUES_H
#define ATTRS_VALUES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"

#define VALUES_TEXT_MAX 256

struct values {
	struct value_slot *slots;	/* open addressing; owned */
	uint32_t used, mask;		/* mask + 1 slots, if any */
	bool more;
};

void values_release(struct values *);

/* ${hash} is XXH3-64, seed 0, of the text. */
void values_observe(struct values *, uint32_t limit, const char *text,
		    size_t len, uint64_t hash, uint64_t count);
void values_add(struct values *, uint32_t limit, const struct values *from);

/* The object, or "more" with quotes. */
void values_write(struct buf *, const struct values *);
/* Adds what values_write() wrote (valid JSON); -1: it did not write that. */
int values_read(struct values *, uint32_t limit, const char *text,
		size_t len);

#endif
