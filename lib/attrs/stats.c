/*
 * stats -- the statistics of a node: made, counted, added up.
 *
 * A block that an undone or folded node leaves behind is marked and taken off
 * the end of its array once nothing follows it.
 */
#include <stdlib.h>
#include "base/mem.h"
#include "attrs/extra.h"
#include "attrs/tree_in.h"

#define LEFT UINT64_MAX		/* count of a block that belongs to no node */

static const struct first never = {
	.source = NO_SOURCE, .epoch = UINT32_MAX
};

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t max64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint32_t max32(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* The index of a block behind the last one; [0] stays unused. */
static uint32_t next_block(void *array, size_t *cap, uint32_t *n, size_t size)
{
	uint32_t i = *n ? *n : 1;

	mem_grow(array, cap, i + 1ULL, size);
	*n = i + 1;
	return i;
}

struct str_stat *tree_str(struct tree *t, uint32_t node)
{
	struct hot *h = &t->hot[node];

	if (!h->str) {
		h->str = next_block(&t->strs, &t->strs_cap, &t->nstrs,
				    sizeof(*t->strs));
		t->strs[h->str] = (struct str_stat){
			.chars_min = UINT64_MAX, .first = never
		};
	}
	return &t->strs[h->str];
}

struct num_stat *tree_num(struct tree *t, uint32_t node)
{
	struct hot *h = &t->hot[node];

	if (!h->num) {
		h->num = next_block(&t->nums, &t->nums_cap, &t->nnums,
				    sizeof(*t->nums));
		t->nums[h->num] = (struct num_stat){
			.i.first = never, .f.first = never
		};
	}
	return &t->nums[h->num];
}

struct box_stat *tree_box(struct tree *t, uint32_t node)
{
	struct hot *h = &t->hot[node];

	if (!h->box) {
		h->box = next_block(&t->boxes, &t->boxes_cap, &t->nboxes,
				    sizeof(*t->boxes));
		t->boxes[h->box] = (struct box_stat){
			.boolean.first = never, .object.first = never,
			.array_primitive.first = never,
			.array_object.first = never,
			.array_array.first = never,
			.keys_min = UINT64_MAX, .items_min = UINT64_MAX
		};
	}
	return &t->boxes[h->box];
}

static void str_release(struct str_stat *s)
{
	free(s->formats);
	extra_free(s->extra);
	*s = (struct str_stat){.count = LEFT};
}

static void num_release(struct num_stat *s)
{
	extreme_release(&s->i.min);
	extreme_release(&s->i.max);
	extreme_release(&s->f.min);
	extreme_release(&s->f.max);
	extra_free(s->i.extra);
	extra_free(s->f.extra);
	*s = (struct num_stat){.i.count = LEFT};
}

void stats_drop(struct tree *t, uint32_t node)
{
	struct hot *h = &t->hot[node];

	if (h->str)
		str_release(&t->strs[h->str]);
	if (h->num)
		num_release(&t->nums[h->num]);
	if (h->box)
		t->boxes[h->box].nulls = LEFT;
	h->str = h->num = h->box = 0;
	while (t->nstrs > 1 && t->strs[t->nstrs - 1].count == LEFT)
		t->nstrs--;
	while (t->nnums > 1 && t->nums[t->nnums - 1].i.count == LEFT)
		t->nnums--;
	while (t->nboxes > 1 && t->boxes[t->nboxes - 1].nulls == LEFT)
		t->nboxes--;
}

uint64_t tree_count(const struct tree *t, uint32_t node)
{
	const struct hot *h = &t->hot[node];
	uint64_t count = 0;

	if (h->str)
		count += t->strs[h->str].count;
	if (h->num)
		count += t->nums[h->num].i.count + t->nums[h->num].f.count;
	if (h->box) {
		const struct box_stat *b = &t->boxes[h->box];

		count += b->boolean.count + b->object.count + b->arrays +
			 b->nulls;
	}
	return count;
}

uint64_t tree_bytes(const struct tree *t, uint32_t node)
{
	const struct hot *h = &t->hot[node];
	uint64_t bytes = t->attrs[node].bytes;

	if (h->str)
		bytes += t->strs[h->str].bytes;
	if (h->num)
		bytes += t->nums[h->num].i.bytes + t->nums[h->num].f.bytes;
	if (h->box) {
		const struct box_stat *b = &t->boxes[h->box];

		/* null and true are 4 bytes, false 5 */
		bytes += 4 * b->nulls + 5 * b->boolean.count - b->bool_true +
			 b->box_bytes;
	}
	return bytes;
}

static void add_first(struct tree *t, struct first *f, const struct tree *from,
		      const struct first *other, struct source_map *map)
{
	uint32_t *index = NULL;
	struct first mine = *other;

	if (other->source == NO_SOURCE)
		return;
	if (map && map->index)
		index = &map->index[other->source];
	if (from != t) {
		mine.source = index && *index != NO_SOURCE ? *index :
			tree_source(t, from->sources[other->source]);
		if (index)
			*index = mine.source;
	}
	if (first_less(t, &mine, f))
		*f = mine;
}

void first_add(struct tree *t, struct first *f, const struct tree *from,
	       const struct first *other)
{
	add_first(t, f, from, other, NULL);
}

/* What node_add() hands down. */
struct adding {
	struct tree *to;
	const struct tree *from;
	struct source_map *map;
	const struct extra_opts *opts;
};

static void add_extra(struct extra **to, const struct extra *from,
		      const struct adding *a)
{
	if (!from)
		return;
	if (!*to)
		*to = extra_new(a->opts);
	extra_add(*to, from, a->opts);
}

static void add_formats(uint64_t **to, const uint64_t *from)
{
	unsigned n = format_count();

	if (!from)
		return;
	if (!*to)
		*to = mem_zalloc(n, sizeof(**to));
	for (unsigned i = 0; i < n; i++)
		(*to)[i] += from[i];
}

static void add_str(struct str_stat *to, const struct str_stat *from,
		    const struct adding *a)
{
	to->count += from->count;
	to->bytes += from->bytes;
	to->chars += from->chars;
	to->chars_min = min64(to->chars_min, from->chars_min);
	to->chars_max = max64(to->chars_max, from->chars_max);
	to->empty += from->empty;
	to->embedded_object += from->embedded_object;
	to->embedded_array += from->embedded_array;
	add_first(a->to, &to->first, a->from, &from->first, a->map);
	add_formats(&to->formats, from->formats);
	add_extra(&to->extra, from->extra, a);
}

static void add_extreme(struct extreme *to, const struct extreme *from,
			int want)
{
	const char *text;
	char small[24];

	if (from->kind == EXT_SMALL && to->kind == EXT_SMALL) {
		if (want < 0 ? from->small < to->small
			     : from->small > to->small)
			to->small = from->small;
	} else if (from->kind != EXT_NONE) {
		size_t len = extreme_text(from, &text, small);

		extreme_add(to, text, len, want);
	}
}

static void add_int(struct int_stat *to, const struct int_stat *from,
		    const struct adding *a)
{
	to->count += from->count;
	to->bytes += from->bytes;
	add_extreme(&to->min, &from->min, -1);
	add_extreme(&to->max, &from->max, 1);
	to->digits = max32(to->digits, from->digits);
	to->epoch_s += from->epoch_s;
	to->epoch_ms += from->epoch_ms;
	add_first(a->to, &to->first, a->from, &from->first, a->map);
	add_extra(&to->extra, from->extra, a);
}

static void add_float(struct float_stat *to, const struct float_stat *from,
		      const struct adding *a)
{
	to->count += from->count;
	to->bytes += from->bytes;
	add_extreme(&to->min, &from->min, -1);
	add_extreme(&to->max, &from->max, 1);
	to->digits = max32(to->digits, from->digits);
	to->scale = max32(to->scale, from->scale);
	to->exponent += from->exponent;
	add_first(a->to, &to->first, a->from, &from->first, a->map);
	add_extra(&to->extra, from->extra, a);
}

static void add_kind(struct kind_stat *to, const struct kind_stat *from,
		     const struct adding *a)
{
	to->count += from->count;
	add_first(a->to, &to->first, a->from, &from->first, a->map);
}

static void add_box(struct box_stat *to, const struct box_stat *from,
		    const struct adding *a)
{
	to->nulls += from->nulls;
	to->bool_true += from->bool_true;
	add_kind(&to->boolean, &from->boolean, a);
	add_kind(&to->object, &from->object, a);
	to->keys_min = min64(to->keys_min, from->keys_min);
	to->keys_max = max64(to->keys_max, from->keys_max);
	to->box_bytes += from->box_bytes;
	to->arrays += from->arrays;
	to->arrays_empty += from->arrays_empty;
	to->items_min = min64(to->items_min, from->items_min);
	to->items_max = max64(to->items_max, from->items_max);
	to->items_sum += from->items_sum;
	add_kind(&to->array_primitive, &from->array_primitive, a);
	add_kind(&to->array_object, &from->array_object, a);
	add_kind(&to->array_array, &from->array_array, a);
}

/* Blocks of ${to} are made before those of ${from} are pointed at: in a fold
 * both are in one array. */
void node_add_mapped(struct tree *to, uint32_t dst, const struct tree *from,
		     uint32_t node, struct source_map *map)
{
	const struct hot *h = &from->hot[node];
	const struct attr *fa = &from->attrs[node];
	struct attr *ta = &to->attrs[dst];
	struct adding a = {to, from, map, to->extra ? to->extra : from->extra};

	ta->duplicates += fa->duplicates;
	ta->bytes += fa->bytes;
	if (ta->kind == STEP_KEY && fa->order < ta->order) {
		ta->order = fa->order;
		to->hot[dst].order = fa->order < UINT16_MAX ?
			(uint16_t)fa->order : UINT16_MAX;
	}
	if (h->str) {
		struct str_stat *s = tree_str(to, dst);

		add_str(s, &from->strs[h->str], &a);
	}
	if (h->num) {
		struct num_stat *n = tree_num(to, dst);

		add_int(&n->i, &from->nums[h->num].i, &a);
		add_float(&n->f, &from->nums[h->num].f, &a);
	}
	if (h->box) {
		struct box_stat *b = tree_box(to, dst);

		add_box(b, &from->boxes[h->box], &a);
	}
}

void node_add(struct tree *to, uint32_t dst, const struct tree *from,
	      uint32_t node)
{
	node_add_mapped(to, dst, from, node, NULL);
}
