/*
 * reading -- what the tests of the reader share: files of random bytes, packed
 * or not, given as files or through pipes, read by several threads, and all
 * that came out in the order of serial numbers.
 *
 * Has its own stop.h functions, so that a stop can be taken back: one file of a
 * program includes it.
 */
#ifndef UNIT_READING_H
#define UNIT_READING_H

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/stat.h>
#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "base/mem.h"
#include "base/stop.h"
#include "gen.h"
#include "stream/fan.h"
#include "stream/reader.h"
#include "unit.h"

static atomic_bool stopped;

int stop_watch(uint64_t ms)
{
	return (int)(ms & 0);
}

int stop_ignore_first(void)
{
	return 0;
}

bool stop_asked(void)
{
	return atomic_load(&stopped);
}

void stop_request(void)
{
	atomic_store(&stopped, true);
}

int stop_fd(void)
{
	return -1;
}

int stop_timeout(void)
{
	return 1;	/* a short wait: idle pipes are looked at often */
}

/* A record, or a fault: where, and its bytes. */
struct piece {
	uint32_t source;
	uint64_t byte;
	char *text;
	size_t len;
	struct batch_fault fault;	/* .reason NULL: a record */
};

struct pieces {
	struct piece *items;
	size_t n, cap;
	uint64_t blank;		/* blank lines */
};

static inline struct piece *piece_add(struct pieces *p, uint64_t byte,
				      const char *text, size_t len)
{
	mem_grow(&p->items, &p->cap, p->n + 1, sizeof(*p->items));
	p->items[p->n] = (struct piece){ .byte = byte,
					 .text = mem_dup(text, len),
					 .len = len };
	return &p->items[p->n++];
}

static inline void pieces_release(struct pieces *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->items[i].text);
	free(p->items);
	*p = (struct pieces){0};
}

