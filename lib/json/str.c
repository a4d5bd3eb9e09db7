/*
 * str -- the text of JSON strings: unescaping, counting, writing.
 */
#include <string.h>

#include "json/str.h"

#define EACH_BYTE 0x0101010101010101u

/* Worth of a hexadecimal digit plus 1; 0 for every other byte. */
static const unsigned char hex_digit[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5,
	['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
	['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16
};

/* What \x stands for, for the escapes of two characters; 0 for the rest. */
static const char short_escape[256] = {
	['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f',
	['n'] = '\n', ['r'] = '\r', ['t'] = '\t'
};

/* The \uXXXX at ${s} as a number; -1 when it is none. */
static int32_t unit(const char *s, size_t left)
{
	uint32_t a, b, c, d;

	if (left < 6 || s[0] != '\\' || s[1] != 'u')
		return -1;
	a = hex_digit[(unsigned char)s[2]];
	b = hex_digit[(unsigned char)s[3]];
	c = hex_digit[(unsigned char)s[4]];
	d = hex_digit[(unsigned char)s[5]];
	if (!a || !b || !c || !d)
		return -1;
	return (int32_t)((a - 1) << 12 | (b - 1) << 8 | (c - 1) << 4 | (d - 1));
}

static bool is_high(int32_t code)
{
	return code >= 0xd800 && code <= 0xdbff;
}

static bool is_low(int32_t code)
{
	return code >= 0xdc00 && code <= 0xdfff;
}

/*
 * Length of the escape at ${s}, 12 for a pair of surrogates; 0 for a wrong
 * one.  Sets ${*code} to its code point; 0xd800 to 0xdfff is a lone surrogate.
 */
static size_t escape(const char *s, size_t left, int32_t *code)
{
	int32_t low;

	if (left < 2)
		return 0;
	*code = short_escape[(unsigned char)s[1]];
	if (*code)
		return 2;
	*code = unit(s, left);
	if (*code < 0)
		return 0;
	if (is_high(*code) && left >= 12) {
		low = unit(s + 6, left - 6);
		if (is_low(low)) {
			*code = 0x10000 + ((*code & 0x3ff) << 10) +
				(low & 0x3ff);
			return 12;
		}
	}
	return 6;
}

/* UTF-8 of ${code}; a lone surrogate gets the three bytes it would have. */
static char *put_code(char *to, int32_t code)
{
	uint32_t u = (uint32_t)code;

	if (u < 0x80) {
		*to++ = (char)u;
		return to;
	}
	if (u < 0x800) {
		*to++ = (char)(0xc0 | u >> 6);
	} else {
		if (u < 0x10000) {
			*to++ = (char)(0xe0 | u >> 12);
		} else {
			*to++ = (char)(0xf0 | u >> 18);
			*to++ = (char)(0x80 | (u >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (u >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (u & 0x3f));
	return to;
}

/* The next backslash at or behind ${s}, or ${end}. */
static const char *next_escape(const char *s, const char *end)
{
	const char *found;

	if (s == end || *s == '\\')
		return s;
	found = memchr(s, '\\', (size_t)(end - s));
	return found ? found : end;
}

size_t str_unescape(struct buf *out, const char *raw, size_t len)
{
	const char *end = raw + len, *next;
	char *to = buf_reserve(out, len);	/* never longer than raw */
	size_t lone = 0, n;
	int32_t code;

	while (raw < end) {
		next = next_escape(raw, end);
		memcpy(to, raw, (size_t)(next - raw));
		to += next - raw;
		raw = next;
		if (raw == end)
			break;
		n = escape(raw, (size_t)(end - raw), &code);
		if (!n)
			break;	/* not validated: what follows is dropped */
		to = put_code(to, code);
		lone += is_high(code) || is_low(code);
		raw += n;
	}
	out->len = (size_t)(to - out->s);
	return lone;
}

bool str_escapes(const char *raw, size_t len, size_t *chars, size_t *lone)
{
	const char *s = raw, *end = raw + len;
	size_t n, saved = 0, alone = 0;
	int32_t code;

	for (s = next_escape(s, end); s < end; s = next_escape(s + n, end)) {
		n = escape(s, (size_t)(end - s), &code);
		if (!n)
			return false;
		saved += n - 1;
		alone += is_high(code) || is_low(code);
	}
	*chars = str_chars(raw, len) - saved;
	*lone = alone;
	return true;
}

/* 1 in each byte of ${word} that is a continuation byte, 10xxxxxx. */
static uint64_t continuations(uint64_t word)
{
	return word >> 7 & ~word >> 6 & EACH_BYTE;
}

/* Sum of the eight bytes of ${word}, which must stay under 2^16. */
static size_t sum_bytes(uint64_t word)
{
	const uint64_t even = 0x00ff00ff00ff00ffu;

	word = (word & even) + (word >> 8 & even);
	return (size_t)(word * 0x0001000100010001u >> 48);
}

/* Every byte but a continuation byte begins a code point. */
size_t str_chars(const char *text, size_t len)
{
	const char *s = text, *end = text + len, *stop;
	size_t more = 0;
	uint64_t word, sums;

	while (end - s >= 8) {
		/* A byte of sums holds 255 at most. */
		stop = end - s >= 255 * 8 ? s + (ptrdiff_t)255 * 8
					  : s + ((end - s) & ~(ptrdiff_t)7);
		for (sums = 0; s < stop; s += 8) {
			memcpy(&word, s, sizeof(word));
			sums += continuations(word);
		}
		more += sum_bytes(sums);
	}
	for (; s < end; s++)
		more += ((unsigned char)*s & 0xc0) == 0x80;
	return len - more;
}

/* How str_write() handles a byte. */
enum { PLAIN, CONTROL, SURROGATE };	/* other values: \ and the value */

static const char written[256] = {
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	'b', 't', 'n', CONTROL, 'f', 'r', CONTROL, CONTROL,
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	['"'] = '"', ['\\'] = '\\', [0x7f] = CONTROL, [0xed] = SURROGATE
};

/* \uXXXX in lower case. */
static void put_unit(struct buf *out, uint32_t code)
{
	static const char hex[] = "0123456789abcdef";
	char *to = buf_reserve(out, 6);

	to[0] = '\\';
	to[1] = 'u';
	to[2] = hex[code >> 12 & 15];
	to[3] = hex[code >> 8 & 15];
	to[4] = hex[code >> 4 & 15];
	to[5] = hex[code & 15];
	out->len += 6;
}

/*
 * Does the byte at ${s} need an escape?  Surrogates are ED A0 80 to ED BF BF;
 * ED 80 to ED 9F begin characters.
 */
static bool is_special(const unsigned char *s, size_t left)
{
	if (written[s[0]] == SURROGATE)
		return left >= 3 && s[1] >= 0xa0;
	return written[s[0]] != PLAIN;
}

/* Writes the special byte or surrogate at ${s}; returns its bytes. */
static size_t write_special(struct buf *out, const unsigned char *s)
{
	char how = written[s[0]];

	if (how == SURROGATE) {
		put_unit(out, 0xd000 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu));
		return 3;
	}
	if (how == CONTROL) {
		put_unit(out, s[0]);
	} else {
		buf_addc(out, '\\');
		buf_addc(out, how);
	}
	return 1;
}

void str_write(struct buf *out, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t run = 0, pos = 0;

	buf_reserve(out, len + 2);
	buf_addc(out, '"');
	while (pos < len) {
		if (!is_special(s + pos, len - pos)) {
			pos++;
			continue;
		}
		buf_add(out, text + run, pos - run);
		pos += write_special(out, s + pos);
		run = pos;
	}
	buf_add(out, text + run, len - run);
	buf_addc(out, '"');
}
