/*
 * feeder -- the batches of a reader, for a loop that waits for more than that.
 *
 * A thread of its own reads one batch ahead, so that a slow input does not hold
 * up the loop; feeder_fd() becomes readable when there is one, or the end.
 *
 * Lifecycle: feeder_start(); feeder_take() until it says FEEDER_END, each
 * batch given back with the next call; feeder_free().  The reader must outlive
 * it and is not used by anybody else meanwhile.  Memory: two batches.
 *
 * All calls from one thread.
 */
#ifndef STREAM_FEEDER_H
#define STREAM_FEEDER_H

#include "stream/reader.h"

struct feeder;

/* NULL with errno. */
struct feeder *feeder_start(struct reader *);

/*
 * Ends the thread: at once where it waits to hand over a batch, else as soon
 * as its read comes back, which stop_asked() makes it do.  NULL is fine.
 */
void feeder_free(struct feeder *);

/* For poll(2); never read it. */
int feeder_fd(const struct feeder *);

enum fed { FEEDER_NONE, FEEDER_BATCH, FEEDER_END };

/*
 * The next batch into ${*batch}, good until the next call; FEEDER_NONE: none is
 * there yet.
 */
enum fed feeder_take(struct feeder *, const struct batch **batch);

#endif
