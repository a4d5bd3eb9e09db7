/*
 * hold -- a worker's output, held until the worker has succeeded.
 */
#include "stream/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

#define PIECE (256 * 1024)

void hold_init(struct hold *h)
{
	*h = (struct hold){ .fd = -1 };
}

void hold_release(struct hold *h)
{
	if (h->fd >= 0)
		close(h->fd);
	buf_release(&h->text);
	hold_init(h);
}

int hold_temp(void)
{
	const char *dir = getenv("TMPDIR");
	struct buf name = {0};
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR &&
			errno != EINVAL))
		return fd;
	/* A file system without O_TMPFILE. */
	buf_addf(&name, "%s/penstock-XXXXXX", dir);
	fd = mkostemp(buf_cstr(&name), O_CLOEXEC);
	if (fd >= 0)
		unlink(name.s);
	buf_release(&name);
	return fd;
}

static int fail(const char *what)
{
	err_msg("a worker's output cannot be %s: %s (TMPDIR names where it is "
		"held)", what, strerror(errno));
	return -1;
}

static int put(struct hold *h, const char *s, size_t len, uint64_t at)
{
	ssize_t n;

	for (; len; len -= (size_t)n, s += n, at += (uint64_t)n) {
		n = pwrite(h->fd, s, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return fail("held");
	}
	return 0;
}

/* From memory to a file. */
static int spill(struct hold *h)
{
	h->fd = hold_temp();
	if (h->fd < 0)
		return fail("held");
	if (put(h, h->text.s, h->text.len, 0))
		return -1;
	h->len = h->text.len;
	buf_clear(&h->text);
	return 0;
}

enum held hold_read(struct hold *h, int fd)
{
	char *to = buf_reserve(&h->text, PIECE);
	ssize_t n = read(fd, to, PIECE);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? HELD_AGAIN
							 : HELD_END;
	if (!n)
		return HELD_END;
	if (h->fd >= 0) {
		if (put(h, to, (size_t)n, h->len))
			return HELD_FAILED;
		h->len += (uint64_t)n;
		return HELD_MORE;
	}
	h->text.len += (size_t)n;
	h->len = h->text.len;
	if (h->len > HOLD_MEMORY && spill(h))
		return HELD_FAILED;
	return HELD_MORE;
}

int hold_cut(struct hold *h, uint64_t len)
{
	if (h->fd >= 0 && ftruncate(h->fd, (off_t)len))
		return fail("cut");
	if (h->fd < 0)
		h->text.len = (size_t)len;
	h->len = len;
	return 0;
}

int hold_write(struct hold *h, struct out *out)
{
	uint64_t at = 0;
	ssize_t n;

	if (h->fd < 0)
		return out_add(out, h->text.s, h->text.len);
	buf_clear(&h->text);
	while (at < h->len) {
		n = pread(h->fd, buf_reserve(&h->text, PIECE), PIECE,
			  (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail("read back");
		if (out_add(out, h->text.s, (size_t)n))
			return -1;
		at += (uint64_t)n;
	}
	return 0;
}
