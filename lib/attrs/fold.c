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

void tree_force(struct tree *t, uint32_t node)
{
	node_set_folded(t, node, NODE_FORCED);
}

/*
 * More than max_keys keys that have values?  Those without may get some, and
 * then no new node tells: the fold stays due.
 */
static bool is_wide(struct tree *t, uint32_t node)
{
	const struct attr *a = &t->attrs[node];
	uint32_t n = 0;

	if (!t->max_keys || a->keys <= t->max_keys ||
	    (t->hot[node].flags & NODE_KEPT))
		return false;
	for (uint32_t c = a->first_child; c != NODE_NONE;
	     c = t->attrs[c].sibling)
		n += t->attrs[c].kind == STEP_KEY && tree_count(t, c);
	if (n <= t->max_keys)
		t->fold_due = true;
	return n > t->max_keys;
}

/*
 * One node becomes part of another of the same tree.  What the other does not
 * have is not copied: it changes its parent, with all that is below.  So each
 * step takes a node away, and the whole costs no more than there are nodes.
 *
 * Nodes that wait to be absorbed hang on a list by .sibling; .parent is the
 * node that they will be absorbed by.
 */
struct waiting {
	struct tree *t;
	uint32_t first;
};

/* Out of the table, before its parent or kind changes. */
static void detach(struct tree *t, uint32_t node)
{
	if (t->attrs[node].kind == STEP_KEY)
		table_remove(t, node);
}

/* ${node}, which had a key, stands for any key from now on. */
static void become_map(struct tree *t, uint32_t node)
{
	struct attr *a = &t->attrs[node];
	struct hot *h = &t->hot[node];

	a->kind = STEP_MAP;
	a->key = NULL;
	a->key_len = a->order = 0;
	pattern_never(h);
	h->order = 0;
	h->flags &= (uint8_t)~NODE_KEPT;
}

/* ${node} was detached.  It becomes a child of ${dst} or waits for its like. */
static void give(struct waiting *w, uint32_t dst, uint32_t node)
{
	struct tree *t = w->t;
	struct attr *a = &t->attrs[node];
	enum step_kind kind = a->kind;
	uint32_t like;

	if (kind == STEP_KEY && (t->hot[dst].flags & NODE_FOLDED))
		kind = STEP_MAP;
	like = tree_find(t, dst, kind, a->key, a->key_len);
	if (like == NODE_NONE) {
		if (kind != a->kind)
			become_map(t, node);
		t->hot[node].next = 0;
		node_link(t, dst, node);
	} else {
		a->parent = like;
		a->sibling = w->first;
		w->first = node;
	}
}

static void bury(struct tree *t, uint32_t node)
{
	struct attr *a = &t->attrs[node];
	struct hot *h = &t->hot[node];

	stats_drop(t, node);
	free(a->map_reason);
	*a = (struct attr){
		.parent = NODE_NONE, .first_child = NODE_NONE,
		.last_child = NODE_NONE, .sibling = NODE_NONE,
		.map = NODE_NONE, .null = NODE_NONE
	};
	*h = (struct hot){.item = NODE_NONE};
	pattern_never(h);
	t->dead++;
}

static void absorb(struct waiting *w)
{
	struct tree *t = w->t;
	uint32_t node = w->first, to = t->attrs[node].parent, next;

	w->first = t->attrs[node].sibling;
	node_merge(t, to, t, node, NULL);
	for (uint32_t c = t->attrs[node].first_child; c != NODE_NONE;
	     c = next) {
		next = t->attrs[c].sibling;
		detach(t, c);
		give(w, to, c);
	}
	bury(t, node);
}

static void fold_node(struct tree *t, uint32_t node)
{
	struct attr *a = &t->attrs[node];
	struct waiting w = {t, NODE_NONE};
	uint32_t next, c = a->first_child;

	node_set_folded(t, node, 0);
	t->hot[node].child = 0;
	a->first_child = a->last_child = NODE_NONE;
	a->keys = 0;
	for (; c != NODE_NONE; c = next) {
		next = t->attrs[c].sibling;
		detach(t, c);
		if (t->attrs[c].kind == STEP_KEY)
			give(&w, node, c);
		else
			node_link(t, node, c);
	}
	while (w.first != NODE_NONE)
		absorb(&w);
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
	if (t->fold_due) {
		t->fold_due = false;
		fold_down(t, NODE_ROOT);
	}
	if (t->dead)
		tree_compact(t);
}
