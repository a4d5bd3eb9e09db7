/*
 * pool -- memory that is given out in pieces and goes back all at once.
 *
 * Lifecycle: "struct pool a = {0}"; take; pool_clear() keeps one block for
 * the next use; pool_release().  Pieces are aligned for any type and never
 * move.  Blocks grow from 4 KiB to 1 MiB by doubling, so that small things
 * stay small; a piece over a quarter of a block gets one of its own.  Memory
 * failure ends the program (mem.h).  A pool belongs to one thread.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

struct pool_block;

struct pool {
	struct pool_block *blocks;	/* the one in use first */
	char *at, *end;			/* what is free of it */
	size_t next;			/* size of the next block */
	size_t taken;			/* bytes given out */
};

/* ${size} bytes, undefined contents; 0 gives a pointer that is not NULL. */
void *pool_take(struct pool *, size_t size)
	__attribute__((malloc, returns_nonnull));

/* ${count} zeroed items of ${size} bytes; the product is checked. */
void *pool_zero(struct pool *, size_t count, size_t size)
	__attribute__((malloc, returns_nonnull));

/* A copy of ${len} bytes with a NUL behind them. */
char *pool_dup(struct pool *, const void *data, size_t len)
	__attribute__((malloc, returns_nonnull));

void pool_clear(struct pool *);
void pool_release(struct pool *);

#endif
