/*
 * Unit test of lib/json/check: reasons and places, UTF-8, depth, and agreement
 * with an independent parser on damaged texts.
 */
#include <string.h>

#include "base/mem.h"
#include "gen.h"
#include "json/check.h"
#include "unit.h"
#include "yajl.h"

static const struct {
	const char *text;
	enum fault_class error;
	size_t at;
	const char *reason;
} faults[] = {
	{ "", FAULT_JSON, 0, "no value" },
	{ " \t\r\n", FAULT_JSON, 4, "no value" },
	{ "{\"a\":1 \"b\":2}", FAULT_JSON, 7,
	  "expected , or } after a value" },
	{ "[1 2]", FAULT_JSON, 3, "expected , or ] after a value" },
	{ "[1}", FAULT_JSON, 2, "expected , or ] after a value" },
	{ "{\"a\":1]", FAULT_JSON, 6, "expected , or } after a value" },
	{ "1 2", FAULT_JSON, 2, "text after the value" },
	{ "{}}", FAULT_JSON, 2, "text after the value" },
	{ "truefalse", FAULT_JSON, 4, "text after the value" },
	{ "1.2.3", FAULT_JSON, 3, "text after the value" },
	{ "0x10", FAULT_JSON, 1, "text after the value" },
	{ "01", FAULT_JSON, 1, "a number must not begin with 0" },
	{ "-00", FAULT_JSON, 2, "a number must not begin with 0" },
	{ "+1", FAULT_JSON, 0, "a number must not begin with +" },
	{ ".5", FAULT_JSON, 0, "expected a digit before the point" },
	{ "-.5", FAULT_JSON, 1, "expected a digit after -" },
	{ "-Infinity", FAULT_JSON, 1, "expected a digit after -" },
	{ "1.e5", FAULT_JSON, 2, "expected a digit after the point" },
	{ "1e+x", FAULT_JSON, 3, "expected a digit in the exponent" },
	{ "-", FAULT_JSON, 1, "the record ends inside a number" },
	{ "1.", FAULT_JSON, 2, "the record ends inside a number" },
	{ "1e", FAULT_JSON, 2, "the record ends inside a number" },
	{ "1e-", FAULT_JSON, 3, "the record ends inside a number" },
	{ "nulx", FAULT_JSON, 3, "expected null" },
	{ "t rue", FAULT_JSON, 1, "expected true" },
	{ "[fals]", FAULT_JSON, 5, "expected false" },
	{ "tru", FAULT_JSON, 3, "the record ends inside true, false or null" },
	{ "NaN", FAULT_JSON, 0,
	  "expected a value (NaN and Infinity are not JSON)" },
	{ "True", FAULT_JSON, 0,
	  "expected a value (true and false are lower case)" },
	{ "[1,/**/2]", FAULT_JSON, 3,
	  "expected a value (JSON has no comments)" },
	{ "['a']", FAULT_JSON, 1,
	  "expected a value (strings take double quotes)" },
	{ "[1,]", FAULT_JSON, 3, "expected a value before the bracket" },
	{ "[,1]", FAULT_JSON, 1, "expected a value before the comma" },
	{ "{\"a\":}", FAULT_JSON, 5, "expected a value before the bracket" },
	{ "]", FAULT_JSON, 0, "expected a value" },
	{ "\xef\xbb\xbf{}", FAULT_JSON, 0, "expected a value" },
	{ "{\"a\" 1}", FAULT_JSON, 5, "expected : after a key" },
	{ "{\"a\"}", FAULT_JSON, 4, "expected : after a key" },
	{ "{a:1}", FAULT_JSON, 1, "expected a key in quotes or }" },
	{ "{1:1}", FAULT_JSON, 1, "expected a key in quotes or }" },
	{ "{'a':1}", FAULT_JSON, 1, "expected a key in double quotes" },
	{ "{\"a\":1,}", FAULT_JSON, 7, "expected a key after the comma" },
	{ "{\"a\":1,b:2}", FAULT_JSON, 7, "expected a key in quotes" },
	{ "{", FAULT_JSON, 1, "the record ends inside an object" },
	{ "[{}, ", FAULT_JSON, 5, "the record ends inside an array" },
	{ "[{\"a\":", FAULT_JSON, 6, "the record ends inside an object" },
	{ "[\"a", FAULT_JSON, 3, "the record ends inside a string" },
	{ "\"a\\", FAULT_JSON, 3, "the record ends inside a string" },
	{ "\"\\u12", FAULT_JSON, 5, "the record ends inside a string" },
	{ "\"\\u12G4\"", FAULT_JSON, 5,
	  "expected four hexadecimal digits after \\u" },
	{ "\"a\\x\"", FAULT_JSON, 3,
	  "an escape that JSON does not have "
	  "(\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX)" },
	{ "\"a\x01\"", FAULT_JSON, 2,
	  "control character in a string (write it as \\u00XX)" },
	{ "\"a\tb\"", FAULT_JSON, 2, "a tab in a string (write it as \\t)" },
	{ "\"a\nb\"", FAULT_JSON, 2,
	  "a line end in a string (write it as \\n or \\r)" },
	{ "1\v", FAULT_JSON, 1, "text after the value" },
	{ "\xff", FAULT_UTF8, 0, "not UTF-8: a byte it never has" },
	{ "\"ab\x80\"", FAULT_UTF8, 3,
	  "not UTF-8: a continuation byte without a beginning" },
	{ "\"\xc0\xaf\"", FAULT_UTF8, 1, "not UTF-8: an overlong form" },
	{ "\"\xe0\x9f\xbf\"", FAULT_UTF8, 1, "not UTF-8: an overlong form" },
	{ "\"\xf0\x8f\xbf\xbf\"", FAULT_UTF8, 1,
	  "not UTF-8: an overlong form" },
	{ "\"\xed\xa0\x80\"", FAULT_UTF8, 1,
	  "not UTF-8: a surrogate (write it as \\uDXXX)" },
	{ "\"\xf4\x90\x80\x80\"", FAULT_UTF8, 1,
	  "not UTF-8: beyond U+10FFFF" },
	{ "\"\xe2\x82", FAULT_UTF8, 1,
	  "not UTF-8: a sequence of bytes is cut short" },
	{ "\"\xe2\x82\"", FAULT_UTF8, 1,
	  "not UTF-8: a sequence of bytes is cut short" },
	{ "\"\\\xff\"", FAULT_UTF8, 2, "not UTF-8: a byte it never has" },
	/* Of several faults the first. */
	{ "[01,\"\xff\"", FAULT_JSON, 2, "a number must not begin with 0" },
	{ "[\"\xff\",01]", FAULT_UTF8, 2, "not UTF-8: a byte it never has" },
	{ "[[[[[01]]]]]", FAULT_DEPTH, 4,
	  "nested deeper than --max-depth allows" },
	{ "[[[[{}]]]]", FAULT_DEPTH, 4,
	  "nested deeper than --max-depth allows" }
};

