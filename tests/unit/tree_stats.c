/*
 * tree_stats -- extremes, first places, names of sources, counts and bytes.
 */
#include "attrs/tree_in.h"
#include "base/mem.h"
#include "unit.h"

static uint64_t random_state = 3;

static uint32_t below(uint32_t n)	/* splitmix64 */
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (uint32_t)((z ^ (z >> 31)) >> 32) % n;
}

/*
 * By value; among equal ones the text that is kept stands first, for a minimum
 * and for a maximum alike.
 */
static const struct sample {
	const char *text;
	int value;
} samples[] = {
	{"-1e400", 0},
	{"-1000000000000000000", 1}, {"-1000000000000000000.0", 1},
	{"-999999999999999999", 2},
	{"-1", 3}, {"-1.0", 3}, {"-1e0", 3}, {"-10e-1", 3},
	{"-0.1", 4},
	{"0", 5}, {"-0", 5}, {"0.0", 5}, {"0e0", 5}, {"-0.0", 5},
	{"1e-400", 6},
	{"1", 7}, {"1.0", 7}, {"1E0", 7}, {"1e0", 7},
	{"12", 8}, {"12.00", 8},
	{"999999999999999999", 9}, {"999999999999999999.000", 9},
	{"1000000000000000000", 10},
	{"9223372036854775807", 11}, {"9223372036854775808", 12},
	{"1e400", 13}, {"10e399", 13},
};
#define SAMPLES (sizeof(samples) / sizeof(*samples))

static size_t best(const bool *in, int want)
{
	size_t b = SAMPLES;

	for (size_t i = 0; i < SAMPLES; i++)
		if (in[i] && (b == SAMPLES || (want < 0 ?
		    samples[i].value < samples[b].value :
		    samples[i].value > samples[b].value)))
			b = i;
	return b;
}

static void check_extreme(const struct extreme *e, const bool *in, int want)
{
	char small[24];
	const char *text;
	size_t len = extreme_text(e, &text, small), b = best(in, want);

	if (b == SAMPLES) {
		CHECK(e->kind == EXT_NONE && len == 0);
		return;
	}
	CHECK(len == strlen(samples[b].text));
	CHECK(!memcmp(text, samples[b].text, len));
	/* the form depends on the text alone, so that merges are exact */
	CHECK((e->kind == EXT_SMALL) ==
	      (!strpbrk(samples[b].text, ".eE") &&
	       len - (text[0] == '-') <= 18 && strcmp(samples[b].text, "-0")));
	CHECK((e->kind == EXT_TEXT) == (e->text != NULL));
}

static void test_extremes(void)
{
	for (int round = 0; round < 2000; round++) {
		struct extreme min = {0}, max = {0};
		bool in[SAMPLES] = {false};

		for (uint32_t n = below(12); n > 0; n--) {
			size_t i = below(SAMPLES);
			const char *text = samples[i].text;

			in[i] = true;
			extreme_add(&min, text, strlen(text), -1);
			extreme_add(&max, text, strlen(text), 1);
		}
		check_extreme(&min, in, -1);
		check_extreme(&max, in, 1);
		extreme_release(&min);
		extreme_release(&max);
		CHECK(min.kind == EXT_NONE && max.kind == EXT_NONE);
	}
}

/* Names are ordered by bytes, and have one number each. */
#define NAMES 500
static void test_sources(void)
{
	struct tree t;
	uint32_t index[NAMES], met = 0;
	char name[40];

	memset(index, 0xff, sizeof(index));
	tree_init(&t, 0, 0);
	for (int round = 0; round < 3000; round++) {
		uint32_t i = below(NAMES), got;

		snprintf(name, sizeof(name), "%x", i * 2654435761U);
		got = tree_source(&t, name);
		CHECK(got < t.nsources && !strcmp(t.sources[got], name));
		CHECK(index[i] == NO_SOURCE ? got == met : got == index[i]);
		met += index[i] == NO_SOURCE;
		index[i] = got;
	}
	CHECK(t.nsources == met);
	for (uint32_t i = 1; i < t.nsources; i++)
		CHECK(strcmp(t.sources[t.sources_sorted[i - 1]],
			     t.sources[t.sources_sorted[i]]) < 0);
	tree_release(&t);
}

