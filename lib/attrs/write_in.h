/*
 * write_in -- what the files that write attribute lines share.  Not for others.
 */
#ifndef ATTRS_WRITE_IN_H
#define ATTRS_WRITE_IN_H

#include "attrs/attrio.h"
#include "attrs/pathtext.h"
#include "attrs/put.h"

/* More than the constant text and the numbers of a line's part take. */
#define ROOM 1024

struct writer {
	struct out *out;
	const struct tree *tree;
	const struct scan_opts *opts;
	struct pathtext place;
	const char *name;	/* of the current attribute, escaped */
	size_t name_len;
	struct buf line;
	struct buf sources;	/* escaped names, one behind the other */
	size_t *source_ends;
	struct extra *no_extra;	/* of a version in which no value took part */
	uint64_t left;		/* lines that are not written yet */
	bool keyed;		/* for Hadoop */
	bool failed;
};

/* Room for ${more} bytes and constants; where the line ends. */
static inline char *room(struct writer *w, size_t more)
{
	return buf_reserve(&w->line, more + ROOM);
}

static inline void ends_at(struct writer *w, const char *p)
{
	w->line.len = (size_t)(p - w->line.s);
}

/* The object of versions; the line ends where it begins. */
void write_versions(struct writer *, const struct hot *);

#endif
