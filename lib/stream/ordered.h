/*
 * ordered -- the records of a supplier in the order of their keys.
 *
 * One pass over the input makes an index: the key of each record and where it
 * can be fetched from.  The index is sorted within a bound of memory
 * (sorter.h); the records are never held: plain files are read again where they
 * are (pread), everything else (pipes, packed files, other forms than lines) is
 * copied to an unnamed temporary file as the pass goes (scratch.h).
 *
 * Ties keep the order of the input.  Records that cannot be judged (no JSON, or
 * an expression fails) come first, and are passed on like all others.  Blank
 * lines go with the record before them.
 *
 * Memory: the index up to ${max_bytes}, one batch of the input, one batch.
 *
 *	ordered_new(); ordered_index(); ordered_window() ...; the supplier's
 *	next() until PARCEL_END; the next window ...; the supplier's free()
 *
 * One thread at a time.
 */
#ifndef STREAM_ORDERED_H
#define STREAM_ORDERED_H

#include "stream/orderby.h"
#include "stream/parcel.h"

struct ordered_opts {
	uint64_t records, bytes;	/* of a batch */
	uint64_t limit;			/* records in all; 0: no limit */
	uint64_t max_bytes;		/* for the index */
};

struct ordered;

/* Both ${keys} and ${input} are owned from now on. */
struct ordered *ordered_new(const struct ordered_opts *opts,
			    struct orderby *keys, struct supplier *input);
void ordered_free(struct ordered *);

/* Reads the input to its end: PARCEL_END, else why not. */
enum parcel_got ordered_index(struct ordered *);

/* Records there are, no more than .limit. */
uint64_t ordered_rows(const struct ordered *);
/* Records that came first for want of a key; of the rest, libjq rounded. */
uint64_t ordered_unjudged(const struct ordered *);
uint64_t ordered_inexact(const struct ordered *);
/* Runs on disk; 0: all in memory. */
size_t ordered_runs(const struct ordered *);

/*
 * The supplier gives rows [${from}, ${to}) from here on; batches are numbered
 * on.  Windows that follow each other are cheap.  0, or -1 after a message.
 */
int ordered_window(struct ordered *, uint64_t from, uint64_t to);

/* Batches given so far. */
uint64_t ordered_batches(const struct ordered *);

/*
 * Its .progress() tells of the pass, then of what was given; its .free() does
 * nothing: ordered_free().
 */
struct supplier *ordered_supplier(struct ordered *);

#endif
