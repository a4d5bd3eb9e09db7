/*
 * strings -- counting strings, compiled for each kernel.
 *
 * Most strings are ASCII without escapes: their code points are their bytes.
 * One look at 64 bytes tells, and also finds what has to go the slow way:
 * escapes, and a first byte that could begin embedded JSON.
 */
#include "attrs/apply.h"
#include "attrs/formats_in.h"

#include "json/simd.h"

#define AHEAD 6		/* strings; their statistics are fetched that early */

/* Bytes that make a string begin like embedded JSON, or need a look. */
static inline bool may_embed(char c)
{
	return c == '{' || c == '[' || c == ' ';
}

/* What one look at a string tells. */
struct look {
	size_t more;		/* continuation bytes: not code points */
	bool escapes;		/* there is a backslash */
	bool marked;		/* ":" or "@" in the first 64 bytes */
};

static inline struct look look(const char *s, size_t len)
{
	struct block b = block_load(s);
	uint64_t in = bits_low(len), wide = block_wide(b) & in;
	uint64_t back = block_eq(b, '\\') & in;
	struct look l = {
		.marked = ((block_eq(b, ':') | block_eq(b, '@')) & in) != 0
	};

	if (wide)
		l.more = bits_count(block_continues(b) & in);
	for (size_t i = 64; i < len; i += 64) {
		b = block_load(s + i);
		in = bits_low(len - i);
		back |= block_eq(b, '\\') & in;
		if (block_wide(b) & in)
			l.more += bits_count(block_continues(b) & in);
	}
	l.escapes = back != 0;
	return l;
}

/*
 * May the string have a format?  Cheap and rough: format_mask() decides, but
 * need not be called for names, words and most text.
 */
static inline bool may_have_format(const char *s, size_t len, bool marked)
{
	unsigned class = format_class[(unsigned char)*s];

	return class & C_START && (class & C_NUMBER || marked || len < 8 ||
				   len == 36 || len > 64);
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

/* A string that is ASCII or UTF-8 without escapes, and no embedded JSON. */
static inline void apply_plain(struct observer *o, struct str_stat *st,
			       const char *s, size_t len, struct look at)
{
	uint64_t formats;

	count_string(st, len + 2, len - at.more);
	if (may_have_format(s, len, at.marked)) {
		formats = KERNEL_FN(format_mask)(s, len);
		if (formats)
			count_formats(st, formats);
	}
	if (__builtin_expect(o->extra, 0))
		apply_extra(o, &st->extra, EXTRA_STR, s, len, len - at.more);
}

void KERNEL_FN(apply_strings)(struct level *l)
{
	struct observer *o = l->o;
	const struct tree *t = &o->tree;
	const struct hot *hot = t->hot;
	const char *text = l->text;
	struct str_stat *strs = t->strs;
	const struct value *v = l->journals[J_STRING].items;
	const struct value *end = v + l->journals[J_STRING].good;
	uint32_t epoch = o->epoch;

	for (; v < end; v++) {
		const struct value *ahead = end - v > AHEAD ? v + AHEAD : v;
		const char *s = text + v->at + 1;
		size_t len = v->len - 2;
		struct look at = look(s, len);
		uint32_t i = hot[v->node].str;

		__builtin_prefetch(&strs[hot[ahead->node].str]);
		if (__builtin_expect(!i, 0)) {
			tree_str(&o->tree, v->node);
			strs = t->strs;
			i = hot[v->node].str;
		}
		if (__builtin_expect(strs[i].first.epoch > epoch, 0))
			apply_first(l, &strs[i].first, v->at);
		if (__builtin_expect(!at.escapes && !may_embed(*s), 1)) {
			apply_plain(o, &strs[i], s, len, at);
			continue;
		}
		apply_string_slow(l, v, KERNEL_FN(format_mask));
		hot = t->hot;	/* embedded JSON may have moved them */
		strs = t->strs;
	}
}
