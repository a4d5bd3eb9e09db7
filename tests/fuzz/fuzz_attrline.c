/*
 * fuzz_attrline -- what the reader of attribute lines takes, and what becomes
 * of it.
 *
 * Any bytes are read as a file of scans.  Promises that are checked where the
 * reader takes them:
 *   what is written of it is taken again, and then written the same;
 *   read a second time by the same reader, where each line is known by its
 *   text, the sum is that of adding the tree to itself.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/loaded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads ${fd} ${times} times. */
static int read_scan(struct loaded *l, int fd, int times)
{
	struct attr_reader_opts how = {
		.allow_overlap = true, .allow_cut = true, .allow_folded = true
	};
	struct attr_reader *r;
	int rc = RC_DONE;

	load_init(l);
	r = attr_reader_new(&l->scan, &l->opts, &l->arena, &how);
	while (times-- && rc == RC_DONE) {
		lseek(fd, 0, SEEK_SET);
		rc = attr_reader_read(r, fd, "text");
	}
	attr_reader_free(r);
	return rc;
}

/* The file that attr_write() makes. */
static int write_scan(const struct loaded *l)
{
	struct out out = {.fd = text_file("", 0)};

	if (attr_write(&out, &l->scan, &l->opts) || out_flush(&out))
		abort();
	buf_release(&out.pending);
	return out.fd;
}

/* Are the two files the same?  ${lines}: but for their first lines. */
static void must_equal(int a, int b, bool lines)
{
	struct buf text[2] = {{0}, {0}};
	int fds[2] = {a, b};
	size_t start[2] = {0, 0};

	for (int i = 0; i < 2; i++) {
		off_t size = lseek(fds[i], 0, SEEK_END);
		char *to = buf_reserve(&text[i], (size_t)size);

		if (pread(fds[i], to, (size_t)size, 0) != size)
			abort();
		text[i].len = (size_t)size;
		if (lines)
			start[i] = (size_t)((char *)memchr(to, '\n',
					    (size_t)size) - to);
	}
	if (text[0].len - start[0] != text[1].len - start[1] ||
	    memcmp(text[0].s + start[0], text[1].s + start[1],
		   text[0].len - start[0])) {
		printf("%.*s\n---\n%.*s\n", (int)text[0].len, text[0].s,
		       (int)text[1].len, text[1].s);
		abort();
	}
	buf_release(&text[0]);
	buf_release(&text[1]);
}

/* ${l} was read from ${fd}, what it was written to. */
static void check_twice(struct loaded *l, int fd)
{
	struct loaded twice, sum;
	int a, b;

	/* a shaped result is no summand; sums over 2^64-1 are refused */
	if (read_scan(&twice, fd, 2) == RC_DONE && !l->scan.folded) {
		load_init(&sum);
		scan_set_limits(&sum.scan, &l->opts);
		tree_add(&sum.scan.tree, &l->scan.tree);
		tree_add(&sum.scan.tree, &l->scan.tree);
		a = write_scan(&twice);
		sum.opts = l->opts;
		b = write_scan(&sum);
		must_equal(a, b, true);
		close(a);
		close(b);
		load_release(&sum);
	}
	load_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct loaded first, again;
	int in = text_file(data, size), written, rewritten;
	int rc = read_scan(&first, in, 1);

	close(in);
	if (rc != RC_DONE && rc != RC_USAGE && rc != RC_FAILED)
		abort();
	if (rc == RC_DONE) {
		written = write_scan(&first);
		if (read_scan(&again, written, 1) != RC_DONE)
			abort();
		rewritten = write_scan(&again);
		must_equal(written, rewritten, false);
		close(rewritten);
		check_twice(&again, written);
		close(written);
		load_release(&again);
	}
	load_release(&first);
	return 0;
}
