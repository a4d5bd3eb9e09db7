/*
 * Unit test of lib/json/expr.h: exact numbers, order, paths, errors, libjq and
 * its threads.  (Against the real jq: tests/oracle/expr_fuzz.py.)
 */
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "json/expr.h"
#include "json/fit.h"
#include "json/jqx.h"
#include "unit.h"

static struct expr *compiled(const char *source, const char *since, bool plain)
{
	struct buf why = {0};
	struct expr *e = expr_compile(source, since, &why);

	CHECK(e != NULL);
	if (!e)
		printf("%s: %s\n", source, buf_cstr(&why));
	else if (expr_is_plain(e) != plain)
		printf("%s: plain %d\n", source, expr_is_plain(e));
	CHECK(!e || expr_is_plain(e) == plain);
	buf_release(&why);
	return e;
}

/*
 * ${want} is the value, or the message after "error: ".  The record is given
 * in memory of its exact size, so that reading beyond it is noticed.
 */
static void gives(struct expr *e, const char *record, const char *want)
{
	struct buf got = {0}, why = {0};
	size_t len = strlen(record);
	char *copy = mem_alloc(len);
	int test, value;

	memcpy(copy, record, len);
	test = expr_test(e, copy, len, &why);
	buf_clear(&why);
	value = expr_value(e, copy, len, &got, &why);
	if (value) {
		buf_clear(&got);
		buf_adds(&got, "error: ");
		buf_add(&got, why.s, why.len);
		CHECK(test == -1);
	} else {
		CHECK(test == (strcmp(want, "null") && strcmp(want, "false")));
	}
	CHECK(same(&got, want));
	free(copy);
	buf_release(&got);
	buf_release(&why);
}

struct trial {
	const char *source, *since, *record, *want;
};

static void run_trials(const struct trial *t, bool plain)
{
	for (; t->source; t++) {
		struct expr *e = compiled(t->source, t->since, plain);
		int before = failures;

		if (e)
			gives(e, t->record, t->want);
		if (failures != before)
			printf("... of %s on %s\n", t->source, t->record);
		expr_free(e);
	}
}

#define THIRTY "123456789012345678901234567890"

static const struct trial exact[] = {
	{".a == 9007199254740993", NULL, "{\"a\":9007199254740992}", "false"},
	{".a > 9007199254740992", NULL, "{\"a\":9007199254740993}", "true"},
	{".a", NULL, "{\"a\":9007199254740993}", "9007199254740993"},
	{".a < " THIRTY "1", NULL, "{\"a\":" THIRTY "0}", "true"},
	{".a == 1.0000000000000000000001", NULL, "{\"a\":1}", "false"},
	{".a > 1e399", NULL, "{\"a\":1e400}", "true"},
	{".a == 1e400", NULL, "{\"a\":1e401}", "false"},
	{".a == 10e399", NULL, "{\"a\":1e400}", "true"},
	{".a > 0", NULL, "{\"a\":1e-400}", "true"},
	{".a == 0", NULL, "{\"a\":-0.0}", "true"},
	{".a > $since", "9007199254740992", "{\"a\":9007199254740993}", "true"},
	{".a > $since", NULL, "{\"a\":0}", "true"},
	{".a > $since", NULL, "{}", "false"},
	{".a <= $since", " [1, {\"b\": 2} ] ", "{\"a\":[1,{\"b\":2.0}]}",
	 "true"},
	{"$since", "{\"x\" : 9007199254740993}", "1",
	 "{\"x\":9007199254740993}"},
	{". == \"\\ud800\"", NULL, "\"\\ud801\"", "false"},
	{". == \"\\ud800\"", NULL, "\"\\uD800\"", "true"},
	{". > \"\\ud7ff\" and . < \"\\ue000\"", NULL, "\"\\udfff\"", "true"},
	{".[\"\\ud800\"]", NULL, "{\"\\udbff\":1,\"\\uD800\":2}", "2"},
	{NULL, NULL, NULL, NULL}
};

