/*
 * Unit test of lib/base: outputs put in place, reports, stopping.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/out.h"
#include "base/report.h"
#include "base/stop.h"
#include "unit.h"

static void read_file(const char *path, struct buf *text)
{
	int fd = open(path, O_RDONLY);

	buf_clear(text);
	if (fd >= 0)
		read_all(fd, text);
	else
		buf_adds(text, "(none)");
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		perror(path);
}

/* How many files there are in the current folder. */
static int files(void)
{
	FILE *f = popen("ls -A | wc -l", "r");
	int n = -1;

	if (f && fscanf(f, "%d", &n) != 1)
		n = -1;
	if (f)
		pclose(f);
	return n;
}

struct out_case {
	const char *path;
	int rc;
	bool leave;		/* exit without out_close() */
};

static int write_out(const void *arg)
{
	const struct out_case *c = arg;
	struct out o;
	int i;

	err_init("prog");
	if (out_open(&o, c->path))
		return RC_FAILED;
	for (i = 0; i < 100000; i++)
		if (out_add(&o, "0123456789\n", 11))
			break;
	if (c->leave)
		err_die(RC_FAILED, "leaving");
	return out_close(&o, c->rc);
}

static bool is_result(const char *path)
{
	struct buf text = {0};
	bool ok;

	read_file(path, &text);
	ok = text.len == 1100000 && !memcmp(text.s + 1099989, "0123456789\n",
					    11);
	buf_release(&text);
	return ok;
}

static bool is_text(const char *path, const char *want)
{
	struct buf text = {0};
	bool ok;

	read_file(path, &text);
	ok = same(&text, want);
	buf_release(&text);
	return ok;
}

static void test_out_rename(void)
{
	struct buf text = {0};
	struct stat st;

	umask(027);
	CHECK(in_child(write_out, &(struct out_case){ "a", 0, false },
		       &text) == 0);
	CHECK(same(&text, "") && is_result("a") && files() == 1);
	CHECK(!stat("a", &st) && (st.st_mode & 0777) == 0640);
	umask(022);

	write_file("a", "old");
	CHECK(in_child(write_out, &(struct out_case){ "a", RC_FINDING, false },
		       &text) == RC_FINDING);
	CHECK(same(&text, "") && is_result("a") && files() == 1);

	write_file("a", "old");
	CHECK(!symlink("a", "link"));
	CHECK(in_child(write_out, &(struct out_case){ "link", 0, false },
		       &text) == 0);
	CHECK(is_result("a") && !lstat("link", &st) && S_ISLNK(st.st_mode));
	unlink("link");
	unlink("a");
	buf_release(&text);
}

static void partial_case(struct out_case c, int rc, const char *says)
{
	struct buf text = {0};

	write_file("a", "old");
	CHECK(in_child(write_out, &c, &text) == rc);
	CHECK(same(&text, says));
	CHECK(is_text("a", "old"));
	if (c.rc == RC_USAGE) {
		CHECK(files() == 1);
	} else {
		CHECK(files() == 2 && (c.leave || is_result("a.partial")));
		unlink("a.partial");
	}
	unlink("a");
	buf_release(&text);
}

static void test_out_partial(void)
{
	char here[PATH_MAX];
	struct buf says = {0};

	CHECK(getcwd(here, sizeof(here)) != NULL);
	buf_addf(&says, "prog: %s/a.partial: incomplete output is kept there\n",
		 here);
	buf_cstr(&says);
	partial_case((struct out_case){ "a", RC_FAILED, false }, RC_FAILED,
		     says.s);
	partial_case((struct out_case){ "a", RC_STOPPED, false }, RC_STOPPED,
		     says.s);
	partial_case((struct out_case){ "a", RC_USAGE, false }, RC_USAGE, "");
	buf_clear(&says);
	buf_addf(&says, "prog: leaving\nprog: %s/a.partial: incomplete output "
		 "is kept there\n", here);
	partial_case((struct out_case){ "a", RC_DONE, true }, RC_FAILED,
		     buf_cstr(&says));
	buf_release(&says);
}

