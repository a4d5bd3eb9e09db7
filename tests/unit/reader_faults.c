/*
 * Unit test of lib/stream/reader: sources that are damaged, changed,
 * unreadable, named twice, never written to, or not what they seem.
 */
#include <signal.h>
#include <unistd.h>

#include "base/err.h"
#include "reading.h"

/* How much zlib makes of a cut stream. */
static size_t inflated(const struct buf *packed, size_t len, char *out,
		       size_t cap)
{
	z_stream z = { .avail_in = (unsigned)len };

	z.next_in = (unsigned char *)packed->s;
	inflateInit2(&z, 15 + 16);
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)cap;
	inflate(&z, Z_SYNC_FLUSH);
	inflateEnd(&z);
	return z.total_out;
}

/* All whole lines before the cut, then one fault. */
static void check_cut(const struct buf *packed, size_t len, bool piped)
{
	char plain[8192];
	size_t n = inflated(packed, len, plain, sizeof(plain)), lines = 0;
	char *name = test_file("cut", packed->s, len);
	struct run run = { .opts = { .form = INPUT_LINES, .max_record = 9999,
				     .batch_bytes = gen(500) + 1 },
			   .names = &name, .n = 1, .threads = 2,
			   .stop_after = -1 };
	struct pieces is = {0};
	struct feed feed;

	if (piped)
		name = feed_start(&feed, packed->s, len);
	for (size_t i = 0; i < n; i++)
		lines += plain[i] == '\n';
	CHECK(run_all(&run) && run.failed);
	run_pieces(&is, &run);
	CHECK(is.n == lines + 1);
	for (size_t i = 0; i < is.n; i++) {
		const struct piece *p = &is.items[i];

		CHECK(!p->fault.reason == (i < lines));
		CHECK(p->byte + p->len <= n &&
		      !memcmp(plain + p->byte, p->text, p->len));
		if (p->fault.reason)
			CHECK(p->fault.error == FAULT_IO &&
			      p->byte + p->fault.column - 1 == n);
	}
	if (piped)
		feed_end(&feed);
	run_release(&run);
	pieces_release(&is);
}

static void test_cut_gzip(void)
{
	struct buf text = {0}, packed = {0};

	for (size_t i = 0; i < 60; i++)
		buf_addf(&text, "{\"n\":%zu,\"x\":\"%zx\"}\n", i, gen(1 << 30));
	pack_gzip(&packed, text.s, text.len);
	for (size_t len = 2; len < packed.len; len++)
		check_cut(&packed, len, len % 4 == 0);
	buf_release(&text);
	buf_release(&packed);
}

/* One source of these bytes: ${records} records, then an io fault or none. */
static void check_bytes(const struct buf *b, size_t records, const char *reason)
{
	for (int piped = 0; piped < 2; piped++) {
		struct feed feed;
		char *name = piped ? feed_start(&feed, b->s, b->len) :
				     test_file("bytes", b->s, b->len);
		struct run run = { .opts = { .max_record = 9999,
					     .batch_bytes = 100 },
				   .names = &name, .n = 1, .threads = 1,
				   .stop_after = -1 };
		struct pieces is = {0};

		CHECK(run_all(&run) && run.failed == (reason != NULL));
		run_pieces(&is, &run);
		CHECK(is.n == records + (reason != NULL));
		if (reason && is.n == records + 1) {
			const struct batch_fault *f = &is.items[records].fault;

			CHECK(f->reason && !strcmp(f->reason, reason));
		}
		if (piped)
			feed_end(&feed);
		run_release(&run);
		pieces_release(&is);
	}
}

