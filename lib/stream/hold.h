/*
 * hold -- a worker's output, held until the worker has succeeded.
 *
 * Up to HOLD_MEMORY bytes in memory, then all of it in an unlinked temporary
 * file (scratch.h), which is gone with the process however that ends.
 *
 * Lifecycle: hold_init(), hold_read()..., hold_write(), hold_release() (which
 * makes it as new).
 */
#ifndef STREAM_HOLD_H
#define STREAM_HOLD_H

#include <sys/types.h>
#include "base/buf.h"

#define HOLD_MEMORY (1024 * 1024)

struct hold {
	struct buf text;	/* while .fd is -1 */
	int fd;
	uint64_t len;
};

void hold_init(struct hold *);
void hold_release(struct hold *);

enum held { HELD_MORE, HELD_END, HELD_AGAIN, HELD_FAILED };

/*
 * Takes what one read(2) of ${fd} gives.  HELD_FAILED, after a message, when
 * the temporary file cannot be written.
 */
enum held hold_read(struct hold *, int fd);

/* What came behind the first ${len} bytes is forgotten.  0, or -1, message. */
int hold_cut(struct hold *, uint64_t len);

/* All of it, in pieces, to ${put}; -1 once that fails, or after a message. */
int hold_give(struct hold *, int (*put)(void *arg, const void *, size_t),
	      void *arg);

#endif
