/*
 * framer -- json and array form: records, and what lies between them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stream/framer.h"
#include "stream/framer_in.h"

void framer_begin(struct framer *f, enum input_form form, uint64_t max_record,
		  const char *shown)
{
	f->form = form;
	f->max_record = max_record;
	f->shown = shown;
	f->place = ARRAY_BEFORE;
	f->line = (struct shape_line){ .known = form == INPUT_JSON };
	f->gap = (struct shape_line){ .known = false };
	f->deep = false;
}

void framer_release(struct framer *f)
{
	free(f->breaks);
	f->breaks = NULL;
	f->breaks_cap = 0;
}

void framer_start(struct framer *f, struct batch *b)
{
	f->batch = b;
	f->pos = f->records = f->nbreaks = 0;
	f->open = f->skipping = false;
}

/* Keeps in mind how the line began that ${c} stands in. */
static void note_gap(struct framer *f, char c)
{
	if (c == '\n') {
		f->gap.known = true;
		f->gap.len = 0;
	} else if (f->gap.known && f->gap.len < SHAPE_PREFIX) {
		f->gap.bytes[f->gap.len++] = c;
	} else {
		f->gap.known = false;
	}
}

/* The byte at .pos, which is in no record, becomes ${c}. */
static void pass(struct framer *f, char c)
{
	char *p = f->batch->text + f->pos++;

	note_gap(f, *p);
	*p = c;
}

static void begin_record(struct framer *f)
{
	char c = f->batch->text[f->pos];

	f->open = true;
	f->start = f->pos;
	f->byte = batch_byte(f->batch, f->pos);
	f->why = NULL;
	f->hopeless = false;
	shape_begin(&f->shape, &f->line);
	if (!f->line.known && f->gap.known && (c == '{' || c == '['))
		f->line = f->gap;
}

/* What begins here is no record, and nothing behind it can be one. */
static void give_up(struct framer *f, const char *why)
{
	begin_record(f);
	f->why = why;
	f->damage = 0;
	f->hopeless = true;
}

static void gap_fault(struct framer *f, const char *reason)
{
	struct batch *b = f->batch;

	batch_add_fault(b, FAULT_JSON, reason, batch_byte(b, f->pos));
}

/* A bracket or comma of the array itself. */
static void pass_array(struct framer *f, enum array_place next)
{
	bool comma = f->batch->text[f->pos] == ',';

	pass(f, ' ');
	f->gap.known = f->gap.known && comma;
	f->place = next;
}

static void missing_item(struct framer *f, enum array_place next)
{
	gap_fault(f, "expected a value");
	pass_array(f, next);
}

static void array_item(struct framer *f, char c)
{
	if (c == ',')
		missing_item(f, ARRAY_ITEM);
	else if (c != ']')
		begin_record(f);
	else if (f->place == ARRAY_FIRST)
		pass_array(f, ARRAY_AFTER);
	else
		missing_item(f, ARRAY_AFTER);
}

/* A byte between the items of an array, not blank. */
static void array_byte(struct framer *f, char c)
{
	switch (f->place) {
	case ARRAY_BEFORE:
		if (c == '[')
			pass_array(f, ARRAY_FIRST);
		else
			give_up(f, "expected [ at the beginning of an array");
		break;
	case ARRAY_FIRST:
	case ARRAY_ITEM:
		array_item(f, c);
		break;
	case ARRAY_NEXT:
		if (c == ',' || c == ']') {
			pass_array(f, c == ',' ? ARRAY_ITEM : ARRAY_AFTER);
			break;
		}
		/* What cannot begin an item will be a fault of its own. */
		if (c != '}' && c != ':')
			gap_fault(f, "expected , or ] after an item");
		f->place = ARRAY_ITEM;
		begin_record(f);
		break;
	case ARRAY_AFTER:
		give_up(f, "text after the array's closing bracket");
		break;
	}
}

