/*
 * Unit test of lib/stream/reader: ranges, stopping and going on, the places of
 * batches.
 */
#include <signal.h>

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
			buf_addf(&text, "{\"f\":%d,\"n\":%zu,\"x\":\"", i, n);
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
	test_progress();
	test_places();
	remove_test_dir();
	return unit_end("reader_parts");
}
