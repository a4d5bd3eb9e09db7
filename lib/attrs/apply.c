/*
 * apply -- the parts of counting that need no kernel.
 */
#include "attrs/apply.h"

#include "json/num.h"
#include "json/str.h"

/* Start of the accepted record that holds ${at}. */
static size_t record_start(const struct level *l, size_t at)
{
	size_t low = 0, high = l->nstarts;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (l->starts[mid] <= at)
			low = mid;
		else
			high = mid;
	}
	return l->starts[low];
}

/* Byte in its source of the accepted record that holds ${at}. */
static uint64_t byte_of(const struct level *l, size_t at)
{
	const struct observer *o = l->o;

	return batch_byte(o->batch, record_start(l, at) + o->shift) + o->place;
}

void apply_first(struct level *l, struct first *first, size_t at)
{
	struct observer *o = l->o;
	struct first now;

	if (l->number == 0)
		o->first_byte = byte_of(l, at);
	now = (struct first){o->first_byte, o->source, o->epoch};
	if (!o->placed || first_less(&o->tree, &now, first))
		*first = now;
	else
		first->epoch = o->epoch;
}

void apply_extra(struct observer *o, struct extra **extra, enum extra_kind kind,
		 const char *text, size_t len, uint64_t chars)
{
	if (!*extra)
		*extra = extra_new(&o->opts->extra);
	extra_observe(*extra, &o->opts->extra, kind, text, len, chars);
}

void extreme_small(struct extreme *e, int64_t value, int want)
{
	char text[24];
	struct buf b = {text, 0, sizeof(text)};

	if (e->kind == EXT_TEXT) {
		buf_addi(&b, value);
		extreme_add(e, text, b.len, want);
	} else if (e->kind == EXT_NONE ||
		   (want < 0 ? value < e->small : value > e->small)) {
		e->kind = EXT_SMALL;
		e->small = value;
	}
}

/* About the value; good to 12 digits, or NaN when that takes more work. */
static double about(const char *s, size_t len)
{
	double v = 0, unit = 1;
	size_t i = *s == '-';

	if (len > 40)
		return __builtin_nan("");
	for (; i < len && s[i] >= '0' && s[i] <= '9'; i++)
		v = v * 10 + (s[i] - '0');
	if (i < len && s[i] == '.')
		for (i++; i < len && s[i] >= '0' && s[i] <= '9'; i++) {
			v = v * 10 + (s[i] - '0');
			unit *= 10;
		}
	if (i < len)
		return __builtin_nan("");
	v /= unit;
	return *s == '-' ? -v : v;
}

/* A guard a little inside of an extreme; NaN (never inside) for odd ones. */
static double guard(const struct extreme *e, double inwards)
{
	const double slack = 1e-12;
	double v;

	if (e->kind != EXT_TEXT)
		return __builtin_nan("");
	v = about(e->text, e->len);
	return v + inwards * ((v < 0 ? -v : v) * slack + 1e-300);
}

static void add_float(struct float_stat *st, const char *s, size_t len)
{
	struct num_shape shape;
	double v = about(s, len);

	num_shape(s, len, &shape);
	if (shape.digits > st->digits)
		st->digits = shape.digits;
	if (shape.scale > st->scale)
		st->scale = shape.scale;
	st->exponent += shape.exponent;
	if (st->guarded && v > st->low && v < st->high)
		return;
	extreme_add(&st->min, s, len, -1);
	extreme_add(&st->max, s, len, 1);
	st->low = guard(&st->min, 1);
	st->high = guard(&st->max, -1);
	st->guarded = true;
}

static void add_int(struct int_stat *st, const char *s, size_t len)
{
	uint32_t digits = (uint32_t)(len - (*s == '-'));

	extreme_add(&st->min, s, len, -1);
	extreme_add(&st->max, s, len, 1);
	st->digits = digits > st->digits ? digits : st->digits;
}

void apply_number_text(struct level *l, struct num_stat *st,
		       const struct number *n)
{
	bool is_int = n->kind == NUM_INT || n->kind == NUM_LONG_INT;
	bool is_long = n->kind == NUM_LONG_INT || n->kind == NUM_LONG_FLOAT;
	struct first *first = is_int ? &st->i.first : &st->f.first;
	const char *s = l->text + n->v.at;

	*(is_int ? &st->i.count : &st->f.count) += 1;
	*(is_int ? &st->i.bytes : &st->f.bytes) += n->v.len;
	if (first->epoch > l->o->epoch)
		apply_first(l, first, n->v.at);
	if (is_long) {
		l->o->totals.long_numbers++;
		return;
	}
	if (is_int)
		add_int(&st->i, s, n->v.len);
	else
		add_float(&st->f, s, n->v.len);
	if (l->o->extra)
		apply_extra(l->o, is_int ? &st->i.extra : &st->f.extra,
			    is_int ? EXTRA_INT : EXTRA_FLOAT, s, n->v.len, 0);
}

