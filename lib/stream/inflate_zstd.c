/*
 * inflate_zstd -- zstd frames, skippable ones too.
 */
#include "stream/inflate.h"

#ifdef HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>

static void *new(void)
{
	return ZSTD_createDCtx();
}

static void reset(void *state)
{
	ZSTD_DCtx_reset(state, ZSTD_reset_session_only);
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

static enum inflated run(void *state, struct inflate_io *io)
{
	ZSTD_inBuffer in = { io->in, io->in_len, 0 };
	ZSTD_outBuffer out = { io->out, io->out_len, 0 };
	size_t rc = ZSTD_decompressStream(state, &out, &in);

	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_len -= out.pos;
	if (!ZSTD_isError(rc))
		return rc ? INFLATE_MORE : INFLATE_MEMBER;
	io->reason = reason(rc);
	return INFLATE_BAD;
}

static void release(void *state)
{
	ZSTD_freeDCtx(state);
}

const struct inflate_ops inflate_zstd = { new, reset, run, release };
#endif
