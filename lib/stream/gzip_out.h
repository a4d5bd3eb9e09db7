/*
 * gzip_out -- compressing into an out (base/out.h).
 *
 * zlib at its default level, since its bytes are the same on every machine,
 * which ISA-L does not promise.  Without name and time in the header (RFC
 * 1952), for the same reason.
 */
#ifndef STREAM_GZIP_OUT_H
#define STREAM_GZIP_OUT_H

#include "base/out.h"

struct gzip_out;

/* NULL for lack of memory. */
struct gzip_out *gzip_out_new(struct out *);
/* 0, or -1 once a write has failed (message given). */
int gzip_out_add(struct gzip_out *, const void *data, size_t len);
/* Ends the stream; frees.  As gzip_out_add().  NULL is fine: 0. */
int gzip_out_end(struct gzip_out *);

#endif
