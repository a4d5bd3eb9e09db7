/*
 * rate -- a token bucket.
 *
 * The bucket's number is the moment F when it is full again.  A request pushes
 * F on by the interval between requests, and may go when F is then no further
 * away than the whole bucket is worth.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/opts.h"
#include "snowplow/http_opts.h"
#include "snowplow/rate.h"

static const uint64_t second_ns = 1000000000;

enum { WHY = 200 };

int rate_parse(void *rate, const char *value, char *why)
{
	struct rate *r = rate;
	size_t digits = strspn(value, "0123456789");
	char number[24];
	uint64_t per = 1;

	if (digits && digits < sizeof(number)) {
		memcpy(number, value, digits);
		number[digits] = '\0';
		value += digits;
		if (!strcmp(value, "/m"))
			per = 60;
		else if (!strcmp(value, "/h"))
			per = 3600;
		else if (*value && strcmp(value, "/s"))
			digits = 0;
		if (digits && !opt_number(number, &r->n) && r->n &&
		    r->n <= second_ns) {
			r->per_ns = per * second_ns;
			return 0;
		}
	}
	snprintf(why, WHY, "a rate is 20/s, 100/m or 5000/h, from 1 to "
		 "%" PRIu64, second_ns);
	return -1;
}

static uint64_t size_of(const struct rate *r, uint64_t burst)
{
	if (!burst)
		burst = r->n * (second_ns / 10) / r->per_ns;
	return burst ? burst : 1;
}

/*
 * The interval is rounded up: the rate that was asked for is never exceeded.
 */
uint64_t rate_take(rate_bucket *bucket, const struct rate *r, uint64_t burst,
		   uint64_t now)
{
	uint64_t full = atomic_load(bucket), interval, whole, next;

	if (!r->n)
		return 0;
	interval = (r->per_ns + r->n - 1) / r->n;
	if (__builtin_mul_overflow(interval, size_of(r, burst), &whole))
		return 0;
	do {
		/* more than a bucket ahead: from before a change of --rate */
		if (full > now + whole)
			full = now + whole;
		next = (full > now ? full : now) + interval;
		if (next > now + whole)
			return next - now - whole;
	} while (!atomic_compare_exchange_weak(bucket, &full, next));
	return 0;
}
