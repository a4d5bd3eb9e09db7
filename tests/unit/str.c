/*
 * Unit test of lib/json/str.  Texts are built code point by code point, each
 * written in one of the ways JSON has, next to the UTF-8 that iconv(3) makes.
 */
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "gen.h"
#include "json/check.h"
#include "json/str.h"
#include "unit.h"

struct sample {
	struct buf raw;		/* as between quotes */
	struct buf text;	/* unescaped */
	size_t chars;
	size_t lone;
};

static bool is_surrogate(uint32_t code)
{
	return code >= 0xd800 && code <= 0xdfff;
}

/* The bytes of ${code}; iconv knows no surrogates. */
static void add_utf8(struct buf *b, iconv_t to_utf8, uint32_t code)
{
	unsigned char in[4] = {
		(unsigned char)code, (unsigned char)(code >> 8),
		(unsigned char)(code >> 16), 0
	};
	char *from = (char *)in, *to = buf_reserve(b, 8);
	size_t left = 4, room = 8;

	if (is_surrogate(code)) {
		buf_addc(b, '\xed');
		buf_addc(b, (char)(code < 0xdc00 ? 0xa0 + (code - 0xd800) / 64
					: 0xb0 + (code - 0xdc00) / 64));
		buf_addc(b, (char)(0x80 + code % 64));
		return;
	}
	CHECK(iconv(to_utf8, &from, &left, &to, &room) == 0);
	b->len += 8 - room;
}

static void add_unit(struct buf *b, uint32_t unit)
{
	char hex[8];

	snprintf(hex, sizeof(hex), gen(2) ? "%04x" : "%04X", unit & 0xffff);
	buf_adds(b, "\\u");
	buf_adds(b, hex);
}

/* ${code} in one of the ways a string may have it. */
static void add_raw(struct buf *b, iconv_t to_utf8, uint32_t code)
{
	static const char plain[] = "\"\\/\b\f\n\r\t", letters[] = "\"\\/bfnrt";
	const char *found = code ? strchr(plain, (int)code) : NULL;

	if (code < 0x80 && found && gen(2)) {
		buf_addc(b, '\\');
		buf_addc(b, letters[found - plain]);
	} else if (code > 0xffff && gen(2)) {
		add_unit(b, 0xd800 + ((code - 0x10000) >> 10));
		add_unit(b, 0xdc00 + ((code - 0x10000) & 0x3ff));
	} else if (code > 0xffff || (gen(2) && code >= 0x20 && code != '"' &&
				     code != '\\' && !is_surrogate(code))) {
		add_utf8(b, to_utf8, code);
	} else {
		add_unit(b, code);
	}
}

static uint32_t random_code(void)
{
	static const uint32_t edges[] = {
		0, 0x1f, 0x20, '"', '\\', '/', '\n', 0x7e, 0x7f, 0x80, 0x7ff,
		0x800, 0xcfff, 0xd000, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff,
		0xe000, 0xfffe, 0xffff, 0x10000, 0x1f600, 0x10ffff
	};

	switch (gen(5)) {
	case 0:
		return GEN_PICK(edges);
	case 1:
		return (uint32_t)gen(0x110000);
	case 2:
		return (uint32_t)gen(0x20);
	default:
		return 'a' + (uint32_t)gen(26);
	}
}

/* A low surrogate behind a high one would be a pair: it is left out. */
static void make_sample(struct sample *s, iconv_t to_utf8)
{
	size_t n = gen(gen(10) ? 20 : 3000), i;
	uint32_t code, last = 0;

	buf_clear(&s->raw);
	buf_clear(&s->text);
	s->chars = s->lone = 0;
	for (i = 0; i < n; i++, last = code) {
		code = random_code();
		if (last >= 0xd800 && last <= 0xdbff && is_surrogate(code))
			code = 'x';
		add_raw(&s->raw, to_utf8, code);
		add_utf8(&s->text, to_utf8, code);
		s->chars++;
		s->lone += is_surrogate(code);
	}
}

static bool is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->s, b->s, a->len));
}

/* Writes the text, checks the result, and reads it back. */
static bool comes_back(const struct sample *s)
{
	struct json_fault fault;
	struct buf json = {0}, back = {0};
	size_t i;
	bool ok;

	str_write(&json, s->text.s, s->text.len);
	ok = !json_check(json.s, json.len, 0, &fault);
	for (i = 0; i < json.len; i++)
		ok = ok && (unsigned char)json.s[i] >= 0x20 &&
		     json.s[i] != 0x7f;
	str_unescape(&back, json.s + 1, json.len - 2);
	ok = ok && is_same(&back, &s->text);
	buf_release(&json);
	buf_release(&back);
	return ok;
}

