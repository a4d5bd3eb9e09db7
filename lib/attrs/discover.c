/*
 * discover -- threads, order and rejects of a scan.
 */
#include "attrs/discover.h"

#include <stdlib.h>

#include "attrs/observe.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "stream/error_line.h"
#include "stream/fan.h"

/* What one batch leaves to be taken up in order. */
struct result {
	uint32_t source;
	uint64_t from, to;
	bool place_known, source_start;
	uint64_t records;
	struct found {
		struct error_line line;	/* .record within the batch */
		char *copy;		/* holds reason and raw */
	} *found;
	size_t nfound, cap;
};

struct worker {
	struct observer *observer;
	struct batch batch;
};

struct state {
	struct discover *d;
	struct scan *scan;
	struct worker *workers;
	struct order *order;
	struct buf line;
	uint32_t source;	/* of the batch before; for record numbers */
	uint64_t record;	/* records of it so far */
	bool counted;		/* from its start on */
};

/* Keeps one reject with its text: the batch's memory is used again. */
static void keep(struct result *r, const struct error_line *e, bool with_raw)
{
	size_t reason = strlen(e->reason) + 1, raw = with_raw ? e->raw_len : 0;
	struct found *f;

	mem_grow(&r->found, &r->cap, r->nfound + 1, sizeof(*r->found));
	f = &r->found[r->nfound++];
	f->line = *e;
	f->copy = mem_alloc(reason + raw);
	memcpy(f->copy, e->reason, reason);
	if (raw)
		memcpy(f->copy + reason, e->raw, raw);
	f->line.reason = f->copy;
	f->line.raw = with_raw && e->raw ? f->copy + reason : NULL;
}

static void keep_rejects(struct discover *d, struct result *r,
			 const struct batch *b, size_t shift,
			 const struct observed *seen)
{
	for (size_t i = 0; i < seen->nrejects; i++) {
		const struct reject *x = &seen->rejects[i];
		struct error_line e = {
			.error = x->error, .reason = x->reason,
			.source = reader_source(d->reader, b->source),
			.record = r->records + x->record,
			.byte = batch_byte(b, shift + x->pos),
			.column = x->error == FAULT_EXPR ? 0 : x->column,
			.raw = b->text + shift + x->pos, .raw_len = x->len,
			.raw_bytes = x->len
		};

		keep(r, &e, d->errors != NULL);
	}
}

static void keep_fault(struct discover *d, struct result *r,
		       const struct batch *b, const struct batch_fault *x)
{
	struct error_line e = {
		.error = x->error, .reason = x->reason,
		.source = reader_source(d->reader, b->source),
		.byte = x->byte, .column = x->column,
		.raw = x->raw, .raw_len = x->raw_len, .raw_bytes = x->bytes
	};

	if (x->error != FAULT_IO)
		e.record = ++r->records;
	keep(r, &e, d->errors != NULL);
}

/* Offset behind ${lines} lines from ${from} on. */
static size_t behind_lines(const struct batch *b, size_t from, uint64_t lines)
{
	const char *end;

	for (; lines && from < b->len; lines--) {
		end = memchr(b->text + from, '\n', b->len - from);
		from = (size_t)(end - b->text) + 1;
	}
	return from;
}

/*
 * Lines [from, to) of a batch.  Returns how far it got: less than ${to} when a
 * limit was reached.
 */
static size_t scan_lines(struct state *s, struct worker *w, struct result *r,
			 size_t from, size_t to)
{
	struct discover *d = s->d;
	const struct observed *seen;

	if (observer_lines(w->observer, &w->batch,
			   reader_source(d->reader, w->batch.source), from, to,
			   &seen)) {
		d->too_many = true;
		stop_request();
	}
	keep_rejects(d, r, &w->batch, 0, seen);
	r->records += seen->records;
	return seen->end;
}

/* A batch: lines, and faults of the reader between them. */
static void scan_batch(struct state *s, struct worker *w, struct result *r)
{
	struct batch *b = &w->batch;
	size_t from = 0, to;
	uint64_t line = 0;

	*r = (struct result){
		.source = b->source, .from = b->from, .to = b->to,
		.place_known = b->place_known, .source_start = b->source_start
	};
	for (size_t i = 0; i <= b->nfaults; i++) {
		to = i == b->nfaults ? b->len :
			behind_lines(b, from, b->faults[i].line - line);
		if (to > from) {
			from = scan_lines(s, w, r, from, to);
			if (from < to || observer_done(w->observer)) {
				r->to = batch_byte(b, from);
				return;
			}
		}
		if (i == b->nfaults)
			return;
		line = b->faults[i].line;
		keep_fault(s->d, r, b, &b->faults[i]);
		if (b->faults[i].error != FAULT_IO)
			observer_reject(w->observer);
	}
}

