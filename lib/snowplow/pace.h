/*
 * pace -- how many requests a host may have at once.
 *
 * A window, additive increase and multiplicative decrease (Chiu and Jain 1989):
 * one more after a window's worth of good answers, half after a refusal (429),
 * at most one decrease for the requests that were under way together.  It
 * begins at the maximum and comes back to it.
 *
 * Adaptive: it begins at one, doubles with each round until the first
 * decrease, and also takes away a quarter when answers take twice as long as
 * the quickest ones lately did.
 *
 * And the breaker: after ${give_up} requests in a row that failed for good, one
 * at a time, with growing pauses, until one succeeds.
 */
#ifndef SNOWPLOW_PACE_H
#define SNOWPLOW_PACE_H

#include <stdbool.h>
#include <stdint.h>
#include "snowplow/backoff.h"

struct pace {
	uint64_t max, window;		/* in 1/256 of a request */
	bool adaptive, doubling;
	uint64_t quick_us, smooth_us;	/* quickest, and mean, of late */
	uint64_t hold_until;		/* no second decrease before */
	uint64_t give_up;		/* 0: never */
	uint64_t failures;		/* in a row */
	bool open;			/* the breaker is */
	unsigned probes;		/* that failed since */
	uint64_t probe_at;
};

void pace_init(struct pace *, uint64_t max, bool adaptive, uint64_t give_up);

/* May one more start at ${now}, with ${running} under way? */
bool pace_allows(const struct pace *, uint64_t running, uint64_t now);

/* The next moment at which it may, by the breaker; 0: not a matter of time. */
uint64_t pace_next(const struct pace *, uint64_t running);

/* A good answer after ${us}; ${running}: how many there were, itself too. */
void pace_good(struct pace *, uint64_t us, uint64_t running, uint64_t now);
void pace_throttled(struct pace *, uint64_t now);

/* A request failed for good, or a probe failed. */
void pace_failed(struct pace *, struct backoff *, uint64_t now);

#endif