static inline bool blank_char(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The record of a line, without blanks around it; or one blank line more. */
static inline struct piece *piece_line(struct pieces *p, uint64_t byte,
				       const char *s, size_t len)
{
	while (len && blank_char(s[len - 1]))
		len--;
	for (; len && blank_char(*s); s++, len--)
		byte++;
	if (len)
		return piece_add(p, byte, s, len);
	p->blank++;
	return NULL;
}

struct run {
	struct reader_opts opts;
	char **names;
	size_t n;
	const struct extent *extents;
	size_t nextents;
	unsigned threads;
	long stop_after;	/* batches; negative: never */
	/* Results. */
	struct reader *reader;
	struct batch *batches;
	size_t nbatches, batches_cap;
	bool failed;
	pthread_mutex_t lock;
	atomic_long given;
};

static inline void run_work(void *arg, unsigned i)
{
	struct run *run = arg;
	struct batch b;

	(void)i;
	for (;;) {
		batch_init(&b);
		if (!reader_next(run->reader, &b))
			break;
		pthread_mutex_lock(&run->lock);
		mem_grow(&run->batches, &run->batches_cap, run->nbatches + 1,
			 sizeof(b));
		run->batches[run->nbatches++] = b;
		pthread_mutex_unlock(&run->lock);
		if (atomic_fetch_add(&run->given, 1) + 1 == run->stop_after)
			stop_request();
	}
	batch_release(&b);
}

static inline int by_serial(const void *a, const void *b)
{
	const struct batch *x = a, *y = b;

	return (x->serial > y->serial) - (x->serial < y->serial);
}

static inline void check_batch(const struct batch *b, uint64_t serial)
{
	int sum = 0;

	CHECK(b->serial == serial);
	CHECK(b->len <= b->cap + 1 && (uintptr_t)b->text % 64 == 0);
	CHECK(!b->len || b->text[b->len - 1] == '\n');
	CHECK(!b->len || (b->nshifts && b->shifts[0].pos == 0));
	for (size_t i = 0; i < BATCH_PADDING; i++)
		sum |= b->text[b->len + i];
	CHECK(sum == 0);
	for (size_t i = 1; i < b->nfaults; i++)
		CHECK(b->faults[i - 1].byte <= b->faults[i].byte);
}

/*
 * Reads all.  The reader lives on (reader_pending()) until run_release().
 * False when it could not be opened.
 */
static inline bool run_all(struct run *run)
{
	atomic_store(&stopped, run->stop_after == 0);
	run->reader = reader_open(&run->opts, run->names, run->n, run->extents,
				  run->nextents);
	if (!run->reader)
		return false;
	run->nbatches = 0;
	atomic_init(&run->given, 0);
	pthread_mutex_init(&run->lock, NULL);
	fan_run(run->threads, run_work, run);
	atomic_store(&stopped, false);
	if (run->nbatches)
		qsort(run->batches, run->nbatches, sizeof(*run->batches),
		      by_serial);
	for (size_t i = 0; i < run->nbatches; i++)
		check_batch(&run->batches[i], i);
	run->failed = reader_failed(run->reader);
	return true;
}

static inline void run_release(struct run *run)
{
	for (size_t i = 0; i < run->nbatches; i++)
		batch_release(&run->batches[i]);
	free(run->batches);
	reader_free(run->reader);
	run->batches = NULL;
	run->reader = NULL;
	run->nbatches = run->batches_cap = 0;
}

/* Records and faults of a batch in their order, as its .line says. */
static inline void batch_pieces(struct pieces *p, const struct batch *b)
{
	const struct batch_fault *f = b->faults, *end = f + b->nfaults;
	size_t pos = 0, next;
	struct piece *piece;

	for (uint64_t line = 0;; line++, pos = next) {
		for (; f < end && f->line == line; f++) {
			piece = piece_add(p, f->byte, f->raw ? f->raw : "",
					  f->raw_len);
			piece->source = b->source;
			piece->fault = *f;
		}
		if (pos == b->len)
			break;
		next = pos;
		while (b->text[next++] != '\n')
			;
		while (pos < next - 1 && blank_char(b->text[pos]))
			pos++;
		piece = piece_line(p, batch_byte(b, pos), b->text + pos,
				   next - pos);
		if (piece)
			piece->source = b->source;
	}
	CHECK(f == end);
}

static inline void run_pieces(struct pieces *p, const struct run *run)
{
	for (size_t i = 0; i < run->nbatches; i++)
		batch_pieces(p, &run->batches[i]);
}

static inline bool same_piece(const struct piece *a, const struct piece *b)
{
	return a->byte == b->byte && a->len == b->len &&
	       !memcmp(a->text, b->text, a->len) &&
	       !a->fault.reason == !b->fault.reason &&
	       (!a->fault.reason || (a->fault.error == b->fault.error &&
				     a->fault.bytes == b->fault.bytes &&
				     a->fault.column == b->fault.column));
}

static inline void show_piece(const char *what, const struct piece *p)
{
	printf("  %s at %llu: %.*s", what, (unsigned long long)p->byte,
	       (int)(p->len < 200 ? p->len : 200), p->text);
	if (p->fault.reason)
		printf(" (%s, %llu bytes, column %llu)", p->fault.reason,
		       (unsigned long long)p->fault.bytes,
		       (unsigned long long)p->fault.column);
	printf("\n");
}

/* Says the first difference. */
static inline bool same_pieces(const struct pieces *is,
			       const struct pieces *want)
{
	for (size_t i = 0; i < is->n && i < want->n; i++)
		if (!same_piece(&is->items[i], &want->items[i])) {
			printf("piece %zu differs\n", i);
			show_piece("is", &is->items[i]);
			show_piece("not", &want->items[i]);
			return false;
		}
	if (is->n != want->n) {
		printf("%zu pieces, not %zu\n", is->n, want->n);
		if (is->n > want->n)
			show_piece("more", &is->items[want->n]);
		else
			show_piece("missing", &want->items[is->n]);
	}
	if (is->blank != want->blank)
		printf("%llu blank lines, not %llu\n",
		       (unsigned long long)is->blank,
		       (unsigned long long)want->blank);
	return is->n == want->n && is->blank == want->blank;
}

/* Only these bytes of a text may be in no record and no fault. */
static inline const char *between(enum input_form form)
{
	return form == INPUT_ARRAY ? " \t\r\n,[]" :
	       form == INPUT_SEQ ? " \t\r\n\x1e" : " \t\r\n";
}

static inline void check_between(const char *text, size_t from, size_t to,
				 enum input_form form)
{
	for (; from < to; from++)
		if (!text[from] || !strchr(between(form), text[from])) {
			printf("byte %zu, 0x%02x, was dropped\n", from,
			       (unsigned char)text[from]);
			CHECK(false);
			return;
		}
}

/* Nothing overlaps, nothing is left out; records are as in the text. */
static inline void check_all_there(const struct pieces *p,
				   const struct buf *text,
				   enum input_form form)
{
	size_t pos = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct piece *x = &p->items[i];
		size_t n = x->fault.reason ? x->fault.bytes : x->len;

		CHECK(x->byte >= pos && x->byte + n <= text->len);
		if (x->byte < pos || x->byte + n > text->len)
			return;
		check_between(text->s, pos, x->byte, form);
		for (size_t k = 0; k < x->len; k++)
			CHECK(text->s[x->byte + k] == x->text[k] ||
			      (!x->fault.reason && x->text[k] == ' ' &&
			       text->s[x->byte + k] == '\n'));
		pos = x->byte + n;
	}
	check_between(text->s, pos, text->len, form);
}