static void run_gap(struct framer *f)
{
	struct batch *b = f->batch;

	while (!f->open && f->pos < b->len) {
		char c = b->text[f->pos];

		if (is_blank(c))
			pass(f, c == '\n' ? ' ' : c);
		else if (f->form == INPUT_ARRAY)
			array_byte(f, c);
		else
			begin_record(f);
	}
}

/* Line ends become spaces; false when there are none. */
static bool blank_lines(char *text, size_t len)
{
	char *p = text, *end = text + len;
	bool any = false;

	for (; (p = memchr(p, '\n', (size_t)(end - p))); any = true)
		*p++ = ' ';
	return any;
}

/* The record before .pos gets its line end. */
static void end_line(struct framer *f)
{
	struct batch *b = f->batch;
	char c = f->pos < b->len ? b->text[f->pos] : '\0';

	if (is_blank(c)) {
		pass(f, '\n');
	} else if (f->form == INPUT_ARRAY && (c == ',' || c == ']')) {
		pass_array(f, c == ',' ? ARRAY_ITEM : ARRAY_AFTER);
		b->text[f->pos - 1] = '\n';
	} else {
		mem_grow(&f->breaks, &f->breaks_cap, f->nbreaks + 1,
			 sizeof(*f->breaks));
		f->breaks[f->nbreaks++] = f->pos;
	}
}

/* The open record ends before .pos. */
static void end_record(struct framer *f)
{
	f->place = ARRAY_NEXT;
	f->gap.known = false;
	f->damage = UINT64_MAX;
	if (f->skipping || f->pos - f->start > f->max_record) {
		framer_reject(f, f->pos);
		return;
	}
	f->open = false;
	f->records++;
	if (blank_lines(f->batch->text + f->start, f->pos - f->start))
		f->deep = f->shape.candidate == SIZE_MAX;
	end_line(f);
}

/* The open record, as far as the text goes; false when it goes on. */
static bool run_record(struct framer *f)
{
	struct batch *b = f->batch;
	enum shape_end how;

	if (f->why)
		return framer_seek(f);
	how = shape_run(&f->shape, b->text, f->start, &f->pos, b->len);
	if (how == SHAPE_DONE ||
	    (how == SHAPE_MORE && f->ends && shape_ends(&f->shape)))
		end_record(f);
	else if (how == SHAPE_BAD || f->ends)
		return framer_damaged(f);
	return !f->open;
}

static void check_closed(struct framer *f)
{
	if (f->form == INPUT_ARRAY && f->place != ARRAY_BEFORE &&
	    f->place != ARRAY_AFTER)
		gap_fault(f, "the array is not closed");
	f->place = ARRAY_AFTER;
}

void framer_run(struct framer *f, bool ends)
{
	f->ends = ends;
	do
		run_gap(f);
	while (f->open && run_record(f) && !f->skipping);
	if (ends && !f->open && !f->skipping)
		check_closed(f);
}

size_t framer_settled(const struct framer *f)
{
	return f->open ? f->start : f->pos;
}

/* Opens a gap at each break, from the last to the first. */
static void put_breaks(struct framer *f)
{
	struct batch *b = f->batch;
	size_t end = b->len, i = f->nbreaks;

	batch_reserve(b, b->len, b->len + i);
	b->len += i;
	for (; i; i--) {
		size_t from = f->breaks[i - 1];

		memmove(b->text + from + i, b->text + from, end - from);
		b->text[from + i - 1] = '\n';
		end = from;
	}
}

void framer_finish(struct framer *f)
{
	struct batch *b = f->batch;
	const char *last;

	put_breaks(f);
	for (size_t i = 0; i < f->nbreaks; i++)
		batch_add_shift(b, f->breaks[i] + i + 1,
				b->shifts[0].source_byte + f->breaks[i]);
	last = b->len ? memrchr(b->text, '\n', b->len) : NULL;
	b->len = last ? (size_t)(last - b->text) + 1 : 0;
}
