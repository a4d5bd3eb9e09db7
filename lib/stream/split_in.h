/*
 * split_in -- what the files of split share among themselves.
 *
 * split.c	the loop: supplier, descriptors, signals, deadlines
 * split_slot.c	one worker at its piece: start, write, read, end
 * split_job.c	what becomes of a batch: retried, halved, set aside, committed
 * split_pass.c	no workers at all
 */
#ifndef STREAM_SPLIT_IN_H
#define STREAM_SPLIT_IN_H

#include <poll.h>
#include <sys/resource.h>
#include "stream/feed.h"
#include "stream/split.h"
#include "stream/worker.h"

/* One batch; with --persist all that one worker is given. */
struct job {
	uint64_t serial, records, bytes;
	/*
	 * What it consists of, in order: one parcel, until it is halved or
	 * (--persist) more follow.  pieces[.at] is what a worker is at; those
	 * before it are released, but for files with --persist.
	 */
	struct parcel *pieces;
	size_t npieces, cap, at;
	struct hold out;
	uint64_t mark;		/* of .out: what is good */
	uint64_t tries;		/* of the piece that failed */
	unsigned slot;
	uint64_t start_us;	/* since 1970 */
	uint64_t start_ns;	/* monotonic */
	int status;		/* of the last worker that ended */
	char why[128];		/* it failed, before it was set aside */
	struct job *next;	/* in a list */
};

struct slot {
	struct worker w;
	struct job *job;	/* NULL: idle */
	uint64_t sent;		/* of the piece */
	uint64_t deadline_ns;	/* 0: none; then what .kills says is done */
	unsigned kills;
	bool closed;		/* --persist: its worker has had enough */
};

struct run {
	struct split *s;
	const struct split_opts *o;
	struct worker_opts worker;
	struct slot *slots;
	unsigned nslots, busy;

	struct feed *feed;
	enum parcel_got how;	/* PARCEL_GOT until the supplier's end */
	struct parcel *window;	/* not begun, by serial; at most .nslots */
	unsigned nwindow;
	uint64_t moves;		/* into the window and out of it */

	struct job *aside;	/* failed before any other had succeeded */
	unsigned naside;
	bool proven;		/* some worker has succeeded */
	struct job *waiting;	/* -k: done before their turn, by serial */
	uint64_t turn;		/* -k: the serial that comes next */

	bool stopping;		/* nothing new is begun */
	bool stop_seen;		/* TERM, INT or the time limit */
	uint64_t end_ns;	/* 0, or when those that run are killed */
	int rc;

	int sigfd;
	sigset_t old_mask;
	struct rlimit files;	/* as the workers get it */
	struct pollfd *fds;
};

/* split_slot.c */
void slot_begin(struct run *, struct slot *);
void slot_write(struct run *, struct slot *);
void slot_read(struct run *, struct slot *);
/* The worker has ended and its output is read: what now? */
void slot_finish(struct run *, struct slot *);
/* Past its deadline: TERM, KILL, and at last without waiting any longer. */
void slot_overdue(struct run *, struct slot *, uint64_t now);
/* --persist: one more batch (moved) for the worker of ${slot}. */
void slot_add(struct run *, struct slot *, struct parcel *);

/* split_job.c */
struct job *job_new(struct run *, struct parcel *, unsigned slot);
void job_add(struct job *, struct parcel *);
void job_free(struct job *);
/* -k: to the next batch that the run before has not done. */
void pass_done(struct run *);
/* All of it has succeeded: its output's turn, or it waits for that. */
void job_done(struct run *, struct job *);

/*
 * The worker of ${slot} failed at pieces[.at], ${why}.  When the job is set
 * aside, it is no longer the slot's.
 */
enum fate {
	FATE_AGAIN,	/* a worker is to be started for pieces[.at] */
	FATE_DONE,	/* that was the last piece: job_done() */
	FATE_DROPPED	/* nothing of it is committed */
};
enum fate job_failed(struct run *, struct slot *, const char *why);

/* The batches that are set aside show that the command is to blame. */
void nothing_succeeds(struct run *);

/* split.c: with workers, as split_run(). */
int run_workers(struct split *);

/* Nothing new is begun, ${rc} is joined to the result. */
void run_stop(struct run *, int rc);
/* And what runs is ended. */
void run_kill(struct run *, int rc);

#endif
