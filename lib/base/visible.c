/*
 * visible -- bytes as a terminal may safely show them.
 */
#include <stdbool.h>
#include <string.h>

#include "base/visible.h"

/* Length of the UTF-8 character at ${s}, 0 if there is none (RFC 3629). */
static size_t utf8_length(const unsigned char *s, size_t len)
{
	/* Bounds of the second byte keep overlong forms and surrogates out. */
	unsigned char low = 0x80, high = 0xbf;
	size_t n, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	n = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (len < n || s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/*
 * What turns the direction of text around or ends a line: U+061C, U+200E,
 * U+200F, U+2028 to U+202E, U+2066 to U+2069 (Unicode UAX 9).
 */
static bool is_turning(const unsigned char *s, size_t n)
{
	if (n == 2)
		return s[0] == 0xd8 && s[1] == 0x9c;
	if (n != 3 || s[0] != 0xe2)
		return false;
	if (s[1] == 0x80)
		return s[2] == 0x8e || s[2] == 0x8f ||
		       (s[2] >= 0xa8 && s[2] <= 0xae);
	return s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
}

static bool is_control(const unsigned char *s, size_t n)
{
	if (n == 1)
		return s[0] < 0x20 || s[0] == 0x7f;
	return (n == 2 && s[0] == 0xc2 && s[1] < 0xa0) || is_turning(s, n);
}

size_t visible_step(const char *s, size_t len, char *out, size_t *out_len)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *u = (const unsigned char *)s;
	size_t n = utf8_length(u, len), i;

	if (n && !is_control(u, n)) {
		memcpy(out, s, n);
		*out_len = n;
		return n;
	}
	if (!n)
		n = 1;
	for (i = 0; i < n; i++) {
		*out++ = '\\';
		*out++ = 'x';
		*out++ = hex[u[i] >> 4];
		*out++ = hex[u[i] & 15];
	}
	*out_len = 4 * n;
	return n;
}
