/*
 * stream -- batches from a source that is read from front to end.
 *
 * Pipes, compressed files, and every source in json or array form.  Bytes are
 * read, or decompressed, straight into the batch, behind the beginning of a
 * record that the batch before left over (the carry).  A batch ends at a record
 * end: when it is full, when the source ends, or when a pipe has nothing more
 * for now.
 *
 * Memory: the source's, the carry (part of one batch), and in the batch the
 * target or the longest record up to max_record.  A longer one is read on
 * without being kept.
 *
 * One thread at a time: the reader's lock.
 */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include "base/buf.h"
#include "stream/framer.h"
#include "stream/source.h"

struct stream {
	struct source source;
	const struct reader_opts *opts;
	enum input_form form;	/* never INPUT_AUTO once begun */
	uint64_t bom;		/* length of the byte order mark */
	uint64_t offset;	/* of the carry in the source */
	uint64_t from, to;	/* records beginning there are wanted */
	struct buf carry;
	enum got state;		/* GOT_BYTES, or how it ended */
	struct framer framer;
};

void stream_init(struct stream *);
void stream_release(struct stream *);

/*
 * Opens ${name} and looks at its first bytes: .source.kind, .form and .bom are
 * known then.  ${shown} is for messages.  Returns 0, or -1 when there is
 * nothing to read: .state says why (GOT_END, GOT_FAULT with .source.reason,
 * GOT_STOP).
 */
int stream_open(struct stream *, const struct reader_opts *, const char *name,
		const char *shown);
void stream_close(struct stream *);

/* Limits it to the records that begin in [from, to). */
void stream_limit(struct stream *, uint64_t from, uint64_t to);

/*
 * The next batch, without serial and source: 1; 0 when there is none: .state
 * says why.  After GOT_STOP, .offset is where the rest begins.
 */
int stream_next(struct stream *, struct batch *);

/* framed.c: the same for json and array form. */
int framed_next(struct stream *, struct batch *);

/* Reads until the text has ${want} bytes. */
enum got stream_fill(struct stream *, struct batch *, size_t want);

/*
 * What to read next when ${len} bytes are no whole record: twice as much, but
 * not much more than the longest record to be kept.
 */
size_t stream_more(const struct stream *, size_t len);

/*
 * The first ${used} bytes of the batch are its own; the rest becomes the carry,
 * and leaves the batch.
 */
void stream_cut(struct stream *, struct batch *, size_t used);

#endif
