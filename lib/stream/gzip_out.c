/*
 * gzip_out -- compressing into an out.
 */
#include "stream/gzip_out.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/mem.h"

#define PIECE (64 * 1024)

struct gzip_out {
	z_stream z;
	struct out *out;
	unsigned char piece[PIECE];
};

struct gzip_out *gzip_out_new(struct out *out)
{
	struct gzip_out *g = mem_zalloc(1, sizeof(*g));

	g->out = out;
	/* 16: a gzip header; 8: the default amount of memory. */
	if (deflateInit2(&g->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			 MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK)
		return g;
	free(g);
	return NULL;
}

/* Compresses what is in .z to its end; ${flush} Z_FINISH: all of it. */
static int run(struct gzip_out *g, int flush)
{
	int how;

	do {
		g->z.next_out = g->piece;
		g->z.avail_out = PIECE;
		how = deflate(&g->z, flush);
		if (out_add(g->out, g->piece, PIECE - g->z.avail_out))
			return -1;
	} while (!g->z.avail_out || (flush == Z_FINISH && how == Z_OK));
	return 0;
}

int gzip_out_add(struct gzip_out *g, const void *data, size_t len)
{
	const unsigned char *from = data;

	while (len) {
		unsigned n = len < INT_MAX ? (unsigned)len : INT_MAX;

		/* zlib's pointer is not const, but it only reads. */
		g->z.next_in = (unsigned char *)(uintptr_t)from;
		g->z.avail_in = n;
		if (run(g, Z_NO_FLUSH))
			return -1;
		from += n;
		len -= n;
	}
	return 0;
}

int gzip_out_end(struct gzip_out *g)
{
	int rc;

	if (!g)
		return 0;
	g->z.avail_in = 0;
	rc = run(g, Z_FINISH);
	deflateEnd(&g->z);
	free(g);
	return rc;
}
