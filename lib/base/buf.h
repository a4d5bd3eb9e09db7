/*
 * buf -- a growing string of bytes.
 *
 * Lifecycle: "struct buf b = {0}" or buf_init(); add; buf_release().
 * buf_clear() keeps the memory for the next use.  The bytes at .s are owned by
 * the buffer and move when it grows.  Not NUL-terminated unless buf_cstr() was
 * called.  Memory failure ends the program (mem.h).  A buffer belongs to one
 * thread.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *s;
	size_t len;
	size_t cap;
};

void buf_init(struct buf *);
void buf_release(struct buf *);

static inline void buf_clear(struct buf *b)
{
	b->len = 0;
}

/* Room for ${more} bytes behind the end; returns where they go. */
char *buf_more(struct buf *, size_t more);

static inline char *buf_reserve(struct buf *b, size_t more)
{
	return b->cap - b->len >= more && b->s ? b->s + b->len
					       : buf_more(b, more);
}

static inline void buf_add(struct buf *b, const void *data, size_t len)
{
	if (len)
		memcpy(buf_reserve(b, len), data, len);
	b->len += len;
}

static inline void buf_addc(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->len++;
}

static inline void buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

/* Decimal digits. */
void buf_addu(struct buf *, uint64_t);
void buf_addi(struct buf *, int64_t);
void buf_addf(struct buf *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts a NUL behind the last byte (not counted) and returns .s. */
char *buf_cstr(struct buf *);

/* ${s} of ${len} bytes with control bytes as \xNN, for messages. */
void buf_add_visible(struct buf *, const char *s, size_t len);

#endif
