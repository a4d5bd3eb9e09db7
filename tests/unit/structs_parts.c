/*
 * Unit test of the parts that structs(5) lines are made of: names, versions,
 * members, times, the end line.
 */
#include <stdlib.h>

#include "base/out.h"
#include "json/compact.h"
#include "snowplow/api.h"
#include "snowplow/filter.h"
#include "snowplow/names.h"
#include "snowplow/spool.h"
#include "snowplow/tally.h"
#include "snowplow/wanted.h"
#include "unit.h"

static struct span span(const char *s)
{
	return (struct span){s, strlen(s)};
}

static void members(enum kind kind, const char *object, const char *want)
{
	struct buf b = {0};

	object_members(&b, kind, span(object));
	CHECK(same(&b, want));
	buf_release(&b);
}

static void test_members(void)
{
	members(KIND_USER, "{}", "");
	members(KIND_USER, "{ \"a\" : [ 1.0 , \" x \" ] ,\"b\":{ } }",
		",\"a\":[1.0,\" x \"],\"b\":{}");
	members(KIND_USER, "{\"kind\":1,\"pipelineId\":2,\"from\":3}",
		",\"api_kind\":1,\"pipelineId\":2,\"api_from\":3");
	members(KIND_ENRICHMENT, "{\"pipelineId\":1,\"trackingPlanId\":2}",
		",\"api_pipelineId\":1,\"trackingPlanId\":2");
	members(KIND_DATA_MODEL, "{\"api_trackingPlanId\":1,\"api_x\":2}",
		",\"api_api_trackingPlanId\":1,\"api_x\":2");
	/* by what the key says, not how it is written */
	members(KIND_USER, "{\"k\\u0069nd\":1,\"k\\u0069ne\":2}",
		",\"api_k\\u0069nd\":1,\"k\\u0069ne\":2");
}

static void test_lookup(void)
{
	const char *line = "{\"a\":1,\"b\":{\"a\":2},\"a\": \"x\\n\" ,"
			   "\"c\\u0064\":null}";
	struct buf text = {0};

	CHECK(object_text(span(line), "a", &text) && same(&text, "x\n"));
	CHECK(!object_text(span(line), "b", &text));
	CHECK(object_member(span(line), "cd").len == 4);
	CHECK(!object_member(span(line), "d").s);
	CHECK(!object_member(span("[1]"), "a").s);
	for (int k = 0; k < KINDS; k++)
		CHECK(kind_find(kind_name((enum kind)k),
				strlen(kind_name((enum kind)k))) ==
		      (enum kind)k);
	CHECK(kind_find("users", 5) == KINDS);
	buf_release(&text);
}

static void test_versions(void)
{
	static const char *const order[] = {
		"1-0-0", "1-0-2", "1-0-10", "1-2-0", "1-10-0", "2-0-0",
		"10-0-0", "", "1-0", "1-0-0-0", "1.0.0", "x"
	};
	size_t n = sizeof(order) / sizeof(*order);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			CHECK((version_order(span(order[i]), span(order[j])) >
			       0) == (i > j));
}

static bool time_is(const char *text, const char *want)
{
	char out[32];

	return filter_time(text, strlen(text), out) ? !strcmp(out, want)
						    : !*want;
}

static void test_times(void)
{
	CHECK(time_is("2025-01-31", "2025-01-31T00:00:00.000000000"));
	CHECK(time_is("2025-12-16T12:52:15Z", "2025-12-16T12:52:15.000000000"));
	CHECK(time_is("2025-01-01T00:30:00.25+01:00",
		      "2024-12-31T23:30:00.250000000"));
	CHECK(time_is("2024-02-29t23:59:59-0100",
		      "2024-03-01T00:59:59.000000000"));
	CHECK(time_is("2025-02-29", ""));
	CHECK(time_is("2025-13-01", ""));
	CHECK(time_is("2025-01-01T24:00:00Z", ""));
	CHECK(time_is("2025-01-01T00:00:00", ""));
	CHECK(time_is("2025-01-01T00:00:00Zx", ""));
	CHECK(time_is("", ""));
	CHECK(time_is("yesterday", ""));
}

static void test_urls(void)
{
	struct schema_ref ref;
	struct buf b = {0};
	char *base;

	api_url(&b, "http://h%s", "/a/%s/b/%s?c=1",
		(const char *const[]){"x/y z", "\xc3\xa9-._~", NULL});
	CHECK(same(&b, "http://h%s/a/x%2Fy%20z/b/%C3%A9-._~?c=1"));
	base = api_iglu_base("https://i/api//");
	CHECK(!strcmp(base, "https://i"));
	free(base);
	CHECK(schema_ref_parse(&ref, "iglu:v/n/f/1-0-0", 16));
	buf_clear(&b);
	schema_ref_key(&b, &ref);
	CHECK(same(&b, "v/n/f/1-0-0"));
	CHECK(!schema_ref_parse(&ref, "iglu:v/n/f", 10));
	CHECK(!schema_ref_parse(&ref, "iglu:v//f/1-0-0", 15));
	CHECK(!schema_ref_parse(&ref, "v/n/f/1/2", 9));
	CHECK(!schema_ref_parse(&ref, "", 0));
	buf_release(&b);
}

