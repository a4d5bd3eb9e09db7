/*
 * extra -- distinct, histogram, values and samples add up exactly.
 *
 * Random values in random partitions, orders and merge trees, with writing and
 * reading between, have to give the bytes that extra_plain.h gives for all of
 * them at once.
 */
#include "unit.h"

#include "attrs/hll.h"
#include "attrs/magnitude.h"
#include "extra_plain.h"
#include "gen.h"

/* 256 bytes are a value, 257 are more. */
static void test_long_value(void)
{
	struct extra_opts o = {.values = 2};
	char text[257];

	memset(text, 'v', sizeof(text));
	for (size_t len = 255; len < 258; len++) {
		struct extra *x = extra_new(&o);
		struct buf b = {0};

		extra_observe(x, &o, EXTRA_STR, text, len, len);
		extra_write(&b, x, &o, EXTRA_STR);
		CHECK((b.len == strlen(",\"values\":\"more\"")) == (len > 256));
		buf_release(&b);
		extra_free(x);
	}
}

static void read_samples(struct extra *x, const struct extra_opts *o,
			 const char *text)
{
	CHECK(extra_read(x, o, "samples", 7, text, strlen(text)) == 0);
}

/* Of two texts with one hash the smaller stays, whichever came first. */
static void test_same_hash(void)
{
	static const char *const texts[] = {
		"[{\"hash\":\"0123456789abcdef\",\"text\":\"ab\"}]",
		"[{\"hash\":\"0123456789abcdef\",\"text\":\"a\"}]",
		"[{\"hash\":\"0123456789abcdef\",\"text\":\"b\"}]",
	};
	struct extra_opts o = {.samples = 1};

	for (int i = 0; i < 6; i++) {
		struct extra *x = extra_new(&o);
		struct buf b = {0};

		read_samples(x, &o, texts[i % 3]);
		read_samples(x, &o, texts[(i + 1 + i / 3) % 3]);
		read_samples(x, &o, texts[(i + 2 - i / 3) % 3]);
		extra_write(&b, x, &o, EXTRA_STR);
		CHECK(same(&b, ",\"samples\":[{\"hash\":\"0123456789abcdef\","
			   "\"text\":\"a\"}]"));
		buf_release(&b);
		extra_free(x);
	}
}

/* What random values are made from. */
static void gen_text(struct buf *b, size_t variety)
{
	static const char *const parts[] = {
		"a", "Zed", "9", " ", "-", "\xc3\xa4", "\xe6\x97\xa5",
		"\xf0\x9f\x98\x80", "\xed\xa0\x80", "\"", "\\", "\n", "\x7f",
		"word", "\x01"
	};
	size_t n = gen(50) ? gen(6) : gen(8) ? 20 + gen(30) : 240 + gen(60);

	buf_addf(b, "%zu", gen(variety));
	while (n--)
		buf_adds(b, variety < 50 && n < 6 ? "q" : GEN_PICK(parts));
}

/* Bits of the code points of ${text}. */
static unsigned text_bucket(const char *text, size_t len)
{
	size_t chars = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < len; i++)
		chars += ((unsigned char)text[i] & 0xc0) != 0x80;
	for (; chars; chars /= 2)
		bits++;
	return bits;
}

#define VALUES_MOST 6000

/* ${n} values; their texts are in ${texts}. */
static void gen_values(struct plain_value *v, size_t n, struct buf *texts,
		       size_t variety, enum extra_kind kind)
{
	size_t *starts = calloc(n + 1, sizeof(*starts));

	buf_clear(texts);
	for (size_t i = 0; i < n; i++) {
		starts[i] = texts->len;
		if (kind == EXTRA_STR)
			gen_text(texts, variety);
		else
			buf_addf(texts, "%s%zu%s", gen(2) ? "-" : "",
				 gen(variety), kind == EXTRA_INT ? "" : ".5e2");
	}
	starts[n] = texts->len;
	buf_reserve(texts, 64);
	for (size_t i = 0; i < n; i++) {
		v[i].text = texts->s + starts[i];
		v[i].len = starts[i + 1] - starts[i];
		v[i].bucket = kind == EXTRA_STR ?
			text_bucket(v[i].text, v[i].len) :
			magnitude_of_number(v[i].text, v[i].len);
	}
	free(starts);
}

static void observe(struct extra *x, const struct extra_opts *o,
		    enum extra_kind kind, const struct plain_value *v)
{
	extra_observe(x, o, kind, v->text, v->len,
		      kind == EXTRA_STR ? str_chars(v->text, v->len) : 0);
}

