/*
 * stream -- batches from a source that is read from front to end.
 */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "stream/delim.h"
#include "stream/detect.h"
#include "stream/stream.h"

void stream_init(struct stream *s)
{
	*s = (struct stream){ .state = GOT_END };
	source_init(&s->source);
}

void stream_release(struct stream *s)
{
	source_release(&s->source);
	buf_release(&s->carry);
	framer_release(&s->framer);
}

void stream_close(struct stream *s)
{
	source_close(&s->source);
	buf_clear(&s->carry);
}

void stream_limit(struct stream *s, uint64_t from, uint64_t to)
{
	s->from = from;
	s->to = to;
}

/* Up to ${want} bytes of the text into the carry; less from a slow pipe. */
static enum got read_head(struct stream *s, size_t want)
{
	enum got got = GOT_BYTES;
	size_t n;

	while (s->carry.len < want && got == GOT_BYTES) {
		char *to = buf_reserve(&s->carry, want - s->carry.len);

		got = source_read(&s->source, to, want - s->carry.len, &n);
		s->carry.len += n;
	}
	return got;
}

/* Takes a byte order mark off the carry. */
static void skip_bom(struct stream *s)
{
	if (s->opts->parcels || s->carry.len < 3 || memcmp(s->carry.s, "\xef\xbb\xbf", 3))
		return;
	s->bom = s->offset = 3;
	s->carry.len -= 3;
	memmove(s->carry.s, s->carry.s + 3, s->carry.len);
}

/*
 * Decides the form; reads no more of the head than that takes.  A damaged or
 * short head is judged by what there is.
 */
static enum got decide(struct stream *s, const char *shown)
{
	size_t want = 3;
	bool lone = false, whole;
	enum got got;

	do
		got = read_head(s, want);
	while (got == GOT_IDLE);
	skip_bom(s);
	for (want = 4096; s->form == INPUT_AUTO && got != GOT_STOP;) {
		got = read_head(s, want);
		whole = got == GOT_END || got == GOT_FAULT ||
			s->carry.len >= DETECT_BYTES;
		if (s->carry.len >= want)
			want = DETECT_BYTES;
		if (got != GOT_STOP)
			s->form = detect_form(s->carry.s, s->carry.len, whole,
					      &lone);
	}
	if (lone && s->opts->hints)
		err_msg("%s: an array on one line is one record (--input=array "
			"makes records of its items)", shown);
	return got;
}

int stream_open(struct stream *s, const struct reader_opts *opts,
		const char *name, const char *shown)
{
	s->opts = opts;
	s->form = opts->form;
	s->bom = s->offset = s->from = 0;
	s->to = UINT64_MAX;
	buf_clear(&s->carry);
	s->state = GOT_FAULT;
	if (source_open(&s->source, name))
		return -1;
	if (opts->parcels)
		s->source.kind = SOURCE_PLAIN;
	s->state = decide(s, shown);
	if (s->state == GOT_STOP || (!s->carry.len && s->state != GOT_BYTES)) {
		s->offset = 0;
		return -1;
	}
	/* What ended the head ends the rest too, and says so again. */
	s->state = GOT_BYTES;
	framer_begin(&s->framer, s->form, opts->max_record, shown);
	return 0;
}

enum got stream_fill(struct stream *s, struct batch *b, size_t want)
{
	enum got got = GOT_BYTES;
	size_t n;

	batch_reserve(b, b->len, want);
	while (b->len < want && got == GOT_BYTES) {
		got = source_read(&s->source, b->text + b->len, want - b->len,
				  &n);
		b->len += n;
	}
	return got == GOT_BYTES && stop_asked() ? GOT_STOP : got;
}

void stream_cut(struct stream *s, struct batch *b, size_t used)
{
	buf_clear(&s->carry);
	buf_add(&s->carry, b->text + used, b->len - used);
	s->offset = batch_byte(b, used);
	b->to = s->offset;
	b->len = used;
}

/*
 * The text is the beginning of a record too long to be kept: reads on to its
 * end.  The batch is then empty but for the fault; or as if nothing had been
 * read, when that was stopped.
 */
static enum got skip_long(struct stream *s, struct batch *b, struct delim d)
{
	uint64_t byte = s->offset;
	size_t end = DELIM_NONE;
	enum got got = GOT_BYTES;
	struct delim_long l;

