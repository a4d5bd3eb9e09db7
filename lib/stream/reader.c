/*
 * reader -- sources in, batches of whole records out.
 *
 * One lock.  Under it: which part of which source comes next, opening, and all
 * reading that cannot be divided (stream.h).  An extent of a plain file is only
 * handed out under it, with its serial number, and read by the worker that took
 * it (extents.h).  A plain file is closed by whoever is done with it last.
 *
 * After stop_asked() nothing more is handed out; what was handed out is always
 * finished by its worker, so the rest is exactly what .next, the stream's
 * offset and the parts behind say.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/stop.h"
#include "stream/batch.h"
#include "stream/extents.h"
#include "stream/plan.h"
#include "stream/stream.h"

#define BATCH_BYTES (512 * 1024)

struct reader {
	struct reader_opts opts;
	struct plan plan;
	pthread_mutex_t lock;
	/* From here on by the lock. */
	uint64_t serial;
	size_t part;		/* being read, or next */
	enum { CLOSED, PLAIN, STREAM } open;
	struct plain *plain;
	uint64_t plain_end;	/* of the part */
	struct stream stream;
	uint64_t progress;	/* stored bytes of it counted in .done */
	uint32_t started;	/* sources of which a batch was given */
	struct extent *pending;
	size_t npending, pending_cap;
	/* Any thread. */
	_Atomic uint64_t done;
	atomic_bool failed;
};

int reader_range_option(void *dst, const char *value, char *why)
{
	struct reader_opts *r = dst;
	char *end = NULL;

	r->range_i = strtoull(value, &end, 10);
	r->range_n = end && *end == '/' ? strtoull(end + 1, &end, 10) : 0;
	if (*value >= '0' && *value <= '9' && end && !*end && r->range_i >= 1 &&
	    r->range_i <= r->range_n)
		return 0;
	snprintf(why, 200, "want I/N with 1 <= I <= N, like 2/8");
	return -1;
}

struct reader *reader_open(const struct reader_opts *opts, char **names,
			   size_t n, const struct extent *extents,
			   size_t nextents)
{
	struct reader *r = mem_zalloc(1, sizeof(*r));

	r->opts = *opts;
	if (!r->opts.batch_bytes)
		r->opts.batch_bytes = BATCH_BYTES;
	pthread_mutex_init(&r->lock, NULL);
	stream_init(&r->stream);
	atomic_init(&r->done, 0);
	atomic_init(&r->failed, false);
	if (!plan_make(&r->plan, &r->opts, names, n, extents, nextents))
		return r;
	reader_free(r);
	return NULL;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	plain_put(r->plain);
	stream_release(&r->stream);
	plan_release(&r->plan);
	pthread_mutex_destroy(&r->lock);
	free(r->pending);
	free(r);
}

static void count_done(struct reader *r, uint64_t bytes)
{
	atomic_fetch_add_explicit(&r->done, bytes, memory_order_relaxed);
}

/* The batch is the next one. */
static void number(struct reader *r, struct batch *b, bool place_known)
{
	uint32_t source = r->plan.parts[r->part].source;

	b->serial = r->serial++;
	b->source = source;
	b->place_known = place_known;
	b->source_start = source >= r->started;
	if (b->source_start)
		r->started = source + 1;
}

/* Done with the part. */
static void close_part(struct reader *r)
{
	if (r->open == PLAIN)
		plain_put(r->plain);
	else
		stream_close(&r->stream);
	r->plain = NULL;
	r->open = CLOSED;
	r->part++;
}

/* The part cannot be read at all: the batch says why. */
static int give_fault(struct reader *r, struct batch *b)
{
	number(r, b, false);
	batch_add_fault(b, FAULT_IO, r->stream.source.reason, 0);
	batch_finish(b);
	atomic_store(&r->failed, true);
	close_part(r);
	return 1;
}

static void open_plain(struct reader *r, const struct plan_part *part)
{
	struct stream *s = &r->stream;

	r->open = PLAIN;
	r->plain = plain_new(&s->source, &r->opts, s->form, s->bom);
	r->plain->next = part->from;
	r->plain_end = part->to < r->plain->size ? part->to : r->plain->size;
}

/* Opens the next part.  1 with a batch that says why not; 0: look again. */
static int open_part(struct reader *r, struct batch *b)
{
	const struct plan_part *part = &r->plan.parts[r->part];
	const struct plan_source *source = &r->plan.sources[part->source];
	struct stream *s = &r->stream;

	r->progress = 0;
	if (stream_open(s, &r->opts, source->name, source->shown)) {
		if (s->state == GOT_FAULT)
			return give_fault(r, b);
		if (s->state == GOT_STOP)
			stream_close(s);
		else
			close_part(r);
		return 0;
	}
	if (s->source.kind == SOURCE_PLAIN && s->source.regular &&
	    (s->form == INPUT_LINES || s->form == INPUT_SEQ)) {
		open_plain(r, part);
		return 0;
	}
	r->open = STREAM;
	stream_limit(s, part->from, part->to);
	return 0;
}

