/*
 * num -- numbers as text, compared exactly.
 *
 * A comparison looks at the sign, then at the power of ten of the first digit
 * that is not 0, then at the digits.  The power is the exponent as written, a
 * decimal text of any length, plus a small offset (where the point stands), so
 * that only the difference of two exponents is ever computed.
 */
#include <string.h>

#include "json/num.h"

#define EACH_BYTE 0x0101010101010101u

/* A number taken apart; the pointers are into its text. */
struct parts {
	const char *digit;	/* first digit that is not 0, or .end */
	const char *end;	/* behind the last digit of the coefficient */
	const char *exp;	/* digits of the exponent, no leading zeros */
	size_t exp_len;		/* 0: no exponent, or one of value 0 */
	int64_t top;		/* 10^(top-1) <= coefficient < 10^top */
	int exp_sign;
	bool negative;
	bool exponent;		/* written with one */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && is_digit(s[n]))
		n++;
	return n;
}

/*
 * The longest beginning that is a number: of "01" and "1.x" the first byte.
 * Whether what follows may follow is the caller's question.
 */
size_t num_length(const char *s, size_t len)
{
	size_t pos = len && s[0] == '-', end, n;

	n = pos < len && s[pos] == '0' ? 1 : digits(s + pos, len - pos);
	if (!n)
		return 0;
	pos += n;
	if (pos < len && s[pos] == '.') {
		n = digits(s + pos + 1, len - pos - 1);
		if (!n)
			return pos;
		pos += 1 + n;
	}
	if (pos < len && (s[pos] | 0x20) == 'e') {
		end = pos + 1;
		if (end < len && (s[end] == '+' || s[end] == '-'))
			end++;
		n = digits(s + end, len - end);
		if (n)
			pos = end + n;
	}
	return pos;
}

