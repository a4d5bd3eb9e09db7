/*
 * split -- batches from a supplier, through worker processes, to a sink.
 *
 * One thread runs all the workers; a second one only makes parcels (feed.h).
 * The first waits in one poll(2) for
 *
 *	- the feed: another parcel is ready (asked only while there is room),
 *	- a signalfd: some child has ended,
 *	- stop_fd(): TERM, INT or the time limit,
 *	- of each worker, the pipe to it while its piece is not all written, and
 *	  the pipe from it until its end,
 *
 * and for the next deadline.  Nothing in this loop waits for a worker: their
 * pipes do not block.  It does wait for who reads our own output, which is
 * meant: no memory would be enough for who does not.
 *
 * A parcel waits in the window until its slot is free: with round-robin slot t
 * of T takes parcels t, t + T, ..., with free dispatch the first one goes to
 * whoever is idle.  The window holds T, the workers are at T, and one is being
 * made: 2T + 1 in all.  Parcels of plain files are only notes of where their
 * bytes stand; these go from the page cache to the worker's pipe by splice(2).
 *
 * A worker has done its batch when its process has ended and its output has
 * been read to the end, in whatever order that happens.  Output is held until
 * then (hold.h), so that of a batch all is committed or nothing.
 *
 * With -k a batch that is done before its turn waits with its output; batches
 * more than AHEAD behind the one whose turn it is are not begun, so that what
 * waits is bounded.
 *
 * Stopping.  run_stop(): nothing new is begun, what runs may finish, as long as
 * .end_ns is not over.  run_kill(): what runs is killed.  In both cases what
 * was committed is whole, and the rest is as if it had never been begun.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/groups.h"
#include "base/mem.h"
#include "base/stop.h"
#include "stream/split_in.h"

#define AHEAD 256		/* and 8 for each slot */

/*
 * Pipes of 1 MiB for a few workers.  A user has 64 MiB of them (pipe(7),
 * pipe-user-pages-soft); beyond that new ones, also those of the workers
 * themselves, would shrink to a page or two.
 */
#define PIPE_MOST (1024 * 1024)
#define PIPE_LEAST (64 * 1024)
#define PIPES_ALL (16 * 1024 * 1024)

void run_stop(struct run *r, int rc)
{
	r->stopping = true;
	r->rc = rc_join(r->rc, rc);
	/* The feed's thread may be waiting for input. */
	stop_request();
}

void run_kill(struct run *r, int rc)
{
	run_stop(r, rc);
	for (unsigned i = 0; i < r->nslots; i++)
		worker_kill(&r->slots[i].w, SIGKILL);
	r->end_ns = 1;
}

/* Parcels into the window, as far as there is room. */
static void take_feed(struct run *r)
{
	struct parcel p;
	int got;

	while (!r->stopping && r->how == PARCEL_GOT &&
	       r->nwindow < r->nslots) {
		got = feed_take(r->feed, &p, &r->how);
		if (!got)
			break;
		if (got < 0) {
			if (r->how == PARCEL_FAILED)
				run_stop(r, RC_FAILED);
			break;
		}
		r->moves++;
		if (joblog_has(r->s->log, p.serial)) {
			r->s->skipped++;
			pass_done(r);
			parcel_release(&p);
			continue;
		}
		r->window[r->nwindow++] = p;	/* now owned by it */
	}
}

/* The parcel of the window that ${slot} is to take, or -1. */
static int choose(const struct run *r, unsigned slot)
{
	uint64_t ahead = AHEAD + 8 * (uint64_t)r->nslots;

	for (unsigned i = 0; i < r->nwindow; i++) {
		const struct parcel *p = &r->window[i];

		if (r->o->keep_order && p->serial >= r->turn + ahead)
			return -1;
		if (r->o->dispatch == DISPATCH_FREE ||
		    p->serial % r->nslots == slot)
			return (int)i;
	}
	return -1;
}

static struct parcel take_window(struct run *r, int i)
{
	struct parcel p = r->window[i];

	r->moves++;
	r->nwindow--;
	memmove(&r->window[i], &r->window[i + 1],
		(r->nwindow - (unsigned)i) * sizeof(p));
	return p;
}

/* A job that was set aside, now that it is known that the command works. */
static struct job *take_aside(struct run *r, unsigned slot)
{
	struct job **at = &r->aside, *j;

	if (!r->proven)
		return NULL;
	while (*at && r->o->dispatch != DISPATCH_FREE && (*at)->slot != slot)
		at = &(*at)->next;
	j = *at;
	if (j) {
		*at = j->next;
		r->naside--;
	}
	return j;
}

/* Work for an idle slot. */
static void employ(struct run *r, unsigned i)
{
	struct slot *slot = &r->slots[i];
	struct job *j = take_aside(r, i);
	struct parcel p;
	int chosen;

	if (!j) {
		chosen = choose(r, i);
		if (chosen < 0)
			return;
		p = take_window(r, chosen);
		j = job_new(r, &p, i);
	}
	j->slot = i;
	slot->job = j;		/* now owned by the slot */
	r->s->busy = ++r->busy;
	slot_begin(r, slot);
}