/* The text of member ${name} in what extra_write() wrote; false: none. */
static bool member(const struct buf *b, const char *name, const char **text,
		   size_t *len)
{
	static const char *const after[] = {
		",\"histogram\":", ",\"values\":", ",\"samples\":"
	};
	char start[40];
	const char *p, *end = b->s + b->len, *q;

	snprintf(start, sizeof(start), ",\"%s\":", name);
	p = memmem(b->s, b->len, start, strlen(start));
	if (!p)
		return false;
	p += strlen(start);
	for (size_t i = 0; i < 3; i++) {
		q = memmem(p, (size_t)(end - p), after[i], strlen(after[i]));
		if (q)
			end = q;
	}
	*text = p;
	*len = (size_t)(end - p);
	return true;
}

/* As after writing and reading; frees ${x}. */
static struct extra *through_text(struct extra *x, const struct extra_opts *o,
				  enum extra_kind kind)
{
	static const char *const names[] = {
		"registers", "histogram", "values", "samples"
	};
	struct extra_opts later = *o;
	struct extra *y;
	struct buf b = {0}, again = {0};
	const char *text;
	size_t len;

	later.key = NULL;	/* merge-attrs has none */
	y = extra_new(&later);
	extra_write(&b, x, o, kind);
	buf_addc(&b, '}');	/* something follows in a line */
	b.len--;
	for (size_t i = 0; i < 4; i++)
		if (member(&b, names[i], &text, &len))
			CHECK(extra_read(y, &later, names[i], strlen(names[i]),
					 text, len) == 0);
	extra_write(&again, y, &later, kind);
	CHECK(b.len == again.len &&
	      (!b.len || memcmp(b.s, again.s, b.len) == 0));
	buf_release(&b);
	buf_release(&again);
	extra_free(x);
	return y;
}

#define PARTS 7

/* Values dealt out to parts, parts added up in any order. */
static struct extra *deal(const struct plain_value *v, size_t n,
			  const struct extra_opts *o, enum extra_kind kind)
{
	struct extra *parts[PARTS];
	size_t left = 1 + gen(PARTS), a, b;

	for (size_t i = 0; i < left; i++)
		parts[i] = extra_new(o);
	for (size_t i = 0; i < n; i++)
		observe(parts[gen(left)], o, kind, &v[i]);
	while (left > 1) {
		a = gen(left);
		b = (a + 1 + gen(left - 1)) % left;
		if (!gen(3))
			parts[b] = through_text(parts[b], o, kind);
		extra_add(parts[a], parts[b], o);
		extra_free(parts[b]);
		parts[b] = parts[--left];
	}
	return parts[0];
}

static void shuffle(struct plain_value *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = gen(i);
		struct plain_value t = v[i - 1];

		v[i - 1] = v[j];
		v[j] = t;
	}
}

static void test_round(struct plain_value *v, struct buf *texts)
{
	static const size_t sizes[] = {0, 1, 7, 60, 400, 700, VALUES_MOST};
	static const size_t varieties[] = {3, 20, 300, 100000};
	enum extra_kind kind = (enum extra_kind)gen(3);
	size_t n = GEN_PICK(sizes);
	struct extra_opts o = {
		.full = gen(3), .unmasked = gen(2),
		.values = (uint32_t)(gen(4) ? gen(40) : gen(100000)),
		.samples = (uint32_t)gen(30),
		.key = gen(2) ? (const unsigned char *)"0123456789abcdef\n"
			      : NULL,
		.key_len = 17
	};
	struct buf want = {0}, got = {0};
	struct extra *x;

	gen_values(v, n, texts, GEN_PICK(varieties), kind);
	shuffle(v, n);
	x = deal(v, n, &o, kind);
	extra_write(&got, x, &o, kind);
	x = through_text(x, &o, kind);
	plain_write(&want, v, n, &o, kind);
	buf_addc(&want, '\0');
	CHECK(want.len == got.len + 1 && (!got.len ||
	      memcmp(want.s, got.s, got.len) == 0));
	if (want.len != got.len + 1 || memcmp(want.s, got.s, got.len))
		printf("  want %.600s\n  got  %.*s\n", want.s,
		       (int)(got.len < 600 ? got.len : 600), got.s);
	buf_release(&want);
	buf_release(&got);
	extra_free(x);
}

