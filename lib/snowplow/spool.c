/*
 * spool -- lines that wait for their turn in the output.
 */
#include <unistd.h>

#include "snowplow/spool.h"
#include "stream/scratch.h"

enum { CHUNK = 64 * 1024 };

void spool_release(struct spool *s)
{
	buf_release(&s->text);
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct spool){.fd = -1};
}

void spool_clear(struct spool *s)
{
	buf_clear(&s->text);
	s->in_file = 0;
}

static int to_file(struct spool *s)
{
	if (s->fd < 0)
		s->fd = scratch_open();
	if (s->fd < 0 ||
	    scratch_write(s->fd, s->text.s, s->text.len, s->in_file)) {
		s->failed = true;
		return -1;
	}
	s->in_file += s->text.len;
	buf_clear(&s->text);
	return 0;
}

int spool_add(struct spool *s, const char *text, size_t len)
{
	if (s->failed)
		return -1;
	if (s->text.len && s->text.len + len > SPOOL_MEMORY && to_file(s))
		return -1;
	buf_add(&s->text, text, len);
	return 0;
}

/* The lines in ${b}; what is behind the last one is kept. */
static int lines_of(struct buf *b, int (*line)(void *, struct span), void *arg)
{
	char *p = b->s, *end = p + b->len, *q;
	int rc = 0;

	while (!rc && p < end && (q = memchr(p, '\n', (size_t)(end - p)))) {
		rc = line(arg, (struct span){p, (size_t)(q - p)});
		p = q + 1;
	}
	if (b->s)
		memmove(b->s, p, (size_t)(end - p));
	b->len = (size_t)(end - p);
	return rc;
}

int spool_lines(struct spool *s, int (*line)(void *, struct span), void *arg)
{
	struct buf b = {0};
	uint64_t at = 0;
	int rc = 0;

	while (!rc && at < s->in_file) {
		size_t n = s->in_file - at < CHUNK ? (size_t)(s->in_file - at)
						   : CHUNK;

		if (scratch_read(s->fd, buf_reserve(&b, n), n, at)) {
			rc = -1;
			break;
		}
		b.len += n;
		at += n;
		rc = lines_of(&b, line, arg);
	}
	if (!rc) {
		buf_add(&b, s->text.s, s->text.len);
		rc = lines_of(&b, line, arg);
	}
	buf_release(&b);
	return rc;
}

int spool_write(struct spool *s, struct out *out)
{
	struct buf b = {0};
	uint64_t at = 0;
	int rc = 0;

	while (!rc && at < s->in_file) {
		size_t n = s->in_file - at < CHUNK ? (size_t)(s->in_file - at)
						   : CHUNK;

		rc = scratch_read(s->fd, buf_reserve(&b, n), n, at);
		if (!rc)
			rc = out_add(out, b.s, n);
		at += n;
	}
	buf_release(&b);
	return rc ? rc : out_add(out, s->text.s, s->text.len);
}
