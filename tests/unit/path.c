/*
 * Unit test of lib/json/path: what is written is read back as the same steps,
 * and jq itself reaches the value that the steps mean.
 */
#include <stdint.h>
#include <string.h>

#include "gen.h"
#include "json/path.h"
#include "json/str.h"
#include "unit.h"

#define MAX_STEPS 8

struct parsed {
	struct buf keys;
	struct step *steps;
	size_t n, cap;
	const char *why;
	size_t at;
};

static int parse(struct parsed *p, const char *text, size_t len)
{
	return path_parse(text, len, &p->keys, &p->steps, &p->n, &p->cap,
			  &p->why, &p->at);
}

static void release(struct parsed *p)
{
	buf_release(&p->keys);
	free(p->steps);
}

#define KEY(text) { text, sizeof(text) - 1, STEP_KEY }
#define ITEM { NULL, 0, STEP_ITEM }
#define MAP { NULL, 0, STEP_MAP }
#define DECODE { NULL, 0, STEP_NULL }

static const struct {
	const char *path;
	const char *array;
	size_t n;
	struct step steps[5];
} written[] = {
	{ ".", "[]", 0, { ITEM } },
	{ ".a", "[\"a\"]", 1, { KEY("a") } },
	{ ".[]", "[[]]", 1, { ITEM } },
	{ ".{}", "[{}]", 1, { MAP } },
	{ ".|fromjson", "[null]", 1, { DECODE } },
	{ ".orders[].sku", "[\"orders\",[],\"sku\"]", 3,
	  { KEY("orders"), ITEM, KEY("sku") } },
	{ ".[][]", "[[],[]]", 2, { ITEM, ITEM } },
	{ ".dyn{}.x", "[\"dyn\",{},\"x\"]", 3, { KEY("dyn"), MAP, KEY("x") } },
	{ ".{}[]{}", "[{},[],{}]", 3, { MAP, ITEM, MAP } },
	{ ".payload|fromjson|.user.id", "[\"payload\",null,\"user\",\"id\"]", 4,
	  { KEY("payload"), DECODE, KEY("user"), KEY("id") } },
	{ ".|fromjson|.[]|fromjson|.{}", "[null,[],null,{}]", 4,
	  { DECODE, ITEM, DECODE, MAP } },
	{ ".a|fromjson|fromjson", "[\"a\",null,null]", 3,
	  { KEY("a"), DECODE, DECODE } },
	{ ".\"odd key\"[].\"\"._9Z", "[\"odd key\",[],\"\",\"_9Z\"]", 4,
	  { KEY("odd key"), ITEM, KEY(""), KEY("_9Z") } },
	{ ".\"9a\".\"\\u0000\\u007f\\n\"", "[\"9a\",\"\\u0000\\u007f\\n\"]", 2,
	  { KEY("9a"), KEY("\0\x7f\n") } },
	{ ".\"\\\\(x)\\\"\".\"\xc3\xa9\"",
	  "[\"\\\\(x)\\\"\",\"\xc3\xa9\"]", 2,
	  { KEY("\\(x)\""), KEY("\xc3\xa9") } },
	{ ".\"\\ud800\"", "[\"\\ud800\"]", 1, { KEY("\xed\xa0\x80") } },
	{ ".and.\"a-b\"", "[\"and\",\"a-b\"]", 2, { KEY("and"), KEY("a-b") } }
};

static bool same_steps(const struct step *a, size_t an, const struct step *b,
		       size_t bn)
{
	size_t i;

	if (an != bn)
		return false;
	for (i = 0; i < an; i++)
		if (a[i].kind != b[i].kind ||
		    (a[i].kind == STEP_KEY &&
		     (a[i].len != b[i].len ||
		      memcmp(a[i].key, b[i].key, a[i].len) != 0)))
			return false;
	return true;
}

static void test_written(void)
{
	struct parsed p = {0};
	struct buf b = {0};
	size_t i;

	for (i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		buf_clear(&b);
		path_write(&b, written[i].steps, written[i].n);
		CHECK(same(&b, written[i].path));
		CHECK(!parse(&p, b.s, b.len));
		CHECK(same_steps(p.steps, p.n, written[i].steps,
				 written[i].n));
		buf_clear(&b);
		path_write_steps(&b, written[i].steps, written[i].n);
		CHECK(same(&b, written[i].array));
	}
	release(&p);
	buf_release(&b);
}

