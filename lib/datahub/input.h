/*
 * input -- records of JSON, one after the other, in order.
 *
 * Over stream/reader.h, on one thread: each record is checked, what is no JSON
 * is handed on as a reject.
 */
#ifndef DATAHUB_INPUT_H
#define DATAHUB_INPUT_H

#include "datahub/findings.h"
#include "stream/reader.h"

struct input {
	struct reader *reader;
	struct findings *findings;	/* told of rejects */
	uint64_t records, bytes, rejected;
	/* Returns 0; -1 with the reason (static) to reject the record. */
	int (*take)(void *arg, const char *text, size_t len,
		    const struct place *, const char **why);
	void *arg;
};

/* Deepest record that is taken. */
#define INPUT_DEPTH 1000

/* To the end of all sources.  reader_failed() says whether all was read. */
void input_run(struct input *);

#endif
