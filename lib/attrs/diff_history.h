/*
 * diff_history -- since when each version has been active, or is no longer.
 *
 * A file of one JSON line a version that was ever active, sorted by the bytes
 * of its steps and version:
 *
 *	{"steps":["a"],"version":"int","status":"active","date":"2026-11-21"}
 *
 * The date is that of the last change of the status.
 */
#ifndef ATTRS_DIFF_HISTORY_H
#define ATTRS_DIFF_HISTORY_H

#include "attrs/scan.h"
#include "base/buf.h"

struct history;

/*
 * Reads a file; one that is not there has no line.  NULL after a message, with
 * ${*rc} RC_FAILED, or RC_USAGE where a line is none.
 */
struct history *history_load(const char *path, int *rc);
void history_free(struct history *);

/*
 * Brings it to what ${now} has, from ${date} on.  With ${partial} what ${now}
 * has not stays as it is.
 */
void history_update(struct history *, const struct scan *now, const char *date,
		    bool partial);

/* Puts the file in place.  An exit status, after a message. */
int history_save(const struct history *, const char *path);

#endif
