/*
 * attr_file -- attribute lines of a file that is known by its name.
 */
#include "attrs/attrio.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

int attr_reader_file(struct attr_reader *r, const char *name)
{
	bool is_stdin = !strcmp(name, "-");
	int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0) {
		err_msg("%s: %s", name, strerror(errno));
		return RC_FAILED;
	}
	rc = attr_reader_read(r, fd, is_stdin ? "<stdin>" : name);
	if (!is_stdin)
		close(fd);
	return rc;
}

int attr_file(struct scan *scan, struct scan_opts *opts, struct buf *arena,
	      const struct attr_reader_opts *how, const char *name)
{
	struct attr_reader *r = attr_reader_new(scan, opts, arena, how);
	int rc = attr_reader_file(r, name);

	attr_reader_free(r);
	return rc;
}
