/*
 * lines -- the lines of a file of attribute lines.
 */
#include "attrs/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define BLOCK (1 << 20)
#define LINE_MAX_BYTES (256 << 20)	/* no line of ours is near it */
#define KEY_BYTES (sizeof(LINES_KEY) - 1)

void lines_start(struct lines *l, int fd)
{
	l->fd = fd;
	l->from = l->to = 0;
	l->keyed = l->bare = false;
}

void lines_release(struct lines *l)
{
	free(l->block);
	*l = (struct lines){0};
}

/* The end of a line among keys and values: a tab, and behind the last '\n'. */
static char *keyed_end(const char *p, size_t n)
{
	char *tab = memchr(p, '\t', n);
	char *end = memchr(p, '\n', tab ? (size_t)(tab - p) : n);

	return end ? end : tab;
}

bool lines_next(struct lines *l, char **line, size_t *len)
{
	const char *p = l->block + l->from;
	size_t n = l->to - l->from;
	char *end;

	if (!n)
		return false;
	if (!l->keyed && *p == LINES_KEY[0] && n >= KEY_BYTES &&
	    !memcmp(p, LINES_KEY, KEY_BYTES)) {
		l->keyed = l->bare = true;
		l->from += KEY_BYTES;
		p += KEY_BYTES;
		n -= KEY_BYTES;
	}
	end = l->keyed ? keyed_end(p, n) : memchr(p, '\n', n);
	if (!end)
		return false;
	*line = l->block + l->from;
	*len = (size_t)(end - p);
	if (*len)
		l->bare = false;
	if (*end == '\n')
		l->keyed = false;
	l->from = (size_t)(end - l->block) + 1;
	return true;
}

/* Brings what is left to the start, and sees to room behind it. */
static int make_room(struct lines *l)
{
	if (l->from)
		memmove(l->block, l->block + l->from, l->to - l->from);
	l->to -= l->from;
	l->from = 0;
	if (l->to < l->cap / 2 && l->cap)
		return 0;
	if (l->to > LINE_MAX_BYTES) {
		errno = EMSGSIZE;
		return -1;
	}
	l->cap = l->cap ? 2 * l->cap : BLOCK;
	l->block = mem_resize(l->block, l->cap + 1, 1);
	return 0;
}

long lines_more(struct lines *l)
{
	ssize_t n;

	if (make_room(l))
		return -1;
	do
		n = read(l->fd, l->block + l->to, l->cap - l->to);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		l->to += (size_t)n;
	return n;
}

char *lines_rest(struct lines *l, size_t *len)
{
	*len = l->to - l->from;
	return l->block + l->from;
}
