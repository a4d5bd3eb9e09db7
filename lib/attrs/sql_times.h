/*
 * sql_times -- strings that are dates and times, as columns of such.
 *
 * By the format that all strings of an attribute have but the empty ones
 * (attr(5)).  Where they have two that contradict each other (01/02/2023), it
 * is none.  No state; any thread; cannot fail.
 */
#ifndef ATTRS_SQL_TIMES_H
#define ATTRS_SQL_TIMES_H

#include "attrs/sql_dialect.h"

/*
 * Appends the expression for ${value}, a text.  What it is, "date" or
 * "timestamp"; NULL, and nothing appended: neither, or the dialect cannot read
 * it.
 */
const char *sql_time(struct buf *, const struct sql_dialect *,
		     const struct facts *, const struct buf *value);

#endif
