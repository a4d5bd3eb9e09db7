/*
 * inflate_isal -- gzip by ISA-L, several times as fast as zlib.
 *
 * isal_inflate() writes straight into the output once what it holds back in
 * its own 64 KiB buffer is gone, so large outputs are what it likes.
 */
#include "stream/inflate.h"

#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#include <limits.h>
#include <stdlib.h>

#include "base/mem.h"

static void reset(void *state)
{
	struct inflate_state *s = state;

	isal_inflate_reset(s);
	s->crc_flag = ISAL_GZIP;
}

static void *new(void)
{
	struct inflate_state *s = mem_zalloc(1, sizeof(*s));

	isal_inflate_init(s);
	s->crc_flag = ISAL_GZIP;
	return s;
}

static uint32_t limit(size_t len)
{
	return len > INT_MAX ? INT_MAX : (uint32_t)len;
}

static enum inflated run(void *state, struct inflate_io *io)
{
	struct inflate_state *s = state;
	uint32_t in = limit(io->in_len), out = limit(io->out_len);
	int rc;

	/* The field is not const, but only read. */
	s->next_in = (uint8_t *)(uintptr_t)io->in;
	s->avail_in = in;
	s->next_out = io->out;
	s->avail_out = out;
	rc = isal_inflate(s);
	io->in += in - s->avail_in;
	io->in_len -= in - s->avail_in;
	io->out += out - s->avail_out;
	io->out_len -= out - s->avail_out;
	if (rc == ISAL_INCORRECT_CHECKSUM)
		io->reason = INFLATE_CHECKSUM;
	else if (rc < 0 || rc == ISAL_NEED_DICT)
		io->reason = INFLATE_DAMAGED;
	else
		return s->block_state == ISAL_BLOCK_FINISH ? INFLATE_MEMBER :
							     INFLATE_MORE;
	return INFLATE_BAD;
}

const struct inflate_ops inflate_isal = { new, reset, run, free };
#endif