static const struct trial paths[] = {
	{".", NULL, " {\"a\" : [1 , \" x \"]} \t", "{\"a\":[1,\" x \"]}"},
	{".a", NULL, "{\"a\":1,\"a\":{\"b\":2}}", "{\"b\":2}"},
	{".a.b", NULL, "{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "null"},
	{".a.b", NULL, "{\"a\":{\"b\":1},\"a\":null}", "null"},
	{".a.b", NULL, "{\"a\":1,\"a\":{\"b\":{}}}", "{}"},
	{".\"\"", NULL, "{\"a\":1,\"\":2}", "2"},
	{".\"a\\\\b\"", NULL, "{\"a\\b\":1}", "null"},
	{".\"a\\\\b\"", NULL, "{\"a\\b\":1,\"a\\u005cb\":2,\"a\\tb\":3}", "2"},
	{".b", NULL, "{\"\\u0061\":1,\"\\u0062\":2}", "2"},
	{".b", NULL, "{\"a\\\"b\":1,\"x\":\"\\\",\\\"b\\\":3\"}", "null"},
	{".items[0]", NULL, "{\"items\":[]}", "null"},
	{".items[-1]", NULL, "{\"items\":[ ]}", "null"},
	{".items[1]", NULL, "{\"items\":[[1,2],[3,4]]}", "[3,4]"},
	{".items[-3]", NULL, "{\"items\":[1,2]}", "null"},
	{".items[-2]", NULL, "{\"items\":[1,2]}", "1"},
	{".[999999999]", NULL, "[1]", "null"},
	{".a", NULL, "[1]", "error: .a: the record is an array, not an object"},
	{".a.b.c", NULL, "{\"a\":{\"b\":\"c\"}}",
	 "error: .a.b.c: .a.b is a string, not an object"},
	{".a[0]", NULL, "{\"a\":{}}",
	 "error: .a[0]: .a is an object, not an array"},
	{".a [ 0 ]", NULL, "{\"a\":true}",
	 "error: .a [ 0 ]: .a is true, not an array"},
	{".a and .b.c", NULL, "{\"a\":null,\"b\":1}", "false"},
	{".b.c and .a", NULL, "{\"a\":null,\"b\":1}",
	 "error: .b.c: .b is a number, not an object"},
	{".a or .b.c", NULL, "{\"a\":0,\"b\":1}", "true"},
	{".a > 1 and .a < 3 | not", NULL, "{\"a\":2}", "false"},
	{".a == null", NULL, "{}", "true"},
	{"null < false and false < true and true < -1 and 1 < \"\" and "
	 "\"x\" < [] and [] < {}", NULL, "0", "true"},
	{NULL, NULL, NULL, NULL}
};

static const struct trial programs[] = {
	{"error(null)", NULL, "1", "null"},
	{"error(\"no\")", NULL, "1", "error: no"},
	{"error(\"\")", NULL, "1", "error: error without a message"},
	{"error({a:.})", NULL, "1", "error: {\"a\":1}"},
	{"error(\"a\\n b\\n\")", NULL, "1", "error: a b"},
	{"halt", NULL, "1", "null"},
	{"\"stop\"|halt_error", NULL, "1", "error: stop"},
	{"{}|halt_error(0)", NULL, "1", "error: {}"},
	{"range(infinite)", NULL, "1", "0"},
	{"limit(3;repeat(7))", NULL, "1", "7"},
	{"empty", NULL, "1", "null"},
	{"false,true", NULL, "1", "false"},
	{"1,error(\"late\")", NULL, "1", "1"},
	{"input", NULL, "1", "error: input is not possible here: one record "
			     "at a time"},
	{"debug", NULL, "1", "1"},
	{"stderr", NULL, "[1]", "[1]"},
	{"$__loc__|.line", NULL, "1", "1"},
	{"input_filename", NULL, "1", "null"},
	{"get_search_list", NULL, "1", "[]"},
	{"$since|tojson", " [1, null]", "1", "\"[1,null]\""},
	{"$since|type", NULL, "1", "\"null\""},
	{".a?", NULL, "{\"a\":\"\\u00e9\\n\"}", "\"\303\251\\n\""},
	{"", NULL, "[1]", "[1]"},
	{".a|not # as jq", NULL, "{\"a\":false}", "true"},
	{"def f: .a; f", NULL, "{\"a\":[]}", "[]"},
	{"todate", NULL, "1425599621", "\"2015-03-05T23:53:41Z\""},
	{"todate", NULL, "1700000000000000000", "error: errror converting "
	 "number of seconds since epoch to datetime"},
	{"strflocaltime(\"%Y\")", NULL, "1e300", "error: error converting "
	 "number of seconds since epoch to datetime"},
	{"strftime(\"%Y\", \"%m\")", NULL, "0", "\"1970\""},
	{".a|.b", NULL, "{\"a\":1}",
	 "error: Cannot index number with string \"b\""},
	{".a|length", NULL, "{\"a\":\"\\ud800\"}",
	 "error: libjq cannot take this record: a lone surrogate (half of a "
	 "\\ud800\\udc00 pair)"},
	{"length", NULL, "\"\\ud83d\\ude00\"", "1"},
	{NULL, NULL, NULL, NULL}
};

/* A program that halted or failed must serve the next record. */
static void test_after_halt(void)
{
	struct expr *e = compiled("if . == 1 then halt elif . == 2 then "
				  "\"x\"|halt_error elif . == 3 then "
				  "error(\"e\") else . end", NULL, false);

	for (int i = 0; e && i < 3; i++) {
		gives(e, "1", "null");
		gives(e, "5", "5");
		gives(e, "2", "error: x");
		gives(e, "[]", "[]");
		gives(e, "3", "error: e");
		gives(e, "0", "0");
	}
	expr_free(e);
}

static const char *const wrong[][2] = {
	{".a ==", "syntax error, unexpected $end"},
	{".a | foo", "foo/0 is not defined"},
	{"$other", "$other is not defined"},
	{"(.a", "syntax error"},
	{".a)", "syntax error"},
	{".[\"a\" == 1", "syntax error"},
	{"import \"a\" as a; .a", "module not found: a"},
	{"include \"a\"; .a", "module not found: a"},
	{"module {}; .a", "import, include and module are not possible"},
	{".\377", "the expression is not UTF-8 at byte 2"},
};

static void test_wrong(void)
{
	struct buf why = {0};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		buf_clear(&why);
		CHECK(!expr_compile(wrong[i][0], NULL, &why));
		CHECK(strstr(buf_cstr(&why), wrong[i][1]));
		CHECK(!strchr(why.s, '\n'));
		if (!strstr(why.s, wrong[i][1]))
			printf("%s: %s\n", wrong[i][0], why.s);
	}
	buf_clear(&why);
	CHECK(!expr_compile(".a", "{1}", &why));
	CHECK(strstr(buf_cstr(&why), "$since is not JSON"));
	buf_release(&why);
	expr_free(NULL);
}

