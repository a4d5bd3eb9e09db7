/*
 * expr -- a user's expression on a record: --where, --order-by, --watermark.
 *
 * Plain paths (".a.b", ".\"odd\"", ".items[0]"), alone or compared with a
 * literal, $since or a path by == != < <= > >=, and and/or/not of those
 * (grammar: expr_plain.h), are evaluated by our own code on the record's bytes
 * with exact numbers and jq's order of values; a duplicate key's last value
 * counts, as in jq.  Every other expression is compiled by libjq (jqx.h), which
 * rounds numbers beyond 2^53: such records are counted as inexact (fit.h).
 *
 * Truth is jq's: false and null are false; no output is false; of several
 * outputs the first counts.
 *
 * An expr belongs to one thread (libjq's values cannot be shared): each thread
 * compiles its own.  Messages are added to ${why}, one line without its end.
 */
#ifndef JSON_EXPR_H
#define JSON_EXPR_H

#include <stdbool.h>
#include "base/buf.h"

struct expr;

/*
 * Compiles ${source}.  ${since}: text of a JSON value for $since, or NULL
 * (then null).  NULL on failure, with the message (jq's own where it is jq's)
 * in ${why}.
 */
struct expr *expr_compile(const char *source, const char *since,
			  struct buf *why);
void expr_free(struct expr *);

/* Evaluated by our own code? */
bool expr_is_plain(const struct expr *);

/*
 * On one valid record.  Returns 1 true, 0 false, -1 when it failed on this
 * record (message in ${why}: jq's error, depth or size that libjq cannot take).
 */
int expr_test(struct expr *, const char *record, size_t len, struct buf *why);

/*
 * Appends the value as JSON text on one line (numbers and strings as written
 * where plain, white space between tokens left out).  Returns 0, -1 as above;
 * no output gives "null".
 */
int expr_value(struct expr *, const char *record, size_t len, struct buf *out,
	       struct buf *why);

/* jq's order of two JSON texts, numbers exact: <0, 0, >0. */
int expr_order(const char *a, size_t alen, const char *b, size_t blen);

/* Records on which libjq met a number it rounds. */
uint64_t expr_inexact(const struct expr *);

#endif
