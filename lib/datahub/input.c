/*
 * input -- records of JSON, in order.
 */
#include "datahub/input.h"

#include "json/value.h"

struct state {
	struct input *in;
	struct batch *b;
	struct place place;	/* .record counts in its source */
};

static void reject(struct state *s, enum fault_class error, const char *reason,
		   uint64_t column, const char *raw, size_t len)
{
	s->in->rejected++;
	finding_reject(s->in->findings, &s->place, error, reason, column, raw,
		       len);
}

static void take_line(struct state *s, const char *line, size_t len)
{
	struct span t = value_trim(line, len);
	struct json_fault fault;
	const char *why = NULL;

	if (!t.len)
		return;
	s->place.record++;
	s->place.byte = batch_byte(s->b, (size_t)(t.s - s->b->text));
	if (json_check(t.s, t.len, INPUT_DEPTH, &fault)) {
		reject(s, fault.error, fault.reason, fault.at + 1, t.s, t.len);
		return;
	}
	if (s->in->take(s->in->arg, t.s, t.len, &s->place, &why)) {
		reject(s, FAULT_CONFIG, why, 0, t.s, t.len);
		return;
	}
	s->in->records++;
	s->in->bytes += t.len;
}

static void take_fault(struct state *s, const struct batch_fault *f)
{
	if (f->error != FAULT_IO)
		s->place.record++;
	s->place.byte = f->byte;
	reject(s, f->error, f->reason, f->column, f->raw, f->raw_len);
}

/* The lines of a batch and the reader's faults between them. */
static void take_batch(struct state *s)
{
	const char *p = s->b->text, *end = p + s->b->len, *eol;
	uint64_t line = 0;
	size_t i = 0;

	if (s->b->source_start)
		s->place.record = 0;
	s->place.source = reader_source(s->in->reader, s->b->source);
	for (;;) {
		for (; i < s->b->nfaults && s->b->faults[i].line <= line; i++)
			take_fault(s, &s->b->faults[i]);
		if (p >= end)
			break;
		eol = memchr(p, '\n', (size_t)(end - p));
		if (!eol)
			eol = end;
		take_line(s, p, (size_t)(eol - p));
		p = eol + 1;
		line++;
	}
	for (; i < s->b->nfaults; i++)
		take_fault(s, &s->b->faults[i]);
}

void input_run(struct input *in)
{
	struct batch b;
	struct state s = {.in = in, .b = &b};

	batch_init(&b);
	while (reader_next(in->reader, &b))
		take_batch(&s);
	batch_release(&b);
}
