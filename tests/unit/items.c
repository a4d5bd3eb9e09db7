/*
 * Unit test of lib/snowplow/items: every listing in pieces of every size gives
 * the items that value.h finds in the whole; what is cut or wrong is noticed.
 */
#include "json/check.h"
#include "snowplow/items.h"
#include "unit.h"

static struct buf found;

static int take(void *arg, struct span item)
{
	(void)arg;
	buf_add(&found, item.s, item.len);
	buf_addc(&found, '\n');
	return item.len == 4 && !memcmp(item.s, "stop", 4);
}

/* Feeds ${text} in pieces of ${size}: 0, or -1; items in found. */
static int feed(struct items *it, const char *text, size_t len, size_t size)
{
	int rc = 0;

	buf_clear(&found);
	items_start(it, take, NULL);
	for (size_t i = 0; i < len && !rc; i += size)
		rc = items_feed(it, text + i, len - i < size ? len - i : size);
	return rc ? rc : items_end(it);
}

/* All pieces give ${want}, items each with a line end. */
static void good(const char *text, const char *want)
{
	struct items it;
	size_t len = strlen(text);

	for (size_t size = 1; size <= len; size++) {
		CHECK(!feed(&it, text, len, size));
		CHECK(same(&found, want));
		items_release(&it);
	}
}

/* And every beginning of a good text is cut. */
static void cut(const char *text)
{
	struct items it;
	size_t len = strlen(text);

	for (size_t n = 0; n < len; n++) {
		CHECK(feed(&it, text, n, 3));
		CHECK(it.why != NULL);
		items_release(&it);
	}
}

static void bad(const char *text)
{
	struct items it;
	size_t len = strlen(text);

	for (size_t size = 1; size <= len; size += 3) {
		CHECK(feed(&it, text, len, size) < 0);
		CHECK(it.why != NULL);
		items_release(&it);
	}
}

static void test_shapes(void)
{
	good("[]", "");
	good(" [ ]\n", "");
	good("[{\"a\":[1,{}]} , [], \"x\\\"]\" ,-1.5e3,true,null]",
	     "{\"a\":[1,{}]}\n[]\n\"x\\\"]\"\n-1.5e3\ntrue\nnull\n");
	good("{\"data\":[{\"a\":1}],\"includes\":[{\"b\":2}],\"errors\":[]}",
	     "{\"a\":1}\n");
	good("{\"includes\":{\"data\":[1]},\"errors\" : [ ] ,\"n\":1,"
	     "\"data\":[2]}", "2\n");
	good("{\"pipelines\":[ {} ]}", "{}\n");
	good("{\"metadata\":null,\"schemas\":[\"iglu:a/b/c/1\"]}",
	     "\"iglu:a/b/c/1\"\n");
	good("{\"da\\\"ta\":[1],\"data\":[2],\"data\":[3]}", "2\n");
	cut("{\"x\":[\"]\",{}],\"data\":[{\"a\":\"\\\\\"},2 ],\"y\":3}");
	cut("[{\"a\":[1,2]},3]");
}

static void test_faults(void)
{
	bad("");
	bad("1");
	bad("\"data\"");
	bad("{}");
	bad("{\"data\":1}");
	bad("{\"data\":{\"a\":[]}}");
	bad("[1 2]");
	bad("[1,]");
	bad("[,1]");
	bad("[}");
	bad("[1}]");
	bad("[01]");
	bad("[{\"a\":1,}]");
	bad("[tru]");
	bad("[\"\x01\"]");
	bad("[] []");
	bad("[]]");
	bad("{\"data\":[1],}");
	bad("{\"data\" [1]}");
	bad("{\"data\":[1] \"x\":2}");
	bad("{data:[1]}");
	bad("<html>");
}

static void test_errors(void)
{
	const char *text = "{\"errors\":[{\"m\":1}],\"data\":[1]}";
	struct items it;

	CHECK(!feed(&it, text, strlen(text), 2));
	CHECK(same(&it.errors, "[{\"m\":1}]"));
	CHECK(it.count == 1);
	items_release(&it);
}

/* Depth: as deep as records may be, and not one deeper. */
static void test_depth(void)
{
	struct buf text = {0};
	struct items it;

	for (int depth = 1000; depth <= 1001; depth++) {
		buf_clear(&text);
		buf_addc(&text, '[');
		for (int i = 0; i < depth; i++)
			buf_addc(&text, '[');
		for (int i = 0; i < depth; i++)
			buf_addc(&text, ']');
		buf_addc(&text, ']');
		CHECK(feed(&it, text.s, text.len, 7) ==
		      (depth > 1000 ? -1 : 0));
		items_release(&it);
	}
	buf_release(&text);
}

int main(void)
{
	test_shapes();
	test_faults();
	test_errors();
	test_depth();
	buf_release(&found);
	return unit_end("items");
}
