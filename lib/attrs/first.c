/*
 * first -- names of sources, and the place a version was first met.
 */
#include <string.h>
#include "base/mem.h"
#include "attrs/tree_in.h"

/* Where ${name} stands, or belongs, in the sorted list. */
static uint32_t source_place(const struct tree *t, const char *name,
			     bool *found)
{
	uint32_t low = 0, high = t->nsources;

	*found = false;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int c = strcmp(name, t->sources[t->sources_sorted[mid]]);

		if (!c) {
			*found = true;
			return mid;
		}
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

uint32_t tree_source(struct tree *t, const char *name)
{
	bool found;
	uint32_t n = t->nsources, at = source_place(t, name, &found);

	if (found)
		return t->sources_sorted[at];
	mem_grow(&t->sources, &t->sources_cap, n + 1ULL, sizeof(*t->sources));
	mem_grow(&t->sources_sorted, &t->sorted_cap, n + 1ULL,
		 sizeof(*t->sources_sorted));
	t->sources[n] = mem_dup(name, strlen(name));
	memmove(&t->sources_sorted[at + 1], &t->sources_sorted[at],
		(n - at) * sizeof(*t->sources_sorted));
	t->sources_sorted[at] = n;
	return t->nsources++;
}

bool first_less(const struct tree *t, const struct first *a,
		const struct first *b)
{
	int c;

	if (a->source == NO_SOURCE || b->source == NO_SOURCE)
		return a->source != NO_SOURCE && b->source == NO_SOURCE;
	if (a->source == b->source)
		return a->byte < b->byte;
	c = strcmp(t->sources[a->source], t->sources[b->source]);
	return c ? c < 0 : a->byte < b->byte;
}

void tree_each_first(struct tree *t,
		     void (*see)(void *arg, struct tree *, struct first *),
		     void *arg)
{
	for (uint32_t i = 1; i < t->nstrs; i++)
		if (t->strs[i].first.source != NO_SOURCE)
			see(arg, t, &t->strs[i].first);
	for (uint32_t i = 1; i < t->nnums; i++) {
		if (t->nums[i].i.first.source != NO_SOURCE)
			see(arg, t, &t->nums[i].i.first);
		if (t->nums[i].f.first.source != NO_SOURCE)
			see(arg, t, &t->nums[i].f.first);
	}
	for (uint32_t i = 1; i < t->nboxes; i++) {
		struct box_stat *b = &t->boxes[i];
		struct first *all[] = {
			&b->object.first, &b->array_primitive.first,
			&b->array_object.first, &b->array_array.first,
			&b->boolean.first
		};

		for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++)
			if (all[k]->source != NO_SOURCE)
				see(arg, t, all[k]);
	}
}
