/*
 * source -- opening, waiting, reading, and the turn to the decompressor.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/stop.h"
#include "stream/batch.h"
#include "stream/inflate.h"
#include "stream/source.h"

/* After this long without a byte, what is there is worth handing out. */
#define IDLE_MS 100

/* What a pipe is asked to hold. */
#define PIPE_BYTES (1024 * 1024)

/* Bytes that are enough to tell every kind. */
#define MAGIC 4

void source_init(struct source *s)
{
	*s = (struct source){ .fd = -1 };
}

static const struct inflate_ops *ops_of(enum source_kind kind)
{
	if (kind == SOURCE_GZIP)
#ifdef HAVE_ISAL
		return &inflate_isal;
#else
		return &inflate_zlib;
#endif
#ifdef HAVE_ZSTD
	if (kind == SOURCE_ZSTD)
		return &inflate_zstd;
#endif
	return NULL;
}

void source_release(struct source *s)
{
	if (!s)
		return;
	source_close(s);
	free(s->input);
	for (int i = 0; i < 2; i++)
		if (s->decoders[i].ops)
			s->decoders[i].ops->free(s->decoders[i].state);
	source_init(s);
}

/* gzip: RFC 1952, 2.3.1.  zstd: RFC 8878, 3.1.1 and 3.1.2 (skippable). */
static enum source_kind kind_of(const unsigned char *p, size_t n)
{
	if (n >= 2 && p[0] == 0x1f && p[1] == 0x8b)
		return SOURCE_GZIP;
	if (n >= 4 && p[0] == 0x28 && p[1] == 0xb5 && p[2] == 0x2f &&
	    p[3] == 0xfd)
		return SOURCE_ZSTD;
	if (n >= 4 && (p[0] & 0xf0) == 0x50 && p[1] == 0x2a && p[2] == 0x4d &&
	    p[3] == 0x18)
		return SOURCE_ZSTD;
	return SOURCE_PLAIN;
}

static int open_fd(struct source *s, const char *name)
{
	struct stat st;
	off_t at;

	/* O_NONBLOCK: a FIFO's writer is waited for by wait_for(). */
	s->is_stdin = !strcmp(name, "-");
	s->fd = s->is_stdin ? STDIN_FILENO :
			      open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY |
						 O_NONBLOCK);
	if (s->fd < 0 || fstat(s->fd, &st))
		return -1;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	if (S_ISFIFO(st.st_mode))	/* fewer turns; refused: as it is */
		fcntl(s->fd, F_SETPIPE_SZ, PIPE_BYTES);
	at = S_ISREG(st.st_mode) ? lseek(s->fd, 0, SEEK_CUR) : -1;
	s->regular = at >= 0;
	if (!s->regular)
		return 0;
	s->base = (uint64_t)at;
	s->size = st.st_size > at ? (uint64_t)(st.st_size - at) : 0;
	posix_fadvise(s->fd, at, 0, POSIX_FADV_SEQUENTIAL);	/* a hint */
	return 0;
}

int source_open(struct source *s, const char *name)
{
	s->base = s->size = s->stored = 0;
	s->reason = NULL;
	s->kind = SOURCE_UNKNOWN;
	s->ended = s->between = s->padding = false;
	s->in_pos = s->in_len = 0;
	if (!open_fd(s, name))
		return 0;
	s->reason = batch_errno_text(errno);
	source_close(s);
	return -1;
}

/* Leaves stdin where the next program that shares it would go on. */
void source_close(struct source *s)
{
	if (s->fd < 0)
		return;
	if (s->is_stdin && s->regular)
		lseek(s->fd, (off_t)(s->base + s->stored), SEEK_SET);
	if (!s->is_stdin)
		close(s->fd);
	s->fd = -1;
}

static enum got fault(struct source *s, const char *reason)
{
	s->reason = reason;
	return GOT_FAULT;
}

/* Waits for a pipe to have something. */
static enum got wait_for(struct source *s)
{
	struct pollfd fds[2] = {
		{ .fd = s->fd, .events = POLLIN },
		{ .fd = stop_fd(), .events = POLLIN }
	};
	int ms = stop_timeout();

	if (ms < 0 || ms > IDLE_MS)
		ms = IDLE_MS;
	ms = poll(fds, 2, ms);
	if (stop_asked())
		return GOT_STOP;
	if (ms < 0 && errno != EINTR && errno != EAGAIN)
		return fault(s, batch_errno_text(errno));
	return ms > 0 ? GOT_BYTES : GOT_IDLE;
}

/* Stored bytes. */
static enum got read_regular(struct source *s, void *dst, size_t cap, size_t *n)
{
	uint64_t left = s->size - s->stored;
	ssize_t got;

	if (!left)
		return GOT_END;
	if (cap > left)
		cap = (size_t)left;
	do
		got = pread(s->fd, dst, cap, (off_t)(s->base + s->stored));
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fault(s, batch_errno_text(errno));
	if (!got)
		return fault(s, SOURCE_SHRANK);
	s->stored += (size_t)got;
	*n = (size_t)got;
	return GOT_BYTES;
}

static enum got read_stored(struct source *s, void *dst, size_t cap, size_t *n)
{
	enum got got;
	ssize_t bytes;

	if (s->regular)
		return read_regular(s, dst, cap, n);
	got = wait_for(s);
	if (got != GOT_BYTES)
		return got;
	bytes = read(s->fd, dst, cap);
	if (bytes < 0 && (errno == EINTR || errno == EAGAIN))
		return GOT_IDLE;
	if (bytes < 0)
		return fault(s, batch_errno_text(errno));
	if (!bytes)
		return GOT_END;
	s->stored += (size_t)bytes;
	*n = (size_t)bytes;
	return GOT_BYTES;
}

