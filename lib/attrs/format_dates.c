/*
 * format_dates -- dates and times among strings (attr(5), FORMATS).
 *
 * Where the digits of the first 64 bytes stand tells most layouts apart; then
 * only separators and ranges are left to check.
 */
#include "attrs/formats_in.h"

/* The number of the two digits at ${s}. */
static inline unsigned two(const unsigned char *s)
{
	return s[0] * 10U + s[1] - 11U * '0';
}

static inline unsigned four(const unsigned char *s)
{
	return two(s) * 100 + two(s + 2);
}

/* The number of ${n} digits, 1 or 2. */
static inline unsigned one_or_two(const unsigned char *s, unsigned n)
{
	return n == 2 ? two(s) : s[0] - (unsigned)'0';
}

static inline bool is_leap(unsigned year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* A day of the proleptic Gregorian calendar, in the years 1 to 9999. */
static inline bool day_exists(unsigned year, unsigned month, unsigned day)
{
	static const uint8_t days[16] = {
		0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (year == 0 || month > 12 || day == 0)
		return false;
	return day <= days[month] || (month == 2 && day == 29 && is_leap(year));
}

/* 1 to 12, of three letters in either case; 0: none. */
static unsigned month_of(const unsigned char *s)
{
	/* A multiplier that sends the twelve names to different places. */
	static const uint32_t spread = 0x3b6fe507;
	static const struct {
		uint32_t name;
		unsigned month;
	} months[16] = {
		{WORD3('s', 'e', 'p'), 9}, {0, 0}, {WORD3('j', 'u', 'n'), 6},
		{0, 0}, {0, 0}, {WORD3('j', 'u', 'l'), 7},
		{WORD3('j', 'a', 'n'), 1}, {WORD3('a', 'p', 'r'), 4},
		{WORD3('f', 'e', 'b'), 2}, {WORD3('n', 'o', 'v'), 11}, {0, 0},
		{WORD3('m', 'a', 'r'), 3}, {WORD3('a', 'u', 'g'), 8},
		{WORD3('o', 'c', 't'), 10}, {WORD3('d', 'e', 'c'), 12},
		{WORD3('m', 'a', 'y'), 5}
	};
	uint32_t name = (uint32_t)lower_word(s, 3);
	uint32_t at = name * spread >> 28;

	return months[at].name == name ? months[at].month : 0;
}

/*
 * The three letters at ${s} are the weekday of an existing day.  (Days since a
 * Sunday, counted in years that begin in March; the sums of the month lengths
 * are the well-known table for that.)
 */
static bool weekday_fits(const unsigned char *s, unsigned y, unsigned m,
			 unsigned d)
{
	static const uint8_t before[16] = {
		0, 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4
	};
	static const uint32_t names[8] = {
		WORD3('s', 'u', 'n'), WORD3('m', 'o', 'n'),
		WORD3('t', 'u', 'e'), WORD3('w', 'e', 'd'),
		WORD3('t', 'h', 'u'), WORD3('f', 'r', 'i'),
		WORD3('s', 'a', 't')
	};

	y -= m < 3;
	return names[(y + y / 4 - y / 100 + y / 400 + before[m] + d) % 7] ==
	       lower_word(s, 3);
}

/* "HH:MI:SS", digits and colons already checked, no leap second. */
static inline bool time_exists(const unsigned char *s)
{
	return two(s) < 24 && two(s + 3) < 60 && two(s + 6) < 60;
}

/* "+hh" and "mm" at ${minutes}, digits already checked. */
static inline bool offset_exists(const unsigned char *s,
				 const unsigned char *minutes)
{
	return (s[0] == '+' || s[0] == '-') && two(s + 1) < 24 &&
	       two(minutes) < 60;
}

/* What a time of day looks like. */
struct clock {
	enum { FORM_MI, FORM_SS, FORM_FF, FORM_FF_LONG, FORMS } form;
	enum { TAIL_NONE, TAIL_Z, TAIL_LOWER_Z, TAIL_COLON, TAIL_BASIC,
	       TAILS } tail;
	bool leap;	/* 23:59:60 in UTC */
};

/* Digits from ${pos} on, however many; ${digits} knows the first 64 bytes. */
static size_t digits_run(const unsigned char *s, size_t len, uint64_t digits,
			 size_t pos)
{
	size_t n = pos < 64 ? bits_run(digits, (unsigned)pos) : 0;

	if (pos + n >= 64)
		while (pos + n < len && is_class(s[pos + n], C_DIGIT))
			n++;
	return n;
}

/* What follows the seconds: ${s} of ${len} bytes.  False: nothing known. */
static bool read_tail(const unsigned char *s, size_t len, struct clock *c)
{
	c->tail = TAIL_NONE;
	if (len == 0)
		return true;
	if (len == 1) {
		c->tail = s[0] == 'Z' ? TAIL_Z : TAIL_LOWER_Z;
		return s[0] == 'Z' || s[0] == 'z';
	}
	if (len != 6 || !is_class(s[2], C_DIGIT) || !is_class(s[4], C_DIGIT) ||
	    !is_class(s[5], C_DIGIT))
		return false;
	if (s[0] == ' ') {
		c->tail = TAIL_BASIC;
		return is_class(s[3], C_DIGIT) && offset_exists(s + 1, s + 4);
	}
	c->tail = TAIL_COLON;
	return is_class(s[1], C_DIGIT) && s[3] == ':' &&
	       offset_exists(s, s + 4);
}

/* Second 60 at the minute ${at} of the day: is that 23:59 in UTC? */
static bool is_leap_second(unsigned at, const struct clock *c,
			   const unsigned char *tail)
{
	unsigned offset = 0;

	if (c->tail == TAIL_COLON) {
		offset = two(tail + 1) * 60 + two(tail + 4);
		if (tail[0] == '-')
			offset = 1440 - offset;
	}
	return (at + 1440 - offset) % 1440 == 1439;
}

/* The rest of the text, from ${pos} (at most 11), as a time of day. */
static bool read_clock(const unsigned char *s, size_t len, uint64_t digits,
		       size_t pos, struct clock *c)
{
	const unsigned char *p = s + pos;
	uint64_t here = digits >> pos;
	size_t end, fraction;

	if ((here & 0x1b) != 0x1b || p[2] != ':' || two(p) > 23 ||
	    two(p + 3) > 59)
		return false;
	*c = (struct clock){FORM_MI, TAIL_NONE, false};
	if (len - pos == 5)
		return true;
	if ((here & 0xc0) != 0xc0 || p[5] != ':' || two(p + 6) > 60)
		return false;
	c->form = FORM_SS;
	end = 8;
	if (len - pos > 8 && p[8] == '.') {
		fraction = digits_run(s, len, digits, pos + 9);
		if (fraction == 0)
			return false;
		c->form = fraction > 9 ? FORM_FF_LONG : FORM_FF;
		end = 9 + fraction;
	}
	if (!read_tail(p + end, len - pos - end, c))
		return false;
	c->leap = two(p + 6) == 60;
	return !c->leap || is_leap_second(two(p) * 60 + two(p + 3), c, p + end);
}

/* Formats of a clock behind nothing, T, t and a blank. */
enum { BEHIND_NOTHING, BEHIND_T, BEHIND_LOWER_T, BEHIND_BLANK, BEHINDS };

static uint64_t clock_formats(const struct clock *c, unsigned behind)
{
	enum { NONE = TAIL_NONE, Z = TAIL_Z, LOWER = TAIL_LOWER_Z,
	       COLON = TAIL_COLON, BASIC = TAIL_BASIC };
#define RFC(bit) {[Z] = bit, [LOWER] = bit, [COLON] = bit}
#define ALSO(plain, bit) \
	{[NONE] = plain, [Z] = bit, [LOWER] = bit, [COLON] = bit}
	static const uint64_t formats[BEHINDS][FORMS][TAILS] = {
		[BEHIND_NOTHING] = {
			[FORM_MI] = {[NONE] = BIT(CLOCK_MI)},
			[FORM_SS] = ALSO(BIT(CLOCK_SS), BIT(TIME)),
			[FORM_FF] = ALSO(BIT(CLOCK_FF), BIT(TIME)),
			[FORM_FF_LONG] = RFC(BIT(TIME))},
		[BEHIND_T] = {
			[FORM_MI] = {[NONE] = BIT(T_MI)},
			[FORM_SS] = ALSO(BIT(T_SS), BIT(DATE_TIME)),
			[FORM_FF] = ALSO(BIT(T_FF), BIT(DATE_TIME)),
			[FORM_FF_LONG] = RFC(BIT(DATE_TIME))},
		[BEHIND_LOWER_T] = {
			[FORM_SS] = RFC(BIT(DATE_TIME)),
			[FORM_FF] = RFC(BIT(DATE_TIME)),
			[FORM_FF_LONG] = RFC(BIT(DATE_TIME))},
		[BEHIND_BLANK] = {
			[FORM_MI] = {[NONE] = BIT(BLANK_MI)},
			[FORM_SS] = {[NONE] = BIT(BLANK_SS),
				     [Z] = BIT(BLANK_SS_TZ),
				     [COLON] = BIT(BLANK_SS_TZ),
				     [BASIC] = BIT(BLANK_SS_BLANK_TZ)},
			[FORM_FF] = {[NONE] = BIT(BLANK_FF),
				     [Z] = BIT(BLANK_FF_TZ),
				     [COLON] = BIT(BLANK_FF_TZ)}},
	};
#undef RFC
#undef ALSO
	uint64_t mask = formats[behind][c->form][c->tail];

	return c->leap ? mask & (BIT(TIME) | BIT(DATE_TIME)) : mask;
}

static uint64_t clock_alone(const unsigned char *s, size_t len,
			    uint64_t digits)
{
	struct clock c;

	return read_clock(s, len, digits, 0, &c) ?
		clock_formats(&c, BEHIND_NOTHING) : 0;
}

/* Behind a date that ends at ${pos} only a blank and HH:MI:SS may stand. */
static bool plain_seconds(const unsigned char *s, size_t len, uint64_t digits,
			  size_t pos)
{
	return len == pos + 9 && s[pos] == ' ' && s[pos + 3] == ':' &&
	       s[pos + 6] == ':' && (digits >> pos & 0x1ff) == 0x1b6 &&
	       time_exists(s + pos + 1);
}

/* Four digits first. */
static uint64_t year_first(const unsigned char *s, size_t len, uint64_t digits)
{
	struct clock c;
	unsigned behind;

	if ((digits & 0x3ff) != 0x36f || s[4] != s[7] ||
	    !day_exists(four(s), two(s + 5), two(s + 8)))
		return 0;
	if (s[4] == '/')
		return len == 10 ? BIT(Y_M_D_SLASH) : 0;
	if (s[4] != '-')
		return 0;
	if (len == 10)
		return BIT(DATE);
	if (s[10] == 'T')
		behind = BEHIND_T;
	else if (s[10] == ' ')
		behind = BEHIND_BLANK;
	else if (s[10] == 't')
		behind = BEHIND_LOWER_T;
	else
		return 0;
	return read_clock(s, len, digits, 11, &c) ? clock_formats(&c, behind)
						  : 0;
}

/* Month and day in either order: bits for month first and for day first. */
static uint64_t either_order(unsigned year, unsigned a, unsigned b,
			     uint64_t month_first, uint64_t day_first)
{
	return (day_exists(year, a, b) ? month_first : 0) |
	       (day_exists(year, b, a) ? day_first : 0);
}

/* One or two digits and a slash first; ${n} digits. */
static uint64_t slashes(const unsigned char *s, size_t len, uint64_t digits,
			unsigned n)
{
	unsigned m = bits_run(digits, n + 1), pos = n + 1 + m + 1, a, b;

	if (m < 1 || m > 2 || s[pos - 1] != '/' || bits_run(digits, pos) != 4)
		return 0;
	a = one_or_two(s, n);
	b = one_or_two(s + n + 1, m);
	if (len == pos + 4)
		return either_order(four(s + pos), a, b, BIT(M_D_Y_SLASH),
				    BIT(D_M_Y_SLASH));
	if (!plain_seconds(s, len, digits, pos + 4))
		return 0;
	return either_order(four(s + pos), a, b, BIT(M_D_Y_SLASH_SS),
			    BIT(D_M_Y_SLASH_SS));
}

/* Two digits and a hyphen first. */
static uint64_t dashes(const unsigned char *s, size_t len, uint64_t digits)
{
	unsigned month;

	if (len == 11 && digits == 0x783) {
		month = month_of(s + 3);
		return s[6] == '-' && month &&
			day_exists(four(s + 7), month, two(s)) ?
			BIT(D_MON_Y) : 0;
	}
	if ((digits & 0x3ff) != 0x3db || s[5] != '-')
		return 0;
	if (len == 10)
		return either_order(four(s + 6), two(s), two(s + 3),
				    BIT(M_D_Y_DASH), BIT(D_M_Y_DASH));
	return plain_seconds(s, len, digits, 10) &&
		day_exists(four(s + 6), two(s), two(s + 3)) ?
		BIT(M_D_Y_DASH_SS) : 0;
}

static uint64_t dots(const unsigned char *s, size_t len, uint64_t digits)
{
	return len == 10 && digits == 0x3db && s[5] == '.' &&
		day_exists(four(s + 6), two(s + 3), two(s)) ?
		BIT(D_M_Y_DOT) : 0;
}

/* Eight digits and a T first. */
static uint64_t basic(const unsigned char *s, size_t len, uint64_t digits)
{
	if (bits_run(digits, 9) != 6 || two(s + 9) > 23 || two(s + 11) > 59 ||
	    two(s + 13) > 59 || !day_exists(four(s), two(s + 4), two(s + 6)))
		return 0;
	if (len == 15 || (len == 16 && s[15] == 'Z'))
		return BIT(YMD_HMS);
	return len == 20 && bits_run(digits, 16) == 4 &&
		offset_exists(s + 15, s + 18) ? BIT(YMD_HMS) : 0;
}

uint64_t format_digit_date(const unsigned char *s, size_t len, uint64_t digits)
{
	unsigned run = bits_run(digits, 0);

	switch (run) {
	case 1:
		return s[1] == '/' ? slashes(s, len, digits, 1) : 0;
	case 2:
		if (s[2] == ':')
			return clock_alone(s, len, digits);
		if (s[2] == '/')
			return slashes(s, len, digits, 2);
		if (s[2] == '-')
			return dashes(s, len, digits);
		return s[2] == '.' ? dots(s, len, digits) : 0;
	case 4:
		return year_first(s, len, digits);
	case 8:
		return s[8] == 'T' ? basic(s, len, digits) : 0;
	default:
		return 0;
	}
}

uint64_t format_ymd(const unsigned char *s)
{
	unsigned year = four(s);

	return year >= 1900 && year < 2100 &&
		day_exists(year, two(s + 4), two(s + 6)) ? BIT(YMD) : 0;
}

/* "Sun Aug 31 00:29:15 +0000 2014" */
static uint64_t weekday_month(const unsigned char *s, uint64_t digits)
{
	unsigned month = month_of(s + 4), year = four(s + 26), day = two(s + 8);

	if (digits != 0x3de6db00 || s[7] != ' ' || s[10] != ' ' ||
	    s[13] != ':' || s[16] != ':' || s[19] != ' ' || s[25] != ' ')
		return 0;
	return month && day_exists(year, month, day) && time_exists(s + 11) &&
		offset_exists(s + 20, s + 23) &&
		weekday_fits(s, year, month, day) ? BIT(DY_MON_DD) : 0;
}

/* The case that RFC 9110 asks for: first letters large, others small. */
static bool is_proper_case(const unsigned char *s)
{
	return s[0] < 'a' && s[1] >= 'a' && s[2] >= 'a';
}

/*
 * "Sun, 31 Aug 2014 00:29:15 +0000" or "... GMT"; ${n} digits of the day, at
 * 5.
 */
static uint64_t weekday_day(const unsigned char *s, size_t len,
			    uint64_t digits, unsigned n)
{
	const unsigned char *p = s + 5 + n;	/* " Aug 2014 00:29:15 " */
	size_t rest = len - 5 - n;
	unsigned month = month_of(p + 1), year = four(p + 5);
	unsigned day = one_or_two(s + 5, n);

	digits >>= 5 + n;
	if ((digits & 0x7ffff) != 0x36de0 || s[4] != ' ' || p[0] != ' ' ||
	    p[4] != ' ' || p[9] != ' ' || p[12] != ':' || p[15] != ':' ||
	    p[18] != ' ' || !month || !day_exists(year, month, day) ||
	    !time_exists(p + 10) || !weekday_fits(s, year, month, day))
		return 0;
	if (rest == 22 && n == 2 && memcmp(p + 19, "GMT", 3) == 0 &&
	    is_proper_case(s) && is_proper_case(p + 1))
		return BIT(HTTP_DATE);
	return rest == 24 && digits >> 19 == 0x1e &&
		offset_exists(p + 19, p + 22) ? BIT(RFC_DATE) : 0;
}

uint64_t format_weekday_date(const unsigned char *s, size_t len,
			     uint64_t digits)
{
	unsigned n;

	if (len == 30 && s[3] == ' ')
		return weekday_month(s, digits);
	if (s[3] != ',' || len < 29 || len > 31)
		return 0;
	n = bits_run(digits, 5);
	return n == 1 || n == 2 ? weekday_day(s, len, digits, n) : 0;
}