static void test_first(void)
{
	struct tree t, u;
	struct first none = {.source = NO_SOURCE}, f = none, g = none;

	tree_init(&t, 0, 0);
	tree_init(&u, 0, 0);
	tree_source(&u, "other");
	first_add(&t, &f, &u, &none);
	CHECK(f.source == NO_SOURCE && t.nsources == 0);
	f = (struct first){7, tree_source(&t, "b"), 0};
	CHECK(first_less(&t, &f, &none) && !first_less(&t, &none, &f));
	CHECK(!first_less(&t, &none, &none) && !first_less(&t, &f, &f));
	g = (struct first){7, tree_source(&u, "b"), 0};
	CHECK(g.source != f.source);
	g.byte = 8;
	first_add(&t, &f, &u, &g);
	CHECK(f.byte == 7);
	g.byte = 6;
	first_add(&t, &f, &u, &g);
	CHECK(f.byte == 6 && !strcmp(t.sources[f.source], "b"));
	g = (struct first){99, tree_source(&u, "\x61\xff"), 0};
	first_add(&t, &f, &u, &g);
	CHECK(f.byte == 99 && !strcmp(t.sources[f.source], "a\xff"));
	g = (struct first){98, tree_source(&u, "a"), 0};
	first_add(&t, &f, &u, &g);
	CHECK(f.byte == 98);
	g = (struct first){0, tree_source(&u, "\xff"), 0};
	first_add(&t, &f, &u, &g);
	CHECK(f.byte == 98);
	tree_release(&t);
	tree_release(&u);
}

static void test_counts(void)
{
	struct tree t;
	struct box_stat *b;

	tree_init(&t, 0, 0);
	CHECK(tree_count(&t, 0) == 0 && tree_bytes(&t, 0) == 0);
	CHECK(tree_str(&t, 0)->chars_min == UINT64_MAX);
	CHECK(tree_num(&t, 0)->i.first.source == NO_SOURCE);
	CHECK(tree_num(&t, 0)->f.first.source == NO_SOURCE);
	b = tree_box(&t, 0);
	CHECK(b->keys_min == UINT64_MAX && b->items_min == UINT64_MAX);
	CHECK(b->array_array.first.source == NO_SOURCE);
	CHECK(tree_count(&t, 0) == 0 && tree_bytes(&t, 0) == 0);
	b->nulls = 3;
	b->boolean.count = 5;
	b->bool_true = 2;
	b->object.count = 7;
	b->arrays = 11;
	b->array_primitive.count = b->array_object.count = 10;
	b->box_bytes = 1000;
	tree_str(&t, 0)->count = 13;
	tree_str(&t, 0)->bytes = 2000;
	tree_num(&t, 0)->i.count = 17;
	tree_num(&t, 0)->i.bytes = 3000;
	tree_num(&t, 0)->f.count = 19;
	tree_num(&t, 0)->f.bytes = 4000;
	t.attrs[0].bytes = 5000;
	CHECK(tree_count(&t, 0) == 3 + 5 + 7 + 11 + 13 + 17 + 19);
	CHECK(tree_bytes(&t, 0) == 15000 + 3 * 4 + 2 * 4 + 3 * 5);
	node_add(&t, tree_child(&t, 0, STEP_ITEM, NULL, 0), &t, 0);
	CHECK(tree_count(&t, 1) == tree_count(&t, 0));
	CHECK(tree_bytes(&t, 1) == tree_bytes(&t, 0));
	tree_release(&t);
}

int main(void)
{
	test_extremes();
	test_sources();
	test_first();
	test_counts();
	return unit_end("tree_stats");
}
