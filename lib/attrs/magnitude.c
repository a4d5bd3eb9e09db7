/*
 * magnitude -- how many bits the whole part of a number has.
 */
#include <stdbool.h>

#include "attrs/magnitude.h"

/* No number in a text of up to 2^32 bytes needs a larger exponent here. */
#define EXPONENT_MAX (INT64_C(1) << 40)

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The exponent at ${p}, behind its 'e'. */
static int64_t read_exponent(const char *p, const char *end)
{
	bool negative = *p == '-';
	int64_t e = 0;

	if (*p == '-' || *p == '+')
		p++;
	for (; p < end; p++)
		if (e < EXPONENT_MAX)
			e = e * 10 + (*p - '0');
	return negative ? -e : e;
}

/* Value so far, with one more digit; false: over 64 bits. */
static inline bool push(uint64_t *value, unsigned digit)
{
	return !__builtin_mul_overflow(*value, 10, value) &&
	       !__builtin_add_overflow(*value, digit, value);
}

/*
 * A number with a fraction or an exponent: ${whole} of its digits, those of the
 * coefficient and then zeros, stand before the decimal point.
 */
static unsigned of_float(const char *p, const char *end, int64_t whole)
{
	uint64_t value = 0;

	for (; whole > 0 && p < end && *p != 'e' && *p != 'E'; p++) {
		if (*p == '.')
			continue;
		if (!push(&value, (unsigned)(*p - '0')))
			return MAGNITUDE_MAX;
		whole--;
	}
	for (; whole > 0 && value; whole--)
		if (!push(&value, 0))
			return MAGNITUDE_MAX;
	return magnitude_of(value);
}

unsigned magnitude_of_number(const char *text, size_t len)
{
	const char *p = text + (text[0] == '-'), *end = text + len, *q;
	uint64_t value = 0;
	int64_t whole;

	for (q = p; q < end && is_digit(*q) && q - p < 19; q++)
		value = value * 10 + (unsigned)(*q - '0');
	if (q == end)
		return magnitude_of(value);
	while (q < end && is_digit(*q))
		q++;
	whole = q - p;
	if (q < end && *q == '.')
		for (q++; q < end && is_digit(*q); q++)
			;
	if (q < end)
		whole += read_exponent(q + 1, end);
	return of_float(p, end, whole);
}
