/*
 * fold -- many keys become one {} step.
 *
 * Sums, minima and unions do not care whether keys were added up before or
 * after a merge, and a node that is folded on one side is folded in the sum:
 * so the outcome is that of one scan, however the records were dealt out.
 *
 * While a fold goes on, a node may be marked NODE_FOLDED and still have keys:
 * something folded was added to it.  Nodes are folded from the top down, and
 * marks are only made below, so that one pass finds them all.
 */
#include <stdlib.h>
#include "attrs/tree_in.h"

void node_set_folded(struct tree *t, uint32_t node, uint8_t more)
{
	t->hot[node].flags |= (uint8_t)(NODE_FOLDED | more);
	if (t->attrs[node].keys)
		t->fold_due = true;
}

/* More than max_keys keys that have values? */
static bool is_wide(const struct tree *t, uint32_t node)
{
	const struct attr *a = &t->attrs[node];
	uint32_t n = 0;

	if (!t->max_keys || a->keys <= t->max_keys ||
	    (t->hot[node].flags & NODE_KEPT))
		return false;
	for (uint32_t c = a->first_child; c != NODE_NONE;
	     c = t->attrs[c].sibling)
		n += t->attrs[c].kind == STEP_KEY && tree_count(t, c);
	return n > t->max_keys;
}

static void bury(struct tree *t, uint32_t node)
{
	struct attr *a = &t->attrs[node];
	struct hot *h = &t->hot[node];

	if (a->kind == STEP_KEY)
		table_remove(t, node);
	stats_drop(t, node);
	free(a->map_reason);
	a->map_reason = NULL;
	a->parent = NODE_NONE;
	h->length = 0;
	h->next = h->child = NODE_NONE;
	t->dead++;
}

/* Buries a node and all below, the lowest first. */
static void bury_subtree(struct tree *t, uint32_t top)
{
	uint32_t node = top, parent;

	for (;;) {
		uint32_t child = t->attrs[node].first_child;

		if (child != NODE_NONE) {
			t->attrs[node].first_child = t->attrs[child].sibling;
			node = child;
			continue;
		}
		parent = t->attrs[node].parent;
		bury(t, node);
		if (node == top)
			return;
		node = parent;
	}
}

/* Takes the keys of ${node} out of its list; the rest stays in order. */
static void bury_keys(struct tree *t, uint32_t node)
{
	struct attr *p = &t->attrs[node];
	uint32_t next, *link = &p->first_child;

	p->last_child = NODE_NONE;
	for (uint32_t c = p->first_child; c != NODE_NONE; c = next) {
		next = t->attrs[c].sibling;
		if (t->attrs[c].kind == STEP_KEY) {
			bury_subtree(t, c);
			continue;
		}
		*link = p->last_child = c;
		link = &t->attrs[c].sibling;
	}
	*link = NODE_NONE;
	p->keys = 0;
	t->hot[node].child = NODE_NONE;
}

static void fold_node(struct tree *t, uint32_t node)
{
	uint32_t map, next;

	node_set_folded(t, node, 0);
	if (!t->attrs[node].keys)
		return;
	map = tree_child(t, node, STEP_MAP, NULL, 0);
	for (uint32_t c = t->attrs[node].first_child; c != NODE_NONE;
	     c = next) {
		next = t->attrs[c].sibling;
		if (t->attrs[c].kind != STEP_KEY)
			continue;
		node_merge(t, map, t, c, NULL);
		subtree_add(t, map, t, c, NULL);
	}
	bury_keys(t, node);
}

/* Folds what is due at ${top} and below. */
static void fold_down(struct tree *t, uint32_t top)
{
	uint32_t node = top;

	for (;;) {
		if ((t->hot[node].flags & NODE_FOLDED ? t->attrs[node].keys > 0
						      : is_wide(t, node)))
			fold_node(t, node);
		if (t->attrs[node].first_child != NODE_NONE) {
			node = t->attrs[node].first_child;
			continue;
		}
		while (node != top && t->attrs[node].sibling == NODE_NONE)
			node = t->attrs[node].parent;
		if (node == top)
			return;
		node = t->attrs[node].sibling;
	}
}

void tree_fold(struct tree *t, uint32_t node)
{
	fold_node(t, node);
	fold_down(t, node);
}

void tree_fold_wide(struct tree *t)
{
	if (t->fold_due)
		fold_down(t, NODE_ROOT);
	t->fold_due = false;
	if (t->dead)
		tree_compact(t);
}