static void test_faults(void)
{
	struct json_fault f;
	size_t i;
	bool ok;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		ok = json_check(faults[i].text, strlen(faults[i].text), 4,
				&f) < 0 &&
		     f.error == faults[i].error && f.at == faults[i].at &&
		     !strcmp(f.reason, faults[i].reason);
		CHECK(ok);
		if (!ok)
			printf("%s: %s at %zu: %s\n", faults[i].text,
			       fault_name(f.error), f.at, f.reason);
	}
	CHECK(json_check("\"a\0b\"", 5, 4, &f) < 0 && f.at == 2);
	CHECK(json_check("[\0]", 3, 4, &f) < 0 && f.at == 1 &&
	      !strcmp(f.reason, "expected a value, not a NUL byte"));
	CHECK(json_check("[]\0", 3, 4, &f) < 0 && f.at == 2);
}

static void test_good(void)
{
	static const char *const good[] = {
		"0", "-0", "-0.0e-0", "1E+400", " [ ] ", "\r\n{}\t", "\"\"",
		"\"\\u0000\\ud800\\\"\x7f\"", "[[[[]]]]",
		"{\"a\":[{\"\":null}],\"a\":[true,false]}", "null"
	};
	struct json_fault f;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK(!json_check(good[i], strlen(good[i]), 4, &f));
		CHECK(f.error == FAULT_NONE);
	}
	CHECK(!json_check("1", 1, 0, &f));
	CHECK(json_check("[]", 2, 0, &f) < 0 && f.error == FAULT_DEPTH);
}

/* Arrays and objects in turn, ${depth} of them; the last one at ${*last}. */
static void deep(struct buf *b, size_t depth, size_t *last)
{
	size_t i;

	buf_clear(b);
	for (i = 0; i < depth; i++) {
		*last = b->len;
		buf_adds(b, i % 3 ? "[" : "{\"k\":");
	}
	buf_adds(b, "0");
	for (i = depth; i--;)
		buf_addc(b, i % 3 ? ']' : '}');
}

