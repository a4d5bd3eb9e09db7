/*
 * Unit test of datahub/cap_rank.h: both ends in turn, then the strata in turn,
 * whatever the order of the numbers; one URN more, or less, changes at most one
 * of the first n, for every n.
 */
#include "base/mem.h"
#include "datahub/cap_rank.h"
#include "gen.h"
#include "unit.h"

#define MOST 160

static struct urns urns;
static uint32_t ids[MOST + 1], order[MOST + 1];
static char names[4 * MOST][64];

/* The number of a new dataset, of one of ${strata} names. */
static uint32_t add(unsigned i, unsigned strata)
{
	snprintf(names[i], sizeof(names[i]), "urn:li:dataset:(urn:li:"
		 "dataPlatform:x,s%u.n%06x,PROD)", (unsigned)gen(strata),
		 (unsigned)gen(1 << 24));
	return urns_text(&urns, names[i], strlen(names[i]));
}

static int by_name(const void *va, const void *vb)
{
	const uint32_t *a = va, *b = vb;

	return strcmp(urns.items[*a].s, urns.items[*b].s);
}

static bool is_in(const uint32_t *list, size_t n, uint32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == id)
			return true;
	return false;
}

/* How many of the first ${n} of one order are not of the other's. */
static size_t lost(const uint32_t *from, const uint32_t *to, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += !is_in(to, n, from[i]);
	return k;
}

static void mix(uint32_t *list, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = gen(i);
		uint32_t id = list[i - 1];

		list[i - 1] = list[k];
		list[k] = id;
	}
}

/* Insertions at random places, in any order of the numbers. */
static void test_stable(unsigned strata)
{
	size_t n = 0;

	urns_clear(&urns);
	for (unsigned i = 0; n < MOST; i++) {
		uint32_t next[MOST + 1], id = add(i, strata);
		bool same_order = true, at_most_one = true;

		if (is_in(ids, n, id))
			continue;
		memcpy(next, order, n * sizeof(*next));
		ids[n++] = id;
		mix(ids, n);
		memcpy(order, ids, n * sizeof(*ids));
		rank_urns(&urns, order, n, NULL, (struct place){0, 0});
		for (size_t k = 1; k < n; k++)
			at_most_one &= lost(next, order, k) <= 1;
		CHECK(at_most_one);
		/* another order in, the same one out */
		memcpy(next, ids, n * sizeof(*ids));
		mix(next, n);
		rank_urns(&urns, next, n, NULL, (struct place){0, 0});
		for (size_t k = 0; k < n; k++)
			same_order &= next[k] == order[k] &&
				      is_in(ids, n, order[k]);
		CHECK(same_order);
	}
}

/* First, last, second, second last ...: ten from each end. */
static void test_ends(void)
{
	uint32_t sorted[MOST];
	size_t n = 70;

	urns_clear(&urns);
	for (unsigned i = 0; i < n; i++)
		ids[i] = sorted[i] = add(i, 7);
	qsort(sorted, n, sizeof(*sorted), by_name);
	rank_urns(&urns, ids, n, NULL, (struct place){0, 0});
	for (size_t i = 0; i < 2 * RANK_ENDS; i++)
		CHECK(ids[i] == sorted[i % 2 ? n - 1 - i / 2 : i / 2]);
	/* then each stratum once, in the order of their names */
	for (size_t i = 2 * RANK_ENDS; i + 1 < n; i++) {
		const char *a = strstr(urns.items[ids[i]].s, ",s");
		const char *b = strstr(urns.items[ids[i + 1]].s, ",s");

		if (i < 2 * RANK_ENDS + 3)
			CHECK(a[2] < b[2]);
	}
	for (n = 0; n < 25; n++) {
		for (unsigned i = 0; i < n; i++)
			ids[i] = i;
		rank_urns(&urns, ids, n, NULL, (struct place){0, 0});
		for (unsigned i = 0; i < n; i++)
			CHECK(is_in(ids, n, i));
	}
}

static bool prefix_is(const char *urn, const char *want)
{
	struct span p = rank_prefix((struct span){urn, strlen(urn)});

	return p.len == strlen(want) && (!p.len || !memcmp(p.s, want, p.len));
}

static void test_prefix(void)
{
	CHECK(prefix_is("urn:li:dataset:(urn:li:dataPlatform:x,a.b.c,PROD)",
			"a.b"));
	CHECK(prefix_is("urn:li:dataset:(urn:li:dataPlatform:x,a.b,c.d,PROD)",
			"a.b,c"));
	CHECK(prefix_is("urn:li:dataset:(urn:li:dataPlatform:x,plain,PROD)",
			""));
	CHECK(prefix_is("a.b", "a"));
	CHECK(prefix_is("", ""));
}

/* A container the stream has named is the stratum; later ones do not count. */
static void test_containers(void)
{
	struct contained_list list = {0};
	struct strata *strata = strata_new();
	struct place before = {1, 1}, after = {3, 1};
	uint32_t with[MOST], without[MOST];
	size_t n = 100;

	urns_clear(&urns);
	for (unsigned i = 0; i < n; i++)
		with[i] = without[i] = add(i, 3);
	strata_put(strata, 0, &list);
	strata_put(strata, 1, &list);
	for (unsigned i = 0; i < n; i++)
		contained_add(&list, i + 1,
			      (struct span){names[i], strlen(names[i])},
			      (struct span){i % 2 ? "one" : "two", 3});
	strata_put(strata, 2, &list);
	rank_urns(&urns, with, n, strata, before);
	rank_urns(&urns, without, n, NULL, before);
	CHECK(!memcmp(with, without, n * sizeof(*with)));
	rank_urns(&urns, with, n, strata, after);
	CHECK(memcmp(with, without, n * sizeof(*with)));
	/* two strata: in turn as long as both have some */
	for (size_t i = 2 * RANK_ENDS; i < 2 * RANK_ENDS + 40; i++)
		CHECK(with[i] % 2 == (i % 2 ? 0U : 1U));
	contained_release(&list);
	strata_free(strata);
}

int main(void)
{
	gen_state = 5;
	test_ends();
	test_prefix();
	test_stable(1);
	test_stable(6);
	test_stable(40);
	test_containers();
	urns_release(&urns);
	return unit_end("cap_rank");
}
