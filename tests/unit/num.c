/*
 * Unit test of lib/json/num.  Comparison is checked against numbers written
 * out in full, place by place, and for exponents too large for that against
 * pairs that are equal (or not) by construction.
 */
#include <regex.h>
#include <string.h>

#include "gen.h"
#include "json/num.h"
#include "unit.h"

/* Places before and behind the point of a number written out. */
#define HALF 600

static int sign(long long n)
{
	return (n > 0) - (n < 0);
}

static int compare(const struct buf *a, const struct buf *b)
{
	return num_compare(a->s, a->len, b->s, b->len);
}

/* Both ways round. */
static bool is_order(const char *a, const char *b, int want)
{
	size_t alen = strlen(a), blen = strlen(b);
	bool ok = num_compare(a, alen, b, blen) == want &&
		  num_compare(b, blen, a, alen) == -want;

	if (!ok)
		printf("\t%s %s\n", a, b);
	return ok;
}

static void test_compare(void)
{
	static const struct {
		const char *a, *b;
		int want;
	} cases[] = {
		{ "0", "-0", 0 }, { "0", "-0.000e999999999999", 0 },
		{ "1", "2", -1 }, { "-1", "-2", 1 }, { "-1", "0", -1 },
		{ "10", "9", 1 }, { "1.0", "1", 0 }, { "1.5e1", "15", 0 },
		{ "999999999999999999", "1000000000000000000", -1 },
		{ "9007199254740993", "9007199254740992.9", 1 },
		{ "9007199254740993", "9007199254740992", 1 },
		{ "0.1", "0.10000000000000000000000000000000001", -1 },
		{ "1e400", "1e-400", 1 }, { "-1e400", "1e-400", -1 },
		{ "1e0000000000000000000000001", "10", 0 },
		{ "1e999999999999999999999", "1e999999999999999999998", 1 },
		{ "1e999999999999999999999", "0.1e1000000000000000000000", 0 },
		{ "1e-999999999999999999999", "0.1e-999999999999999999998", 0 },
		{ "1e-1000000000000000000000", "1e999999999999999999999", -1 },
		{ "123e100000000000000000000", "1.23e100000000000000000002",
		  0 },
		{ "124e100000000000000000000", "1.23e100000000000000000002",
		  1 },
		{ "1e99999999999999999", "1e100000000000000000", -1 },
		{ "10e99999999999999999", "1e100000000000000000", 0 },
		{ "11e99999999999999999", "1e100000000000000000", 1 },
		{ "0e99999999999999999999", "1e-99999999999999999999", -1 },
		{ "0.00", "0e5", 0 }, { "100", "1e2", 0 },
		{ "100.001", "1e2", 1 }, { "0.05", "5e-2", 0 }
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(is_order(cases[i].a, cases[i].b, cases[i].want));
}

/* The coefficient's digits, without the point; how many stand behind it. */
static size_t coefficient(const struct buf *b, char *digits, long *decimals)
{
	size_t n = 0, i;
	bool point = false;

	*decimals = 0;
	for (i = b->s[0] == '-'; i < b->len; i++) {
		if (b->s[i] == 'e' || b->s[i] == 'E')
			break;
		if (b->s[i] == '.') {
			point = true;
			continue;
		}
		digits[n++] = b->s[i];
		*decimals += point;
	}
	return n;
}

static long exponent(struct buf *b)
{
	const char *e = strpbrk(buf_cstr(b), "eE");

	return e ? strtol(e + 1, NULL, 10) : 0;
}

/* Writes ${b} out without exponent, HALF places on both sides of the point. */
static void write_out(struct buf *b, char *places)
{
	char digits[100];
	long decimals, at;
	size_t n = coefficient(b, digits, &decimals), i;

	memset(places, '0', (size_t)2 * HALF);
	at = HALF - ((long)n - decimals) - exponent(b);
	for (i = 0; i < n; i++)
		places[at + (long)i] = digits[i];
}

static int slow_compare(struct buf *a, struct buf *b)
{
	char pa[2 * HALF], pb[2 * HALF], zero[2 * HALF];
	int sa = a->s[0] == '-' ? -1 : 1, sb = b->s[0] == '-' ? -1 : 1;

	memset(zero, '0', sizeof(zero));
	write_out(a, pa);
	write_out(b, pb);
	if (!memcmp(pa, zero, sizeof(zero)))
		sa = 0;
	if (!memcmp(pb, zero, sizeof(zero)))
		sb = 0;
	if (sa != sb)
		return sign(sa - sb);
	return sa * sign(memcmp(pa, pb, sizeof(pa)));
}

/* Random numbers, and pairs that differ in little. */
static void test_compare_random(void)
{
	struct buf a = {0}, b = {0};
	size_t i, equal = 0, at;
	bool ok;

	for (i = 0; i < 100000; i++) {
		buf_clear(&a);
		buf_clear(&b);
		gen_number(&a, 24, gen(2) ? 30 : 350);
		if (gen(2)) {
			gen_number(&b, 24, gen(2) ? 30 : 350);
		} else {
			buf_add(&b, a.s, a.len);
			at = gen(b.len);
			if (at && b.s[at] >= '1' && b.s[at] <= '8')
				b.s[at] = (char)(b.s[at] + (gen(2) ? 1 : -1));
			else if (!strpbrk(buf_cstr(&b), ".eE"))
				buf_adds(&b, gen(2) ? "00e-2" : ".0");
		}
		ok = compare(&a, &b) == slow_compare(&a, &b) &&
		     compare(&b, &a) == slow_compare(&b, &a);
		equal += !compare(&a, &b);
		CHECK(ok);
		if (!ok)
			printf("\t%s %s\n", buf_cstr(&a), buf_cstr(&b));
	}
	CHECK(equal > 1000 && equal < 60000);
	buf_release(&a);
	buf_release(&b);
}

/* Adds 1 to the decimal text of a number, or subtracts it (not from 0). */
static void step(struct buf *number, bool up)
{
	size_t i = number->len;

	while (i--) {
		if (number->s[i] != (up ? '9' : '0')) {
			number->s[i] = (char)(number->s[i] + (up ? 1 : -1));
			return;
		}
		number->s[i] = up ? '0' : '9';
	}
	memmove(buf_reserve(number, 1) - number->len + 1, number->s,
		number->len);
	number->s[0] = '1';
	number->len++;
}

/* ${digits} with the point behind the first ${lead}, exponent ${sign}${exp}. */
static void assemble(struct buf *out, const struct buf *digits, size_t lead,
		     bool minus, const struct buf *exp)
{
	buf_clear(out);
	buf_add(out, digits->s, lead);
	if (lead < digits->len) {
		buf_addc(out, '.');
		buf_add(out, digits->s + lead, digits->len - lead);
	}
	buf_addc(out, 'e');
	if (minus)
		buf_addc(out, '-');
	buf_add(out, exp->s, exp->len);
}

/*
 * A number with the point at one place and at another, the exponent making up
 * for it; then with one unit more in the exponent or the last digit.
 */
static void huge_case(size_t exp_digits, size_t most)
{
	struct buf digits = {0}, exp = {0}, a = {0}, b = {0};
	bool minus = gen(2);
	size_t from, moved, i;

	buf_addc(&digits, (char)('1' + gen(9)));
	gen_digits(&digits, 1 + gen(most));
	buf_addc(&digits, (char)('1' + gen(8)));
	/* 9998 or 10002 with as many digits as asked for: carries. */
	buf_addc(&exp, gen(2) ? '9' : '1');
	for (i = 1; i < exp_digits; i++)
		buf_addc(&exp, exp.s[0] == '9' ? '9' : '0');
	exp.s[exp.len - 1] = (char)('0' + gen(10));
	from = 1 + gen(digits.len);
	assemble(&a, &digits, from, minus, &exp);
	moved = 1 + gen(from);
	for (i = moved; i < from; i++)
		step(&exp, !minus);
	assemble(&b, &digits, moved, minus, &exp);
	CHECK(compare(&a, &b) == 0 && compare(&b, &a) == 0);
	step(&exp, true);
	assemble(&b, &digits, moved, minus, &exp);
	CHECK(compare(&a, &b) == (minus ? 1 : -1));
	CHECK(compare(&b, &a) == (minus ? -1 : 1));
	step(&exp, false);
	digits.s[digits.len - 1]++;
	assemble(&b, &digits, moved, minus, &exp);
	CHECK(compare(&a, &b) == -1 && compare(&b, &a) == 1);
	buf_release(&digits);
	buf_release(&exp);
	buf_release(&a);
	buf_release(&b);
}

static void test_compare_huge(void)
{
	size_t i;

	for (i = 3; i < 40; i++) {
		huge_case(i, 8);
		huge_case(i, 8);
		huge_case(i, 60);
	}
	for (i = 0; i < 200; i++)
		huge_case(3 + gen(4000), i % 2 ? 4000 : 10);
}

static bool orders(const char *a, const char *b, int want)
{
	size_t alen = strlen(a), blen = strlen(b);

	return num_order(a, alen, b, blen) == want &&
	       num_order(b, blen, a, alen) == -want;
}

static void test_order(void)
{
	CHECK(orders("1", "2", -1));
	CHECK(orders("1", "1.0", -1));
	CHECK(orders("100", "1e2", -1));
	CHECK(orders("0", "-0", -1));
	CHECK(orders("1E2", "1e2", -1));
	CHECK(orders("-1.0", "-1", 1));
	CHECK(orders("1.0", "10e-1", -1));
	CHECK(orders("5", "5", 0));
}

/* num_length() against a regular expression of RFC 8259 section 6. */
static void test_length(void)
{
	static const char grammar[] =
		"^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?";
	static const char bytes[] = "00112399--..eE++x ";
	regex_t regex;
	regmatch_t match;
	char s[12];
	size_t i, k, len, want;

	CHECK(!regcomp(&regex, grammar, REG_EXTENDED));
	CHECK(num_length("", 0) == 0);
	CHECK(num_length("12", 1) == 1);
	CHECK(num_length("1.5", 2) == 1);
	CHECK(num_length("1e+5", 3) == 1);
	for (i = 0; i < 100000; i++) {
		len = gen(sizeof(s));
		for (k = 0; k < len; k++)
			s[k] = bytes[gen(sizeof(bytes) - 1)];
		s[len] = '\0';
		want = regexec(&regex, s, 1, &match, 0) ? 0
			: (size_t)match.rm_eo;
		CHECK(num_length(s, len) == want);
	}
	regfree(&regex);
}

/* Kind, small value and shape of one number, against the C library. */
static bool looks_right(struct buf *b)
{
	const char *text = buf_cstr(b);
	char digits[200];
	struct num_shape shape;
	long decimals, scale;
	size_t n = coefficient(b, digits, &decimals), zeros = 0;
	bool is_int = !strpbrk(text, ".eE");
	int64_t value;

	if (num_is_int(b->s, b->len) != is_int ||
	    num_length(b->s, b->len) != b->len)
		return false;
	if (num_small(b->s, b->len, &value) != (is_int && n <= 18))
		return false;
	if (is_int && n <= 18 && value != strtoll(text, NULL, 10))
		return false;
	while (zeros < n - 1 && digits[zeros] == '0')
		zeros++;
	scale = decimals - exponent(b);
	num_shape(b->s, b->len, &shape);
	return shape.digits == n - zeros &&
	       shape.scale == (scale < 0 ? 0 : scale) &&
	       shape.exponent == !!strpbrk(text, "eE");
}

static void test_looks(void)
{
	struct buf b = {0};
	char *exact;
	size_t i;
	bool ok;

	for (i = 0; i < 100000; i++) {
		buf_clear(&b);
		gen_number(&b, 1 + gen(30), 500);
		/* No room behind it, for the sanitizers. */
		exact = malloc(b.len);
		if (exact) {
			memcpy(exact, b.s, b.len);
			num_is_int(exact, b.len);
			num_small(exact, b.len, &(int64_t){ 0 });
			free(exact);
		}
		ok = looks_right(&b);
		CHECK(ok);
		if (!ok)
			printf("\t%s\n", buf_cstr(&b));
	}
	buf_release(&b);
}

static void test_shape(void)
{
	static const struct {
		const char *text;
		uint32_t digits, scale;
		bool exponent;
	} cases[] = {
		{ "0", 1, 0, false }, { "-0.0", 1, 1, false },
		{ "100", 3, 0, false }, { "1.50", 3, 2, false },
		{ "0.05", 1, 2, false }, { "1e-5", 1, 5, true },
		{ "1.5e1", 2, 0, true }, { "1.25e1", 3, 1, true },
		{ "0e-7", 1, 7, true }, { "10.0", 3, 1, false },
		{ "1e-2147483646", 1, 2147483646, true },
		{ "1e-2147483647", 1, 2147483647, true },
		{ "1e-2147483648", 1, 2147483647, true },
		{ "1.5e-99999999999999999999999", 2, 2147483647, true },
		{ "1.5e+99999999999999999999999", 2, 0, true },
		{ "1.5e-00000000000000000000003", 2, 4, true }
	};
	struct num_shape shape;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		num_shape(cases[i].text, strlen(cases[i].text), &shape);
		CHECK(shape.digits == cases[i].digits);
		CHECK(shape.scale == cases[i].scale);
		CHECK(shape.exponent == cases[i].exponent);
	}
}

static void test_small(void)
{
	int64_t value = 1;

	CHECK(num_small("-0", 2, &value) && value == 0);
	CHECK(num_small("999999999999999999", 18, &value) &&
	      value == 999999999999999999);
	CHECK(num_small("-999999999999999999", 19, &value) &&
	      value == -999999999999999999);
	CHECK(!num_small("1000000000000000000", 19, &value));
	CHECK(!num_small("-1000000000000000000", 20, &value));
	CHECK(!num_small("1.0", 3, &value) && !num_small("1e5", 3, &value));
}

int main(void)
{
	test_compare();
	test_compare_random();
	test_compare_huge();
	test_order();
	test_length();
	test_looks();
	test_shape();
	test_small();
	return unit_end("num");
}