static void test_trailers(void)
{
	struct buf b = {0}, good = {0};

	pack_gzip(&good, "{}\n{}\n", 6);
	buf_add(&b, good.s, good.len);
	check_bytes(&b, 2, NULL);
	for (size_t i = 0; i < 600; i++)
		buf_addc(&b, '\0');
	check_bytes(&b, 2, NULL);
	buf_add(&b, good.s, good.len);
	check_bytes(&b, 2, "something else follows the compressed data");
	buf_clear(&b);
	buf_add(&b, good.s, good.len);
	buf_adds(&b, "garbage");
	check_bytes(&b, 2, "something else follows the compressed data");
	buf_clear(&b);
	buf_add(&b, good.s, good.len);
	b.s[b.len - 6] ^= 1;
	check_bytes(&b, 2,
		    "the checksum of the compressed data does not match");
	buf_clear(&b);
	buf_adds(&b, "\x1f\x8b");
	check_bytes(&b, 0, "the compressed data end too early");
#ifdef HAVE_ZSTD
	buf_clear(&b);
	buf_add(&b, "\x50\x2a\x4d\x18\x02\0\0\0ab", 10);
	pack_zstd(&b, "{}\n", 3);
	buf_add(&b, "\x5f\x2a\x4d\x18\0\0\0\0", 8);
	pack_zstd(&b, "{}", 2);
	check_bytes(&b, 2, NULL);
	b.len -= 2;
	check_bytes(&b, 1, "the compressed data end too early");
#endif
	buf_release(&b);
	buf_release(&good);
}

/* What cannot be read costs itself alone. */
static void test_unreadable(void)
{
	char *good = test_file("good", "{}\n", 3);
	char *empty = test_file("empty", "", 0);
	char *names[] = { good, test_dir, empty, (char []){ "/no/such" },
			  test_file("good2", "[]", 2) };
	struct run run = { .opts = { .max_record = 99, .prefix = "host:" },
			   .names = names, .n = 5, .threads = 2,
			   .stop_after = -1 };
	struct pieces is = {0};

	CHECK(run_all(&run) && run.failed);
	run_pieces(&is, &run);
	CHECK(is.n == 4);
	if (is.n == 4) {
		CHECK(!is.items[0].fault.reason && !is.items[3].fault.reason);
		CHECK(!strcmp(is.items[1].fault.reason, "Is a directory"));
		CHECK(!strcmp(is.items[2].fault.reason,
			      "No such file or directory"));
		CHECK(is.items[3].source == 4);
	}
	CHECK(!strncmp(reader_source(run.reader, 3), "host:/no/such", 14));
	CHECK(reader_sources(run.reader) == 5);
	CHECK(reader_rank(run.reader, 3) == 0);
	run_release(&run);
	pieces_release(&is);
}

/* Shorter after the first batch; what was added is not read. */
static void test_changed(bool shrinks)
{
	static char text[100 * 1000];
	char *name;
	struct run run = { .opts = { .form = INPUT_LINES, .max_record = 99,
				     .batch_bytes = 1000 },
			   .names = &name, .n = 1, .threads = 1,
			   .stop_after = -1 };
	struct pieces is = {0};
	struct batch b;

	memset(text, 'x', sizeof(text));
	for (size_t i = 9; i < sizeof(text); i += 10)
		text[i] = '\n';
	name = test_file("changed", text, sizeof(text));
	run.reader = reader_open(&run.opts, &name, 1, NULL, 0);
	batch_init(&b);
	CHECK(reader_next(run.reader, &b) == 1);
	batch_pieces(&is, &b);
	CHECK(truncate(name, shrinks ? 50005 : 200000) == 0);
	while (reader_next(run.reader, &b))
		batch_pieces(&is, &b);
	if (shrinks) {
		CHECK(is.n == 5001 && reader_failed(run.reader));
		CHECK(is.items[5000].fault.reason &&
		      is.items[5000].byte == 50000 &&
		      is.items[5000].len == 5);
	} else {
		CHECK(is.n == 10000 && !reader_failed(run.reader));
	}
	batch_release(&b);
	run_release(&run);
	pieces_release(&is);
}

static void *stop_soon(void *arg)
{
	usleep(50 * 1000);
	stop_request();
	return arg;
}

/* A FIFO that nobody writes to can be stopped, and is all pending. */
static void test_fifo(void)
{
	char path[100];
	char *name = path;
	struct run run = { .opts = { .max_record = 99 }, .names = &name,
			   .n = 1, .threads = 2, .stop_after = -1 };
	const struct extent *rest;
	pthread_t thread;
	size_t n;

	snprintf(path, sizeof(path), "%s/fifo", test_dir);
	CHECK(!mkfifo(path, 0600));
	CHECK(!pthread_create(&thread, NULL, stop_soon, NULL));
	CHECK(run_all(&run) && !run.failed && !run.nbatches);
	pthread_join(thread, NULL);
	rest = reader_pending(run.reader, &n);
	CHECK(n == 1 && rest->from == 0 && rest->to == UINT64_MAX);
	run_release(&run);
}

