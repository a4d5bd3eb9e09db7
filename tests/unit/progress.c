/*
 * Unit test of lib/base: the progress line, to a log and on a terminal.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/progress.h"
#include "unit.h"

struct work {
	struct progress_now now;
	atomic_int shown;
};

static void snapshot(void *arg, struct progress_now *now)
{
	struct work *w = arg;

	*now = w->now;
	w->shown++;
}

/* Waits until the line was asked for ${times} times. */
static void wait_shown(struct work *w, int times)
{
	while (w->shown < times)
		usleep(10000);
}

static struct work half_done(void)
{
	return (struct work){ .now = {
		.bytes = 1500000, .total_bytes = 3000000, .records = 1234567,
		.errors = 1, .note = "a note"
	} };
}

static int to_log(const void *arg)
{
	struct work w = half_done();
	struct progress *p;

	(void)arg;
	err_init("prog");
	p = progress_start(PROGRESS_ALWAYS, false, snapshot, &w);
	if (!p)
		return 1;
	wait_shown(&w, 1);
	progress_stop(p);
	return 0;
}

static void test_log(void)
{
	struct buf text = {0};

	CHECK(in_child(to_log, NULL, &text) == 0);
	CHECK(!strncmp(buf_cstr(&text), "prog: 1.5 MB  ", 14));
	CHECK(strstr(text.s, "/s  50%  0:0") != NULL);
	CHECK(strstr(text.s, " left  1,234,567 records  1 error  a note\n"));
	CHECK(!strchr(text.s, '\r') && !strchr(text.s, '\x1b'));
	buf_release(&text);
}

/* A terminal of ${columns} in place of stderr; the other end, or -1. */
static int open_terminal(unsigned short columns)
{
	struct winsize size = { .ws_row = 24, .ws_col = columns };
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	if (master < 0 || grantpt(master) || unlockpt(master))
		return -1;
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0 || ioctl(slave, TIOCSWINSZ, &size) ||
	    dup2(slave, STDERR_FILENO) < 0)
		return -1;
	close(slave);
	return master;
}

/* All that was written to it: the kernel hands it over in pieces. */
static size_t read_terminal(int master, char *text, size_t cap)
{
	struct pollfd p = {.fd = master, .events = POLLIN};
	size_t len = 0;
	ssize_t n;

	while (len < cap && poll(&p, 1, 300) > 0) {
		n = read(master, text + len, cap - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	return len;
}

/* What was written to the terminal goes to the parent. */
static int on_terminal(const void *arg)
{
	const unsigned short *columns = arg;
	struct work w = half_done();
	struct progress *p;
	char text[4096];
	size_t n = 0;
	int pipe_end = dup(STDERR_FILENO), master = open_terminal(*columns);

	if (pipe_end < 0 || master < 0)
		return 2;
	err_init("prog");
	p = progress_start(PROGRESS_AUTO, false, snapshot, &w);
	if (!p)
		return 1;
	wait_shown(&w, 2);	/* asked again: the first line is out */
	err_msg("in between");
	wait_shown(&w, 4);
	progress_stop(p);
	n = read_terminal(master, text, sizeof(text));
	return n > 0 && write(pipe_end, text, n) == (ssize_t)n ? 0 : 3;
}

#define ERASE "\r\033[K"

static void test_terminal(void)
{
	unsigned short wide = 120, narrow = 20;
	struct buf text = {0};
	int rc = in_child(on_terminal, &wide, &text);

	if (rc == 2) {
		printf("skip: no pseudo-terminal\n");
		buf_release(&text);
		return;
	}
	CHECK(rc == 0);
	buf_cstr(&text);
	CHECK(!strncmp(text.s, ERASE "1.5 MB  ", 12));
	CHECK(strstr(text.s, "a note" ERASE "prog: in between\r\n" ERASE "1.5"));
	CHECK(text.len > 4 && !strcmp(text.s + text.len - 4, ERASE));

	CHECK(in_child(on_terminal, &narrow, &text) == 0);
	buf_cstr(&text);
	CHECK(!strncmp(text.s, ERASE "1.5 MB  ", 12));
	CHECK(text.len > 28 && !strncmp(text.s + 4 + 19, ERASE, 4));
	buf_release(&text);
}

static void test_none(void)
{
	struct work w = half_done();

	CHECK(!progress_start(PROGRESS_NEVER, false, snapshot, &w));
	CHECK(!progress_start(PROGRESS_ALWAYS, true, snapshot, &w));
	progress_stop(NULL);
}

int main(void)
{
	test_none();
	test_log();
	test_terminal();
	return unit_end("progress");
}