static void test_names(void)
{
	struct nameset set = {0};
	char name[16];
	bool added;

	CHECK(nameset_find(&set, "a", 1) == -1);
	for (unsigned i = 0; i < 5000; i++) {
		int len = snprintf(name, sizeof(name), "%u", i % 2500);

		CHECK(nameset_add(&set, name, (size_t)len, &added) == i % 2500);
		CHECK(added == (i < 2500));
	}
	CHECK(set.n == 2500 && nameset_find(&set, "2499", 4) == 2499);
	CHECK(nameset_find(&set, "2500", 4) == -1);
	nameset_release(&set);
}

static uint64_t seen;

static int count_line(void *arg, struct span line)
{
	(void)arg;
	CHECK(line.len == 9999 && line.s[9998] == 'x');
	return ++seen == 90 ? 7 : 0;
}

/* Over the bound it goes to a file and comes back in order. */
static void test_spool(void)
{
	struct spool s = {.fd = -1};
	char line[10000];

	memset(line, 'x', sizeof(line));
	line[9999] = '\n';
	for (int i = 0; i < 100; i++)
		CHECK(!spool_add(&s, line, sizeof(line)));
	CHECK(s.fd >= 0 && s.text.len <= SPOOL_MEMORY);
	CHECK(spool_lines(&s, count_line, NULL) == 7 && seen == 90);
	spool_clear(&s);
	CHECK(!spool_add(&s, line, sizeof(line)));
	seen = 0;
	CHECK(!spool_lines(&s, count_line, NULL) && seen == 1);
	spool_release(&s);
}

static void test_tally(void)
{
	struct tally t = {.complete = true};
	uint64_t dropped = 3;
	struct buf b = {0};

	tally_add(&t, KIND_USER);
	tally_add(&t, KINDS);
	tally_input(&t, span("{\"kind\":\"end\",\"complete\":true,\"counts\":"
			     "{\"pipeline\":4,\"new\":2,\"fetch_error\":1},"
			     "\"filters\":[{\"a\": 1}],\"took\":[ 1 ]}"));
	tally_filter(&t, "p", "--o", "v\"", &dropped);
	tally_filter(&t, "p", "K", "v", NULL);
	tally_write(&t, &b);
	CHECK(same(&b, "{\"kind\":\"end\",\"complete\":true,\"counts\":"
		   "{\"pipeline\":0,\"user\":1,\"new\":2,\"fetch_error\":0},"
		   "\"filters\":[{\"a\":1},{\"program\":\"p\",\"option\":"
		   "\"--o\",\"value\":\"v\\\"\",\"dropped\":3},{\"program\":"
		   "\"p\",\"option\":\"K\",\"value\":\"v\"}],\"took\":[1]}\n"));
	tally_input(&t, span("{\"kind\":\"end\"}"));
	CHECK(!t.complete);
	tally_release(&t);
	buf_release(&b);
}

static void test_wanted(void)
{
	struct wanted w = {0};
	struct want *list;
	size_t n;

	wanted_data_structure(&w, span(
		"{\"hash\":\"h1\",\"vendor\":\"v\",\"name\":\"n\",\"format\":"
		"\"f\",\"deployments\":[{\"version\":\"1-0-1\",\"contentHash\":"
		"\"c\"},{\"version\":\"1-0-0\"},{\"version\":\"1-0-1\"}]}"));
	wanted_event_spec(&w, span(
		"{\"event\":{\"source\":\"iglu:v/n/f/1-0-0\"},\"entities\":{"
		"\"tracked\":[{\"source\":\"iglu:o/n/f/2-0-0\"}],\"enriched\":"
		"[{\"source\":null},{\"source\":\"x\"}]},\"eventSchemas\":[{"
		"\"vendor\":\"v\",\"name\":\"n\",\"version\":\"3-0-0\"}]}"));
	CHECK(wanted_have(&w, span("{\"vendor\":\"v\",\"name\":\"n\",\"format\""
				   ":\"f\",\"version\":\"1-0-1\"}")));
	CHECK(!wanted_have(&w, span("{\"vendor\":\"v\",\"name\":\"n\","
				    "\"format\":\"f\",\"version\":\"1-0-1\"}")));
	list = wanted_missing(&w, &n);
	CHECK(n == 3);
	CHECK(n == 3 && !strcmp(list[0].key.s, "v/n/f/1-0-0") &&
	      !strcmp(list[0].hash.s, "h1") && !list[0].content_hash.s);
	CHECK(n == 3 && !strcmp(list[1].key.s, "o/n/f/2-0-0") &&
	      !list[1].hash.s);
	CHECK(n == 3 && !strcmp(list[2].key.s, "v/n/jsonschema/3-0-0"));
	free(list);
	wanted_release(&w);
}

int main(void)
{
	test_members();
	test_lookup();
	test_versions();
	test_times();
	test_urls();
	test_names();
	test_spool();
	test_tally();
	test_wanted();
	return unit_end("structs_parts");
}
