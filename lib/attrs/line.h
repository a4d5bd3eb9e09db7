/*
 * line -- one attribute line, read but not yet added to anything.
 *
 * Text is not copied: spans point into the line.
 */
#ifndef ATTRS_LINE_H
#define ATTRS_LINE_H

#include "attrs/cursor.h"
#include "attrs/scan.h"
#include "attrs/version.h"
#include "base/buf.h"
#include "json/path.h"

struct line_first {
	struct span source;	/* as written, between the quotes */
	uint64_t byte;
};

struct line_range {		/* min, max, sum of lengths */
	uint64_t min, max, sum;
};

struct line_embedded {
	uint64_t object, array;
};

struct line_version {
	struct span name;
	bool active;
	uint64_t count, empty, digits, scale, exponent, trues, ignored;
	struct line_range chars, keys;
	struct line_embedded embedded;
	struct span min, max;	/* .s NULL: null */
	struct line_first first;
	struct span registers, histogram, values, samples;
};

struct format_count {
	unsigned format;
	uint64_t count;
};

struct attr_line {
	struct cursor cursor;	/* the first member: line.c relies on it */
	uint32_t need[VERSIONS];	/* of attr_line_expect() */
	struct span name;	/* as written, between the quotes */
	struct span ignored;
	uint64_t order, count, duplicates, nulls, empty_arrays, bytes;
	struct line_range items;
	bool has_items;
	struct span map_reason;
	unsigned met, active;	/* a bit for each version */
	struct line_version versions[VERSIONS];	/* filled if active */
	struct format_count formats[64];	/* of str */
	unsigned nformats;
	uint64_t epochs[2];	/* s, ms: of int */
	/*
	 * The line up to the value of order, and from behind it to the value of
	 * count: what is the same in all lines of this attribute.  0: the
	 * members stand in another order than we write them.
	 */
	size_t head, middle_start, middle_end;

	struct step *steps;
	size_t nsteps, steps_cap;
	struct buf keys;	/* of the steps */
};

/* ${options}: which members active versions have to have.  {0} before. */
void attr_line_expect(struct attr_line *, const struct scan_opts *options);
void attr_line_release(struct attr_line *);

/*
 * Reads a line.  0, -1 with ${l}->cursor.why and .p.  See cursor.h for what has
 * to stand behind it.
 */
int attr_line_read(struct attr_line *, const char *line, size_t len);

/*
 * The same for a line whose head and middle are those of a line read before;
 * steps are not filled.  ${count} is where the value of count stands, ${order}
 * that of order, ${name} in the head.  Returns -1 when something is not as
 * expected: attr_line_read() then knows better.
 */
int attr_line_read_known(struct attr_line *, const char *line, size_t len,
			 uint64_t order, size_t count, struct span name);

/* For line.c, from line_version.c. */
extern const struct shape line_range_shape;
int line_versions(struct cursor *, void *line);

#endif
