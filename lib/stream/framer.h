/*
 * framer -- json and array form.
 */
#ifndef STREAM_FRAMER_H
#define STREAM_FRAMER_H

#include "stream/batch.h"

struct framer {
	const char *shown;
};

void framer_begin(struct framer *, enum input_form form, uint64_t max_record,
		  const char *shown);
void framer_release(struct framer *);

#endif
