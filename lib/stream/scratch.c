/*
 * scratch -- temporary files that have no name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/pread_all.h"
#include "base/err.h"
#include "stream/scratch.h"

const char *scratch_folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

/* Named for as long as it takes to unlink it. */
static int open_unlinked(void)
{
	struct buf path = {0};
	int fd;

	buf_addf(&path, "%s/penstock.XXXXXX", scratch_folder());
	fd = mkostemp(buf_cstr(&path), O_CLOEXEC);
	if (fd >= 0 && unlink(path.s)) {
		int saved = errno;

		close(fd);
		errno = saved;
		fd = -1;
	}
	buf_release(&path);
	return fd;
}

int scratch_open(void)
{
	int fd = open(scratch_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	/* older kernels say EISDIR, file systems without it EOPNOTSUPP */
	if (fd < 0 && (errno == EISDIR || errno == EOPNOTSUPP ||
		       errno == ENOENT))
		fd = open_unlinked();
	if (fd < 0)
		err_msg("%s: cannot make a temporary file: %s (TMPDIR names "
			"another folder)", scratch_folder(), strerror(errno));
	return fd;
}

static int failed(const char *what, const char *why)
{
	err_msg("%s: cannot %s a temporary file: %s (TMPDIR names another "
		"folder)", scratch_folder(), what, why);
	return -1;
}

int scratch_write(int fd, const void *data, size_t len, uint64_t at)
{
	const char *p = data;
	ssize_t n;

	while (len) {
		n = pwrite(fd, p, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed("write", n ? strerror(errno)
						 : "nothing was taken");
		p += n;
		len -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

int scratch_read(int fd, void *data, size_t len, uint64_t at)
{
	if (!pread_all(fd, data, len, at))
		return 0;
	return failed("read", errno == ENODATA ? "it is too short"
					       : strerror(errno));
}
