/*
 * inflate_zlib -- gzip by zlib.  Always built: tests compare ISA-L with it.
 */
#define ZLIB_CONST
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "stream/inflate.h"

/* Window of 32 KiB, gzip header and trailer (zlib.h, inflateInit2). */
#define GZIP_WINDOW (15 + 16)

static voidpf get(voidpf unused, uInt items, uInt size)
{
	(void)unused;
	return mem_zalloc(items, size);
}

static void put(voidpf unused, voidpf memory)
{
	(void)unused;
	free(memory);
}

static void *new(void)
{
	z_stream *z = mem_zalloc(1, sizeof(*z));

	z->zalloc = get;
	z->zfree = put;
	if (inflateInit2(z, GZIP_WINDOW) == Z_OK)
		return z;
	free(z);	/* another zlib than that of the header */
	return NULL;
}

static void reset(void *state)
{
	inflateReset(state);
}

static unsigned limit(size_t len)
{
	return len > UINT_MAX ? UINT_MAX : (unsigned)len;
}

static const char *reason(const z_stream *z)
{
	if (z->msg && (!strcmp(z->msg, "incorrect data check") ||
		       !strcmp(z->msg, "incorrect length check")))
		return INFLATE_CHECKSUM;
	return INFLATE_DAMAGED;
}

static enum inflated run(void *state, struct inflate_io *io)
{
	z_stream *z = state;
	unsigned in = limit(io->in_len), out = limit(io->out_len);
	int rc;

	z->next_in = io->in;
	z->avail_in = in;
	z->next_out = io->out;
	z->avail_out = out;
	rc = inflate(z, Z_NO_FLUSH);
	io->in += in - z->avail_in;
	io->in_len -= in - z->avail_in;
	io->out += out - z->avail_out;
	io->out_len -= out - z->avail_out;
	if (rc == Z_STREAM_END)
		return INFLATE_MEMBER;
	if (rc == Z_OK || rc == Z_BUF_ERROR)
		return INFLATE_MORE;
	io->reason = reason(z);
	return INFLATE_BAD;
}

static void release(void *state)
{
	if (!state)
		return;
	inflateEnd(state);
	free(state);
}

const struct inflate_ops inflate_zlib = { new, reset, run, release };
