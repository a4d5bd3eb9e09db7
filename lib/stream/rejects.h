/*
 * rejects -- error lines and messages from several threads.
 */
#ifndef STREAM_REJECTS_H
#define STREAM_REJECTS_H

#include <pthread.h>
#include <stdatomic.h>
#include "base/out.h"
#include "stream/error_line.h"

struct rejects {
	struct out *errors;	/* --errors, or NULL */
	uint64_t max_raw;
	bool at_once;		/* each line is with the system when it is
				   told */
	_Atomic uint64_t n;	/* all but FAULT_IO */
	pthread_mutex_t lock;
	struct buf line;
};

void rejects_init(struct rejects *, struct out *errors, uint64_t max_raw);
void rejects_release(struct rejects *);

/*
 * Writes the line and tells the first ten (and every FAULT_IO) on stderr.  Any
 * thread.  A write that failed shows when ${errors} is closed.
 */
void rejects_add(struct rejects *, const struct error_line *);

#endif
