/*
 * heap -- things in the order of two numbers.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "snowplow/heap.h"

static bool before(const struct heap_item *a, const struct heap_item *b)
{
	return a->first != b->first ? a->first < b->first
				    : a->second < b->second;
}

void heap_push(struct heap *h, uint64_t first, uint64_t second, void *what)
{
	struct heap_item item = { first, second, what };
	size_t i = h->n, up;

	mem_grow(&h->items, &h->cap, h->n + 1, sizeof(*h->items));
	h->n++;
	for (; i; i = up) {
		up = (i - 1) / 2;
		if (!before(&item, &h->items[up]))
			break;
		h->items[i] = h->items[up];
	}
	h->items[i] = item;
}

void *heap_pop(struct heap *h)
{
	struct heap_item last;
	size_t i = 0, down;
	void *what;

	if (!h->n)
		return NULL;
	what = h->items[0].what;
	last = h->items[--h->n];
	for (; (down = 2 * i + 1) < h->n; i = down) {
		if (down + 1 < h->n &&
		    before(&h->items[down + 1], &h->items[down]))
			down++;
		if (!before(&h->items[down], &last))
			break;
		h->items[i] = h->items[down];
	}
	h->items[i] = last;
	return what;
}

void heap_release(struct heap *h)
{
	free(h->items);
	*h = (struct heap){0};
}