static void repeat(struct buf *b, const char *s, size_t n)
{
	while (n--)
		buf_adds(b, s);
}

/* What libjq cannot take is said, and our own evaluation takes it. */
static void test_depth(void)
{
	struct buf deep = {0};
	struct expr *jq = compiled(".[0]|not", NULL, true);
	struct expr *other = compiled("length", NULL, false);

	repeat(&deep, "[", 2000);
	repeat(&deep, "]", 2000);
	if (jq && other) {
		gives(jq, buf_cstr(&deep), "false");
		gives(other, deep.s, "error: libjq cannot take this record: "
		      "Exceeds depth limit for parsing at line 1, column 257");
		CHECK(!expr_order(deep.s, deep.len, deep.s, deep.len));
		deep.s[2000] = ' ';
		CHECK(expr_order(deep.s, 4000, "[[1]]", 5) > 0);
		gives(other, "[0]", "1");
	}
	expr_free(jq);
	expr_free(other);
	buf_release(&deep);
}

/* Refused before a byte of it is read. */
static void test_huge(void)
{
	struct buf why = {0};
	struct jqx *x = jqx_compile(".", "null", &why);

	CHECK(x && jqx_run(x, "1", (size_t)INT_MAX + 1, NULL, &why) == -1);
	CHECK(same(&why, "libjq cannot take this record: 2147483648 bytes are "
			 "more than its 2147483647"));
	jqx_free(x);
	buf_release(&why);
}

