/*
 * calls -- --calls=N --rows=R: the ordered records in N calls of R rows.
 */
#ifndef STREAM_CALLS_H
#define STREAM_CALLS_H

#include <stdbool.h>
#include <stdint.h>

struct split_opts;

/* A call may run so long where --time-limit says nothing: 60 minutes. */
#define CALLS_TIME_MS (60 * 60 * 1000)

/*
 * What can be seen without the records: calls, order, selection, state.
 * RC_DONE, or RC_USAGE after a message.  Sets the time limit of calls.
 */
int calls_check(struct split_opts *);

/*
 * Do N calls of R rows fit ${records}?  N * R must reach them, R must not
 * exceed them, and the last call must not be empty.  RC_DONE, or RC_USAGE after
 * a message with what would fit.
 */
int calls_fit(uint64_t calls, uint64_t rows, uint64_t records);

#endif
