/*
 * reader -- sources in, batches of whole records out.
 *
 * Whatever the sources look like (plain, gzip, zstd; lines, concatenated or
 * pretty-printed documents, one big array, RFC 7464), a batch is always lines:
 * one record a line, '\n' behind every one (also the last of a source that has
 * none), so that everything behind the reader knows one form only.  The framer
 * changes no byte of a record but white-space newlines, which become spaces;
 * array separators and RS become white space or line ends in place.
 *
 * Threads.  Several workers call reader_next() on one reader, each with its
 * own batch.  For plain seekable files in lines form only the hand-out of an
 * extent is under the lock; reading (pread) and cutting at line ends happens
 * outside, in the worker, so that reading scales and the bytes are in the
 * cache of the core that scans them.  All else (pipes, compressed, framed) is
 * read, inflated and framed under the lock into the caller's batch: while one
 * worker scans, the next one reads.  No reader thread, no queues, one batch a
 * worker.
 *
 * Memory: one batch (batch_bytes, or the longest record up to max_record) a
 * worker and some 100 KiB a reader.
 */
#ifndef STREAM_READER_H
#define STREAM_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "json/check.h"

/* Readable, zeroed bytes behind the text of every batch. */
#define BATCH_PADDING 128

enum input_form { INPUT_AUTO, INPUT_LINES, INPUT_JSON, INPUT_ARRAY, INPUT_SEQ };

/* Something in the input that could not be made a record of. */
struct batch_fault {
	enum fault_class error;	/* FAULT_SIZE, FAULT_IO, FAULT_JSON (framing) */
	const char *reason;	/* static text */
	uint64_t byte;		/* in the source */
	uint64_t bytes;		/* length of the damaged record, if known */
	uint64_t column;	/* 1-based, in it */
	uint64_t line;		/* lines of the batch before it */
	char *raw;		/* its first raw_len bytes, malloc'd; or NULL */
	size_t raw_len;
};

/* text[pos...] stands at byte ${source_byte} of the source. */
struct batch_shift {
	size_t pos;
	uint64_t source_byte;
};

struct batch {
	char *text;		/* len bytes, then BATCH_PADDING zero bytes */
	size_t len;		/* 0 is possible (only faults, or nothing) */
	size_t cap;
	bool mapped;		/* the text has pages of its own (mem_pages) */
	uint64_t serial;	/* 0, 1, ...: the order of the batches */
	uint64_t from, to;	/* the extent of the source it stands for */
	uint32_t source;	/* index for reader_source() */
	bool source_start;	/* first batch of its source */
	bool place_known;	/* from/to are real offsets: a named file */
	bool framed;		/* json or array form: what was on several
				   lines is on one, with blanks for the rest */
	struct batch_shift *shifts;	/* shifts[0].pos is 0; ascending */
	size_t nshifts, shifts_cap;
	struct batch_fault *faults;	/* ascending by byte */
	size_t nfaults, faults_cap;
};

void batch_init(struct batch *);
void batch_release(struct batch *);
void batch_clear(struct batch *);

/* Offset in the source of text[pos]. */
uint64_t batch_byte(const struct batch *, size_t pos);

/* Part of a source: [from, to); to UINT64_MAX is its end. */
struct extent {
	const char *source;	/* name as operand ("-" stdin) */
	uint64_t from, to;
	const char *shown;	/* called so in places; NULL: as it is */
};

struct reader_opts {
	enum input_form form;
	/*
	 * Longer records are FAULT_SIZE.  What counts is a line without its
	 * line end, an RFC 7464 element without RS and line end, in the other
	 * forms the value itself.
	 */
	uint64_t max_record;
	uint64_t batch_bytes;	/* target of a batch; 0: 512 KiB */
	uint64_t range_i, range_n;	/* --range=I/N, 1-based; n 0: none */
	const char *prefix;	/* --source-prefix, or NULL */
	bool allow_overlap;	/* a file may be named more than once */
	bool keep_order;	/* of extents: as they are given */
	bool hints;		/* say what auto took a source for, where odd */
	bool parcels;		/* .form is lines, handed out by split-batches:
				   what looks like a packed file's magic or a
				   byte order mark is a record's */
};

/*
 * The .call of an option (base/opts.h) that takes I/N, for .range_i and
 * .range_n; ${dst} is a struct reader_opts.
 */
int reader_range_option(void *dst, const char *value, char *why);

struct reader;

/*
 * Opens nothing yet (but with range_n looks whether files can be divided);
 * checks that the same file is not named twice (.allow_overlap).  With
 * ${extents} (--resume, --state) not NULL only those are read, in the order of
 * their names (but .keep_order; those of one source stand together then), and
 * ${names} is not
 * looked at.  ${names} and ${extents} must live as long as the reader.  NULL
 * after a message (usage).
 */
struct reader *reader_open(const struct reader_opts *, char **names, size_t n,
			   const struct extent *extents, size_t nextents);
void reader_free(struct reader *);

/*
 * The next batch: 1, or 0 at the end (or once stop_asked()).  A source that
 * cannot be opened or read, or that is damaged, is a FAULT_IO in a batch, and
 * the next source follows; a record it cut short is that fault's raw, its place
 * the fault's byte, and the place of the damage its column.  Serial numbers
 * have no gaps.
 */
int reader_next(struct reader *, struct batch *);

/*
 * As reader_next().  ${*plain} is set where the text is the very bytes of a
 * plain file in lines form (extents.h), from batch_byte(b, 0) of the source on,
 * but for a line end behind the file's last byte; the caller has then one user
 * of it.  Else NULL.
 */
struct plain;
int reader_next_plain(struct reader *, struct batch *, struct plain **plain);

/* "prefix" + name, or "<stdin>"; valid until reader_free(). */
const char *reader_source(const struct reader *, uint32_t source);
uint32_t reader_sources(const struct reader *);

/* Compares by bytes of the name: order of output and of `first`. */
uint32_t reader_rank(const struct reader *, uint32_t source);

/*
 * After the last batch: what was not handed out, in order, for `pending`
 * (nothing when the end was reached).  .to is UINT64_MAX where the end is not
 * known: pipes, compressed files; .from is then what was consumed.  The array
 * is owned by the reader.
 */
const struct extent *reader_pending(struct reader *, size_t *n);

/* Bytes handed out so far and, where known, in all (0: unknown); any thread. */
void reader_progress(struct reader *, uint64_t *done, uint64_t *total);

/* True when a source was lost or cut: the run ends with RC_FAILED. */
bool reader_failed(const struct reader *);

#endif
