/*
 * delim -- cutting at line ends and record separators.
 */
#include <stdlib.h>
#include <string.h>

#include "stream/delim.h"

#define RS 0x1e

struct delim delim_of(enum input_form form)
{
	return form == INPUT_SEQ ? (struct delim){ RS, 0 } :
				   (struct delim){ '\n', 1 };
}

size_t delim_next(struct delim d, const char *text, size_t from, size_t len)
{
	const char *p;

	from -= d.behind;
	if (from >= len)
		return DELIM_NONE;
	p = memchr(text + from, d.byte, len - from);
	return p ? (size_t)(p - text) + d.behind : DELIM_NONE;
}

size_t delim_last(struct delim d, const char *text, size_t from, size_t len)
{
	const char *p;

	from += 1u - d.behind;
	if (from >= len)
		return DELIM_NONE;
	p = memrchr(text + from, d.byte, len - from);
	return p ? (size_t)(p - text) + d.behind : DELIM_NONE;
}

/* Where the content of the record that begins at ${start} begins. */
static size_t content_start(struct delim d, const char *text, size_t start,
			    size_t end)
{
	return start < end && !d.behind && text[start] == d.byte ? start + 1 :
								   start;
}

/* Where the content of the record that ends before ${end} ends. */
static size_t content_end(const char *text, size_t start, size_t end)
{
	if (end > start && text[end - 1] == '\n')
		end--;
	if (end > start && text[end - 1] == '\r')
		end--;
	return end;
}

void delim_long_begin(struct delim d, struct delim_long *l, const char *text,
		      size_t len, uint64_t byte, uint64_t max, char also)
{
	size_t start = content_start(d, text, 0, len);
	const char *content = text + start;
	size_t kept = len - start < max ? len - start : (size_t)max;
	size_t blank = skip_blank(content, 0, kept);

	if (blank == kept)
		blank = 0;
	*l = (struct delim_long){ .max = max, .start = byte + start,
				  .blank = blank, .also = also };
	l->fault = (struct batch_fault){
		.error = FAULT_SIZE, .reason = "longer than --max-record",
		.byte = l->start + blank, .column = max - blank + 1
	};
	batch_set_raw(&l->fault, content + blank, kept - blank, max);
	delim_long_more(l, content, len - start);
}

void delim_long_more(struct delim_long *l, const char *text, size_t len)
{
	size_t end = len;

	while (end && (is_blank(text[end - 1]) || text[end - 1] == l->also))
		end--;
	if (end)
		l->end = l->seen + end;
	l->seen += len;
}

void delim_long_end(struct delim_long *l, struct batch *b)
{
	struct batch_fault *fault;

	fault = batch_add_fault(b, l->fault.error, l->fault.reason,
				l->fault.byte);
	*fault = l->fault;	/* raw is now owned by the batch */
	fault->bytes = l->end ? l->end - l->blank : 0;
	/* Blanks at its end were not known to be such. */
	if (fault->raw_len > fault->bytes && l->end)
		fault->raw_len = (size_t)fault->bytes;
	l->fault.raw = NULL;
}

void delim_long_drop(struct delim_long *l)
{
	free(l->fault.raw);
	l->fault.raw = NULL;
}

/* text[start..end) is one record; if it is too long, it is dropped. */
static bool drop(struct delim d, struct batch *b, size_t start, size_t end,
		 uint64_t max)
{
	size_t stop = content_end(b->text, start, end);
	size_t begin = content_start(d, b->text, start, stop);
	struct delim_long l;

	if (stop - begin <= max)
		return false;
	delim_long_begin(d, &l, b->text + start, stop - start,
			 batch_byte(b, start), max, ' ');
	delim_long_end(&l, b);
	/* An RS stays: it still ends the record before. */
	memset(b->text + begin, ' ', end - begin);
	return true;
}

/*
 * Drops records over ${max}.  Those whose end is in sight are passed several
 * at a time: all that end within ${max} bytes are short.
 */
static void drop_long(struct delim d, struct batch *b, uint64_t max)
{
	size_t start = 0, next, tail = 0, tail_end = 0;

	while (b->len - start > max) {
		next = delim_last(d, b->text, start, start + (size_t)max);
		if (next == DELIM_NONE) {
			next = delim_next(d, b->text, start + 1, b->len);
			if (next == DELIM_NONE)
				next = b->len;
			if (drop(d, b, start, next, max)) {
				tail = tail_end == start ? tail : start;
				tail_end = next;
			}
		}
		start = next;
	}
	if (tail_end == b->len)
		b->len = tail;
}

void delim_break(struct delim d, struct batch *b, size_t whole, uint64_t at,
		 const char *reason, uint64_t max)
{
	size_t start = content_start(d, b->text, whole, b->len);
	size_t end = trim_blank(b->text, start, b->len);
	struct batch_fault *fault;
	struct delim_long l;
	uint64_t byte = at;

	start = skip_blank(b->text, start, end);
	if (delim_too_long(b->len - whole, max)) {
		delim_long_begin(d, &l, b->text + whole, b->len - whole,
				 batch_byte(b, whole), max, ' ');
		delim_long_end(&l, b);
		start = end;
	} else if (start < end) {
		byte = batch_byte(b, start);
	}
	fault = batch_add_fault(b, FAULT_IO, reason, byte);
	fault->bytes = end - start;
	fault->column = at - byte + 1;
	batch_set_raw(fault, b->text + start, end - start, max);
	b->len = whole;
}

void delim_finish(struct delim d, struct batch *b, uint64_t max, bool begins,
		  bool ends)
{
	drop_long(d, b, max);
	if (!d.behind)
		seq_to_lines(b, max, begins);
	else if (ends && b->len && b->text[b->len - 1] != '\n')
		b->text[b->len++] = '\n';
	batch_finish(b);
}
