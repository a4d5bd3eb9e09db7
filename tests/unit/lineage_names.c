/*
 * lineage_names -- URNs, versions, times, patterns, texts as Python prints
 * them, tags.
 */
#include "datahub/org.h"
#include "json/pattern.h"
#include "datahub/pytext.h"
#include "datahub/tags.h"
#include "datahub/urn.h"
#include "datahub/when.h"
#include "unit.h"

static struct buf b;

static struct settings settings = {.env = "PROD"};

static bool urn_is(const char *want)
{
	bool ok = same(&b, want);

	buf_clear(&b);
	return ok;
}

static void container(const char *org, const char *key, const char *value)
{
	urn_container(&b, &settings, span_of(org), key, span_of(value));
}

/* The guids are those of DataHub's golden files, and of Python's hashlib. */
static void test_urns(void)
{
	container("test-org-uuid", NULL, "");
	CHECK(urn_is("urn:li:container:3bf061cc74e4eaa3a14d992578eae672"));
	container("test-org-uuid", "vendor", "com");
	CHECK(urn_is("urn:li:container:b8c5932fbc1627015f31b9ecafeced32"));
	container("test-org-uuid", "vendor", "com.acme");
	CHECK(urn_is("urn:li:container:f4525bbaa1b69a02102f287c909fa00b"));
	container("test-org-uuid", "plan_id", "dp-ecommerce-analytics");
	CHECK(urn_is("urn:li:container:40497e62a0ca1981e046bda4130c60a3"));
	urn_schema(&b, &settings, span_of("com/x"), span_of("y"),
		   span_of("1-0-0"));
	CHECK(urn_is("urn:li:dataset:(urn:li:dataPlatform:snowplow,com.x.y,"
		     "PROD)"));
	settings.instance = "i";
	settings.version_in_urn = true;
	urn_schema(&b, &settings, span_of("x"), span_of("y"),
		   span_of("1-0-0"));
	CHECK(urn_is("urn:li:dataset:(urn:li:dataPlatform:snowplow,"
		     "i.x.y.1-0-0,PROD)"));
	urn_flow(&b, &settings, span_of("a,b"));
	CHECK(urn_is("urn:li:dataFlow:(snowplow,i.a%2Cb,PROD)"));
	urn_job(&b, span_of("F"), span_of("(\xe2\x90\x9f\xe2\x90\xa0)"));
	CHECK(urn_is("urn:li:dataJob:(F,%28%E2%90%9F\xe2\x90\xa0%29)"));
	urn_field(&b, span_of("D"), span_of("[version=2.0].a,b"));
	CHECK(urn_is("urn:li:schemaField:(D,[version=2.0].a%2Cb)"));
	settings.instance = NULL;
	settings.version_in_urn = false;
}

/* urn_compare() is the order of the encoded texts. */
static void test_order(void)
{
	static const char *const parts[] = {
		"a", "a,", "a%", "a%2C", "a(", "a)", "a\xe2\x90\x9f",
		"a\xe2\x90\xa0", "a*", "a,b", "a%2B", "a\xe3", ""
	};
	const size_t n = sizeof(parts) / sizeof(parts[0]);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++) {
			struct buf x = {0}, y = {0};
			int want, is;

			urn_encode(&x, span_of(parts[i]));
			urn_encode(&y, span_of(parts[k]));
			want = span_compare((struct span){x.s ? x.s : "",
					     x.len},
					    (struct span){y.s ? y.s : "",
					     y.len});
			is = urn_compare(span_of(parts[i]), span_of(parts[k]));
			CHECK((want < 0) == (is < 0) && (want > 0) == (is > 0));
			buf_release(&x);
			buf_release(&y);
		}
}

static void test_versions(void)
{
	struct iglu id;

#define VER(text) schemaver_read(span_of(text))
	CHECK(schemaver_compare(VER("1-0-10"), VER("1-0-9")) > 0);
	CHECK(schemaver_compare(VER("2-0-0"), VER("1-9-9")) > 0);
	CHECK(schemaver_compare(VER("x"), VER("999-0-0")) > 0);
	CHECK(!VER("1-0").valid && !VER("1-0-0-0").valid && !VER("").valid);
	CHECK(!VER("01-0-0").valid && !VER("1-0-1234567890").valid);
	CHECK(VER("0-0-0").valid && !VER("1-0-0 ").valid);
	CHECK(iglu_read(span_of("iglu:a.b/c/jsonschema/1-0-0"), &id));
	CHECK(span_is(id.vendor, "a.b") && span_is(id.name, "c") &&
	      span_is(id.format, "jsonschema") && span_is(id.version, "1-0-0"));
	CHECK(!iglu_read(span_of("a/b/c/d"), &id));
	CHECK(!iglu_read(span_of("iglu:a/b/c"), &id));
	CHECK(!iglu_read(span_of("iglu:a/b/c/d/e"), &id));
	CHECK(!iglu_read(span_of("iglu:a//c/d"), &id));
}

static int times(const char *a, const char *c)
{
	return when_compare(when_read(span_of(a)), when_read(span_of(c)));
}

