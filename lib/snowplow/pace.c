/*
 * pace -- how many requests a host may have at once.
 */
#include "snowplow/pace.h"

enum { ONE = 256, NOISE_US = 20000 };

static const uint64_t ms_ns = 1000000;

void pace_init(struct pace *p, uint64_t max, bool adaptive, uint64_t give_up)
{
	*p = (struct pace){ .max = max * ONE, .adaptive = adaptive,
		.doubling = adaptive, .give_up = give_up };
	p->window = adaptive ? ONE : p->max;
}

bool pace_allows(const struct pace *p, uint64_t running, uint64_t now)
{
	if (p->open)
		return !running && now >= p->probe_at;
	return (running + 1) * ONE <= p->window;
}

uint64_t pace_next(const struct pace *p, uint64_t running)
{
	return p->open && !running ? p->probe_at : 0;
}

static void decrease(struct pace *p, uint64_t share, uint64_t now)
{
	uint64_t hold = p->smooth_us * 1000;

	if (now < p->hold_until)
		return;
	p->doubling = false;
	p->window -= p->window / share;
	if (p->window < ONE)
		p->window = ONE;
	p->hold_until = now + (hold < 100 * ms_ns ? 100 * ms_ns : hold);
}

static void increase(struct pace *p)
{
	p->window += p->doubling ? ONE : (uint64_t)ONE * ONE / p->window;
	if (p->window > p->max)
		p->window = p->max;
}

/*
 * The quickest is forgotten slowly, so that a host that became slower for good
 * is not taken for a crowded one for ever.
 */
static bool is_rising(struct pace *p, uint64_t us)
{
	p->smooth_us = p->smooth_us ? (7 * p->smooth_us + us) / 8 : us;
	if (!p->quick_us || us < p->quick_us)
		p->quick_us = us;
	else
		p->quick_us += p->quick_us / 256;
	return p->smooth_us > 2 * p->quick_us + NOISE_US;
}

void pace_good(struct pace *p, uint64_t us, uint64_t running, uint64_t now)
{
	bool rising = is_rising(p, us);

	p->failures = 0;
	p->probes = 0;
	p->open = false;
	if (p->adaptive && rising)
		decrease(p, 4, now);
	else if ((running + 1) * ONE > p->window)	/* it was a limit */
		increase(p);
}

void pace_throttled(struct pace *p, uint64_t now)
{
	decrease(p, 2, now);
}

void pace_failed(struct pace *p, struct backoff *b, uint64_t now)
{
	p->failures++;
	if (!p->give_up || p->failures < p->give_up)
		return;
	p->open = true;
	p->probe_at = now + 100 * ms_ns +
		      backoff_ns(b, 500 * ms_ns, 10000 * ms_ns, p->probes++);
}
