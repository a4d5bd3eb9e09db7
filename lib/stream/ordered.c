/*
 * ordered -- the records of a supplier in the order of their keys.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "stream/batch.h"
#include "stream/lines.h"
#include "stream/ordered.h"
#include "stream/row.h"
#include "stream/scratch.h"
#include "stream/sorter.h"

struct ordered {
	struct supplier supplier;
	struct ordered_opts opts;
	struct orderby *keys;
	struct supplier *input;
	struct sorter *sorter;
	struct plain **files;	/* by source; NULL: not read from there */
	size_t nfiles, files_cap, open, max_open;
	int spool;		/* -1: none yet */
	uint64_t spooled;
	struct row row;		/* being collected, if .has_row */
	struct buf key;		/* of it */
	bool has_row;
	uint64_t rows, unjudged;
	uint64_t bytes;		/* of all rows */
	atomic_bool indexed;
	_Atomic uint64_t given;	/* bytes; for progress */
	/* What is given. */
	uint64_t pos, from, to;	/* rows given so far; the window */
	uint64_t serial;
	struct row next;	/* if .has_next */
	bool has_next;
	int fd;			/* bytes to be read next, together */
	uint64_t read_at, read_len;
};

/* Descriptors that others of this process need. */
#define KEEP_FREE 256

static size_t max_open_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 64;
	if (limit.rlim_cur < 2 * KEEP_FREE)
		return limit.rlim_cur / 4;
	return limit.rlim_cur - KEEP_FREE;
}

static int flush_row(struct ordered *o)
{
	struct place_run *run = &o->row.run;
	unsigned char text[ROW_BYTES];

	if (!o->has_row)
		return 0;
	if (run->from != run->byte || run->to != run->byte + run->length)
		o->row.flags |= ROW_ODD;
	o->has_row = false;
	o->rows += !(o->row.flags & ROW_BLANK);
	o->bytes += run->length;
	return sorter_add(o->sorter, o->key.s, o->key.len, text,
			  row_write(&o->row, text));
}

/* A parcel of the input, its text loaded. */
struct pass {
	const struct parcel *p;
	unsigned flags;		/* of its rows */
	uint64_t at;		/* of text[0] in the file */
	bool line_end;		/* the file lacks the last byte */
	size_t run, run_start;	/* at hand, and where it begins */
	uint64_t record;	/* the number of the next one, if known */
};

/* The line text[from..to), not blank if ${record}. */
static int add_line(struct ordered *o, struct pass *s, size_t from, size_t to,
		    bool record)
{
	const struct place_run *run = &s->p->runs[s->run];
	const char *text = s->p->text.s;
	size_t run_end = s->run_start + run->length;
	struct place_run *mine = &o->row.run;

	if (record || !o->has_row || from == s->run_start) {
		if (flush_row(o))
			return -1;
		o->has_row = true;
		o->row = (struct row){
			.run = {.source = run->source, .stream = run->stream,
				.record = run->record ? s->record : 0,
				.byte = run->byte + (from - s->run_start)},
			.at = s->at + from,
			.flags = s->flags | (run->stream ? ROW_STREAM : 0) |
				 (record ? 0 : ROW_BLANK)
		};
		mine->from = from == s->run_start ? run->from : mine->byte;
		if (record)
			o->unjudged += !orderby_key(o->keys, text + from,
						    to - from, &o->key);
		else
			buf_clear(&o->key);
	}
	s->record += record;
	mine->length += to - from;
	mine->to = to == run_end ? run->to : mine->byte + mine->length;
	if (s->line_end && to == s->p->text.len)
		o->row.flags |= ROW_LINE_END;
	return 0;
}

static int add_lines(struct ordered *o, struct pass *s)
{
	const char *text = s->p->text.s;
	size_t len = s->p->text.len, to;

	for (size_t from = 0; from < len; from = to) {
		const char *end = memchr(text + from, '\n', len - from);

		if (!from || from >= s->run_start + s->p->runs[s->run].length) {
			if (from)
				s->run_start += s->p->runs[s->run++].length;
			s->record = s->p->runs[s->run].record;
		}
		to = end ? (size_t)(end - text) + 1 : len;
		if (add_line(o, s, from, to,
			     skip_blank(text, from, to) < to))
			return -1;
	}
	return flush_row(o);
}

