/*
 * split_slot -- one worker at its piece.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "stream/split_in.h"

/* From TERM to KILL, and from there to no longer waiting. */
#define KILL_NS 1000000000ULL

static unsigned number(const struct run *r, const struct slot *slot)
{
	return (unsigned)(slot - r->slots);
}

static void idle(struct run *r, struct slot *slot)
{
	job_free(slot->job);
	slot->job = NULL;
	r->busy--;
	r->s->busy = r->busy;
}

/* The command cannot be run at all. */
static void no_command(struct run *r, int status, const char *why)
{
	if (r->rc != RC_USAGE)
		err_msg("%s: %s (exit status %d)", r->o->command[0],
			why ? why : status == 127 ? "command not found" :
				    "cannot be run", status);
	run_kill(r, RC_USAGE);
}

static void cannot_start(struct run *r, struct slot *slot)
{
	int error = errno;

	if (error == ENOENT || error == ENOTDIR)
		no_command(r, 127, strerror(error));
	else if (error == EACCES || error == ENOEXEC)
		no_command(r, 126, strerror(error));
	else {
		err_msg("%s: cannot be started: %s", r->o->command[0],
			strerror(error));
		run_kill(r, RC_FAILED);
	}
	idle(r, slot);
}

/* What is written to the worker next is pieces[.at]. */
static bool begin_piece(struct run *r, struct slot *slot)
{
	struct parcel *p = &slot->job->pieces[slot->job->at];

	slot->sent = 0;
	if (!worker_place(&slot->w, p, r->s->supplier))
		return true;
	err_msg("the places of a batch cannot be written: %s",
		strerror(errno));
	run_kill(r, RC_FAILED);
	return false;
}

void slot_begin(struct run *r, struct slot *slot)
{
	r->worker.slot = number(r, slot);
	if (worker_start(&slot->w, &r->worker, slot->job->serial)) {
		cannot_start(r, slot);
		return;
	}
	slot->kills = 0;
	slot->deadline_ns = r->o->timeout_ms ?
		clock_now_ns() + r->o->timeout_ms * 1000000 : 0;
	if (begin_piece(r, slot))
		slot_write(r, slot);
}

/* --persist: nothing more comes for this worker. */
static bool no_more(const struct run *r)
{
	return r->stopping || (r->how != PARCEL_GOT && !r->nwindow);
}

/* A piece is written.  True: go on with the next one. */
static bool piece_written(struct run *r, struct slot *slot)
{
	struct job *j = slot->job;

	if (!r->o->persist) {
		worker_end_input(&slot->w);
		return false;
	}
	/* Only what could be read again is kept for another try. */
	if (!r->o->retries || !j->pieces[j->at].file)
		parcel_release(&j->pieces[j->at]);
	j->at++;
	if (j->at < j->npieces)
		return begin_piece(r, slot);
	if (no_more(r))
		worker_end_input(&slot->w);
	return false;
}

void slot_write(struct run *r, struct slot *slot)
{
	struct job *j = slot->job;
	int done;

	if (slot->w.in < 0)
		return;
	if (j->at == j->npieces) {
		if (no_more(r))
			worker_end_input(&slot->w);
		return;
	}
	do {
		struct parcel *p = &j->pieces[j->at];

		done = worker_write(&slot->w, p, &slot->sent);
		if (done >= 0)
			continue;
		err_msg("%s: cannot be passed on: %s",
			r->s->supplier->source(r->s->supplier,
					       p->runs[0].source),
			errno == ENODATA ? SOURCE_SHRANK : strerror(errno));
		run_kill(r, RC_FAILED);
	} while (done > 0 && piece_written(r, slot));
}

void slot_add(struct run *r, struct slot *slot, struct parcel *p)
{
	r->s->batches++;
	if (slot->closed) {
		parcel_release(p);
		return;
	}
	if (!slot->job) {
		slot->job = job_new(r, p, number(r, slot));
		r->s->busy = ++r->busy;
		slot_begin(r, slot);
		return;
	}
	job_add(slot->job, p);
	if (slot->job->at + 1 == slot->job->npieces && begin_piece(r, slot))
		slot_write(r, slot);
}

