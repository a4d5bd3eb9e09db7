/*
 * tree_feed -- the records of tree_plain.h into a tree, as a scanner would do
 * it but the slow way, and the tree as text.
 */
#ifndef TREE_FEED_H
#define TREE_FEED_H

#include "attrs/extra.h"
#include "attrs/tree_in.h"
#include "tree_plain.h"

static const struct extra_opts extra = {
	.full = true, .values = 3, .samples = 2, .unmasked = true
};

static const char text_of_strings[] = "abcdef";

static void observe_first(struct tree *t, struct first *f,
			  const struct value *v)
{
	struct first here = {
		v->place->byte, tree_source(t, v->place->source), 0
	};

	if (first_less(t, &here, f))
		*f = here;
}

static void observe_extra(struct extra **e, enum extra_kind kind,
			  const char *text, size_t len)
{
	if (!*e)
		*e = extra_new(&extra);
	extra_observe(*e, &extra, kind, text, len, len);
}

static void observe_str(struct tree *t, uint32_t node, const struct value *v)
{
	struct str_stat *s = tree_str(t, node);

	s->count++;
	s->bytes += v->n + 2;
	s->chars += v->n;
	LESS(s->chars_min, v->n);
	MORE(s->chars_max, v->n);
	s->empty += v->n == 0;
	if (!s->formats && v->n % 2)
		s->formats = mem_zalloc(format_count(), sizeof(uint64_t));
	if (v->n % 2)
		s->formats[0]++;
	if (v->kind == V_EMBED && v->item[0]->kind == V_OBJECT)
		s->embedded_object++;
	else if (v->kind == V_EMBED)
		s->embedded_array++;
	observe_first(t, &s->first, v);
	observe_extra(&s->extra, EXTRA_STR, text_of_strings, v->n);
}

static void observe_number(struct tree *t, uint32_t node,
			   const struct value *v)
{
	struct num_stat *s = tree_num(t, node);
	const char *text = v->number->text;
	size_t len = strlen(text);

	if (v->kind == V_INT) {
		s->i.count++;
		s->i.bytes += len;
		extreme_add(&s->i.min, text, len, -1);
		extreme_add(&s->i.max, text, len, 1);
		MORE(s->i.digits, v->number->digits);
		observe_first(t, &s->i.first, v);
		observe_extra(&s->i.extra, EXTRA_INT, text, len);
		return;
	}
	s->f.count++;
	s->f.bytes += len;
	extreme_add(&s->f.min, text, len, -1);
	extreme_add(&s->f.max, text, len, 1);
	MORE(s->f.digits, v->number->digits);
	MORE(s->f.scale, v->number->scale);
	s->f.exponent += v->number->exponent;
	observe_first(t, &s->f.first, v);
	observe_extra(&s->f.extra, EXTRA_FLOAT, text, len);
}

static void observe_array(struct tree *t, struct box_stat *b,
			  const struct value *v)
{
	struct kind_stat *kinds[] = {
		&b->array_primitive, &b->array_object, &b->array_array
	};
	const bool has[] = {
		has_kind(v, V_FALSE, V_EMBED), has_kind(v, V_OBJECT, V_OBJECT),
		has_kind(v, V_ARRAY, V_ARRAY)
	};

	b->arrays++;
	b->arrays_empty += !(has[0] || has[1] || has[2]);
	LESS(b->items_min, v->n);
	MORE(b->items_max, v->n);
	b->items_sum += v->n;
	for (int i = 0; i < 3; i++) {
		if (!has[i])
			continue;
		kinds[i]->count++;
		observe_first(t, &kinds[i]->first, v);
	}
}

static void observe_box(struct tree *t, uint32_t node, const struct value *v)
{
	struct box_stat *b = tree_box(t, node);

	b->nulls += v->kind == V_NULL;
	b->bool_true += v->kind == V_TRUE;
	if (v->kind == V_TRUE || v->kind == V_FALSE) {
		b->boolean.count++;
		observe_first(t, &b->boolean.first, v);
	}
	if (v->kind < V_OBJECT)
		return;
	b->box_bytes += v->n + 2;
	if (v->kind == V_ARRAY) {
		observe_array(t, b, v);
		return;
	}
	b->object.count++;
	LESS(b->keys_min, v->n);
	MORE(b->keys_max, v->n);
	observe_first(t, &b->object.first, v);
}

static uint32_t below_node(struct tree *t, uint32_t node,
			   const struct value *v, uint32_t i)
{
	const char *key = keys[v->key[i]];

	if (v->kind == V_ARRAY)
		return tree_child(t, node, STEP_ITEM, NULL, 0);
	if (v->kind == V_EMBED)
		return tree_child(t, node, STEP_NULL, NULL, 0);
	if (t->hot[node].flags & NODE_FOLDED)
		return tree_child(t, node, STEP_MAP, NULL, 0);
	return tree_child(t, node, STEP_KEY, key, strlen(key));
}

/* ${count} false: only the nodes, as before a record is found to be bad. */
static void observe(struct tree *t, uint32_t node, const struct value *v,
		    bool count)
{
	if (!count)
		t->hot[node].seen++;
	else if (v->kind == V_INT || v->kind == V_FLOAT)
		observe_number(t, node, v);
	else if (v->kind == V_STR || v->kind == V_EMBED)
		observe_str(t, node, v);
	else
		observe_box(t, node, v);
	for (uint32_t i = 0; v->kind >= V_EMBED && i < v->n; i++) {
		uint32_t child = below_node(t, node, v, i);

		if (count && v->kind == V_OBJECT) {
			t->attrs[child].duplicates += again(v, i);
			LESS(t->attrs[child].order, i);
		}
		observe(t, child, v->item[i], count);
	}
}

