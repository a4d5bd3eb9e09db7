/*
 * any_scan -- random scans, for tests: every kind of key, name and number.
 */
#ifndef ANY_SCAN_H
#define ANY_SCAN_H

#include "attrs/scan.h"
#include "base/mem.h"
#include "json/value.h"

static uint64_t random_state = 1;

static inline uint32_t below(uint32_t n)	/* splitmix64 */
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (uint32_t)((z ^ (z >> 31)) >> 32) % n;
}

/* Keys of every kind a path has to quote, and a few that repeat. */
static const struct span keys[] = {
	{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"and", 3}, {"_1", 2}, {"", 0},
	{"1a", 2}, {"odd key", 7}, {"a\"b", 3}, {"a\\b", 3}, {"\\", 1},
	{"\n\x01\x7f", 3}, {"\xc3\xa9", 2}, {"\xf0\x9f\x98\x80", 4},
	{"x\xed\xa0\x80", 4}, {"a\0b", 3}, {"{}", 2}, {"[]", 2}, {".", 1},
	{"\\(", 2}, {"|fromjson", 9}, {"a_very_long_key_that_no_cache_line_has",
					38}
};
static const char *const names[] = {
	"a.ndjson", "<stdin>", "\xff\xfe raw", "\xc3\xa9.gz", "q\"uote\\",
	"\xed\xb2\x80", "b.ndjson"
};
static const char *const ints[] = {
	"0", "-0", "7", "-5", "12345678", "123456789012345678901234567890",
	"-99999999999999999999"
};
static const char *const floats[] = {
	"1.0", "1e5", "-0.0", "1E400", "0.1", "-1.5e-7"
};
#define PICK(list) list[below(sizeof(list) / sizeof(*(list)))]

static inline struct first any_first(struct tree *t)
{
	uint32_t source = tree_source(t, PICK(names));

	return (struct first){below(1000), source, 0};
}

static inline struct extra *any_extra(const struct scan_opts *o,
				      enum extra_kind kind)
{
	struct extra *x;

	if (!extra_wanted(&o->extra) || !below(4))
		return NULL;
	x = extra_new(&o->extra);
	for (uint32_t i = below(8); i > 0; i--) {
		const char *text = kind == EXTRA_INT ? PICK(ints) :
				   kind == EXTRA_FLOAT ? PICK(floats) :
				   PICK(names);

		/* a value is text: the names that are no UTF-8 are none */
		if (kind == EXTRA_STR)
			text = PICK(ints);
		extra_observe(x, &o->extra, kind, text, strlen(text),
			      strlen(text));
	}
	return x;
}

static inline void fill_str(struct tree *t, uint32_t node,
			    const struct scan_opts *o)
{
	struct str_stat *s = tree_str(t, node);
	uint32_t n = 1 + below(5);

	s->count = n;
	s->chars_min = below(5);
	s->chars_max = s->chars_min + below(5);
	s->chars = s->chars_max + below(50);
	s->bytes = s->chars + 2 * n + below(9);
	s->empty = below(n + 1);
	s->embedded_object = below(n + 1);
	s->embedded_array = below(n + 1);
	s->first = any_first(t);
	s->extra = any_extra(o, EXTRA_STR);
	if (below(2)) {
		s->formats = mem_zalloc(format_count(), sizeof(*s->formats));
		for (int i = 0; i < 4; i++)
			s->formats[below(format_count())] = below(n + 1);
	}
}

static inline void fill_num(struct tree *t, uint32_t node,
			    const struct scan_opts *o)
{
	struct num_stat *s = tree_num(t, node);
	uint32_t n = 1 + below(5);

	if (below(3)) {
		s->i.count = n;
		s->i.bytes = n + below(90);
		s->i.epoch_s = below(n + 1);
		s->i.epoch_ms = below(n + 1);
		s->i.first = any_first(t);
		s->i.extra = any_extra(o, EXTRA_INT);
	}
	for (uint32_t i = s->i.count ? below(3) : 0; i > 0; i--) {
		const char *text = PICK(ints);

		extreme_add(&s->i.min, text, strlen(text), -1);
		extreme_add(&s->i.max, text, strlen(text), 1);
		s->i.digits = below(30);
	}
	if (s->i.count && !below(3))
		return;
	s->f.count = n;
	s->f.bytes = n + below(90);
	s->f.first = any_first(t);
	s->f.extra = any_extra(o, EXTRA_FLOAT);
	for (uint32_t i = below(3); i > 0; i--) {
		const char *text = PICK(floats);

		extreme_add(&s->f.min, text, strlen(text), -1);
		extreme_add(&s->f.max, text, strlen(text), 1);
		s->f.digits = below(9);
		s->f.scale = below(9);
		s->f.exponent = below(n + 1);
	}
}