static void test_times(void)
{
	CHECK(when_read(span_of("1970-01-01T00:00:00Z")).seconds == 0);
	CHECK(when_read(span_of("2024-02-29T12:34:56Z")).seconds ==
	      1709210096);
	CHECK(when_read(span_of("1900-03-01")).seconds == -2203891200);
	CHECK(!times("2024-01-01T01:00:00+01:00", "2024-01-01T00:00:00Z"));
	CHECK(!times("2024-01-01T00:00", "2023-12-31 19:00:00-0500"));
	CHECK(times("2024-01-01T00:00:00.5Z", "2024-01-01T00:00:00.49Z") > 0);
	CHECK(times("yesterday", "0001-01-01") < 0);
	CHECK(!when_read(span_of("2024-13-01")).valid);
	CHECK(!when_read(span_of("2024-01-01T25:00:00Z")).valid);
	CHECK(!when_read(span_of("2024-01-01T00:00:00.Z")).valid);
	CHECK(!when_read(span_of("2024-01-01x")).valid);
	CHECK(!when_read((struct span){NULL, 0}).valid);
}

static void test_sorting(void)
{
	const char *rows[][2] = {
		{"2024-01-02T00:00:00Z", "PROD"}, {"2024-01-01T00:00:00Z",
		"PROD"}, {"2024-01-01T00:00:00Z", "DEV"}, {NULL, "PROD"},
		{"2024-01-01T00:00:00Z", "PROD"}
	};
	const size_t want[] = {3, 2, 1, 4, 0};
	struct org_deployment d[5];
	size_t index[5];

	memset(d, 0, sizeof(d));
	for (int i = 0; i < 5; i++) {
		if (rows[i][0])
			d[i].ts = span_of(rows[i][0]);
		d[i].env = span_of(rows[i][1]);
	}
	when_sort(d, 5, index);
	CHECK(!memcmp(index, want, sizeof(want)));
}

static void test_patterns(void)
{
	struct patterns p = {0};
	char why[200];

	CHECK(patterns_allow(&p, span_of("x")));
	CHECK(!patterns_add(&p.allow, &p.nallow, "com\\.acme/", why));
	CHECK(!patterns_add(&p.allow, &p.nallow, "b|c$", why));
	CHECK(!patterns_add(&p.deny, &p.ndeny, ".*_test$", why));
	CHECK(patterns_allow(&p, span_of("COM.acme/x")));
	CHECK(!patterns_allow(&p, span_of("xcom.acme/x")));
	CHECK(!patterns_allow(&p, span_of("comxacme/x")));
	CHECK(patterns_allow(&p, span_of("bx")) &&
	      !patterns_allow(&p, span_of("cx")));
	CHECK(!patterns_allow(&p, span_of("com.acme/x_test")));
	/* no expression by itself, though it is one in brackets */
	CHECK(patterns_add(&p.deny, &p.ndeny, "a)|(y", why) == -1 ||
	      patterns_allow(&p, span_of("b_y")));
	CHECK(patterns_add(&p.deny, &p.ndeny, "(", why) == -1 &&
	      strstr(why, "regular expression"));
	patterns_release(&p);
}

static void texts(const char *json, const char *repr, const char *dumps)
{
	struct pool pool = {0};
	const struct dom *d = dom_parse(&pool, json, strlen(json));

	pytext_repr(&b, d);
	CHECK(urn_is(repr));
	pytext_dumps(&b, d);
	CHECK(urn_is(dumps));
	pool_release(&pool);
}

/* What Python 3.11 prints. */
static void test_pytext(void)
{
	texts("{\"a\":[1,true,null,false],\"b\":{}}",
	      "{'a': [1, True, None, False], 'b': {}}",
	      "{\"a\": [1, true, null, false], \"b\": {}}");
	texts("[\"it's\",\"a\\\"b\",\"'\\\"\",\"\\n\\u0007\\\\\"]",
	      "[\"it's\", 'a\"b', '\\'\"', '\\n\\x07\\\\']",
	      "[\"it's\", \"a\\\"b\", \"'\\\"\", \"\\n\\u0007\\\\\"]");
	texts("\"\xc3\xa9\xf0\x9f\x98\x80\"", "'\xc3\xa9\xf0\x9f\x98\x80'",
	      "\"\\u00e9\\ud83d\\ude00\"");
	texts("{\"k\":1,\"l\":2,\"k\":3}", "{'k': 3, 'l': 2}",
	      "{\"k\": 3, \"l\": 2}");
	CHECK(pytext_cut(span_of("a\xc3\xa9xy"), 2).len == 3);
	CHECK(pytext_cut(span_of("ab"), 2).len == 2);
}

static void test_tags(void)
{
	static const char *const names[] = {"b", "a", "b", "", "ab", "a"};
	static const char *const want[] = {"", "a", "ab", "b"};
	struct tags t = {0};

	for (int i = 0; i < 6; i++)
		tags_add(&t, span_of(names[i]));
	CHECK(t.n == 4);
	for (size_t i = 0; i < t.n; i++)
		CHECK(span_is(t.items[i], want[i]));
	tags_release(&t);
}

int main(void)
{
	test_urns();
	test_order();
	test_versions();
	test_times();
	test_sorting();
	test_patterns();
	test_pytext();
	test_tags();
	buf_release(&b);
	return unit_end("lineage_names");
}
