/*
 * sink -- where the results of batches go, one batch after the other.
 *
 * - stdout, or -o FILE (base/out.h: put in place when complete);
 * - -o FILE with a --joblog: FILE.partial from the start, since --resume has to
 *   find it again after SIGKILL; renamed when complete;
 * - --batch-files=PATTERN: a file for each batch, renamed into place; those
 *   that end in ".gz" are compressed.
 *
 * When sink_batch() has returned, the bytes are with the system.
 */
#ifndef STREAM_SINK_H
#define STREAM_SINK_H

#include "base/out.h"
#include "stream/hold.h"
#include "stream/parcel.h"

struct sink {
	const char *pattern;	/* --batch-files, or NULL */
	struct out out;
	char *partial, *path;	/* -o with a log; else NULL */
	bool regular;		/* .end is known */
	uint64_t end;		/* size of the output file so far */
};

struct sink_opts {
	const char *output, *pattern;
	bool logged;		/* there is a --joblog */
	bool resume;
	uint64_t end;		/* resume: cut back to this size */
};

/*
 * RC_DONE, or RC_USAGE or RC_FAILED after a message: a pattern without one %d,
 * an output that cannot be gone on with.
 */
int sink_open(struct sink *, const struct sink_opts *);

/*
 * The result of batch ${serial}: what ${held} holds or, where that is NULL, the
 * parcel's own bytes.  0, or -1 after a message.
 */
int sink_batch(struct sink *, uint64_t serial, struct hold *held,
	       struct parcel *);

/* As out_close(). */
int sink_close(struct sink *, int rc);

/* The name of a batch's file; for tests. */
void sink_name(struct buf *, const char *pattern, uint64_t serial);

#endif
