/*
 * split_opts -- the command line of split-batches.
 *
 * Sections as in the table: input, batches, workers, calls, faults, running.
 * Whoever adds an option adds its member here, its line there and, where it
 * does not go with another one, a check in split_opts_check().
 */
#ifndef STREAM_SPLIT_OPTS_H
#define STREAM_SPLIT_OPTS_H

#include "base/common_opts.h"
#include "stream/names.h"
#include "stream/reader.h"

enum split_dispatch { DISPATCH_ROUND_ROBIN, DISPATCH_FREE };
enum split_halt { HALT_NEVER, HALT_SOON, HALT_NOW };

struct split_opts {
	struct common_opts common;

	/* input */
	struct reader_opts reader;
	int form;
	const char *files0;
	const char *where;
	uint64_t limit;			/* 0: none */

	/* batches */
	uint64_t batch_records, batch_bytes;
	const char *batch_files;	/* NULL: to stdout or -o */

	/* workers; .command NULL: none */
	char **command;
	int dispatch;
	bool persist, keep_order, allow_unread;
	bool ok_status[256];

	/* order and calls (calls.h) */
	const char *order_by;
	uint64_t calls, rows, call;	/* 0: not given; .call from 1 */
	bool where_first;
	bool plan;			/* print it, run nothing */
	const char *by_plan;		/* file with the plan to keep to */

	/* what was read before (state.h) */
	const char *state, *watermark;
	bool final;

	/* faults */
	uint64_t retries, max_poison, timeout_ms, grace_ms;
	int halt;
	const char *joblog;
	bool resume;
	uint64_t max_raw;

	/* running */
	uint64_t time_limit_ms;		/* 0: none */
	uint64_t max_memory;		/* 0: what is left */
};

extern const struct opts_spec split_spec;

/* Defaults. */
void split_opts_init(struct split_opts *);

/*
 * Parses ${argv}; what stands behind "--" is the command.  Returns the index of
 * the first file in it and their number, or -1 as opts_parse().
 */
int split_opts_parse(struct split_opts *, int argc, char **argv, int *nfiles,
		     int *status);

/* Combinations: RC_DONE, or RC_USAGE after a message. */
int split_opts_check(struct split_opts *);

/* RC_DONE, or RC_USAGE after a message: can the inputs be read again? */
int split_check_resume(const struct names *);

/*
 * A hash of all that decides which records are in which batch, and what is done
 * with them; files with size and time.  Equal for the run that --resume goes on
 * with.
 */
uint64_t split_plan(const struct split_opts *, const struct names *);

#endif
