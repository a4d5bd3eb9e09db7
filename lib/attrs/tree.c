/*
 * tree -- nodes and their children.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include "base/mem.h"
#include "attrs/tree_in.h"

#define NODES_MIN 64
#define ARENA_MIN 4096
#define ARENA_MAX (256 * 1024)

char *arena_copy(struct arena_block **arena, const char *text, size_t len)
{
	struct arena_block *b = *arena;
	char *copy;

	if (!b || b->cap - b->used <= len) {
		size_t cap = b ? 2 * b->cap : ARENA_MIN;

		cap = cap > ARENA_MAX ? ARENA_MAX : cap;
		cap = cap > len ? cap : len + 1;
		b = mem_alloc(sizeof(*b) + cap);
		*b = (struct arena_block){.prev = *arena, .cap = cap};
		*arena = b;
	}
	copy = b->data + b->used;
	if (len)
		memcpy(copy, text, len);
	copy[len] = 0;
	b->used += len + 1;
	return copy;
}

/* Gives back ${key} and all that was copied after it. */
static void arena_undo(struct arena_block **arena, const char *key)
{
	uintptr_t at = (uintptr_t)key;

	for (;;) {
		struct arena_block *b = *arena;
		uintptr_t start = (uintptr_t)b->data;

		if (at >= start && at < start + b->used) {
			b->used = at - start;
			return;
		}
		*arena = b->prev;
		free(b);
	}
}

void arena_release(struct arena_block **arena)
{
	while (*arena) {
		struct arena_block *b = *arena;

		*arena = b->prev;
		free(b);
	}
}

static uint64_t random_seed(void)
{
	uint64_t seed;
	struct timespec now = {0};

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == sizeof(seed))
		return seed;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec;
}

static void hot_grow(struct tree *t)
{
	size_t cap = t->hot_cap + t->hot_cap / 2;
	struct hot *hot;

	cap = cap < NODES_MIN ? NODES_MIN : cap;
	hot = mem_aligned(64, cap * sizeof(*hot));

	if (t->nodes)
		memcpy(hot, t->hot, t->nodes * sizeof(*hot));
	free(t->hot);
	t->hot = hot;
	t->hot_cap = cap;
}

/* Can the unescaped key stand in a record as it is? */
static bool is_plain_key(const char *key, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)key[i];

		if (c < 0x20 || c == '"' || c == '\\')
			return false;
		/* a lone surrogate (str.h) was an escape */
		if (c == 0xed && i + 1 < len &&
		    (unsigned char)key[i + 1] >= 0xa0)
			return false;
	}
	return true;
}

static void set_pattern(struct hot *h, const char *key, size_t len)
{
	if (!is_plain_key(key, len))
		return;
	if (len > KEY_INLINE) {
		memcpy(h->pattern + 1, key, sizeof(h->pattern) - 1);
		h->length = sizeof(h->pattern);
		h->flags |= NODE_LONG;
		return;
	}
	if (len)
		memcpy(h->pattern + 1, key, len);
	h->pattern[len + 1] = '"';
	h->pattern[len + 2] = ':';
	h->length = (uint8_t)(len + 3);
}

static uint32_t new_node(struct tree *t, enum step_kind kind)
{
	uint32_t node = t->nodes;

	mem_grow(&t->attrs, &t->attrs_cap, node + 1ULL, sizeof(*t->attrs));
	if (node == t->hot_cap)
		hot_grow(t);
	t->hot[node] = (struct hot){.item = NODE_NONE};
	pattern_never(&t->hot[node]);
	t->attrs[node] = (struct attr){
		.parent = NODE_NONE, .kind = kind,
		.first_child = NODE_NONE, .last_child = NODE_NONE,
		.sibling = NODE_NONE, .map = NODE_NONE, .null = NODE_NONE
	};
	t->nodes++;
	return node;
}

void tree_init(struct tree *t, uint32_t max_keys, uint32_t max_attrs)
{
	*t = (struct tree){.max_keys = max_keys, .max_attrs = max_attrs};
	t->seed = random_seed();
	table_reset(t, 0);
	new_node(t, STEP_NULL);
}

