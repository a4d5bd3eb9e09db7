/*
 * batch -- how the parts of the reader fill a struct batch.
 *
 * Memory of the text: BATCH_LEAD readable bytes, cap bytes, one more for a
 * line end that the source lacks, BATCH_PADDING; the text is aligned to 64.
 */
#ifndef STREAM_BATCH_H
#define STREAM_BATCH_H

#include "stream/reader.h"

#define BATCH_LEAD 64

/* Room for ${cap} bytes of text; the first ${keep} bytes survive. */
void batch_reserve(struct batch *, size_t keep, size_t cap);

/*
 * Position of the first text that stands at or behind ${byte}; behind a line
 * end that was inserted just before it.
 */
size_t batch_position(const struct batch *, uint64_t byte);

/* text[pos...] stands at ${byte}; positions must ascend. */
void batch_add_shift(struct batch *, size_t pos, uint64_t byte);

/*
 * One more fault at ${byte}.  Its column is 1 and the rest 0; ${reason} is
 * static text.  The pointer is good until the next one is added.
 */
struct batch_fault *batch_add_fault(struct batch *, enum fault_class error,
				    const char *reason, uint64_t byte);

/* ${fault} gets a copy of at most ${max} bytes of ${raw}. */
void batch_set_raw(struct batch_fault *, const char *raw, size_t len,
		   uint64_t max);

/* The static English text of an errno. */
const char *batch_errno_text(int error);

/* Bytes JSON takes as white space. */
static inline bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* First non-blank byte of text[from..to), or ${to}. */
size_t skip_blank(const char *text, size_t from, size_t to);
/* Behind the last non-blank byte of text[from..to), or ${from}. */
size_t trim_blank(const char *text, size_t from, size_t to);

/*
 * Leaves in a finished batch only the lines and faults that begin in
 * [from, to) of the source.
 */
void batch_limit(struct batch *, uint64_t from, uint64_t to);

/* Clears the padding, puts faults into order, counts the lines before them. */
void batch_finish(struct batch *);

#endif
