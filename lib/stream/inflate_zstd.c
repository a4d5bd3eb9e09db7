/*
 * inflate_zstd -- zstd frames, skippable ones too.
 *
 * When ZSTD_decompressStream() fails, it does not say how much it had written
 * in that call.  So that the bytes before damage do not depend on how much room
 * there was, each call gets the input of one block, or of one header, and one
 * that still has output to get rid of gets none.
 */
#include "stream/inflate.h"

#ifdef HAVE_ZSTD
#include <stdbool.h>
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/mem.h"

/* Of a block's header, which is part of the hint for the block before. */
#define BLOCK_HEADER 3

/* The first thing to read of a frame: magic number and descriptor. */
#define FIRST_HINT 5

struct state {
	ZSTD_DCtx *ctx;
	size_t hint;	/* what is wanted next, as the last call said */
	bool full;	/* more output may be waiting */
};

static void reset(void *state)
{
	struct state *s = state;

	ZSTD_DCtx_reset(s->ctx, ZSTD_reset_session_only);
	s->hint = FIRST_HINT;
	s->full = false;
}

static void *new(void)
{
	struct state *s = mem_zalloc(1, sizeof(*s));

	s->ctx = ZSTD_createDCtx();
	if (s->ctx)
		return s;
	free(s);
	return NULL;
}

static const char *reason(size_t rc)
{
	ZSTD_ErrorCode code = ZSTD_getErrorCode(rc);

	if (code == ZSTD_error_memory_allocation)
		return INFLATE_MEMORY;
	if (code == ZSTD_error_checksum_wrong)
		return INFLATE_CHECKSUM;
	if (code == ZSTD_error_frameParameter_windowTooLarge)
		return "this zstd window needs over 128 MiB of memory "
		       "(zstd -dc --long=31 FILE | ...)";
	return INFLATE_DAMAGED;
}

/* One call; its return value. */
static size_t step(struct state *s, struct inflate_io *io)
{
	size_t want = s->hint > BLOCK_HEADER ? s->hint - BLOCK_HEADER : s->hint;
	ZSTD_inBuffer in = { io->in, want < io->in_len ? want : io->in_len, 0 };
	ZSTD_outBuffer out = { io->out, io->out_len, 0 };
	size_t rc;

	if (s->full)
		in.size = 0;
	rc = ZSTD_decompressStream(s->ctx, &out, &in);
	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_len -= out.pos;
	s->full = !io->out_len;
	s->hint = rc;
	return rc;
}

static enum inflated run(void *state, struct inflate_io *io)
{
	struct state *s = state;
	size_t rc;

	do {
		rc = step(s, io);
		if (ZSTD_isError(rc)) {
			io->reason = reason(rc);
			return INFLATE_BAD;
		}
	} while (rc && io->in_len && io->out_len);
	return rc ? INFLATE_MORE : INFLATE_MEMBER;
}

static void release(void *state)
{
	struct state *s = state;

	if (s)
		ZSTD_freeDCtx(s->ctx);
	free(s);
}

const struct inflate_ops inflate_zstd = { new, reset, run, release };
#endif
