/*
 * gen -- random JSON texts for tests, the same ones in every run.
 */
#ifndef UNIT_GEN_H
#define UNIT_GEN_H

#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"

/* Linear congruential, with the multiplier of Knuth's MMIX. */
static uint64_t gen_state = 1;

/* 0 to ${n} - 1; the upper bits are the good ones. */
static inline size_t gen(size_t n)
{
	gen_state = gen_state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(gen_state >> 33) % n;
}

#define GEN_PICK(list) ((list)[gen(sizeof(list) / sizeof((list)[0]))])

static inline void gen_digits(struct buf *b, size_t n)
{
	while (n--)
		buf_addc(b, (char)('0' + (gen(3) ? gen(10) : gen(2) * 9)));
}

/* A number with up to ${most} digits a part, exponent up to ${top}. */
static inline void gen_number(struct buf *b, size_t most, size_t top)
{
	static const char *const signs[] = {
		"e", "E", "e+", "e-", "E-", "e-0"
	};

	if (!gen(3))
		buf_addc(b, '-');
	if (!gen(4)) {
		buf_addc(b, '0');
	} else {
		buf_addc(b, (char)('1' + gen(9)));
		gen_digits(b, gen(most));
	}
	if (!gen(3)) {
		buf_addc(b, '.');
		gen_digits(b, 1 + gen(most));
	}
	if (!gen(4)) {
		buf_adds(b, GEN_PICK(signs));
		buf_addu(b, gen(top + 1));
	}
}

static inline void gen_string(struct buf *b)
{
	static const char *const bits[] = {
		"a", "Z", "key", " ", "\\n", "\\\"", "\\\\", "\\/", "\\u0041",
		"\\ud83d\\ude00", "\\uD800", "\\udfff", "\xc3\xa9",
		"\xe2\x82\xac", "\xed\x9f\xbf", "\xf0\x9f\x98\x80", "\x7f",
		"{", "]", ":", ",", "/*", "'"
	};
	size_t n = gen(gen(8) ? 5 : 40);

	buf_addc(b, '"');
	while (n--)
		buf_adds(b, GEN_PICK(bits));
	buf_addc(b, '"');
}

static inline void gen_blank(struct buf *b)
{
	if (!gen(4))
		buf_addc(b, " \t\r\n"[gen(4)]);
}

/* A value of at most ${depth} containers inside each other. */
static inline void gen_value(struct buf *b, unsigned depth)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t kind = gen(depth ? 7 : 3), n;

	gen_blank(b);
	if (kind == 0) {
		buf_adds(b, GEN_PICK(words));
	} else if (kind == 1) {
		gen_number(b, 12, 400);
	} else if (kind == 2) {
		gen_string(b);
	} else {
		buf_addc(b, kind < 5 ? '[' : '{');
		gen_blank(b);
		for (n = gen(4); n; n--) {
			if (kind >= 5) {
				gen_string(b);
				gen_blank(b);
				buf_addc(b, ':');
			}
			gen_value(b, depth - 1);
			if (n > 1) {
				buf_addc(b, ',');
				gen_blank(b);
			}
		}
		buf_addc(b, kind < 5 ? ']' : '}');
	}
	gen_blank(b);
}

/* Damages ${b}: takes bytes out, puts some in, exchanges one. */
static inline void gen_damage(struct buf *b)
{
	static const char bytes[] = "{}[]:,\"\\'0123456789.eE+-tfnul/aux "
		"\t\n\r\v\f\x01\x1f\x7f\x80\xbf\xc0\xc2\xe0\xed\xa0\xf0"
		"\xf4\x90\xf8\xff";
	size_t at = gen(b->len + 1), n;

	switch (gen(4)) {
	case 0:
		b->len = at;
		break;
	case 1:
		n = gen(b->len - at + 1) % 4;
		memmove(b->s + at, b->s + at + n, b->len - at - n);
		b->len -= n;
		break;
	case 2:
		buf_reserve(b, 1);
		memmove(b->s + at + 1, b->s + at, b->len - at);
		b->s[at] = bytes[gen(sizeof(bytes))];
		b->len++;
		break;
	default:
		if (at < b->len)
			b->s[at] = bytes[gen(sizeof(bytes))];
		break;
	}
}

#endif
