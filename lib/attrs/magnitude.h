/*
 * magnitude -- how many bits the whole part of a number has.
 */
#ifndef ATTRS_MAGNITUDE_H
#define ATTRS_MAGNITUDE_H

#include <stddef.h>
#include <stdint.h>

#define MAGNITUDE_MAX 65	/* 2^64 and more */

/* 0 for 0, 64 for 2^63 and more. */
static inline unsigned magnitude_of(uint64_t n)
{
	return n ? 64 - (unsigned)__builtin_clzll(n) : 0;
}

/*
 * The same of a JSON number's absolute value without its fraction, exactly;
 * MAGNITUDE_MAX from 2^64 on.  Any exponent.
 */
unsigned magnitude_of_number(const char *text, size_t len);

#endif
