/*
 * walk -- the order of attribute lines, and the steps of a node.
 */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "attrs/tree_in.h"

/* What siblings are sorted by. */
struct place {
	const char *key;
	uint32_t key_len, order;
	uint32_t rank;		/* [], {}, null, then keys */
	uint32_t node;
};

struct walk {
	uint32_t *todo;		/* a stack; the next node on top */
	size_t n, cap;
	struct place *places;	/* children of one node */
	size_t places_cap;
};

static uint32_t step_rank(enum step_kind kind)
{
	switch (kind) {
	case STEP_ITEM:
		return 0;
	case STEP_MAP:
		return 1;
	case STEP_NULL:
		return 2;
	case STEP_KEY:
		break;
	}
	return 3;
}

static int compare_places(const void *va, const void *vb)
{
	const struct place *a = va, *b = vb;
	uint32_t len = a->key_len < b->key_len ? a->key_len : b->key_len;
	int c;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	c = len ? memcmp(a->key, b->key, len) : 0;
	if (c)
		return c;
	return a->key_len < b->key_len ? -1 : a->key_len > b->key_len;
}

/* Children of ${node} with values go into places[], sorted; their number. */
static size_t sorted_children(struct walk *w, const struct tree *t,
			      uint32_t node)
{
	bool sorted = true;
	size_t n = 0;

	for (uint32_t c = t->attrs[node].first_child; c != NODE_NONE;
	     c = t->attrs[c].sibling) {
		const struct attr *a = &t->attrs[c];

		if (!tree_count(t, c))
			continue;
		mem_grow(&w->places, &w->places_cap, n + 1,
			 sizeof(*w->places));
		w->places[n] = (struct place){
			a->key, a->key_len, a->order, step_rank(a->kind), c
		};
		/* they were mostly met in this order */
		if (n && compare_places(&w->places[n - 1], &w->places[n]) > 0)
			sorted = false;
		n++;
	}
	if (!sorted)
		qsort(w->places, n, sizeof(*w->places), compare_places);
	return n;
}

static void push_children(struct walk *w, const struct tree *t, uint32_t node)
{
	size_t n = sorted_children(w, t, node);

	mem_grow(&w->todo, &w->cap, w->n + n, sizeof(*w->todo));
	while (n)
		w->todo[w->n++] = w->places[--n].node;
}

static uint64_t count_nodes(const struct tree *t)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < t->nodes; i++)
		n += !node_is_dead(t, i) && tree_count(t, i);
	return n;
}

uint64_t tree_walk(const struct tree *t,
		   void (*visit)(void *, const struct tree *, uint32_t node),
		   void *arg)
{
	struct walk w = {0};
	uint64_t visited = 0;

	if (!visit)
		return count_nodes(t);
	if (!tree_count(t, NODE_ROOT))
		return 0;
	mem_grow(&w.todo, &w.cap, 1, sizeof(*w.todo));
	w.todo[w.n++] = NODE_ROOT;
	while (w.n) {
		uint32_t node = w.todo[--w.n];

		visit(arg, t, node);
		visited++;
		push_children(&w, t, node);
	}
	free(w.todo);
	free(w.places);
	return visited;
}

size_t tree_steps(const struct tree *t, uint32_t node, struct step **steps,
		  size_t *cap)
{
	size_t depth = 0;

	for (uint32_t i = node; i != NODE_ROOT; i = t->attrs[i].parent)
		depth++;
	mem_grow(steps, cap, depth, sizeof(**steps));
	for (size_t i = depth; i-- > 0; node = t->attrs[node].parent) {
		const struct attr *a = &t->attrs[node];

		(*steps)[i] = (struct step){a->key, a->key_len, a->kind};
	}
	return depth;
}
