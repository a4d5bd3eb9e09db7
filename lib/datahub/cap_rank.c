/*
 * cap_rank -- which of many datasets are kept first.
 */
#include "datahub/cap_rank.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/mem.h"

#define DATASET "urn:li:dataset:("

/* Something to be put into order. */
struct ranked {
	struct span stratum;
	uint64_t hash;
	const struct urn *urn;
	uint32_t id;
	uint32_t turn;		/* its number in its stratum */
};

struct span rank_prefix(struct span urn)
{
	const char *from = urn.s, *end = urn.s + urn.len, *comma, *dot;

	if (urn.len > sizeof(DATASET) &&
	    !memcmp(urn.s, DATASET, sizeof(DATASET) - 1)) {
		/* (platform,name,environment): the name may have commas */
		comma = memchr(from, ',', urn.len);
		from = comma ? comma + 1 : from;
		comma = memrchr(from, ',', (size_t)(end - from));
		end = comma ? comma : end;
	}
	dot = memrchr(from, '.', (size_t)(end - from));
	return (struct span){from, dot ? (size_t)(dot - from) : 0};
}

static int by_bytes(const void *va, const void *vb)
{
	const struct ranked *a = va, *b = vb;

	return urns_compare(a->urn, b->urn);
}

static int compare_spans(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int c = len ? memcmp(a.s, b.s, len) : 0;

	return c ? c : a.len < b.len ? -1 : a.len > b.len;
}

static int by_stratum(const void *va, const void *vb)
{
	const struct ranked *a = va, *b = vb;
	int c = compare_spans(a->stratum, b->stratum);

	if (c)
		return c;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return urns_compare(a->urn, b->urn);
}

/* First by turn; within one, as they are. */
static void take_turns(const struct ranked *r, size_t n, uint32_t *ids)
{
	size_t *at = mem_zalloc(n + 2, sizeof(*at));

	for (size_t i = 0; i < n; i++)
		at[r[i].turn + 1]++;
	for (size_t i = 0; i < n; i++)
		at[i + 1] += at[i];
	for (size_t i = 0; i < n; i++)
		ids[at[r[i].turn]++] = r[i].id;
	free(at);
}

/* The middle of the list. */
static void rank_strata(struct ranked *r, size_t n, uint32_t *ids,
			struct strata *strata, struct place place)
{
	for (size_t i = 0; i < n; i++) {
		struct span urn = {r[i].urn->s, r[i].urn->len};

		r[i].hash = XXH3_64bits(urn.s, urn.len);
		r[i].stratum = (struct span){0};
		if (strata)
			r[i].stratum = strata_find(strata, urn, place);
		if (!r[i].stratum.s)
			r[i].stratum = rank_prefix(urn);
	}
	qsort(r, n, sizeof(*r), by_stratum);
	for (size_t i = 0; i < n; i++)
		r[i].turn = i && !compare_spans(r[i - 1].stratum, r[i].stratum) ?
			    r[i - 1].turn + 1 : 0;
	take_turns(r, n, ids);
}

void rank_urns(const struct urns *u, uint32_t *ids, size_t n,
	       struct strata *strata, struct place place)
{
	struct ranked *r = mem_alloc((n + 1) * sizeof(*r));
	size_t first = 0, last = n, done = 0;

	for (size_t i = 0; i < n; i++)
		r[i] = (struct ranked){.id = ids[i], .urn = &u->items[ids[i]]};
	qsort(r, n, sizeof(*r), by_bytes);
	while (first < last && done < 2 * RANK_ENDS)
		ids[done] = done % 2 ? r[--last].id : r[first++].id, done++;
	if (first < last)
		rank_strata(r + first, last - first, ids + done, strata, place);
	free(r);
}
