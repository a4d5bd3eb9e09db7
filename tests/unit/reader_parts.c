/*
 * Unit test of lib/stream/reader: ranges, stopping and going on, and sources
 * that are damaged, changed, unreadable or named twice.
 */
#include <signal.h>
#include <unistd.h>

#include "base/err.h"
#include "reading.h"

#define FILES 4

/* Files of lines or sequences, some packed, one perhaps empty. */
static void gen_files(char *names[FILES], enum input_form form)
{
	struct buf text = {0}, packed = {0};
	char name[16];

	for (int i = 0; i < FILES; i++) {
		buf_clear(&text);
		for (size_t n = gen(40); n; n--) {
			if (form == INPUT_SEQ)
				buf_addc(&text, 0x1e);
			buf_addf(&text, "{\"file\":%d,\"record\":%zu,\"x\":\"", i,
				 n);
			for (size_t k = gen(30); k; k--)
				buf_addc(&text, 'y');
			buf_adds(&text, "\"}");
			buf_adds(&text, gen(5) ? "\n" : "\r\n");
			if (!gen(9))
				buf_addc(&text, '\n');
		}
		pack(&packed, gen(3) ? AS_PLAIN : 1 + (int)gen(2), text.s,
		     text.len);
		snprintf(name, sizeof(name), "part%d", i);
		names[i] = test_file(name, packed.s, packed.len);
	}
	buf_release(&text);
	buf_release(&packed);
}

static int by_place(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return (x->byte > y->byte) - (x->byte < y->byte);
}

static void sort_pieces(struct pieces *p)
{
	if (p->n)
		qsort(p->items, p->n, sizeof(*p->items), by_place);
}

/* The pieces' sources, by the names of ${run} instead of its own numbers. */
static void rename_sources(struct pieces *p, size_t from, const struct run *run,
			   char *const names[FILES])
{
	for (size_t i = from; i < p->n; i++)
		for (uint32_t k = 0; k < FILES; k++)
			if (!strcmp(names[k],
				    reader_source(run->reader,
						  p->items[i].source))) {
				p->items[i].source = k;
				break;
			}
}

static void read_part(struct pieces *p, struct run *run,
		      char *const names[FILES])
{
	size_t had = p->n;

	CHECK(run_all(run) && !run->failed);
	run_pieces(p, run);
	rename_sources(p, had, run, names);
}

static struct run random_run(char **names, enum input_form form)
{
	return (struct run){
		.opts = { .form = form, .max_record = 1 << 20,
			  .batch_bytes = gen(300) + 1 },
		.names = names, .n = FILES, .threads = 1 + (unsigned)gen(3),
		.stop_after = -1
	};
}

/* All N ranges together are the whole, and no record is in two. */
static void test_ranges(enum input_form form)
{
	char *names[FILES];
	struct pieces whole = {0}, is = {0};
	struct run run;
	uint64_t n = gen(12) + 1;

	gen_files(names, form);
	run = random_run(names, form);
	read_part(&whole, &run, names);
	run_release(&run);
	for (uint64_t i = 1; i <= n; i++) {
		run = random_run(names, gen(2) ? form : INPUT_AUTO);
		run.opts.range_i = i;
		run.opts.range_n = n;
		read_part(&is, &run, names);
		run_release(&run);
	}
	sort_pieces(&is);
	CHECK(same_pieces(&is, &whole));
	pieces_release(&is);
	pieces_release(&whole);
}

/* What a stopped run lists as pending, read by another, is the rest. */
static void test_stop(enum input_form form)
{
	char *names[FILES];
	struct pieces whole = {0}, is = {0};
	struct run run, rest;
	size_t n;

	gen_files(names, form);
	run = random_run(names, form);
	read_part(&whole, &run, names);
	run_release(&run);
	run = random_run(names, form);
	run.stop_after = (long)gen(40);
	read_part(&is, &run, names);
	while (reader_pending(run.reader, &n), n) {
		rest = random_run(names, form);
		rest.extents = reader_pending(run.reader, &rest.nextents);
		rest.stop_after = gen(3) ? (long)gen(20) + 1 : -1;
		read_part(&is, &rest, names);
		run_release(&run);
		run = rest;
	}
	run_release(&run);
	sort_pieces(&is);
	CHECK(same_pieces(&is, &whole));
	pieces_release(&is);
	pieces_release(&whole);
}

