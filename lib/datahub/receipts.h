/*
 * receipts -- a file of receipts (receipt.h), to look lines up in.
 *
 * The lines before stay in the file and are read when they are asked for.
 */
#ifndef DATAHUB_RECEIPTS_H
#define DATAHUB_RECEIPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

struct receipt {
	uint64_t output;	/* the line it became, or stood before */
	uint64_t extra;
	uint64_t key;		/* of its URN and aspect */
	uint64_t at;		/* of "before" in the file */
	size_t len;
	char sum[65], sum_before[65];
	bool dropped;		/* no line came out */
	bool used;
};

struct receipts {
	struct receipt *items;	/* as in the file */
	size_t n, cap;
	uint32_t *slots;	/* by .sum; number + 1 */
	size_t mask;
	const char *path;
	int fd;
};

/* 0; 2 after a message when it holds something else, 3 when unreadable. */
int receipts_open(struct receipts *, const char *path);
void receipts_close(struct receipts *);

/* The first unused one whose line has this sum; NULL: none. */
struct receipt *receipts_find(struct receipts *, const char *sum);

/* The line before; -1 after a message when it is damaged. */
int receipts_line(const struct receipts *, const struct receipt *,
		  struct buf *line);

/* What stands for the URN and aspect of a proposal; 0: it is none. */
uint64_t receipts_key_of(const char *line, size_t len);

/* Is there an unused receipt of this URN and aspect? */
bool receipts_waiting(const struct receipts *, uint64_t key);

#endif
