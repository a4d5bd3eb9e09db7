/*
 * names -- a set of texts that numbers them in the order they come.
 *
 * Open addressing with linear probes; at most half of the slots are taken.
 */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/mem.h"
#include "snowplow/names.h"

enum { MIN_SLOTS = 64 };

void nameset_release(struct nameset *s)
{
	pool_release(&s->pool);
	free(s->items);
	free(s->slots);
	*s = (struct nameset){0};
}

/* The slot of ${name}, or the free one where it would go. */
static size_t slot_of(const struct nameset *s, const char *name, size_t len)
{
	size_t mask = s->nslots - 1, i = XXH3_64bits(name, len) & mask;

	for (; s->slots[i]; i = (i + 1) & mask) {
		const struct span *item = &s->items[s->slots[i] - 1];

		if (item->len == len && !memcmp(item->s, name, len))
			break;
	}
	return i;
}

static void grow(struct nameset *s)
{
	size_t nslots = s->nslots ? 2 * s->nslots : MIN_SLOTS;

	free(s->slots);
	s->slots = mem_zalloc(nslots, sizeof(*s->slots));
	s->nslots = nslots;
	for (size_t i = 0; i < s->n; i++)
		s->slots[slot_of(s, s->items[i].s, s->items[i].len)] =
			(uint32_t)i + 1;
}

uint32_t nameset_add(struct nameset *s, const char *name, size_t len,
		     bool *added)
{
	size_t i;
	bool new;

	if (2 * (s->n + 1) > s->nslots)
		grow(s);
	i = slot_of(s, name, len);
	new = !s->slots[i];
	if (new) {
		mem_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
		s->items[s->n].s = pool_dup(&s->pool, name, len);
		s->items[s->n].len = len;
		s->slots[i] = (uint32_t)++s->n;
	}
	if (added)
		*added = new;
	return s->slots[i] - 1;
}

int64_t nameset_find(const struct nameset *s, const char *name, size_t len)
{
	if (!s->nslots)
		return -1;
	return (int64_t)s->slots[slot_of(s, name, len)] - 1;
}