/* The same facts, as the tree has them. */
static void number_fact(struct facts *f, int i, const struct extreme *e,
			char small[24])
{
	f->number_len[i] = extreme_text(e, &f->number[i], small);
}

static void first_fact(struct facts *f, int i, const struct tree *t,
		       const struct first *first)
{
	if (first->source != NO_SOURCE)
		f->first[i] = (struct place){
			t->sources[first->source], first->byte
		};
}

static void str_facts(struct facts *f, const struct tree *t,
		      const struct str_stat *s)
{
	f->sum[3 + V_EMBED] = s->embedded_object + s->embedded_array;
	f->sum[3 + V_STR] = s->count - f->sum[3 + V_EMBED];
	f->min[0] = s->chars_min;
	f->max[3] = s->chars_max;
	f->sum[13] = s->chars;
	f->sum[14] = s->empty;
	f->sum[15] = s->formats ? s->formats[0] : 0;
	f->sum[16] = s->embedded_object;
	f->sum[17] = s->embedded_array;
	first_fact(f, 0, t, &s->first);
}

static void num_facts(struct facts *f, const struct tree *t,
		      const struct num_stat *s, char small[4][24])
{
	f->sum[3 + V_INT] = s->i.count;
	f->sum[3 + V_FLOAT] = s->f.count;
	number_fact(f, 0, &s->i.min, small[0]);
	number_fact(f, 1, &s->i.max, small[1]);
	number_fact(f, 2, &s->f.min, small[2]);
	number_fact(f, 3, &s->f.max, small[3]);
	f->max[0] = s->i.digits;
	f->max[1] = s->f.digits;
	f->max[2] = s->f.scale;
	f->sum[12] = s->f.exponent;
	first_fact(f, 1, t, &s->i.first);
	first_fact(f, 2, t, &s->f.first);
}

static void box_facts(struct facts *f, const struct tree *t,
		      const struct box_stat *b)
{
	f->sum[3 + V_NULL] = b->nulls;
	f->sum[3 + V_TRUE] = b->bool_true;
	f->sum[3 + V_FALSE] = b->boolean.count - b->bool_true;
	f->sum[3 + V_OBJECT] = b->object.count;
	f->sum[3 + V_ARRAY] = b->arrays;
	f->min[1] = b->keys_min;
	f->max[4] = b->keys_max;
	f->min[2] = b->items_min;
	f->max[5] = b->items_max;
	f->sum[18] = b->items_sum;
	f->sum[19] = b->arrays_empty;
	f->sum[20] = b->array_primitive.count;
	f->sum[21] = b->array_object.count;
	f->sum[22] = b->array_array.count;
	first_fact(f, 3, t, &b->boolean.first);
	first_fact(f, 4, t, &b->object.first);
	first_fact(f, 5, t, &b->array_primitive.first);
	first_fact(f, 6, t, &b->array_object.first);
	first_fact(f, 7, t, &b->array_array.first);
}

struct dump {
	struct buf *out;
	bool extra;
	struct step *steps;
	size_t cap;
};

static void dump_path(struct dump *d, const struct tree *t, uint32_t node)
{
	size_t n = tree_steps(t, node, &d->steps, &d->cap);

	for (size_t i = 0; i < n; i++) {
		const struct step *s = &d->steps[i];

		buf_addc(d->out, '/');
		if (s->kind == STEP_KEY)
			buf_add(d->out, s->key, s->len);
		else
			buf_adds(d->out, s->kind == STEP_ITEM ? "[]" :
				 s->kind == STEP_MAP ? "{}" : "null");
	}
}

static void dump_extra(struct dump *d, const struct extra *e,
		       enum extra_kind kind)
{
	if (!d->extra || !e)
		return;
	extra_write(d->out, e, &extra, kind);
	buf_addc(d->out, '\n');
}

static void dump_node(void *arg, const struct tree *t, uint32_t node)
{
	struct dump *d = arg;
	const struct hot *h = &t->hot[node];
	struct facts f = {.sum[0] = tree_count(t, node)};
	char small[4][24];

	memcpy(f.min, no_minimum, sizeof(f.min));
	f.sum[1] = tree_bytes(t, node);
	f.sum[2] = t->attrs[node].duplicates;
	f.sum[23] = t->attrs[node].order;
	if (h->str)
		str_facts(&f, t, &t->strs[h->str]);
	if (h->num)
		num_facts(&f, t, &t->nums[h->num], small);
	if (h->box)
		box_facts(&f, t, &t->boxes[h->box]);
	dump_path(d, t, node);
	dump_facts(d->out, &f);
	if (h->str)
		dump_extra(d, t->strs[h->str].extra, EXTRA_STR);
	if (h->num) {
		dump_extra(d, t->nums[h->num].i.extra, EXTRA_INT);
		dump_extra(d, t->nums[h->num].f.extra, EXTRA_FLOAT);
	}
}

static void dump_tree(struct buf *out, const struct tree *t, bool with_extra)
{
	struct dump d = {.out = out, .extra = with_extra};

	buf_clear(out);
	tree_walk(t, dump_node, &d);
	free(d.steps);
}

#endif
