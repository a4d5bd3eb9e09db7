/*
 * siphash -- SipHash-2-4, a keyed hash of 64 bits.
 *
 * After Aumasson and Bernstein, "SipHash: a fast short-input PRF", section 2.
 * The libraries that have it would be one more dependency for these few lines.
 */
#ifndef ATTRS_SIPHASH_H
#define ATTRS_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t k0, k1;
};

uint64_t siphash(const struct siphash_key *, const void *data, size_t len);

#endif
