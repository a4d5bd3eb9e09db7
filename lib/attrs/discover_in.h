/*
 * discover_in -- what the files of discover share: the account of a batch, on
 * its way from the thread that scanned it to where it is taken up in order.
 */
#ifndef ATTRS_DISCOVER_IN_H
#define ATTRS_DISCOVER_IN_H

#include "attrs/discover.h"
#include "attrs/observe.h"
#include "stream/error_line.h"

/* One reject. */
struct found {
	struct error_line line;	/* .record within the batch */
	size_t run;		/* of standard input, if there are places */
	char *copy;		/* holds reason and raw */
};

/* What one batch leaves to be taken up in order. */
struct result {
	uint32_t source;
	uint64_t from, to;
	bool place_known, source_start;
	uint64_t records;
	struct found *found;
	size_t nfound, cap;
	/* With places (placed.c): runs met in it. */
	struct met {
		size_t run;
		uint64_t records;	/* of the batch before it */
	} *met;
	size_t nmet, met_cap;
	bool checked;		/* ends of runs were seen */
	uint64_t upto;		/* the last one */
};

struct worker {
	struct observer *observer;
	struct batch batch;
};

struct state {
	struct discover *d;
	struct scan *scan;
	struct worker *workers;
	struct order *order;
	struct buf line;
	uint32_t source;	/* of the batch before; for record numbers */
	uint64_t record;	/* records of it so far */
	bool counted;		/* from its start on */
	struct placed *placed;	/* NULL: no places */
};

/* discover.c: one stretch of lines of one source, into the result. */
size_t discover_lines(struct state *, struct worker *, struct result *,
		      const char *source, size_t from, size_t to);

/* result.c: keeps rejects with their text: the batch's memory is used again. */
void result_add_rejects(struct discover *, struct result *,
			const struct batch *, const struct observed *);
void result_add_fault(struct discover *, struct result *,
		      const struct batch *, const struct batch_fault *);
/* Message and error line of a reject; then it is gone. */
void result_tell(struct state *, struct found *);
void result_free(struct result *);
/* Everything in it, in the order of the batches. */
void result_take_up(struct state *, struct result *);

/* placed.c */
struct placed *placed_new(struct places *);
void placed_free(struct placed *);
/* Lines [from, to) of a batch, run by run.  As discover_lines(). */
size_t placed_lines(struct state *, struct worker *, struct result *,
		    size_t from, size_t to);
/* The run that byte ${at} is in becomes the one at hand of the result. */
size_t placed_meet(struct placed *, struct result *, uint64_t at);
/* Takes the result over, and up as soon as its runs are known to be right. */
void placed_put(struct state *, struct result *);
/*
 * All was taken over.  ${whole}: standard input was read to its end.  Places
 * that turn out void become those on standard input, after a warning.
 */
void placed_end(struct state *, bool whole);

#endif
