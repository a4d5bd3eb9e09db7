/*
 * orderby -- --order-by=EXPR[,EXPR...]: the key of a record.
 *
 * One thread (json/expr.h).
 */
#ifndef STREAM_ORDERBY_H
#define STREAM_ORDERBY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"

/* Records are judged down to this many containers in containers. */
#define ORDERBY_DEPTH 1000

struct orderby;

/*
 * ${list}: jq expressions, with commas between; commas in strings and brackets
 * are the expressions' own.  NULL, with a message in ${why}, when one of them
 * does not compile.
 */
struct orderby *orderby_new(const char *list, struct buf *why);
void orderby_free(struct orderby *);

/*
 * The key of a record, for memcmp(3), into ${key}, which is cleared first.
 * False: the record is no JSON or an expression failed on it; the key is then
 * one 0 byte, which comes before all others.
 */
bool orderby_key(struct orderby *, const char *record, size_t len,
		 struct buf *key);

/* Records on which libjq met a number it rounds. */
uint64_t orderby_inexact(const struct orderby *);

#endif
