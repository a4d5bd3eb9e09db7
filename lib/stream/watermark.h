/*
 * watermark -- --watermark=EXPR: the greatest value of an expression.
 *
 * jq's order, numbers exact (json/expr.h).  Records that are no JSON or on which
 * the expression fails have none.  One thread at a time.
 */
#ifndef STREAM_WATERMARK_H
#define STREAM_WATERMARK_H

#include "base/buf.h"

struct watermark;

/*
 * ${since}: the greatest value so far, as JSON text, or NULL.  NULL after a
 * message (usage).
 */
struct watermark *watermark_new(const char *expr, const char *since);
void watermark_free(struct watermark *);

void watermark_see(struct watermark *, const char *record, size_t len);

/* The greatest value as JSON text; empty: none was met. */
const struct buf *watermark_value(const struct watermark *);

#endif
