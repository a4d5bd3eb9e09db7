/*
 * fit -- what of a record libjq 1.6 cannot hold as it is written.
 *
 * libjq keeps numbers as IEEE doubles and strings as UTF-8 without surrogates:
 * it rounds a large id, makes 1e400 infinite, and a lone \ud800 becomes U+FFFD
 * or an error, whichever the text around it leads to.
 *
 * Takes valid text; no state, any thread.
 */
#ifndef JSON_FIT_H
#define JSON_FIT_H

#include <stdbool.h>
#include <stddef.h>

struct fit {
	/*
	 * There is a number that is rounded: an integer that no double is
	 * equal to; or one with fraction or exponent that has more than 17
	 * significant digits, or is too large for a double, or too small for
	 * one of full precision (under 1e-307, not 0).
	 */
	bool inexact;
	bool lone;	/* there is a lone surrogate */
};

void fit_check(const char *text, size_t len, struct fit *);

#endif
