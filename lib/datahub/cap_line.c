/*
 * cap_line -- looking at the lines of one batch.
 */
#include "datahub/cap_line.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/cap_job.h"
#include "datahub/pysize.h"
#include "json/str.h"
#include "stream/batch.h"

void result_clear(struct result *r)
{
	for (size_t i = 0; i < r->nfound; i++)
		free(r->found[i].copy);
	r->nfound = r->nsteps = 0;
	r->records = 0;
	buf_clear(&r->text);
}

void result_release(struct result *r)
{
	result_clear(r);
	batch_release(&r->batch);
	buf_release(&r->text);
	free(r->steps);
	free(r->found);
}

void liner_init(struct liner *w, const struct cap *cap, struct strata *strata)
{
	*w = (struct liner){.cap = cap, .strata = strata};
	doc_init(&w->doc, cap->kernel);
	doc_init(&w->own, cap->kernel);
	doc_init(&w->inner, cap->kernel);
	cutter_init(&w->cutter, cap->opts, strata);
}

void liner_release(struct liner *w)
{
	doc_release(&w->doc);
	doc_release(&w->own);
	doc_release(&w->inner);
	buf_release(&w->compact);
	cutter_release(&w->cutter);
	contained_release(&w->contained);
	free(w->work);
}

struct step *result_step(struct result *r, enum step_kind kind, size_t from,
			 size_t len)
{
	struct step *s;

	mem_grow(&r->steps, &r->steps_cap, r->nsteps + 1, sizeof(*r->steps));
	s = &r->steps[r->nsteps++];
	*s = (struct step){.kind = kind, .from = from, .len = len,
			   .lines = 1, .record = r->records};
	return s;
}

void result_reject(struct result *r, const struct error_line *e, bool with_raw)
{
	size_t reason = strlen(e->reason) + 1, raw = with_raw ? e->raw_len : 0;
	struct found *f;

	mem_grow(&r->found, &r->found_cap, r->nfound + 1, sizeof(*r->found));
	f = &r->found[r->nfound++];
	f->line = *e;
	f->copy = mem_alloc(reason + raw);
	memcpy(f->copy, e->reason, reason);
	if (raw)
		memcpy(f->copy + reason, e->raw, raw);
	f->line.reason = f->copy;
	f->line.raw = with_raw && e->raw ? f->copy + reason : NULL;
}

/* The line at text[from .. to) is none to go on with. */
static void reject_line(struct liner *w, struct result *r, size_t from,
			size_t to, const char *reason, size_t at)
{
	const struct batch *b = &r->batch;
	struct error_line e = {
		.error = FAULT_JSON, .reason = reason, .record = r->records,
		.source = reader_source(w->cap->reader, b->source),
		.byte = batch_byte(b, from), .column = at + 1,
		.raw = b->text + from, .raw_len = to - from,
		.raw_bytes = to - from
	};

	result_step(r, STEP_REJECT, r->nfound, 0);
	result_reject(r, &e, w->cap->errors != NULL);
}

static void reject_json(struct liner *w, struct result *r, size_t from,
			size_t to)
{
	const char *text = r->batch.text + from;
	size_t len = to - from;
	struct json_fault fault;

	if (!json_check(text, len, CAP_DEPTH, &fault))
		fault = (struct json_fault){FAULT_JSON, "no JSON", 0};
	reject_line(w, r, from, to, fault.reason, fault.at);
	r->found[r->nfound - 1].line.error = fault.error;
}

/* A line that needs nothing: with the ones before it, one piece. */
static void pass_line(const struct doc *d, struct result *r, size_t from,
		      size_t to, struct val line)
{
	struct step *last = r->nsteps ? &r->steps[r->nsteps - 1] : NULL;
	size_t at = r->text.len;

	if (r->batch.framed) {
		doc_compact(d, line, &r->text);
		buf_addc(&r->text, '\n');
		if (last && last->kind == STEP_TEXT) {
			last->len += r->text.len - at;
			last->lines++;
			return;
		}
		result_step(r, STEP_TEXT, at, r->text.len - at);
		return;
	}
	if (last && last->kind == STEP_PASS &&
	    last->from + last->len == from) {
		last->len += to + 1 - from;
		last->lines++;
		return;
	}
	result_step(r, STEP_PASS, from, to + 1 - from);
}

/* A string without its quotes and escapes; good until the next call. */
static struct span plain(struct buf *b, struct val v)
{
	struct span s = {v.s + 1, v.len - 2};

	if (!memchr(s.s, '\\', s.len))
		return s;
	buf_clear(b);
	str_unescape(b, s.s, s.len);
	return (struct span){b->s, b->len};
}

static void take_container(struct liner *w, const struct mcp *m, uint64_t line)
{
	struct val c = doc_member(m->doc, m->body, "container");
	struct buf a = {0}, b = {0};

	if (w->strata && val_is(c, '"') && val_is(m->urn, '"'))
		contained_add(&w->contained, line, plain(&a, m->urn),
			      plain(&b, c));
	buf_release(&a);
	buf_release(&b);
}

