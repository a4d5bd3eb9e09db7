/*
 * attrio -- attribute lines out and in (attr(5)).
 */
#ifndef ATTRS_ATTRIO_H
#define ATTRS_ATTRIO_H

#include "base/out.h"
#include "attrs/scan.h"

/* Writes the scan line and all attribute lines.  0, or -1 (write failed). */
int attr_write(struct out *, const struct scan *, const struct scan_opts *);

/*
 * The same in one line, for an engine that sorts lines by keys: "attrs" and
 * each of the lines behind a tab.  Readers take both.
 */
int attr_write_keyed(struct out *, const struct scan *,
		     const struct scan_opts *);

struct attr_reader_opts {
	bool allow_overlap;	/* --allow-overlap */
	bool allow_cut;		/* --allow-cut */
	bool allow_folded;	/* for those who show, and do not merge */
	uint64_t max_attrs;	/* instead of the options' limit; 0: theirs */
};

/*
 * A reader adds scans to ${scan}, line by line: its memory is the merged tree's
 * and up to 64 MiB of text that it has seen and knows again.
 *
 * The first scan of all sets ${scan}->options and ${opts} (whose strings go
 * into ${arena}); others must agree.  A scan of nothing with default options,
 * as merging nothing gives, agrees with all.  ${scan} is new, from scan_init(),
 * and nobody else changes it while the reader lives.
 */
struct attr_reader;
struct attr_reader *attr_reader_new(struct scan *, struct scan_opts *opts,
				    struct buf *arena,
				    const struct attr_reader_opts *);
void attr_reader_free(struct attr_reader *);

/*
 * Adds all scans in the open file ${fd} (called ${name} in messages); several
 * may stand one behind the other.  Returns RC_DONE, RC_USAGE (no partial,
 * other options, overlap) or RC_FAILED (cut, damaged, read error, too many
 * attributes), after a message that names the place.  After a failure ${scan}
 * is of no use.
 */
int attr_reader_read(struct attr_reader *, int fd, const char *name);

/*
 * attr_file.c: the same for a file by its name, "-" for stdin, which is
 * "<stdin>" in messages; RC_FAILED when it cannot be opened.
 */
int attr_reader_file(struct attr_reader *, const char *name);

/* Bytes and scans read so far; any thread. */
uint64_t attr_reader_bytes(const struct attr_reader *);
uint64_t attr_reader_scans(const struct attr_reader *);

/* One file only: new, read, free. */
int attr_read(struct scan *, struct scan_opts *opts, struct buf *arena,
	      const struct attr_reader_opts *, int fd, const char *name);
int attr_file(struct scan *, struct scan_opts *opts, struct buf *arena,
	      const struct attr_reader_opts *, const char *name);

#endif
