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
#include "json/members.h"
#include "json/num.h"

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

static int order_strings(struct span a, struct span b)
{
	char *owned_a, *owned_b;
	struct span x = span_text((struct span){a.s + 1, a.len - 2},
				    &owned_a);
	struct span y = span_text((struct span){b.s + 1, b.len - 2},
				    &owned_b);
	int r = span_order(x, y);

	free(owned_a);
	free(owned_b);
	return r;
}

static int order_keys(const struct members *a, const struct members *b)
{
	int r = 0;

	for (size_t i = 0; !r && i < a->n && i < b->n; i++)
		r = span_order(a->list[i].key, b->list[i].key);
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
