/*
 * report -- the metrics object of --report (DESIGN section 5).
 *
 * Names and order are the same in every program: program and version first,
 * then the program adds its figures, report_write() appends elapsed_seconds,
 * cpu_seconds, max_rss_bytes and writes one line.
 */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

#include <stdint.h>
#include "base/buf.h"

struct report {
	struct buf text;
	uint64_t start_ns;
};

/* Starts the clock; allocates nothing. */
void report_begin(struct report *);
void report_u64(struct report *, const char *name, uint64_t value);
/* ${value} with three decimals. */
void report_seconds(struct report *, const char *name, double value);
void report_text(struct report *, const char *name, const char *value);

/* Seconds since report_begin(). */
double report_elapsed(const struct report *);

/*
 * Writes to ${path} ("-" stderr, NULL nowhere) and releases.  Returns 0, or -1
 * after a message.
 */
int report_write(struct report *, const char *path);

#endif
