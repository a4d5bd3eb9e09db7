/*
 * hll -- HyperLogLog: about how many different values there were.
 *
 * 4096 registers of the largest rank seen (attr(5), STATISTICS ON REQUEST).
 * While few are set they stand in a small open-addressing table, so that the
 * many attributes with a handful of values cost tens of bytes; then in 4096
 * bytes.  Zeroed memory is an empty one.  Registers only grow: any order of
 * adding gives the same.
 */
#ifndef ATTRS_HLL_H
#define ATTRS_HLL_H

#include <stdint.h>
#include "base/buf.h"

#define HLL_REGISTERS 4096
#define HLL_RANK_MAX 53		/* 52 bits, none of them set */
#define HLL_SPARSE_BELOW 512	/* of the text form */

struct hll {
	unsigned char *dense;	/* HLL_REGISTERS, or NULL; owned */
	uint32_t *slots;	/* index << 8 | rank, 0 is free; owned */
	uint32_t used, mask;	/* of slots; mask + 1 of them, if any */
};

void hll_release(struct hll *);

/* Raises register ${index} to ${rank} (not 0). */
void hll_raise_sparse(struct hll *, unsigned index, unsigned rank);

static inline void hll_raise(struct hll *h, unsigned index, unsigned rank)
{
	if (!h->dense)
		hll_raise_sparse(h, index, rank);
	else if (h->dense[index] < rank)
		h->dense[index] = (unsigned char)rank;
}

static inline void hll_observe(struct hll *h, uint64_t hash)
{
	hll_raise(h, (unsigned)(hash >> 52), 1 + (unsigned)
		  __builtin_clzll(hash << 12 | 1ULL << 11));
}

void hll_add(struct hll *, const struct hll *from);

/* The text of `registers`, without quotes. */
void hll_write(struct buf *, const struct hll *);
/* Raises to what hll_write() wrote; -1: it did not write that. */
int hll_read(struct hll *, const char *text, size_t len);

uint64_t hll_estimate(const struct hll *);

/* The upper half of x * x. */
static inline uint64_t hll_square_high(uint64_t x)
{
	uint64_t high = x >> 32, low = x & 0xffffffff;
	uint64_t cross = high * low;	/* twice, at bit 32 */

	return high * high + (cross >> 31) +
	       (((cross << 33) + low * low < low * low) ? 1 : 0);
}

#endif
