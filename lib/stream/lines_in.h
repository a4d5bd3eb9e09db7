/*
 * lines_in -- one checked record after the other, for a loop that waits for
 * other things too.
 *
 * Puts a feeder's batches into records: blank lines are skipped, what is no
 * valid JSON goes to the rejects with its place.  No call blocks.
 *
 * {0}, then lines_in_open(); lines_in_release() always.  One thread.
 */
#ifndef STREAM_LINES_IN_H
#define STREAM_LINES_IN_H

#include "json/value.h"
#include "stream/feeder.h"
#include "stream/names.h"
#include "stream/rejects.h"

struct lines_in {
	bool ready;	/* another line may be there without waiting */
	bool end;	/* all was handed out */
	/* private */
	struct reader *reader;
	struct feeder *feeder;
	struct rejects *rejects;
	const struct batch *batch;
	size_t pos, fault;
	uint64_t line, record, records, number;
	struct span text;	/* the record handed out last */
	uint64_t byte;
};

/* 0, or -1 after a message (exit 2). */
int lines_in_open(struct lines_in *, const struct reader_opts *,
		  const struct names *, struct rejects *);

/* For poll(2), together with .ready; -1 once all was read. */
int lines_in_fd(const struct lines_in *);

/*
 * The next record, without blanks around it, good until the next call; false
 * when there is none now.
 */
bool lines_in_next(struct lines_in *, struct span *record);

/* Rejects the record handed out last. */
void lines_in_reject(struct lines_in *, enum fault_class, const char *reason);

/* Records so far, good and bad. */
uint64_t lines_in_records(const struct lines_in *);

/* Ends the thread.  0, or -1 when a source was lost or cut. */
int lines_in_close(struct lines_in *);
void lines_in_release(struct lines_in *);

#endif
