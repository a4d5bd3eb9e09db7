/*
 * dom -- the tree, against the text it was made of.
 */
#include "base/pool.h"
#include "json/dom.h"
#include "json/check.h"
#include "unit.h"

static struct pool pool;

static const struct dom *parse(const char *text)
{
	return dom_parse(&pool, text, strlen(text));
}

static bool is(struct span s, const char *want)
{
	return s.s && s.len == strlen(want) && !memcmp(s.s, want, s.len);
}

static void test_values(void)
{
	const struct dom *d = parse(" { \"a\" : [1, -2.50 ,\"x\\n\"] ,\n"
		"\"b\":{\"c\":{}},\"\\u0064\":null,\"a b\":true} ");

	CHECK(dom_is(d, VALUE_OBJECT) && d->count == 4);
	CHECK(is(d->child->key, "a") && d->child->count == 3);
	CHECK(is(d->child->text, "[1, -2.50 ,\"x\\n\"]"));
	CHECK(is(d->child->child->next->text, "-2.50"));
	CHECK(is(dom_string(&pool, d->child->child->next->next), "x\n"));
	CHECK(dom_find(d, "b.c") && dom_find(d, "b.c")->count == 0);
	CHECK(!dom_find(d, "b.x") && !dom_find(d, "a.x"));
	CHECK(dom_is(dom_get(d, "d"), VALUE_NULL));
	CHECK(dom_is_null(dom_get(d, "d")) && dom_is_null(NULL));
	CHECK(dom_bool(dom_get(d, "a b"), false));
	CHECK(dom_bool(dom_get(d, "d"), true));
	CHECK(!dom_string(&pool, d).s);
	CHECK(is(d->text, "{ \"a\" : [1, -2.50 ,\"x\\n\"] ,\n"
		"\"b\":{\"c\":{}},\"\\u0064\":null,\"a b\":true}"));
}

static void test_duplicates_and_edges(void)
{
	const struct dom *d = parse("{\"k\":1,\"k\":2,\"\":3}");

	CHECK(d->count == 3 && is(dom_get(d, "k")->text, "2"));
	CHECK(is(dom_get(d, "")->text, "3"));
	CHECK(is(parse("7")->text, "7") && is(parse(" \"\" ")->text, "\"\""));
	CHECK(is(dom_string(&pool, parse("\"\"")), ""));
	CHECK(!parse("") && !parse(" \n"));
	CHECK(dom_equals(parse("\"a\\u0062\""), "ab"));
	CHECK(!dom_equals(parse("\"ab\""), "a") && !dom_equals(NULL, ""));
	CHECK(dom_equals(parse("\"\""), ""));
	CHECK(!dom_first(NULL) && !dom_first(parse("[]")));
}

static void test_write(void)
{
	struct buf b = {0};

	dom_write(&b, parse("{ \"a b\" : [ 1.0 , \"c\\\" d\" ] }"));
	CHECK(same(&b, "{\"a b\":[1.0,\"c\\\" d\"]}"));
	buf_clear(&b);
	dom_write(&b, NULL);
	CHECK(!b.len);
	buf_release(&b);
}

/* Writes the tree out again by its nodes. */
static void rebuild(struct buf *out, const struct dom *d, struct buf *why)
{
	const struct dom *c;
	uint32_t n = 0;

	if (d->type != VALUE_OBJECT && d->type != VALUE_ARRAY) {
		buf_add(out, d->text.s, d->text.len);
		return;
	}
	buf_addc(out, d->text.s[0]);
	for (c = d->child; c; c = c->next) {
		if (n++)
			buf_addc(out, ',');
		if (d->type == VALUE_OBJECT) {
			/* the generator writes no escapes in keys here */
			buf_addc(out, '"');
			buf_add(out, c->key.s, c->key.len);
			buf_adds(out, "\":");
		}
		rebuild(out, c, why);
	}
	buf_addc(out, d->text.s[d->text.len - 1]);
	if (n != d->count)
		buf_adds(why, "count ");
}

