/*
 * out -- where a program's result goes: stdout, or a file put in place whole.
 *
 * out_open() with a path writes to a temporary file beside it (same directory,
 * O_EXCL, mode 0666 less umask); out_close() renames it to the path, or, for
 * RC_FAILED and RC_STOPPED, to PATH.partial, and says so in a message; for
 * RC_USAGE nothing is left of it.  What is still open when the program calls
 * exit(3), also through err_die() or for lack of memory, becomes PATH.partial.
 * A symbolic link is followed; what is no regular file (/dev/null, a FIFO) is
 * written to directly.
 *
 * Writes are collected (256 KiB) and every failure is kept: the first one is
 * reported once, with the name, and out_close() then returns RC_FAILED.  EPIPE
 * on stdout is left to SIGPIPE's default action.
 *
 * One thread at a time for one out; out_open() and out_close() of several outs
 * may be called from any.
 */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include <stdbool.h>
#include "base/buf.h"

struct out {
	struct buf pending;
	char *path;	/* NULL: stdout (or no file asked for) */
	char *temp;	/* NULL: written to directly */
	int fd;		/* -1: closed */
	bool failed;
};

/* ${path} NULL or "-" is stdout.  Returns 0, or -1 after a message. */
int out_open(struct out *, const char *path);

/* Returns 0, or -1 once a write has failed (message given then). */
int out_add(struct out *, const void *data, size_t len);

/* Writes out what is collected. */
int out_flush(struct out *);

/*
 * Flushes, closes, renames by ${rc}; returns rc, or RC_FAILED where something
 * failed now or before.  Releases everything.  An out that was never opened
 * ({.fd = -1}) returns ${rc}.
 */
int out_close(struct out *, int rc);

#endif
