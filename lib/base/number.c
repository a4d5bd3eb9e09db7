/*
 * number -- numbers of the command line, with their suffixes.
 */
#include <string.h>

#include "base/opts.h"

/* Digits at ${*s}, which moves behind them.  0, -1: none, or too many. */
static int digits(const char **s, uint64_t *value)
{
	uint64_t n = 0;
	const char *p = *s;

	if (*p < '0' || *p > '9')
		return -1;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return -1;
	*s = p;
	*value = n;
	return 0;
}

static int scaled(uint64_t n, uint64_t factor, uint64_t *value)
{
	if (n > UINT64_MAX / factor)
		return -1;
	*value = n * factor;
	return 0;
}

int opt_number(const char *s, uint64_t *value)
{
	uint64_t n;

	if (digits(&s, &n) || *s)
		return -1;
	*value = n;
	return 0;
}

int opt_bytes(const char *s, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	const char *unit;
	uint64_t n;

	if (digits(&s, &n))
		return -1;
	if (!*s) {
		*bytes = n;
		return 0;
	}
	unit = strchr(units, *s);
	if (!unit || s[1])
		return -1;
	return scaled(n, (uint64_t)1 << (10 * (unit - units + 1)), bytes);
}

int opt_time(const char *s, uint64_t *ms)
{
	static const struct {
		const char *suffix;
		uint64_t ms;
	} units[] = {
		{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
		{ "h", 3600000 }, { "d", 86400000 }
	};
	uint64_t n;
	size_t i;

	if (digits(&s, &n))
		return -1;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(s, units[i].suffix))
			return scaled(n, units[i].ms, ms);
	return -1;
}
