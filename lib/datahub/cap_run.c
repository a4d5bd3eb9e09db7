/*
 * cap_run -- batches through the workers and out again in order.
 *
 * A worker holds one result, with the batch in it, from reading to handing it
 * to the order; whoever commits puts it back among the spare ones.  Since a
 * worker waits when it is ${threads} batches ahead, there are never more than
 * two results a worker.
 */
#include "datahub/cap.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "datahub/cap_line.h"
#include "stream/fan.h"

struct state {
	struct cap *cap;
	struct liner *workers;
	struct strata *strata;
	struct order *order;	/* NULL: one thread */
	pthread_mutex_t lock;	/* of the spare results */
	struct result **spare;
	size_t nspare, spare_cap;
	/* of the committing thread */
	uint32_t source;
	uint64_t record;	/* records of it so far */
	uint64_t faults, notes, lines;
	struct buf line;
};

void cap_opts_init(struct cap_opts *o)
{
	*o = (struct cap_opts){
		.limits = {.bytes = CAP_MAX_BYTES, .inputs = 50,
			   .fine_grained = 1000, .fields = 200},
		.group_urn = "urn:li:dataset:(urn:li:dataPlatform:snowplow,"
			     "atomic_event,PROD)"
	};
}

static struct result *take_spare(struct state *s)
{
	struct result *r = NULL;

	pthread_mutex_lock(&s->lock);
	if (s->nspare)
		r = s->spare[--s->nspare];
	pthread_mutex_unlock(&s->lock);
	return r ? r : mem_zalloc(1, sizeof(*r));
}

static void put_spare(struct state *s, struct result *r)
{
	result_clear(r);
	pthread_mutex_lock(&s->lock);
	mem_grow(&s->spare, &s->spare_cap, s->nspare + 1, sizeof(*s->spare));
	s->spare[s->nspare++] = r;
	pthread_mutex_unlock(&s->lock);
}

static void tell_reject(struct state *s, const struct error_line *e)
{
	const char *hint = s->cap->errors ? "" : " (--errors=FILE keeps it)";

	if (s->faults++ >= s->cap->max_messages && e->error != FAULT_IO)
		return;
	if (e->error == FAULT_IO)
		err_msg("%s: %s", e->source, e->reason);
	else if (e->column)
		err_msg("%s:%llu: %s, column %llu%s", e->source,
			(unsigned long long)e->record, e->reason,
			(unsigned long long)e->column, hint);
	else
		err_msg("%s:%llu: %s%s", e->source,
			(unsigned long long)e->record, e->reason, hint);
}

static void commit_reject(struct state *s, struct error_line *e)
{
	if (e->record)
		e->record += s->record;
	tell_reject(s, e);
	s->cap->rejected += e->error != FAULT_IO;
	if (!s->cap->errors)
		return;
	buf_clear(&s->line);
	error_line_write(&s->line, e, 0);
	out_add(s->cap->errors, s->line.s, s->line.len);
}

static void commit_note(struct state *s, const struct result *r,
			const struct step *step)
{
	if (s->cap->quiet || s->notes++ >= s->cap->max_messages)
		return;
	err_msg("%s:%llu: %.*s",
		reader_source(s->cap->reader, r->batch.source),
		(unsigned long long)(s->record + step->record), (int)step->len,
		r->text.s + step->from);
}

static void commit_receipt(struct state *s, const struct result *r,
			   const struct step *step)
{
	buf_clear(&s->line);
	buf_addf(&s->line, "{\"record\":%llu,\"output\":%llu,",
		 (unsigned long long)(s->record + step->record),
		 (unsigned long long)s->lines + 1);
	out_add(s->cap->receipts, s->line.s, s->line.len);
	out_add(s->cap->receipts, r->text.s + step->from, step->len);
}

static void commit_step(struct state *s, struct result *r,
			const struct step *step)
{
	switch (step->kind) {
	case STEP_PASS:
		mcp_out_lines(s->cap->to, r->batch.text + step->from,
			      step->len);
		s->lines += step->lines;
		break;
	case STEP_TEXT:
		mcp_out_lines(s->cap->to, r->text.s + step->from, step->len);
		s->lines += step->lines;
		break;
	case STEP_REJECT:
		commit_reject(s, &r->found[step->from].line);
		break;
	case STEP_NOTE:
		commit_note(s, r, step);
		break;
	case STEP_RECEIPT:
		commit_receipt(s, r, step);
		break;
	case STEP_JOB:
	case STEP_NONE:
		break;
	}
}

static void commit(void *arg, void *item)
{
	struct state *s = arg;
	struct result *r = item;

	if (r->batch.source_start || s->source != r->batch.source)
		s->record = 0;
	s->source = r->batch.source;
	for (size_t i = 0; i < r->nsteps; i++)
		commit_step(s, r, &r->steps[i]);
	s->record += r->records;
	s->cap->seen += r->records;
	put_spare(s, r);
}

static void work(void *arg, unsigned i)
{
	struct state *s = arg;
	struct liner *w = &s->workers[i];
	struct result *r;

	for (;;) {
		r = take_spare(s);
		if (reader_next(s->cap->reader, &r->batch) != 1)
			break;
		batch_look(w, r);
		if (s->strata)
			strata_put(s->strata, r->batch.serial, &w->contained);
		batch_work(w, r);
		if (s->order)
			order_put(s->order, r->batch.serial, r);
		else
			commit(s, r);
	}
	put_spare(s, r);
}

static void add_stats(struct cap_stats *to, const struct cap_stats *from)
{
	uint64_t *t = (uint64_t *)to;
	const uint64_t *f = (const uint64_t *)from;
	uint64_t size = to->max_size, after = to->max_size_after;

	/* all members are counts of one type, but these two */
	for (size_t i = 0; i < sizeof(*to) / sizeof(*t); i++)
		t[i] += f[i];
	to->max_size = size > from->max_size ? size : from->max_size;
	to->max_size_after = after > from->max_size_after ? after :
			     from->max_size_after;
}

static void finish(struct state *s)
{
	struct cap *c = s->cap;

	for (unsigned i = 0; i < c->threads; i++) {
		add_stats(&c->stats, &s->workers[i].stats);
		liner_release(&s->workers[i]);
	}
	c->stats.rejected = c->rejected;
	if (s->faults > c->max_messages)
		err_msg("%llu more rejected (%s)",
			(unsigned long long)(s->faults - c->max_messages),
			c->errors ? "all are in the --errors file" :
			"--errors=FILE lists them");
	if (s->notes > c->max_messages)
		err_msg("%llu more warnings",
			(unsigned long long)(s->notes - c->max_messages));
	for (size_t i = 0; i < s->nspare; i++) {
		result_release(s->spare[i]);
		free(s->spare[i]);
	}
	free(s->spare);
	free(s->workers);
	strata_free(s->strata);
	order_free(s->order);
	pthread_mutex_destroy(&s->lock);
	buf_release(&s->line);
}

void cap_run(struct cap *cap)
{
	struct state s = {.cap = cap, .source = UINT32_MAX};
	int policy = cap->opts->policy;

	pthread_mutex_init(&s.lock, NULL);
	s.workers = mem_zalloc(cap->threads, sizeof(*s.workers));
	if (policy != CAP_GROUP && policy != CAP_TRUNCATE)
		s.strata = strata_new();
	for (unsigned i = 0; i < cap->threads; i++)
		liner_init(&s.workers[i], cap, s.strata);
	if (cap->threads > 1)
		s.order = order_new(cap->threads, commit, &s);
	fan_run(cap->threads, work, &s);
	finish(&s);
}