static bool holds(const struct sample *s)
{
	struct buf out = {0};
	char *raw = mem_alloc(s->raw.len);	/* no room behind it */
	size_t chars, lone;
	bool ok;

	if (s->raw.len)
		memcpy(raw, s->raw.s, s->raw.len);
	buf_adds(&out, "before");
	ok = str_escapes(raw, s->raw.len, &chars, &lone) &&
	     chars == s->chars && lone == s->lone &&
	     str_unescape(&out, raw, s->raw.len) == s->lone &&
	     str_chars(s->text.s, s->text.len) == s->chars;
	memmove(out.s, out.s + 6, out.len -= 6);
	ok = ok && is_same(&out, &s->text) && comes_back(s);
	free(raw);
	buf_release(&out);
	return ok;
}

static void test_random(void)
{
	iconv_t to_utf8 = iconv_open("UTF-8", "UTF-32LE");
	struct sample s = {0};
	size_t i;
	bool ok;

	CHECK(to_utf8 != (iconv_t)-1);
	for (i = 0; i < 6000; i++) {
		make_sample(&s, to_utf8);
		ok = holds(&s);
		CHECK(ok);
		if (!ok)
			printf("\t%.*s\n", (int)s.raw.len, s.raw.s);
	}
	iconv_close(to_utf8);
	buf_release(&s.raw);
	buf_release(&s.text);
}

static void test_bad_escapes(void)
{
	static const char *const bad[] = {
		"\\", "abc\\", "\\x", "\\u", "\\u1", "\\u12", "\\u123",
		"\\u123g", "\\u 123", "\\u12\\n", "\\U0041", "\\'", "\\0",
		"\\ud83d\\u12", "\\ud83d\\", "\\ud83d\\x", "\\a", "\\v",
		"\\\\\\", "\\n\\\xc3\xa9", "\\u00e\xc3\xa9"
	};
	size_t i, chars, lone;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!str_escapes(bad[i], strlen(bad[i]), &chars, &lone));
	/* What is cut off does not count. */
	CHECK(!str_escapes("\\u0041", 5, &chars, &lone));
	CHECK(str_escapes("\\ud83d\\ude00", 6, &chars, &lone));
	CHECK(chars == 1 && lone == 1);
	CHECK(str_escapes("\\ude00\\ud83d\\ud83d\\ude00", 24, &chars, &lone));
	CHECK(chars == 3 && lone == 2);
}

/* Every byte of ASCII, and the borders of what is escaped beyond. */
static void test_write(void)
{
	static const char *const names[0x20] = {
		['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n", ['\r'] = "\\r",
		['\t'] = "\\t"
	};
	struct buf out = {0}, want = {0};
	int c;

	for (c = 0; c < 0x80; c++) {
		char text[3] = { 'a', (char)c, 'b' };

		buf_clear(&out);
		buf_clear(&want);
		buf_adds(&want, "\"a");
		if (c < 0x20 && names[c])
			buf_adds(&want, names[c]);
		else if (c < 0x20 || c == 0x7f)
			buf_addf(&want, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			buf_addf(&want, "\\%c", c);
		else
			buf_addc(&want, (char)c);
		buf_adds(&want, "b\"");
		str_write(&out, text, 3);
		CHECK(is_same(&out, &want));
	}
	buf_clear(&out);
	str_write(&out, NULL, 0);
	CHECK(same(&out, "\"\""));
	buf_clear(&out);
	str_write(&out, "\xed\x9f\xbf\xed\xa0\x80\xed\xbf\xbf\xee\x80\x80", 12);
	CHECK(same(&out, "\"\xed\x9f\xbf\\ud800\\udfff\xee\x80\x80\""));
	buf_release(&out);
	buf_release(&want);
}

/* Against a plain loop, for every length around the steps of the fast one. */
static void test_chars(void)
{
	static const char kinds[] = "a\x80\xbf\xc3\xff\x40\x7f\xc0";
	char text[6000];
	size_t round, len, want, i;

	CHECK(str_chars(NULL, 0) == 0);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < sizeof(text); i++)
			text[i] = round ? kinds[gen(8)] : '\x80';
		for (len = want = 0; len < sizeof(text); len++) {
			CHECK(str_chars(text, len) == want);
			want += ((unsigned char)text[len] & 0xc0) != 0x80;
		}
	}
}

int main(void)
{
	test_random();
	test_bad_escapes();
	test_write();
	test_chars();
	return unit_end("str");
}
