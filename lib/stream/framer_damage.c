/*
 * framer_damage -- where to go on behind damage (rules: framer.h).
 */
#include <string.h>

#include "base/err.h"
#include "stream/delim.h"
#include "stream/framer_in.h"
#include "stream/reject.h"

#define DAMAGED "this is not JSON"

/* What a record is followed by, and is no part of it. */
static char follower(const struct framer *f)
{
	return f->form == INPUT_ARRAY ? ',' : ' ';
}

/* Where the reject text[start..end) ends without blanks and commas. */
static size_t trim(const struct framer *f, size_t end)
{
	const char *text = f->batch->text;
	char also = follower(f);

	while (end > f->start &&
	       (is_blank(text[end - 1]) || text[end - 1] == also))
		end--;
	return end;
}

void framer_judge(const struct framer *f, struct batch_fault *fault)
{
	const char *text = f->batch->text + f->start;
	size_t len = f->batch->len - f->start;
	struct json_fault found = { FAULT_JSON, f->why, (size_t)f->damage };

	if (f->skipping || !f->why || f->damage > f->max_record)
		return;
	/* More would not be there in every run. */
	if (len > f->damage + FRAMER_AHEAD)
		len = (size_t)f->damage + FRAMER_AHEAD;
	if (!f->hopeless && !json_check(text, len, REJECT_DEPTH, &found))
		found = (struct json_fault){ FAULT_JSON, f->why, 0 };
	fault->error = found.error;
	fault->reason = found.reason;
	fault->column = found.at + 1;
}

/* The fault of text[start..end). */
static void add_fault(struct framer *f, size_t end)
{
	struct batch *b = f->batch;
	const char *text = b->text + f->start;
	struct batch_fault *fault;
	struct delim_long l;

	if (f->damage > f->max_record) {
		delim_long_begin(delim_of(INPUT_LINES), &l, text,
				 end - f->start, f->byte, f->max_record,
				 follower(f));
		delim_long_end(&l, b);
		return;
	}
	fault = reject_text(b, text, trim(f, end) - f->start, f->byte,
			    f->why, f->max_record);
	if (f->hopeless) {
		fault->error = FAULT_JSON;
		fault->reason = f->why;
		fault->column = 1;
	}
}

void framer_reject(struct framer *f, size_t end)
{
	f->open = false;
	f->records++;
	f->end = end;
	if (f->skipping)
		return;
	add_fault(f, end);
	memset(f->batch->text + f->start, ' ', end - f->start);
}

/* Goes on with the line that begins at ${line}. */
static bool cut(struct framer *f, size_t line)
{
	framer_reject(f, line);
	memset(f->batch->text + line, ' ', f->line.len);
	f->pos = line + f->line.len;
	f->place = ARRAY_ITEM;
	return true;
}

/*
 * Were the lines of text[start..end), the first apart, indented deeper than a
 * record's, or did they begin with closing brackets or commas?
 */
static bool indented(const struct framer *f, size_t end)
{
	const char *text = f->batch->text, *p = text + f->start;
	const char *stop = text + end;
	bool any = false;
	size_t n = f->line.len;

	while ((p = memchr(p, '\n', (size_t)(stop - p)))) {
		p++;
		if (p == stop)
			break;
		if ((size_t)(stop - p) > n && !memcmp(p, f->line.bytes, n))
			p += n;
		if (!is_blank(*p) && *p != '}' && *p != ']' && *p != ',')
			return false;
		any = true;
	}
	return any || f->deep;
}

bool framer_damaged(struct framer *f)
{
	struct batch *b = f->batch;
	size_t line = f->shape.candidate;

	f->damage = f->pos - f->start;
	if (f->skipping)
		f->damage = UINT64_MAX;
	f->why = DAMAGED;
	if (f->damage <= f->max_record && line != SIZE_MAX && indented(f, line))
		return cut(f, line);
	if (f->pos < b->len &&
	    shape_line_at(&f->line, b->text, f->start, f->pos))
		return cut(f, f->pos - f->line.len);
	return framer_seek(f);
}

/* The array's own bracket, if the reject goes to the end of the source. */
static size_t without_bracket(const struct framer *f, size_t end)
{
	size_t last = trim(f, end);

	if (f->form == INPUT_ARRAY && !f->skipping && !f->hopeless &&
	    last > f->start && last - f->start <= f->max_record &&
	    f->start + f->damage < last - 1 &&
	    f->batch->text[last - 1] == ']')
		return last - 1;
	return end;
}

/* The source ends, and no line before that looked like a record's. */
static bool reject_rest(struct framer *f)
{
	struct batch *b = f->batch;
	bool more = f->skipping || f->hopeless ||
		    f->start + f->damage < trim(f, b->len);

	framer_reject(f, without_bracket(f, b->len));
	if (b->len > f->end)
		memset(b->text + f->end, ' ', b->len - f->end);
	if (more)
		err_msg("%s: byte %llu: all from here to the end is one reject "
			"(%s)", f->shown, (unsigned long long)f->byte,
			f->hopeless ? f->why : "no later line begins as a "
			"record does");
	f->pos = b->len;
	f->place = ARRAY_AFTER;
	return true;
}

bool framer_seek(struct framer *f)
{
	struct batch *b = f->batch;
	const char *p;
	size_t at;

	while (!f->hopeless && f->line.known && f->pos < b->len) {
		p = memchr(b->text + f->pos, '\n', b->len - f->pos);
		if (!p)
			break;
		f->pos = (size_t)(p - b->text);
		at = f->pos + 1 + f->line.len;
		if (at >= b->len && !f->ends)
			return false;
		if (at < b->len &&
		    shape_line_at(&f->line, b->text, f->start, at))
			return cut(f, f->pos + 1);
		f->pos++;
	}
	f->pos = b->len;
	return f->ends && reject_rest(f);
}

void framer_skip(struct framer *f, size_t *keep)
{
	size_t have = f->batch->len - f->start;

	f->skipping = true;
	f->shape.candidate = 0;		/* none will be looked for */
	*keep = have < SHAPE_PREFIX + 2 ? have : SHAPE_PREFIX + 2;
}

void framer_dropped(struct framer *f, size_t bytes)
{
	f->pos -= bytes;
	f->start = 0;
}
