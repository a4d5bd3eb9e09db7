/*
 * cutter -- from the reader's batches to those that workers get.
 *
 * The reader's batches have the size that reading likes; the parcel takes
 * stretches of them, found by counting records (lines.h).  A stretch of a plain
 * file is only added to the length of the parcel, other text is copied.
 *
 * Beside the text goes its place.  .covered is how far the parts of the source
 * that runs stand for reach; each run begins there, so that the runs of all
 * parcels together cover exactly what the reader handed out, whatever lay
 * between the records.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "stream/batch.h"
#include "stream/cutter.h"
#include "stream/lines.h"
#include "stream/reject.h"

struct cutter {
	struct supplier supplier;
	struct cutter_opts opts;
	struct reader *reader;
	struct batch in;
	struct plain *plain;	/* of .in, or NULL */
	bool have;		/* .in holds text or faults */
	bool ended;
	size_t pos, fault;	/* gone through so far */
	uint64_t lines;		/* of .in before .pos; counted for faults */
	uint32_t source;
	uint64_t to;		/* where the batch before ended */
	uint64_t covered;
	uint64_t record;	/* records of the source so far */
	bool counted;		/* from its start on */
	bool split;		/* the next bytes begin a run */
	uint64_t serial, passed;
};

static void drop_in(struct cutter *c)
{
	plain_put(c->plain);
	c->plain = NULL;
	c->have = false;
}

/* Does .in go on where the batch before ended? */
static bool goes_on(const struct cutter *c)
{
	return c->in.source == c->source && !c->in.source_start &&
	       c->in.from == c->to;
}

/* Fetches .in; false at the end. */
static bool fetch(struct cutter *c)
{
	if (c->have)
		return true;
	if (c->ended ||
	    !reader_next_plain(c->reader, &c->in, &c->plain)) {
		c->ended = true;
		return false;
	}
	/* What is left of a file when records are left out is no stretch. */
	if (c->opts.select) {
		plain_put(c->plain);
		c->plain = NULL;
	}
	c->have = true;
	c->pos = c->fault = 0;
	c->lines = 0;
	return true;
}

/* .in is the beginning of something else than the batch before. */
static void begin_part(struct cutter *c)
{
	if (c->in.source_start || c->in.source != c->source) {
		c->record = 0;
		c->counted = c->opts.whole;
	}
	c->source = c->in.source;
	c->covered = c->in.from;
	c->split = true;
}

/* Offset in the source that text[pos] stands for, as the end of a run. */
static uint64_t end_byte(const struct cutter *c, size_t pos)
{
	return pos == c->in.len ? c->in.to : batch_byte(&c->in, pos);
}

static struct place_run *run_for(struct cutter *c, struct parcel *p,
				 uint64_t byte)
{
	struct place_run *run = p->nruns ? &p->runs[p->nruns - 1] : NULL;

	if (run && !c->split && run->byte + run->length == byte)
		return run;
	run = parcel_add_run(p);
	*run = (struct place_run){
		.source = c->source, .stream = !c->in.place_known,
		.record = c->counted ? c->record + 1 : 0,
		.byte = byte, .from = c->covered, .to = c->covered
	};
	c->split = false;
	return run;
}

/* The bytes themselves. */
static void add_bytes(struct cutter *c, struct parcel *p, size_t from,
		      size_t to)
{
	uint64_t byte = batch_byte(&c->in, from);

	if (!c->plain) {
		buf_add(&p->text, c->in.text + from, to - from);
	} else if (!p->file) {
		p->file = c->plain;
		atomic_fetch_add(&c->plain->users, 1);
		p->offset = c->plain->base + byte;
	}
	if (c->plain && byte + (to - from) > c->plain->size)
		p->line_end = true;
	p->bytes += to - from;
}

/* text[from..to), contiguous in the source, with ${records} records. */
static void add_stretch(struct cutter *c, struct parcel *p, size_t from,
			size_t to, uint64_t records)
{
	struct place_run *run = run_for(c, p, batch_byte(&c->in, from));

	add_bytes(c, p, from, to);
	run->length += to - from;
	run->to = end_byte(c, to);
	c->covered = run->to;
	c->record += records;
}

/* The end of what is contiguous from text[from] on. */
static size_t next_shift(const struct cutter *c, size_t from, size_t to)
{
	for (size_t i = 1; c->in.nshifts > 1 && i < c->in.nshifts; i++)
		if (c->in.shifts[i].pos > from)
			return c->in.shifts[i].pos < to ? c->in.shifts[i].pos
							: to;
	return to;
}

