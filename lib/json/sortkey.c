/*
 * sortkey -- a JSON value as bytes that memcmp(3) puts in jq's order.
 *
 * A byte for the type (null 1, false 2, true 3, number 4, string 5, array 6,
 * object 7), then
 *	string	its bytes, 00 as 00 ff, closed by 00 00
 *	array	its items, closed by 00
 *	object	its sorted keys as strings, 00, then the values in that order
 *	number	sign (1 negative, 2 zero, 3 positive), exponent, digits; of a
 *		negative one all behind the sign is inverted
 *
 * A number is 0.DIGITS times 10^exponent, the first and last digit not 0.  The
 * digits go two a byte, plus 1, closed by 00.  The exponent is
 *	-60..60		one byte, 80 + exponent
 *	within 10^18	20 or e0, then 8 bytes, biased
 *	beyond		10 or f0, the number of digits in 8 bytes, the digits;
 *			for 10 these are inverted
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/members.h"
#include "json/sortkey.h"

#define SMALL 60
#define BIG_DIGITS 18
#define BIG 1000000000000000000	/* 10^18 */

/* A number taken apart. */
struct number {
	const char *first, *last;	/* digits; a point may be between */
	int64_t top;			/* where the point is from .first */
	const char *exp;		/* its digits, no leading zeros */
	size_t exp_len;
	bool negative, exp_negative;
};

static void add_u64(struct buf *out, uint64_t v)
{
	char *to = buf_reserve(out, 8);

	for (int i = 0; i < 8; i++)
		to[i] = (char)(v >> (56 - 8 * i));
	out->len += 8;
}

static void add_string(struct buf *out, struct span text)
{
	const char *p = text.s, *end = text.s + text.len, *zero;

	while (p < end && (zero = memchr(p, 0, (size_t)(end - p)))) {
		buf_add(out, p, (size_t)(zero - p) + 1);
		buf_addc(out, '\xff');
		p = zero + 1;
	}
	buf_add(out, p, (size_t)(end - p));
	buf_add(out, "\0", 2);
}

static void take_exponent(struct number *n, const char *p, const char *end)
{
	n->exp_negative = *p == '-';
	p += *p == '-' || *p == '+';
	while (p < end && *p == '0')
		p++;
	n->exp = p;
	n->exp_len = (size_t)(end - p);
}

/* False when it is zero. */
static bool take_apart(struct number *n, const char *s, size_t len)
{
	const char *p = s, *end = s + len, *point = NULL;

	*n = (struct number){.negative = *s == '-'};
	for (p += n->negative; p < end && (*p | 0x20) != 'e'; p++) {
		if (*p == '.') {
			point = p;
		} else if (*p != '0') {
			n->first = n->first ? n->first : p;
			n->last = p;
		}
	}
	if (!n->first)
		return false;
	if (!point)
		point = p;
	/* the point itself stands between in "0.01" */
	n->top = point > n->first ? point - n->first : point - n->first + 1;
	if (p < end)
		take_exponent(n, p + 1, end);
	return true;
}

/* The decimal text ${digits} plus ${add}; the result stays positive. */
static void add_decimal(struct buf *digits, int64_t add)
{
	size_t i = digits->len;
	int64_t carry = add;
	size_t zeros = 0;

	for (; i && carry; i--) {
		int64_t d = digits->s[i - 1] - '0' + carry % 10;

		carry /= 10;
		if (d > 9) {
			d -= 10;
			carry++;
		} else if (d < 0) {
			d += 10;
			carry--;
		}
		digits->s[i - 1] = (char)('0' + d);
	}
	if (carry) {	/* 999 + 1 */
		buf_addc(digits, '0');
		memmove(digits->s + 1, digits->s, digits->len - 1);
		digits->s[0] = (char)('0' + carry);
	}
	while (digits->s[zeros] == '0')
		zeros++;
	digits->len -= zeros;
	memmove(digits->s, digits->s + zeros, digits->len);
}

