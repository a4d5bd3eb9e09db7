/*
 * heap -- things in the order of two numbers, the smallest first.
 */
#ifndef SNOWPLOW_HEAP_H
#define SNOWPLOW_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap_item {
	uint64_t first, second;
	void *what;
};

struct heap {
	struct heap_item *items;
	size_t n, cap;
};

void heap_push(struct heap *, uint64_t first, uint64_t second, void *what);

/* The smallest, which stays; NULL where there is none. */
static inline const struct heap_item *heap_top(const struct heap *h)
{
	return h->n ? &h->items[0] : NULL;
}

/* Takes the smallest; NULL where there is none. */
void *heap_pop(struct heap *);
void heap_release(struct heap *);

#endif
