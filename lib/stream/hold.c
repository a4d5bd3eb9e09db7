/*
 * hold -- a worker's output, held until the worker has succeeded.
 */
#include "stream/hold.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "stream/scratch.h"

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

/* From memory to a file. */
static int spill(struct hold *h)
{
	h->fd = scratch_open();
	if (h->fd < 0 || scratch_write(h->fd, h->text.s, h->text.len, 0))
		return -1;
	h->len = h->text.len;
	buf_clear(&h->text);
	return 0;
}

enum held hold_read(struct hold *h, int fd)
{
	char *to = buf_reserve(&h->text, PIECE);
	ssize_t n = read(fd, to, PIECE);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return HELD_AGAIN;
	if (n < 0) {
		err_msg("a worker's output cannot be read: %s",
			strerror(errno));
		return HELD_FAILED;
	}
	if (!n)
		return HELD_END;
	if (h->fd >= 0) {
		if (scratch_write(h->fd, to, (size_t)n, h->len))
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
	if (h->fd >= 0 && ftruncate(h->fd, (off_t)len)) {
		err_msg("a worker's output cannot be cut: %s", strerror(errno));
		return -1;
	}
	if (h->fd < 0)
		h->text.len = (size_t)len;
	h->len = len;
	return 0;
}

int hold_give(struct hold *h, int (*put)(void *arg, const void *, size_t),
	      void *arg)
{
	size_t n;

	if (h->fd < 0)
		return put(arg, h->text.s, h->text.len);
	buf_clear(&h->text);
	buf_reserve(&h->text, PIECE);
	for (uint64_t at = 0; at < h->len; at += n) {
		n = h->len - at < PIECE ? (size_t)(h->len - at) : PIECE;
		if (scratch_read(h->fd, h->text.s, n, at) ||
		    put(arg, h->text.s, n))
			return -1;
	}
	return 0;
}
