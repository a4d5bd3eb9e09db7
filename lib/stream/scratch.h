/*
 * scratch -- temporary files that have no name.
 *
 * In $TMPDIR, or /tmp where that is not set.  The kernel gives the space back
 * when the last descriptor is closed, also after SIGKILL (O_TMPFILE; where a
 * file system has none, a file that is unlinked at once).
 */
#ifndef STREAM_SCRATCH_H
#define STREAM_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

/* A new, empty file (close-on-exec); -1 after a message. */
int scratch_open(void);

/* The folder it is in, for messages. */
const char *scratch_folder(void);

/*
 * Writes, or reads, all ${len} bytes at ${at}.  0, or -1 after a message; a
 * file too short is one.
 */
int scratch_write(int fd, const void *data, size_t len, uint64_t at);
int scratch_read(int fd, void *data, size_t len, uint64_t at);

#endif
