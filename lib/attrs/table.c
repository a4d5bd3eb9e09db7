/*
 * table -- finds a node by its parent and key.
 *
 * Linear probing, at most half full.  The hash is seeded with a random number
 * of the tree's own, so that no input can be made to collide; nothing in the
 * output depends on it.
 */
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "base/mem.h"
#include "attrs/tree_in.h"

#define TABLE_MIN 64

static uint32_t key_hash(const struct tree *t, uint32_t parent,
			 const char *key, size_t len)
{
	/* 2^64 / golden ratio spreads the parents over all bits */
	uint64_t mix = (parent + 1ULL) * 0x9e3779b97f4a7c15ULL;

	return (uint32_t)XXH3_64bits_withSeed(key, len, t->seed ^ mix);
}

/*
 * The pattern in hot[] is compared where there is one: who finds a node reads
 * that line next.
 */
static bool is_key(const struct tree *t, uint32_t node, uint32_t parent,
		   const char *key, size_t len)
{
	const struct attr *a = &t->attrs[node];
	const struct hot *h = &t->hot[node];

	if (a->parent != parent || a->key_len != len)
		return false;
	if (h->length == PATTERN_NEVER || h->flags & NODE_LONG)
		return !memcmp(a->key, key, len);
	return !memcmp(h->pattern + 1, key, len);
}

uint32_t table_find(const struct tree *t, uint32_t parent, const char *key,
		    size_t len)
{
	uint32_t hash = key_hash(t, parent, key, len);

	for (uint32_t i = hash;; i++) {
		const struct tree_slot *s = &t->table[i & t->table_mask];

		if (!s->node)
			return NODE_NONE;
		if (s->hash == hash && is_key(t, s->node, parent, key, len))
			return s->node;
	}
}

static void put(struct tree *t, struct tree_slot new)
{
	uint32_t i = new.hash & t->table_mask;

	while (t->table[i].node)
		i = (i + 1) & t->table_mask;
	t->table[i] = new;
}

static void grow(struct tree *t)
{
	struct tree_slot *old = t->table;
	uint32_t slots = t->table_mask + 1;

	t->table = mem_zalloc(2 * (size_t)slots, sizeof(*old));
	t->table_mask = 2 * slots - 1;
	for (uint32_t i = 0; i < slots; i++)
		if (old[i].node)
			put(t, old[i]);
	free(old);
}

void table_insert(struct tree *t, uint32_t node)
{
	const struct attr *a = &t->attrs[node];

	if (t->table_used >= t->table_mask / 2)
		grow(t);
	put(t, (struct tree_slot){
		node, key_hash(t, a->parent, a->key, a->key_len)});
	t->table_used++;
}

/* Closes the gap at ${gap}: what was pushed past it moves back. */
static void close_gap(struct tree *t, uint32_t gap)
{
	uint32_t mask = t->table_mask;

	for (uint32_t i = (gap + 1) & mask; t->table[i].node;
	     i = (i + 1) & mask) {
		uint32_t home = t->table[i].hash & mask;

		if (((i - home) & mask) >= ((i - gap) & mask)) {
			t->table[gap] = t->table[i];
			gap = i;
		}
	}
	t->table[gap].node = 0;
}

void table_remove(struct tree *t, uint32_t node)
{
	const struct attr *a = &t->attrs[node];
	uint32_t i = key_hash(t, a->parent, a->key, a->key_len);

	i &= t->table_mask;
	while (t->table[i].node != node)
		i = (i + 1) & t->table_mask;
	close_gap(t, i);
	t->table_used--;
}

void table_reset(struct tree *t, uint32_t keys)
{
	uint32_t slots = TABLE_MIN;

	while (slots / 2 < keys)
		slots *= 2;
	free(t->table);
	t->table = mem_zalloc(slots, sizeof(*t->table));
	t->table_mask = slots - 1;
	t->table_used = 0;
}
