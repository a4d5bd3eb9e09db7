/*
 * joblog -- what was done, for people, for GNU parallel and for --resume.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "stream/joblog.h"

static const char header[] = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive"
			     "\tExitval\tSignal\tCommand\n";

static int fail(const struct joblog *log, const char *what)
{
	err_msg("%s: cannot be %s: %s", log->path, what, strerror(errno));
	return -1;
}

static int failed(const struct joblog *log, const char *what)
{
	fail(log, what);
	return RC_FAILED;
}

/* The words of the command; tabs and line ends would break the columns. */
static void set_command(struct joblog *log, char **command)
{
	for (size_t i = 0; command && command[i]; i++) {
		if (i)
			buf_addc(&log->command, ' ');
		buf_add_visible(&log->command, command[i], strlen(command[i]));
	}
	if (!command)
		buf_adds(&log->command, ":");
}

/* What we wrote behind the command, which may hold the same words before. */
static const char *note_of(const char *line)
{
	const char *note = NULL;

	while ((line = strstr(line, " # ")))
		note = line += 3;
	return note;
}

/* One line that was read.  RC_DONE, or RC_USAGE after a message. */
static int take_line(struct joblog *log, const char *line)
{
	const char *note = note_of(line);
	unsigned long long plan, end;
	uint64_t seq;
	char *rest;

	seq = strtoull(line, &rest, 10);
	if (rest == line || *rest != '\t' || !seq || !note ||
	    sscanf(note, "plan=%16llx", &plan) != 1)
		return RC_DONE;		/* not in place */
	if (plan != log->plan) {
		err_msg("%s: another run's log: the inputs, the command or the "
			"options that make batches have changed since (start "
			"anew without --resume)", log->path);
		return RC_USAGE;
	}
	if (sscanf(note, "plan=%*x end=%20llu", &end) == 1 && end > log->end)
		log->end = end;
	mem_grow(&log->done, &log->done_cap, log->ndone + 1,
		 sizeof(*log->done));
	log->done[log->ndone++] = seq - 1;
	return RC_DONE;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Reads whole lines; what is behind the last one is cut off. */
static int read_log(struct joblog *log)
{
	FILE *f = fopen(log->path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	off_t whole = 0;
	int rc = RC_DONE;

	if (!f)
		return errno == ENOENT ? RC_DONE : failed(log, "read");
	while (!rc && (n = getline(&line, &cap, f)) > 0 &&
	       line[n - 1] == '\n') {
		whole += n;
		rc = take_line(log, line);
	}
	if (!rc && ferror(f))
		rc = failed(log, "read");
	free(line);
	fclose(f);
	if (!rc && truncate(log->path, whole))
		rc = failed(log, "cut back");
	if (log->ndone)
		qsort(log->done, log->ndone, sizeof(*log->done), by_number);
	return rc;
}

static int write_line(struct joblog *log, const char *s, size_t len)
{
	ssize_t n;

	do
		n = write(log->fd, s, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(log, "written");
	if ((size_t)n == len)
		return 0;
	errno = ENOSPC;
	return fail(log, "written");
}

int joblog_open(struct joblog *log, const char *path, uint64_t plan,
		char **command, bool resume)
{
	int rc;

	*log = (struct joblog){ .path = path, .fd = -1, .plan = plan };
	if (!path)
		return RC_DONE;
	set_command(log, command);
	if (resume && (rc = read_log(log)))
		return rc;
	log->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC |
		       (resume ? 0 : O_TRUNC), 0666);
	if (log->fd < 0)
		return failed(log, "written");
	if (lseek(log->fd, 0, SEEK_END) == 0 &&
	    write_line(log, header, sizeof(header) - 1))
		return RC_FAILED;
	return RC_DONE;
}

bool joblog_has(const struct joblog *log, uint64_t serial)
{
	return log->ndone && bsearch(&serial, log->done, log->ndone,
				     sizeof(serial), by_number);
}

static void add_end(struct buf *b, const struct joblog *log, uint64_t end)
{
	buf_addf(b, " # plan=%016llx end=", (unsigned long long)log->plan);
	if (end == JOBLOG_FILE)
		buf_adds(b, "file");
	else if (end == JOBLOG_NONE)
		buf_adds(b, "none");
	else
		buf_addu(b, end);
}

int joblog_add(struct joblog *log, const struct joblog_line *l)
{
	struct buf *b = &log->line;
	bool killed = WIFSIGNALED(l->status);

	if (log->fd < 0)
		return 0;
	buf_clear(b);
	buf_addf(b, "%llu\t:slot%u\t%llu.%03llu\t%6llu.%03llu",
		 (unsigned long long)l->serial + 1, l->slot,
		 (unsigned long long)(l->start_us / 1000000),
		 (unsigned long long)(l->start_us / 1000 % 1000),
		 (unsigned long long)(l->runtime_us / 1000000),
		 (unsigned long long)(l->runtime_us / 1000 % 1000));
	buf_addf(b, "\t%llu\t%llu\t%d\t%d\t", (unsigned long long)l->sent,
		 (unsigned long long)l->received,
		 killed ? 0 : WEXITSTATUS(l->status),
		 killed ? WTERMSIG(l->status) : 0);
	buf_add(b, log->command.s, log->command.len);
	if (l->in_place)
		add_end(b, log, l->end);
	else
		buf_adds(b, " # failed");
	buf_addc(b, '\n');
	return write_line(log, b->s, b->len);
}

int joblog_close(struct joblog *log)
{
	int rc = 0;

	if (log->fd >= 0 && close(log->fd))
		rc = fail(log, "written");
	buf_release(&log->command);
	buf_release(&log->line);
	free(log->done);
	*log = (struct joblog){ .fd = -1 };
	return rc;
}
