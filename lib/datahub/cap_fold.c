/*
 * cap_fold -- what makes a lineage smaller without losing an edge.
 *
 * Exact duplicates: a string that stands twice in a list, an edge object that
 * does, a field that stands twice in a group, a group that says what an earlier
 * one says.  Folding: groups that are equal in everything but their downstreams
 * become one with all of them, since each upstream of a group belongs to each
 * of its downstreams.
 *
 * Groups are compared by a hash that does not depend on the order of their
 * upstreams, then field by field with stamps: linear in the number of fields.
 */
#include "datahub/cap_lineage.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/mem.h"
#include "json/num.h"

/* The second and later ones of equal items. */
static void drop_items(struct links *l, enum list list)
{
	struct items *items = &l->lists[list];
	uint32_t stamp = urns_stamp(&l->urns);
	struct buf text = {0};

	for (size_t i = 0; i < items->n; i++) {
		struct item *item = &items->items[i];
		uint32_t id = item->urn;

		if (*item->v.s == '{') {
			buf_clear(&text);
			doc_compact(l->doc, item->v, &text);
			id = urns_text(&l->urns, pool_dup(&l->urns.pool,
							  text.s, text.len),
				       text.len);
		}
		item->duplicate = l->urns.items[id].stamp == stamp;
		l->urns.items[id].stamp = stamp;
		l->duplicates += item->duplicate;
	}
	buf_release(&text);
}

/* ids[from ...] without those that stand twice; their number. */
static uint32_t unique(struct links *l, uint32_t from, uint32_t n)
{
	uint32_t stamp = urns_stamp(&l->urns), kept = from;

	for (uint32_t i = from; i < from + n; i++) {
		struct urn *u = &l->urns.items[l->ids[i]];

		if (u->stamp == stamp)
			continue;
		u->stamp = stamp;
		l->ids[kept++] = l->ids[i];
	}
	return kept - from;
}

/* Upstreams may be shared with the group before. */
static void drop_fields(struct links *l)
{
	uint32_t shared = UINT32_MAX, n = 0;

	for (size_t i = 0; i < l->nfgls; i++) {
		struct fgl *f = &l->fgls[i];

		if (f->up != shared || !f->nup)
			n = unique(l, f->up, f->nup);
		shared = f->up;
		f->nup = n;
		f->ndown = unique(l, f->down, f->ndown);
		l->duplicates += (f->raw_up - f->nup) +
				 (f->raw_down - f->ndown);
	}
}

static uint64_t mix(uint64_t x)
{
	return XXH3_64bits(&x, sizeof(x));
}

static uint64_t hash_set(const struct links *l, uint32_t from, uint32_t n)
{
	uint64_t h = n;

	for (uint32_t i = from; i < from + n; i++)
		h += mix(l->ids[i]);
	return h;
}

/* A score that is not written is 1.0. */
static int compare_scores(struct val a, struct val b)
{
	static const struct val one = {"1.0", 3, 0};

	if (!a.s)
		a = one;
	if (!b.s)
		b = one;
	return num_compare(a.s, a.len, b.s, b.len);
}

static bool same_set(struct links *l, uint32_t a, uint32_t b, uint32_t n)
{
	uint32_t stamp;

	if (a == b)
		return true;
	stamp = urns_stamp(&l->urns);
	for (uint32_t i = a; i < a + n; i++)
		l->urns.items[l->ids[i]].stamp = stamp;
	for (uint32_t i = b; i < b + n; i++)
		if (l->urns.items[l->ids[i]].stamp != stamp)
			return false;
	return true;
}

/* Equal in everything but the downstreams; with ${all}, in those, too. */
static bool same_group(struct links *l, const struct fgl *a,
		       const struct fgl *b, bool all)
{
	if (a->type != b->type || a->down_type != b->down_type ||
	    a->operation != b->operation || a->rest != b->rest ||
	    a->nup != b->nup || (all && a->ndown != b->ndown) ||
	    compare_scores(a->score, b->score))
		return false;
	return same_set(l, a->up, b->up, a->nup) &&
	       (!all || same_set(l, a->down, b->down, a->ndown));
}

