/*
 * lines -- counting off records in whole lines.
 *
 * memchr() goes at the speed of memory for all but very short lines; a line is
 * looked at further only when it begins with a blank.
 */
#include <string.h>

#include "stream/batch.h"
#include "stream/lines.h"

size_t lines_take(const char *text, size_t from, size_t to, uint64_t max,
		  uint64_t room, uint64_t *records)
{
	size_t limit = room < to - from ? from + (size_t)room : to;
	uint64_t n = 0;

	while (from < limit) {
		const char *p = memchr(text + from, '\n', limit - from);
		bool record;

		if (!p)
			break;
		record = !is_blank(text[from]) ||
			 skip_blank(text, from, (size_t)(p - text)) <
			 (size_t)(p - text);
		if (record && n == max)
			break;
		n += record;
		from = (size_t)(p - text) + 1;
	}
	*records += n;
	return from;
}

uint64_t lines_count(const char *text, size_t from, size_t to)
{
	uint64_t n = 0;

	lines_take(text, from, to, UINT64_MAX, UINT64_MAX, &n);
	return n;
}
