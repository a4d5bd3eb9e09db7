/*
 * Unit test of lib/json/sortkey.h, lib/stream/sorter.h and scratch.h: keys in
 * the order of expr_order(), items in the order of a plain stable sort.
 */
#include <dirent.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "json/expr.h"
#include "json/sortkey.h"
#include "stream/scratch.h"
#include "stream/sorter.h"
#include "gen.h"
#include "unit.h"

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static int order_keys(const struct buf *a, const struct buf *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int r = n ? memcmp(a->s, b->s, n) : 0;

	return r ? sign(r) : (a->len > b->len) - (a->len < b->len);
}

static void check_pair(const struct buf *a, const struct buf *b)
{
	struct buf x = {0}, y = {0};
	int want = sign(expr_order(a->s, a->len, b->s, b->len));

	sortkey_add(&x, a->s, a->len);
	sortkey_add(&y, b->s, b->len);
	CHECK(order_keys(&x, &y) == want);
	if (order_keys(&x, &y) != want)
		printf("%.*s\n%.*s\n", (int)a->len, a->s, (int)b->len, b->s);
	/* no key is the beginning of another */
	CHECK(!want || x.len >= y.len || memcmp(x.s, y.s, x.len));
	buf_release(&x);
	buf_release(&y);
}

static void check_texts(const char *a, const char *b)
{
	struct buf x = {0}, y = {0};

	buf_adds(&x, a);
	buf_adds(&y, b);
	check_pair(&x, &y);
	check_pair(&y, &x);
	buf_release(&x);
	buf_release(&y);
}

