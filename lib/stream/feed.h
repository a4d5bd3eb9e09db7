/*
 * feed -- a supplier of parcels on a thread of its own.
 *
 * The thread makes one parcel, waits until it is taken, and makes the next; it
 * waits for input without holding up those who run workers.
 */
#ifndef STREAM_FEED_H
#define STREAM_FEED_H

#include "stream/parcel.h"

struct feed;

/* NULL with errno.  The supplier must outlive the feed. */
struct feed *feed_start(struct supplier *);

/* Readable when feed_take() has news; for poll(2), never read by others. */
int feed_fd(const struct feed *);

/*
 * The next parcel, moved to ${p}: 1; 0 when there is none yet; -1 when there
 * will be none: then ${*how} says why (PARCEL_END, _STOPPED, _FAILED).
 */
int feed_take(struct feed *, struct parcel *p, enum parcel_got *how);

/* Waits for the thread; a parcel that was not taken is released. */
void feed_end(struct feed *);

#endif
