/*
 * cap_job -- the lines of a batch that may have to be cut.
 */
#include "datahub/cap_job.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/receipt.h"
#include "json/str.h"

/* The line of ${s}, once more with its tokens. */
static bool load(struct liner *w, struct result *r, const struct step *s,
		 struct job *j)
{
	const char *text = r->batch.text, *at;
	struct val line = s->line;
	struct doc *d = &w->doc;

	j->text = text + s->from;
	j->len = s->len;
	j->record = s->record;
	if (!w->indexed) {
		d = &w->own;
		if (!doc_read_text(d, j->text, j->len, CAP_DEPTH, &line))
			return false;
		j->text = d->index.text;
	}
	if (r->batch.framed) {
		buf_clear(&w->compact);
		doc_compact(d, line, &w->compact);
		d = &w->own;
		if (!doc_read_text(d, w->compact.s, w->compact.len, CAP_DEPTH,
				   &line))
			return false;
		j->text = line.s;
		j->len = line.len;
	}
	return !mcp_read(&j->m, d, line, &w->inner, &at);
}

static void pass_job(struct result *r, const struct step *s,
		     const struct job *j)
{
	size_t at = r->text.len;

	if (!r->batch.framed) {
		result_step(r, STEP_PASS, s->from, s->len + 1);
		return;
	}
	buf_add(&r->text, j->text, j->len);
	buf_addc(&r->text, '\n');
	result_step(r, STEP_TEXT, at, r->text.len - at);
}

static void reject(struct liner *w, struct result *r, const struct step *s,
		   const struct job *j, enum fault_class error)
{
	const struct batch *b = &r->batch;
	const struct outcome *o = &j->o;
	struct error_line e = {
		.error = error, .reason = o->reason, .record = s->record,
		.source = reader_source(w->cap->reader, b->source),
		.byte = batch_byte(b, s->from),
		.raw = b->text + s->from, .raw_len = s->len,
		.raw_bytes = s->len
	};

	/* a place in a decoded string or a compacted line is none here */
	if (!b->framed && o->at >= j->text && o->at < j->text + j->len)
		e.column = (uint64_t)(o->at - j->text) + 1;
	result_step(r, STEP_REJECT, r->nfound, 0);
	result_reject(r, &e, w->cap->errors != NULL);
}

/* The line with the new aspect in the place of the old one. */
static void write_line(const struct liner *w, const struct job *j,
		       struct buf *out)
{
	const struct val *v = &j->m.written;
	const struct buf *body = &w->cutter.body;
	const char *behind = v->s + v->len;

	buf_reserve(out, j->len + body->len);
	buf_add(out, j->text, (size_t)(v->s - j->text));
	if (*v->s == '"')
		str_write(out, body->s, body->len);
	else
		buf_add(out, body->s, body->len);
	buf_add(out, behind, (size_t)(j->text + j->len - behind));
	buf_addc(out, '\n');
}

/* Would GMS store more than --max-bytes, with all PATCHes applied? */
static bool whole_fits(const struct liner *w, const struct outcome *o)
{
	uint64_t limit = w->cap->opts->limits.bytes;

	return !limit || o->whole < limit;
}

/* What follows the line for the same aspect; how many lines. */
static uint64_t write_extra(struct liner *w, const struct job *j,
			    struct buf *out)
{
	const struct cap_opts *opts = w->cap->opts;
	uint64_t lines = 0;

	if (!j->o.cut)
		return 0;
	if (opts->annotate)
		lines += job_annotate(j, out);
	if (opts->split && j->o.lineage && whole_fits(w, &j->o))
		lines += job_split(j, &w->cutter.lineage, out);
	w->stats.patches += lines;
	return lines;
}

static void add_receipt(struct liner *w, struct result *r, const struct job *j,
			const char *action, size_t from, size_t len,
			uint64_t extra)
{
	struct buf b = {0};
	size_t at;

	if (!w->cap->receipts)
		return;
	receipt_write(&b, j, action, len ? r->text.s + from : NULL, len, extra);
	at = r->text.len;
	buf_add(&r->text, b.s, b.len);
	result_step(r, STEP_RECEIPT, at, b.len);
	buf_release(&b);
}

static void put_changed(struct liner *w, struct result *r, const struct job *j)
{
	size_t at = r->text.len, len;
	uint64_t extra;

	write_line(w, j, &r->text);
	len = r->text.len - at;
	extra = write_extra(w, j, &r->text);
	add_receipt(w, r, j, j->o.cut ? "cut" : "fold", at, len - 1, extra);
	result_step(r, STEP_TEXT, at, len)->lines = 1;
	/* what add_receipt() added stands behind the extra lines */
	if (extra) {
		size_t end = at + len;

		for (uint64_t i = 0; i < extra; i++) {
			const char *p = memchr(r->text.s + end, '\n',
					       r->text.len - end);

			end = (size_t)(p - r->text.s) + 1;
		}
		result_step(r, STEP_TEXT, at + len, end - at - len)->lines =
			extra;
	}
}

