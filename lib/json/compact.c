/*
 * compact -- a valid JSON text without the white space between its tokens.
 */
#include "json/compact.h"

void json_compact(struct buf *b, struct span text)
{
	const char *p = text.s, *end = p + text.len, *from = p;

	buf_reserve(b, text.len);
	while (p < end) {
		if (*p == '"') {
			p = value_string_end(p, end);
		} else if (value_is_blank(*p)) {
			buf_add(b, from, (size_t)(p - from));
			p = from = value_blank(p, end);
		} else {
			p++;
		}
	}
	buf_add(b, from, (size_t)(p - from));
}