/* For each group the first one that is the same; ${all}: see same_group(). */
static uint32_t *find_groups(struct links *l, bool all)
{
	size_t mask = 1023;
	uint32_t *slots, *first = mem_alloc((l->nfgls + 1) * sizeof(*first));
	uint64_t h = 0;

	while (mask < 2 * l->nfgls)
		mask = 2 * mask + 1;
	slots = mem_zalloc(mask + 1, sizeof(*slots));
	for (uint32_t i = 0; i < l->nfgls; i++) {
		const struct fgl *f = &l->fgls[i];
		size_t at;

		if (!i || f->up != f[-1].up || f->nup != f[-1].nup)
			h = hash_set(l, f->up, f->nup);
		at = mix(h + f->operation + ((uint64_t)f->rest << 32) +
			 (all ? hash_set(l, f->down, f->ndown) : 0)) & mask;
		while (slots[at] &&
		       !same_group(l, &l->fgls[slots[at] - 1], f, all))
			at = (at + 1) & mask;
		if (!slots[at])
			slots[at] = i + 1;
		first[i] = slots[at] - 1;
	}
	free(slots);
	return first;
}

static void drop_groups(struct links *l)
{
	uint32_t *first = find_groups(l, true);

	for (uint32_t i = 0; i < l->nfgls; i++) {
		if (first[i] == i)
			continue;
		l->fgls[i].folded = true;
		l->duplicates++;
	}
	free(first);
}

/* The downstreams of group ${g} and of all that are folded into it. */
static void join_group(struct links *l, uint32_t g, const uint32_t *next)
{
	struct fgl *f = &l->fgls[g];
	size_t from = l->nids, n = 0;

	for (uint32_t i = g; i != NO_URN; i = next[i])
		n += l->fgls[i].ndown;
	mem_grow(&l->ids, &l->ids_cap, from + n, sizeof(*l->ids));
	for (uint32_t i = g; i != NO_URN; i = next[i]) {
		struct fgl *part = &l->fgls[i];

		memcpy(l->ids + l->nids, l->ids + part->down,
		       part->ndown * sizeof(*l->ids));
		l->nids += part->ndown;
		if (i == g)
			continue;
		part->folded = true;
		l->groups_folded++;
		l->edges_folded += (uint64_t)part->nup * part->ndown;
	}
	f->down = (uint32_t)from;
	f->ndown = unique(l, f->down, (uint32_t)n);
	f->added = true;
}

static void fold_groups(struct links *l)
{
	uint32_t *first = find_groups(l, false);
	uint32_t *next = mem_alloc((l->nfgls + 1) * sizeof(*next));
	uint32_t *last = mem_alloc((l->nfgls + 1) * sizeof(*last));

	for (uint32_t i = 0; i < l->nfgls; i++) {
		uint32_t g = first[i];

		next[i] = NO_URN;
		if (l->fgls[i].folded)
			continue;
		if (g != i)
			next[last[g]] = i;
		last[g] = i;
	}
	for (uint32_t i = 0; i < l->nfgls; i++)
		if (!l->fgls[i].folded && first[i] == i && next[i] != NO_URN)
			join_group(l, i, next);
	free(first);
	free(next);
	free(last);
}

void links_unfold(struct links *l)
{
	struct fgl *were = l->fgls;
	size_t n = l->nfgls, all = 0;

	for (size_t i = 0; i < n; i++)
		all += were[i].ndown > 1 ? were[i].ndown : 1;
	if (all == n)
		return;
	l->fgls = mem_alloc(all * sizeof(*l->fgls));
	l->fgls_cap = all;
	l->nfgls = 0;
	for (size_t i = 0; i < n; i++) {
		struct fgl f = were[i];

		do {
			l->fgls[l->nfgls] = f;
			if (were[i].ndown > 1)
				l->fgls[l->nfgls].ndown = 1;
			l->nfgls++;
			f.down++;
		} while (f.down < were[i].down + were[i].ndown);
	}
	free(were);
}

void links_fold(struct links *l, bool fold)
{
	for (int i = 0; i < LISTS; i++)
		drop_items(l, (enum list)i);
	drop_fields(l);
	drop_groups(l);
	if (fold)
		fold_groups(l);
}
