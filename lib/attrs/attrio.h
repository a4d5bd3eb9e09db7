/*
 * attrio -- attribute lines out and in (attr(5)).
 */
#ifndef ATTRS_ATTRIO_H
#define ATTRS_ATTRIO_H

#include "base/out.h"
#include "attrs/scan.h"

/* Writes the scan line and all attribute lines.  0, or -1 (write failed). */
int attr_write(struct out *, const struct scan *, const struct scan_opts *);

/* One attribute line, for others that print attributes. */
struct attr_writer;

struct attr_reader_opts {
	bool allow_overlap;	/* --allow-overlap */
	bool allow_cut;		/* --allow-cut */
};

/*
 * Adds all scans in the open file ${fd} (called ${name} in messages) to
 * ${scan}, line by line: memory is the merged tree's.  The first scan of all
 * sets ${scan}->options and ${opts}; others must agree.  Returns RC_DONE,
 * RC_USAGE (no partial, other options, overlap) or RC_FAILED (cut, read error),
 * after a message that names the place.
 */
int attr_read(struct scan *, struct scan_opts *opts, struct buf *arena,
	      const struct attr_reader_opts *, int fd, const char *name);

#endif
