/*
 * latency -- how long requests took: counts in classes of equal ratio.
 *
 * 32 classes to each power of two of microseconds, so a percentile is at most
 * 1/32 too high; all requests of a run count, in 5 KiB.
 */
#ifndef SNOWPLOW_LATENCY_H
#define SNOWPLOW_LATENCY_H

#include <stdint.h>

enum { LATENCY_CLASSES = 32 * 37 };	/* to 2^41 us, 25 days */

struct latency {
	uint64_t count, sum_us;
	uint32_t classes[LATENCY_CLASSES];
};

void latency_add(struct latency *, uint64_t us);

/* The upper end of the class of the ${percent} percentile; 0 for none. */
uint64_t latency_us(const struct latency *, unsigned percent);

#endif
