/*
 * result -- what a batch left: rejects and extents, taken up in order.
 */
#include <stdlib.h>

#include "attrs/discover_in.h"
#include "base/err.h"
#include "base/mem.h"

/* The last run met in the batch is the one at hand. */
static void keep(struct result *r, const struct error_line *e, bool with_raw)
{
	size_t reason = strlen(e->reason) + 1, raw = with_raw ? e->raw_len : 0;
	struct found *f;

	mem_grow(&r->found, &r->cap, r->nfound + 1, sizeof(*r->found));
	f = &r->found[r->nfound++];
	f->line = *e;
	f->run = r->nmet ? r->met[r->nmet - 1].run : 0;
	f->copy = mem_alloc(reason + raw);
	memcpy(f->copy, e->reason, reason);
	if (raw)
		memcpy(f->copy + reason, e->raw, raw);
	f->line.reason = f->copy;
	f->line.raw = with_raw && e->raw ? f->copy + reason : NULL;
}

void result_add_rejects(struct discover *d, struct result *r,
			const struct batch *b, const struct observed *seen)
{
	for (size_t i = 0; i < seen->nrejects; i++) {
		const struct reject *x = &seen->rejects[i];
		struct error_line e = {
			.error = x->error, .reason = x->reason,
			.source = reader_source(d->reader, b->source),
			.record = r->records + x->record,
			.byte = batch_byte(b, x->pos),
			.column = x->error == FAULT_EXPR ? 0 : x->column,
			.raw = b->text + x->pos, .raw_len = x->len,
			.raw_bytes = x->len
		};

		keep(r, &e, d->errors != NULL);
	}
}

void result_add_fault(struct discover *d, struct result *r,
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

void result_tell(struct state *s, struct found *f)
{
	struct discover *d = s->d;

	tell(d, &f->line);
	buf_clear(&s->line);
	if (d->errors) {
		error_line_write(&s->line, &f->line, d->max_raw);
		out_add(d->errors, s->line.s, s->line.len);
	}
	d->rejected += f->line.error != FAULT_IO;
	free(f->copy);
	f->copy = NULL;
}

void result_free(struct result *r)
{
	for (size_t i = 0; i < r->nfound; i++)
		free(r->found[i].copy);
	free(r->found);
	free(r->met);
	free(r);
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

void result_take_up(struct state *s, struct result *r)
{
	struct discover *d = s->d;
	const char *name = reader_source(d->reader, r->source);
	struct range overlap;

	count_from(s, r);
	for (size_t i = 0; i < r->nfound; i++) {
		struct error_line *e = &r->found[i].line;

		e->record = e->record && s->counted ? s->record + e->record : 0;
		result_tell(s, &r->found[i]);
	}
	s->record += r->records;
	d->records += r->records;
	if (d->opts->no_first)
		return;
	if (!r->place_known)
		scan_add_stream(s->scan, name);
	else if (r->to > r->from)
		scan_add_range(s->scan, name, r->from, r->to, true, &overlap);
}
