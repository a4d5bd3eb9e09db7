/*
 * cap_order -- cutting in the order in which things are written.
 */
#include "datahub/cap_plan_in.h"

#include <stdlib.h>

#include "base/mem.h"

/* Python's size of one more group, and its edges. */
struct group {
	uint64_t size, ups, downs, edges;
	bool partial;		/* some of its fields are dropped already */
};

static struct group measure(const struct links *l, const struct fgl *f)
{
	struct group g = {.size = f->fixed + 2};

	for (uint32_t k = f->up; k < f->up + f->nup; k++) {
		if (!keeps_up(l, l->ids[k]))
			continue;
		g.ups++;
		g.size += l->urns.items[l->ids[k]].size + 2;
	}
	for (uint32_t k = f->down; k < f->down + f->ndown; k++) {
		if (!keeps_down(l, l->ids[k]))
			continue;
		g.downs++;
		g.size += l->urns.items[l->ids[k]].size + 2;
	}
	g.size -= (g.ups ? 2U : 0U) + (g.downs ? 2U : 0U);
	g.edges = g.ups * g.downs;
	g.partial = g.ups < f->nup || g.downs < f->ndown;
	return g;
}

/* DATASET, FIELD_SET, NONE; a job's groups have no such order. */
static int class_of(const struct links *l, const struct fgl *f)
{
	static const char *const types[] = {"DATASET", "FIELD_SET", "NONE"};
	const struct urn *u = &l->urns.items[f->type];
	int c = 0;

	if (l->job)
		return 0;
	while (c < 3 && (u->len != strlen(types[c]) ||
			 memcmp(u->s, types[c], u->len)))
		c++;
	return c;
}

/* One side's datasets, as written; ${*size} with what is kept of them. */
static bool keep_datasets(struct links *l, bool input, uint64_t limit,
			  uint64_t *size)
{
	uint32_t *ids = input ? l->inputs : l->outputs;
	size_t n = input ? l->ninputs : l->noutputs, low = 0, high = n;
	uint8_t bit = input ? KEEP_INPUT : KEEP_OUTPUT;
	uint8_t *kept = mem_alloc(n + 1);

	for (size_t i = 0; i < n; i++) {
		kept[i] = l->urns.items[ids[i]].role & bit;
		l->urns.items[ids[i]].role &= (uint8_t)~bit;
	}
	*size = links_size(l);
	while (limit && low < high) {
		size_t middle = high - (high - low) / 2;

		for (size_t i = 0; i < n; i++) {
			uint8_t *role = &l->urns.items[ids[i]].role;

			*role &= (uint8_t)~bit;
			*role |= i < middle ? kept[i] : 0;
		}
		if (links_size(l) < limit)
			low = middle;
		else
			high = middle - 1;
	}
	if (!limit)
		low = n;
	for (size_t i = 0; i < n; i++) {
		uint8_t *role = &l->urns.items[ids[i]].role;

		*role &= (uint8_t)~bit;
		*role |= i < low ? kept[i] : 0;
	}
	free(kept);
	*size = links_size(l);
	return low == n;
}

#define FGLS_SIZE 25		/* "fineGrainedLineages": and ", " before it */

/* Groups as long as they fit. */
static void keep_groups(struct links *l, const struct cap_limits *limits,
			uint64_t size, uint64_t datasets,
			const bool *was_dropped)
{
	uint64_t edges = 0, bytes = 0;

	for (int class = 0; class <= 3; class++) {
		for (size_t i = 0; i < l->nfgls; i++) {
			struct fgl *f = &l->fgls[i];
			struct group g;

			if (was_dropped[i] || class_of(l, f) != class)
				continue;
			g = measure(l, f);
			if (!l->job && ((f->nup && !g.ups) ||
					(f->ndown && !g.downs)))
				continue;
			bytes += g.size;
			edges += g.edges;
			if ((limits->fine_grained &&
			     edges > limits->fine_grained) ||
			    (limits->fields && g.ups > limits->fields) ||
			    (limits->total &&
			     datasets + edges > limits->total) ||
			    (limits->bytes &&
			     size + bytes + FGLS_SIZE >= limits->bytes) ||
			    (l->job && g.partial))
				return;
			f->dropped = false;
		}
	}
}

void plan_in_order(struct links *l, const struct cap_limits *limits)
{
	uint64_t size, datasets = 0;
	bool whole, *was_dropped = mem_alloc(l->nfgls + 1);

	/* groups are added again, one by one */
	for (size_t i = 0; i < l->nfgls; i++) {
		was_dropped[i] = l->fgls[i].folded || l->fgls[i].dropped;
		l->fgls[i].dropped = true;
	}
	whole = keep_datasets(l, true, limits->bytes, &size);
	if (l->job)
		whole &= keep_datasets(l, false, limits->bytes, &size);
	for (size_t i = 0; i < l->urns.n; i++) {
		uint8_t role = l->urns.items[i].role;

		datasets += (role & ROLE_INPUT) && (role & KEEP_INPUT);
		datasets += (role & ROLE_OUTPUT) && (role & KEEP_OUTPUT);
	}
	if (whole)
		keep_groups(l, limits, size, datasets, was_dropped);
	free(was_dropped);
}

/*
 * The group ${f} with the upstreams of ${dataset} alone, at most ${most}; they
 * become a list of its own.
 */
static void narrow(struct links *l, struct fgl *f, uint32_t dataset,
		   uint64_t most)
{
	size_t from = l->nids;
	uint32_t n = 0;

	mem_grow(&l->ids, &l->ids_cap, from + f->nup, sizeof(*l->ids));
	for (uint32_t k = f->up; k < f->up + f->nup && n < most; k++)
		if (l->urns.items[l->ids[k]].dataset == dataset)
			l->ids[from + n++] = l->ids[k];
	l->nids = from + n;
	f->narrowed = true;
	f->whole_up = f->up;
	f->whole_nup = f->nup;
	f->up = (uint32_t)from;
	f->nup = n;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void plan_first_edges(struct links *l, const struct cap_limits *limits,
		      uint32_t dataset, uint64_t datasets)
{
	struct urn *u = &l->urns.items[dataset];
	uint64_t size = links_size(l), bytes = 0;
	uint64_t left = limits->fine_grained ? limits->fine_grained :
					       UINT64_MAX;

	if (limits->total)
		left = lesser(left, limits->total - datasets);
	u->role |= KEEP_FIELDS;
	for (size_t i = 0; i < l->nfgls; i++) {
		struct fgl *f = &l->fgls[i];
		struct group g;

		f->dropped = true;
		if (f->folded || !f->nup)
			continue;
		g = measure(l, f);
		if (!g.edges)
			continue;
		narrow(l, f, dataset, lesser(limits->fields ? limits->fields :
					     UINT64_MAX, left / g.downs));
		g = measure(l, f);
		bytes += g.size;
		if (!g.edges || (limits->bytes &&
				 size + bytes + FGLS_SIZE >= limits->bytes))
			left = 0;
		if (!left)
			continue;
		left -= g.edges;
		f->dropped = false;
	}
}