/* Documents, stopped and gone on with. */
static void test_stop_framed(enum input_form form)
{
	struct buf text = {0};
	struct pieces whole = {0}, is = {0};
	char *name[FILES];
	struct run run;

	buf_adds(&text, form == INPUT_ARRAY ? "[" : "");
	for (size_t i = 0; i < 50; i++)
		buf_addf(&text, "%s\n{ \"a\":\n %zu}%s",
			 i && form == INPUT_ARRAY ? "," : "", i,
			 gen(2) ? "\n \n" : "");
	buf_adds(&text, form == INPUT_ARRAY ? "\n]\n" : "");
	for (int i = 0; i < FILES; i++)
		name[i] = test_file("framed", text.s, text.len);
	for (int i = 0; i < 2; i++) {
		run = random_run(name, form);
		run.n = 1;
		if (i)
			run.stop_after = (long)gen(20) + 1;
		read_part(i ? &is : &whole, &run, name);
		if (i)
			run.extents = reader_pending(run.reader, &run.nextents);
		if (i && run.nextents) {
			struct run rest = random_run(name, form);

			rest.extents = run.extents;
			rest.nextents = run.nextents;
			read_part(&is, &rest, name);
			run_release(&rest);
		}
		run_release(&run);
	}
	sort_pieces(&is);
	CHECK(whole.n == 50 && same_pieces(&is, &whole));
	pieces_release(&is);
	pieces_release(&whole);
	buf_release(&text);
}

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

/* Files read whole, by range, and gone on with: done comes to total. */
static void test_progress(void)
{
	char *names[FILES];
	uint64_t done, total, sum = 0, whole = 0;

	gen_files(names, INPUT_LINES);
	for (uint64_t i = 0; i < 4; i++) {
		struct run run = random_run(names, INPUT_LINES);

		run.opts.range_i = i;
		run.opts.range_n = i ? 3 : 0;
		CHECK(run_all(&run));
		reader_progress(run.reader, &done, &total);
		CHECK(done == total);
		*(i ? &sum : &whole) += done;
		run_release(&run);
	}
	CHECK(sum == whole);
}

/* The extents of the batches of a file are its bytes, without gaps. */
static void test_places(void)
{
	static const char *const texts[] = {
		"\xef\xbb\xbf{}\n{}\n\n[1]\n  ", "\n\n", "{\n}\n{}[]\n\n \n"
	};

	for (size_t i = 0; i < 300; i++) {
		const char *text = texts[i % 3];
		struct buf b = {0};
		uint64_t at = 0;
		char *name;
		struct run run = { .opts = { .form = i % 3 == 2 ? INPUT_JSON :
							INPUT_LINES,
					     .max_record = 99,
					     .batch_bytes = i / 9 + 1 },
				   .names = &name, .n = 1, .threads = 2,
				   .stop_after = -1 };

		pack(&b, (int)(i / 3 % 3), text, strlen(text));
		name = test_file("places", b.s, b.len);
		CHECK(run_all(&run) && !run.failed);
		for (size_t k = 0; k < run.nbatches; k++) {
			CHECK(run.batches[k].from == at);
			CHECK(run.batches[k].place_known);
			CHECK(run.batches[k].source_start == !k);
			at = run.batches[k].to;
		}
		CHECK(at == strlen(text));
		run_release(&run);
		buf_release(&b);
	}
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	err_init("reader_parts");
	make_test_dir();
	for (int i = 0; i < 60; i++) {
		test_ranges(i % 2 ? INPUT_LINES : INPUT_SEQ);
		test_stop(i % 2 ? INPUT_LINES : INPUT_SEQ);
		test_stop_framed(i % 2 ? INPUT_JSON : INPUT_ARRAY);
	}
	test_cut_gzip();
	test_trailers();
	test_unreadable();
	test_changed(true);
	test_changed(false);
	test_fifo();
	test_stdin();
	test_refused();
	test_hints();
	test_progress();
	test_places();
	remove_test_dir();
	return unit_end("reader_parts");
}