/* Only what may be the longest so far is measured. */
static void note_size(struct liner *w, struct mcp *m)
{
	uint64_t tokens, size;

	if (!m->body.s)
		return;
	tokens = *m->body.s == '{' || *m->body.s == '[' ?
		 m->doc->jump[m->body.tok] - m->body.tok : 0;
	if (pysize_bound(m->body.len, tokens) <= w->stats.max_size ||
	    (aspect_bound(m) <= w->stats.max_size &&
	     pysize_is_ascii(m->body.s, m->body.len)))
		return;
	size = aspect_size(m);
	if (size > w->stats.max_size)
		w->stats.max_size = size;
	if (size > w->stats.max_size_after)
		w->stats.max_size_after = size;
}

/* The line at [from, to) is ${line} in ${d}, whose text has it at ${base}. */
static void look_line(struct liner *w, struct result *r, size_t from, size_t to,
		      const struct doc *d, struct val line, const char *base)
{
	const char *at, *why;
	struct mcp m;

	why = mcp_read(&m, d, line, &w->inner, &at);
	if (why) {
		/* a place in a decoded string is none in the line */
		if (at < base || at > base + (to - from))
			at = base;
		reject_line(w, r, from, to, why, (size_t)(at - base));
		return;
	}
	w->stats.records++;
	w->stats.bytes += line.len;
	if (m.kind == ASPECT_CONTAINER)
		take_container(w, &m, r->records);
	if (cutter_needed(w->cap->opts, &m)) {
		result_step(r, STEP_JOB, from, to - from)->line = line;
		return;
	}
	note_size(w, &m);
	pass_line(d, r, from, to, line);
}

/*
 * A line of a batch in which something is wrong: what the index says holds for
 * all of it, so each line is checked, and read from a copy of its own.
 */
static void look_alone(struct liner *w, struct result *r, size_t from,
		       size_t to)
{
	const char *text = r->batch.text + from;
	struct json_fault fault;
	struct val line;

	r->records++;
	if (json_check(text, to - from, CAP_DEPTH, &fault) ||
	    !doc_read_text(&w->own, text, to - from, CAP_DEPTH, &line))
		reject_json(w, r, from, to);
	else
		look_line(w, r, from, to, &w->own, line, w->own.index.text);
}

/* The line whose tokens begin with ${*tok}, which moves behind it. */
static void look_indexed(struct liner *w, struct result *r, size_t from,
			 size_t to, uint32_t *tok)
{
	const char *text = r->batch.text;
	uint32_t next = *tok;
	struct val line;

	r->records++;
	if (doc_walk(&w->doc, &next, from, CAP_DEPTH, &line))
		look_line(w, r, from, to, &w->doc, line, text + from);
	else
		reject_json(w, r, from, to);
	while (w->doc.index.at[*tok] != to)
		(*tok)++;
	(*tok)++;
}

/* Lines from ${from} on until ${to}; ${*tok} is the first one's first token. */
static void look_lines(struct liner *w, struct result *r, size_t from,
		       size_t to, uint32_t *tok)
{
	const char *text = r->batch.text;

	while (from < to) {
		const char *p = memchr(text + from, '\n', to - from);
		size_t end = (size_t)(p - text);

		if (skip_blank(text, from, end) == end)
			*tok += w->indexed;
		else if (w->indexed)
			look_indexed(w, r, from, end, tok);
		else
			look_alone(w, r, from, end);
		from = end + 1;
	}
}

static void keep_fault(struct liner *w, struct result *r,
		       const struct batch_fault *x)
{
	struct error_line e = {
		.error = x->error, .reason = x->reason,
		.source = reader_source(w->cap->reader, r->batch.source),
		.byte = x->byte, .column = x->column,
		.raw = x->raw, .raw_len = x->raw_len, .raw_bytes = x->bytes
	};

	if (x->error != FAULT_IO)
		e.record = ++r->records;
	result_step(r, STEP_REJECT, r->nfound, 0);
	result_reject(r, &e, w->cap->errors != NULL);
}

/* Offset behind ${lines} lines from ${from} on. */
static size_t behind_lines(const struct batch *b, size_t from, uint64_t lines)
{
	for (; lines && from < b->len; lines--) {
		const char *end = memchr(b->text + from, '\n', b->len - from);

		from = (size_t)(end - b->text) + 1;
	}
	return from;
}

void batch_look(struct liner *w, struct result *r)
{
	struct batch *b = &r->batch;
	uint32_t tok = 0;
	size_t from = 0, to;
	uint64_t line = 0;

	contained_clear(&w->contained);
	w->indexed = !b->len || doc_index(&w->doc, b->text, 0, b->len);
	for (size_t i = 0; i <= b->nfaults; i++) {
		to = i == b->nfaults ? b->len :
			behind_lines(b, from, b->faults[i].line - line);
		look_lines(w, r, from, to, &tok);
		from = to;
		if (i == b->nfaults)
			return;
		line = b->faults[i].line;
		keep_fault(w, r, &b->faults[i]);
	}
}
