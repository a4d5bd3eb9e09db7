/*
 * state -- --state=FILE: which files were read how far, and the watermark.
 *
 * A file is known by device, inode and its first bytes (their hash), whatever
 * it is called now; so a log that was renamed goes on where it was.  A file
 * that is new where an old one had the name is the next generation of it:
 * "app.log#2", so that places of different files never have the same name.
 *
 *	state_read(); state_plan() (what there is to read); after success
 *	state_saw() for each source that was read and state_write()
 *
 * The file is one line of JSON, replaced as a whole (base/out.h).
 */
#ifndef STREAM_STATE_H
#define STREAM_STATE_H

#include "base/buf.h"
#include "base/opts.h"
#include "stream/reader.h"

/* First bytes that are compared, at most. */
#define STATE_HEAD 1024

struct state_file {
	char *source;		/* name in places */
	uint64_t device, inode;
	uint64_t head_len, head;	/* the first bytes, and their XXH3-64 */
	uint64_t read;		/* so far, of the text */
	uint64_t size;		/* stored, when it was read */
	bool packed;
	bool seen;		/* among the operands now */
	size_t before;		/* new: the one that had the name, + 1 */
};

struct state {
	const char *path;
	struct state_file *files;
	size_t n, cap;
	char *watermark;	/* JSON text, or NULL */
	char *expr;		/* of the watermark, or NULL */
	/* state_plan() */
	struct extent *extents;
	size_t *index;		/* in .files */
	size_t nextents, extents_cap, index_cap;
	bool grown;		/* some are not read from their start */
};

/*
 * A missing FILE is an empty state.  0, or -1 after a message (usage).
 */
int state_read(struct state *, const char *path);
void state_release(struct state *);
/* The same from the text of FILE, without a message. */
bool state_parse(struct state *, const char *text, size_t len);

/*
 * Fills in .extents: what is to be read of the files ${names}, in their order.
 * An unterminated last line is left unless ${final}.  Tells of files that
 * shrank or begin in another way now.  0, or -1 after a message (a name that is
 * no file of lines).
 */
int state_plan(struct state *, const struct reader_opts *, char **names,
	       size_t n, bool final);

/*
 * Extent ${i} was read up to ${to}: for packed files, whose end is not known
 * before.
 */
void state_saw(struct state *, size_t i, uint64_t to);

/*
 * The value ${text} of the watermark's expression; the state takes a copy of
 * both.
 */
void state_set_watermark(struct state *, const char *expr, const char *text,
			 size_t len);

/* All extents were read.  0, or -1 after a message. */
int state_write(struct state *);

#endif
