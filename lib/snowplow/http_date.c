/*
 * http_date -- dates of HTTP headers.
 *
 * Not strptime(3), which follows the locale and leaves the time zone to the
 * system.  The three forms differ in their order only:
 *	Sun, 06 Nov 1994 08:49:37 GMT		IMF-fixdate
 *	Sunday, 06-Nov-94 08:49:37 GMT		RFC 850
 *	Sun Nov  6 08:49:37 1994		asctime
 */
#include <stdbool.h>
#include <strings.h>

#include "snowplow/head.h"

struct date {
	int year, month, day, hour, minute, second;
};

struct text {
	const char *s, *end;
};

static void blanks(struct text *t)
{
	while (t->s < t->end && (*t->s == ' ' || *t->s == ',' || *t->s == '-'))
		t->s++;
}

/* A number of ${least} to ${most} digits; -1: none. */
static int number(struct text *t, int least, int most)
{
	int n = 0, digits = 0;

	blanks(t);
	while (t->s < t->end && *t->s >= '0' && *t->s <= '9' && digits < most) {
		n = 10 * n + (*t->s++ - '0');
		digits++;
	}
	return digits >= least ? n : -1;
}

static int month(struct text *t)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	blanks(t);
	for (int i = 0; t->end - t->s >= 3 && i < 12; i++)
		if (!strncasecmp(t->s, names + (ptrdiff_t)3 * i, 3)) {
			t->s += 3;
			return i + 1;
		}
	return 0;
}

static bool clock_time(struct text *t, struct date *d)
{
	d->hour = number(t, 2, 2);
	if (t->s == t->end || *t->s++ != ':')
		return false;
	d->minute = number(t, 2, 2);
	if (t->s == t->end || *t->s++ != ':')
		return false;
	d->second = number(t, 2, 2);
	return d->hour >= 0 && d->hour < 24 && d->minute >= 0 &&
	       d->minute < 60 && d->second >= 0 && d->second <= 60;
}

/* Days since 1970-01-01, by the Gregorian calendar: years begin in March. */
static int64_t days(int y, int m, int d)
{
	int64_t year = m > 2 ? y : y - 1;
	int64_t day = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;

	return 365 * year + year / 4 - year / 100 + year / 400 + day - 719468;
}

/*
 * RFC 9110: two digits that would be more than 50 years ahead are the past.
 */
static int full_year(int two, int64_t now)
{
	int this_year = 1970 + (int)(now / 31556952);
	int year = this_year / 100 * 100 + two;

	return year > this_year + 50 ? year - 100 : year;
}

static bool day_month_year(struct text *t, struct date *d, int64_t now)
{
	const char *start;

	d->day = number(t, 1, 2);
	d->month = month(t);
	blanks(t);
	start = t->s;
	d->year = number(t, 2, 4);
	if (t->s - start == 2 && d->year >= 0)
		d->year = full_year(d->year, now > 0 ? now : 1800000000);
	blanks(t);
	return clock_time(t, d);
}

static bool month_day(struct text *t, struct date *d)
{
	d->month = month(t);
	d->day = number(t, 1, 2);
	blanks(t);
	if (!clock_time(t, d))
		return false;
	d->year = number(t, 4, 4);
	return true;
}

int64_t http_date(const char *text, size_t len, int64_t now)
{
	struct text t = { text, text + len };
	struct date d = {0};
	bool whole;

	/* the weekday tells nothing */
	while (t.s < t.end && *t.s != ' ' && *t.s != ',')
		t.s++;
	blanks(&t);
	if (t.s == t.end)
		return -1;
	whole = *t.s >= '0' && *t.s <= '9' ? day_month_year(&t, &d, now)
					   : month_day(&t, &d);
	if (!whole || d.month < 1 || d.day < 1 || d.day > 31 || d.year < 1970)
		return -1;
	return days(d.year, d.month, d.day) * 86400 + d.hour * 3600 +
	       d.minute * 60 + d.second;
}
