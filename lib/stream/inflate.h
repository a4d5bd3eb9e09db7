/*
 * inflate -- what source.c asks of a decompressor.
 */
#ifndef STREAM_INFLATE_H
#define STREAM_INFLATE_H

#include <stddef.h>

enum inflated {
	INFLATE_MORE,	/* input used up, or output full */
	INFLATE_MEMBER,	/* end of a member (gzip) or frame (zstd) */
	INFLATE_BAD
};

struct inflate_io {
	const unsigned char *in;
	size_t in_len;
	unsigned char *out;
	size_t out_len;		/* these four move on as bytes are used */
	const char *reason;	/* INFLATE_BAD: static text */
};

struct inflate_ops {
	/* NULL: no memory. */
	void *(*new)(void);
	/* To the beginning of a member. */
	void (*reset)(void *);
	/* As far as input and output reach.  Keeps what does not fit. */
	enum inflated (*run)(void *, struct inflate_io *);
	/* NULL is fine. */
	void (*free)(void *);
};

/* Same text whichever library finds it. */
#define INFLATE_DAMAGED "the compressed data are damaged"
#define INFLATE_CUT "the compressed data end too early"
#define INFLATE_MEMORY "not enough memory to decompress"
#define INFLATE_CHECKSUM "the checksum of the compressed data does not match"

extern const struct inflate_ops inflate_zlib;
#ifdef HAVE_ISAL
extern const struct inflate_ops inflate_isal;
#endif
#ifdef HAVE_ZSTD
extern const struct inflate_ops inflate_zstd;
#endif

#endif