static void add_big(struct buf *out, const struct buf *digits, bool negative)
{
	size_t from;

	buf_addc(out, negative ? '\x10' : '\xf0');
	from = out->len;
	add_u64(out, digits->len);
	buf_add(out, digits->s, digits->len);
	for (; negative && from < out->len; from++)
		out->s[from] = (char)~out->s[from];
}

static int64_t to_int(const char *digits, size_t n, bool negative)
{
	int64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + (digits[i] - '0');
	return negative ? -v : v;
}

static void add_int(struct buf *out, int64_t v)
{
	struct buf digits = {0};

	if (v >= -SMALL && v <= SMALL) {
		buf_addc(out, (char)(0x80 + v));
	} else if (v > -BIG && v < BIG) {
		buf_addc(out, v < 0 ? '\x20' : '\xe0');
		add_u64(out, (uint64_t)v + (UINT64_C(1) << 63));
	} else {
		buf_addu(&digits, v < 0 ? (uint64_t)-v : (uint64_t)v);
		add_big(out, &digits, v < 0);
		buf_release(&digits);
	}
}

static void add_exponent(struct buf *out, const struct number *n)
{
	struct buf digits = {0};
	bool negative = n->exp_negative;

	if (n->exp_len <= BIG_DIGITS) {
		add_int(out, n->top + to_int(n->exp, n->exp_len, negative));
		return;
	}
	buf_add(&digits, n->exp, n->exp_len);
	add_decimal(&digits, negative ? -n->top : n->top);
	if (digits.len <= BIG_DIGITS)
		add_int(out, to_int(digits.s, digits.len, negative));
	else
		add_big(out, &digits, negative);
	buf_release(&digits);
}

static void add_digits(struct buf *out, const struct number *n)
{
	int pair = -1;

	for (const char *p = n->first; p <= n->last; p++) {
		if (*p == '.')
			continue;
		if (pair < 0) {
			pair = 10 * (*p - '0');
		} else {
			buf_addc(out, (char)(pair + (*p - '0') + 1));
			pair = -1;
		}
	}
	if (pair >= 0)
		buf_addc(out, (char)(pair + 1));
	buf_addc(out, '\0');
}

static void add_number(struct buf *out, const char *s, size_t len)
{
	struct number n;
	size_t from;

	if (!take_apart(&n, s, len)) {
		buf_addc(out, 2);
		return;
	}
	buf_addc(out, n.negative ? 1 : 3);
	from = out->len;
	add_exponent(out, &n);
	add_digits(out, &n);
	for (; n.negative && from < out->len; from++)
		out->s[from] = (char)~out->s[from];
}

static void add_items(struct buf *out, struct span array)
{
	struct value_iter it;
	struct span value;

	value_iter_start(&it, array);
	while (value_next(&it, NULL, &value))
		sortkey_add(out, value.s, value.len);
	buf_addc(out, '\0');
}

static void add_members(struct buf *out, struct span object)
{
	struct members m = members_read(object);

	for (size_t i = 0; i < m.n; i++) {
		buf_addc(out, 1 + VALUE_STRING);
		add_string(out, m.list[i].key);
	}
	buf_addc(out, '\0');
	for (size_t i = 0; i < m.n; i++)
		sortkey_add(out, m.list[i].value.s, m.list[i].value.len);
	members_release(&m);
}

void sortkey_add(struct buf *out, const char *value, size_t len)
{
	enum value_type type = value_type(*value);
	struct span text;
	char *owned;

	buf_addc(out, (char)(1 + type));
	switch (type) {
	case VALUE_NUMBER:
		add_number(out, value, len);
		break;
	case VALUE_STRING:
		text = span_text((struct span){value + 1, len - 2}, &owned);
		add_string(out, text);
		free(owned);
		break;
	case VALUE_ARRAY:
		add_items(out, (struct span){value, len});
		break;
	case VALUE_OBJECT:
		add_members(out, (struct span){value, len});
		break;
	case VALUE_NULL:
	case VALUE_FALSE:
	case VALUE_TRUE:
		break;
	}
}
