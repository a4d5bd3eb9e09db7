/*
 * earlier -- what an earlier run of fetch-deploys got (--resume=OUTPUT).
 *
 * The file is read once and remembered by the data structure's hash and the
 * place of its line; the history is read again when it is asked for.  Lines
 * that are cut or damaged, as the last one is after SIGKILL, are passed over:
 * what they had is fetched anew.
 *
 * Memory: some 120 bytes a data structure.  One thread.
 */
#ifndef SNOWPLOW_EARLIER_H
#define SNOWPLOW_EARLIER_H

#include "base/buf.h"
#include "json/value.h"
#include "snowplow/names.h"

struct earlier {
	const char *path;
	int fd;			/* -1: none */
	struct nameset hashes;
	struct place {
		uint64_t at;
		size_t len;
	} *places;		/* of .hashes */
	size_t cap;
};

/*
 * ${versions}: only lines that have these, too.  0, or -1 after a message
 * (exit 2): not there, no regular file.
 */
int earlier_open(struct earlier *, const char *path, bool versions);
void earlier_close(struct earlier *);

/*
 * The line of data structure ${hash} into ${line}, if there is one, and its
 * history has all of the current deployments that ${now}, the line of the
 * input, lists: the others were made since.
 */
bool earlier_find(struct earlier *, const char *hash, struct span now,
		  struct buf *line);

#endif
