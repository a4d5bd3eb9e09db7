/*
 * secret -- reading secrets, and forgetting them.
 */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

static int read_whole(int fd, struct buf *b, size_t max)
{
	ssize_t n;

	/* one byte more than allowed tells that it is too long */
	while (b->len <= max) {
		n = read(fd, buf_reserve(b, max + 1 - b->len),
			 max + 1 - b->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		b->len += (size_t)n;
	}
	return 0;
}

int secret_read(struct buf *b, const char *path, const char *what, size_t min,
		size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || read_whole(fd, b, max)) {
		err_msg("%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	if (S_ISREG(st.st_mode) && st.st_mode & 077)
		err_msg("%s: others can read this %s (chmod 600 it)", path,
			what);
	if (b->len >= min && b->len <= max)
		return 0;
	err_msg("%s: a %s has %zu to %zu bytes (make one with: head -c%zu "
		"/dev/urandom)", path, what, min, max, 2 * min);
	return -1;
}

void secret_release(struct buf *b)
{
	if (b->s)
		explicit_bzero(b->s, b->cap);
	buf_release(b);
}
