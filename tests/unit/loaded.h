/*
 * loaded -- attribute lines read back, for tests.
 */
#ifndef UNIT_LOADED_H
#define UNIT_LOADED_H

#include <sys/mman.h>
#include <unistd.h>

#include "attrs/attrio.h"
#include "base/err.h"

/* A scan and what it was read with. */
struct loaded {
	struct scan scan;
	struct scan_opts opts;
	struct buf arena;
};

static inline void load_init(struct loaded *l)
{
	*l = (struct loaded){.arena = {0}};
	scan_opts_init(&l->opts);
	scan_init(&l->scan, &l->opts);
}

static inline void load_release(struct loaded *l)
{
	scan_release(&l->scan);
	buf_release(&l->arena);
}

/* A file with ${text}, at its beginning; the caller closes it. */
static inline int text_file(const void *text, size_t len)
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	if (fd < 0 || (len && write(fd, text, len) != (ssize_t)len) ||
	    lseek(fd, 0, SEEK_SET))
		err_die(RC_FAILED, "no memory file");
	return fd;
}

#endif
