/*
 * tally -- what a stream of structs(5) lines holds, for its end line.
 *
 * A source counts what it writes; a filter counts too, and takes over what its
 * input's end lines say: complete only if every one of them was, and the last
 * line of the input is one.
 *
 * {.complete = true} begins.  One thread.
 */
#ifndef SNOWPLOW_TALLY_H
#define SNOWPLOW_TALLY_H

#include <stdint.h>
#include "base/report.h"
#include "snowplow/object.h"

struct tally {
	uint64_t counts[KIND_END];
	bool asked[KIND_END];	/* listed in the end line even when 0 */
	uint64_t fetch_errors;
	bool complete;
	struct buf filters;	/* JSON objects with commas between */
	struct buf counts_kept;	/* of kinds not known here: ,"name":N */
	struct buf kept;	/* members of end lines not known here */
};

void tally_release(struct tally *);

/* A line of ${kind}; KINDS (not known) and KIND_END count nothing. */
void tally_add(struct tally *, enum kind);

/* The input had the end line ${line} (valid JSON, an object). */
void tally_input(struct tally *, struct span line);

/* Something was left out on purpose; ${dropped} NULL: not known how much. */
void tally_filter(struct tally *, const char *program, const char *option,
		  const char *value, const uint64_t *dropped);

/* Lines counted, of all kinds. */
uint64_t tally_lines(const struct tally *);

/* records, records_per_minute and rejected of a report. */
void tally_report(const struct tally *, struct report *, uint64_t rejected);

/* The end line. */
void tally_write(const struct tally *, struct buf *);

#endif