/* An expression too large for our own parser is jq's. */
static void test_large(void)
{
	struct buf s = {0};
	struct expr *e;

	repeat(&s, "(", 150);
	buf_adds(&s, ".a");
	repeat(&s, ")", 150);
	e = compiled(buf_cstr(&s), NULL, true);
	if (e)
		gives(e, "{\"a\":3}", "3");
	expr_free(e);
	buf_clear(&s);
	repeat(&s, "(", 300);
	buf_adds(&s, ".a");
	repeat(&s, ")", 300);
	expr_free(compiled(buf_cstr(&s), NULL, false));
	buf_clear(&s);
	repeat(&s, ".a and ", 1500);
	buf_adds(&s, ".b");
	e = compiled(buf_cstr(&s), NULL, true);
	if (e)
		gives(e, "{\"a\":3}", "false");
	expr_free(e);
	buf_release(&s);
}

static const struct {
	const char *text;
	bool inexact, lone;
} fits[] = {
	{"[0,-0,1.5,1e5,\"9007199254740993\"]", false, false},
	{"9007199254740992", false, false}, {"9007199254740993", true, false},
	{"-9007199254740993", true, false}, {"9007199254740994", false, false},
	{"1152921504606846976", false, false},
	{"1152921504606846977", true, false},
	{"100000000000000000000", false, false},
	{"100000000000000000001", true, false},
	{"100000000000000000000000", true, false},
	{"12345678901234567e3", false, false},
	{"1.2345678901234567", false, false},
	{"1.23456789012345678", true, false},
	{"0.000123456789012345670000", false, false},
	{"1.00000000000000000000000000", false, false},
	{"{\"a\":1e400}", true, false}, {"1e307", false, false},
	{"1e-400", true, false}, {"0e-400", false, false},
	{"1e99999999999999999999", true, false},
	{"0e99999999999999999999", false, false},
	{"[1,9007199254740993,2]", true, false},
	{"\"\\ud800\"", false, true}, {"{\"\\udc00\":1}", false, true},
	{"\"\\ud83d\\ude00\"", false, false}, {"\"\\\\ud800\"", false, false},
	{"[\"\\ud800\",\"a\\n\",1e400]", true, true},
};

static void test_fit(void)
{
	struct expr *e = compiled(".a?", NULL, false);
	struct expr *with = compiled("$since|not", "1e400", true);
	struct expr *since = compiled(".a? > $since", "1e400", false);
	struct fit f;
	char zeros[400];

	for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
		fit_check(fits[i].text, strlen(fits[i].text), &f);
		CHECK(f.inexact == fits[i].inexact && f.lone == fits[i].lone);
		if (f.inexact != fits[i].inexact || f.lone != fits[i].lone)
			printf("... of %s\n", fits[i].text);
	}
	memset(zeros, '0', sizeof(zeros));
	zeros[0] = '1';
	fit_check(zeros, sizeof(zeros), &f);
	CHECK(f.inexact);
	if (e && with && since) {
		gives(e, "{\"a\":9007199254740993,\"b\":1e400}",
		      "9007199254740992");
		gives(e, "{\"a\":9007199254740992}", "9007199254740992");
		gives(with, "9007199254740993", "false");
		gives(since, "{}", "false");
		CHECK(expr_inexact(e) == 2);	/* a test and a value */
		CHECK(expr_inexact(with) == 0);
		CHECK(expr_inexact(since) == 2);
	}
	expr_free(e);
	expr_free(with);
	expr_free(since);
}

