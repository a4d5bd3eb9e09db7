/*
 * shape -- where a JSON value ends, from its brackets, strings and commas.
 *
 * A light view for the framer: it follows the grammar of containers (so that a
 * missing bracket or comma shows at the place where it is missing) and the
 * strings with their escapes, but takes any run of other bytes for a number or
 * word, and any bytes in a string but a line end.  What it accepts is checked
 * later; what it refuses is not JSON.
 *
 * Works on a text in pieces: shape_run() goes on where it stopped.  Containers
 * deeper than SHAPE_DEPTH are only counted.  No memory but the struct.
 */
#ifndef STREAM_SHAPE_H
#define STREAM_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHAPE_DEPTH 4096

/* Longest beginning of a line that is compared (shape_line). */
#define SHAPE_PREFIX 64

enum shape_end {
	SHAPE_MORE,	/* the text ended inside the value */
	SHAPE_DONE,	/* pos is behind the value */
	SHAPE_BAD	/* the byte at pos cannot stand there */
};

/* How the line of a record begins: these bytes, then a bracket. */
struct shape_line {
	char bytes[SHAPE_PREFIX];
	size_t len;
	bool known;
};

struct shape {
	uint8_t want;
	uint8_t in;
	bool escape;		/* behind a backslash */
	uint64_t depth;
	uint64_t objects[SHAPE_DEPTH / 64];	/* a bit a level */
	/*
	 * First bracket inside the value that stands like one of a record, at
	 * a line's beginning: position of the line.  SIZE_MAX: none yet.
	 */
	size_t candidate;
	const struct shape_line *line;
};

/* Before the first byte of a value, which is not blank. */
void shape_begin(struct shape *, const struct shape_line *);

/*
 * Looks at text[*pos..len), of which text[low...] may be looked back at.
 */
enum shape_end shape_run(struct shape *, const char *text, size_t low,
			 size_t *pos, size_t len);

/* Is it a value if the text ends here?  (Numbers and words at the top.) */
bool shape_ends(const struct shape *);

/* Does a record's line begin so that its bracket is at ${pos}? */
bool shape_line_at(const struct shape_line *, const char *text, size_t low,
		   size_t pos);

#endif