static void test_refused(void)
{
	static const struct {
		const char *path;
		size_t at;
	} cases[] = {
		{ "", 0 }, { "a", 0 }, { " .a", 0 }, { ". ", 1 }, { "..", 1 },
		{ "..a", 1 }, { ".a.", 3 }, { ".a..b", 3 }, { ".9", 1 },
		{ ".a-b", 2 }, { ".a[", 2 }, { ".a[0]", 2 }, { ".a[]b", 4 },
		{ ".a.[]", 3 }, { ".a|.b", 2 }, { ".a|fromjson.b", 11 },
		{ ".a|fromjson[]", 11 }, { ".a|fromjson|", 11 },
		{ ".a|fromjson|.", 13 }, { ".a |fromjson", 2 },
		{ ".|fromjson|.|fromjson", 12 }, { ".\"a", 3 },
		{ ".\"a\\\"", 5 }, { ".\"a\\", 4 }, { ".\"\\q\"", 2 },
		{ ".\"\\(x)\"", 2 }, { ".\"\\u12\"", 2 }, { ".\"a\nb\"", 3 },
		{ ".\"a\"b", 4 }, { ".\"\xff\"", 2 },
		{ ".\"\xed\xa0\x80\"", 2 }, { ".\xc3\xa9", 1 }, { ".{}x", 3 }
	};
	struct parsed p = {0};
	size_t i;
	bool ok;

	/* An empty key in an empty buffer still has an address. */
	CHECK(!parse(&p, ".\"\"", 3) && p.n == 1 && p.steps[0].key);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ok = parse(&p, cases[i].path, strlen(cases[i].path)) < 0 &&
		     p.at == cases[i].at && p.why && *p.why;
		CHECK(ok);
		if (!ok)
			printf("\t%s: at %zu\n", cases[i].path, p.at);
	}
	CHECK(!parse(&p, ".\"a\".\"\\u0062\"", 13) && p.n == 2);
	CHECK(p.steps[0].len == 1 && *p.steps[0].key == 'a');
	CHECK(p.steps[1].len == 1 && *p.steps[1].key == 'b');
	release(&p);
}

/* Keys that something might stumble over; the first is for no jq. */
static const struct {
	const char *key;
	size_t len;
} odd[] = {
#define ODD(text) { text, sizeof(text) - 1 }
	ODD("\xed\xb0\x80"), ODD(""), ODD("a"), ODD("_"), ODD("a1"),
	ODD("1a"), ODD("a b"), ODD(" "), ODD("a.b"), ODD("\""), ODD("\\"),
	ODD("\\\\"), ODD("\\("), ODD("\\(1+1)"), ODD("\\\\(1)"), ODD("(1)"),
	ODD("\\u0041"), ODD("\\\"\\"), ODD("\"]"), ODD("\0"), ODD("a\0b"),
	ODD("\x01\x1f"), ODD("\n\r\t\b\f"), ODD("\x7f"), ODD("and"),
	ODD("or"), ODD("not"), ODD("if"), ODD("then"), ODD("else"),
	ODD("end"), ODD("reduce"), ODD("foreach"), ODD("try"), ODD("catch"),
	ODD("def"), ODD("import"), ODD("include"), ODD("label"),
	ODD("__loc__"), ODD("as"), ODD("null"), ODD("true"), ODD("$x"),
	ODD("$__loc__"), ODD("@base64"), ODD("@json \"x\""), ODD("[]"),
	ODD("{}"), ODD("|fromjson"), ODD("#comment"), ODD("?"), ODD("a?"),
	ODD("\xc3\xa9"), ODD("\xc2\x80"), ODD("\xe2\x80\xa8"),
	ODD("\xef\xbb\xbf"), ODD("\xef\xbf\xbe\xef\xbf\xbf"),
	ODD("\xef\xb7\x90"), ODD("\xf0\x9f\x98\x80"), ODD("\xf4\x8f\xbf\xbf"),
	ODD("e\xcc\x81"), ODD("A"), ODD("constructor"), ODD("'"), ODD("/")
};
#define ODDS (sizeof(odd) / sizeof(odd[0]))

/* Up to MAX_STEPS random steps; with ${jq} such as jq can follow. */
static size_t random_steps(struct step *steps, bool jq)
{
	size_t n = gen(MAX_STEPS + 1), i, at;

	for (i = 0; i < n; i++) {
		at = gen(10);
		steps[i] = (struct step){ .kind = STEP_KEY };
		if (at == 0 && !jq)
			steps[i].kind = STEP_MAP;
		else if (at == 1)
			steps[i].kind = STEP_NULL;
		else if (at < 4)
			steps[i].kind = STEP_ITEM;
		if (steps[i].kind != STEP_KEY)
			continue;
		at = jq ? 1 + gen(ODDS - 1) : gen(ODDS);
		steps[i].key = odd[at].key;
		steps[i].len = odd[at].len;
	}
	return n;
}

