/*
 * progress -- one line on a terminal that says how far a long run is.
 *
 * One thread sleeps on a condition; progress_stop() wakes it for the last time
 * and joins it.  It takes no signals: those are for the threads that work.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"

enum { FIRST_MS = 1000, EVERY_MS = 250, LOG_EVERY_MS = 1000 };

struct progress {
	void (*snapshot)(void *, struct progress_now *);
	void *arg;
	uint64_t start_ns;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool over;		/* under the lock */
	bool terminal;
};

/* ${n} bytes in three or four figures: 17 B, 1.2 MB, 980 GB. */
static void add_size(struct buf *b, uint64_t n)
{
	static const char units[] = " kMGTPE";
	uint64_t tenths;
	size_t u;

	if (n < 1000) {
		buf_addf(b, "%u B", (unsigned)n);
		return;
	}
	for (tenths = n / 100, u = 1; tenths >= 10000; u++)
		tenths /= 1000;
	buf_addu(b, tenths / 10);
	if (tenths < 1000)
		buf_addf(b, ".%u", (unsigned)(tenths % 10));
	buf_addf(b, " %cB", units[u]);
}

/* 1234567 as 1,234,567. */
static void add_grouped(struct buf *b, uint64_t n)
{
	if (n >= 1000) {
		add_grouped(b, n / 1000);
		buf_addf(b, ",%03u", (unsigned)(n % 1000));
	} else {
		buf_addu(b, n);
	}
}

static void add_clock(struct buf *b, uint64_t s)
{
	if (s >= 3600)
		buf_addf(b, "%u:%02u:%02u", (unsigned)(s / 3600),
			 (unsigned)(s / 60 % 60), (unsigned)(s % 60));
	else
		buf_addf(b, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
}

static void add_share(struct buf *b, const struct progress_now *now, double s)
{
	double done = (double)now->bytes / (double)now->total_bytes;

	if (done > 1)
		done = 1;
	buf_addf(b, "  %u%%", (unsigned)(done * 100));
	/* The first hundredth says little about the rest. */
	if (done < 0.01)
		return;
	buf_adds(b, "  ");
	add_clock(b, (uint64_t)(s * (1 - done) / done + 0.5));
	buf_adds(b, " left");
}

static void describe(struct buf *b, const struct progress_now *now, double s)
{
	add_size(b, now->bytes);
	buf_adds(b, "  ");
	add_size(b, (uint64_t)((double)now->bytes / s));
	buf_adds(b, "/s");
	if (now->total_bytes)
		add_share(b, now, s);
	if (now->records) {
		buf_adds(b, "  ");
		add_grouped(b, now->records);
		buf_adds(b, " records");
	}
	if (now->errors) {
		buf_adds(b, "  ");
		add_grouped(b, now->errors);
		buf_adds(b, now->errors == 1 ? " error" : " errors");
	}
	if (now->note[0])
		buf_addf(b, "  %.*s", (int)sizeof(now->note), now->note);
}

/* A line that wraps could not be erased. */
static size_t columns(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) || w.ws_col < 2)
		return 80;
	return w.ws_col < 400 ? w.ws_col : 400;
}

static void show(const struct progress *p, struct buf *b)
{
	struct progress_now now = {0};

	p->snapshot(p->arg, &now);
	buf_clear(b);
	describe(b, &now, (double)(clock_now_ns() - p->start_ns) / 1e9);
	if (!p->terminal) {
		err_msg("%s", buf_cstr(b));
		return;
	}
	if (b->len >= columns())
		b->len = columns() - 1;
	err_status(buf_cstr(b));
}

/* Sleeps until ${ns} (monotonic); true when it is over. */
static bool wait_until(struct progress *p, uint64_t ns)
{
	struct timespec t = {
		.tv_sec = (time_t)(ns / 1000000000),
		.tv_nsec = (long)(ns % 1000000000)
	};
	bool over;

	pthread_mutex_lock(&p->lock);
	while (!p->over && clock_now_ns() < ns)
		pthread_cond_timedwait(&p->wake, &p->lock, &t);
	over = p->over;
	pthread_mutex_unlock(&p->lock);
	return over;
}

static void *run(void *arg)
{
	struct progress *p = arg;
	uint64_t every = p->terminal ? EVERY_MS : LOG_EVERY_MS;
	uint64_t next = p->start_ns + (uint64_t)FIRST_MS * 1000000;
	struct buf text = {0};

	while (!wait_until(p, next)) {
		show(p, &text);
		next = clock_now_ns() + every * 1000000;
	}
	if (p->terminal)
		err_status(NULL);
	buf_release(&text);
	return NULL;
}

static int start_thread(struct progress *p)
{
	pthread_condattr_t attr;
	sigset_t all, old;
	int rc;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, &attr);
	pthread_condattr_destroy(&attr);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&p->thread, NULL, run, p);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

static void release(struct progress *p)
{
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

struct progress *progress_start(int when, bool quiet,
				void (*snapshot)(void *, struct progress_now *),
				void *arg)
{
	bool terminal = isatty(STDERR_FILENO);
	struct progress *p;

	if (quiet || when == PROGRESS_NEVER ||
	    (when == PROGRESS_AUTO && !terminal))
		return NULL;
	p = mem_zalloc(1, sizeof(*p));
	p->snapshot = snapshot;
	p->arg = arg;
	p->start_ns = clock_now_ns();
	p->terminal = terminal;
	if (!start_thread(p))
		return p;
	release(p);
	return NULL;
}

void progress_stop(struct progress *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->over = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	release(p);
}
