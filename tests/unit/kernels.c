/*
 * Unit test of the scanner: all kernels agree with each other and with the
 * plain checker, on records that are good, broken in every place, and shifted
 * over the borders of blocks and stretches.
 */
#include <stdio.h>
#include <stdlib.h>

#include "agree.h"

static unsigned long checks, failures;
static uint64_t state = 88172645463325252ULL;

static uint32_t chance(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 33) % n;
}

static void check(const struct buf *b)
{
	checks++;
	if (agree(b->s, b->len))
		return;
	if (failures++ < 3)
		printf("on: %.*s\n", (int)b->len, b->s);
}

static const char *const pieces[] = {
	"{\"a\":1}", "{\"a\":1,\"b\":[true,false,null]}", "[]", "{}", "[[],{}]",
	"\"text\"", "\"\\\"\\\\\\u00e9\\ud83d\\ude00\\ud800\"", "0", "-0", "-1.5e+3",
	"1234567890123456789012345678901234567890", "true", "null",
	"{\"k\":{\"k\":{\"k\":{\"k\":[1,2.5,\"x\"]}}}}",
	"{\"dup\":1,\"dup\":\"2\",\"d\\u0075p\":null}",
	"{\"e\":\"{\\\"in\\\":[1,{\\\"x\\\":\\\"[2]\\\"}]}\"}",
	"{ \"a\" : 1 , \"b\" : \"x\" }", "[ 1 ,\t2 ]", "{\"\":\"\"}",
	"\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
	"{\"a key of more than thirty-two bytes, all of them plain\":[0]}",
	"{\"2014-08-31\":\"2014-08-31T00:29:15Z\",\"u\":\"http://a.b/c?d=e\"}",
	"[\"\\\\\",\"\\\\\\\\\",\"\\\\\\\"\",\"a\\\\\"]", "\"a\\/b\""
};
static const char *const damage[] = {
	"", ",", ":", "\"", "\\", "{", "}", "[", "]", " ", "\n", "1", "\x01",
	"\xff", "\xc3", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe0\x80\x80", "\x80",
	"nul", "tru", "01", "1.", ".5", "+1", "1e", "\"\"", "\\\"", "\t", "\r", "/",
	"\"a\" \"b\"", "\\u12", "\"\\x\"", "\"\\u12g4\"", "NaN", "{}{}", "\x1a", "\x0c"
};

static const char *pick_piece(void)
{
	return pieces[chance(sizeof(pieces) / sizeof(*pieces))];
}

static const char *pick_damage(void)
{
	return damage[chance(sizeof(damage) / sizeof(*damage))];
}

/* Records with white space of random length before: all places in a block. */
static void add_records(struct buf *b, uint32_t n)
{
	for (; n; n--) {
		for (uint32_t i = chance(4) ? 0 : chance(130); i; i--)
			buf_addc(b, ' ');
		if (!chance(5)) {
			buf_addc(b, '[');
			for (uint32_t i = chance(300); i; i--)
				buf_adds(b, "7,");
			buf_adds(b, "\"");
			for (uint32_t i = chance(200); i; i--)
				buf_adds(b, chance(9) ? "x" : "\xc3\xa9");
			buf_adds(b, "\",");
			buf_adds(b, pick_piece());
			buf_addc(b, ']');
		} else {
			buf_adds(b, pick_piece());
		}
		buf_adds(b, chance(6) ? "\n" : chance(2) ? "\r\n" : "\n\n");
	}
}

/* Puts something wrong, or just odd, at a random place. */
static void hurt(struct buf *b)
{
	size_t at = b->len ? chance((uint32_t)b->len) : 0;
	size_t drop = chance(3) && at < b->len ? 1 : 0;
	struct buf copy = {0};

	buf_add(&copy, b->s, at);
	buf_adds(&copy, pick_damage());
	buf_add(&copy, b->s + at + drop, b->len - at - drop);
	buf_release(b);
	*b = copy;
}

static void random_rounds(unsigned rounds)
{
	struct buf b = {0};

	for (unsigned i = 0; i < rounds; i++) {
		buf_clear(&b);
		add_records(&b, 1 + chance(12));
		for (uint32_t n = chance(4); n; n--)
			hurt(&b);
		check(&b);
	}
	buf_release(&b);
}

/* Each kind of damage at each place of one record, at the end of a block. */
static void every_place(const char *record)
{
	struct buf b = {0};

	for (size_t d = 0; d < sizeof(damage) / sizeof(*damage); d++)
		for (size_t at = 0; at <= strlen(record); at++) {
			buf_clear(&b);
			for (uint32_t i = 40 + chance(30); i; i--)
				buf_addc(&b, ' ');
			buf_add(&b, record, at);
			buf_adds(&b, damage[d]);
			buf_adds(&b, record + at);
			buf_adds(&b, "\n{\"after\":1}");
			check(&b);
		}
	buf_release(&b);
}

/* Stretches of 256 KiB end inside records, strings, runs of backslashes. */
static void long_lines(void)
{
	struct buf b = {0};

	for (size_t n = 262000; n < 262300; n += 13) {
		buf_clear(&b);
		buf_adds(&b, "{\"a\":\"");
		for (size_t i = 0; i < n; i++)
			buf_addc(&b, i % 97 ? 'x' : '{');
		buf_adds(&b, "\\\\\\\"\xe2\x82\xac\",\"b\":[1,{\"c\":2}]}\n[1\n");
		buf_adds(&b, "{\"a\":\"good\"}");
		check(&b);
	}
	buf_release(&b);
}

int main(void)
{
	int first = kernel_choose();

	if (first < 0)
		return 1;
	for (int k = 0; k < KERNELS; k++)
		printf("%s: %s\n", kernel_runs(k) ? "kernel" :
		       "skip: no machine for kernel", kernel_name(k));
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++)
		every_place(pieces[i]);
	long_lines();
	random_rounds(getenv("ROUNDS") ? (unsigned)atoi(getenv("ROUNDS"))
				       : 3000);
	if (failures) {
		printf("kernels: %lu of %lu checks failed\n", failures, checks);
		return 1;
	}
	printf("ok kernels: %lu checks\n", checks);
	return 0;
}