static void test_masks(void)
{
	struct extra_opts o = {.samples = 1};
	static const struct {
		enum extra_kind kind;
		const char *text, *shown;
	} cases[] = {
		{EXTRA_STR, "", "\"\""},
		{EXTRA_STR, "Max Muster-47, B\xc3\xa4r",
		 "\"Aaa Aaaaaa-99, Axa\""},
		{EXTRA_STR, "\xe6\x97\xa5\xf0\x9f\x98\x80\xed\xa0\x80",
		 "\"xxx\""},
		{EXTRA_STR, "a\tb\"c", "\"a\\ta\\\"a\""},
		{EXTRA_INT, "-1234", "\"-9999\""},
		{EXTRA_FLOAT, "-1.25E+10", "\"-9.99E+99\""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct extra *x = extra_new(&o);
		struct buf b = {0};
		size_t len = strlen(cases[i].shown);

		extra_observe(x, &o, cases[i].kind, cases[i].text,
			      strlen(cases[i].text), 0);
		extra_write(&b, x, &o, cases[i].kind);
		CHECK(b.len > len + 2 && memcmp(b.s + b.len - len - 2,
						cases[i].shown, len) == 0);
		buf_release(&b);
		extra_free(x);
	}
}

static void refuse(const char *name, const char *text)
{
	struct extra_opts o = {.full = true, .values = 3, .samples = 3};
	struct extra *x = extra_new(&o);
	size_t len = strlen(text);
	char *copy = malloc(len + 2);

	/* Cut to size, with one byte behind as in a line. */
	memcpy(copy, text, len);
	copy[len] = '\n';
	CHECK(extra_read(x, &o, name, strlen(name), copy, len) == -1);
	free(copy);
	extra_free(x);
}

static void test_refused(void)
{
	struct buf dense = {0};
	static const char *const registers[] = {
		"", "\"", "AAB", "\"AAA\"", "\"AA\"", "\"AAB", "\"AAC\"\"",
		"\"ABBAAB\"", "\"AABAAB\"", "\"AA2\"", "\"A=B\"", "\"\\u0041\"",
		"\"AA\xc3\"", "[]", "1"
	};
	static const char *const histograms[] = {
		"", "[", "[1", "[0]", "[1,0]", "[-1]", "[1.5]", "{}", "[1,]",
		"[18446744073709551616]", "[1]x", "\"1\"",
		"[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
		"1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
		"1,1,1,1,1,1]"
	};
	static const char *const values[] = {
		"", "\"less\"", "{", "{\"a\"}", "{\"a\":}", "{\"a\":0}",
		"{\"a\":\"b\"}", "{\"a\":1", "[]", "{\"a\":1}}", "{\"a:1}",
		"{\"\\x\":1}"
	};
	static const char *const samples[] = {
		"", "[", "{}", "[{}]", "[{\"hash\":\"0123456789abcdef\"}]",
		"[{\"hash\":\"0123456789abcde\",\"text\":\"\"}]",
		"[{\"hash\":\"0123456789abcdeF\",\"text\":\"\"}]",
		"[{\"hash\":\"0123456789abcdef\",\"text\":1}]",
		"[{\"hash\":\"0123456789abcdef\",\"text\":\"\\q\"}]", "[1]"
	};

	for (size_t i = 0; i < sizeof(registers) / sizeof(*registers); i++)
		refuse("registers", registers[i]);
	for (size_t i = 0; i < sizeof(histograms) / sizeof(*histograms); i++)
		refuse("histogram", histograms[i]);
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		refuse("values", values[i]);
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		refuse("samples", samples[i]);
	buf_addc(&dense, '"');	/* 511 are to be sparse */
	for (int i = 0; i < 4096; i++)
		buf_addc(&dense, i < 511 ? 'B' : 'A');
	buf_addc(&dense, '"');
	refuse("registers", buf_cstr(&dense));
	buf_clear(&dense);	/* 256 bytes are shown at most */
	buf_addf(&dense, "[{\"hash\":\"0123456789abcdef\",\"text\":\"%0257d\""
		 "}]", 0);
	refuse("samples", buf_cstr(&dense));
	buf_release(&dense);
}

static void test_empty(void)
{
	struct extra_opts o = {.full = true, .values = 1, .samples = 1};
	struct extra *x = extra_new(&o);
	struct buf b = {0};

	extra_write(&b, x, &o, EXTRA_STR);
	CHECK(same(&b, ",\"distinct\":0,\"registers\":\"\",\"histogram\":[],"
		   "\"values\":{},\"samples\":[]"));
	extra_free(through_text(x, &o, EXTRA_STR));
	extra_free(NULL);
	buf_release(&b);
}

int main(void)
{
	struct plain_value *v = calloc(VALUES_MOST, sizeof(*v));
	struct buf texts = {0};

	test_long_value();
	test_same_hash();
	test_masks();
	test_refused();
	test_empty();
	for (int i = 0; i < 400; i++)
		test_round(v, &texts);
	buf_release(&texts);
	free(v);
	return unit_end("extra");
}