static const char *const sorted[] = {
	"null", "false", "true", "-1e400", "-9007199254740993",
	"-9007199254740992", "-0.5", "0", "1e-400", "9007199254740992",
	"9007199254740993", "1e400", "\"\"", "\"\\u0000\"", "\"a\"",
	"\"a\\u0000\"",
	"\"a\\u00e9\"", "\"\\ud800\"", "\"\\udfff\\udfff\"", "\"\\ue000\"",
	"\"\\ud800\\udc00\"", "[]", "[null]", "[0]", "[0,0]", "[1]", "[[]]",
	"[{}]", "{}", "{\"\":2}", "{\"a\":9007199254740992}",
	"{\"a\":9007199254740993}", "{\"a\":[1,2,3]}", "{\"a\":1,\"b\":0}",
	"{\"b\":7,\"a\":1,\"b\":1,\"\\u0061\":1.0}", "{\"a\":2,\"b\":0}",
	"{\"b\":null}", "{\"b\":{\"x\":1}}", "{\"b\":{\"x\":1},\"c\":[]}"
};

static int order(const char *a, const char *b)
{
	int r = expr_order(a, strlen(a), b, strlen(b));

	return (r > 0) - (r < 0);
}

static void test_order(void)
{
	size_t n = sizeof(sorted) / sizeof(sorted[0]);

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			int want = (i > j) - (i < j);

			CHECK(order(sorted[i], sorted[j]) == want);
			if (order(sorted[i], sorted[j]) != want)
				printf("... %s %s\n", sorted[i], sorted[j]);
		}
	}
	CHECK(!order(" [1 , 2.0]\n", "[1.0,20e-1]"));
	CHECK(!order("{\"a\":1,\"a\":2}", "{\"\\u0061\":2}"));
	CHECK(!order("\"\\/\\u00e9\"", "\"/\303\251\""));
	CHECK(order("[[1,2],[3,4],5]", "[[1,2],[3,4,0],5]") < 0);
}

/*
 * Each thread with programs of its own.  libjq 1.6 is said to race when used
 * so (jq issues 2483, 2545).
 */
#define THREADS 8

static void *thread_run(void *arg)
{
	struct buf why = {0}, record = {0}, value = {0};
	struct expr *e = expr_compile("[.a, (.b | tostring), $since] | "
				      "if .[0] % 3 == 0 then error(\"e\") "
				      "else .[1] end", "17", &why);
	size_t bad = !e;

	for (int i = 1; e && i <= 200; i++) {
		buf_clear(&record);
		buf_clear(&value);
		buf_addf(&record, "{\"a\":%d,\"b\":[%d.25,\"\\u00e9\"]}", i, i);
		if (expr_value(e, record.s, record.len, &value, &why)) {
			bad += i % 3 != 0;
			continue;
		}
		buf_clear(&record);
		buf_addf(&record, "\"[%d.25,\\\"\303\251\\\"]\"", i);
		bad += i % 3 == 0 || record.len != value.len ||
		       memcmp(record.s, value.s, value.len) != 0;
	}
	expr_free(e);
	buf_release(&why);
	buf_release(&record);
	buf_release(&value);
	*(size_t *)arg = bad;
	return NULL;
}

static void test_threads(void)
{
	pthread_t threads[THREADS];
	size_t bad[THREADS], started = 0;

	for (; started < THREADS; started++)
		if (pthread_create(&threads[started], NULL, thread_run,
				   &bad[started]))
			break;
	CHECK(started == THREADS);
	for (size_t i = 0; i < started; i++) {
		pthread_join(threads[i], NULL);
		CHECK(bad[i] == 0);
	}
}

int main(void)
{
	err_init("expr");
	run_trials(exact, true);
	run_trials(paths, true);
	run_trials(programs, false);
	test_after_halt();
	test_wrong();
	test_depth();
	test_huge();
	test_large();
	test_fit();
	test_order();
	test_threads();
	return unit_end("expr");
}
