/*
 * place -- where the bytes that a worker reads came from.
 *
 * split-batches gives a worker two variables: PENSTOCK_BATCH, the number of its
 * batch from 0, and PENSTOCK_INDEX_FD, the number of an open file of lines
 * such as
 *
 *	{"source":"a.ndjson","record":1001,"byte":409600,"length":5120}
 *
 * one for each contiguous run of bytes, in the order in which these come on the
 * worker's standard input: the first ${length} bytes of standard input stand
 * in "a.ndjson" from byte 409600 on, the next line tells of those behind them,
 * and so on.  A run ends behind a line end.  Members come in this order and
 * without spaces:
 *
 *	source	name as in error(5), with --source-prefix before it
 *	record	1-based number in the source of the first record in the run;
 *		left out where it is not known (inside a range)
 *	byte	offset in the source of the run's first byte, decompressed
 *	length	bytes of it on standard input
 *	from,to	the part of the source that the run stands for, where it is not
 *		[byte, byte + length): a byte order mark that was skipped, a
 *		last line that got its line end, bytes that are in no record
 *		(brackets of an array), a record that was left out.  Both or
 *		none.
 *	stream	true where the source is a pipe: offsets are good for locators,
 *		but make no ranges.  Else left out.
 *
 * The file is a regular one and may still be growing (--persist): a line is
 * there before the first of its bytes can be read from standard input, and
 * whole lines are added at once.  So: read it with pread(2) from offset 0 on
 * (its offset is shared), as far as the bytes at hand need.  When it has no
 * line for bytes that are there, when standard input ends inside a run, or when
 * the last byte of a run is not a line end, a filter stood between and the
 * places are void.
 */
#ifndef STREAM_PLACE_H
#define STREAM_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"

#define PLACE_BATCH_ENV "PENSTOCK_BATCH"
#define PLACE_INDEX_ENV "PENSTOCK_INDEX_FD"

struct place_run {
	uint32_t source;	/* as its supplier numbers them */
	bool stream;
	uint64_t record;	/* 1-based; 0: not known */
	uint64_t byte, length;
	uint64_t from, to;
};

/* Appends the line of ${run}, with its line end. */
void place_write(struct buf *, const struct place_run *run,
		 const char *source);

#endif
