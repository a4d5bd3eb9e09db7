/*
 * when -- ISO 8601 times.
 */
#include "datahub/when.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/urn.h"

/* ${digits} digits at ${*p}. */
static bool digits(const char **p, const char *end, int n, int *value)
{
	for (*value = 0; n--; ++*p) {
		if (*p == end || **p < '0' || **p > '9')
			return false;
		*value = *value * 10 + (**p - '0');
	}
	return true;
}

static bool byte(const char **p, const char *end, char c)
{
	if (*p == end || **p != c)
		return false;
	++*p;
	return true;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t day_number(int y, int m, int d)
{
	int64_t years = y - (m <= 2), era = (years >= 0 ? years : years - 399)
		/ 400;
	int64_t of_era = years - era * 400;
	int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
		of_year - 719468;
}

static bool fraction(const char **p, const char *end, uint32_t *nanos)
{
	uint32_t unit = 100000000;
	const char *from;

	if (!byte(p, end, '.') && !byte(p, end, ','))
		return true;
	for (from = *p; *p < end && **p >= '0' && **p <= '9'; ++*p) {
		*nanos += (uint32_t)(**p - '0') * unit;
		unit /= 10;
	}
	return *p > from;
}

static bool offset(const char **p, const char *end, int64_t *seconds)
{
	int hours, minutes = 0, sign;

	if (*p == end || byte(p, end, 'Z') || byte(p, end, 'z'))
		return true;
	sign = **p == '-' ? 1 : -1;
	if (!byte(p, end, '+') && !byte(p, end, '-'))
		return false;
	if (!digits(p, end, 2, &hours))
		return false;
	byte(p, end, ':');
	if (*p < end && !digits(p, end, 2, &minutes))
		return false;
	*seconds += sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool clock_of(const char **p, const char *end, struct when *w)
{
	int h, m, s = 0;

	if (*p == end)
		return true;
	if (!byte(p, end, 'T') && !byte(p, end, ' ') && !byte(p, end, 't'))
		return false;
	if (!digits(p, end, 2, &h) || !byte(p, end, ':') ||
	    !digits(p, end, 2, &m))
		return false;
	if (byte(p, end, ':') &&
	    (!digits(p, end, 2, &s) || !fraction(p, end, &w->nanos)))
		return false;
	if (h > 23 || m > 59 || s > 60)
		return false;
	w->seconds += h * 3600 + m * 60 + s;
	return offset(p, end, &w->seconds);
}

struct when when_read(struct span t)
{
	const char *p = t.s, *end = t.s + t.len;
	struct when w = {0};
	int y, m, d;

	if (!t.s || !digits(&p, end, 4, &y) || !byte(&p, end, '-') ||
	    !digits(&p, end, 2, &m) || !byte(&p, end, '-') ||
	    !digits(&p, end, 2, &d) || m < 1 || m > 12 || d < 1 || d > 31)
		return w;
	w.seconds = day_number(y, m, d) * 86400;
	if (!clock_of(&p, end, &w) || p != end)
		return (struct when){0};
	w.valid = true;
	return w;
}

int when_compare(struct when a, struct when b)
{
	if (a.valid != b.valid)
		return a.valid ? 1 : -1;
	if (a.seconds != b.seconds)
		return a.seconds < b.seconds ? -1 : 1;
	return a.nanos < b.nanos ? -1 : a.nanos > b.nanos;
}

static int env_rank(struct span env)
{
	return span_is(env, "DEV") ? 0 : span_is(env, "PROD") ? 2 : 1;
}

struct moment {
	struct when when;
	const struct org_deployment *d;
	size_t index;
};

static int by_moment(const void *va, const void *vb)
{
	const struct moment *a = va, *b = vb;
	int order = when_compare(a->when, b->when);

	if (!order && a->d->ts.s && b->d->ts.s && !a->when.valid)
		order = span_compare(a->d->ts, b->d->ts);
	if (!order)
		order = env_rank(a->d->env) - env_rank(b->d->env);
	return order ? order : a->index < b->index ? -1 : a->index > b->index;
}

void when_sort(const struct org_deployment *all, size_t n, size_t *index)
{
	struct moment *m = mem_alloc((n + 1) * sizeof(*m));

	for (size_t i = 0; i < n; i++)
		m[i] = (struct moment){when_read(all[i].ts), &all[i], i};
	if (n)
		qsort(m, n, sizeof(*m), by_moment);
	for (size_t i = 0; i < n; i++)
		index[i] = m[i].index;
	free(m);
}
