/*
 * index -- stage one of the scanner: where the structure of a text is.
 *
 * Works on 64-byte blocks.  For each block it makes bit masks (one bit a byte)
 * of quotes, backslashes, structural characters, control characters and
 * non-ASCII bytes, marks what lies inside strings by a carry-less
 * multiplication of the quotes, and writes the positions of the structural
 * characters outside strings, { } [ ] : , and the line end, to a list: the
 * tokens.  Between two tokens there is at most one string or scalar, so its
 * length is the distance, and stage two (tokens.c) never looks for the end of a
 * string.
 *
 * What is checked here, because masks do it for 64 bytes at a time: escapes,
 * control characters in strings, UTF-8 (only where a block is not ASCII),
 * backslashes outside strings, and that an opening quote follows a token (so
 * that "a" "b" cannot pass for one string).  A fault is only a flag: the
 * records of that stretch are then looked at one by one (check.h).
 *
 * The text: lines, the last one ended by '\n', 64 zero bytes (or bytes of an
 * earlier line) readable before it and 128 behind it.  At most 4 GiB.
 * An index belongs to one thread.
 */
#ifndef JSON_INDEX_H
#define JSON_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "json/kernel.h"

struct json_index {
	const char *text;
	size_t len;
	size_t pos;		/* everything before it is indexed */
	uint64_t in_string;	/* all ones: the next block begins in a string */
	uint64_t escaped;	/* 1: its first byte is escaped */
	uint64_t follows;	/* 1: the byte before it is a token */
	uint64_t wide;		/* not 0: the last bytes were not ASCII */
	bool fault;		/* something is wrong since the last start */
	uint32_t *at;		/* tokens: offsets in text */
	size_t n, cap;
	size_t line_end;	/* tokens up to and with the last '\n' */
};

void index_release(struct json_index *);

/* Begins at a line start. */
void index_start(struct json_index *, const char *text, size_t len, size_t pos);

/* Drops the first ${n} tokens. */
void index_drop(struct json_index *, size_t n);

/*
 * Indexes ${bytes} more (rounded to blocks), and on until a line end is among
 * the tokens or the text is over.  Sets .fault when something is wrong in what
 * was indexed.
 */
void index_fill_portable(struct json_index *, size_t bytes);
void index_fill_avx2(struct json_index *, size_t bytes);
void index_fill_avx512(struct json_index *, size_t bytes);

#endif
