/*
 * source -- the bytes of one input, decompressed.
 *
 * A source is opened by name and read once from front to end.  Regular files
 * are read with pread(2), and only as far as they reached when they were
 * opened; everything else with poll(2) and read(2).  gzip and zstd are told by
 * their magic bytes; several members are one text.
 *
 * Memory: SOURCE_INPUT bytes and what the decompressor needs (zlib 40 KiB,
 * ISA-L 90 KiB, zstd its window, at most 128 MiB).  A struct source can be used
 * for one input after the other and keeps them; source_release() frees.
 *
 * One thread at a time.
 */
#ifndef STREAM_SOURCE_H
#define STREAM_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stored bytes that are read at once. */
#define SOURCE_INPUT (128 * 1024)

#define SOURCE_SHRANK "the file became shorter while it was read"

enum source_kind { SOURCE_UNKNOWN, SOURCE_PLAIN, SOURCE_GZIP, SOURCE_ZSTD };

enum got {
	GOT_BYTES,
	GOT_END,
	GOT_FAULT,	/* .reason says what; stays so */
	GOT_IDLE,	/* a pipe: nothing came for a while; ask again */
	GOT_STOP	/* stop_asked() while waiting */
};

struct inflate_ops;

struct source {
	int fd;			/* -1: none */
	bool is_stdin;
	bool regular;
	uint64_t base;		/* where it stood when it was opened (stdin) */
	uint64_t size;		/* regular: bytes from there on, at open */
	uint64_t stored;	/* bytes read of it */
	const char *reason;	/* static text */
	enum source_kind kind;
	bool ended;		/* no stored bytes follow those in .input */
	bool between;		/* behind a member */
	bool padding;		/* zero bytes have begun */
	unsigned char *input;	/* SOURCE_INPUT bytes */
	size_t in_pos, in_len;
	struct decoder {
		const struct inflate_ops *ops;
		void *state;
	} decoders[2];		/* gzip, zstd: kept from source to source */
	struct decoder *decoder;	/* the one in use */
};

void source_init(struct source *);
void source_release(struct source *);

/* "-" is stdin.  0, or -1 with .reason set and nothing to close. */
int source_open(struct source *, const char *name);
void source_close(struct source *);

/*
 * Finds out .kind, if it is not known yet.  GOT_BYTES when it is; GOT_END for
 * an empty source (then it is plain).
 */
enum got source_sniff(struct source *);

/*
 * At most ${cap} (over 0) more bytes of the text to ${dst}.  GOT_BYTES with
 * ${*n} over 0, else with ${*n} 0.
 */
enum got source_read(struct source *, char *dst, size_t cap, size_t *n);

/* Kind of the file by its first bytes; SOURCE_UNKNOWN if it cannot be read. */
enum source_kind source_probe(const char *name);

#endif