	delim_long_begin(d, &l, b->text, b->len, byte, s->opts->max_record,
			 ' ');
	while (end == DELIM_NONE && (got == GOT_BYTES || got == GOT_IDLE)) {
		byte += b->len;
		b->len = 0;
		got = stream_fill(s, b, b->cap);
		end = delim_next(d, b->text, d.behind, b->len);
		delim_long_more(&l, b->text, end < b->len ? end : b->len);
	}
	if (end == DELIM_NONE && got == GOT_STOP) {
		delim_long_drop(&l);
		return got;
	}
	delim_long_end(&l, b);
	b->nshifts = 0;
	batch_add_shift(b, 0, byte);
	stream_cut(s, b, end == DELIM_NONE ? b->len : end);
	b->len = 0;
	/* The end or a fault is met again, behind the carry. */
	return got == GOT_STOP ? GOT_STOP : GOT_BYTES;
}

size_t stream_more(const struct stream *s, size_t len)
{
	uint64_t most = s->opts->max_record + DETECT_BYTES;

	if (most < DETECT_BYTES || 2 * len < most)
		return 2 * len;
	return len + DETECT_BYTES;
}

/*
 * Reads until the batch holds at least one whole record, and returns the length
 * of the whole ones; 0 with GOT_BYTES when one is too long.
 */
static size_t read_whole(struct stream *s, struct batch *b, struct delim d,
			 enum got *got)
{
	size_t want = (size_t)s->opts->batch_bytes, seen = 0, end;

	if (want <= b->len)
		want = b->len + 1;
	for (;;) {
		*got = stream_fill(s, b, want);
		end = delim_last(d, b->text, seen, b->len);
		if (end != DELIM_NONE)
			return end;
		if (*got == GOT_IDLE)
			continue;
		if (*got != GOT_BYTES || 
		    delim_too_long(b->len, s->opts->max_record))
			return 0;
		seen = b->len - 1;
		want = stream_more(s, b->len);
	}
}

static int next_delim(struct stream *s, struct batch *b)
{
	struct delim d = delim_of(s->form);
	bool begins = s->offset == s->bom;
	uint64_t max = s->opts->max_record;
	enum got got;
	size_t whole = read_whole(s, b, d, &got);

	if (got == GOT_BYTES && !whole) {
		s->state = skip_long(s, b, d);
		batch_finish(b);
		return s->state != GOT_STOP || b->nfaults;
	}
	s->state = got == GOT_IDLE ? GOT_BYTES : got;
	if (got == GOT_FAULT) {
		s->offset += b->len;
		b->to = s->offset;
		delim_break(d, b, whole, b->to, s->source.reason, max);
	} else {
		if (got == GOT_END)
			whole = b->len;
		if (!whole)
			return 0;
		stream_cut(s, b, whole);
	}
	delim_finish(d, b, max, begins, got == GOT_END);
	return 1;
}

/* The carry becomes the beginning of the batch. */
static void begin_batch(struct stream *s, struct batch *b)
{
	b->from = s->offset == s->bom ? 0 : s->offset;
	b->to = s->offset;
	batch_add_shift(b, 0, s->offset);
	batch_reserve(b, 0, s->carry.len);
	if (s->carry.len)
		memcpy(b->text, s->carry.s, s->carry.len);
	b->len = s->carry.len;
	buf_clear(&s->carry);
}

/* Leaves in the batch what begins in [from, to); false when nothing does. */
static bool limit(const struct stream *s, struct batch *b)
{
	if (!s->from && s->to == UINT64_MAX)
		return true;
	if (b->to <= s->from && s->state == GOT_BYTES)
		return false;
	batch_limit(b, s->from, s->to);
	return true;
}

int stream_next(struct stream *s, struct batch *b)
{
	int got;

	do {
		if (s->state == GOT_BYTES && s->offset >= s->to)
			s->state = GOT_END;
		if (s->state == GOT_BYTES && stop_asked())
			s->state = GOT_STOP;
		batch_clear(b);
		if (s->state != GOT_BYTES)
			return 0;
		begin_batch(s, b);
		b->framed = s->form == INPUT_JSON || s->form == INPUT_ARRAY;
		got = b->framed ? framed_next(s, b) : next_delim(s, b);
	} while (got && !limit(s, b));
	return got;
}
