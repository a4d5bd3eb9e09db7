/*
 * cutter -- batches of a number of records or bytes from the plain reader: the
 * first supplier of parcels (parcel.h).
 *
 * A batch ends before the record that would be one too many, or with which it
 * would be too long; a longer record is a batch alone.  Batches never hold
 * records of two sources, nor of two parts of one.  Blank lines go with the
 * batch before them where that does not make a pipe wait.
 *
 * Damaged records go on to the workers as they are, those of several lines on
 * one.  Only what cannot be shown as a line that is just as bad (an item that
 * is missing in an array, text behind its end, an RS element that was cut) is
 * a reject here, and so are sources that cannot be read.
 *
 * Memory: one batch of the reader (512 KiB, or the longest record), and the
 * parcel that is being filled, which for plain files is no more than a note of
 * where it stands.
 */
#ifndef STREAM_CUTTER_H
#define STREAM_CUTTER_H

#include "stream/parcel.h"
#include "stream/reader.h"
#include "stream/rejects.h"

struct cutter_opts {
	uint64_t records, bytes;	/* of a batch */
	uint64_t limit;			/* records in all; 0: no limit */
	bool whole;			/* sources are read from their start:
					   records have numbers */
	struct rejects *rejects;
	/*
	 * Is this record (a line without its end, not blank, perhaps no JSON)
	 * to be passed on?  NULL: all are.
	 */
	bool (*select)(void *arg, const char *record, size_t len);
	void *arg;
};

/*
 * ${reader} is owned by the supplier from now on.  ${opts} is copied.
 */
struct supplier *cutter_new(const struct cutter_opts *opts,
			    struct reader *reader);

#endif
