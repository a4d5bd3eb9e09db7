/*
 * pool -- blocks in a list, the newest first.
 */
#include "base/pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

#define FIRST_BLOCK 4096
#define LAST_BLOCK (1024 * 1024)
#define ALIGN 16

struct pool_block {
	struct pool_block *next;
	size_t size;			/* of .bytes */
	_Alignas(ALIGN) char bytes[];
};

static struct pool_block *new_block(size_t size)
{
	struct pool_block *b;

	if (size > SIZE_MAX - sizeof(*b))
		err_die(RC_FAILED, "out of memory (%zu bytes wanted)", size);
	b = mem_alloc(sizeof(*b) + size);
	b->next = NULL;
	b->size = size;
	return b;
}

/* A block for this piece alone, behind the one in use. */
static void *take_alone(struct pool *a, size_t size)
{
	struct pool_block *b = new_block(size);

	if (a->blocks) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		a->blocks = b;
		a->at = a->end = b->bytes + size;
	}
	return b->bytes;
}

static void *take_more(struct pool *a, size_t size)
{
	struct pool_block *b;

	if (!a->next)
		a->next = FIRST_BLOCK;
	if (size > a->next / 4)
		return take_alone(a, size);
	b = new_block(a->next);
	b->next = a->blocks;
	a->blocks = b;
	a->at = b->bytes + size;
	a->end = b->bytes + b->size;
	if (a->next < LAST_BLOCK)
		a->next *= 2;
	return b->bytes;
}

void *pool_take(struct pool *a, size_t size)
{
	char *piece = a->at;

	if (size > SIZE_MAX - ALIGN)
		err_die(RC_FAILED, "out of memory (%zu bytes wanted)", size);
	size = size ? (size + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
	a->taken += size;
	if (!piece || (size_t)(a->end - piece) < size)
		return take_more(a, size);
	a->at = piece + size;
	return piece;
}

void *pool_zero(struct pool *a, size_t count, size_t size)
{
	void *p;

	if (size && count > SIZE_MAX / size)
		err_die(RC_FAILED, "out of memory (%zu items wanted)", count);
	p = pool_take(a, count * size);
	memset(p, 0, count * size);
	return p;
}

char *pool_dup(struct pool *a, const void *data, size_t len)
{
	char *s = pool_take(a, len + 1);

	if (len)
		memcpy(s, data, len);
	s[len] = '\0';
	return s;
}

static void free_from(struct pool_block *b)
{
	struct pool_block *next;

	for (; b; b = next) {
		next = b->next;
		free(b);
	}
}

void pool_clear(struct pool *a)
{
	struct pool_block *b = a->blocks;

	a->taken = 0;
	if (!b)
		return;
	free_from(b->next);
	b->next = NULL;
	a->at = b->bytes;
	a->end = b->bytes + b->size;
}

void pool_release(struct pool *a)
{
	free_from(a->blocks);
	*a = (struct pool){0};
}
