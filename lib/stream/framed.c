/*
 * framed -- batches of a stream in json or array form.
 */
#include <string.h>

#include "stream/delim.h"
#include "stream/stream.h"

/* Reads and goes on; the text's last ${*keep} bytes are kept. */
static enum got skip_more(struct stream *s, struct batch *b, size_t *keep,
			  uint64_t *byte, struct delim_long *l)
{
	struct framer *f = &s->framer;
	size_t drop = b->len - *keep, end;
	enum got got;

	memmove(b->text, b->text + drop, *keep);
	b->len = *keep;
	*byte += drop;
	framer_dropped(f, drop);
	got = stream_fill(s, b, b->cap > 2 * *keep ? b->cap : 4096);
	framer_run(f, got == GOT_END);
	end = f->open ? b->len : f->end;
	if (end > *keep)
		delim_long_more(l, b->text + *keep, end - *keep);
	framer_skip(f, keep);
	return got;
}

/* The open record is over max_record: ${l} begins with all of it so far. */
static void begin_long(const struct stream *s, const struct framer *f,
		       struct delim_long *l)
{
	const struct batch *b = f->batch;

	delim_long_begin(delim_of(INPUT_LINES), l, b->text + f->start,
			 b->len - f->start, f->byte, f->max_record,
			 s->form == INPUT_ARRAY ? ',' : ' ');
	framer_judge(f, &l->fault);
}

/* It is read on to its end. */
static int skip_record(struct stream *s, struct batch *b)
{
	struct framer *f = &s->framer;
	uint64_t byte = s->offset;
	enum got got = GOT_BYTES;
	struct delim_long l;
	size_t keep;

	begin_long(s, f, &l);
	framer_skip(f, &keep);
	while (f->open && (got == GOT_BYTES || got == GOT_IDLE))
		got = skip_more(s, b, &keep, &byte, &l);
	s->state = got == GOT_STOP ? GOT_STOP : GOT_BYTES;
	if (f->open && got == GOT_STOP) {
		delim_long_drop(&l);
		return 0;
	}
	delim_long_end(&l, b);
	b->nshifts = 0;
	batch_add_shift(b, 0, byte);
	stream_cut(s, b, f->open ? b->len : f->pos);
	b->len = 0;
	batch_finish(b);
	return 1;
}

/* The source broke off. */
static void break_off(struct stream *s, struct batch *b)
{
	struct framer *f = &s->framer;
	size_t whole = framer_settled(f);
	struct delim_long l;

	s->offset += b->len;
	b->to = s->offset;
	if (f->open && framer_over(f)) {
		begin_long(s, f, &l);
		delim_long_end(&l, b);
		b->len = whole;
	}
	delim_break(delim_of(INPUT_LINES), b, whole, s->offset,
		    s->source.reason, UINT64_MAX);
}

/* Only blanks so far: they need not be kept. */
static void drop_blanks(struct stream *s, struct batch *b)
{
	s->offset += b->len;
	b->len = b->nshifts = 0;
	batch_add_shift(b, 0, s->offset);
	framer_start(&s->framer, b);
}

/*
 * Reads until there is something to hand out, or the end; GOT_BYTES with no
 * records when one is too long.
 */
static enum got read_records(struct stream *s, struct batch *b)
{
	struct framer *f = &s->framer;
	size_t want = (size_t)s->opts->batch_bytes;
	enum got got;

	if (want <= b->len)
		want = b->len + 1;
	for (;;) {
		got = stream_fill(s, b, want);
		framer_run(f, got == GOT_END);
		if (f->records || b->nfaults ||
		    (got != GOT_BYTES && got != GOT_IDLE))
			return got;
		if (!f->open)
			drop_blanks(s, b);
		else if (framer_over(f))
			return GOT_BYTES;
		else if (got == GOT_BYTES)
			want = stream_more(s, b->len);
	}
}

int framed_next(struct stream *s, struct batch *b)
{
	struct framer *f = &s->framer;
	enum got got;

	framer_start(f, b);
	got = read_records(s, b);
	if (got == GOT_BYTES && !f->records && !b->nfaults)
		return skip_record(s, b);
	s->state = got == GOT_IDLE ? GOT_BYTES : got;
	if (got == GOT_FAULT)
		break_off(s, b);
	else
		stream_cut(s, b, framer_settled(f));
	framer_finish(f);
	batch_finish(b);
	return b->to > b->from || b->nfaults;
}
