/*
 * order -- jq's order of two JSON texts, with exact numbers.
 *
 * null < false < true < numbers < strings < arrays < objects.  Strings by code
 * points (the order of their UTF-8 bytes); arrays item by item, then by length;
 * objects by their sorted keys as an array, then value by value in the order
 * of the keys.
 *
 * The containers on the way are kept on a stack of our own, so that depth costs
 * memory and not the thread's stack.  An object is gone through to list its
 * members, so two values that are equal down to depth d cost d times their
 * size.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/expr.h"
#include "json/num.h"
#include "json/str.h"
#include "json/value.h"

struct member {
	struct span key;	/* unescaped */
	struct span value;
	char *owned;		/* of a key written with escapes, or NULL */
};

struct members {
	struct member *list;
	size_t n;
};

/* Two containers of the same type, compared so far. */
struct pair {
	struct value_iter a, b;		/* arrays */
	struct members ma, mb;		/* objects; their keys are the same */
	size_t next;			/* member to compare */
	bool object;
};

struct stack {
	struct pair *pairs;
	size_t n, cap;
};

static int order_bytes(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int r = n ? memcmp(a.s, b.s, n) : 0;

	return r ? r : (a.len > b.len) - (a.len < b.len);
}

/* The text of the string ${s}; by way of ${owned} where it has escapes. */
static struct span string_text(struct span s, char **owned)
{
	struct buf text = {0};

	*owned = NULL;
	if (!memchr(s.s, '\\', s.len))
		return s;
	str_unescape(&text, s.s, s.len);
	*owned = text.s;
	return (struct span){text.s, text.len};
}

static int order_strings(struct span a, struct span b)
{
	char *owned_a, *owned_b;
	struct span x = string_text((struct span){a.s + 1, a.len - 2},
				    &owned_a);
	struct span y = string_text((struct span){b.s + 1, b.len - 2},
				    &owned_b);
	int r = order_bytes(x, y);

	free(owned_a);
	free(owned_b);
	return r;
}

static void members_release(struct members *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->list[i].owned);
	free(m->list);
	*m = (struct members){0};
}

/* By key; of the same key the one written first comes first. */
static int order_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int r = order_bytes(x->key, y->key);

	return r ? r : (x->value.s > y->value.s) - (x->value.s < y->value.s);
}

/* Sorted by key, of several members of a key only the last. */
static struct members members_read(struct span object)
{
	struct members m = {0};
	struct value_iter it;
	struct span key, value;
	size_t cap = 0, n = 0;

	value_iter_start(&it, object);
	while (value_next(&it, &key, &value)) {
		struct member *to;

		mem_grow(&m.list, &cap, m.n + 1, sizeof(*m.list));
		to = &m.list[m.n++];
		to->key = string_text(key, &to->owned);
		to->value = value;
	}
	if (m.n)
		qsort(m.list, m.n, sizeof(*m.list), order_members);
	for (size_t i = 0; i < m.n; i++) {
		if (n && !order_bytes(m.list[n - 1].key, m.list[i].key))
			free(m.list[--n].owned);
		m.list[n++] = m.list[i];
	}
	m.n = n;
	return m;
}

static int order_keys(const struct members *a, const struct members *b)
{
	int r = 0;

	for (size_t i = 0; !r && i < a->n && i < b->n; i++)
		r = order_bytes(a->list[i].key, b->list[i].key);
	return r ? r : (a->n > b->n) - (a->n < b->n);
}

/* Puts two containers on the stack, unless that much tells them apart. */
static int push(struct stack *st, struct span a, struct span b)
{
	struct pair *p;
	int r = 0;

	if (a.len == b.len && !memcmp(a.s, b.s, a.len))
		return 0;
	mem_grow(&st->pairs, &st->cap, st->n + 1, sizeof(*st->pairs));
	p = &st->pairs[st->n++];
	*p = (struct pair){.object = *a.s == '{'};
	if (p->object) {
		p->ma = members_read(a);
		p->mb = members_read(b);
		r = order_keys(&p->ma, &p->mb);
	} else {
		value_iter_start(&p->a, a);
		value_iter_start(&p->b, b);
	}
	return r;
}

static void pop(struct stack *st)
{
	struct pair *p = &st->pairs[--st->n];

	members_release(&p->ma);
	members_release(&p->mb);
}

static int order_values(struct stack *st, struct span a, struct span b)
{
	enum value_type ta = value_type(*a.s), tb = value_type(*b.s);

	if (ta != tb)
		return ta < tb ? -1 : 1;
	if (ta == VALUE_NUMBER)
		return num_compare(a.s, a.len, b.s, b.len);
	if (ta == VALUE_STRING)
		return order_strings(a, b);
	if (ta == VALUE_ARRAY || ta == VALUE_OBJECT)
		return push(st, a, b);
	return 0;
}

/* Compares what comes next of the topmost pair. */
static int order_next(struct stack *st)
{
	struct pair *p = &st->pairs[st->n - 1];
	struct span a, b;
	bool more_a, more_b;

	if (p->object) {
		more_a = more_b = p->next < p->ma.n;
		if (more_a) {
			a = p->ma.list[p->next].value;
			b = p->mb.list[p->next++].value;
		}
	} else {
		more_a = value_next(&p->a, NULL, &a);
		more_b = value_next(&p->b, NULL, &b);
	}
	if (more_a && more_b)
		return order_values(st, a, b);
	if (!more_a && !more_b)
		pop(st);
	return more_a - more_b;
}

int expr_order(const char *a, size_t alen, const char *b, size_t blen)
{
	struct stack st = {0};
	int r = order_values(&st, value_trim(a, alen), value_trim(b, blen));

	while (!r && st.n)
		r = order_next(&st);
	while (st.n)
		pop(&st);
	free(st.pairs);
	return r;
}
