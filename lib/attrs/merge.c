/*
 * merge -- adds one tree, or a part of one, to another.
 *
 * Both trees are gone through together, without a stack: the parents lead back
 * up on both sides.  Depth is bounded by the input's alone.
 */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "attrs/tree_in.h"

static bool is_step(const struct tree *t, uint32_t node, enum step_kind kind,
		    const struct attr *like)
{
	const struct attr *a = &t->attrs[node];

	return a->kind == kind && (kind != STEP_KEY ||
		(a->key_len == like->key_len &&
		 !memcmp(a->key, like->key, a->key_len)));
}

/*
 * The node below ${dst} that ${node} is added to.  ${guess}: siblings mostly
 * stand in the same order on both sides.
 */
static uint32_t counterpart(struct tree *t, uint32_t dst,
			    const struct tree *from, uint32_t node,
			    uint32_t guess)
{
	const struct attr *a = &from->attrs[node];
	enum step_kind kind = a->kind;

	if (kind == STEP_KEY && (t->hot[dst].flags & NODE_FOLDED))
		kind = STEP_MAP;
	if (guess != NODE_NONE && is_step(t, guess, kind, a))
		return guess;
	return tree_child(t, dst, kind, a->key, a->key_len);
}

void node_merge(struct tree *t, uint32_t dst, const struct tree *from,
		uint32_t node, struct source_map *map)
{
	bool same = t->attrs[dst].kind == from->attrs[node].kind;
	uint8_t flags = from->hot[node].flags;

	node_add_mapped(t, dst, from, node, map);
	if (flags & NODE_FORCED)
		node_set_folded(t, dst, NODE_FORCED);
	if (same)
		t->hot[dst].flags |= flags & NODE_KEPT;
}

void subtree_add(struct tree *t, uint32_t dst, const struct tree *from,
		 uint32_t top, struct source_map *map)
{
	uint32_t node = from->attrs[top].first_child;
	uint32_t guess = t->attrs[dst].first_child;

	while (node != NODE_NONE) {
		uint32_t to = counterpart(t, dst, from, node, guess);

		node_merge(t, to, from, node, map);
		if (from->attrs[node].first_child != NODE_NONE) {
			node = from->attrs[node].first_child;
			dst = to;
			guess = t->attrs[to].first_child;
			continue;
		}
		guess = t->attrs[to].sibling;
		while (node != top && from->attrs[node].sibling == NODE_NONE) {
			node = from->attrs[node].parent;
			guess = t->attrs[dst].sibling;
			dst = t->attrs[dst].parent;
		}
		node = node == top ? NODE_NONE : from->attrs[node].sibling;
	}
}

static void source_map_init(struct source_map *map, const struct tree *from)
{
	map->index = mem_alloc(from->nsources * sizeof(*map->index));
	for (uint32_t i = 0; i < from->nsources; i++)
		map->index[i] = NO_SOURCE;
}

void tree_add(struct tree *t, const struct tree *from)
{
	struct source_map map;

	if (!t->extra)
		t->extra = from->extra;
	source_map_init(&map, from);
	node_merge(t, NODE_ROOT, from, NODE_ROOT, &map);
	subtree_add(t, NODE_ROOT, from, NODE_ROOT, &map);
	free(map.index);
	tree_fold_wide(t);
}
