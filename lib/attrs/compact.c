/*
 * compact -- a tree without the nodes that were folded away.
 *
 * Everything is copied into new arrays of the right size, because the point of
 * it is to give memory back.  Nodes keep their order.
 */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "attrs/tree_in.h"

/* New numbers by old ones; NODE_NONE for the dead. */
static uint32_t *number_nodes(const struct tree *t)
{
	uint32_t *number = mem_alloc(t->nodes * sizeof(*number));
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->nodes; i++)
		number[i] = node_is_dead(t, i) ? NODE_NONE : n++;
	return number;
}

static void renumber(uint32_t *node, const uint32_t *number)
{
	if (*node != NODE_NONE)
		*node = number[*node];
}

static void copy_attr(struct attr *to, const struct attr *from,
		      const uint32_t *number, struct arena_block **arena)
{
	*to = *from;
	renumber(&to->parent, number);
	renumber(&to->first_child, number);
	renumber(&to->last_child, number);
	renumber(&to->sibling, number);
	renumber(&to->map, number);
	renumber(&to->null, number);
	if (to->kind == STEP_KEY)
		to->key = arena_copy(arena, from->key, from->key_len);
}

static void copy_nodes(struct tree *t, const uint32_t *number)
{
	size_t live = t->nodes - t->dead;
	struct attr *attrs = mem_alloc(live * sizeof(*attrs));
	struct hot *hot = mem_aligned(64, live * sizeof(*hot));
	struct arena_block *arena = NULL;

	for (uint32_t i = 0; i < t->nodes; i++) {
		uint32_t n = number[i];

		if (n == NODE_NONE)
			continue;
		copy_attr(&attrs[n], &t->attrs[i], number, &arena);
		hot[n] = t->hot[i];
		renumber(&hot[n].item, number);
		hot[n].next = hot[n].child = 0;
	}
	free(t->attrs);
	free(t->hot);
	arena_release(&t->arena);
	t->attrs = attrs;
	t->hot = hot;
	t->arena = arena;
	t->nodes = (uint32_t)live;
	t->attrs_cap = t->hot_cap = live;
	t->dead = 0;
}

static void enter_keys(struct tree *t)
{
	table_reset(t, t->table_used);
	for (uint32_t i = 1; i < t->nodes; i++)
		if (t->attrs[i].kind == STEP_KEY)
			table_insert(t, i);
}

enum block { BLOCK_STR, BLOCK_NUM, BLOCK_BOX };

static uint32_t *block_index(struct hot *h, enum block kind)
{
	switch (kind) {
	case BLOCK_STR:
		return &h->str;
	case BLOCK_NUM:
		return &h->num;
	case BLOCK_BOX:
		break;
	}
	return &h->box;
}

/*
 * Copies the blocks of one kind that nodes have; those that no node has own
 * nothing.  Frees ${old}; returns the new array, ${*n} of its ${*cap} used.
 */
static void *move_blocks(struct tree *t, enum block kind, void *old,
			 size_t size, uint32_t *n, size_t *cap)
{
	char *new;

	*cap = 1;
	*n = 1;
	for (uint32_t i = 0; i < t->nodes; i++)
		*cap += *block_index(&t->hot[i], kind) != 0;
	new = mem_zalloc(*cap, size);
	for (uint32_t i = 0; i < t->nodes; i++) {
		uint32_t *index = block_index(&t->hot[i], kind);

		if (!*index)
			continue;
		memcpy(new + *n * size, (char *)old + *index * size, size);
		*index = (*n)++;
	}
	free(old);
	return new;
}

void tree_compact(struct tree *t)
{
	uint32_t *number = number_nodes(t);

	copy_nodes(t, number);
	free(number);
	enter_keys(t);
	t->strs = move_blocks(t, BLOCK_STR, t->strs, sizeof(*t->strs),
			      &t->nstrs, &t->strs_cap);
	t->nums = move_blocks(t, BLOCK_NUM, t->nums, sizeof(*t->nums),
			      &t->nnums, &t->nums_cap);
	t->boxes = move_blocks(t, BLOCK_BOX, t->boxes, sizeof(*t->boxes),
			       &t->nboxes, &t->boxes_cap);
}
