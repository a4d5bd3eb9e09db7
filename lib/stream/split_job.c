/*
 * split_job -- what becomes of a batch.
 *
 * A batch whose worker failed is run again --retries times, then halved, and
 * its halves are run one after the other in the same slot, until the record
 * that no worker can take stands alone.  That one is rejected, and the rest of
 * the batch's output is committed as if it had never been there.
 *
 * A command that fails on everything would be halved to pieces at great cost.
 * So halving waits until any worker has succeeded; until then batches that
 * failed are set aside, and when there are more of them than slots, or nothing
 * else is left, the command is to blame.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "stream/batch.h"
#include "stream/split_in.h"

struct job *job_new(struct run *r, struct parcel *p, unsigned slot)
{
	struct job *j = mem_zalloc(1, sizeof(*j));
	struct timespec t;

	(void)r;
	j->serial = p->serial;
	j->slot = slot;
	hold_init(&j->out);
	clock_gettime(CLOCK_REALTIME, &t);
	j->start_us = (uint64_t)t.tv_sec * 1000000 +
		      (uint64_t)t.tv_nsec / 1000;
	j->start_ns = clock_now_ns();
	job_add(j, p);
	return j;
}

void job_add(struct job *j, struct parcel *p)
{
	mem_grow(&j->pieces, &j->cap, j->npieces + 1, sizeof(*j->pieces));
	j->records += p->records;
	j->bytes += p->bytes;
	j->pieces[j->npieces++] = *p;	/* now owned by the job */
	parcel_init(p);
}

void job_free(struct job *j)
{
	if (!j)
		return;
	for (size_t i = 0; i < j->npieces; i++)
		parcel_release(&j->pieces[i]);
	free(j->pieces);
	hold_release(&j->out);
	free(j);
}

static int log_job(struct run *r, const struct job *j, bool in_place)
{
	const struct sink *sink = r->s->sink;
	struct joblog_line l = {
		.serial = r->o->persist ? j->slot : j->serial,
		.slot = j->slot, .start_us = j->start_us,
		.runtime_us = (clock_now_ns() - j->start_ns) / 1000,
		.sent = j->bytes, .received = in_place ? j->out.len : 0,
		.status = j->status, .in_place = in_place
	};

	l.end = sink->pattern ? JOBLOG_FILE :
		sink->regular ? sink->end : JOBLOG_NONE;
	return joblog_add(r->s->log, &l);
}

static void commit(struct run *r, struct job *j)
{
	if (sink_batch(r->s->sink, j->serial, &j->out, NULL) ||
	    log_job(r, j, true)) {
		run_kill(r, RC_FAILED);
	} else {
		r->s->batches += !r->o->persist;
		r->s->records += j->records;
		r->s->bytes += j->bytes;
	}
	job_free(j);
}

void pass_done(struct run *r)
{
	while (joblog_has(r->s->log, r->turn))
		r->turn++;
}

/* Those whose turn it is. */
static void commit_waiting(struct run *r)
{
	while (r->waiting && r->rc != RC_FAILED) {
		struct job *j = r->waiting;

		pass_done(r);
		if (j->serial != r->turn)
			return;
		r->turn++;
		r->waiting = j->next;
		commit(r, j);
	}
}

void job_done(struct run *r, struct job *j)
{
	struct job **at = &r->waiting;

	if (!r->o->keep_order) {
		commit(r, j);
		return;
	}
	while (*at && (*at)->serial < j->serial)
		at = &(*at)->next;
	j->next = *at;
	*at = j;
	commit_waiting(r);
}

/* The one record of ${p} is beyond help. */
static void reject_piece(struct run *r, struct parcel *p, const char *why)
{
	size_t start = skip_blank(p->text.s, 0, p->text.len);
	size_t end = trim_blank(p->text.s, start, p->text.len);
	const struct place_run *run;
	struct error_line e = {
		.error = FAULT_WORKER, .reason = why,
		.byte = parcel_place(p, start, &run),
		.raw = p->text.s + start, .raw_len = end - start,
		.raw_bytes = end - start
	};

	e.source = r->s->supplier->source(r->s->supplier, run->source);
	e.record = run->record;
	rejects_add(r->s->rejects, &e);
	if (++r->s->poison > r->o->max_poison && !r->stopping) {
		err_msg("more than %llu records that no worker could take "
			"(--max-poison=N allows more)",
			(unsigned long long)r->o->max_poison);
		run_stop(r, RC_FAILED);
	}
}

