/*
 * pread_all -- a piece of a file, whole.
 *
 * pread(2) may give less than was asked, and may be interrupted.  No state; any
 * thread.
 */
#ifndef BASE_PREAD_ALL_H
#define BASE_PREAD_ALL_H

#include <stddef.h>
#include <stdint.h>

/*
 * The ${len} bytes at offset ${at} to ${to}.  0, or -1 with errno, which is
 * ENODATA when the file ends before; what is in ${to} then is of no use.
 */
int pread_all(int fd, void *to, size_t len, uint64_t at);

#endif
