/*
 * fields -- field paths and types of schemas: each rule alone, and what must
 * end though references do not.
 */
#include "datahub/fields.h"
#include "datahub/urn.h"
#include "unit.h"

static struct pool pool;

static struct fields of(const char *text)
{
	return fields_read(&pool, span_of(text), FIELD_PATHS_CONNECTOR);
}

/* "path type nullable|required" of all, joined by "; ". */
static bool gives(const char *text, const char *want)
{
	static const char *const types[] = {
		"string", "number", "boolean", "date", "enum", "array",
		"record", "null", "union"
	};
	struct fields f = of(text);
	struct buf b = {0};
	bool ok;

	for (size_t i = 0; i < f.n; i++) {
		const struct field *x = &f.items[i];

		buf_addf(&b, "%s%.*s %s%s%s", i ? "; " : "", (int)x->path.len,
			 x->path.s, types[x->type], x->nullable ? "" : "!",
			 x->recursive ? "@" : "");
	}
	buf_cstr(&b);
	ok = same(&b, want);
	buf_release(&b);
	return ok;
}

static void test_scalars(void)
{
	CHECK(gives("{\"properties\":{\"a\":{\"type\":\"string\"},"
		    "\"b\":{\"type\":\"integer\"},\"c\":{\"type\":\"number\"},"
		    "\"d\":{\"type\":\"boolean\"},\"e\":{\"type\":\"null\"},"
		    "\"f\":{},\"g\":{\"enum\":[1]},"
		    "\"h\":{\"type\":\"string\",\"format\":\"date-time\"},"
		    "\"i\":{\"type\":\"string\",\"format\":\"uuid\"}},"
		    "\"required\":[\"a\",\"e\",\"zz\"]}",
		    "a string!; b number; c number; d boolean; e null; "
		    "f string; g enum; h date; i string"));
	CHECK(gives("{\"properties\":{\"a\":{\"type\":[\"null\",\"integer\"]},"
		    "\"b\":{\"type\":[\"null\"]},\"c\":{\"type\":[\"string\","
		    "\"boolean\",\"string\"]},\"d\":true,\"e\":7}}",
		    "a number; b string; c union; d string; e string"));
	CHECK(gives("{}", "") && gives("[]", "") && gives("7", ""));
	CHECK(gives("{\"properties\":7}", ""));
	CHECK(!fields_read(&pool, (struct span){NULL, 0}, 0).n);
}

static void test_nested(void)
{
	CHECK(gives("{\"properties\":{\"o\":{\"type\":\"object\","
		    "\"properties\":{\"p\":{\"type\":\"array\",\"items\":{"
		    "\"type\":\"object\",\"properties\":{\"q\":{\"type\":"
		    "\"object\",\"properties\":{\"r\":{}}}}}}}}}}",
		    "[version=2.0].o record; "
		    "[version=2.0].o.[type=record].p array; "
		    "[version=2.0].o.[type=record].p.[type=array].q record; "
		    "[version=2.0].o.[type=record].p.[type=array].q."
		    "[type=record].r string"));
	CHECK(gives("{\"properties\":{\"a\":{\"type\":[\"object\",\"array\"],"
		    "\"properties\":{\"x\":{}},\"items\":{\"type\":\"array\","
		    "\"items\":{\"properties\":{\"x\":{}}}}}}}",
		    "[version=2.0].a union; "
		    "[version=2.0].a.[type=array].[type=array].x string; "
		    "[version=2.0].a.[type=record].x string"));
	/* No type, but properties: the connector's path, and a record. */
	CHECK(gives("{\"properties\":{\"a\":{\"properties\":{\"b\":{}}}}}",
		    "a record; a.[type=record].b string"));
}

static void test_combined(void)
{
	CHECK(gives("{\"allOf\":[{\"properties\":{\"a\":{}},\"required\":"
		    "[\"a\"]},{\"properties\":{\"a\":{\"type\":\"integer\"},"
		    "\"b\":{}}}],\"oneOf\":[{\"properties\":{\"c\":{}},"
		    "\"required\":[\"c\"]}],\"required\":[\"b\"]}",
		    "a string!; b string!; c string"));
	CHECK(gives("{\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"string\"},"
		    "{\"type\":\"null\"}]},\"b\":{\"oneOf\":[{\"type\":"
		    "\"string\"},{\"type\":\"integer\"}]}},"
		    "\"required\":[\"a\",\"b\"]}", "a string; b union!"));
}

