/*
 * discover -- a whole scan: batches from a reader through observers on
 * threads, rejects in order, and one account at the end.
 *
 * Each thread takes a batch, scans it into a tree of its own, and brings what
 * has an order, rejects and extents, to one place that takes it up in the
 * order of the batches (stream/fan.h).  The trees are added up at the end.  One
 * thread does the same in a plain loop.
 */
#ifndef ATTRS_DISCOVER_H
#define ATTRS_DISCOVER_H

#include "attrs/scan.h"
#include "base/out.h"
#include "stream/places.h"
#include "stream/reader.h"

struct discover {
	const struct scan_opts *opts;
	struct reader *reader;
	/*
	 * Where the bytes of standard input, the only source, come from; NULL:
	 * no more is known.  See placed.c.
	 */
	struct places *places;
	unsigned threads;
	int kernel;
	struct out *errors;	/* error lines go here; NULL: nowhere */
	uint64_t max_raw;	/* of raw in error lines; 0: whole */
	unsigned max_messages;	/* rejects told on stderr one by one */
	bool whole;		/* sources are read from their start: records
				   have numbers */

	/* while it runs, for progress; any thread may read them */
	_Atomic uint64_t records, rejected;
	uint64_t faults;	/* rejects and damaged sources told or counted */
	bool too_many;		/* more attributes than opts->max_attrs */
	bool limited;		/* opts->limit was reached */
	bool placed;		/* the places were right; what was left
				   is pending in the scan already */
};

/*
 * Scans all that ${d}->reader gives into ${scan}, a new one.  Returns 0, or -1
 * when opts->where or a --map path is wrong (message in ${why}, nothing read).
 */
int discover_run(struct discover *d, struct scan *scan, struct buf *why);

#endif
