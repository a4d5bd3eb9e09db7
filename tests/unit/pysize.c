/*
 * Unit test of datahub/pysize.h and datahub/cap_doc.h: lengths that Python's
 * json.dumps() gave (tests/cap-aspect.bats compares random ones), values that
 * are none, and jumping about.
 */
#include "datahub/pysize.h"

#include "base/err.h"
#include "unit.h"

static struct doc doc;

static uint64_t size_of(const char *text)
{
	struct val v;

	if (!doc_read_text(&doc, text, strlen(text), 1000, &v))
		return 0;
	return pysize_value(&doc, v);
}

static void test_sizes(void)
{
	CHECK(size_of("{}") == 2);
	CHECK(size_of(" [ ] ") == 2);
	CHECK(size_of("[1,2]") == 6);
	CHECK(size_of("{\"a\":1,\"b\":[true,null]}") == 27);
	CHECK(size_of("{ \"a\" : 1 , \"b\" : [ true , null ] }") == 27);
	CHECK(size_of("\"\xc3\xa9\"") == 8);		/* U+E9 */
	CHECK(size_of("\"\xf0\x9f\x98\x80\"") == 14);	/* U+1F600 */
	CHECK(size_of("\"\\ud83d\\ude00\"") == 14);
	CHECK(size_of("\"\\/\\u0041\\n\\\"\\\\\\u000a\\u0000\"") == 18);
	CHECK(size_of("\"\x7f\"") == 8);
	CHECK(size_of("\"0123456789abcdef\xe2\x82\xac" "0123456789\"") == 34);
	CHECK(size_of("1.50e+3") == 7);
	CHECK(pysize_text("a\n\"\xc3\xa9", 5) == 2 + 1 + 2 + 2 + 6);
}

static void test_nulls(void)
{
	CHECK(size_of("{\"a\":null}") == 2);
	CHECK(size_of("{\"a\":null,\"b\":null}") == 2);
	CHECK(size_of("{\"a\":null,\"b\":1}") == 8);
	CHECK(size_of("{\"b\":1,\"a\":null}") == 8);
	CHECK(size_of("{\"b\":1,\"a\":null,\"c\":2}") == 16);
	CHECK(size_of("[{\"a\":null},{\"b\":null,\"c\":{}}]") == 15);
	CHECK(size_of("[null]") == 6);
	CHECK(size_of("null") == 4);
}

static void test_wrong(void)
{
	static const char *const wrong[] = {
		"", " ", "{", "}", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{1:2}",
		"[1]]", "[}", "{]", "\"a", "01", "nul", "[1 2]", "{\"a\":1,}",
		"[\"a\"\"b\"]", "[,1]", "{,}", "1,2", "{\"a\":1\"b\":2}", "[[]",
		"\"a\" 1", "[1] 2", "{\"a\":{}}}", ":", "[:]", "\x80"
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK(!size_of(wrong[i]) || !printf("%s\n", wrong[i]));
}

static void test_members(void)
{
	const char *text = "{\"a\":[1,{\"x\":[]},[[]] ],\"b\":null,\"c\":\"t\","
			   "\"a\":[1,2,3]}";
	struct val v, m;
	struct buf b = {0};

	CHECK(doc_read_text(&doc, text, strlen(text), 1000, &v));
	CHECK(doc_count(&doc, v) == 4);
	m = doc_member(&doc, v, "a");		/* the last one counts */
	CHECK(m.len == 7 && doc_count(&doc, m) == 3);
	CHECK(!doc_member(&doc, v, "b").s && !doc_member(&doc, v, "d").s);
	m = doc_member(&doc, v, "c");
	CHECK(VAL_IS(m, "t") && !VAL_IS(m, "u"));
	CHECK(doc_read_text(&doc, " [ 1 , {\t\"x\" : [ ] } ] ", 23, 1000, &v));
	doc_compact(&doc, v, &b);
	CHECK(same(&b, "[1,{\"x\":[]}]"));
	CHECK(!doc_read_text(&doc, "[[[]]]", 6, 2, &v));
	CHECK(doc_read_text(&doc, "[[[]]]", 6, 3, &v));
	buf_release(&b);
}

static void test_string(void)
{
	const char *text = "[\"{\\\"a\\\":\\n[1]}\",\"{\\\"a\\n\\\":1}\"]";
	struct doc inner;
	struct doc_iter it;
	struct val v, s, in;

	doc_init(&inner, doc.kernel);
	CHECK(doc_read_text(&doc, text, strlen(text), 1000, &v));
	doc_iter(&it, &doc, v);
	CHECK(doc_next(&it, NULL, &s));
	CHECK(doc_read_string(&inner, s, 1000, &in));
	CHECK(doc_count(&inner, doc_member(&inner, in, "a")) == 1);
	CHECK(doc_next(&it, NULL, &s));
	CHECK(!doc_read_string(&inner, s, 1000, &in));
	CHECK(!doc_next(&it, NULL, &s));
	doc_release(&inner);
}

int main(void)
{
	err_init("pysize");
	for (int k = 0; k < KERNELS; k++) {
		if (!kernel_runs(k))
			continue;
		doc_init(&doc, k);
		test_sizes();
		test_nulls();
		test_wrong();
		test_members();
		test_string();
		doc_release(&doc);
	}
	return unit_end("pysize");
}
