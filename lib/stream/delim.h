/*
 * delim -- records told apart by one byte: lines, and RFC 7464.
 *
 * In lines form a record begins behind a '\n' (or where the text does), in seq
 * form at an RS (0x1E).  Neither byte can stand inside a record, so a text may
 * be cut at any of them without having been read from the front.  A record's
 * content is what lies between, without the line end ("\n" or "\r\n") behind
 * it; that is what max_record limits.
 */
#ifndef STREAM_DELIM_H
#define STREAM_DELIM_H

#include "stream/batch.h"

#define DELIM_NONE SIZE_MAX

/* Bytes of a record that are not content: RS, and "\r\n". */
#define DELIM_EXTRA 3

struct delim {
	char byte;
	/* A record begins this far behind the byte: lines 1, seq 0. */
	unsigned char behind;
};

struct delim delim_of(enum input_form);

/*
 * The first record start at or behind ${from}, or DELIM_NONE.  In lines form
 * it may be ${len}, and ${from} must be over 0.
 */
size_t delim_next(struct delim, const char *text, size_t from, size_t len);

/* The last record start behind ${from}, or DELIM_NONE. */
size_t delim_last(struct delim, const char *text, size_t from, size_t len);

/* ${len} bytes that begin with a record and hold no end of it: over ${max}? */
static inline bool delim_too_long(size_t len, uint64_t max)
{
	return len > DELIM_EXTRA && len - DELIM_EXTRA > max;
}

/* A record too long to be kept: seen in pieces. */
struct delim_long {
	uint64_t max;
	uint64_t start;		/* content: offset in the source */
	uint64_t seen;		/* bytes of it so far */
	uint64_t blank;		/* before the first non-blank byte */
	uint64_t end;		/* behind the last non-blank byte */
	char also;		/* counts as blank at the end */
	struct batch_fault fault;
};

/*
 * Begins with the ${len} bytes at ${text}, more than ${max} of them content,
 * that begin at ${byte} with a record; more pieces follow by
 * delim_long_more(), then delim_long_end() adds the fault to the batch, or
 * delim_long_drop() forgets it.  ${also} is one more byte that is taken for
 * blank at the end (' ': none).
 */
void delim_long_begin(struct delim, struct delim_long *, const char *text,
		      size_t len, uint64_t byte, uint64_t max, char also);
void delim_long_more(struct delim_long *, const char *text, size_t len);
void delim_long_end(struct delim_long *, struct batch *);
void delim_long_drop(struct delim_long *);

/*
 * The source broke off at ${at}: what stands behind the last whole record
 * becomes part of a FAULT_IO, or a FAULT_SIZE before it, and leaves the batch.
 * ${whole} bytes of the text are whole records.
 */
void delim_break(struct delim, struct batch *, size_t whole, uint64_t at,
		 const char *reason, uint64_t max);

/*
 * Makes lines of the whole records in the batch, those over ${max} apart, which
 * become FAULT_SIZE and blanks; ${begins} says that text[0] is the beginning of
 * the source, ${ends} that its last byte is the source's last.
 */
void delim_finish(struct delim, struct batch *, uint64_t max, bool begins,
		  bool ends);

/* seq.c: the same for seq form. */
void seq_to_lines(struct batch *, uint64_t max, bool begins);

#endif
