/*
 * formats -- what a string looks like: dates, ids, numbers in text, ...
 *
 * A hint with a count, never a retype.  Every grammar stands in attr(5); one
 * string can match several.  Impossible dates are not dates.
 */
#ifndef ATTRS_FORMATS_H
#define ATTRS_FORMATS_H

#include <stddef.h>
#include <stdint.h>
#include "json/kernel.h"

/* At most 64; the order of the names is the order in the output. */
#define FORMATS_MAX 64
extern const char *const format_names[];	/* ends with NULL */
unsigned format_count(void);
/* Index of a name, -1: none. */
int format_index(const char *name, size_t len);

/*
 * One bit per format that the unescaped ${text} matches.  Called for every
 * string of a scan: most have to be turned away after a look at the first byte
 * and the length.  64 bytes before and behind ${text} are readable (contents
 * undefined).  Compiled per kernel.
 */
uint64_t format_mask_portable(const char *text, size_t len);
uint64_t format_mask_avx2(const char *text, size_t len);
uint64_t format_mask_avx512(const char *text, size_t len);

/* For ints: bits of epoch-s, epoch-ms. */
#define EPOCH_S_MIN 631152000LL		/* 1990-01-01 */
#define EPOCH_S_MAX 4102444800LL	/* 2100-01-01, not included */
extern const int format_epoch_s, format_epoch_ms;	/* indices */

#endif