/* --persist: to a worker that has written all it had, or is not there yet. */
static void supply(struct run *r, unsigned i)
{
	struct slot *slot = &r->slots[i];
	struct parcel p;
	int chosen;

	while (!slot->job || slot->job->at == slot->job->npieces) {
		chosen = choose(r, i);
		if (chosen < 0 || r->stopping)
			return;
		p = take_window(r, chosen);
		slot_add(r, slot, &p);
	}
}

static void assign(struct run *r)
{
	uint64_t before;

	/* Until nothing moves: a parcel may be written at once. */
	do {
		before = r->moves;
		take_feed(r);
		for (unsigned i = 0; i < r->nslots && !r->stopping; i++) {
			if (r->o->persist)
				supply(r, i);
			else if (!r->slots[i].job)
				employ(r, i);
		}
	} while (r->moves != before && !r->stopping);
	/* --persist: tells those that have all of theirs. */
	for (unsigned i = 0; r->o->persist && i < r->nslots; i++) {
		struct slot *slot = &r->slots[i];

		if (slot->job && slot->job->at == slot->job->npieces)
			slot_write(r, slot);
	}
}

/* Everything failed, and nothing is left that could show it can be done. */
static void check_aside(struct run *r)
{
	if (r->busy || r->proven || !r->naside || r->stopping ||
	    r->how == PARCEL_GOT || r->nwindow)
		return;
	nothing_succeeds(r);
}

static bool finished(const struct run *r)
{
	return !r->busy && (r->stopping || (r->how != PARCEL_GOT &&
					    !r->nwindow && !r->naside));
}

/* Is there something that stopping now leaves undone? */
static bool undone(const struct run *r)
{
	return (r->how != PARCEL_END) || r->nwindow || r->naside;
}

static void look_for_stop(struct run *r)
{
	if (r->stop_seen || !stop_asked())
		return;
	r->stop_seen = true;
	if (r->stopping)
		return;
	take_feed(r);	/* it may just have come to its end */
	r->stopping = true;
	if (undone(r))
		r->rc = rc_join(r->rc, RC_STOPPED);
	r->end_ns = clock_now_ns() + r->o->grace_ms * 1000000 + 1;
	if (groups_guard_second())
		err_msg("cannot watch for signals: %s", strerror(errno));
}

static void sooner(int *ms, uint64_t now, uint64_t deadline)
{
	uint64_t left = deadline > now ? (deadline - now + 999999) / 1000000
				       : 0;

	if (deadline && (*ms < 0 || left < (uint64_t)*ms))
		*ms = left > INT_MAX ? INT_MAX : (int)left;
}

/* Milliseconds to the next deadline, -1 for none. */
static int wait_ms(const struct run *r)
{
	uint64_t now = clock_now_ns();
	int ms = r->stop_seen ? -1 : stop_timeout();

	sooner(&ms, now, r->end_ns > 1 ? r->end_ns : 0);
	for (unsigned i = 0; i < r->nslots; i++)
		if (r->slots[i].job)
			sooner(&ms, now, r->slots[i].deadline_ns);
	return ms;
}

static bool wants_to_write(const struct slot *slot)
{
	return slot->job && slot->w.in >= 0 && !slot->w.ended &&
	       slot->job->at < slot->job->npieces;
}

/*
 * It cannot be known what is ready (poll(2): ENOMEM).  The run ends, and what
 * its workers still say is asked for: nothing that is looked at here blocks.
 */
static void cannot_wait(struct run *r)
{
	const struct timespec pause = { .tv_nsec = 10000000 };

	if (r->end_ns != 1) {
		err_msg("cannot wait for workers: %s", strerror(errno));
		run_kill(r, RC_FAILED);
	}
	nanosleep(&pause, NULL);
	for (unsigned i = 0; i < r->nslots; i++)
		if (r->slots[i].job && r->slots[i].w.out >= 0)
			slot_read(r, &r->slots[i]);
}

/* Waits, then reads and writes what can be. */
static void wait_and_move(struct run *r)
{
	struct pollfd *fds = r->fds;
	bool room = !r->stopping && r->how == PARCEL_GOT &&
		    r->nwindow < r->nslots;

	fds[0] = (struct pollfd){ .fd = room ? feed_fd(r->feed) : -1,
				  .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = r->sigfd, .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = r->stop_seen ? -1 : stop_fd(),
				  .events = POLLIN };
	for (unsigned i = 0; i < r->nslots; i++) {
		struct slot *slot = &r->slots[i];

		fds[3 + 2 * i] = (struct pollfd){
			.fd = wants_to_write(slot) ? slot->w.in : -1,
			.events = POLLOUT
		};
		fds[4 + 2 * i] = (struct pollfd){
			.fd = slot->job ? slot->w.out : -1, .events = POLLIN
		};
	}
	if (poll(fds, 3 + 2 * (nfds_t)r->nslots, wait_ms(r)) < 0) {
		if (errno != EINTR && errno != EAGAIN)
			cannot_wait(r);
		return;
	}
	for (unsigned i = 0; i < r->nslots; i++) {
		if (fds[4 + 2 * i].revents)
			slot_read(r, &r->slots[i]);
		if (fds[3 + 2 * i].revents)
			slot_write(r, &r->slots[i]);
	}
}

