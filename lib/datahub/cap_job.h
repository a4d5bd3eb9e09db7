/*
 * cap_job -- what the files of cap_line share among themselves.
 */
#ifndef DATAHUB_CAP_JOB_H
#define DATAHUB_CAP_JOB_H

#include "datahub/cap_line.h"

/* One more step for the record at hand; good until the next one. */
struct step *result_step(struct result *, enum step_kind, size_t from,
			 size_t len);

/* Keeps a reject with its text. */
void result_reject(struct result *, const struct error_line *, bool with_raw);

/* A line on its way through the cutter. */
struct job {
	const char *text;	/* the line without its end */
	size_t len;
	struct mcp m;
	struct outcome o;
	uint64_t record;
};

/*
 * A PATCH of customProperties that says what was cut, as a line; false for
 * entities that have no such aspect.
 */
bool job_annotate(const struct job *, struct buf *out);

/*
 * What the plan left out of ${l} as PATCH proposals, lines of at most
 * JOB_CHUNK operations and CAP_MB bytes.  Returns how many.
 */
#define JOB_CHUNK 1000
uint64_t job_split(const struct job *, const struct links *l,
		   struct buf *out);

#endif
