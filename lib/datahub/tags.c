/*
 * tags -- a sorted list: there are as many as there are authors and versions.
 */
#include "datahub/tags.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/urn.h"

void tags_add(struct tags *t, struct span name)
{
	size_t from = 0, to = t->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = span_compare(name, t->items[mid]);

		if (!order)
			return;
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	mem_grow(&t->items, &t->cap, t->n + 1, sizeof(*t->items));
	memmove(&t->items[from + 1], &t->items[from],
		(t->n++ - from) * sizeof(*t->items));
	t->items[from] = (struct span){
		pool_dup(&t->pool, name.s, name.len), name.len
	};
}

void tags_release(struct tags *t)
{
	free(t->items);
	pool_release(&t->pool);
	*t = (struct tags){0};
}