/* Can the parcel's file be kept open to fetch rows from? */
static bool keep_file(struct ordered *o, const struct parcel *p)
{
	uint32_t source = p->runs[0].source;
	size_t was = o->files_cap;

	mem_grow(&o->files, &o->files_cap, source + 1ULL,
		 sizeof(struct plain *));
	if (o->files_cap > was)
		memset(o->files + was, 0,
		       (o->files_cap - was) * sizeof(struct plain *));
	o->nfiles = source >= o->nfiles ? source + 1ULL : o->nfiles;
	if (o->files[source])
		return o->files[source] == p->file;
	if (o->open >= o->max_open)
		return false;
	o->files[source] = p->file;
	atomic_fetch_add(&p->file->users, 1);
	o->open++;
	return true;
}

static int spool(struct ordered *o, struct pass *s)
{
	const struct buf *text = &s->p->text;

	s->flags = ROW_SPOOLED;
	s->at = o->spooled;
	s->line_end = false;
	if (o->spool < 0 && (o->spool = scratch_open()) < 0)
		return -1;
	if (scratch_write(o->spool, text->s, text->len, o->spooled))
		return -1;
	o->spooled += text->len;
	return 0;
}

static int add_parcel(struct ordered *o, struct parcel *p)
{
	struct pass s = {.p = p, .at = p->offset, .line_end = p->line_end};
	bool in_file = p->file && keep_file(o, p);

	if (parcel_load(p)) {
		err_msg("%s: %s", o->input->source(o->input, p->runs[0].source),
			errno == ENODATA ? SOURCE_SHRANK : strerror(errno));
		return -1;
	}
	if (!in_file && spool(o, &s))
		return -1;
	return add_lines(o, &s);
}

enum parcel_got ordered_index(struct ordered *o)
{
	struct parcel p;
	enum parcel_got got;

	for (;;) {
		parcel_init(&p);
		got = o->input->next(o->input, &p);
		if (got == PARCEL_GOT && stop_asked())
			got = PARCEL_STOPPED;
		else if (got == PARCEL_GOT && add_parcel(o, &p))
			got = PARCEL_FAILED;
		parcel_release(&p);
		if (got != PARCEL_GOT)
			break;
	}
	if (got == PARCEL_END && sorter_finish(o->sorter))
		got = PARCEL_FAILED;
	if (o->opts.limit && o->rows > o->opts.limit)
		o->rows = o->opts.limit;
	o->to = o->rows;
	atomic_store(&o->indexed, true);
	return got;
}

/* The next row into .next, if there is one. */
static int peek(struct ordered *o)
{
	const void *data;
	size_t len;
	int got;

	if (o->has_next)
		return 0;
	got = sorter_next(o->sorter, &data, &len);
	if (got == 1) {
		row_read(&o->next, data);
		o->has_next = true;
	}
	return got < 0 ? -1 : 0;
}

int ordered_window(struct ordered *o, uint64_t from, uint64_t to)
{
	if (from < o->pos) {
		if (sorter_rewind(o->sorter))
			return -1;
		o->pos = 0;
		o->has_next = false;
	}
	while (o->pos < from) {
		if (peek(o))
			return -1;
		if (!o->has_next)
			break;
		o->pos += !(o->next.flags & ROW_BLANK);
		o->has_next = false;
	}
	o->from = from;
	o->to = to < o->rows ? to : o->rows;
	return 0;
}

static int read_rows(struct ordered *o, struct parcel *p)
{
	char *to = buf_reserve(&p->text, (size_t)o->read_len);
	ssize_t n;

	for (; o->read_len; o->read_len -= (uint64_t)n) {
		n = pread(o->fd, to, (size_t)o->read_len, (off_t)o->read_at);
		if (n < 0 && errno == EINTR) {
			n = 0;
			continue;
		}
		if (n <= 0) {
			err_msg("cannot read ordered records again: %s",
				n ? strerror(errno) : SOURCE_SHRANK);
			return -1;
		}
		to += n;
		p->text.len += (size_t)n;
		o->read_at += (uint64_t)n;
	}
	return 0;
}

