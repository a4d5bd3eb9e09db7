/*
 * seq -- JSON text sequences (RFC 7464) into lines, in place.
 *
 * An element is RS, a JSON text, usually LF.  The LF, or else the RS that
 * follows, becomes the line end; line ends inside the text become spaces, and
 * so does everything that is no record.  A line end inside a string would
 * split the record, or make a bad one good as a space: such an element is
 * rejected here, with its bytes as they were.
 */
#include <string.h>

#include "stream/delim.h"
#include "stream/reject.h"

#define RS 0x1e

/* Is there a line end inside a string of text[from..to)? */
static bool splits_string(const char *text, size_t from, size_t to)
{
	bool string = false;

	for (; from < to; from++) {
		if (string && text[from] == '\n')
			return true;
		if (string && text[from] == '\\' && from + 1 < to &&
		    text[from + 1] != '\n')
			from++;
		else if (text[from] == '"')
			string = !string;
	}
	return false;
}

static void blank_lines(char *text, size_t len)
{
	char *end = text + len;

	while ((text = memchr(text, '\n', (size_t)(end - text))))
		*text++ = ' ';
}

/*
 * A number or word at the end of an element may have lost its last bytes;
 * only white space behind it shows that it has not (RFC 7464, 2.4).
 */
static bool may_be_cut(const char *text, size_t start, size_t end)
{
	char c = text[start];

	return c != '{' && c != '[' && c != '"' && !is_blank(text[end - 1]);
}

/* The element's text is text[from..to).  True when it is one line now. */
static bool convert(struct batch *b, size_t from, size_t to, uint64_t max,
		    bool lost)
{
	size_t start = skip_blank(b->text, from, to);
	const char *why = NULL;

	if (start < to && lost)
		why = "text before the first record separator";
	else if (start < to && may_be_cut(b->text, start, to))
		why = "no white space behind it: it may have been cut";
	else if (start < to && splits_string(b->text, start, to))
		why = "line end in a string";
	if (why)
		reject_text(b, b->text + from, to - from, batch_byte(b, from),
			    why, max);
	if (why || start == to)
		memset(b->text + from, ' ', to - from);
	else
		blank_lines(b->text + from, to - from);
	return !why && start < to;
}

void seq_to_lines(struct batch *b, uint64_t max, bool begins)
{
	struct delim d = delim_of(INPUT_SEQ);
	size_t pos = 0, next, from, len = b->len, kept = 0;
	bool open = false, lost;	/* open: waits for its line end */

	for (; pos < len; pos = next) {
		next = delim_next(d, b->text, pos + 1, len);
		if (next == DELIM_NONE)
			next = len;
		from = pos;
		if (b->text[pos] == RS) {
			b->text[from++] = open ? '\n' : ' ';
			kept = open ? from : kept;
		}
		lost = begins && !pos && from == pos;
		open = convert(b, from, next, max, lost);
		if (open && is_blank(b->text[next - 1])) {
			b->text[next - 1] = '\n';
			kept = next;
			open = false;
		}
	}
	if (open) {
		b->text[len++] = '\n';
		kept = len;
	}
	b->len = kept;
}
