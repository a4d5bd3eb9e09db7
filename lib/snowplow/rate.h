/*
 * rate -- a token bucket: at most R requests a second, B at once.
 *
 * Kept as one number, the moment at which the bucket will be full again
 * (generic cell rate algorithm, ITU-T I.371), so that it can lie in memory
 * shared by processes and be changed by compare-and-swap: no lock, and nothing
 * a killed process could leave behind.  In any window of t seconds at most
 * R*t + B are let through.
 *
 * Times are nanoseconds of CLOCK_BOOTTIME (one clock for all processes).
 */
#ifndef SNOWPLOW_RATE_H
#define SNOWPLOW_RATE_H

#include <stdatomic.h>
#include <stdint.h>

struct rate {
	uint64_t n;		/* requests; 0: no limit */
	uint64_t per_ns;	/* in so many nanoseconds */
};

/* The moment when all that was taken will have flowed back; 0 at first. */
typedef _Atomic uint64_t rate_bucket;

/*
 * Takes one at ${now}: returns 0, or how many nanoseconds to wait before asking
 * again (nothing was taken).  ${burst} 0: a tenth of a second's worth, at least
 * 1.  Any thread, any process.
 */
uint64_t rate_take(rate_bucket *, const struct rate *, uint64_t burst,
		   uint64_t now);

#endif