/* A batch of the open stream: 1; 0: it has ended, or was stopped. */
static int give_stream(struct reader *r, struct batch *b)
{
	struct source *source = &r->stream.source;
	int got = stream_next(&r->stream, b);

	count_done(r, source->stored - r->progress);
	r->progress = source->stored;
	if (r->stream.state == GOT_FAULT)
		atomic_store(&r->failed, true);
	if (got)
		number(r, b, source->regular && !source->is_stdin);
	if (r->stream.state == GOT_END || r->stream.state == GOT_FAULT)
		close_part(r);
	return got;
}

/* Hands out an extent of the open file: 1; 0: there is none left. */
static int give_extent(struct reader *r, struct batch *b, uint64_t *from,
		       uint64_t *to)
{
	struct plain *p = r->plain;

	if (p->next >= r->plain_end || atomic_load(&p->broken)) {
		close_part(r);
		return 0;
	}
	*from = p->next;
	*to = r->plain_end - p->next > r->opts.batch_bytes ?
	      p->next + r->opts.batch_bytes : r->plain_end;
	p->next = *to;
	count_done(r, *to - *from);
	number(r, b, !p->is_stdin);
	atomic_fetch_add(&p->users, 1);
	return 1;
}

/*
 * Under the lock.  ${*plain} is set when the batch is an extent that is still
 * to be read.
 */
static int next_batch(struct reader *r, struct batch *b, struct plain **plain,
		      uint64_t *from, uint64_t *to)
{
	int got = 0;

	while (!got && r->part < r->plan.nparts && !stop_asked()) {
		if (r->open == STREAM) {
			got = give_stream(r, b);
		} else if (r->open == PLAIN) {
			*plain = r->plain;
			got = give_extent(r, b, from, to);
		} else {
			*plain = NULL;
			got = open_part(r, b);
		}
	}
	return got;
}

/*
 * As reader_next(), with the file the batch was read from, if it is an extent:
 * one user of it is the caller's.
 */
static int read_next(struct reader *r, struct batch *b, struct plain **plain)
{
	uint64_t from = 0, to = 0;
	int got;

	*plain = NULL;
	batch_clear(b);
	pthread_mutex_lock(&r->lock);
	got = next_batch(r, b, plain, &from, &to);
	pthread_mutex_unlock(&r->lock);
	if (!got || !*plain) {
		*plain = NULL;
		return got;
	}
	extent_read(*plain, from, to, b);
	if (atomic_load(&(*plain)->broken))
		atomic_store(&r->failed, true);
	return 1;
}

int reader_next(struct reader *r, struct batch *b)
{
	struct plain *plain;
	int got = read_next(r, b, &plain);

	plain_put(plain);
	return got;
}

int reader_next_plain(struct reader *r, struct batch *b, struct plain **plain)
{
	int got = read_next(r, b, plain);

	if (*plain && (*plain)->form != INPUT_LINES) {
		plain_put(*plain);
		*plain = NULL;
	}
	return got;
}

const char *reader_source(const struct reader *r, uint32_t source)
{
	return r->plan.sources[source].shown;
}

uint32_t reader_sources(const struct reader *r)
{
	return (uint32_t)r->plan.nsources;
}

uint32_t reader_rank(const struct reader *r, uint32_t source)
{
	return r->plan.sources[source].rank;
}

void reader_progress(struct reader *r, uint64_t *done, uint64_t *total)
{
	*done = atomic_load_explicit(&r->done, memory_order_relaxed);
	*total = r->plan.total;
}

bool reader_failed(const struct reader *r)
{
	return atomic_load(&r->failed);
}

/* Where the part that is open goes on. */
static uint64_t place(const struct reader *r, const struct plan_part *part)
{
	if (r->open == PLAIN && atomic_load(&r->plain->broken))
		return UINT64_MAX;
	if (r->open == PLAIN)
		return r->plain->next;
	if (r->open == STREAM && r->stream.offset > part->from)
		return r->stream.offset;
	return part->from;
}

/* Its end, as far as it is known: the size of a plain file. */
static uint64_t part_end(const struct reader *r, const struct plan_part *part,
			 bool open)
{
	const struct plan_source *source = &r->plan.sources[part->source];
	enum source_kind kind;

	if (part->to != UINT64_MAX || !source->regular)
		return part->to;
	if (open && r->open == PLAIN)
		return r->plain_end;
	kind = open && r->open == STREAM ? r->stream.source.kind :
					   source_probe(source->name);
	return kind == SOURCE_PLAIN ? source->size : UINT64_MAX;
}

const struct extent *reader_pending(struct reader *r, size_t *n)
{
	r->npending = 0;
	for (size_t i = r->part; i < r->plan.nparts; i++) {
		const struct plan_part *part = &r->plan.parts[i];
		struct extent rest = {
			r->plan.sources[part->source].name,
			i == r->part ? place(r, part) : part->from,
			part_end(r, part, i == r->part), NULL
		};

		if (rest.from >= rest.to)
			continue;
		mem_grow(&r->pending, &r->pending_cap, r->npending + 1,
			 sizeof(*r->pending));
		r->pending[r->npending++] = rest;
	}
	*n = r->npending;
	return r->pending;
}
