/*
 * line_add -- an attribute line, added to a tree.
 */
#include <stdlib.h>
#include "base/mem.h"
#include "json/str.h"
#include "attrs/line_add.h"
#include "stream/source_name.h"

static int fail(struct attr_line *l, const char *why)
{
	l->cursor.p = l->cursor.start;
	return cursor_fail(&l->cursor, why);
}

void source_memo_release(struct source_memo *m)
{
	for (size_t i = 0; i < SOURCES_KEPT; i++)
		free(m->items[i].text);
	buf_release(&m->name);
	*m = (struct source_memo){0};
}

/* Files of one folder often differ in their last digits only. */
static size_t source_slot(struct span text)
{
	size_t hash = text.len;

	for (size_t i = text.len > 12 ? text.len - 12 : 0; i < text.len; i++)
		hash = 31 * hash + (unsigned char)text.s[i];
	return hash & (SOURCES_KEPT - 1);
}

static int find_source(struct attr_line *l, struct tree *t, struct span text,
		       struct source_memo *m, uint32_t *source)
{
	size_t at = source_slot(text);
	const char *name;

	if (m->items[at].text && m->items[at].len == text.len &&
	    !memcmp(m->items[at].text, text.s, text.len)) {
		*source = m->items[at].source;
		return 0;
	}
	if (cursor_check(&l->cursor))
		return -1;
	name = source_name_read(&m->name, text);
	if (!name)
		return fail(l, "a 0 byte in the name of a source");
	*source = tree_source(t, name);
	free(m->items[at].text);
	m->items[at].text = mem_dup(text.s, text.len);
	m->items[at].len = text.len;
	m->items[at].source = *source;
	return 0;
}

/* What the parts of a line are added with. */
struct adding {
	struct attr_line *line;
	struct tree *tree;
	uint32_t node;
	const struct scan_opts *opts;
	struct source_memo *sources;
};

static int add_first(const struct adding *a, struct first *to,
		     const struct line_first *from)
{
	struct first f = {.byte = from->byte};

	if (a->opts->no_first)
		return 0;
	if (find_source(a->line, a->tree, from->source, a->sources, &f.source))
		return -1;
	if (first_less(a->tree, &f, to))
		*to = f;
	return 0;
}

static void widen(uint64_t *min, uint64_t *max, const struct line_range *r)
{
	if (r->min < *min)
		*min = r->min;
	if (r->max > *max)
		*max = r->max;
}

