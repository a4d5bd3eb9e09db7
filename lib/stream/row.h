/*
 * row -- an entry of an index of records (ordered.h): a record with the blank
 * lines behind it, what a run says of its place, and where its bytes are.
 */
#ifndef STREAM_ROW_H
#define STREAM_ROW_H

#include <stddef.h>
#include "stream/place.h"

#define ROW_BYTES 80		/* at most, as written */

enum {
	ROW_STREAM = 1,		/* place_run.stream */
	ROW_BLANK = 2,		/* no record in it */
	ROW_SPOOLED = 4,	/* else in the file of its source */
	ROW_LINE_END = 8,	/* the file has none; the row gets one */
	ROW_ODD = 16		/* from, to are not byte, byte + length */
};

struct row {
	struct place_run run;	/* .length: with the line end it gets */
	uint64_t at;		/* in the file */
	unsigned flags;
};

/* Into ${out}, of ROW_BYTES; the length. */
size_t row_write(const struct row *, unsigned char *out);
void row_read(struct row *, const unsigned char *);

#endif
