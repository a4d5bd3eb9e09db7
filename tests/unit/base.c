/*
 * Unit test of lib/base: buffers, messages, memory, numbers with suffixes.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/opts.h"
#include "unit.h"

static void test_buf(void)
{
	struct buf b = {0};
	size_t i;

	for (i = 0; i < 100000; i++)
		buf_addc(&b, (char)('a' + i % 26));
	CHECK(b.len == 100000 && b.s[99999] == (char)('a' + 99999 % 26));
	buf_clear(&b);
	buf_add(&b, NULL, 0);
	CHECK(b.len == 0 && b.cap >= 100000);
	buf_addu(&b, 0);
	buf_addc(&b, ' ');
	buf_addu(&b, UINT64_MAX);
	buf_addc(&b, ' ');
	buf_addi(&b, INT64_MIN);
	buf_addc(&b, ' ');
	buf_addi(&b, -1);
	CHECK(same(&b, "0 18446744073709551615 -9223372036854775808 -1"));
	buf_clear(&b);
	buf_addf(&b, "%0300d|", 7);
	buf_addf(&b, "%s", "x");
	CHECK(b.len == 302 && b.s[299] == '7' && b.s[301] == 'x');
	CHECK(buf_cstr(&b)[302] == '\0' && b.len == 302);
	buf_release(&b);
	CHECK(!b.s && !b.len && !b.cap);
	buf_release(&b);
}

static void test_visible(void)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{ "plain \\ text", "plain \\ text" },
		{ "\x1b[31m\r\n\t", "\\x1b[31m\\x0d\\x0a\\x09" },
		{ "\x7f", "\\x7f" },
		{ "\xc2\x9bK", "\\xc2\\x9bK" },		/* C1 as UTF-8 */
		{ "\xc2\xa0", "\xc2\xa0" },
		{ "\x9b", "\\x9b" },			/* no UTF-8 */
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		  "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "\xe2\x82", "\\xe2\\x82" },		/* cut off */
		{ "\xc0\x80", "\\xc0\\x80" },		/* overlong */
		{ "\xe0\x9f\xbf", "\\xe0\\x9f\\xbf" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },	/* a surrogate */
		{ "\xf0\x8f\xbf\xbf", "\\xf0\\x8f\\xbf\\xbf" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\xe2\x28\xa1", "\\xe2(\\xa1" },
	};
	struct buf b = {0};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		buf_add_visible(&b, cases[i].from, strlen(cases[i].from));
		CHECK(same(&b, cases[i].to));
	}
	buf_clear(&b);
	buf_add_visible(&b, "a\0b", 3);
	CHECK(same(&b, "a\\x00b"));
	buf_release(&b);
}

static int one_message(const void *text)
{
	err_init("/some/where/prog\x07");
	errno = ENOENT;
	err_msg("%s", (const char *)text);
	return errno == ENOENT ? 0 : 1;
}

static void test_err(void)
{
	struct buf text = {0};
	char *longest = mem_alloc(100001);

	CHECK(!in_child(one_message, "a\x1b]0;x\x07\nb\xc2\x85", &text));
	CHECK(same(&text, "prog\\x07: a\\x1b]0;x\\x07\\x0ab\\xc2\\x85\n"));

	memset(longest, '\x01', 100000);
	longest[100000] = '\0';
	CHECK(!in_child(one_message, longest, &text));
	CHECK(text.len <= 4096 && text.len > 4000);
	CHECK(!memcmp(text.s + text.len - 4, "...\n", 4));
	CHECK(memchr(text.s, '\n', text.len) == text.s + text.len - 1);
	free(longest);
	buf_release(&text);
}

static void test_rc(void)
{
	static const int order[] = {
		RC_USAGE, RC_FAILED, RC_STOPPED, RC_FINDING, RC_DONE
	};
	size_t i, j;

	for (i = 0; i < 5; i++)
		for (j = i; j < 5; j++) {
			CHECK(rc_join(order[i], order[j]) == order[i]);
			CHECK(rc_join(order[j], order[i]) == order[i]);
		}
}

static void hook(void)
{
	err_msg("hook");
}

static int too_much(const void *arg)
{
	(void)arg;
	err_init("prog");
	mem_on_failure(hook);
	free(mem_alloc(SIZE_MAX / 2));
	return 0;
}

static int overflow(const void *arg)
{
	(void)arg;
	free(mem_zalloc(SIZE_MAX / 2, 4));
	return 0;
}

static void test_mem(void)
{
	struct buf text = {0};
	uint64_t *items = NULL;
	size_t cap = 0, i;
	char *copy;

	for (i = 0; i < 1000; i++) {
		mem_grow(&items, &cap, i + 1, sizeof(*items));
		items[i] = i;
	}
	CHECK(items[0] == 0 && items[999] == 999 && cap >= 1000);
	free(items);
	copy = mem_dup("a\0b", 3);
	CHECK(!memcmp(copy, "a\0b", 4));
	free(copy);
	copy = mem_aligned(64, 1);
	CHECK((uintptr_t)copy % 64 == 0);
	free(copy);

	CHECK(in_child(too_much, NULL, &text) == RC_FAILED);
	/* Sanitizers have something to say before it. */
	CHECK(strstr(buf_cstr(&text), "prog: hook\nprog: out of memory"));
	CHECK(in_child(overflow, NULL, &text) == RC_FAILED);
	buf_release(&text);
}

enum number { NUMBER, BYTES, TIME };

static void number(enum number kind, const char *s, bool good, uint64_t want)
{
	uint64_t n = 12345;
	int rc = kind == BYTES ? opt_bytes(s, &n) :
		 kind == TIME ? opt_time(s, &n) : opt_number(s, &n);

	checks++;
	if (rc == (good ? 0 : -1) && n == (good ? want : 12345))
		return;
	failures++;
	printf("number %d '%s': %d, %llu\n", (int)kind, s, rc,
	       (unsigned long long)n);
}

static void test_numbers(void)
{
	static const char *const bad[] = {
		"", " 1", "1 ", "-1", "+1", "0x10", "1.5", "K", "1KB", "1k",
		"1KK", "18446744073709551616", "99999999999999999999999", "1e3"
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		number(NUMBER, bad[i], false, 0);
		number(BYTES, bad[i], false, 0);
		number(TIME, bad[i], false, 0);
	}
	number(NUMBER, "18446744073709551615", true, UINT64_MAX);
	number(NUMBER, "007", true, 7);
	number(NUMBER, "1K", false, 0);
	number(BYTES, "64K", true, 65536);
	number(BYTES, "1M", true, 1048576);
	number(BYTES, "2G", true, (uint64_t)2 << 30);
	number(BYTES, "3T", true, (uint64_t)3 << 40);
	number(BYTES, "17", true, 17);
	number(BYTES, "16777215T", true, (uint64_t)16777215 << 40);
	number(BYTES, "16777216T", false, 0);
	number(TIME, "500ms", true, 500);
	number(TIME, "60", true, 60000);
	number(TIME, "30s", true, 30000);
	number(TIME, "60m", true, 3600000);
	number(TIME, "2h", true, 7200000);
	number(TIME, "1d", true, 86400000);
	number(TIME, "1w", false, 0);
	number(TIME, "18446744073709551615", false, 0);
}

int main(void)
{
	test_buf();
	test_visible();
	test_rc();
	test_err();
	test_mem();
	test_numbers();
	return unit_end("base");
}
