/*
 * stop -- stopping early on purpose: TERM, INT and --time-limit.
 *
 * The flag lives in an eventfd as well, because a signal interrupts one thread
 * only, and not the read that begins right after it.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/stop.h"

static atomic_bool asked;
static int event_fd = -1;
static uint64_t deadline_ns;	/* monotonic; 0: none */

/* Safe in a signal handler. */
void stop_request(void)
{
	uint64_t one = 1;
	int saved = errno;

	/* An eventfd's counter takes any number of these, so cannot block. */
	if (!atomic_exchange(&asked, true) && event_fd >= 0)
		while (write(event_fd, &one, sizeof(one)) < 0 && errno == EINTR)
			;
	errno = saved;
}

static void to_default(int signo)
{
	struct sigaction act = { .sa_handler = SIG_DFL }, old;

	if (!sigaction(signo, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(signo, &act, NULL);
}

/* The next signal of either kind ends the process. */
static void back_to_default(void)
{
	to_default(SIGTERM);
	to_default(SIGINT);
}

static void on_signal_stop(int signo)
{
	(void)signo;
	back_to_default();
	stop_request();
}

static void on_signal_go_on(int signo)
{
	(void)signo;
	back_to_default();
}

/* A shell starts background jobs with INT ignored: that is kept. */
static int catch_signal(int signo, void (*handler)(int), int flags)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = flags };
	struct sigaction old;

	sigemptyset(&act.sa_mask);
	sigaddset(&act.sa_mask, SIGTERM);
	sigaddset(&act.sa_mask, SIGINT);
	if (sigaction(signo, NULL, &old))
		return -1;
	if (old.sa_handler == SIG_IGN)
		return 0;
	return sigaction(signo, &act, NULL);
}

void stop_limit(uint64_t limit_ms)
{
	deadline_ns = 0;
	if (limit_ms && (__builtin_mul_overflow(limit_ms, (uint64_t)1000000,
						&deadline_ns) ||
			 __builtin_add_overflow(deadline_ns, clock_now_ns(),
						&deadline_ns)))
		deadline_ns = UINT64_MAX;	/* in 580 years */
}

static int cannot(void)
{
	err_msg("cannot watch for signals: %s", strerror(errno));
	return -1;
}

int stop_watch(uint64_t limit_ms)
{
	event_fd = eventfd(0, EFD_CLOEXEC);
	if (event_fd < 0)
		return cannot();
	stop_limit(limit_ms);
	if (catch_signal(SIGTERM, on_signal_stop, 0) ||
	    catch_signal(SIGINT, on_signal_stop, 0))
		return cannot();
	return 0;
}

int stop_ignore_first(void)
{
	if (catch_signal(SIGTERM, on_signal_go_on, SA_RESTART) ||
	    catch_signal(SIGINT, on_signal_go_on, SA_RESTART))
		return cannot();
	return 0;
}

bool stop_asked(void)
{
	if (atomic_load_explicit(&asked, memory_order_relaxed))
		return true;
	if (!deadline_ns || clock_now_ns() < deadline_ns)
		return false;
	stop_request();
	return true;
}

int stop_fd(void)
{
	return event_fd;
}

int stop_timeout(void)
{
	uint64_t now, ms;

	if (!deadline_ns)
		return -1;
	now = clock_now_ns();
	if (now >= deadline_ns)
		return 0;
	/* Rounded up: a poll that ends in time must find the deadline over. */
	ms = (deadline_ns - now + 999999) / 1000000;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}
