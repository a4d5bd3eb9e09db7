/*
 * num -- numbers as text, compared exactly.
 *
 * A number is the text RFC 8259 allows, of any size; nothing is ever converted
 * to floating point.  All functions take validated text.
 */
#ifndef JSON_NUM_H
#define JSON_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Length of the longest number at the start of ${s} (at most ${len}), 0 if
 * none: 1 for "01", "1.x" and "1e".
 */
size_t num_length(const char *s, size_t len);

/* Written without fraction and exponent ("-0" is one, "1.0" is not). */
bool num_is_int(const char *s, size_t len);

/*
 * -1, 0, 1 by value, exactly: any number of digits, any exponent
 * ("1e999999999999999999999" included).  -0 equals 0.
 */
int num_compare(const char *a, size_t alen, const char *b, size_t blen);

/*
 * The order that keeps one text of several for a minimum: by value, among
 * equal ones the shorter text, then the smaller bytes.  (For a maximum, values
 * are compared the other way round; the tie is broken the same way.)
 */
int num_order(const char *a, size_t alen, const char *b, size_t blen);

struct num_shape {
	uint32_t digits;	/* significant: 1.50 has 3, 0.05 has 1, 0.0 has 1 */
	uint32_t scale;		/* decimals: 1.50 2, 1e-5 5, 1.5e1 0; at most 2^31-1 */
	bool exponent;		/* written with one */
};
void num_shape(const char *s, size_t len, struct num_shape *);

/*
 * True and ${*value} when the text is an int that fits 18 digits.
 */
bool num_small(const char *s, size_t len, int64_t *value);

#endif
