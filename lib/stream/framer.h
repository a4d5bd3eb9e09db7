/*
 * framer -- json and array form: documents of any layout into lines, in place.
 *
 * The text of a batch is gone through once by shape.h.  Where a record ends, a
 * line end is put: over the blank, comma or bracket that follows, or, where
 * something else does ("{}{}"), between the two, when all is done.  Line ends
 * inside records become spaces, and so does everything between records, so
 * that there are no blank lines and all bytes but those few keep their places.
 *
 * Damage.  A value that breaks the grammar is cut off before the next line that
 * looks like the beginning of a record, and what is cut off is one reject.
 * - In json form that is a line that begins with { or [.
 * - In array form it is one that begins as the line of item one does (blanks,
 *   perhaps a comma) with the same bracket.  Where item one stands on the line
 *   of the array's bracket, the first item that begins a line is taken.
 * - Where there is none, the rest of the source is one reject, and a message
 *   says so.
 * A line that begins so inside a value that is good so far is left alone: it
 * may be an item of an inner array.  But a file of indented documents, one of
 * which was cut short behind a colon, goes on validly with the next document
 * as the value; the damage shows only behind that.  So, when damage shows, and
 * the lines before the first such line were all indented deeper (or closing
 * brackets), the record is cut off there, and the one that was swallowed is
 * saved.  Where there are no lines between, the last good record of several
 * lines decides: it must have had no such line inside.
 *
 * A record over max_record is FAULT_SIZE; it is followed to its end without
 * being kept.  What is damaged only behind max_record counts as too long.
 */
#ifndef STREAM_FRAMER_H
#define STREAM_FRAMER_H

#include "stream/batch.h"
#include "stream/shape.h"

/* What may come next in array form. */
enum array_place {
	ARRAY_BEFORE,	/* [ */
	ARRAY_FIRST,	/* an item or ] */
	ARRAY_ITEM,	/* an item */
	ARRAY_NEXT,	/* a comma or ] */
	ARRAY_AFTER	/* nothing */
};

struct framer {
	enum input_form form;
	uint64_t max_record;
	const char *shown;	/* name, for messages */
	enum array_place place;
	struct shape_line line;	/* how the line of a record begins */
	struct shape_line gap;	/* line so far, before the next item */
	bool deep;		/* records have no line inside that begins so */

	/* The batch being gone through. */
	struct batch *batch;
	size_t pos;		/* gone through so far */
	bool ends;		/* the source ends behind its text */
	size_t records;		/* found in it, good or bad */
	size_t *breaks;		/* where line ends are to be put between */
	size_t nbreaks, breaks_cap;

	/* The record that begins at .start, if .open. */
	bool open;
	size_t start;
	uint64_t byte;		/* of .start in the source */
	struct shape shape;
	const char *why;	/* damaged: the reason if json_check has none */
	uint64_t damage;	/* how far behind its start */
	bool hopeless;		/* damaged, and nothing can follow */
	bool skipping;		/* not kept: .start is not its start */
	size_t end;		/* then: where it was found to end */
};

void framer_begin(struct framer *, enum input_form form, uint64_t max_record,
		  const char *shown);
void framer_release(struct framer *);

/* A new batch, whose text begins with the carry. */
void framer_start(struct framer *, struct batch *);

/*
 * Goes on, to the end of the batch's text, which may have grown since.
 * ${ends}: the source ends there.
 */
void framer_run(struct framer *, bool ends);

/* All before this is settled; behind it is the beginning of a record. */
size_t framer_settled(const struct framer *);

/* Puts the line ends in, when the batch's text is the settled part. */
void framer_finish(struct framer *);

/*
 * This much of a record is read behind max_record before it is skipped: a UTF-8
 * sequence that is the damage must be seen whole to be judged.
 */
#define FRAMER_AHEAD 4

/* Is the open record so long that it need not be kept? */
static inline bool framer_over(const struct framer *f)
{
	size_t len = f->batch->len - f->start;

	return len > FRAMER_AHEAD && len - FRAMER_AHEAD > f->max_record;
}

/*
 * The open record is over max_record and shall not be kept.  From now on
 * framer_run() makes no fault of it.  Before each further framer_run() the
 * caller replaces the text, but for its last ${*keep} bytes, which
 * framer_dropped() is told; when .open is false, it ended before text[.end].
 */
void framer_skip(struct framer *, size_t *keep);
void framer_dropped(struct framer *, size_t bytes);

/* The open record, text[start..]: class, reason and column of its fault. */
void framer_judge(const struct framer *, struct batch_fault *);

#endif
