/*
 * yajl -- an independent judge of what is JSON, for tests: libyajl 2.1, made
 * strict where it is known not to be.
 *
 * yajl takes texts that RFC 8259 does not:
 *  - UTF-8 of the right outline only: overlong forms, surrogates, code points
 *    over U+10FFFF.  decodes() below judges those.
 *  - \v and \f as white space.  No JSON text has these bytes anywhere.
 *  - A string that is begun behind the value and never ends.
 * Lone surrogates written as \uXXXX are RFC 8259, and yajl takes them too.  It
 * knows no limit of depth.  No text is known that it refuses wrongly.
 */
#ifndef UNIT_YAJL_H
#define UNIT_YAJL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/*
 * Bytes of the UTF-8 sequence at ${s}, 0 for a bad one: the code point is put
 * together first, and then looked at.
 */
static inline size_t decode(const unsigned char *s, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = 1, i;
	uint32_t code;

	if (s[0] < 0x80)
		return 1;
	while (n < 8 && s[0] >> (7 - n) & 1)
		n++;
	if (n < 2 || n > 4 || left < n)
		return 0;
	code = s[0] & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < least[n] || code > 0x10ffff || code >> 11 == 0x1b)
		return 0;
	return n;
}

/* Length of the longest beginning of ${s} that is UTF-8. */
static inline size_t decodes(const char *s, size_t len)
{
	size_t pos = 0, n;

	while (pos < len) {
		n = decode((const unsigned char *)s + pos, len - pos);
		if (!n)
			break;
		pos += n;
	}
	return pos;
}

/* Without callbacks nothing is converted, so that no number is too large. */
static inline bool yajl_takes(const char *s, size_t len, bool whole)
{
	yajl_handle h = yajl_alloc(NULL, NULL, NULL);
	yajl_status rc = yajl_parse(h, (const unsigned char *)s, len);

	if (rc == yajl_status_ok && whole)
		rc = yajl_complete_parse(h);
	yajl_free(h);
	return rc == yajl_status_ok;
}

/* Does ${s} end inside a string? */
static inline bool ends_in_string(const char *s, size_t len)
{
	bool inside = false;
	size_t i;

	for (i = 0; i < len; i++) {
		if (inside && s[i] == '\\')
			i++;
		else if (s[i] == '"')
			inside = !inside;
	}
	return inside;
}

/* Is ${s} one JSON text? */
static inline bool is_json(const char *s, size_t len)
{
	return decodes(s, len) == len && !memchr(s, '\v', len) &&
	       !memchr(s, '\f', len) && !ends_in_string(s, len) &&
	       yajl_takes(s, len, true);
}

/* Could ${s} be the beginning of one?  (yajl may notice late.) */
static inline bool may_become_json(const char *s, size_t len)
{
	return yajl_takes(s, len, false);
}

#endif
