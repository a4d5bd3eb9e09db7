/*
 * tree_plain -- random records, and a plain count of what is in them: values
 * of one place are collected and gone through, with nothing kept in between.
 */
#ifndef TREE_PLAIN_H
#define TREE_PLAIN_H

#include "base/mem.h"
#include "unit.h"

static uint64_t random_state = 7;

static uint32_t below(uint32_t n)	/* splitmix64 */
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (uint32_t)((z ^ (z >> 31)) >> 32) % n;
}

/* Numbers with their rank by value, worked out by hand. */
static const struct number {
	const char *text;
	int rank;
	uint32_t digits, scale;
	bool exponent;
} ints[] = {
	{"-99999999999999999999", -3, 20, 0, 0}, {"-7", -2, 1, 0, 0},
	{"0", 0, 1, 0, 0}, {"-0", 0, 1, 0, 0}, {"12", 2, 2, 0, 0},
	{"999999999999999999", 3, 18, 0, 0},
	{"1000000000000000000", 4, 19, 0, 0},
	{"123456789012345678901234567890", 5, 30, 0, 0}
}, floats[] = {
	{"-1.25", -2, 3, 2, 0}, {"0.0", 0, 1, 1, 0}, {"-0.0", 0, 1, 1, 0},
	{"0.5", 1, 1, 1, 0}, {"0.50", 1, 2, 2, 0}, {"5e-1", 1, 1, 1, 1},
	{"1e2", 2, 1, 0, 1}, {"100.0", 2, 4, 1, 0}, {"1E2", 2, 1, 0, 1}
};

/* In the order of their bytes. */
static const char *const keys[] = {"", "a", "b", "c", "d\n", "g", "\xc3\xa9"};
#define KEYS 7

struct place {
	const char *source;
	uint64_t byte;
};

struct value {
	enum { V_NULL, V_FALSE, V_TRUE, V_INT, V_FLOAT, V_STR, V_EMBED,
	       V_OBJECT, V_ARRAY } kind;
	const struct place *place;
	const struct number *number;
	uint32_t n;		/* members, or code points */
	uint32_t key[6];
	struct value *item[6];
};

static void free_value(struct value *v)
{
	for (uint32_t i = 0; v->kind >= V_EMBED && i < v->n; i++)
		free_value(v->item[i]);
	free(v);
}

static struct value *random_value(const struct place *place, int depth)
{
	struct value *v = mem_zalloc(1, sizeof(*v));
	uint32_t r = below(depth ? 20 : 7);

	v->place = place;
	v->kind = r < 7 ? r % 6 : r < 8 ? V_EMBED : r < 15 ? V_OBJECT : V_ARRAY;
	if (depth == 5)
		v->kind = V_OBJECT;
	if (v->kind == V_INT)
		v->number = &ints[below(8)];
	if (v->kind == V_FLOAT)
		v->number = &floats[below(9)];
	if (v->kind >= V_STR)
		v->n = below(6);
	if (v->kind == V_EMBED)
		v->n = 1;
	for (uint32_t i = 0; v->kind >= V_EMBED && i < v->n; i++) {
		v->key[i] = below(1 + below(KEYS));
		v->item[i] = random_value(place, depth - 1);
	}
	if (v->kind == V_EMBED && v->item[0]->kind < V_OBJECT) {
		free_value(v->item[0]);
		v->item[0] = mem_zalloc(1, sizeof(*v));
		*v->item[0] = (struct value){.kind = V_OBJECT, .place = place};
	}
	return v;
}

/* Has it an item of the kinds ${from} to ${to}? */
static bool has_kind(const struct value *v, int from, int to)
{
	for (uint32_t i = 0; i < v->n; i++)
		if ((int)v->item[i]->kind >= from &&
		    (int)v->item[i]->kind <= to)
			return true;
	return false;
}

static bool again(const struct value *v, uint32_t i)
{
	for (uint32_t j = 0; j < i; j++)
		if (v->key[j] == v->key[i])
			return true;
	return false;
}

/* What one line says, in a fixed order that only dump_facts() knows of. */
struct facts {
	uint64_t sum[24], min[3], max[6];
	const char *number[4];	/* min and max of ints, of floats */
	size_t number_len[4];
	struct place first[8];
};

