/*
 * common_opts -- the options that mean the same in every program.
 */
#include <stdio.h>
#include <string.h>

#include "base/common_opts.h"

enum { MILLION = 1000000, DECIMALS = 4, NUMBER = 24 };

/*
 * "12.5" (percent) as 125000 millionths.  Returns 0, or -1 when it is no
 * number from 0 to 100 with up to four decimals.
 */
static int parse_percent(const char *s, size_t len, uint64_t *millionths)
{
	char digits[NUMBER];
	size_t whole = strcspn(s, ".%"), after = 0, n;
	const char *point = s + whole;

	if (*point == '.') {
		after = len - whole - 1;
		if (!after)
			return -1;
	} else if (whole != len) {
		return -1;
	}
	if (!whole || whole > 3 || after > DECIMALS)
		return -1;
	memcpy(digits, s, whole);
	if (after)
		memcpy(digits + whole, point + 1, after);
	for (n = whole + after; n < whole + DECIMALS; n++)
		digits[n] = '0';
	digits[n] = '\0';
	if (opt_number(digits, millionths) || *millionths > MILLION)
		return -1;
	return 0;
}

int tolerance_parse(void *dst, const char *value, char *why)
{
	struct tolerance *t = dst;
	size_t len = strlen(value);

	if (len && value[len - 1] == '%') {
		t->kind = TOLERATE_SHARE;
		if (!parse_percent(value, len - 1, &t->n))
			return 0;
		strcpy(why, "not a share from 0% to 100% (up to 4 decimals)");
		return -1;
	}
	t->kind = TOLERATE_COUNT;
	if (!opt_number(value, &t->n))
		return 0;
	strcpy(why, "neither a number nor a share like 0.5%");
	return -1;
}

int share_parse(void *millionths, const char *value, char *why)
{
	struct tolerance t = {0};

	if (!strchr(value, '%') || tolerance_parse(&t, value, why) ||
	    t.kind != TOLERATE_SHARE) {
		snprintf(why, 200, "expected a percentage, such as 5%%");
		return -1;
	}
	*(uint64_t *)millionths = t.n;
	return 0;
}

bool tolerance_exceeded(const struct tolerance *t, uint64_t rejected,
			uint64_t all)
{
	uint64_t share;

	if (t->kind == TOLERATE_ALL)
		return false;
	if (t->kind == TOLERATE_COUNT)
		return rejected > t->n;
	/* all * n / MILLION without overflow, rounded down */
	share = all / MILLION * t->n + all % MILLION * t->n / MILLION;
	return rejected > share;
}
