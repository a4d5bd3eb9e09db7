/*
 * arena -- memory that is given out in pieces and goes back all at once.
 *
 * Lifecycle: "struct arena a = {0}"; take; arena_clear() keeps one block for
 * the next use; arena_release().  Pieces are aligned for any type and never
 * move.  Blocks grow from 4 KiB to 1 MiB by doubling, so that small things
 * stay small; a piece over a quarter of a block gets one of its own.  Memory
 * failure ends the program (mem.h).  An arena belongs to one thread.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks;	/* the one in use first */
	char *at, *end;			/* what is free of it */
	size_t next;			/* size of the next block */
	size_t taken;			/* bytes given out */
};

/* ${size} bytes, undefined contents; 0 gives a pointer that is not NULL. */
void *arena_take(struct arena *, size_t size)
	__attribute__((malloc, returns_nonnull));

/* ${count} zeroed items of ${size} bytes; the product is checked. */
void *arena_zero(struct arena *, size_t count, size_t size)
	__attribute__((malloc, returns_nonnull));

/* A copy of ${len} bytes with a NUL behind them. */
char *arena_dup(struct arena *, const void *data, size_t len)
	__attribute__((malloc, returns_nonnull));

void arena_clear(struct arena *);
void arena_release(struct arena *);

#endif
