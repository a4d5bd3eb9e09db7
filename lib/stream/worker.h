/*
 * worker -- one process of the command that batches are fed to.
 *
 * It stands in a process group of its own, reads a large pipe (as far as the
 * system allows) and writes one that we read; standard error is ours.  It gets
 * PENSTOCK_BATCH and PENSTOCK_INDEX_FD (place.h), and dies with us.
 *
 * We keep the reading end of its standard input open.  So a write never fails
 * because the worker has gone (there is no EPIPE), and when it has ended the
 * pipe still tells how much of its batch it left unread.
 *
 * Lifecycle: worker_init(), worker_start(), I/O on the descriptors (all of ours
 * do not block), worker_reap() until true, worker_close().  Main thread only.
 */
#ifndef STREAM_WORKER_H
#define STREAM_WORKER_H

#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>
#include "stream/parcel.h"

struct worker {
	pid_t pid;		/* and process group; 0: none */
	int in, in_read;	/* its standard input; -1: closed */
	int out;		/* its standard output; -1: closed or at end */
	int index;		/* PENSTOCK_INDEX_FD */
	uint64_t indexed;	/* bytes of it */
	bool ended;
	int status;		/* of waitpid() */
};

struct worker_opts {
	char **command;
	const sigset_t *mask;	/* the signal mask it gets */
	const struct rlimit *files;	/* RLIMIT_NOFILE it gets; NULL: ours */
	unsigned slot;		/* for groups.h */
	int pipe_bytes;		/* what a pipe is asked to hold */
};

void worker_init(struct worker *);

/* 0, or -1 with errno: of pipes and processes, or why exec failed. */
int worker_start(struct worker *, const struct worker_opts *, uint64_t batch);

/* Appends the lines of ${p} to the index.  0, or -1 with errno. */
int worker_place(struct worker *, const struct parcel *p, struct supplier *);

/*
 * Writes as much of ${p} behind its first ${*sent} bytes as the pipe takes now.
 * 1: all is written, 0: not yet, -1: errno (of reading the file; ENODATA: it
 * became shorter).
 */
int worker_write(struct worker *, struct parcel *p, uint64_t *sent);

/* No more input. */
void worker_end_input(struct worker *);

/* Bytes in the pipe that were not read. */
uint64_t worker_unread(const struct worker *);

/* Has it ended?  Then .status is known. */
bool worker_reap(struct worker *);

/* To the whole group. */
void worker_kill(const struct worker *, int signo);

/* Closes everything; one that has not ended is killed, with its group. */
void worker_close(struct worker *, unsigned slot);

#endif