/* More stored bytes behind those in .input. */
static enum got fill(struct source *s)
{
	enum got got;
	size_t n = 0;

	if (s->ended)
		return GOT_END;
	if (!s->input)
		s->input = mem_alloc(SOURCE_INPUT);
	if (s->in_pos) {
		memmove(s->input, s->input + s->in_pos, s->in_len - s->in_pos);
		s->in_len -= s->in_pos;
		s->in_pos = 0;
	}
	got = read_stored(s, s->input + s->in_len, SOURCE_INPUT - s->in_len,
			  &n);
	s->in_len += n;
	s->ended = got == GOT_END;
	return got;
}

/* GOT_BYTES once .input holds MAGIC bytes or all that is left. */
static enum got fill_magic(struct source *s)
{
	enum got got;

	while (s->in_len - s->in_pos < MAGIC) {
		got = fill(s);
		if (got == GOT_END)
			break;
		if (got != GOT_BYTES)
			return got;
	}
	return GOT_BYTES;
}

static enum got begin_member(struct source *s)
{
	struct decoder *d = &s->decoders[s->kind == SOURCE_ZSTD];

	d->ops = ops_of(s->kind);
	s->decoder = d;
	s->between = false;
	if (!d->ops)
		return fault(s, "zstd input, but this build has no zstd "
			     "(install libzstd-dev and build again, or "
			     "zstd -dc FILE | ...)");
	if (!d->state)
		d->state = d->ops->new();
	if (!d->state)
		return fault(s, INFLATE_MEMORY);
	d->ops->reset(d->state);
	return GOT_BYTES;
}

enum got source_sniff(struct source *s)
{
	enum got got;

	if (s->kind != SOURCE_UNKNOWN)
		return s->reason ? GOT_FAULT : GOT_BYTES;
	got = fill_magic(s);
	if (got != GOT_BYTES)
		return got;
	s->kind = kind_of(s->input, s->in_len);
	if (s->kind == SOURCE_PLAIN)
		return s->in_len ? GOT_BYTES : GOT_END;
	return begin_member(s);
}

static enum got read_plain(struct source *s, char *dst, size_t cap, size_t *n)
{
	size_t have = s->in_len - s->in_pos;

	if (!have) {
		enum got got = s->ended ? GOT_END :
					  read_stored(s, dst, cap, n);

		s->ended = got == GOT_END;
		return got;
	}
	*n = have < cap ? have : cap;
	memcpy(dst, s->input + s->in_pos, *n);
	s->in_pos += *n;
	return GOT_BYTES;
}

/*
 * Behind a member: another one, the end, or zero bytes to the end, with which
 * tapes and block devices are filled up.
 */
static enum got next_member(struct source *s)
{
	enum got got;

	for (;;) {
		while (s->in_pos < s->in_len && !s->input[s->in_pos]) {
			s->padding = true;
			s->in_pos++;
		}
		got = fill_magic(s);
		if (got != GOT_BYTES)
			return got;
		if (s->in_pos == s->in_len)
			return GOT_END;
		if (s->input[s->in_pos])
			break;
	}
	if (s->padding || kind_of(s->input + s->in_pos, s->in_len - s->in_pos)
			  != s->kind)
		return fault(s, "something else follows the compressed data");
	return begin_member(s);
}

/*
 * Decompresses what is in .input, and gets more of it when that is used up and
 * room is left.
 */
static enum got run(struct source *s, struct inflate_io *io)
{
	size_t in = s->in_len - s->in_pos, out = io->out_len;
	enum inflated done;
	enum got got;

	io->in = s->input + s->in_pos;
	io->in_len = in;
	done = s->decoder->ops->run(s->decoder->state, io);
	s->in_pos = s->in_len - io->in_len;
	s->between = done == INFLATE_MEMBER;
	if (done == INFLATE_BAD)
		return fault(s, io->reason);
	if (s->between || !io->out_len)
		return GOT_BYTES;
	if (io->in_len)
		return io->in_len < in || io->out_len < out ? GOT_BYTES :
			fault(s, INFLATE_DAMAGED);
	got = fill(s);
	return got == GOT_END ? fault(s, INFLATE_CUT) : got;
}

static enum got read_packed(struct source *s, char *dst, size_t cap, size_t *n)
{
	struct inflate_io io = { .out = (unsigned char *)dst, .out_len = cap };
	enum got got;

	do
		got = s->between ? next_member(s) : run(s, &io);
	while (got == GOT_BYTES && io.out_len);
	*n = cap - io.out_len;
	return *n ? GOT_BYTES : got;
}

enum got source_read(struct source *s, char *dst, size_t cap, size_t *n)
{
	enum got got;

	*n = 0;
	if (s->reason)
		return GOT_FAULT;
	got = source_sniff(s);
	if (got != GOT_BYTES)
		return got;
	return s->kind == SOURCE_PLAIN ? read_plain(s, dst, cap, n) :
					 read_packed(s, dst, cap, n);
}

enum source_kind source_probe(const char *name)
{
	struct source s;
	enum source_kind kind;

	source_init(&s);
	if (source_open(&s, name))
		return SOURCE_UNKNOWN;
	if (s.regular)
		source_sniff(&s);
	kind = s.kind;
	s.stored = 0;
	source_release(&s);
	return kind;
}
