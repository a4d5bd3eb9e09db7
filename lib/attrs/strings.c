/*
 * strings -- counting strings, compiled for each kernel.
 *
 * Most strings are ASCII without escapes: their code points are their bytes.
 * One look at 64 bytes tells, and also finds what has to go the slow way:
 * escapes, and a first byte that could begin embedded JSON.
 */
#include "attrs/apply.h"
#include "attrs/uri_block.h"

#include "json/str.h"

#define AHEAD 6		/* strings; their statistics are fetched that early */

/* Bytes that make a string begin like embedded JSON, or need a look. */
static inline bool may_embed(char c)
{
	return c == '{' || c == '[' || c == ' ';
}

/* What one look at a string tells. */
struct look {
	struct block head;	/* its first 64 bytes, and what is behind */
	size_t more;		/* continuation bytes: not code points */
	bool escapes;		/* there is a backslash */
};

static inline struct look look(const char *s, size_t len)
{
	struct look l = {.head = block_load(s)};
	uint64_t in = bits_low(len);
	uint64_t back = block_eq(l.head, '\\') & in;

	if (block_wide(l.head) & in)
		l.more = bits_count(block_continues(l.head) & in);
	for (size_t i = 64; i < len; i += 64) {
		struct block b = block_load(s + i);

		in = bits_low(len - i);
		back |= block_eq(b, '\\') & in;
		if (block_wide(b) & in)
			l.more += bits_count(block_continues(b) & in);
	}
	l.escapes = back != 0;
	return l;
}

/*
 * Counts the formats of a string, whose first 64 bytes are ${b}.  What most
 * strings are is settled here: no format, because of their first byte, or
 * because they are as long as words and have neither ":" nor "@"; or the uri of
 * a page.
 */
static inline void apply_formats(struct str_stat *st, const char *s, size_t len,
				 struct block b)
{
	unsigned class = format_class[(unsigned char)*s];
	uint64_t formats;

	if (!(class & C_START))
		return;
	if (!(class & C_NUMBER) && len >= 8) {
		uint64_t marks = (block_eq(b, ':') | block_eq(b, '@')) &
				 bits_low(len);

		if (!marks && len <= 64 && len != 36)
			return;
		if (marks && uri_is_plain((const unsigned char *)s, len, b)) {
			count_formats(st, BIT(URI));
			return;
		}
	}
	formats = KERNEL_FN(format_mask)(s, len);
	if (formats)
		count_formats(st, formats);
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

/*
 * Unescapes to ${to}, which has room for ${len} and 64 bytes more.  Returns the
 * length, or SIZE_MAX where a \u is met: str_unescape() knows surrogates.
 */
static inline size_t unescape_short(char *to, const char *s, size_t len)
{
	static const char meaning[256] = {
		['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b',
		['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t'
	};
	const char *begin = to, *end = s + len;
	uint64_t back;
	size_t i;

	while (s < end) {
		struct block b = block_load(s);

		block_store(to, b);
		back = block_eq(b, '\\') & bits_low((size_t)(end - s));
		if (!back) {
			i = end - s < 64 ? (size_t)(end - s) : 64;
			s += i;
			to += i;
			continue;
		}
		i = (size_t)__builtin_ctzll(back);
		if (s[i + 1] == 'u')
			return SIZE_MAX;
		to[i] = meaning[(unsigned char)s[i + 1]];
		to += i + 1;
		s += i + 2;
	}
	return (size_t)(to - begin);
}

/* The text of ${v} in the level's scratch, with zero bytes around it. */
static struct span unescape(struct level *l, const struct value *v)
{
	static const char zero[128];
	const char *s = l->text + v->at + 1;
	size_t len = v->len - 2, n;
	char *to;

	buf_clear(&l->scratch);
	to = buf_reserve(&l->scratch, 64 + len + 192) + 64;
	n = unescape_short(to, s, len);
	l->scratch.len = 64;
	if (n == SIZE_MAX) {
		l->o->totals.lone_surrogates +=
			str_unescape(&l->scratch, s, len);
		buf_reserve(&l->scratch, 128);
		to = l->scratch.s + 64;
		n = l->scratch.len - 64;
	}
	memcpy(to - 64, zero, 64);
	memcpy(to + n, zero, 128);
	return (struct span){to, n};
}

/* A string with escapes, or that may hold JSON.  Statistics may move. */
static __attribute__((noinline)) void apply_slow(struct level *l,
						 const struct value *v)
{
	struct str_stat *st = tree_str(&l->o->tree, v->node);
	struct span text = unescape(l, v);
	struct look at = look(text.s, text.len);
	size_t chars = text.len - at.more;

	count_string(st, v->len, chars);
	apply_formats(st, text.s, text.len, at.head);
	if (l->o->extra)
		apply_extra(l->o, &st->extra, EXTRA_STR, text.s, text.len,
			    chars);
	apply_embedded(l, v, text);
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
		struct str_stat *st;

		if (__builtin_expect(!i, 0)) {
			tree_str(&o->tree, v->node);
			strs = t->strs;
			i = hot[v->node].str;
		}
		__builtin_prefetch(&strs[hot[ahead->node].str]);
		st = &strs[i];
		if (__builtin_expect(st->first.epoch > epoch, 0))
			apply_first(l, &st->first, v->at);
		if (__builtin_expect(at.escapes || may_embed(*s), 0)) {
			apply_slow(l, v);
			hot = t->hot;	/* embedded JSON may have moved them */
			strs = t->strs;
			continue;
		}
		count_string(st, len + 2, len - at.more);
		apply_formats(st, s, len, at.head);
		if (__builtin_expect(o->extra, 0))
			apply_extra(o, &st->extra, EXTRA_STR, s, len,
				    len - at.more);
	}
}
