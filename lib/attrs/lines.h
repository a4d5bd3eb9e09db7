/*
 * lines -- the lines of a file of attribute lines, in place, in one block of
 * 1 MiB that grows for a longer line only.
 *
 * A line that begins with "attrs" and a tab is a whole result in the form of
 * Hadoop Streaming, a key and a value (attr(5)): what stands between its tabs
 * are lines here.  However long it is, it takes no more room.
 */
#ifndef ATTRS_LINES_H
#define ATTRS_LINES_H

#include <stdbool.h>
#include <stddef.h>

#define LINES_KEY "attrs\t"

struct lines {
	char *block;		/* bytes from..to are still to be read */
	size_t cap, from, to;
	int fd;
	bool keyed;		/* in a line of key and value */
	bool bare;		/* nothing has come of its value yet */
};

/* Begins the file ${fd}, which stays the caller's; {0} before the first. */
void lines_start(struct lines *, int fd);
void lines_release(struct lines *);

/*
 * The next line that has an end: ${line} up to, not including, it, until the
 * next call of lines_more().  False when the block has no more.
 */
bool lines_next(struct lines *, char **line, size_t *len);

/*
 * Reads on.  Bytes read, 0 at the end, -1 with errno; EMSGSIZE: the line has
 * over 256 MiB.
 */
long lines_more(struct lines *);

/* What is behind the last end; a byte behind it can be written to. */
char *lines_rest(struct lines *, size_t *len);

#endif