void slot_read(struct run *r, struct slot *slot)
{
	enum held how = hold_read(&slot->job->out, slot->w.out);

	if (how == HELD_MORE || how == HELD_AGAIN)
		return;
	close(slot->w.out);
	slot->w.out = -1;
	if (how == HELD_FAILED)
		run_kill(r, RC_FAILED);
}

void slot_overdue(struct run *r, struct slot *slot, uint64_t now)
{
	(void)r;
	slot->deadline_ns = now + KILL_NS;
	if (slot->kills++ == 0) {
		worker_kill(&slot->w, SIGTERM);
	} else if (slot->kills == 2) {
		worker_kill(&slot->w, SIGKILL);
	} else if (slot->w.out >= 0) {
		/* Somebody outside the group holds it open. */
		close(slot->w.out);
		slot->w.out = -1;
	}
}

/* Bytes of what it was given that the worker did not take. */
static uint64_t unread(const struct slot *slot)
{
	const struct job *j = slot->job;
	uint64_t left = worker_unread(&slot->w);

	for (size_t i = j->at; i < j->npieces; i++)
		left += j->pieces[i].bytes - (i == j->at ? slot->sent : 0);
	return left;
}

/* Why it failed, in words; NULL: it has not. */
static const char *failure(const struct run *r, const struct slot *slot,
			   char why[128])
{
	int status = slot->w.status;
	uint64_t left;

	if (slot->kills)
		snprintf(why, 128, "the worker took longer than --timeout");
	else if (WIFSIGNALED(status))
		snprintf(why, 128, "the worker was killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (!r->o->ok_status[WEXITSTATUS(status)])
		snprintf(why, 128, "the worker ended with status %d",
			 WEXITSTATUS(status));
	else if (r->o->persist && slot->w.in >= 0 && !r->o->allow_unread)
		snprintf(why, 128, "the worker ended before its input did "
			 "(--allow-unread lets it)");
	else if (r->o->allow_unread || !(left = r->o->persist ?
		 unread(slot) : slot->job->pieces[slot->job->at].bytes -
				slot->sent + worker_unread(&slot->w)))
		return NULL;
	else
		snprintf(why, 128, "the worker left %llu bytes unread "
			 "(--allow-unread lets it)", (unsigned long long)left);
	return why;
}

static enum fate piece_done(struct run *r, struct slot *slot)
{
	struct job *j = slot->job;

	r->proven = true;
	j->mark = j->out.len;
	j->tries = 0;
	if (r->o->persist) {
		slot->closed = true;
		return FATE_DONE;
	}
	parcel_release(&j->pieces[j->at++]);
	return j->at < j->npieces ? FATE_AGAIN : FATE_DONE;
}

static bool cannot_run(const struct run *r, int status)
{
	return WIFEXITED(status) && !r->o->ok_status[WEXITSTATUS(status)] &&
	       (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127);
}

void slot_finish(struct run *r, struct slot *slot)
{
	char text[128];
	const char *why = failure(r, slot, text);
	struct job *j = slot->job;
	enum fate fate;

	j->status = slot->w.status;
	if (why)	/* children that it left behind */
		worker_kill(&slot->w, SIGKILL);
	worker_close(&slot->w, number(r, slot));
	if (cannot_run(r, j->status))
		no_command(r, WEXITSTATUS(j->status), NULL);
	fate = why ? job_failed(r, slot, why) : piece_done(r, slot);
	if (fate == FATE_AGAIN) {
		slot_begin(r, slot);
		return;
	}
	if (fate == FATE_DONE) {
		slot->job = NULL;	/* now owned by job_done() */
		job_done(r, j);
	}
	idle(r, slot);
}
