/*
 * call_plan -- what --plan prints, and --plan=FILE keeps to.
 *
 * NDJSON.  First {"plan":{...}}: settings that decide which records a call
 * gets, the files with size and time of last change, how many records there are
 * (where that is known) and the estimate of memory; then a line for each call:
 * {"call":1,"from":0,"to":1000,"batches":1}, rows half open, counted from 0.
 */
#ifndef STREAM_CALL_PLAN_H
#define STREAM_CALL_PLAN_H

#include "base/buf.h"

struct input;

/* The whole text, for the calls from .call on. */
void call_plan_write(struct buf *, const struct input *);

/*
 * Are settings and files those of the plan in the file ${path}?  RC_DONE, or
 * RC_USAGE after a message that names what differs.
 */
int call_plan_check(const struct input *, const char *path);
/* And the number of records? */
int call_plan_check_records(const struct input *, const char *path);

#endif
