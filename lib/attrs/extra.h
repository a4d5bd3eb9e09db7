/*
 * extra -- statistics that are asked for: --stats=full, --values, --samples.
 *
 * Per version (str, int, float) of an attribute:
 *   distinct  HyperLogLog, 2^12 registers of XXH3-64 (seed 0) of the unescaped
 *             text or the number as written; sparse while fewer than 512 are
 *             set
 *   histogram counts by power of two: of code points for strings; for numbers
 *             of the absolute value without its fraction; bucket 0 is zero
 *   values    each different value with its count, while there are at most N;
 *             then, or with a value over 256 bytes, "more", which absorbs
 *   samples   the N values of smallest hash, masked unless told otherwise.
 *             Masked, the hash is keyed, or without a key that of the mask
 *
 * All merge exactly in any order.
 */
#ifndef ATTRS_EXTRA_H
#define ATTRS_EXTRA_H

#include <stdbool.h>
#include "base/buf.h"

struct extra_opts {
	bool full;		/* --stats=full */
	bool unmasked;		/* --unmasked */
	uint32_t values;	/* --values=N; 0: not kept */
	uint32_t samples;	/* --samples=N; 0: none */
	/*
	 * Of --sample-key-file, or NULL.  Only extra_observe() uses it:
	 * partials are merged without.
	 */
	const unsigned char *key;
	size_t key_len;
};

enum extra_kind { EXTRA_STR, EXTRA_INT, EXTRA_FLOAT };

struct extra;

static inline bool extra_wanted(const struct extra_opts *o)
{
	return o->full || o->values || o->samples;
}

struct extra *extra_new(const struct extra_opts *);
void extra_free(struct extra *);

/*
 * One value: ${text} unescaped, or the number as written; ${chars} its code
 * points (strings).  Called for every value of a scan with --stats=full: fast.
 */
void extra_observe(struct extra *, const struct extra_opts *,
		   enum extra_kind kind, const char *text, size_t len,
		   uint64_t chars);

/* Adds ${from}; both of the same options. */
void extra_add(struct extra *, const struct extra *from,
	       const struct extra_opts *);

/*
 * Appends the members of attr(5), each with a comma before it:
 * ,"distinct":..,"registers":..,"histogram":..,"values":..,"samples":..
 */
void extra_write(struct buf *, const struct extra *, const struct extra_opts *,
		 enum extra_kind kind);

/*
 * Reads one member back (the text of its value).  ${member} is "registers",
 * "histogram", "values" or "samples"; "distinct" is derived and ignored.
 * Returns 0, -1 when the text is not what extra_write() writes.
 */
int extra_read(struct extra *, const struct extra_opts *, const char *member,
	       size_t member_len, const char *text, size_t len);

/* The estimate, in integers alone: the same on every machine. */
uint64_t extra_distinct(const struct extra *);

/*
 * Tells sample keys apart and does not tell the key: `sample_key` of the
 * options, as 8 hexadecimal digits.
 */
uint32_t extra_key_id(const unsigned char *key, size_t len);

#endif