void apply_embedded(struct level *l, const struct value *v, struct span text)
{
	size_t i = 0;
	int found;

	while (i < text.len && value_is_blank(text.s[i]))
		i++;
	if (i == text.len || (text.s[i] != '{' && text.s[i] != '['))
		return;
	if (l->number == 0 && l->o->epoch != NO_SOURCE)
		l->o->first_byte = byte_of(l, v->at);
	found = embed_scan(l, v->node, text.s, text.len);
	if (found == EMBED_OBJECT)
		tree_str(&l->o->tree, v->node)->embedded_object++;
	else if (found == EMBED_ARRAY)
		tree_str(&l->o->tree, v->node)->embedded_array++;
}

static inline struct box_stat *box_of(struct tree *t, uint32_t node)
{
	uint32_t box = t->hot[node].box;

	return box ? &t->boxes[box] : tree_box(t, node);
}

static void apply_kind(struct level *l, struct kind_stat *k, size_t at)
{
	k->count++;
	if (k->first.epoch > l->o->epoch)
		apply_first(l, &k->first, at);
}

static void apply_literals(struct level *l)
{
	const struct journal *j = &l->journals[J_LITERAL];

	for (size_t i = 0; i < j->good; i++) {
		const struct value *v = &j->items[i];
		struct box_stat *st = box_of(&l->o->tree, v->node);

		if (v->len == LITERAL_NULL) {
			st->nulls++;
			continue;
		}
		apply_kind(l, &st->boolean, v->at);
		st->bool_true += v->len == LITERAL_TRUE;
	}
}

static void apply_array(struct level *l, struct box_stat *st,
			const struct box *b)
{
	uint64_t items = b->members;

	st->arrays++;
	st->items_sum += items;
	st->items_min = items < st->items_min ? items : st->items_min;
	st->items_max = items > st->items_max ? items : st->items_max;
	if (b->kinds & KIND_SCALAR)
		apply_kind(l, &st->array_primitive, b->v.at);
	if (b->kinds & KIND_OBJECT)
		apply_kind(l, &st->array_object, b->v.at);
	if (b->kinds & KIND_ARRAY)
		apply_kind(l, &st->array_array, b->v.at);
	st->arrays_empty += !(b->kinds & (KIND_SCALAR | KIND_OBJECT |
					  KIND_ARRAY));
}

static void apply_boxes(struct level *l)
{
	const struct tree *t = &l->o->tree;

	for (size_t i = 0; i < l->boxes_good; i++) {
		const struct box *b = &l->boxes[i];
		const struct box *ahead = i + 4 < l->boxes_good ? b + 4 : b;
		struct box_stat *st = box_of(&l->o->tree, b->v.node);
		uint64_t keys = b->members;

		__builtin_prefetch(&t->boxes[t->hot[ahead->v.node].box]);
		st->box_bytes += b->v.len;
		if (!(b->kinds & BOX_IS_OBJECT)) {
			apply_array(l, st, b);
			continue;
		}
		st->keys_min = keys < st->keys_min ? keys : st->keys_min;
		st->keys_max = keys > st->keys_max ? keys : st->keys_max;
		apply_kind(l, &st->object, b->v.at);
	}
}

static void apply_events(struct level *l)
{
	struct tree *t = &l->o->tree;

	for (size_t i = 0; i < l->events_good; i++) {
		const struct event *e = &l->events[i];
		struct attr *a = &t->attrs[e->node];

		if (e->what == EVENT_DUPLICATE) {
			a->duplicates += e->value;
			l->o->totals.duplicate_keys += e->value;
		} else if (e->what == EVENT_LONE) {
			l->o->totals.lone_surrogates += e->value;
		} else if (e->value < a->order) {
			a->order = e->value;
			t->hot[e->node].order = e->value < UINT16_MAX ?
				(uint16_t)e->value : UINT16_MAX;
		}
	}
}

/* Moves what is pending behind what was applied to the front. */
#define KEEP_PENDING(items, n, good) \
	do { \
		memmove((items), (items) + (good), \
			((n) - (good)) * sizeof(*(items))); \
		(n) -= (good); \
		(good) = 0; \
	} while (0)

void apply_rest(struct level *l)
{
	apply_literals(l);
	apply_boxes(l);
	apply_events(l);
	for (int i = 0; i < JOURNALS; i++) {
		struct journal *j = &l->journals[i];

		size_t n = journal_count(j);

		if (n)
			KEEP_PENDING(j->items, n, j->good);
		j->end = j->items + n;
	}
	if (l->nnumbers)
		KEEP_PENDING(l->numbers, l->nnumbers, l->numbers_good);
	if (l->nboxes)
		KEEP_PENDING(l->boxes, l->nboxes, l->boxes_good);
	if (l->nevents)
		KEEP_PENDING(l->events, l->nevents, l->events_good);
	l->nstarts = 0;
}