static void test_numbers(void)
{
	static const char *const list[] = {
		"0", "-0", "0.0", "1", "1.0", "10e-1", "0.1", "0.01", "-1",
		"10", "100", "12", "120", "1.2", "9007199254740993",
		"9007199254740992", "1e999999999999999999", "1e-999999999999999999",
		"1e1000000000000000000", "1e999999999999999998",
		"10e999999999999999998", "0.1e1000000000000000001",
		"1e99999999999999999999999", "100e99999999999999999999999",
		"1e100000000000000000000001", "-1e99999999999999999999999",
		"1e-99999999999999999999999", "-1e-99999999999999999999999",
		"0.001e-99999999999999999999999", "1e60", "1e61", "1e59",
		"1e-61", "1e-60", "1e-62", "-1e61", "0e99999999999999999999",
		"123456789012345678901234567890", "-123456789012345678901",
		"0.1e-999999999999999999", "0.0001e1000000000000000003"
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		for (size_t j = 0; j < sizeof(list) / sizeof(*list); j++)
			check_texts(list[i], list[j]);
}

static void test_values(void)
{
	static const char *const list[] = {
		"null", "false", "true", "0", "\"\"", "\"a\"", "\"ab\"",
		"\"a\\u0000\"", "\"a\\u0000b\"", "\"a\\u0001\"", "\"\\u0061\"",
		"\"\\ud800\"", "\"\xee\x80\x80\"", "\"\xf0\x9f\x98\x80\"",
		"[]", "[null]", "[1]", "[1,2]", "[[]]", "[[1],2]", "[\"\"]",
		"{}", "{\"a\":1}", "{\"a\":1,\"a\":2}", "{\"a\":2}",
		"{\"b\":0}", "{\"b\":0,\"a\":3}", "{\"a\":3,\"b\":0}",
		"{\"a\":{}}", "{\"a\":[]}", "{\"\\u0061\":2}", "{\"\":0}"
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		for (size_t j = 0; j < sizeof(list) / sizeof(*list); j++)
			check_texts(list[i], list[j]);
}

static void test_random_numbers(void)
{
	struct buf a = {0}, b = {0};

	for (int i = 0; i < 20000; i++) {
		buf_clear(&a);
		buf_clear(&b);
		gen_number(&a, 1 + gen(25), i % 3 ? 3 : 200);
		gen_number(&b, 1 + gen(25), i % 3 ? 3 : 200);
		check_pair(&a, &b);
	}
	buf_release(&a);
	buf_release(&b);
}

/* Of item i: a key of few values, and i itself. */
static uint32_t key_of(uint32_t i, uint32_t keys)
{
	return i * 2654435761U % keys;
}

/* Items of equal keys come as they were added. */
static void check_order(struct sorter *s, uint32_t n, uint32_t keys)
{
	uint64_t last = 0;
	uint32_t count = 0;
	const void *data;
	size_t len;

	while (sorter_next(s, &data, &len) == 1) {
		uint32_t i;
		uint64_t now;

		memcpy(&i, data, sizeof(i));
		now = (uint64_t)key_of(i, keys) << 32 | i;
		if (count && now <= last)
			CHECK(now > last);
		last = now;
		count++;
	}
	CHECK(count == n);
}

static void sort_items(uint32_t n, uint32_t keys, size_t pad, uint64_t max)
{
	struct sorter *s = sorter_new(max);
	char *data = mem_zalloc(1, 4 + pad);
	struct buf key = {0};

	for (uint32_t i = 0; i < n; i++) {
		buf_clear(&key);
		buf_addf(&key, "some key %08lu", (unsigned long)key_of(i, keys));
		memcpy(data, &i, 4);
		CHECK(!sorter_add(s, key.s, key.len, data,
				  4 + (pad >> 20 ? pad : i % (pad + 1))));
	}
	CHECK(!sorter_finish(s));
	check_order(s, n, keys);
	CHECK(!sorter_rewind(s));
	check_order(s, n, keys);
	printf("%lu items: %zu runs\n", (unsigned long)n, sorter_runs(s));
	sorter_free(s);
	buf_release(&key);
	free(data);
}

static void test_sorter(void)
{
	sort_items(0, 1, 0, 0);
	sort_items(1, 1, 0, 0);
	sort_items(1000, 7, 10, 0);
	sort_items(200000, 1000, 3, SORTER_LEAST);
	sort_items(200000, 200000, 60, 4 << 20);
	sort_items(3, 3, 5 << 20, SORTER_LEAST);	/* longer than all */
	sort_items(12, 3, 1 << 20, SORTER_LEAST);
}

/* Is a name of ours in ${dir}? */
static bool is_named(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool found = false;

	while (d && (e = readdir(d)))
		found |= !strncmp(e->d_name, "penstock.", 9);
	if (d)
		closedir(d);
	return found;
}

static void test_scratch(void)
{
	char dir[] = "/tmp/scratch.XXXXXX", text[6] = "";
	struct buf said = {0};
	int fd;

	CHECK(mkdtemp(dir) != NULL);
	setenv("TMPDIR", dir, 1);
	fd = scratch_open();
	CHECK(fd >= 0);
	CHECK(!is_named(dir));
	CHECK(!scratch_write(fd, "hello", 5, 10));
	CHECK(!scratch_read(fd, text, 5, 10));
	CHECK(!strcmp(text, "hello"));
	close(fd);
	CHECK(!rmdir(dir));
	buf_release(&said);
}

static int no_folder(const void *arg)
{
	(void)arg;
	setenv("TMPDIR", "/nowhere/at/all", 1);
	return scratch_open() < 0 ? 7 : 0;
}

static void test_no_folder(void)
{
	struct buf said = {0};

	CHECK(in_child(no_folder, NULL, &said) == 7);
	CHECK(strstr(buf_cstr(&said), "/nowhere/at/all: cannot make a") != NULL);
	CHECK(strstr(said.s, "TMPDIR") != NULL);
	buf_release(&said);
}

int main(int argc, char **argv)
{
	(void)argc;
	err_init(argv[0]);
	test_numbers();
	test_values();
	test_random_numbers();
	test_sorter();
	test_scratch();
	test_no_folder();
	return unit_end("sorter");
}
