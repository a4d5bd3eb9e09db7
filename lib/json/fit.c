/*
 * fit -- what of a record libjq 1.6 cannot hold as it is written.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/fit.h"
#include "json/num.h"
#include "json/str.h"
#include "json/value.h"

/* More digits than the largest double has before the point. */
#define MAX_INT 320

/* A number, zeros at both ends of its digits left out. */
struct shape {
	int64_t digits;		/* 0: the number is 0 */
	int64_t exponent;	/* of ten, of the first of them */
};

/* Saturates far beyond any exponent that the digits could make up for. */
static int64_t read_exponent(const char *p, const char *end)
{
	int64_t e = 0;
	bool minus = p < end && *p == '-';

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end && e < INT64_MAX / 100; p++)
		e = e * 10 + (*p - '0');
	return minus ? -e : e;
}

static struct shape number_shape(const char *s, size_t len)
{
	const char *p = s, *end = s + len;
	int64_t at = 0, whole = -1, first = -1, last = -1;

	for (; p < end && *p != 'e' && *p != 'E'; p++) {
		if (*p == '.')
			whole = at;
		if (*p == '.' || *p == '-')
			continue;
		if (*p != '0') {
			last = at;
			first = first < 0 ? at : first;
		}
		at++;
	}
	if (first < 0)
		return (struct shape){0, 0};
	whole = whole < 0 ? at : whole;
	return (struct shape){last - first + 1,
			      whole - 1 - first +
			      (p < end ? read_exponent(p + 1, end) : 0)};
}

/*
 * Is the integer equal to some double?  Printing a double as an integer is
 * exact, and so shows whether reading the text was.
 */
static bool int_exact(const char *s, size_t len)
{
	char text[MAX_INT], back[MAX_INT];
	int64_t value;
	uint64_t size;

	if (num_small(s, len, &value)) {
		size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
		return !size ||
		       size >> __builtin_ctzll(size) <= UINT64_C(1) << 53;
	}
	if (len >= MAX_INT)
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	snprintf(back, sizeof(back), "%.0f", strtod(text, NULL));
	return !strcmp(text, back);
}

static bool number_exact(const char *s, size_t len)
{
	struct shape n;

	if (num_is_int(s, len))
		return int_exact(s, len);
	n = number_shape(s, len);
	if (!n.digits)
		return true;
	return n.digits <= 17 && n.exponent <= 307 && n.exponent >= -307;
}

void fit_check(const char *text, size_t len, struct fit *f)
{
	const char *p = text, *end = text + len, *q;
	size_t chars, lone = 0;

	*f = (struct fit){0};
	while (p < end) {
		if (*p == '"') {
			q = value_string_end(p, end);
			if (!f->lone && memchr(p, '\\', (size_t)(q - p)))
				str_escapes(p + 1, (size_t)(q - p) - 2, &chars,
					    &lone);
			f->lone = lone > 0;
			p = q;
		} else if (*p == '-' || (*p >= '0' && *p <= '9')) {
			q = value_end(p, end);
			if (!f->inexact)
				f->inexact = !number_exact(p, (size_t)(q - p));
			p = q;
		} else {
			p++;
		}
	}
}
