/*
 * spool -- lines that wait for their turn in the output.
 *
 * The first SPOOL_MEMORY bytes are kept in memory; with more, all of it goes
 * to a temporary file without a name (stream/scratch.h).  So listings of any
 * length can be fetched side by side and written one after the other.
 *
 * {.fd = -1} is empty.  One thread.
 */
#ifndef SNOWPLOW_SPOOL_H
#define SNOWPLOW_SPOOL_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/out.h"
#include "json/value.h"

#define SPOOL_MEMORY (256 * 1024)

struct spool {
	struct buf text;	/* what is not in the file */
	uint64_t in_file;	/* bytes */
	int fd;			/* -1: none */
	bool failed;		/* a message was given */
};

void spool_release(struct spool *);

/* Forgets all of it. */
void spool_clear(struct spool *);

/* 0, or -1 once a write has failed (message given). */
int spool_add(struct spool *, const char *text, size_t len);

/*
 * Calls ${line} with each line (its line end left out), until it returns
 * something else than 0.  Returns that, 0, or -1 after a failed read.
 */
int spool_lines(struct spool *, int (*line)(void *, struct span), void *arg);

/* All of it to ${out}.  0, or -1 after a message. */
int spool_write(struct spool *, struct out *);

#endif
