/*
 * detect -- what form the beginning of a source has (--input=auto).
 *
 * A first line that is a complete value means lines: all of the rest is then
 * read as lines, whatever it is.  When the first line is not complete, the
 * value that begins there is followed over line ends:
 *
 * - it goes on to its end, or to the end of what is looked at: json or array;
 *   array only if nothing follows the value as far as is seen;
 * - it breaks off on a later line: still json or array, a damaged one, unless a
 *   line up to there is a complete object or array of its own, from its first
 *   column on: then the first line was damaged, and it is lines;
 * - it breaks off on the first line: lines.
 *
 * A lone line on which one value follows the other is json: some programs
 * write streams of objects without any line end.
 */
#include <string.h>

#include "stream/batch.h"
#include "stream/detect.h"
#include "stream/reject.h"
#include "stream/shape.h"

#define RS 0x1e

static bool complete(const char *text, size_t from, size_t to)
{
	struct json_fault fault;

	return !json_check(text + from, to - from, REJECT_DEPTH, &fault);
}

static bool opens(const char *text, size_t pos, size_t len)
{
	return pos < len && (text[pos] == '{' || text[pos] == '[');
}

/* Behind the line that ${pos} is in, or ${len}. */
static size_t line_end(const char *text, size_t pos, size_t len)
{
	const char *p = memchr(text + pos, '\n', len - pos);

	return p ? (size_t)(p - text) + 1 : len;
}

/* Is a line of text[from..to] (where it begins) a container, all of it? */
static bool has_whole_line(const char *text, size_t from, size_t to, size_t len)
{
	size_t end;

	for (; from <= to && from < len; from = end) {
		end = line_end(text, from, len);
		if (opens(text, from, len) && complete(text, from, end))
			return true;
	}
	return false;
}

/* An array whose first item is an object, or looks like it. */
static bool array_of_objects(const char *text, size_t from, size_t len)
{
	size_t item = skip_blank(text, from + 1, len);

	return text[from] == '[' && item < len && text[item] == '{';
}

/*
 * The first line, text[start..end), is not a complete value; the value at its
 * beginning is followed.
 */
static enum input_form follow(const char *text, size_t start, size_t end,
			      size_t len, bool whole)
{
	enum input_form spread = text[start] == '[' ? INPUT_ARRAY : INPUT_JSON;
	struct shape_line line = {0};
	struct shape shape;
	size_t pos = start, next;
	enum shape_end how;

	shape_begin(&shape, &line);
	how = shape_run(&shape, text, start, &pos, len);
	next = skip_blank(text, pos, len);
	if (how == SHAPE_DONE && pos > end)
		return next < len ? INPUT_JSON : spread;
	if (how == SHAPE_DONE)
		return opens(text, next, end) &&
		       skip_blank(text, end, len) == len ? INPUT_JSON :
							   INPUT_LINES;
	if (pos < end || end == len)
		return INPUT_LINES;
	if ((how == SHAPE_BAD || whole) && has_whole_line(text, end, pos, len))
		return INPUT_LINES;
	return spread;
}

enum input_form detect_form(const char *text, size_t len, bool whole,
			    bool *lone)
{
	size_t start = skip_blank(text, 0, len), end;
	bool all = whole || len >= DETECT_BYTES, alone;

	*lone = false;
	if (start == len)
		return all ? INPUT_LINES : INPUT_AUTO;
	if (text[start] == RS)
		return INPUT_SEQ;
	end = line_end(text, start, len);
	if (end == len && !all && text[end - 1] != '\n')
		return INPUT_AUTO;
	alone = skip_blank(text, end, len) == len &&
		array_of_objects(text, start, len);
	if (complete(text, start, end)) {
		*lone = alone && whole;
		return alone && !all ? INPUT_AUTO : INPUT_LINES;
	}
	if (!all)
		return INPUT_AUTO;
	/* An array of which no end is seen: likely one, too. */
	*lone = alone && !whole && end == len;
	return follow(text, start, end, len, whole);
}
