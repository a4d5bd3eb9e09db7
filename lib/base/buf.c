/*
 * buf -- a growing string of bytes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/visible.h"

void buf_init(struct buf *b)
{
	*b = (struct buf){0};
}

void buf_release(struct buf *b)
{
	free(b->s);
	buf_init(b);
}

char *buf_more(struct buf *b, size_t more)
{
	size_t need;

	if (__builtin_add_overflow(b->len, more, &need))
		need = SIZE_MAX;	/* more than there is: mem.h ends it */
	if (need < 64)
		need = 64;
	mem_grow(&b->s, &b->cap, need, 1);
	return b->s + b->len;
}

void buf_addu(struct buf *b, uint64_t value)
{
	char digits[20], *p = digits + sizeof(digits);

	do
		*--p = (char)('0' + value % 10);
	while (value /= 10);
	buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

void buf_addi(struct buf *b, int64_t value)
{
	uint64_t size = (uint64_t)value;

	if (value < 0) {
		buf_addc(b, '-');
		size = 0 - size;
	}
	buf_addu(b, size);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	char *to = buf_reserve(b, 128);
	size_t room = b->cap - b->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(to, room, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= room) {
		to = buf_reserve(b, (size_t)n + 1);
		va_start(ap, fmt);
		vsnprintf(to, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	b->len += (size_t)n;
}

char *buf_cstr(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return b->s;
}

void buf_add_visible(struct buf *b, const char *s, size_t len)
{
	size_t i = 0, n;

	while (i < len) {
		i += visible_step(s + i, len - i,
				  buf_reserve(b, VISIBLE_STEP), &n);
		b->len += n;
	}
}
