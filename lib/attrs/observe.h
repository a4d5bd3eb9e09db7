/*
 * observe -- records in, attributes out: the scan itself.
 *
 * An observer belongs to one thread and fills a tree of its own; trees are
 * added up at the end (tree_add).  A batch is scanned in stretches of some
 * 256 KiB, each in three steps, so that everything stays in the second cache:
 *
 *   index   structural positions by masks (json/index.h)
 *   walk    over the positions: grammar, and which attribute each value is;
 *           values go to journals by type, nothing is counted yet.  At the end
 *           of a record its numbers and literals are checked.  A bad record's
 *           part of the journals is dropped, so that it leaves no trace
 *   apply   the journals, one type at a time, into the statistics: loops
 *           without a branch on the type of the value
 *
 * Embedded JSON is found while strings are applied, and goes through the same
 * three steps one level down.
 *
 * Memory: the tree, and for the record being scanned at most 4 bytes a token
 * and 24 bytes a value.
 */
#ifndef ATTRS_OBSERVE_H
#define ATTRS_OBSERVE_H

#include "attrs/scan.h"
#include "base/buf.h"
#include "json/check.h"
#include "stream/reader.h"

struct reject {
	enum fault_class error;
	const char *reason;	/* static, or in the observer until next batch */
	uint64_t record;	/* 1-based in the batch; 0: not a record */
	size_t pos, len;	/* the record in the batch's text */
	size_t column;		/* 1-based */
};

/* What one batch brought besides statistics. */
struct observed {
	uint64_t records;	/* good, bad and filtered ones: record numbers */
	size_t end;		/* offset in the batch behind the last line */
	struct reject *rejects;
	size_t nrejects, cap;
};

struct observer;

/*
 * ${kernel} from kernel_choose().  NULL when opts->where does not compile:
 * message in ${why}.
 */
struct observer *observer_new(const struct scan_opts *opts, int kernel,
			      struct buf *why);
void observer_free(struct observer *);

/*
 * Makes the sources known, in the order of their names, before the first
 * batch: `first` then takes one comparison of numbers.
 */
void observer_sources(struct observer *, const struct reader *);

/*
 * Scans the lines [from, to) of a batch of the source called ${source}.  The
 * result stays valid until the next call.  Its .end is less than ${to} when
 * opts->limit was reached before.  Returns 0, or -1 when max_attrs is exceeded.
 */
int observer_lines(struct observer *, const struct batch *, const char *source,
		   size_t from, size_t to, const struct observed **);

/*
 * The lines of the next observer_lines() stand in their source ${shift} bytes
 * (modulo 2^64) behind where they do in the batch.  From the first such call
 * on, lines may come from any source in any order, as long as no byte comes
 * twice; `first` then costs a comparison for each stretch that goes back.
 */
void observer_place(struct observer *, uint64_t shift);

/* Counts a record that the reader could not deliver. */
void observer_reject(struct observer *);

/* Was opts->limit reached? */
bool observer_done(const struct observer *);

struct tree *observer_tree(struct observer *);
/* The tree goes to ${to}; the observer is of no more use. */
void observer_take_tree(struct observer *, struct tree *to);
const struct scan_totals *observer_totals(struct observer *);

#endif