static inline void fill_kind(struct tree *t, struct kind_stat *k,
			     uint32_t count)
{
	k->count = count;
	if (count)
		k->first = any_first(t);
}

static inline void fill_box(struct tree *t, uint32_t node)
{
	struct box_stat *b = tree_box(t, node);
	uint32_t n = 1 + below(5);

	b->nulls = 1 + below(3);
	fill_kind(t, &b->boolean, below(3));
	b->bool_true = below((uint32_t)b->boolean.count + 1);
	fill_kind(t, &b->object, below(3));
	if (b->object.count) {
		b->keys_min = below(4);
		b->keys_max = b->keys_min + below(4);
		b->box_bytes = 2 * b->object.count + below(99);
	}
	if (below(2))
		return;
	b->arrays = n;
	b->arrays_empty = below(n + 1);
	b->items_min = below(4);
	b->items_max = b->items_min + below(4);
	b->items_sum = b->items_max + below(20);
	b->box_bytes += b->items_sum + 2 * n;
	fill_kind(t, &b->array_primitive, below(n + 1));
	fill_kind(t, &b->array_object, below(n + 1));
	fill_kind(t, &b->array_array, below(2) ? below(n + 1) : 0);
}

/* Every node has a null at least: none is without values. */
static inline void fill(struct tree *t, uint32_t node,
			    const struct scan_opts *o)
{
	if (below(2))
		fill_str(t, node, o);
	if (below(2))
		fill_num(t, node, o);
	fill_box(t, node);
	t->attrs[node].duplicates = below(2);
	if (t->attrs[node].kind == STEP_KEY)
		t->attrs[node].order = below(9);
}

static inline void any_tree(struct tree *t, uint32_t nodes,
			    const struct scan_opts *o)
{
	while (t->nodes < nodes) {
		uint32_t up = below(t->nodes);
		struct span key = PICK(keys);
		enum step_kind kind = below(8) ? STEP_KEY : below(8) < 5 ?
			STEP_ITEM : below(4) ? STEP_NULL : STEP_MAP;

		tree_child(t, up, kind, key.s, key.len);
	}
	for (uint32_t i = 0; i < t->nodes; i++)
		fill(t, i, o);
	tree_fold_wide(t);
}

/* ${number} keeps the ranges of two scans apart. */
static inline void any_scan(struct scan *scan, const struct scan_opts *o,
			    uint64_t number)
{
	struct range overlap;

	scan_init(scan, o);
	any_tree(&scan->tree, 1 + below(150), o);
	scan->totals = (struct scan_totals){
		below(9), below(9), below(9), below(9), below(9), below(9),
		below(9), below(2)
	};
	for (uint32_t i = below(5); i > 0; i--)
		scan_add_range(scan, PICK(names), 100 * number + 3 * i,
			       100 * number + 3 * i + below(4), true, &overlap);
	if (below(2))
		scan_add_stream(scan, "-");
	if (below(3) == 0)
		scan_add_pending(scan, PICK(names), 100 * number + 50,
				 below(2) ? UINT64_MAX : 100 * number + 60,
				 below(99), 5 - (int64_t)below(9));
	scan_settle(scan, o);
}

static inline void any_opts(struct scan_opts *o)
{
	scan_opts_init(o);
	o->max_keys = below(2) ? 10000 : 2 + below(9);
	o->no_first = below(4) == 0;
	o->private = below(4) == 0;
	if (below(3) == 0) {
		o->extra.full = below(2);
		o->extra.values = below(4);
		o->extra.samples = below(4);
		o->extra.unmasked = o->extra.samples && below(2);
	}
}

#endif
