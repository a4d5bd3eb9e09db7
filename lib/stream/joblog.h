/*
 * joblog -- a line for each batch, in the columns of GNU parallel's --joblog:
 *
 *	Seq Host Starttime JobRuntime Send Receive Exitval Signal Command
 *
 * separated by tabs.  Seq is the batch + 1, Host ":slotN" (N from 0), Send and
 * Receive are bytes, Command is followed by "# plan=HASH end=N" once the
 * batch's output is in place: HASH is of all that decides what is in a batch,
 * N the size of the output file behind it, or "file", or "none" (a pipe).  A
 * batch that failed for good has "# failed" there.
 *
 * The output is written before its line, and a line with one write(2), so after
 * any sudden end all that the log names is there.
 */
#ifndef STREAM_JOBLOG_H
#define STREAM_JOBLOG_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"

#define JOBLOG_FILE UINT64_MAX
#define JOBLOG_NONE (UINT64_MAX - 1)

struct joblog {
	const char *path;
	int fd;			/* -1: none is kept */
	uint64_t plan;
	struct buf command;	/* as text, control bytes escaped */
	struct buf line;
	uint64_t *done;		/* --resume: serials, sorted */
	size_t ndone, done_cap;
	uint64_t end;		/* of the output behind them; 0: nothing yet */
};

struct joblog_line {
	uint64_t serial;
	unsigned slot;
	uint64_t start_us;	/* since 1970 */
	uint64_t runtime_us;
	uint64_t sent, received;
	int status;		/* as waitpid() gives it */
	bool in_place;
	uint64_t end;		/* or JOBLOG_FILE, JOBLOG_NONE */
};

/*
 * ${path} NULL: no log.  ${resume} reads it first; a missing or empty one is a
 * run from the start.  RC_DONE, or RC_USAGE (another plan) or RC_FAILED after a
 * message.
 */
int joblog_open(struct joblog *, const char *path, uint64_t plan,
		char **command, bool resume);
bool joblog_has(const struct joblog *, uint64_t serial);
/* 0, or -1 after a message. */
int joblog_add(struct joblog *, const struct joblog_line *);
/* 0, or -1 after a message. */
int joblog_close(struct joblog *);

#endif
