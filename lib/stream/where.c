/*
 * where -- --where on the records of a stream.
 */
#include "stream/where.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "json/check.h"
#include "json/expr.h"

/* Deeper records are left to who reads them. */
#define DEPTH 10000

struct where {
	struct expr *expr;
	struct buf why;
	uint64_t failed;
};

struct where *where_new(const char *text, const char *since)
{
	struct where *w = mem_zalloc(1, sizeof(*w));

	w->expr = expr_compile(text, since, &w->why);
	if (w->expr)
		return w;
	err_msg("--where: %s", buf_cstr(&w->why));
	where_free(w);
	return NULL;
}

void where_free(struct where *w)
{
	if (!w)
		return;
	expr_free(w->expr);
	buf_release(&w->why);
	free(w);
}

bool where_select(void *where, const char *record, size_t len)
{
	struct where *w = where;
	struct json_fault fault;
	int truth;

	if (json_check(record, len, DEPTH, &fault))
		return true;
	buf_clear(&w->why);
	truth = expr_test(w->expr, record, len, &w->why);
	w->failed += truth < 0;
	return truth;
}

uint64_t where_inexact(const struct where *w)
{
	return expr_inexact(w->expr);
}

uint64_t where_failed(const struct where *w)
{
	return w->failed;
}