static uint64_t seed = 1;

static uint64_t draw(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % n;
}

static void blanks(struct buf *b)
{
	for (uint64_t n = draw(3); n; n--)
		buf_addc(b, " \n\t\r"[draw(4)]);
}

/* A random value, once with blanks and once without. */
static void random_value(struct buf *loose, struct buf *tight, int depth)
{
	static const char *const scalars[] = {
		"0", "-1.5e3", "true", "false", "null", "\"\"", "\"[x]\\\"\"",
		"\"}\"", "12345678901234567890"
	};
	bool object = draw(2);
	uint64_t n = draw(4);

	if (!depth || draw(3) == 0) {
		const char *s = scalars[draw(9)];

		buf_adds(loose, s);
		buf_adds(tight, s);
		return;
	}
	buf_addc(loose, object ? '{' : '[');
	buf_addc(tight, object ? '{' : '[');
	blanks(loose);
	for (uint64_t i = 0; i < n; i++) {
		if (i) {
			buf_addc(loose, ',');
			buf_addc(tight, ',');
			blanks(loose);
		}
		if (object) {
			buf_addf(loose, "\"k%d\"", (int)i);
			buf_addf(tight, "\"k%d\":", (int)i);
			blanks(loose);
			buf_addc(loose, ':');
			blanks(loose);
		}
		random_value(loose, tight, depth - 1);
		blanks(loose);
	}
	buf_addc(loose, object ? '}' : ']');
	buf_addc(tight, object ? '}' : ']');
}

static void test_random(void)
{
	struct buf loose = {0}, tight = {0}, again = {0}, why = {0};
	struct json_fault fault;

	for (int i = 0; i < 3000; i++) {
		const struct dom *d;

		buf_clear(&loose);
		buf_clear(&tight);
		buf_clear(&again);
		blanks(&loose);
		random_value(&loose, &tight, 6);
		blanks(&loose);
		CHECK(!json_check(loose.s, loose.len, 100, &fault));
		pool_clear(&pool);
		d = dom_parse(&pool, loose.s, loose.len);
		rebuild(&again, d, &why);
		CHECK(same(&again, buf_cstr(&tight)));
		buf_clear(&again);
		dom_write(&again, d);
		CHECK(same(&again, buf_cstr(&tight)));
	}
	CHECK(!why.len);
	buf_release(&loose);
	buf_release(&tight);
	buf_release(&again);
	buf_release(&why);
}

static void test_deep(void)
{
	struct buf b = {0};
	const struct dom *d;
	size_t depth = 0;

	for (int i = 0; i < 100000; i++)
		buf_addc(&b, '[');
	for (int i = 0; i < 100000; i++)
		buf_addc(&b, ']');
	for (d = dom_parse(&pool, b.s, b.len); d; d = d->child)
		depth++;
	CHECK(depth == 100000);
	buf_release(&b);
}

static void test_arena(void)
{
	struct pool a = {0};
	char *first = pool_dup(&a, "abc", 3), *big;

	CHECK(!strcmp(first, "abc"));
	big = pool_zero(&a, 1000000, 3);
	CHECK(!big[0] && !big[2999999]);
	for (int i = 0; i < 10000; i++) {
		char *p = pool_take(&a, (size_t)(i % 300));

		CHECK((size_t)p % 16 == 0);
		memset(p, i, (size_t)(i % 300));
	}
	CHECK(!strcmp(first, "abc") && !big[0] && !big[2999999]);
	pool_clear(&a);
	CHECK(!a.taken);
	memset(pool_take(&a, 0), 0, 1);
	pool_release(&a);
	pool_release(&a);
}

int main(void)
{
	test_values();
	test_duplicates_and_edges();
	test_write();
	test_random();
	test_deep();
	test_arena();
	pool_release(&pool);
	return unit_end("dom");
}
