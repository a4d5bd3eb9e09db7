/*
 * error_line -- one line of --errors (error(5)).
 */
#ifndef STREAM_ERROR_LINE_H
#define STREAM_ERROR_LINE_H

#include "base/buf.h"
#include "json/check.h"

struct error_line {
	enum fault_class error;
	const char *reason;
	const char *source;
	uint64_t record;	/* 1-based; 0: not known, left out */
	uint64_t byte;
	uint64_t column;	/* 1-based; 0: left out */
	const char *raw;	/* the record's text, or NULL */
	size_t raw_len;		/* what there is of it */
	uint64_t raw_bytes;	/* how long it is in all */
};

/*
 * Appends the line, '\n' included; raw cut to ${max_raw} bytes (0: whole),
 * never inside a character.
 */
void error_line_write(struct buf *, const struct error_line *,
		      uint64_t max_raw);

#endif