static void raise_to(uint32_t *max, uint64_t value)
{
	if (value > *max)
		*max = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static int read_extra(struct extra *x, const struct extra_opts *opts,
		      const char *member, struct span text)
{
	if (!text.s)
		return 0;
	return extra_read(x, opts, member, strlen(member), text.s, text.len);
}

static int add_extra(const struct adding *a, struct extra **to,
		     const struct line_version *v)
{
	const struct extra_opts *opts = &a->opts->extra;
	struct extra *x;

	if (!extra_wanted(opts))
		return 0;
	x = extra_new(opts);
	if (read_extra(x, opts, "registers", v->registers) ||
	    read_extra(x, opts, "histogram", v->histogram) ||
	    read_extra(x, opts, "values", v->values) ||
	    read_extra(x, opts, "samples", v->samples)) {
		extra_free(x);
		return fail(a->line, "registers, histogram, values or samples "
			    "are not as discover-attrs writes them");
	}
	if (*to) {
		extra_add(*to, x, opts);
		extra_free(x);
	} else {
		*to = x;	/* now owned by the node */
	}
	return 0;
}

static int add_str(const struct adding *a)
{
	const struct attr_line *l = a->line;
	const struct line_version *v = &l->versions[VERSION_STR];
	struct str_stat *s = tree_str(a->tree, a->node);

	if (v->chars.min > v->chars.max || v->chars.max > v->chars.sum ||
	    v->chars.sum > l->bytes)
		return fail(a->line, "chars do not agree with each other or "
			    "with bytes");
	if (v->empty > v->count || v->embedded.object > v->count ||
	    v->embedded.array > v->count)
		return fail(a->line, "more empty or embedded strings than "
			    "strings");
	s->count += v->count;
	s->empty += v->empty;
	s->chars += v->chars.sum;
	widen(&s->chars_min, &s->chars_max, &v->chars);
	s->embedded_object += v->embedded.object;
	s->embedded_array += v->embedded.array;
	if (l->nformats && !s->formats)
		s->formats = mem_zalloc(format_count(), sizeof(*s->formats));
	for (unsigned i = 0; i < l->nformats; i++) {
		if (l->formats[i].count > v->count)
			return fail(a->line, "more of a format than strings");
		s->formats[l->formats[i].format] += l->formats[i].count;
	}
	if (add_extra(a, &s->extra, v))
		return -1;
	return add_first(a, &s->first, &v->first);
}

static void add_extremes(const struct adding *a, struct extreme *min,
			 struct extreme *max, const struct line_version *v)
{
	if (a->opts->private)
		return;
	if (v->min.s)
		extreme_add(min, v->min.s, v->min.len, -1);
	if (v->max.s)
		extreme_add(max, v->max.s, v->max.len, 1);
}

static int add_int(const struct adding *a)
{
	const struct line_version *v = &a->line->versions[VERSION_INT];
	struct int_stat *s = &tree_num(a->tree, a->node)->i;

	if (a->line->epochs[0] > v->count || a->line->epochs[1] > v->count)
		return fail(a->line, "more of a format than ints");
	s->count += v->count;
	add_extremes(a, &s->min, &s->max, v);
	raise_to(&s->digits, v->digits);
	s->epoch_s += a->line->epochs[0];
	s->epoch_ms += a->line->epochs[1];
	if (add_extra(a, &s->extra, v))
		return -1;
	return add_first(a, &s->first, &v->first);
}

static int add_float(const struct adding *a)
{
	const struct line_version *v = &a->line->versions[VERSION_FLOAT];
	struct float_stat *s = &tree_num(a->tree, a->node)->f;

	if (v->exponent > v->count)
		return fail(a->line, "more with an exponent than floats");
	s->count += v->count;
	add_extremes(a, &s->min, &s->max, v);
	raise_to(&s->digits, v->digits);
	raise_to(&s->scale, v->scale);
	s->exponent += v->exponent;
	if (add_extra(a, &s->extra, v))
		return -1;
	return add_first(a, &s->first, &v->first);
}

static int add_kind(const struct adding *a, struct kind_stat *to,
		    enum version version)
{
	const struct line_version *v = &a->line->versions[version];

	if (!(a->line->active & 1U << version))
		return 0;
	to->count += v->count;
	return add_first(a, &to->first, &v->first);
}

/*
 * How many of the values are arrays: those that are no version's before, and
 * not null.  False when there are more of these than values.
 */
static bool count_arrays(const struct attr_line *l, uint64_t *arrays)
{
	uint64_t left = l->count;

	if (l->nulls > left)
		return false;
	left -= l->nulls;
	for (int v = VERSION_STR; v <= VERSION_OBJECT; v++) {
		if (!(l->active & 1U << v))
			continue;
		if (l->versions[v].count > left)
			return false;
		left -= l->versions[v].count;
	}
	*arrays = left;
	return true;
}

static int add_arrays(const struct adding *a, struct box_stat *b,
		      uint64_t arrays)
{
	struct attr_line *l = a->line;

	if (!l->has_items || l->items.min > l->items.max ||
	    l->items.max > l->items.sum || l->items.sum > l->bytes ||
	    l->empty_arrays > arrays)
		return fail(l, "items or empty_arrays do not agree "
			    "with count or bytes");
	b->arrays += arrays;
	b->arrays_empty += l->empty_arrays;
	b->items_sum += l->items.sum;
	widen(&b->items_min, &b->items_max, &l->items);
	for (int v = VERSION_ARRAY_PRIMITIVE; v < VERSIONS; v++)
		if (l->active & 1U << v && l->versions[v].count > arrays)
			return fail(l, "more arrays of a kind than arrays");
	if (add_kind(a, &b->array_primitive, VERSION_ARRAY_PRIMITIVE) ||
	    add_kind(a, &b->array_object, VERSION_ARRAY_OBJECT) ||
	    add_kind(a, &b->array_array, VERSION_ARRAY_ARRAY))
		return -1;
	return 0;
}

static int add_box(const struct adding *a, uint64_t arrays)
{
	struct attr_line *l = a->line;
	struct box_stat *b = tree_box(a->tree, a->node);
	const struct line_version *bools = &l->versions[VERSION_BOOL];
	const struct line_version *objects = &l->versions[VERSION_OBJECT];

	b->nulls += l->nulls;
	if (l->active & 1U << VERSION_BOOL)
		b->bool_true += bools->trues;
	if (l->active & 1U << VERSION_OBJECT)
		widen(&b->keys_min, &b->keys_max, &objects->keys);
	if (add_kind(a, &b->boolean, VERSION_BOOL) ||
	    add_kind(a, &b->object, VERSION_OBJECT))
		return -1;
	return arrays ? add_arrays(a, b, arrays) : 0;
}

/* Takes ${n} values of ${size} bytes off; false: there are not as many. */
static bool take_bytes(uint64_t *left, uint64_t n, uint64_t size)
{
	if (n > *left / size)
		return false;
	*left -= n * size;
	return true;
}

/*
 * The tree makes the bytes of null, true and false from their counts; those of
 * all others in the line are one sum.
 */
static int add_bytes(const struct adding *a)
{
	const struct line_version *bools = &a->line->versions[VERSION_BOOL];
	struct attr_line *l = a->line;
	uint64_t left = l->bytes, trues = 0, falses = 0;

	if (l->active & 1U << VERSION_BOOL) {
		if (bools->trues > bools->count)
			return fail(l, "more true than bool");
		trues = bools->trues;
		falses = bools->count - trues;
	}
	if (l->bytes < l->count || !take_bytes(&left, l->nulls, 4) ||
	    !take_bytes(&left, trues, 4) || !take_bytes(&left, falses, 5))
		return fail(l, "fewer bytes than the values have");
	a->tree->attrs[a->node].bytes += left;
	return 0;
}

static int add_versions(const struct adding *a, uint64_t arrays)
{
	const unsigned arrays_bits = 1U << VERSION_ARRAY_PRIMITIVE |
		1U << VERSION_ARRAY_OBJECT | 1U << VERSION_ARRAY_ARRAY;
	const unsigned box_bits = 1U << VERSION_BOOL | 1U << VERSION_OBJECT;
	struct attr_line *l = a->line;

	if (!arrays && (l->has_items || l->empty_arrays ||
			l->active & arrays_bits))
		return fail(l, "arrays, and count has none");
	if (l->active & 1U << VERSION_STR && add_str(a))
		return -1;
	if (l->active & 1U << VERSION_INT && add_int(a))
		return -1;
	if (l->active & 1U << VERSION_FLOAT && add_float(a))
		return -1;
	if (arrays || l->nulls || l->active & box_bits)
		return add_box(a, arrays);
	return 0;
}

static void add_reason(struct attr *attr, struct span text)
{
	struct buf reason = {0};

	if (!text.s)
		return;
	str_unescape(&reason, text.s, text.len);
	free(attr->map_reason);
	attr->map_reason = buf_cstr(&reason);	/* now owned by it */
}

/* Would the sums be more than a count can hold? */
static bool overflows(const struct attr_line *l, const struct tree *t,
		      uint32_t node)
{
	uint64_t sum;

	return __builtin_add_overflow(tree_bytes(t, node), l->bytes, &sum) ||
	       __builtin_add_overflow(tree_count(t, node), l->count, &sum);
}

int line_add(struct attr_line *l, struct tree *t, uint32_t node,
	     const struct scan_opts *opts, struct source_memo *sources)
{
	struct adding a = {l, t, node, opts, sources};
	struct attr *attr = &t->attrs[node];
	uint64_t arrays;

	if (!l->count || l->duplicates > l->count || !count_arrays(l, &arrays))
		return fail(l, "count does not agree with the versions");
	if (overflows(l, t, node))
		return fail(l, "the sum is over 2^64-1");
	if (attr->kind == STEP_KEY && l->order < attr->order)
		attr->order = (uint32_t)l->order;
	attr->duplicates += l->duplicates;
	add_reason(attr, l->map_reason);
	if (add_bytes(&a))
		return -1;
	return add_versions(&a, arrays);
}

/* The child of ${at}; ${last}: it is made when it is not there. */
static uint32_t go(struct tree *t, uint32_t at, const struct step *s,
		   enum step_kind kind, bool last)
{
	uint32_t child;

	if (last)
		return tree_child(t, at, kind, s->key, s->len);
	child = tree_find(t, at, kind, s->key, s->len);
	if (child != NODE_NONE && !tree_count(t, child))
		return NODE_NONE;
	return child;
}

int line_node(struct attr_line *l, struct tree *t, struct line_node *to)
{
	uint32_t at = NODE_ROOT;

	*to = (struct line_node){0};
	if (l->nsteps && !tree_count(t, NODE_ROOT))
		return fail(l, "the line of the record itself is missing");
	for (size_t i = 0; i < l->nsteps; i++) {
		const struct step *s = &l->steps[i];
		enum step_kind kind = s->kind;
		bool folded = t->hot[at].flags & NODE_FOLDED;

		if (kind == STEP_KEY && folded) {
			kind = STEP_MAP;
			to->redirected = true;
		} else if (kind == STEP_MAP && !folded) {
			/* folded there, so it is folded in the sum */
			to->renumbered |= t->attrs[at].keys > 0;
			tree_fold(t, at);
		}
		at = go(t, at, s, kind, i + 1 == l->nsteps);
		if (at == NODE_NONE)
			return fail(l, "the line of the attribute around it "
				    "is missing");
	}
	to->node = at;
	return 0;
}