static void dump_facts(struct buf *out, const struct facts *f)
{
	for (int i = 0; i < 24; i++)
		buf_addf(out, " %llu", (unsigned long long)f->sum[i]);
	for (int i = 0; i < 3; i++)
		buf_addf(out, " >%llu", (unsigned long long)f->min[i]);
	for (int i = 0; i < 6; i++)
		buf_addf(out, " <%llu", (unsigned long long)f->max[i]);
	for (int i = 0; i < 4; i++)
		buf_addf(out, " '%.*s'", (int)f->number_len[i], f->number[i]);
	for (int i = 0; i < 8; i++)
		buf_addf(out, " %s:%llu", f->first[i].source ?
			 f->first[i].source : "",
			 (unsigned long long)f->first[i].byte);
	buf_addc(out, '\n');
}

static const uint64_t no_minimum[3] = {UINT64_MAX, UINT64_MAX, UINT64_MAX};

/*
 * The plain count.  A set of values at one place gives a line; the values below
 * them, by key or together, the next lines.
 */
struct set {
	const struct value **items;
	size_t n, cap;
};

static void set_add(struct set *s, const struct value *v)
{
	mem_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
	s->items[s->n++] = v;
}

static void count_first(struct place *p, const struct place *other)
{
	int c = p->source ? strcmp(other->source, p->source) : -1;

	if (c < 0 || (c == 0 && other->byte < p->byte))
		*p = *other;
}

/* ${f}'s texts point into ints[] or floats[]. */
static void count_number(struct facts *f, int at, const struct value *v,
			 const struct number *table, size_t n)
{
	for (int side = 0; side < 2; side++) {
		const char **old = &f->number[at + side];
		const struct number *a = v->number, *b = NULL;
		int by;

		for (size_t i = 0; i < n; i++)
			if (*old && !strcmp(table[i].text, *old))
				b = &table[i];
		by = !b ? -1 : side ? b->rank - a->rank : a->rank - b->rank;
		if (b && by == 0)
			by = (int)strlen(a->text) - (int)strlen(b->text);
		if (b && by == 0)
			by = strcmp(a->text, b->text);
		if (by < 0)
			*old = a->text;
		f->number_len[at + side] = strlen(*old);
	}
}

#define LESS(to, with) ((to) = (to) < (with) ? (to) : (with))
#define MORE(to, with) ((to) = (to) > (with) ? (to) : (with))

static void count_value(struct facts *f, const struct value *v)
{
	static const int first_of[] = {-1, 3, 3, 1, 2, 0, 0, 4, -1};

	f->sum[0]++;
	f->sum[3 + v->kind]++;
	if (first_of[v->kind] >= 0)
		count_first(&f->first[first_of[v->kind]], v->place);
	f->sum[1] += v->kind == V_NULL || v->kind == V_TRUE ? 4 :
		v->kind == V_FALSE ? 5 : v->kind >= V_STR ? v->n + 2 :
		strlen(v->number->text);
	if (v->kind == V_INT)
		count_number(f, 0, v, ints, 8);
	if (v->kind == V_FLOAT)
		count_number(f, 2, v, floats, 9);
	if (v->kind == V_INT)
		MORE(f->max[0], v->number->digits);
	if (v->kind == V_FLOAT) {
		MORE(f->max[1], v->number->digits);
		MORE(f->max[2], v->number->scale);
		f->sum[12] += v->number->exponent;
	}
	if (v->kind == V_STR || v->kind == V_EMBED) {
		LESS(f->min[0], v->n);
		MORE(f->max[3], v->n);
		f->sum[13] += v->n;
		f->sum[14] += v->n == 0;
		f->sum[15] += v->n % 2;		/* a format */
	}
	if (v->kind == V_EMBED)
		f->sum[v->item[0]->kind == V_OBJECT ? 16 : 17]++;
	if (v->kind == V_OBJECT) {
		LESS(f->min[1], v->n);
		MORE(f->max[4], v->n);
	}
	if (v->kind != V_ARRAY)
		return;
	LESS(f->min[2], v->n);
	MORE(f->max[5], v->n);
	f->sum[18] += v->n;
	f->sum[19] += !has_kind(v, V_FALSE, V_ARRAY);
	for (int i = 0; i < 3; i++) {
		if (!has_kind(v, i == 0 ? V_FALSE : i == 1 ? V_OBJECT : V_ARRAY,
			      i == 0 ? V_EMBED : i == 1 ? V_OBJECT : V_ARRAY))
			continue;
		f->sum[20 + i]++;
		count_first(&f->first[5 + i], v->place);
	}
}