/* Notes what is to be read, together with what is before it if that fits. */
static int fetch(struct ordered *o, struct parcel *p, const struct row *r)
{
	bool spooled = r->flags & ROW_SPOOLED;
	int fd = spooled ? o->spool : o->files[r->run.source]->fd;
	uint64_t len = r->run.length - !!(r->flags & ROW_LINE_END);

	if (fd != o->fd || r->at != o->read_at + o->read_len) {
		if (read_rows(o, p))
			return -1;
		o->fd = fd;
		o->read_at = r->at;
	}
	o->read_len += len;
	if (!(r->flags & ROW_LINE_END))
		return 0;
	if (read_rows(o, p))
		return -1;
	buf_addc(&p->text, '\n');
	return 0;
}

static void add_run(struct parcel *p, const struct place_run *run)
{
	struct place_run *last = p->nruns ? &p->runs[p->nruns - 1] : NULL;

	if (last && last->source == run->source && last->to == run->from &&
	    last->byte + last->length == run->byte) {
		last->length += run->length;
		last->to = run->to;
		return;
	}
	*parcel_add_run(p) = *run;
}

/* Does the row at hand belong to the parcel? */
static bool fits(const struct ordered *o, const struct parcel *p)
{
	if (!p->bytes)
		return true;
	if (p->bytes + o->next.run.length > o->opts.bytes)
		return false;
	return o->next.flags & ROW_BLANK || p->records < o->opts.records;
}

static enum parcel_got ordered_next(struct supplier *s, struct parcel *p)
{
	struct ordered *o = (struct ordered *)s;

	while (o->pos < o->to || (!o->from && !o->pos)) {
		if (peek(o))
			return PARCEL_FAILED;
		if (!o->has_next || !fits(o, p))
			break;
		if (!p->bytes && stop_asked())
			return PARCEL_STOPPED;
		if (!(o->next.flags & ROW_BLANK) && o->pos >= o->to)
			break;
		if (fetch(o, p, &o->next))
			return PARCEL_FAILED;
		add_run(p, &o->next.run);
		p->bytes += o->next.run.length;
		o->given += o->next.run.length;
		p->records += !(o->next.flags & ROW_BLANK);
		o->pos += !(o->next.flags & ROW_BLANK);
		o->has_next = false;
	}
	if (!p->bytes)
		return PARCEL_END;
	if (read_rows(o, p))
		return PARCEL_FAILED;
	p->serial = o->serial++;
	return PARCEL_GOT;
}

static const char *ordered_source(struct supplier *s, uint32_t source)
{
	struct ordered *o = (struct ordered *)s;

	return o->input->source(o->input, source);
}

static void ordered_progress(struct supplier *s, uint64_t *done,
			     uint64_t *total)
{
	struct ordered *o = (struct ordered *)s;

	if (!atomic_load(&o->indexed)) {
		o->input->progress(o->input, done, total);
		return;
	}
	*done = o->given;
	*total = o->bytes;
}

static int ordered_result(struct supplier *s)
{
	struct ordered *o = (struct ordered *)s;

	return o->input->result(o->input);
}

static void keep(struct supplier *s)
{
	(void)s;
}

struct ordered *ordered_new(const struct ordered_opts *opts,
			    struct orderby *keys, struct supplier *input)
{
	struct ordered *o = mem_zalloc(1, sizeof(*o));

	o->supplier = (struct supplier){
		.next = ordered_next, .source = ordered_source,
		.progress = ordered_progress, .result = ordered_result,
		.free = keep
	};
	o->opts = *opts;
	o->keys = keys;		/* now owned, as is the input */
	o->input = input;
	o->sorter = sorter_new(opts->max_bytes);
	o->max_open = max_open_files();
	o->spool = o->fd = -1;
	return o;
}

void ordered_free(struct ordered *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->nfiles; i++)
		plain_put(o->files[i]);
	free(o->files);
	if (o->spool >= 0)
		close(o->spool);
	sorter_free(o->sorter);
	orderby_free(o->keys);
	o->input->free(o->input);
	buf_release(&o->key);
	free(o);
}

struct supplier *ordered_supplier(struct ordered *o)
{
	return &o->supplier;
}

uint64_t ordered_batches(const struct ordered *o)
{
	return o->serial;
}

uint64_t ordered_rows(const struct ordered *o)
{
	return o->rows;
}

uint64_t ordered_unjudged(const struct ordered *o)
{
	return o->unjudged;
}

uint64_t ordered_inexact(const struct ordered *o)
{
	return orderby_inexact(o->keys);
}

size_t ordered_runs(const struct ordered *o)
{
	return sorter_runs(o->sorter);
}