static void test_depth(void)
{
	static const uint32_t depths[] = {
		1, 63, 64, 65, 2047, 2048, 2049, 4096, 4097, 1000000
	};
	struct json_fault f;
	struct buf b = {0};
	size_t i, last = 0;

	for (i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		deep(&b, depths[i], &last);
		CHECK(!json_check(b.s, b.len, depths[i], &f));
		CHECK(json_check(b.s, b.len, depths[i] - 1, &f) < 0);
		CHECK(f.error == FAULT_DEPTH && f.at == last);
		b.s[b.len - 1] ^= '}' ^ ']';
		CHECK(json_check(b.s, b.len, UINT32_MAX, &f) < 0);
		CHECK(f.error == FAULT_JSON && f.at == b.len - 1);
	}
	buf_release(&b);
}

/* One sequence of four bytes, in a string and alone. */
static bool utf8_agrees(const unsigned char *bytes)
{
	struct json_fault f;
	char s[6] = { '"', 0, 0, 0, 0, '"' };
	size_t valid;

	memcpy(s + 1, bytes, 4);
	valid = decodes(s, 6);
	if (utf8_valid_prefix(s, 6) != valid)
		return false;
	if (!json_check(s, 6, 1, &f))
		return valid == 6;
	/* A quote, backslash or control character may come first. */
	return f.error == FAULT_UTF8 ? f.at == valid : f.at <= valid;
}

static void test_utf8(void)
{
	static const unsigned char tail[] = { 'a', 0x7f, 0x80, 0xbf, 0xc0 };
	unsigned char s[4];
	unsigned bad = 0, n = sizeof(tail), i;

	for (i = 0; i < 65536 * n * n; i++) {
		s[0] = (unsigned char)(i / n / n >> 8);
		s[1] = (unsigned char)(i / n / n);
		s[2] = tail[i / n % n];
		s[3] = tail[i % n];
		bad += !utf8_agrees(s);
	}
	CHECK(!bad);
}

/* Every length and place of a fault, past the steps of eight bytes. */
static void test_utf8_prefix(void)
{
	char s[40];
	size_t len, at;

	for (len = 0; len <= sizeof(s); len++) {
		memset(s, 'a', sizeof(s));
		CHECK(utf8_valid_prefix(s, len) == len);
		for (at = 0; at < len; at++) {
			memset(s, 'a', sizeof(s));
			s[at] = (char)0xbf;
			CHECK(utf8_valid_prefix(s, len) == at);
			s[at] = (char)0xc3;
			CHECK(utf8_valid_prefix(s, len) == at);
		}
	}
}

/*
 * What every verdict promises: up to the fault the text could go on to be
 * valid; cut anywhere before it, the end is the fault; cut behind it, nothing
 * changes.
 */
static bool prefixes_agree(const char *s, size_t len,
			   const struct json_fault *fault)
{
	struct json_fault f;
	size_t at;

	for (at = 0; at < fault->at; at++)
		if (json_check(s, at, 100, &f) < 0 && f.at != at &&
		    f.error != FAULT_UTF8)
			return false;
	if (fault->error == FAULT_UTF8)
		return decodes(s, len) == fault->at;
	if (decodes(s, len) <= fault->at || !may_become_json(s, fault->at))
		return false;
	/* The whole character, lest it be taken for bad UTF-8. */
	at += decode((const unsigned char *)s + at, len - at);
	json_check(s, at, 100, &f);
	return f.error == fault->error && f.at == fault->at &&
	       f.reason == fault->reason;
}

static bool agrees(const struct buf *b)
{
	struct json_fault f;
	char *copy = mem_alloc(b->len);	/* no room behind it */
	bool good;

	memcpy(copy, b->s, b->len);
	good = !json_check(copy, b->len, 100, &f);
	if (good == is_json(copy, b->len))
		good = good || f.at == b->len ||
		       prefixes_agree(copy, b->len, &f);
	else
		good = false;
	free(copy);
	return good;
}

static void test_random(void)
{
	struct buf b = {0}, shown = {0};
	size_t i, n;
	bool ok;

	for (i = 0; i < 60000; i++) {
		buf_clear(&b);
		gen_value(&b, 4);
		for (n = gen(4); n; n--)
			gen_damage(&b);
		ok = agrees(&b);
		CHECK(ok);
		if (ok)
			continue;
		buf_clear(&shown);
		buf_add_visible(&shown, b.s, b.len);
		printf("\t%.*s\n", (int)shown.len, shown.s);
	}
	buf_release(&b);
	buf_release(&shown);
}

static void test_names(void)
{
	static const char *const names[] = {
		"none", "json", "utf8", "depth", "size", "expr", "io", "worker",
		"fetch", "config"
	};
	int i;

	for (i = FAULT_NONE; i <= FAULT_CONFIG; i++)
		CHECK(!strcmp(fault_name((enum fault_class)i), names[i]));
}

int main(void)
{
	test_names();
	test_good();
	test_faults();
	test_depth();
	test_utf8();
	test_utf8_prefix();
	test_random();
	return unit_end("check");
}
