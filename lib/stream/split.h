/*
 * split -- batches from a supplier, through worker processes, to a sink.
 *
 * See split.c for how it goes about it and what it holds in memory.
 */
#ifndef STREAM_SPLIT_H
#define STREAM_SPLIT_H

#include "stream/joblog.h"
#include "stream/parcel.h"
#include "stream/rejects.h"
#include "stream/sink.h"
#include "stream/split_opts.h"

struct split {
	const struct split_opts *opts;
	struct supplier *supplier;
	struct rejects *rejects;
	struct sink *sink;
	struct joblog *log;
	uint64_t first;		/* serial of the first batch */

	/* how far it is; any thread may read them */
	_Atomic uint64_t batches, records, bytes, busy, retries;
	_Atomic uint64_t poison;	/* records that no worker could take */
	_Atomic uint64_t skipped;	/* batches done by the run resumed */
};

/*
 * Runs it all: the exit status.  Main thread, after stop_watch() and before
 * other threads are started (SIGCHLD is blocked from here on).
 */
int split_run(struct split *);

#endif