/* Takes up the workers that have ended. */
static void reap(struct run *r)
{
	struct signalfd_siginfo info;

	while (read(r->sigfd, &info, sizeof(info)) > 0)
		;
	for (unsigned i = 0; i < r->nslots; i++) {
		struct slot *slot = &r->slots[i];

		if (slot->job && worker_reap(&slot->w) && slot->w.out < 0)
			slot_finish(r, slot);
	}
}

static void look_at_deadlines(struct run *r)
{
	uint64_t now = clock_now_ns();

	if (r->end_ns > 1 && now >= r->end_ns) {
		r->rc = rc_join(r->rc, RC_STOPPED);
		run_kill(r, r->rc);
	}
	for (unsigned i = 0; i < r->nslots; i++) {
		struct slot *slot = &r->slots[i];

		/* Killed, but its output is held open by somebody else. */
		if (r->end_ns == 1 && slot->job && slot->w.out >= 0 &&
		    !slot->deadline_ns) {
			slot->kills = 2;
			slot->deadline_ns = now + 1000000000;
		}
		if (slot->job && slot->deadline_ns &&
		    now >= slot->deadline_ns)
			slot_overdue(r, slot, now);
	}
}

static int start(struct run *r)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	/* Who started us may have had it ignored, and then nobody waits. */
	signal(SIGCHLD, SIG_DFL);
	if (sigprocmask(SIG_BLOCK, &child, &r->old_mask))
		return -1;
	r->sigfd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (r->sigfd < 0)
		return -1;
	groups_room(r->nslots);
	if (groups_guard())
		return -1;
	r->feed = feed_start(r->s->supplier);
	return r->feed ? 0 : -1;
}

static int pipe_bytes(unsigned nslots)
{
	unsigned share = PIPES_ALL / nslots;

	if (share > PIPE_MOST)
		return PIPE_MOST;
	return share < PIPE_LEAST ? PIPE_LEAST : (int)share;
}

/* Each worker takes up to five descriptors; its own limit stays. */
static void raise_files(struct run *r)
{
	struct rlimit more;
	rlim_t want = 64 + 6 * (rlim_t)r->nslots + AHEAD +
		      8 * (rlim_t)r->nslots;

	if (getrlimit(RLIMIT_NOFILE, &r->files))
		return;
	more = r->files;
	if (more.rlim_cur == RLIM_INFINITY || more.rlim_cur >= want)
		return;
	more.rlim_cur = want < more.rlim_max ? want : more.rlim_max;
	if (!setrlimit(RLIMIT_NOFILE, &more))
		r->worker.files = &r->files;
}

static void release(struct run *r)
{
	struct job *j;

	feed_end(r->feed);
	for (unsigned i = 0; i < r->nwindow; i++)
		parcel_release(&r->window[i]);
	while ((j = r->aside)) {
		r->aside = j->next;
		job_free(j);
	}
	while ((j = r->waiting)) {
		r->waiting = j->next;
		job_free(j);
	}
	if (r->sigfd >= 0) {
		close(r->sigfd);
		/* another run may follow: the next call */
		sigprocmask(SIG_SETMASK, &r->old_mask, NULL);
	}
	if (r->worker.files)
		setrlimit(RLIMIT_NOFILE, &r->files);
	free(r->window);
	free(r->slots);
	free(r->fds);
}

static void loop(struct run *r)
{
	for (;;) {
		look_for_stop(r);
		assign(r);
		check_aside(r);
		if (finished(r))
			return;
		wait_and_move(r);
		reap(r);
		look_at_deadlines(r);
	}
}

int run_workers(struct split *s)
{
	struct run r = {
		.s = s, .o = s->opts, .how = PARCEL_GOT, .sigfd = -1,
		.nslots = (unsigned)s->opts->common.max_procs,
		.turn = s->first
	};

	r.slots = mem_zalloc(r.nslots, sizeof(*r.slots));
	r.window = mem_zalloc(r.nslots, sizeof(*r.window));
	r.fds = mem_zalloc(3 + 2 * (size_t)r.nslots, sizeof(*r.fds));
	r.worker = (struct worker_opts){ .command = s->opts->command,
					 .mask = &r.old_mask,
					 .pipe_bytes = pipe_bytes(r.nslots) };
	for (unsigned i = 0; i < r.nslots; i++)
		worker_init(&r.slots[i].w);
	raise_files(&r);
	if (start(&r)) {
		err_msg("cannot start: %s", strerror(errno));
		r.rc = RC_FAILED;
	} else {
		loop(&r);
		if (r.how == PARCEL_STOPPED)
			r.rc = rc_join(r.rc, RC_STOPPED);
	}
	release(&r);
	return r.rc;
}