/* Eight, four bytes, the first in the lowest place. */
static uint64_t load8(const char *s)
{
	uint64_t word;

	memcpy(&word, s, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

static uint64_t load4(const char *s)
{
	uint32_t word;

	memcpy(&word, s, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap32(word);
#endif
	return word;
}

/*
 * The ${n} (1 to 8) bytes at ${s} behind 8 - ${n} characters '0'.  Loads that
 * overlap put the same bytes in the same places.
 */
static uint64_t load_right(const char *s, size_t n)
{
	uint64_t word;

	if (n == 8)
		return load8(s);
	if (n >= 4)
		word = load4(s) | load4(s + n - 4) << 8 * (n - 4);
	else
		word = (uint64_t)(unsigned char)s[0] |
		       (uint64_t)(unsigned char)s[n / 2] << 8 * (n / 2) |
		       (uint64_t)(unsigned char)s[n - 1] << 8 * (n - 1);
	return word << 8 * (8 - n) | ('0' * EACH_BYTE) >> 8 * n;
}

/*
 * Of the bytes of a number behind its sign, exactly the digits have bit 0x10:
 * '.' is 2e, '+' 2b, '-' 2d, 'E' 45, 'e' 65.
 */
static bool all_digits(uint64_t word)
{
	return !(~word & 0x10 * EACH_BYTE);
}

bool num_is_int(const char *s, size_t len)
{
	size_t sign = s[0] == '-';

	s += sign;
	len -= sign;
	if (len <= 8)
		return all_digits(load_right(s, len));
	for (; len > 8; s += 8, len -= 8)
		if (!all_digits(load8(s)))
			return false;
	return all_digits(load8(s + len - 8));
}

/* The value of eight digits: pairs, then pairs of pairs, then both halves. */
static uint64_t value8(uint64_t word)
{
	word &= 0x0f * EACH_BYTE;
	word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ffu;
	word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffffu;
	return (word * 10000 + (word >> 32)) & 0xffffffffu;
}

bool num_small(const char *s, size_t len, int64_t *value)
{
	size_t sign = s[0] == '-', head;
	uint64_t word, sum = 0;

	s += sign;
	len -= sign;
	if (len > 18)
		return false;
	for (; len; s += head, len -= head) {
		head = len % 8 ? len % 8 : 8;
		word = load_right(s, head);
		if (!all_digits(word))
			return false;
		sum = sum * 100000000 + value8(word);
	}
	*value = sign ? -(int64_t)sum : (int64_t)sum;
	return true;
}

/* The exponent behind ${s}, which is its "e", up to ${end}. */
static void split_exponent(struct parts *p, const char *s, const char *end)
{
	p->exponent = true;
	p->exp_sign = s[1] == '-' ? -1 : 1;
	s += is_digit(s[1]) ? 1 : 2;
	while (s < end && *s == '0')
		s++;
	p->exp = s;
	p->exp_len = (size_t)(end - s);
}

static void split(const char *s, size_t len, struct parts *p)
{
	const char *end = s + len, *start, *point;

	*p = (struct parts){ .negative = s[0] == '-', .exp_sign = 1 };
	start = s + p->negative;
	point = start + digits(start, (size_t)(end - start));
	p->end = point;
	if (point < end && *point == '.')
		p->end += 1 + digits(point + 1, (size_t)(end - point) - 1);
	if (p->end < end)
		split_exponent(p, p->end, end);
	for (p->digit = start; p->digit < p->end; p->digit++)
		if (*p->digit != '0' && *p->digit != '.')
			break;
	/* 12.5: 2; 0.05: -1, the point itself being no place. */
	p->top = point - p->digit + (p->digit > point);
}

/*
 * Exponent of ${a} less that of ${b}.  Exact below 10^17; beyond, of the
 * right sign and larger than any offset: what the digits to come can add is
 * less than two units of the place already read.
 */
static int64_t exponent_gap(const struct parts *a, const struct parts *b)
{
	size_t n = a->exp_len > b->exp_len ? a->exp_len : b->exp_len;
	const int64_t limit = 100000000000000000;
	int64_t gap = 0;

	for (; n && gap < limit && gap > -limit; n--) {
		gap *= 10;
		if (n <= a->exp_len)
			gap += a->exp_sign * (a->exp[a->exp_len - n] - '0');
		if (n <= b->exp_len)
			gap -= b->exp_sign * (b->exp[b->exp_len - n] - '0');
	}
	return gap;
}

/* The digit at ${*s}, or '0' behind the last one; passes over the point. */
static char next_digit(const char **s, const char *end)
{
	if (*s < end && **s == '.')
		++*s;
	return *s < end ? *(*s)++ : '0';
}

/* Coefficients whose first digits have the same weight. */
static int compare_digits(const struct parts *a, const struct parts *b)
{
	const char *as = a->digit, *bs = b->digit;
	char x, y;

	while (as < a->end || bs < b->end) {
		x = next_digit(&as, a->end);
		y = next_digit(&bs, b->end);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

/* By absolute value; neither is 0. */
static int compare_size(const struct parts *a, const struct parts *b)
{
	int64_t gap = a->top - b->top;

	if (a->exp_len || b->exp_len)
		gap += exponent_gap(a, b);
	if (gap)
		return gap < 0 ? -1 : 1;
	return compare_digits(a, b);
}

static int sign_of(const struct parts *p)
{
	if (p->digit == p->end)
		return 0;
	return p->negative ? -1 : 1;
}

int num_compare(const char *a, size_t alen, const char *b, size_t blen)
{
	struct parts pa, pb;
	int64_t va, vb;
	int sa, sb;

	if (num_small(a, alen, &va) && num_small(b, blen, &vb))
		return (va > vb) - (va < vb);
	split(a, alen, &pa);
	split(b, blen, &pb);
	sa = sign_of(&pa);
	sb = sign_of(&pb);
	if (sa != sb)
		return sa < sb ? -1 : 1;
	return sa * (sa ? compare_size(&pa, &pb) : 0);
}

int num_order(const char *a, size_t alen, const char *b, size_t blen)
{
	int rc = num_compare(a, alen, b, blen);

	if (rc)
		return rc;
	if (alen != blen)
		return alen < blen ? -1 : 1;
	rc = memcmp(a, b, alen);
	return (rc > 0) - (rc < 0);
}

/* ${places} decimals, moved by the exponent; within 0 and 2^31-1. */
static uint32_t scale_of(const struct parts *p, size_t places)
{
	static const struct parts none = { .exp_sign = 1 };
	int64_t scale = (int64_t)places - exponent_gap(p, &none);

	if (scale < 0)
		return 0;
	return scale > INT32_MAX ? INT32_MAX : (uint32_t)scale;
}

void num_shape(const char *s, size_t len, struct num_shape *shape)
{
	struct parts p;
	const char *point;
	size_t n, places = 0;

	split(s, len, &p);
	n = (size_t)(p.end - p.digit);
	point = memchr(s, '.', (size_t)(p.end - s));
	if (point) {
		places = (size_t)(p.end - point) - 1;
		n -= p.digit <= point;
	}
	if (!n)
		n = 1;
	shape->digits = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	shape->scale = scale_of(&p, places);
	shape->exponent = p.exponent;
}
