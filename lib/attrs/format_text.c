/*
 * format_text -- numbers, addresses and uris among strings (attr(5), FORMATS).
 */
#include "attrs/formats_in.h"

uint64_t format_number(const unsigned char *s, size_t len, uint64_t digits)
{
	unsigned at = s[0] == '-', run = bits_run(digits, at);

	if (run == 0 || (run > 1 && s[at] == '0'))
		return 0;
	at += run;
	if (at == len)
		return BIT(INTEGER_STRING) | BIT(NUMBER_STRING);
	if (s[at] == '.') {
		if (at + 1 == len)
			return 0;
		run = bits_run(digits, at + 1);
		if (run == 0)
			return 0;
		at += 1 + run;
	}
	if (at < len && (s[at] == 'e' || s[at] == 'E')) {
		at++;
		if (at < len && (s[at] == '+' || s[at] == '-'))
			at++;
		if (at == len)
			return 0;
		run = bits_run(digits, at);
		if (run == 0)
			return 0;
		at += run;
	}
	return at == len ? BIT(NUMBER_STRING) : 0;
}

bool format_is_ipv4(const unsigned char *s, size_t len)
{
	size_t i = 0, from;
	unsigned value;

	if (len < 7 || len > 15)
		return false;
	for (int part = 0; part < 4; part++) {
		if (part > 0 && (i >= len || s[i++] != '.'))
			return false;
		value = 0;
		for (from = i; i < len && is_class(s[i], C_DIGIT); i++)
			value = value * 10 + s[i] - '0';
		if (i == from || i - from > 3 || value > 255 ||
		    (s[from] == '0' && i - from > 1))
			return false;
	}
	return i == len;
}

bool format_is_ipv6(const unsigned char *s, size_t len)
{
	unsigned groups = 0;
	bool gap = false;
	size_t i = 0, from;

	if (len < 2 || len > 45)
		return false;
	if (s[0] == ':') {
		if (s[1] != ':')
			return false;
		gap = true;
		i = 2;
	}
	while (i < len) {
		for (from = i; i < len && is_class(s[i], C_HEX); i++)
			;
		if (i < len && s[i] == '.') {
			if (!format_is_ipv4(s + from, len - from))
				return false;
			groups += 2;
			break;
		}
		groups++;
		if (i == from || i - from > 4)
			return false;
		if (i == len)
			break;
		if (s[i++] != ':' || i == len)
			return false;
		if (s[i] == ':') {
			if (gap)
				return false;
			gap = true;
			i++;
		}
	}
	return gap ? groups <= 7 : groups == 8;
}

static bool is_local_part(const unsigned char *s, size_t len)
{
	bool dot = true;	/* none may come next */

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '.' ? dot : !is_class(s[i], C_ATEXT))
			return false;
		dot = s[i] == '.';
	}
	return !dot;
}

static bool is_domain(const unsigned char *s, size_t len)
{
	size_t from = 0;
	unsigned labels = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && s[i] != '.') {
			if (!is_class(s[i], C_LABEL))
				return false;
			continue;
		}
		if (i == from || i - from > 63 || s[from] == '-' ||
		    s[i - 1] == '-')
			return false;
		labels++;
		if (i < len)
			from = i + 1;
	}
	return labels > 1 && len - from > 1 && is_class(s[from], C_ALPHA);
}

bool format_is_email(const unsigned char *s, size_t len, size_t at)
{
	return at >= 1 && at <= 64 && len <= 254 && at + 4 < len &&
	       is_class(s[at - 1], C_ATEXT) && is_class(s[at + 1], C_LABEL) &&
	       is_local_part(s, at) && is_domain(s + at + 1, len - at - 1);
}

/* A scheme that needs no "//" behind it. */
static bool is_plain_scheme(const unsigned char *s, size_t len)
{
	switch (len > 6 ? 0 : lower_word(s, len)) {
	case WORD3('c', 'i', 'd'):
	case WORD6('d', 'a', 't', 'a', 0, 0):
	case WORD3('g', 'e', 'o'):
	case WORD6('i', 'g', 'l', 'u', 0, 0):
	case WORD6('m', 'a', 'g', 'n', 'e', 't'):
	case WORD6('m', 'a', 'i', 'l', 't', 'o'):
	case WORD3('m', 'i', 'd'):
	case WORD6('n', 'e', 'w', 's', 0, 0):
	case WORD3('s', 'i', 'p'):
	case WORD6('s', 'i', 'p', 's', 0, 0):
	case WORD3('t', 'a', 'g'):
	case WORD3('t', 'e', 'l'):
	case WORD3('u', 'r', 'n'):
	case WORD6('x', 'm', 'p', 'p', 0, 0):
		return true;
	default:
		return false;
	}
}

static bool ends_authority(unsigned char c)
{
	return c == '/' || c == '?' || c == '#';
}

/* All of it are digits; 0 bytes too. */
static bool is_port(const unsigned char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_class(s[i], C_DIGIT))
			return false;
	return true;
}

/* "[::1]:80": ${from} is behind the "[" and ${end} is the authority's end. */
static bool is_ip_literal(const unsigned char *s, size_t from, size_t end)
{
	size_t close = from;

	while (close < end && s[close] != ']')
		close++;
	if (close == end || !format_is_ipv6(s + from, close - from))
		return false;
	close++;
	return close == end ||
	       (s[close] == ':' && is_port(s + close + 1, end - close - 1));
}

/* "user:word@host:80", its characters to be checked elsewhere. */
static bool is_named_authority(const unsigned char *s, size_t from, size_t end)
{
	const unsigned char *at, *colon;

	at = memchr(s + from, '@', end - from);
	if (at) {
		from = (size_t)(at - s) + 1;
		if (memchr(s + from, '@', end - from))
			return false;
	}
	colon = memchr(s + from, ':', end - from);
	return !colon || is_port(colon + 1, (size_t)(s + end - colon) - 1);
}

size_t format_uri_head(const unsigned char *s, size_t len, size_t colon)
{
	size_t from = colon + 1, end;

	if (colon < 2 || colon > 32 || from == len)
		return 0;
	for (size_t i = 1; i < colon; i++)
		if (!is_class(s[i], C_SCHEME))
			return 0;
	if (len - from < 2 || s[from] != '/' || s[from + 1] != '/')
		return is_plain_scheme(s, colon) ? from : 0;
	from += 2;
	if (from == len)
		return 0;
	for (end = from; end < len && !ends_authority(s[end]); end++)
		;
	if (s[from] == '[')
		return is_ip_literal(s, from + 1, end) ? end : 0;
	return is_named_authority(s, from, end) ? from : 0;
}
