/*
 * put -- bytes to where a pointer stands; the caller has seen to the room.
 *
 * Every function returns the place behind what it wrote.  Constant lengths let
 * the compiler turn the copies into a few moves.
 */
#ifndef ATTRS_PUT_H
#define ATTRS_PUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PUT_U64_MAX 20	/* digits of the greatest number */

/* A string literal. */
#define put_lit(p, s) put_mem((p), "" s, sizeof(s) - 1)

static inline char *put_mem(char *p, const void *data, size_t len)
{
	memcpy(p, data, len);
	return p + len;
}

static inline char *put_u64(char *p, uint64_t value)
{
	char digits[PUT_U64_MAX];
	size_t at = sizeof(digits);

	if (value < 10) {
		*p = (char)('0' + value);
		return p + 1;
	}
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return put_mem(p, digits + at, sizeof(digits) - at);
}

#endif
