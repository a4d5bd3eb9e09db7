/*
 * backoff -- exponential waits with full jitter.
 */
#include <sys/random.h>

#include "base/clock.h"
#include "snowplow/backoff.h"

void backoff_init(struct backoff *b)
{
	if (getrandom(&b->random, sizeof(b->random), GRND_NONBLOCK) !=
	    sizeof(b->random))
		b->random = clock_now_ns();
}

/* splitmix64 (Steele, Lea, Flood 2014): good enough to spread waits. */
static uint64_t next(struct backoff *b)
{
	uint64_t z = b->random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* The high half of a product: no bias that waits could show. */
uint64_t backoff_random(struct backoff *b, uint64_t max)
{
	__extension__ typedef unsigned __int128 wide;

	if (max == UINT64_MAX)
		return next(b);
	return (uint64_t)((wide)next(b) * (max + 1) >> 64);
}

uint64_t backoff_ns(struct backoff *b, uint64_t base_ns, uint64_t cap_ns,
		    unsigned tries)
{
	uint64_t most = base_ns;

	while (tries-- && most < cap_ns)
		most = most > cap_ns / 2 ? cap_ns : 2 * most;
	return backoff_random(b, most < cap_ns ? most : cap_ns);
}
