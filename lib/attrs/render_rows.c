/*
 * render_rows -- which attributes a tree on a terminal shows.
 */
#include <stdlib.h>
#include "base/mem.h"
#include "attrs/render_rows.h"

struct kid {
	uint64_t key;		/* greater ones first */
	uint32_t index;
};

static int by_key(const void *va, const void *vb)
{
	const struct kid *a = va, *b = vb;

	if (a->key != b->key)
		return a->key > b->key ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static uint64_t sort_key(const struct view *v, uint32_t i, int sort)
{
	struct facts f;

	if (sort == SORT_ORDER)
		return 0;
	view_facts(v, i, &f);
	return sort == SORT_BYTES ? f.bytes :
		share_of(f.present, f.objects, 1ULL << 40);
}

/* Candidates: with --polymorphic those that are, and what they are in. */
static unsigned char *candidates(const struct view *v, bool polymorphic)
{
	unsigned char *is = mem_alloc(v->n + 1UL);
	struct facts f;

	for (uint32_t i = 0; i < v->n; i++) {
		view_facts(v, i, &f);
		is[i] = !polymorphic || facts_polymorphic(&f);
	}
	for (uint32_t i = v->n; i-- > 1;)
		is[v->nodes[i].parent] |= is[i];
	return is;
}

/* The candidates among the children of ${i}, sorted, to the end of kids[]. */
static uint32_t list_kids(struct rows *r, uint32_t i, uint32_t at,
			  const unsigned char *is, int sort)
{
	const struct view *v = r->view;
	struct kid *kids = NULL;
	size_t n = 0, cap = 0;

	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end) {
		if (!is[c])
			continue;
		mem_grow(&kids, &cap, n + 1, sizeof(*kids));
		kids[n++] = (struct kid){sort_key(v, c, sort), c};
	}
	if (n)
		qsort(kids, n, sizeof(*kids), by_key);
	r->first[i] = at;
	r->count[i] = (uint32_t)n;
	for (size_t k = 0; k < n; k++)
		r->kids[at++] = kids[k].index;
	free(kids);
	return at;
}

static void list_all(struct rows *r, const struct render_opts *o)
{
	const struct view *v = r->view;
	unsigned char *is = candidates(v, o->polymorphic);
	uint32_t at = 0;

	for (uint32_t i = 0; i < v->n; i++)
		at = list_kids(r, i, at, is, o->sort);
	for (uint32_t i = v->n; i-- > 1;)
		if (is[i])
			r->below[v->nodes[i].parent] += r->below[i] + 1;
	free(is);
}

/* How many children of ${i} are to be shown when ${left} lines are. */
static uint32_t opened(const struct rows *r, uint32_t i, uint64_t left,
		       const struct render_opts *o, bool fold)
{
	uint32_t n = r->count[i];

	if (r->view->nodes[i].depth - r->view->nodes[r->root].depth >= o->depth)
		return 0;
	if (!fold)
		return n;
	if (n > ROWS_WIDE)
		n = ROWS_SOME;
	if (i == r->root)
		return n < left ? n : (uint32_t)left;
	return n <= left ? n : 0;
}

void rows_make(struct rows *r, const struct view *v, uint32_t root,
	       const struct render_opts *o)
{
	uint64_t limit = o->rows == SIZE_UNSET ? ROWS_DEFAULT : o->rows;
	uint32_t *queue = mem_alloc((v->n + 1UL) * sizeof(*queue));
	uint32_t head = 0, tail = 0;
	uint64_t used = 1;
	bool fold;

	*r = (struct rows){.view = v, .root = root};
	r->first = mem_zalloc(v->n + 1UL, sizeof(uint32_t));
	r->count = mem_zalloc(v->n + 1UL, sizeof(uint32_t));
	r->shown = mem_zalloc(v->n + 1UL, sizeof(uint32_t));
	r->kids = mem_zalloc(v->n + 1UL, sizeof(uint32_t));
	r->below = mem_zalloc(v->n + 1UL, sizeof(uint32_t));
	list_all(r, o);
	fold = limit && r->below[root] + 1ULL > limit;
	queue[tail++] = root;
	while (head < tail) {
		uint32_t i = queue[head++];
		uint32_t n = opened(r, i, limit > used ? limit - used : 0, o,
				    fold);

		r->shown[i] = n;
		used += n;
		r->places += n < r->count[i];
		for (uint32_t k = 0; k < n; k++)
			queue[tail++] = r->kids[r->first[i] + k];
	}
	r->folded = r->below[root] + 1ULL - used;
	free(queue);
}

void rows_release(struct rows *r)
{
	free(r->first);
	free(r->count);
	free(r->shown);
	free(r->kids);
	free(r->below);
	*r = (struct rows){0};
}
