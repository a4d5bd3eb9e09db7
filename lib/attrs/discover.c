/*
 * discover -- threads, order and rejects of a scan.
 */
#include "attrs/discover_in.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/stop.h"
#include "stream/fan.h"

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

size_t discover_lines(struct state *s, struct worker *w, struct result *r,
		      const char *source, size_t from, size_t to)
{
	struct discover *d = s->d;
	const struct observed *seen;

	if (observer_lines(w->observer, &w->batch, source, from, to, &seen)) {
		d->too_many = true;
		stop_request();
	}
	result_add_rejects(d, r, &w->batch, seen);
	r->records += seen->records;
	return seen->end;
}

/*
 * Lines [from, to) of a batch.  Returns how far it got: less than ${to} when a
 * limit was reached.
 */
static size_t scan_lines(struct state *s, struct worker *w, struct result *r,
			 size_t from, size_t to)
{
	if (s->placed)
		return placed_lines(s, w, r, from, to);
	return discover_lines(s, w, r,
			      reader_source(s->d->reader, w->batch.source),
			      from, to);
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
		if (s->placed)
			placed_meet(s->placed, r, b->faults[i].byte);
		result_add_fault(s->d, r, b, &b->faults[i]);
		if (b->faults[i].error != FAULT_IO)
			observer_reject(w->observer);
	}
}

static void commit(void *arg, void *item)
{
	struct state *s = arg;

	if (s->placed) {
		placed_put(s, item);
		return;
	}
	result_take_up(s, item);
	result_free(item);
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

/* Places are settled when the trees are one. */
static void finish(struct state *s)
{
	size_t n = 0;

	add_up(s);
	if (s->placed) {
		reader_pending(s->d->reader, &n);
		placed_end(s, !n && !s->d->limited);
		s->scan->totals.rejected = s->d->rejected;
	}
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
	s.placed = d->places ? placed_new(d->places) : NULL;
	if (d->opts->limit)
		d->threads = 1;	/* records are counted one after the other */
	s.workers = mem_zalloc(d->threads, sizeof(*s.workers));
	rc = start(&s, why);
	if (!rc) {
		fan_run(d->threads, work, &s);
		finish(&s);
	}
	for (unsigned i = 0; i < d->threads; i++) {
		observer_free(s.workers[i].observer);
		batch_release(&s.workers[i].batch);
	}
	order_free(s.order);
	placed_free(s.placed);
	free(s.workers);
	buf_release(&s.line);
	return rc;
}
