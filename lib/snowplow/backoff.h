/*
 * backoff -- how long to wait before the next try: exponential, full jitter.
 *
 * A number between 0 and base * 2^tries (at most ${cap}), all equally likely,
 * so that clients which failed together do not come back together ("Exponential
 * Backoff And Jitter", AWS Architecture Blog, 2015).  Random numbers are the
 * caller's, so that tests can repeat them; no result of a program depends on
 * them.
 */
#ifndef SNOWPLOW_BACKOFF_H
#define SNOWPLOW_BACKOFF_H

#include <stdint.h>

struct backoff {
	uint64_t random;	/* state; any start */
};

/* Starts from the kernel's random numbers, else from the clock. */
void backoff_init(struct backoff *);

/* 0 to ${max}, both possible. */
uint64_t backoff_random(struct backoff *, uint64_t max);

/* ${tries} from 0.  Never overflows. */
uint64_t backoff_ns(struct backoff *, uint64_t base_ns, uint64_t cap_ns,
		    unsigned tries);

#endif
