/*
 * parcel -- one batch on its way to a worker.
 *
 * What is handed to workers is whole lines, one record each, with blank ones
 * between them.  They are either bytes in memory, or (plain files) a stretch of
 * an open file, which goes from the page cache to the worker's pipe without
 * coming by here.  Beside them stands where each contiguous run came from.
 *
 * Lifecycle: parcel_init() (allocates nothing), filled by a supplier,
 * parcel_release().  A parcel can be copied by assignment when the original is
 * forgotten (moved).  One thread at a time.
 *
 * Suppliers.  What divides the input (cutter.h: the plain reader; calls: an
 * order) is behind one interface, so that those who run workers do not care.
 */
#ifndef STREAM_PARCEL_H
#define STREAM_PARCEL_H

#include "base/buf.h"
#include "stream/extents.h"
#include "stream/place.h"

struct parcel {
	uint64_t serial;	/* 0, 1, ...: PENSTOCK_BATCH */
	uint64_t records;	/* lines that are not blank */
	uint64_t bytes;		/* in all, as the worker gets them */
	struct buf text;	/* .bytes bytes, where .file is NULL */
	struct plain *file;	/* else those from .offset (of the file itself,
				   .base included) on; one user (plain_put) */
	uint64_t offset;
	bool line_end;		/* of a file: its last line has none, the last
				   of the .bytes is a '\n' behind them */
	struct place_run *runs;	/* lengths add up to .bytes */
	size_t nruns, runs_cap;
};

void parcel_init(struct parcel *);
void parcel_release(struct parcel *);

/* Room for one more run, zeroed; the caller fills it. */
struct place_run *parcel_add_run(struct parcel *);

/* The bytes into .text; .file is then NULL.  0, or -1 with errno. */
int parcel_load(struct parcel *);

/*
 * Moves what is behind half of the records (at least 2; loaded) to ${rest}, an
 * initialised parcel with the same serial.
 */
void parcel_halve(struct parcel *, struct parcel *rest);

/* Where text[pos...] came from: run and offset in its source. */
uint64_t parcel_place(const struct parcel *, size_t pos,
		      const struct place_run **run);

enum parcel_got {
	PARCEL_END,	/* nothing is left */
	PARCEL_GOT,
	PARCEL_STOPPED,	/* TERM, INT or a time limit: exit status 75 */
	PARCEL_FAILED	/* after a message: exit status 3 */
};

/*
 * A supplier embeds this as its first member.  All calls but .progress come
 * from one thread, which may not be the main one; they may wait for input, and
 * then end by stop_asked() (base/stop.h).
 */
struct supplier {
	/*
	 * Fills ${p}, an initialised parcel, with the next batch: records are
	 * over 0, except in a last one of blank lines alone.  Serials ascend
	 * from 0 without gaps.
	 */
	enum parcel_got (*next)(struct supplier *, struct parcel *p);
	/* Name for place_run.source; valid until .free.  Any thread. */
	const char *(*source)(struct supplier *, uint32_t source);
	/* Stored bytes read so far and in all (0: not known).  Any thread. */
	void (*progress)(struct supplier *, uint64_t *done, uint64_t *total);
	/* After PARCEL_END: a finding in the input, or part of it was lost. */
	int (*result)(struct supplier *);	/* RC_DONE, _FINDING, _FAILED */
	void (*free)(struct supplier *);
};

#endif