static void tell(struct discover *d, const struct error_line *e)
{
	const char *hint = d->errors ? "" : " (--errors=FILE keeps it)";

	if (d->faults++ >= d->max_messages && e->error != FAULT_IO)
		return;
	if (e->error == FAULT_IO)
		err_msg("%s: %s", e->source, e->reason);
	else if (e->record)
		err_msg("%s:%llu: %s, column %llu%s", e->source,
			(unsigned long long)e->record, e->reason,
			(unsigned long long)e->column, hint);
	else
		err_msg("%s: byte %llu: %s, column %llu%s", e->source,
			(unsigned long long)e->byte, e->reason,
			(unsigned long long)e->column, hint);
}

/* Record numbers are known while a source is read from its start. */
static void count_from(struct state *s, const struct result *r)
{
	if (r->source_start || s->source != r->source) {
		s->record = 0;
		s->counted = s->d->whole;
	}
	s->source = r->source;
}

static void take_up(struct state *s, struct result *r)
{
	struct discover *d = s->d;
	const char *name = reader_source(d->reader, r->source);
	struct range overlap;

	count_from(s, r);
	for (size_t i = 0; i < r->nfound; i++) {
		struct error_line *e = &r->found[i].line;

		e->record = e->record && s->counted ? s->record + e->record : 0;
		tell(d, e);
		buf_clear(&s->line);
		if (d->errors) {
			error_line_write(&s->line, e, d->max_raw);
			out_add(d->errors, s->line.s, s->line.len);
		}
		d->rejected += e->error != FAULT_IO;
		free(r->found[i].copy);
	}
	free(r->found);
	s->record += r->records;
	d->records += r->records;
	if (d->opts->no_first)
		return;
	if (!r->place_known)
		scan_add_stream(s->scan, name);
	else if (r->to > r->from)
		scan_add_range(s->scan, name, r->from, r->to, true, &overlap);
}

static void commit(void *arg, void *item)
{
	take_up(arg, item);
	free(item);
}

static void work(void *arg, unsigned i)
{
	struct state *s = arg;
	struct worker *w = &s->workers[i];

	while (!observer_done(w->observer) &&
	       reader_next(s->d->reader, &w->batch) == 1) {
		struct result *r = mem_alloc(sizeof(*r));

		scan_batch(s, w, r);
		if (s->order)
			order_put(s->order, w->batch.serial, r);
		else
			commit(s, r);
	}
}

/* Adds the threads' trees and totals up; their observers are spent. */
static void add_up(struct state *s)
{
	struct scan *scan = s->scan;

	for (unsigned i = 0; i < s->d->threads; i++) {
		struct observer *o = s->workers[i].observer;

		scan_add_totals(&scan->totals, observer_totals(o));
		if (i == 0) {
			tree_release(&scan->tree);
			observer_take_tree(o, &scan->tree);
		} else {
			tree_add(&scan->tree, observer_tree(o));
		}
	}
	/* what the reader could not make a record of */
	scan->totals.rejected = s->d->rejected;
	s->d->limited = observer_done(s->workers[0].observer);
}

static int start(struct state *s, struct buf *why)
{
	struct discover *d = s->d;

	for (unsigned i = 0; i < d->threads; i++) {
		struct worker *w = &s->workers[i];

		batch_init(&w->batch);
		w->observer = observer_new(d->opts, d->kernel, why);
		if (!w->observer)
			return -1;
		observer_sources(w->observer, d->reader);
	}
	if (d->threads > 1)
		s->order = order_new(4 * d->threads, commit, s);
	return 0;
}

int discover_run(struct discover *d, struct scan *scan, struct buf *why)
{
	struct state s = {.d = d, .scan = scan};
	int rc;

	s.source = UINT32_MAX;
	if (d->opts->limit)
		d->threads = 1;	/* records are counted one after the other */
	s.workers = mem_zalloc(d->threads, sizeof(*s.workers));
	rc = start(&s, why);
	if (!rc) {
		fan_run(d->threads, work, &s);
		add_up(&s);
	}
	for (unsigned i = 0; i < d->threads; i++) {
		observer_free(s.workers[i].observer);
		batch_release(&s.workers[i].batch);
	}
	order_free(s.order);
	free(s.workers);
	buf_release(&s.line);
	return rc;
}