static void test_references(void)
{
	struct fields f;

	CHECK(gives("{\"properties\":{\"a\":{\"$ref\":\"#/definitions/x~1y%25\"}"
		    ",\"b\":{\"$ref\":\"#/definitions/list/1\"}},"
		    "\"definitions\":{\"x/y%\":{\"type\":\"object\","
		    "\"properties\":{\"c\":{}}},\"list\":[{},"
		    "{\"type\":\"integer\"}]}}",
		    "a record; a.[type=record].c string; b number"));
	CHECK(gives("{\"properties\":{\"a\":{\"$ref\":\"#\"}}}",
		    "a string@"));
	CHECK(gives("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":"
		    "\"array\",\"items\":{\"$ref\":\"#\"}}}}",
		    "[version=2.0].a array@"));
	/* The same target twice side by side is no cycle. */
	CHECK(gives("{\"properties\":{\"a\":{\"$ref\":\"#/d\"},\"b\":{\"$ref\":"
		    "\"#/d\"}},\"d\":{\"type\":\"integer\"}}",
		    "a number; b number"));
	f = of("{\"properties\":{\"a\":{\"$ref\":\"http://x/y\"},\"b\":{\"$ref\""
	       ":\"#/nowhere\"},\"c\":{\"$ref\":\"http://x/y\"}}}");
	CHECK(f.n == 3 && f.nremote == 2);
	CHECK(span_is(f.remote[0], "http://x/y"));
	CHECK(span_is(f.remote[1], "#/nowhere"));
}

/* Definitions that refer twice to the next one: 2^40 fields if followed. */
static void test_bounds(void)
{
	struct buf b = {0};
	struct fields f;

	buf_adds(&b, "{\"properties\":{\"a\":{\"$ref\":\"#/d/0\"}},\"d\":[");
	for (int i = 0; i < 40; i++)
		buf_addf(&b, "%s{\"properties\":{\"x\":{\"$ref\":\"#/d/%d\"},"
			 "\"y\":{\"$ref\":\"#/d/%d\"}}}", i ? "," : "", i + 1,
			 i + 1);
	buf_adds(&b, "]}");
	f = of(buf_cstr(&b));
	CHECK(f.n == FIELDS_MAX && f.cut);
	buf_clear(&b);
	for (int i = 0; i < 900; i++)
		buf_adds(&b, "{\"properties\":{\"a\":");
	buf_adds(&b, "{}");
	for (int i = 0; i < 900; i++)
		buf_adds(&b, "}}");
	f = of(buf_cstr(&b));
	CHECK(f.n == FIELDS_DEPTH && f.cut);
	buf_clear(&b);
	/* allOf in allOf does not end the stack. */
	for (int i = 0; i < 900; i++)
		buf_adds(&b, "{\"allOf\":[");
	buf_adds(&b, "{\"properties\":{\"a\":{}}}");
	for (int i = 0; i < 900; i++)
		buf_adds(&b, "]}");
	CHECK(!of(buf_cstr(&b)).n);
	buf_release(&b);
}

static void test_details(void)
{
	struct fields f = of("{\"properties\":{\"a\\u00e9\":{\"description\":"
			     "\"d\\n\",\"type\":[\"string\",\"integer\"]},"
			     "\"l\":{\"type\":\"array\",\"items\":{\"type\":"
			     "\"array\",\"items\":{\"properties\":{\"m\":{}}}}}"
			     "}}");

	CHECK(f.n == 3 && span_is(f.items[0].name, "a\xc3\xa9"));
	CHECK(span_is(f.items[0].native, "string|integer"));
	CHECK(span_is(f.items[0].description, "d\n"));
	CHECK(!f.items[1].description.s && span_is(f.items[1].nested, "array"));
	CHECK(f.items[2].parent == 1 && f.items[2].levels == 2 &&
	      f.items[2].depth == 1);
	CHECK(fields_find(&f, span_of("a\xc3\xa9")) == &f.items[0]);
	CHECK(!fields_find(&f, span_of("b")));
}

static void test_v2(void)
{
	struct fields f = fields_read(&pool, span_of("{\"properties\":{"
		"\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"array\","
		"\"items\":{\"type\":\"integer\"}},\"c\":{\"type\":\"object\","
		"\"properties\":{\"d\":{\"type\":[\"null\",\"number\"]}}}}}"),
		FIELD_PATHS_V2);

#define START "[version=2.0].[type=object]."
	CHECK(span_is(f.items[0].path, START "[type=string].a"));
	CHECK(span_is(f.items[1].path, START "[type=array].[type=integer].b"));
	CHECK(span_is(f.items[2].path, START "[type=object].c"));
	CHECK(span_is(f.items[3].path, START "[type=object].c."
		      "[type=number].d"));
}

int main(void)
{
	test_scalars();
	test_nested();
	test_combined();
	test_references();
	test_bounds();
	test_details();
	test_v2();
	pool_release(&pool);
	return unit_end("fields");
}