static void put_too_long(struct liner *w, struct result *r,
			 const struct step *s, struct job *j)
{
	int how = w->cap->opts->oversize;

	w->stats.oversize++;
	j->o.reason = "the aspect is over --max-bytes and cannot be cut "
		      "(--oversize=drop or pass lets the run succeed)";
	j->o.at = NULL;
	j->o.method = NULL;
	if (how == CAP_OVERSIZE_PASS) {
		j->o.after = j->o.before;
		pass_job(r, s, j);
		return;
	}
	w->stats.dropped += how == CAP_OVERSIZE_DROP;
	add_receipt(w, r, j, how == CAP_OVERSIZE_DROP ? "drop" : "error", 0, 0,
		    0);
	if (how == CAP_OVERSIZE_ERROR)
		reject(w, r, s, j, FAULT_SIZE);
}

static void note_many(struct buf *b, const char *what, uint64_t n,
		      uint64_t limit)
{
	if (n > limit)
		buf_addf(b, ", %llu %s (more than %llu)",
			 (unsigned long long)n, what,
			 (unsigned long long)limit);
}

/* The warnings about one aspect, in one message. */
static void note(struct liner *w, struct result *r, const struct job *j)
{
	const struct outcome *o = &j->o;
	struct buf b = {0};
	size_t at = r->text.len;

	note_many(&b, "inputs", o->before.inputs, MANY_INPUTS);
	note_many(&b, "field edges", o->before.edges, MANY_EDGES);
	note_many(&b, "bytes", o->before.bytes,
		  o->before.bytes > 10 * CAP_MB ? 10 * CAP_MB : CAP_MB);
	if (o->no_input)
		buf_addf(&b, ", %llu upstream fields of datasets that are no "
			 "inputs", (unsigned long long)o->no_input);
	if (o->no_output)
		buf_addf(&b, ", %llu downstream fields of datasets that are "
			 "no outputs", (unsigned long long)o->no_output);
	if (w->cap->opts->split && o->cut && o->lineage && !whole_fits(w, o))
		buf_adds(&b, ", not split: the whole is over --max-bytes");
	if (b.len) {
		w->stats.warnings++;
		if (j->m.urn.s)
			buf_add(&r->text, j->m.urn.s + 1, j->m.urn.len - 2);
		buf_adds(&r->text, " ");
		buf_add(&r->text, j->m.aspect_name.s + 1,
			j->m.aspect_name.len - 2);
		buf_addc(&r->text, ':');
		buf_add(&r->text, b.s + 1, b.len - 1);
		result_step(r, STEP_NOTE, at, r->text.len - at);
	}
	buf_release(&b);
}

static void count(struct cap_stats *s, const struct outcome *o)
{
	uint64_t size = o->before.bytes;

	s->max_size = size > s->max_size ? size : s->max_size;
	s->over_1mb += size > CAP_MB;
	s->over_10mb += size > 10 * CAP_MB;
	s->inconsistent += o->no_input || o->no_output;
	if (o->action != CAP_CHANGED) {
		if (o->action == CAP_SAME && size > s->max_size_after)
			s->max_size_after = size;
		return;
	}
	if (o->after.bytes > s->max_size_after)
		s->max_size_after = o->after.bytes;
	s->cut += o->cut;
	s->folded += !o->cut;
	s->edges_folded += o->edges_folded;
	s->duplicates_dropped += o->duplicates;
	s->fields_dropped += o->dropped_fields;
	/* edges that stood twice are not lost */
	s->edges_dropped += o->edges_lost;
	s->inputs_dropped += o->before.inputs - o->after.inputs;
	s->outputs_dropped += o->before.outputs - o->after.outputs;
}

static void work_on(struct liner *w, struct result *r, const struct step *s)
{
	struct place place = {r->batch.serial, s->record};
	struct job j = {0};

	r->records = s->record;
	if (!load(w, r, s, &j))
		return;	/* cannot be: it was looked at before */
	cutter_cut(&w->cutter, &j.m, place, &j.o);
	if (j.o.action == CAP_WRONG) {
		reject(w, r, s, &j, FAULT_JSON);
		w->stats.records--;
		return;
	}
	note(w, r, &j);
	count(&w->stats, &j.o);
	if (j.o.action == CAP_SAME)
		pass_job(r, s, &j);
	else if (j.o.action == CAP_CHANGED)
		put_changed(w, r, &j);
	else
		put_too_long(w, r, s, &j);
}

void batch_work(struct liner *w, struct result *r)
{
	uint64_t records = r->records;

	/* the steps are made anew, jobs in the place they had */
	mem_grow(&w->work, &w->work_cap, r->nsteps, sizeof(*w->work));
	w->nwork = r->nsteps;
	if (r->nsteps)
		memcpy(w->work, r->steps, r->nsteps * sizeof(*w->work));
	r->nsteps = 0;
	for (size_t i = 0; i < w->nwork; i++) {
		const struct step *s = &w->work[i];

		if (s->kind == STEP_JOB) {
			work_on(w, r, s);
			continue;
		}
		r->records = s->record;
		*result_step(r, s->kind, s->from, s->len) = *s;
	}
	r->records = records;
}