/* How a text is given to the reader. */
enum { AS_PLAIN, AS_GZIP, AS_ZSTD, AS_KINDS };

static char test_dir[64];

static inline void make_test_dir(void)
{
	strcpy(test_dir, "/tmp/penstock-unit-XXXXXX");
	if (!mkdtemp(test_dir)) {
		perror("mkdtemp");
		exit(1);
	}
}

static inline void remove_test_dir(void)
{
	char cmd[100];

	snprintf(cmd, sizeof(cmd), "rm -rf %s", test_dir);
	if (system(cmd))
		perror(cmd);
}

/* Appends a gzip member. */
static inline void pack_gzip(struct buf *out, const char *text, size_t len)
{
	z_stream z = { .avail_in = (unsigned)len };

	memcpy(&z.next_in, &text, sizeof(text));
	deflateInit2(&z, (int)gen(10), Z_DEFLATED, 15 + 16, 8,
		     Z_DEFAULT_STRATEGY);
	z.avail_out = (unsigned)deflateBound(&z, (unsigned long)len);
	z.next_out = (unsigned char *)buf_reserve(out, z.avail_out);
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		exit(1);
	out->len += z.total_out;
	deflateEnd(&z);
}

static inline void pack_zstd(struct buf *out, const char *text, size_t len)
{
#ifdef HAVE_ZSTD
	size_t bound = ZSTD_compressBound(len);

	out->len += ZSTD_compress(buf_reserve(out, bound), bound, text, len, 1);
#else
	pack_gzip(out, text, len);
#endif
}

/* ${text} as one to three members. */
static inline void pack(struct buf *out, int as, const char *text, size_t len)
{
	size_t part;

	buf_clear(out);
	if (as == AS_PLAIN) {
		buf_add(out, text, len);
		return;
	}
	for (int i = 0; i < 3; i++, text += part, len -= part) {
		part = i < 2 && !gen(2) ? gen(len + 1) : i == 2 ? len : 0;
		if (!part && gen(4) && i < 2)
			continue;
		if (as == AS_GZIP)
			pack_gzip(out, text, part);
		else
			pack_zstd(out, text, part);
	}
}

static inline char *test_file(const char *name, const char *text, size_t len)
{
	static char paths[16][100];
	static int next;
	char *path = paths[next++ % 16];
	FILE *f;

	snprintf(path, sizeof(paths[0]), "%s/%s", test_dir, name);
	f = fopen(path, "w");
	if (!f || (len && fwrite(text, 1, len, f) != len) || fclose(f)) {
		perror(path);
		exit(1);
	}
	return path;
}

/* A pipe into which a thread writes a text in random pieces. */
struct feed {
	const char *text;
	size_t len;
	int fds[2];
	uint64_t seed;
	pthread_t thread;
	char name[32];
};

static inline void *feed_write(void *arg)
{
	struct feed *f = arg;
	size_t pos = 0, n;
	ssize_t done;

	while (pos < f->len) {
		f->seed = f->seed * 6364136223846793005u + 1442695040888963407u;
		n = (f->seed >> 33) % (f->seed >> 60 ? 5000 : 10) + 1;
		done = write(f->fds[1], f->text + pos,
			     n < f->len - pos ? n : f->len - pos);
		if (done < 0)
			break;
		pos += (size_t)done;
	}
	close(f->fds[1]);
	return NULL;
}

static inline char *feed_start(struct feed *f, const char *text, size_t len)
{
	f->text = text;
	f->len = len;
	f->seed = gen_state;
	if (pipe(f->fds) ||
	    pthread_create(&f->thread, NULL, feed_write, f)) {
		perror("feed");
		exit(1);
	}
	snprintf(f->name, sizeof(f->name), "/dev/fd/%d", f->fds[0]);
	return f->name;
}

static inline void feed_end(struct feed *f)
{
	close(f->fds[0]);
	pthread_join(f->thread, NULL);
}

#endif
