/*
 * extents -- batches from parts of a plain file, read by several threads.
 *
 * The reader hands out extents [from, to) under its lock; the rest happens in
 * the worker: it finds the first record that begins in its extent, and reads on
 * behind the extent to the end of the last one.  Every record belongs to the
 * extent it begins in, so extents of any size divide a file exactly; one in
 * which no record begins gives an empty batch.
 *
 * Memory: a batch of the extent, or the longest record up to max_record.
 */
#ifndef STREAM_EXTENTS_H
#define STREAM_EXTENTS_H

#include <stdatomic.h>
#include "stream/reader.h"
#include "stream/source.h"

struct plain {
	int fd;
	bool is_stdin;
	uint64_t base;		/* of the source's first byte in the file */
	uint64_t size;		/* at open; nothing behind it is read */
	uint64_t bom;		/* length of the byte order mark */
	enum input_form form;	/* lines or seq */
	const struct reader_opts *opts;
	uint64_t next;		/* handed out so far; the reader's lock */
	atomic_uint users;	/* extents handed out, and the reader */
	atomic_bool broken;	/* a read failed: no more extents */
};

/*
 * Takes over the open file of ${source}, whose .fd is then -1.  One user: the
 * caller.
 */
struct plain *plain_new(struct source *, const struct reader_opts *,
			enum input_form form, uint64_t bom);

/* One user less; the last one closes. */
void plain_put(struct plain *);

/*
 * The records that begin in [from, to), ${to} at most .size, into ${b}.  What
 * cannot be read is a fault in it, and sets .broken.  Any thread.
 */
void extent_read(struct plain *, uint64_t from, uint64_t to, struct batch *b);

#endif
