/*
 * cap_line -- what becomes of the lines of one batch.
 *
 * batch_look() goes over all of them and finds out which have to be cut; then
 * batch_work() cuts those.  Between the two the batch's containers are handed
 * to strata.h.  What comes out is a list of steps, for the thread that commits.
 */
#ifndef DATAHUB_CAP_LINE_H
#define DATAHUB_CAP_LINE_H

#include "datahub/cap.h"
#include "datahub/cap_cut.h"
#include "stream/error_line.h"

enum step_kind {
	STEP_PASS,		/* lines of the batch */
	STEP_JOB,		/* one that is still to be worked on */
	STEP_TEXT,		/* lines of result.text */
	STEP_REJECT,		/* number .from of result.found */
	STEP_NOTE,		/* a warning in result.text */
	STEP_RECEIPT,		/* in result.text */
	STEP_NONE
};

struct step {
	enum step_kind kind;
	size_t from, len;
	uint64_t lines;
	uint64_t record;	/* in the batch, 1-based */
	struct val line;	/* of a job, where the batch's tokens are good */
};

struct found {
	struct error_line line;
	char *copy;		/* holds reason and raw */
};

/* All that is left of a batch; the batch itself is in it. */
struct result {
	struct batch batch;
	uint64_t records;	/* lines and faults that are no blanks */
	struct buf text;
	struct step *steps;
	size_t nsteps, steps_cap;
	struct found *found;
	size_t nfound, found_cap;
};
void result_clear(struct result *);
void result_release(struct result *);

struct liner {
	const struct cap *cap;
	struct strata *strata;	/* NULL: not asked for */
	struct doc doc, own, inner;
	struct buf compact;
	struct cutter cutter;
	struct contained_list contained;
	struct cap_stats stats;
	struct step *work;	/* the steps of batch_work() */
	size_t nwork, work_cap;
	bool indexed;		/* doc has all of the batch */
};
void liner_init(struct liner *, const struct cap *, struct strata *);
void liner_release(struct liner *);

void batch_look(struct liner *, struct result *);
void batch_work(struct liner *, struct result *);

#endif
