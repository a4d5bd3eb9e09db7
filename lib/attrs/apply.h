/*
 * apply -- from journals to statistics; private to the observer.
 */
#ifndef ATTRS_APPLY_H
#define ATTRS_APPLY_H

#include "attrs/observe_impl.h"
#include "base/mem.h"
#include "json/value.h"

enum { LITERAL_NULL, LITERAL_FALSE, LITERAL_TRUE };

#define APPLY_KERNEL(k) \
	void apply_numbers_##k(struct level *); \
	void apply_strings_##k(struct level *);
APPLY_KERNEL(portable)
APPLY_KERNEL(avx2)
APPLY_KERNEL(avx512)

/* Literals, objects and arrays, events; then empties the journals. */
void apply_rest(struct level *);

/* A number that has to be looked at as text. */
void apply_number_text(struct level *, struct num_stat *,
		       const struct number *);

/* ${value} as a candidate for the minimum (-1) or maximum (1). */
void extreme_small(struct extreme *, int64_t value, int want);

/* The version was met in the record that holds offset ${at}. */
void apply_first(struct level *, struct first *, size_t at);

void apply_extra(struct observer *, struct extra **, enum extra_kind,
		 const char *text, size_t len, uint64_t chars);

/* Counts what the ${text} of a string holds, if it is JSON. */
void apply_embedded(struct level *, const struct value *, struct span text);

static inline void count_formats(struct str_stat *st, uint64_t formats)
{
	if (__builtin_expect(!st->formats, 0))
		st->formats = mem_zalloc(FORMATS_MAX, sizeof(*st->formats));
	for (; formats; formats &= formats - 1)
		st->formats[__builtin_ctzll(formats)]++;
}

#endif