void tree_release(struct tree *t)
{
	for (uint32_t i = 0; i < t->nodes; i++) {
		stats_drop(t, i);
		free(t->attrs[i].map_reason);
	}
	for (uint32_t i = 0; i < t->nsources; i++)
		free(t->sources[i]);
	free(t->sources);
	free(t->sources_sorted);
	free(t->hot);
	free(t->attrs);
	free(t->strs);
	free(t->nums);
	free(t->boxes);
	free(t->table);
	arena_release(&t->arena);
	*t = (struct tree){0};
}

uint32_t tree_find(const struct tree *t, uint32_t parent, enum step_kind kind,
		   const char *key, size_t len)
{
	switch (kind) {
	case STEP_ITEM:
		return t->hot[parent].item;
	case STEP_MAP:
		return t->attrs[parent].map;
	case STEP_NULL:
		return t->attrs[parent].null;
	case STEP_KEY:
		break;
	}
	return table_find(t, parent, key, len);
}

static void append_child(struct tree *t, uint32_t parent, uint32_t node)
{
	struct attr *p = &t->attrs[parent];

	if (p->last_child == NODE_NONE)
		p->first_child = node;
	else
		t->attrs[p->last_child].sibling = node;
	p->last_child = node;
}

/* A guess at what the fold will find (fold.c), made for every new key. */
static bool is_too_wide(const struct tree *t, uint32_t node)
{
	uint8_t flags = t->hot[node].flags;

	return flags & NODE_FOLDED || (t->max_keys && !(flags & NODE_KEPT) &&
				       t->attrs[node].keys > t->max_keys);
}

void node_link(struct tree *t, uint32_t parent, uint32_t node)
{
	struct attr *a = &t->attrs[node], *p = &t->attrs[parent];

	a->parent = parent;
	a->sibling = NODE_NONE;
	append_child(t, parent, node);
	switch (a->kind) {
	case STEP_ITEM:
		t->hot[parent].item = node;
		break;
	case STEP_MAP:
		p->map = node;
		node_set_folded(t, parent, 0);
		break;
	case STEP_NULL:
		p->null = node;
		break;
	case STEP_KEY:
		table_insert(t, node);
		p->keys++;
		if (is_too_wide(t, parent))
			t->fold_due = true;
		break;
	}
}

uint32_t tree_child(struct tree *t, uint32_t parent, enum step_kind kind,
		    const char *key, size_t len)
{
	uint32_t node = tree_find(t, parent, kind, key, len);

	if (node != NODE_NONE)
		return node;
	node = new_node(t, kind);
	if (kind == STEP_KEY) {
		struct attr *a = &t->attrs[node];

		a->key = arena_copy(&t->arena, key, len);
		a->key_len = (uint32_t)len;
		a->order = UINT32_MAX;
		t->hot[node].order = UINT16_MAX;
		set_pattern(&t->hot[node], key, len);
	}
	node_link(t, parent, node);
	return node;
}

/*
 * Cuts the children from ${nodes} on off ${parent}'s list: they are its tail,
 * because they were the last to come.
 */
static void cut_children(struct tree *t, uint32_t parent, uint32_t nodes)
{
	struct attr *p = &t->attrs[parent];
	uint32_t last = p->first_child;

	if (p->last_child == NODE_NONE || p->last_child < nodes)
		return;
	if (last >= nodes) {
		p->first_child = p->last_child = NODE_NONE;
		return;
	}
	while (t->attrs[last].sibling < nodes)
		last = t->attrs[last].sibling;
	t->attrs[last].sibling = NODE_NONE;
	p->last_child = last;
}

static void unlink_node(struct tree *t, uint32_t node, uint32_t nodes)
{
	uint32_t parent = t->attrs[node].parent;
	struct attr *p = &t->attrs[parent];

	switch (t->attrs[node].kind) {
	case STEP_ITEM:
		t->hot[parent].item = NODE_NONE;
		break;
	case STEP_MAP:
		p->map = NODE_NONE;
		break;
	case STEP_NULL:
		p->null = NODE_NONE;
		break;
	case STEP_KEY:
		p->keys--;
		table_remove(t, node);
		break;
	}
	if (parent < nodes)
		cut_children(t, parent, nodes);
}

void tree_undo(struct tree *t, uint32_t nodes)
{
	while (t->nodes > nodes) {
		uint32_t node = t->nodes - 1;

		unlink_node(t, node, nodes);
		stats_drop(t, node);
		if (t->attrs[node].kind == STEP_KEY)
			arena_undo(&t->arena, t->attrs[node].key);
		t->nodes--;
	}
}
