/*
 * findings -- what is wrong with the input, or could not be done: told, written
 * to --errors, and counted.
 *
 * A message is "source:record: what (what to do)"; the first ten are told, the
 * rest counted by findings_end().  An error line is one of error(5).  One
 * thread.
 */
#ifndef DATAHUB_FINDINGS_H
#define DATAHUB_FINDINGS_H

#include <stdint.h>
#include "base/buf.h"
#include "base/out.h"
#include "datahub/org.h"
#include "json/check.h"

struct findings {
	struct out *errors;	/* NULL: no --errors */
	uint64_t count;
	uint64_t told, max_told;
	struct buf text, line;
};

void findings_init(struct findings *, struct out *errors);
void findings_release(struct findings *);

/* Something about the object at ${where} (NULL: about the run). */
void finding(struct findings *, const struct place *where, const char *fmt,
	     ...) __attribute__((format(printf, 3, 4)));

/* A line that was rejected, with its text. */
void finding_reject(struct findings *, const struct place *where,
		    enum fault_class, const char *reason, uint64_t column,
		    const char *raw, size_t len);

/* Tells how many more there were. */
void findings_end(struct findings *);

#endif
