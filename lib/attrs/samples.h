/*
 * samples -- the values of smallest hash, masked unless told otherwise.
 *
 * Which values are kept depends on the values alone, so that any partition and
 * order of the records gives the same.  Memory: at most ${samples} texts of
 * SAMPLE_TEXT_MAX bytes.
 *
 * Masked texts must not be given away by their hashes.  With a key these are
 * SipHash-2-4 (Aumasson and Bernstein, INDOCRYPT 2012): made as a keyed
 * pseudo-random function on short input, which XXH3 with a secret seed is not.
 * Without a key they are hashes of the masked text.
 */
#ifndef ATTRS_SAMPLES_H
#define ATTRS_SAMPLES_H

#include <stdbool.h>
#include "attrs/extra.h"
#include "attrs/siphash.h"

#define SAMPLE_TEXT_MAX 256

struct samples {
	struct sample *items;	/* by hash; owned */
	uint32_t n;
	bool keyed;		/* ${key} is made */
	size_t cap;
	struct siphash_key key;
};

void samples_release(struct samples *);

/* ${hash} is XXH3-64, seed 0, of the text. */
void samples_observe(struct samples *, const struct extra_opts *,
		     enum extra_kind kind, const char *text, size_t len,
		     uint64_t hash);
void samples_add(struct samples *, uint32_t limit, const struct samples *from);

void samples_write(struct buf *, const struct samples *);
/* Adds what samples_write() wrote (valid JSON); -1: it did not write that. */
int samples_read(struct samples *, uint32_t limit, const char *text,
		 size_t len);

#endif
