/*
 * where -- --where on the records of a stream.
 *
 * What cannot be judged is passed on: text that is no JSON, and records on
 * which the expression fails.  Whoever reads them next will say what is wrong.
 * One thread at a time.
 */
#ifndef STREAM_WHERE_H
#define STREAM_WHERE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct where;

/* ${since}: JSON text of $since, or NULL.  NULL after a message (usage). */
struct where *where_new(const char *expr, const char *since);
void where_free(struct where *);

/* .select of cutter.h; ${where} is of where_new(). */
bool where_select(void *where, const char *record, size_t len);

/* Records on which libjq rounded a number, and that it could not judge. */
uint64_t where_inexact(const struct where *);
uint64_t where_failed(const struct where *);

#endif
