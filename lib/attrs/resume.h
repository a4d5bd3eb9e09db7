/*
 * resume -- going on with a partial result (--resume, attr(5) `pending`).
 */
#ifndef ATTRS_RESUME_H
#define ATTRS_RESUME_H

#include "attrs/scan.h"
#include "stream/reader.h"

struct resume {
	struct scan partial;
	struct scan_opts opts;
	struct buf arena;
	struct extent *extents;	/* what is pending, as the reader wants it */
	char **names;		/* the sources of these, each once */
	size_t n, nnames;
};

/*
 * Reads the partial in file ${path}.  Refuses, with a message, one of other
 * options than ${opts}, and sources whose size or time changed since.
 * ${prefix} is taken off the names (--source-prefix).  Returns RC_DONE,
 * RC_USAGE or RC_FAILED.
 */
int resume_read(struct resume *, const char *path,
		const struct scan_opts *opts, const char *prefix);
void resume_release(struct resume *);

/*
 * Writes down in ${scan} what the reader did not get to, with the files' sizes
 * and times.
 */
void resume_add_pending(struct scan *scan, struct reader *reader,
			const char *prefix);

#endif
