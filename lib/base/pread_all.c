/*
 * pread_all -- a piece of a file, whole.
 */
#include "base/pread_all.h"

#include <errno.h>
#include <unistd.h>

int pread_all(int fd, void *to, size_t len, uint64_t at)
{
	char *p = to;
	ssize_t n;

	while (len) {
		n = pread(fd, p, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n ? errno : ENODATA;
			return -1;
		}
		p += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}
