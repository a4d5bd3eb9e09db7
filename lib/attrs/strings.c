/*
 * strings -- counting strings, compiled for each kernel.
 *
 * Most strings are ASCII without escapes: their code points are their bytes.
 * One look at 64 bytes tells, and also finds what has to go the slow way:
 * escapes, and a first byte that could begin embedded JSON.
 */
#include "attrs/apply.h"

#include "json/simd.h"

/* Bytes that make a string begin like embedded JSON, or need a look. */
static inline bool may_embed(char c)
{
	return c == '{' || c == '[' || c == ' ';
}

/*
 * Continuation bytes in ${s}, to be taken off its length; sets ${*escapes} when
 * there is a backslash.
 */
static inline size_t look(const char *s, size_t len, bool *escapes)
{
	uint64_t back = 0;
	size_t more = 0;

	for (size_t i = 0; i < len; i += 64) {
		struct block b = block_load(s + i);
		uint64_t in = bits_low(len - i);
		uint64_t wide = block_wide(b) & in;

		back |= block_eq(b, '\\') & in;
		if (wide)
			more += bits_count(block_continues(b) & in);
	}
	*escapes = back != 0;
	return more;
}

static inline void count_string(struct str_stat *st, uint64_t bytes,
				uint64_t chars)
{
	st->count++;
	st->bytes += bytes;
	st->chars += chars;
	st->empty += chars == 0;
	if (chars < st->chars_min)
		st->chars_min = chars;
	if (chars > st->chars_max)
		st->chars_max = chars;
}

void KERNEL_FN(apply_strings)(struct level *l)
{
	struct observer *o = l->o;
	struct tree *t = &o->tree;
	const struct journal *j = &l->journals[J_STRING];

	for (size_t i = 0; i < j->good; i++) {
		const struct value *v = &j->items[i];
		const char *s = l->text + v->at + 1;
		size_t len = v->len - 2, chars;
		struct str_stat *st = &t->strs[t->hot[v->node].str];
		uint64_t formats;
		bool escapes;

		if (__builtin_expect(st == t->strs, 0))
			st = tree_str(t, v->node);
		if (__builtin_expect(st->first.source > o->source_first, 0))
			apply_first(l, &st->first, v->at);
		chars = len - look(s, len, &escapes);
		if (__builtin_expect(escapes || may_embed(*s), 0)) {
			apply_string_slow(l, v, KERNEL_FN(format_mask));
			continue;
		}
		count_string(st, v->len, chars);
		formats = KERNEL_FN(format_mask)(s, len);
		if (formats)
			count_formats(st, formats);
		if (__builtin_expect(o->extra, 0))
			apply_extra(o, &st->extra, EXTRA_STR, s, len, chars);
	}
}