/* A path of --map: keys and items; each place knows what is left of it. */
struct map_path {
	uint32_t step[4];	/* index of a key, or ANY_ITEM */
	uint32_t n;
	bool given;
};
#define ANY_ITEM 100

struct law {			/* what all scans of a trial share */
	uint32_t max_keys;
	struct map_path map;
};

struct line {			/* of the plain count */
	const struct law *law;
	struct buf *out;
	char path[400];
	uint64_t order, duplicates;
	int left;		/* steps of the map path so far; -1: off it */
};

static void count_set(const struct set *, const struct line *);

static struct line below_line(const struct line *l, const char *step)
{
	struct line b = *l;
	size_t len = strlen(b.path);

	snprintf(b.path + len, sizeof(b.path) - len, "/%s", step);
	b.order = b.duplicates = 0;
	b.left = -1;
	return b;
}

/* Values below by one step; ${key} for one key alone, else KEYS. */
static void count_below(const struct set *s, const struct line *l, int kind,
			uint32_t key)
{
	const struct map_path *m = &l->law->map;
	struct line b = below_line(l, kind == V_ARRAY ? "[]" :
				   kind == V_EMBED ? "null" :
				   key == KEYS ? "{}" : keys[key]);
	struct set members = {0};
	bool on = l->left >= 0 && (uint32_t)l->left < m->n;
	uint32_t step = on ? m->step[l->left] : 0;

	b.order = key == KEYS ? 0 : UINT32_MAX;
	for (size_t i = 0; i < s->n; i++) {
		const struct value *v = s->items[i];

		for (uint32_t j = 0; (int)v->kind == kind && j < v->n; j++) {
			if (key != KEYS && v->key[j] != key)
				continue;
			set_add(&members, v->item[j]);
			if (kind != V_OBJECT)
				continue;
			LESS(b.order, j);
			b.duplicates += again(v, j);
		}
	}
	if (on && (kind == V_ARRAY ? step == ANY_ITEM : kind == V_OBJECT &&
		   step != ANY_ITEM && (key == KEYS || key == step)))
		b.left = l->left + 1;
	if (members.n)
		count_set(&members, &b);
	free(members.items);
}

static void count_keys(const struct set *s, const struct line *l,
		       const uint64_t *lowest)
{
	for (uint64_t order = 0; order < 6; order++)
		for (uint32_t k = 0; k < KEYS; k++)
			if (lowest[k] == order)
				count_below(s, l, V_OBJECT, k);
}

/* How many keys there are, and where each stood first. */
static uint32_t lowest_orders(const struct set *s, uint64_t *lowest)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < KEYS; k++) {
		lowest[k] = UINT64_MAX;
		for (size_t i = 0; i < s->n; i++)
			for (uint32_t j = 0; s->items[i]->kind == V_OBJECT &&
			     j < s->items[i]->n; j++)
				if (s->items[i]->key[j] == k)
					LESS(lowest[k], j);
		n += lowest[k] != UINT64_MAX;
	}
	return n;
}

static void count_set(const struct set *s, const struct line *l)
{
	struct facts f = {.sum[2] = l->duplicates, .sum[23] = l->order};
	const struct law *law = l->law;
	uint64_t lowest[KEYS];
	uint32_t n = lowest_orders(s, lowest);
	bool fold = (law->max_keys && n > law->max_keys) ||
		l->left == (int)law->map.n;

	memcpy(f.min, no_minimum, sizeof(f.min));
	for (size_t i = 0; i < s->n; i++)
		count_value(&f, s->items[i]);
	buf_adds(l->out, l->path);
	dump_facts(l->out, &f);
	count_below(s, l, V_ARRAY, KEYS);
	if (fold)
		count_below(s, l, V_OBJECT, KEYS);
	count_below(s, l, V_EMBED, KEYS);
	if (!fold)
		count_keys(s, l, lowest);
}

#endif
