/*
 * source_name -- names of sources, as bytes and as JSON strings.
 *
 * A file's name is any bytes but 0.  Those that are not UTF-8 become the lone
 * surrogates U+DC80 to U+DCFF, which UTF-8 never holds, so that each name has
 * one text, and that leads back to it.
 */
#include <string.h>
#include "json/check.h"
#include "json/str.h"
#include "stream/source_name.h"

/* A byte that is no UTF-8, as the escape of a lone surrogate. */
static void add_byte(struct buf *b, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";
	char escape[6] = {'\\', 'u', 'd', 'c', hex[byte >> 4], hex[byte & 15]};

	buf_add(b, escape, sizeof(escape));
}

void source_name_write(struct buf *b, const char *name)
{
	size_t left = strlen(name);

	buf_addc(b, '"');
	while (left) {
		size_t good = utf8_valid_prefix(name, left);
		size_t start = b->len;

		if (good) {
			str_write(b, name, good);
			/* its quotes go */
			memmove(b->s + start, b->s + start + 1,
				b->len - start - 2);
			b->len -= 2;
		}
		if (good < left)
			add_byte(b, (unsigned char)name[good++]);
		name += good;
		left -= good;
	}
	buf_addc(b, '"');
}

/* In memory a lone surrogate is three bytes (str.h); these stand for one. */
static bool is_byte(const unsigned char *p, const char *end)
{
	return end - (const char *)p >= 3 && p[0] == 0xed &&
	       (p[1] == 0xb2 || p[1] == 0xb3);
}

const char *source_name_read(struct buf *b, struct span text)
{
	char *to, *end;

	buf_clear(b);
	str_unescape(b, text.s, text.len);
	buf_cstr(b);
	if (memchr(b->s, 0, b->len))
		return NULL;
	to = b->s;
	end = b->s + b->len;
	for (const char *p = b->s; p < end; to++) {
		const unsigned char *u = (const unsigned char *)p;
		bool byte = is_byte(u, end);

		*to = byte ? (char)((u[1] & 1) << 6 | (u[2] & 63) | 0x80) : *p;
		p += byte ? 3 : 1;
	}
	*to = 0;
	b->len = (size_t)(to - b->s);
	return b->s;
}