/* The lines text[from..to), which are passed on. */
static void add_lines(struct cutter *c, struct parcel *p, size_t from,
		      size_t to, uint64_t records)
{
	size_t end;

	for (; from < to; from = end) {
		uint64_t n = records;

		end = next_shift(c, from, to);
		if (end < to)
			n = lines_count(c->in.text, from, end);
		add_stretch(c, p, from, end, n);
		records -= n;
	}
}

/* One line that is left out; its place counts as seen all the same. */
static void leave_out(struct cutter *c, struct parcel *p, size_t to)
{
	c->split = true;
	c->record++;
	if (!p->nruns)
		return;
	c->covered = end_byte(c, to);
	p->runs[p->nruns - 1].to = c->covered;
}

static size_t line_end(const struct cutter *c, size_t from)
{
	const char *p = memchr(c->in.text + from, '\n', c->in.len - from);

	return p ? (size_t)(p - c->in.text) + 1 : c->in.len;
}

/* How many more records the parcel may take. */
static uint64_t room_records(const struct cutter *c, const struct parcel *p)
{
	uint64_t max = c->opts.records - p->records;

	if (c->opts.limit && c->opts.limit - c->passed < max)
		max = c->opts.limit - c->passed;
	return max;
}

/* Takes lines of text[.pos..to), as many as fit; false when none does. */
static bool take_some(struct cutter *c, struct parcel *p, size_t to)
{
	uint64_t room = c->opts.bytes > p->bytes ? c->opts.bytes - p->bytes : 0;
	uint64_t n = 0, max = room_records(c, p);
	size_t end = lines_take(c->in.text, c->pos, to, max, room, &n);

	/* No batch without a record, however long that is. */
	if (end == c->pos && !p->records && max) {
		end = line_end(c, c->pos);
		n = lines_count(c->in.text, c->pos, end);
	}
	if (end == c->pos)
		return false;
	add_lines(c, p, c->pos, end, n);
	c->pos = end;
	p->records += n;
	c->passed += n;
	return true;
}

/* By count alone.  False when the parcel is full before text[to]. */
static bool take_counted(struct cutter *c, struct parcel *p, size_t to)
{
	while (c->pos < to && take_some(c, p, to) && !p->records)
		;
	return c->pos == to;
}

/* The same where each record is asked about. */
static bool take_selected(struct cutter *c, struct parcel *p, size_t to)
{
	while (c->pos < to) {
		const char *text = c->in.text;
		size_t end = line_end(c, c->pos);
		size_t start = skip_blank(text, c->pos, end);
		size_t stop = trim_blank(text, start, end);

		if (start == stop ||
		    c->opts.select(c->opts.arg, text + start, stop - start)) {
			if (!take_counted(c, p, end))
				return false;
		} else {
			leave_out(c, p, end);
			c->pos = end;
		}
	}
	return true;
}

/* What the reader found wrong, between lines. */
static void tell_fault(struct cutter *c, const struct batch_fault *f)
{
	bool io = f->error == FAULT_IO;
	struct error_line e = {
		.error = f->error, .reason = f->reason,
		.source = reader_source(c->reader, c->source),
		.byte = f->byte, .column = f->column, .raw = f->raw,
		.raw_len = f->raw_len, .raw_bytes = f->bytes
	};

	c->record += !io;
	c->split = c->split || !io;
	e.record = c->counted && !io ? c->record : 0;
	rejects_add(c->opts.rejects, &e);
}

/*
 * Can the damaged record go on as one line, for those to reject it who count
 * records?  Not if it would pass there: as some of an RS form that were cut, or
 * text behind an array; nor if there is nothing of it.
 */
static bool can_pass(const struct batch_fault *f)
{
	struct json_fault why;

	return f->error != FAULT_IO && f->raw_len && f->raw_len == f->bytes &&
	       json_check(f->raw, f->raw_len, REJECT_DEPTH, &why);
}

/*
 * Line ends become tabs: they are white space where that is allowed, and are
 * refused in strings as line ends are.  Its bytes are blanks in the text, and
 * so have been, or will be, part of another run's range.
 */
static void pass_fault(struct cutter *c, struct parcel *p,
		       const struct batch_fault *f)
{
	struct place_run *run;
	size_t start = p->text.len;

	c->split = true;
	run = run_for(c, p, f->byte);
	c->split = true;
	run->length = f->raw_len + 1;
	buf_add(&p->text, f->raw, f->raw_len);
	for (size_t i = start; i < p->text.len; i++)
		if (p->text.s[i] == '\n')
			p->text.s[i] = '\t';
	buf_addc(&p->text, '\n');
	p->bytes += run->length;
	p->records++;
	c->record++;
	c->passed++;
}

