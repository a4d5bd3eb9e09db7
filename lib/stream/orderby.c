/*
 * orderby -- the expressions of --order-by, and keys made of their values.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/check.h"
#include "json/expr.h"
#include "json/sortkey.h"
#include "stream/orderby.h"

struct orderby {
	struct expr **exprs;
	size_t n, cap;
	struct buf value, why;
};

/* Behind the string that begins at ${p}; jq's, so with \( ) in it. */
static const char *skip_string(const char *p)
{
	for (p++; *p && *p != '"'; p++)
		p += *p == '\\' && p[1];
	return *p ? p + 1 : p;
}

/* The end of the expression at ${p}: a comma outside of everything, or NUL. */
static const char *expr_end(const char *p)
{
	int depth = 0;

	while (*p && (*p != ',' || depth > 0)) {
		if (*p == '"') {
			p = skip_string(p);
			continue;
		}
		depth += *p == '(' || *p == '[' || *p == '{';
		depth -= *p == ')' || *p == ']' || *p == '}';
		p++;
	}
	return p;
}

static bool add_expr(struct orderby *o, const char *s, size_t len,
		     struct buf *why)
{
	char *text = mem_dup(s, len);
	struct expr *e = NULL;

	if (!text[strspn(text, " \t\n\r")])
		buf_adds(why, "an empty expression (give them as "
			 "--order-by=.a,.b)");
	else
		e = expr_compile(text, NULL, why);
	free(text);
	if (!e)
		return false;
	mem_grow(&o->exprs, &o->cap, o->n + 1, sizeof(struct expr *));
	o->exprs[o->n++] = e;
	return true;
}

struct orderby *orderby_new(const char *list, struct buf *why)
{
	struct orderby *o = mem_zalloc(1, sizeof(*o));
	const char *end;

	for (;; list = end + 1) {
		end = expr_end(list);
		if (!add_expr(o, list, (size_t)(end - list), why))
			break;
		if (!*end)
			return o;
	}
	orderby_free(o);
	return NULL;
}

void orderby_free(struct orderby *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->n; i++)
		expr_free(o->exprs[i]);
	free(o->exprs);
	buf_release(&o->value);
	buf_release(&o->why);
	free(o);
}

bool orderby_key(struct orderby *o, const char *record, size_t len,
		 struct buf *key)
{
	struct json_fault fault;
	bool judged = !json_check(record, len, ORDERBY_DEPTH, &fault);

	buf_clear(key);
	for (size_t i = 0; judged && i < o->n; i++) {
		buf_clear(&o->value);
		buf_clear(&o->why);
		judged = !expr_value(o->exprs[i], record, len, &o->value,
				     &o->why);
		if (judged)
			sortkey_add(key, o->value.s, o->value.len);
	}
	if (!judged) {
		buf_clear(key);
		buf_addc(key, '\0');
	}
	return judged;
}

uint64_t orderby_inexact(const struct orderby *o)
{
	uint64_t n = 0;

	for (size_t i = 0; i < o->n; i++)
		n += expr_inexact(o->exprs[i]);
	return n;
}