/* pieces[.at] becomes two. */
static void halve(struct job *j)
{
	struct parcel rest;

	parcel_init(&rest);
	parcel_halve(&j->pieces[j->at], &rest);
	mem_grow(&j->pieces, &j->cap, j->npieces + 1, sizeof(*j->pieces));
	memmove(&j->pieces[j->at + 2], &j->pieces[j->at + 1],
		(j->npieces - j->at - 1) * sizeof(*j->pieces));
	j->pieces[j->at + 1] = rest;	/* now owned by the job */
	j->npieces++;
}

static void tell(struct run *r, const struct job *j, const char *why)
{
	const struct parcel *p = &j->pieces[j->at];
	const struct place_run *run = &p->runs[0];
	const char *name = r->s->supplier->source(r->s->supplier, run->source);

	if (run->record)
		err_msg("%s:%llu: batch %llu (%llu records) failed: %s", name,
			(unsigned long long)run->record,
			(unsigned long long)j->serial,
			(unsigned long long)p->records, why);
	else
		err_msg("%s: byte %llu: batch %llu (%llu records) failed: %s",
			name, (unsigned long long)run->byte,
			(unsigned long long)j->serial,
			(unsigned long long)p->records, why);
}

/* A failure for good where halving is not wanted, or cannot be. */
static enum fate give_up(struct run *r, struct job *j, const char *why)
{
	tell(r, j, why);
	if (log_job(r, j, false) || r->o->halt == HALT_NOW)
		run_kill(r, RC_FAILED);
	else
		run_stop(r, RC_FAILED);
	return FATE_DROPPED;
}

void nothing_succeeds(struct run *r)
{
	tell(r, r->aside, r->aside->why);
	err_msg("no batch has succeeded: it may be the command that fails "
		"(nothing was written)");
	run_stop(r, RC_FAILED);
}

/* Until another one has shown that the command works at all. */
static enum fate set_aside(struct run *r, struct slot *slot, const char *why)
{
	struct job *j = slot->job, **at = &r->aside;

	if (r->naside == r->nslots) {
		nothing_succeeds(r);
		return FATE_DROPPED;
	}
	while (*at)
		at = &(*at)->next;
	j->next = NULL;
	snprintf(j->why, sizeof(j->why), "%s", why);
	*at = j;
	r->naside++;
	slot->job = NULL;	/* now owned by the list */
	return FATE_DROPPED;
}

/* Can all that the worker was given be read again? */
static bool kept(const struct job *j)
{
	for (size_t i = 0; i < j->npieces; i++)
		if (!j->pieces[i].file)
			return false;
	return true;
}

/* Persisting workers are given all of theirs again, or it is lost. */
static enum fate persist_failed(struct run *r, struct job *j, const char *why)
{
	if (j->tries++ < r->o->retries && kept(j)) {
		j->at = 0;
		r->s->retries++;
		return FATE_AGAIN;
	}
	err_msg("slot %u (%llu records so far): %s%s", j->slot,
		(unsigned long long)j->records, why, !r->o->retries ?
		" (--retries=K gives it to another one)" : "");
	if (log_job(r, j, false) || r->o->halt == HALT_NOW)
		run_kill(r, RC_FAILED);
	else
		run_stop(r, RC_FAILED);
	return FATE_DROPPED;
}

/* No worker can take the one record: the rest of the batch goes on. */
static enum fate reject(struct run *r, struct job *j, const char *why)
{
	reject_piece(r, &j->pieces[j->at], why);
	parcel_release(&j->pieces[j->at++]);
	if (r->rc == RC_FAILED)
		return FATE_DROPPED;
	return j->at < j->npieces ? FATE_AGAIN : FATE_DONE;
}

enum fate job_failed(struct run *r, struct slot *slot, const char *why)
{
	struct job *j = slot->job;
	struct parcel *p = &j->pieces[j->at];

	if (r->stopping)
		return FATE_DROPPED;
	if (hold_cut(&j->out, j->mark)) {
		run_kill(r, RC_FAILED);
		return FATE_DROPPED;
	}
	if (r->o->persist)
		return persist_failed(r, j, why);
	if (parcel_load(p))
		return give_up(r, j, "its input cannot be read again");
	/* Halves are not tried again, but the one record is. */
	if ((j->npieces == 1 || p->records <= 1) &&
	    j->tries++ < r->o->retries) {
		r->s->retries++;
		return FATE_AGAIN;
	}
	if (r->o->halt != HALT_NEVER)
		return give_up(r, j, why);
	if (!r->proven)
		return set_aside(r, slot, why);
	j->tries = 0;
	if (p->records <= 1)
		return reject(r, j, why);
	halve(j);
	r->s->retries++;
	return FATE_AGAIN;
}
