/*
 * plan -- which sources are to be read, and which parts of them.
 */
#ifndef STREAM_PLAN_H
#define STREAM_PLAN_H

#include "stream/reader.h"

struct plan_source {
	const char *name;	/* as operand */
	char *shown;		/* "prefix" + name, or "<stdin>" */
	uint64_t size;		/* stored bytes; 0 where not known */
	uint32_t rank;
	bool regular;
};

/* The records of a source that begin in [from, to). */
struct plan_part {
	uint32_t source;
	uint64_t from, to;	/* to UINT64_MAX: its end */
};

struct plan {
	struct plan_source *sources;
	size_t nsources, sources_cap;
	struct plan_part *parts;	/* in the order of reading */
	size_t nparts, parts_cap;
	uint64_t total;			/* stored bytes, 0: not known */
};

/*
 * As reader_open(), whose arguments these are.  0, or -1 after a message.  The
 * plan is to be released in both cases.
 */
int plan_make(struct plan *, const struct reader_opts *, char **names,
	      size_t n, const struct extent *extents, size_t nextents);
void plan_add(struct plan *, uint32_t source, uint64_t from, uint64_t to);
void plan_release(struct plan *);

/* ranges.c: the parts of --range=I/N.  0, or -1 after a message. */
int plan_range(struct plan *, const struct reader_opts *);

#endif
