/*
 * watermark -- the greatest value of an expression.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "json/check.h"
#include "json/expr.h"
#include "stream/orderby.h"
#include "stream/watermark.h"

struct watermark {
	struct expr *expr;
	struct buf greatest, value, why;
};

struct watermark *watermark_new(const char *text, const char *since)
{
	struct watermark *w = mem_zalloc(1, sizeof(*w));

	w->expr = expr_compile(text, NULL, &w->why);
	if (!w->expr) {
		err_msg("--watermark: %s", buf_cstr(&w->why));
		watermark_free(w);
		return NULL;
	}
	if (since)
		buf_adds(&w->greatest, since);
	return w;
}

void watermark_free(struct watermark *w)
{
	if (!w)
		return;
	expr_free(w->expr);
	buf_release(&w->greatest);
	buf_release(&w->value);
	buf_release(&w->why);
	free(w);
}

void watermark_see(struct watermark *w, const char *record, size_t len)
{
	struct json_fault fault;
	struct buf keep;

	buf_clear(&w->value);
	buf_clear(&w->why);
	if (json_check(record, len, ORDERBY_DEPTH, &fault) ||
	    expr_value(w->expr, record, len, &w->value, &w->why))
		return;
	if (w->greatest.len &&
	    expr_order(w->value.s, w->value.len, w->greatest.s,
		       w->greatest.len) <= 0)
		return;
	keep = w->greatest;
	w->greatest = w->value;
	w->value = keep;
}

const struct buf *watermark_value(const struct watermark *w)
{
	return &w->greatest;
}