/* stdin as a file: from where it stands, and left where it was read to. */
static void test_stdin(void)
{
	char *name = test_file("stdin", "skipped\n{}\n[]\n", 14);
	char in[] = "-";
	char *names[] = { in };
	struct run run = { .opts = { .max_record = 99, .batch_bytes = 1 },
			   .names = names, .n = 1, .threads = 2,
			   .stop_after = -1 };
	int fd = open(name, O_RDONLY), old = dup(STDIN_FILENO);
	struct pieces is = {0};

	CHECK(lseek(fd, 8, SEEK_SET) == 8);
	dup2(fd, STDIN_FILENO);
	CHECK(run_all(&run) && !run.failed);
	run_pieces(&is, &run);
	CHECK(is.n == 2 && is.items[0].byte == 0 && is.items[1].byte == 3);
	CHECK(!strcmp(reader_source(run.reader, 0), "<stdin>"));
	CHECK(!run.batches[0].place_known && run.batches[0].source_start);
	run_release(&run);
	CHECK(lseek(STDIN_FILENO, 0, SEEK_CUR) == 14);
	dup2(old, STDIN_FILENO);
	close(old);
	close(fd);
	pieces_release(&is);
}

/* 1 when it is refused, as a child's exit status. */
static int refused(const struct reader_opts *opts, char **names, size_t n)
{
	struct reader *r = reader_open(opts, names, n, NULL, 0);

	reader_free(r);
	return r == NULL;
}

static int open_twice(const void *names)
{
	struct reader_opts opts = { .max_record = 99 };
	char *list[2];

	memcpy(list, names, sizeof(list));
	return refused(&opts, list, 2);
}

static int open_range(const void *name)
{
	struct reader_opts opts = { .max_record = 99, .range_i = 1,
				    .range_n = 2 };
	char *list[1];

	memcpy(&list[0], &name, sizeof(name));
	return refused(&opts, list, 1);
}

static void test_refused(void)
{
	struct buf text = {0};
	char other[100];
	char *names[2] = { test_file("one", "{}\n", 3), other };

	snprintf(other, sizeof(other), "%s/./one", test_dir);
	CHECK(in_child(open_twice, names, &text) == 1);
	CHECK(memmem(text.s, text.len, "the same file as", 16));
	CHECK(in_child(open_range, test_file("doc", "{\n}\n", 4), &text) == 1);
	CHECK(memmem(text.s, text.len, "--range needs one record a line", 31));
	CHECK(in_child(open_range, "/dev/null", &text) == 1);
	CHECK(memmem(text.s, text.len, "--range needs regular files", 27));
	CHECK(in_child(open_range, names[0], &text) == 0);
	buf_release(&text);
}

static int read_hinted(const void *name)
{
	struct run run = { .opts = { .max_record = 9999, .hints = true },
			   .n = 1, .threads = 1, .stop_after = -1 };
	char *list[1];

	memcpy(&list[0], &name, sizeof(name));
	run.names = list;
	run_all(&run);
	run_release(&run);
	return 0;
}

/* A lone array of objects gets a hint, and nothing else does. */
static void test_hints(void)
{
	static const char *const texts[] = {
		"[{\"a\":1}, {\"a\":2}]\n\n", " [ {}]",
		"[{}]\n[{}]\n", "[1]\n", "[{}", "[\n{}]", "{}\n"
	};
	struct buf text = {0};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char *name = test_file("hint", texts[i], strlen(texts[i]));

		CHECK(in_child(read_hinted, name, &text) == 0);
		CHECK((memmem(text.s, text.len, "--input=array", 13) != NULL) ==
		      (i < 2));
	}
	buf_release(&text);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	err_init("reader_faults");
	make_test_dir();
	test_cut_gzip();
	test_trailers();
	test_unreadable();
	test_changed(true);
	test_changed(false);
	test_fifo();
	test_stdin();
	test_refused();
	test_hints();
	remove_test_dir();
	return unit_end("reader_faults");
}