static void test_out_failures(void)
{
	struct buf text = {0};

	CHECK(in_child(write_out, &(struct out_case){ "/dev/full", 0, false },
		       &text) == RC_FAILED);
	CHECK(same(&text, "prog: /dev/full: write failed: "
		   "No space left on device\n"));
	CHECK(in_child(write_out, &(struct out_case){ "/dev/null", 0, false },
		       &text) == 0);
	CHECK(same(&text, ""));
	CHECK(in_child(write_out, &(struct out_case){ "no/file", 0, false },
		       &text) == RC_FAILED);
	CHECK(same(&text, "prog: no/file: cannot be written: "
		   "No such file or directory\n"));
	CHECK(in_child(write_out, &(struct out_case){ "", 0, false },
		       &text) == RC_FAILED);
	CHECK(in_child(write_out, &(struct out_case){ ".", 0, false },
		       &text) == RC_FAILED);
	CHECK(files() == 0);
	buf_release(&text);
}

static void test_out(void)
{
	char dir[] = "/tmp/penstock-base.XXXXXX";
	struct out closed = { .fd = -1 };

	CHECK(out_close(&closed, RC_FINDING) == RC_FINDING);
	if (!mkdtemp(dir) || chdir(dir)) {
		perror(dir);
		exit(1);
	}
	test_out_rename();
	test_out_partial();
	test_out_failures();
	CHECK(!chdir("/") && !rmdir(dir));
}

static int write_report(const void *arg)
{
	struct report r;

	(void)arg;
	err_init("prog");
	report_begin(&r);
	report_u64(&r, "records", 17);
	report_seconds(&r, "some_seconds", 1.0625);
	report_text(&r, "note", "a\"b\\\n");
	return report_write(&r, "-");
}

static void test_report(void)
{
	static const char head[] = "{\"program\":\"prog\",\"version\":\"";
	static const char middle[] = "\",\"records\":17,\"some_seconds\":1.062,"
		"\"note\":\"a\\\"b\\\\\\u000a\",\"elapsed_seconds\":0.";
	struct buf text = {0};

	CHECK(!in_child(write_report, NULL, &text));
	CHECK(!strncmp(buf_cstr(&text), head, strlen(head)));
	CHECK(strstr(text.s, middle) != NULL);
	CHECK(text.len > 3 && !strcmp(text.s + text.len - 2, "}\n"));
	buf_release(&text);
}

static int stop_by(const void *arg)
{
	const int *signals = arg;
	struct pollfd p = { .events = POLLIN };

	if (stop_watch(0) || stop_asked() || stop_timeout() != -1)
		return 10;
	p.fd = stop_fd();
	if (poll(&p, 1, 0) != 0)
		return 11;
	raise(signals[0]);
	if (!stop_asked() || poll(&p, 1, 0) != 1)
		return 12;
	if (signals[1])
		raise(signals[1]);
	return RC_STOPPED;
}

static int stop_deadline(const void *arg)
{
	struct pollfd p = { .events = POLLIN };

	(void)arg;
	if (stop_watch(20) || stop_timeout() < 0)
		return 10;
	p.fd = stop_fd();
	while (!stop_asked())
		poll(&p, 1, stop_timeout());
	return stop_timeout() == 0 && poll(&p, 1, 0) == 1 ? RC_STOPPED : 11;
}

static int stop_ignored(const void *arg)
{
	const int *signals = arg;

	if (stop_ignore_first())
		return 10;
	raise(signals[0]);
	if (stop_asked())
		return 11;
	if (signals[1])
		raise(signals[1]);
	return 0;
}

static int stop_background(const void *arg)
{
	(void)arg;
	signal(SIGINT, SIG_IGN);
	if (stop_watch(0))
		return 10;
	raise(SIGINT);
	return stop_asked() ? 11 : 0;
}

static void test_stop(void)
{
	struct buf text = {0};
	int one[] = { SIGINT, 0 }, two[] = { SIGTERM, SIGINT };

	CHECK(in_child(stop_by, one, &text) == RC_STOPPED);
	CHECK(in_child(stop_by, two, &text) == -SIGINT);
	CHECK(in_child(stop_deadline, NULL, &text) == RC_STOPPED);
	CHECK(in_child(stop_ignored, one, &text) == 0);
	CHECK(in_child(stop_ignored, two, &text) == -SIGINT);
	CHECK(in_child(stop_background, NULL, &text) == 0);
	buf_release(&text);
}

int main(void)
{
	/* Tests may run in the background, where the shell ignores INT. */
	signal(SIGINT, SIG_DFL);
	test_out();
	test_report();
	test_stop();
	return unit_end("out");
}