static void test_round_trip(void)
{
	struct step steps[MAX_STEPS];
	struct parsed p = {0}, q = {0};
	struct buf path = {0}, again = {0};
	size_t i, n;

	for (i = 0; i < 20000; i++) {
		n = random_steps(steps, false);
		buf_clear(&path);
		path_write(&path, steps, n);
		CHECK(!parse(&p, path.s, path.len));
		CHECK(same_steps(p.steps, p.n, steps, n));
		/* Damaged: refused, or a path with a text of its own. */
		gen_damage(&path);
		if (parse(&p, path.s, path.len)) {
			CHECK(p.at <= path.len);
			continue;
		}
		buf_clear(&again);
		path_write(&again, p.steps, p.n);
		CHECK(!parse(&q, again.s, again.len));
		CHECK(same_steps(p.steps, p.n, q.steps, q.n));
	}
	release(&p);
	release(&q);
	buf_release(&path);
	buf_release(&again);
}

/* ${value}, a JSON text, becomes what ${step} leads from to it. */
static void wrap(struct buf *value, const struct step *step)
{
	struct buf out = {0}, other = {0};

	if (step->kind == STEP_ITEM) {
		buf_addc(&out, '[');
		buf_add(&out, value->s, value->len);
		buf_addc(&out, ']');
	} else if (step->kind == STEP_NULL) {
		str_write(&out, value->s, value->len);
	} else {
		/* A neighbour with a longer key must not be reached. */
		buf_add(&other, step->key, step->len);
		buf_addc(&other, 'x');
		buf_addc(&out, '{');
		str_write(&out, other.s, other.len);
		buf_adds(&out, ":\"wrong\",");
		str_write(&out, step->key, step->len);
		buf_addc(&out, ':');
		buf_add(&out, value->s, value->len);
		buf_addc(&out, '}');
	}
	buf_release(value);
	buf_release(&other);
	*value = out;
}

/* Adds a document, and to the program a term that looks into it. */
static void add_case(struct buf *docs, struct buf *program, size_t number,
		     const struct step *steps, size_t n)
{
	struct buf value = {0};
	size_t i;

	buf_addf(&value, "\"value %zu\"", number);
	for (i = n; i--;)
		wrap(&value, &steps[i]);
	buf_add(docs, value.s, value.len);
	buf_addc(docs, '\n');
	buf_addf(program, "%s($d[%zu]|[", number ? ",\n" : "[inputs] as $d|",
		 number);
	path_write(program, steps, n);
	buf_adds(program, "])");
	buf_release(&value);
}

static void put_file(const char *name, const struct buf *b)
{
	FILE *f = fopen(name, "w");

	CHECK(f && fwrite(b->s, 1, b->len, f) == b->len);
	CHECK(f && !fclose(f));
}

/* Each case must give its own value and nothing else. */
static void run_jq(const struct buf *docs, const struct buf *program, size_t n)
{
	char folder[] = "/tmp/penstock-path-XXXXXX";
	struct buf out = {0}, want = {0};
	bool made = mkdtemp(folder) && !chdir(folder);
	size_t i;
	FILE *jq;

	CHECK(made);
	if (!made)
		return;
	put_file("docs", docs);
	put_file("program", program);
	jq = popen("jq -nc -f program docs 2>&1", "r");
	CHECK(jq != NULL);
	while (jq && fread(buf_reserve(&out, 1), 1, 1, jq) == 1)
		out.len++;
	CHECK(jq && !pclose(jq));
	for (i = 0; i < n; i++)
		buf_addf(&want, "[\"value %zu\"]\n", i);
	CHECK(same(&out, buf_cstr(&want)));
	CHECK(!remove("docs") && !remove("program") && !remove(folder));
	buf_release(&out);
	buf_release(&want);
}

static void test_jq(void)
{
	struct step steps[MAX_STEPS], one = { .kind = STEP_KEY };
	struct buf docs = {0}, program = {0};
	size_t number = 0, i;

	if (system("command -v jq >/dev/null")) {
		printf("skip: no jq\n");
		return;
	}
	for (i = 1; i < ODDS; i++) {
		one.key = odd[i].key;
		one.len = odd[i].len;
		add_case(&docs, &program, number++, &one, 1);
	}
	for (i = 0; i < 300; i++)
		add_case(&docs, &program, number++, steps,
			 random_steps(steps, true));
	run_jq(&docs, &program, number);
	buf_release(&docs);
	buf_release(&program);
}

int main(void)
{
	test_written();
	test_refused();
	test_round_trip();
	test_jq();
	return unit_end("path");
}