/* What the reader could not make a line of.  False when the parcel is full. */
static bool take_fault(struct cutter *c, struct parcel *p,
		       const struct batch_fault *f)
{
	if (c->plain || !can_pass(f)) {
		tell_fault(c, f);
		return true;
	}
	if (!room_records(c, p) ||
	    (p->records && p->bytes + f->raw_len >= c->opts.bytes))
		return false;
	pass_fault(c, p, f);
	return true;
}

/* Where the lines before the next fault end. */
static size_t before_fault(struct cutter *c)
{
	size_t end = c->pos;
	uint64_t line = c->lines;

	if (c->fault == c->in.nfaults)
		return c->in.len;
	while (line < c->in.faults[c->fault].line && end < c->in.len) {
		end = line_end(c, end);
		line++;
	}
	return end;
}

/* How many lines text[from..to) has. */
static uint64_t count_line_ends(const char *text, size_t from, size_t to)
{
	uint64_t n = 0;

	for (; from < to; from++)
		n += text[from] == '\n';
	return n;
}

/* Takes from .in; false when the parcel is full. */
static bool take(struct cutter *c, struct parcel *p)
{
	for (;;) {
		size_t to = before_fault(c), from = c->pos;
		bool all = c->opts.select ? take_selected(c, p, to)
					  : take_counted(c, p, to);

		if (c->fault < c->in.nfaults)
			c->lines += count_line_ends(c->in.text, from, c->pos);
		if (!all)
			return false;
		if (c->fault == c->in.nfaults)
			break;
		if (!take_fault(c, p, &c->in.faults[c->fault]))
			return false;
		c->fault++;
	}
	/* Bytes in no record, with no line to carry their place. */
	if (p->nruns && c->covered < c->in.to) {
		c->covered = c->in.to;
		p->runs[p->nruns - 1].to = c->covered;
	}
	c->to = c->in.to;
	drop_in(c);
	return true;
}

static bool limit_reached(const struct cutter *c)
{
	return c->opts.limit && c->passed >= c->opts.limit;
}

/* Nothing is to be gained by waiting for more. */
static bool ready(const struct cutter *c, const struct parcel *p)
{
	return p->records && (limit_reached(c) ||
	       (p->records == c->opts.records && p->runs[0].stream));
}

static enum parcel_got at_end(struct cutter *c)
{
	size_t pending;

	if (!stop_asked() || limit_reached(c))
		return PARCEL_END;
	reader_pending(c->reader, &pending);
	return pending ? PARCEL_STOPPED : PARCEL_END;
}

static enum parcel_got cutter_next(struct supplier *s, struct parcel *p)
{
	struct cutter *c = (struct cutter *)s;

	while (!ready(c, p) && !(limit_reached(c) && !p->bytes) && fetch(c)) {
		if (!c->pos && !c->fault && !goes_on(c)) {
			if (p->bytes)
				break;
			begin_part(c);
		}
		if (!take(c, p))
			break;
	}
	if (!p->bytes || (!c->have && c->ended && stop_asked() &&
			  at_end(c) == PARCEL_STOPPED))
		return at_end(c);
	p->serial = c->serial++;
	return PARCEL_GOT;
}

static const char *cutter_source(struct supplier *s, uint32_t source)
{
	return reader_source(((struct cutter *)s)->reader, source);
}

static void cutter_progress(struct supplier *s, uint64_t *done, uint64_t *total)
{
	reader_progress(((struct cutter *)s)->reader, done, total);
}

static int cutter_result(struct supplier *s)
{
	return reader_failed(((struct cutter *)s)->reader) ? RC_FAILED
							   : RC_DONE;
}

static void cutter_free(struct supplier *s)
{
	struct cutter *c = (struct cutter *)s;

	drop_in(c);
	batch_release(&c->in);
	reader_free(c->reader);
	free(c);
}

struct supplier *cutter_new(const struct cutter_opts *opts,
			    struct reader *reader)
{
	struct cutter *c = mem_zalloc(1, sizeof(*c));

	c->supplier = (struct supplier){
		.next = cutter_next, .source = cutter_source,
		.progress = cutter_progress, .result = cutter_result,
		.free = cutter_free
	};
	c->opts = *opts;
	c->reader = reader;	/* now owned */
	c->source = UINT32_MAX;
	batch_init(&c->in);
	return &c->supplier;
}
