/*
 * split -- parcels, their places, batches cut by count, names of batch files.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "stream/cutter.h"
#include "stream/joblog.h"
#include "stream/lines.h"
#include "stream/sink.h"
#include "unit.h"

static void test_lines(void)
{
	static const char text[] = "1\n\n \t\n22\n\r\n333\n  4\n";
	size_t len = sizeof(text) - 1;
	uint64_t n = 0;

	CHECK(lines_count(text, 0, len) == 4);
	CHECK(lines_take(text, 0, len, 1, UINT64_MAX, &n) == 6 && n == 1);
	n = 0;
	CHECK(lines_take(text, 0, len, 2, UINT64_MAX, &n) == 11 && n == 2);
	n = 0;
	CHECK(lines_take(text, 0, len, 9, 5, &n) == 3 && n == 1);
	n = 0;
	CHECK(lines_take(text, 0, len, 9, 1, &n) == 0 && n == 0);
	n = 0;
	CHECK(lines_take(text, 0, len, 0, 100, &n) == 0);
	CHECK(lines_take(text, 2, len, 0, 100, &n) == 6);
	n = 0;
	CHECK(lines_take(text, 0, len, 9, 1000, &n) == len && n == 4);
}

/* A parcel of ${n} records in two runs, a blank line between. */
static void fill(struct parcel *p, unsigned n)
{
	struct place_run *run;
	size_t start = 0;

	parcel_init(p);
	for (unsigned part = 0; part < 2; part++) {
		start = p->text.len;
		for (unsigned i = 0; i < n / 2; i++)
			buf_addf(&p->text, "{\"n\":%u}\n", part * 100 + i);
		if (!part)
			buf_adds(&p->text, " \n");
		run = parcel_add_run(p);
		run->record = part * 1000 + 1;
		run->byte = part * 5000;
		run->length = p->text.len - start;
		run->from = run->byte;
		run->to = run->byte + run->length;
	}
	p->bytes = p->text.len;
	p->records = n;
}

static uint64_t lengths(const struct parcel *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->nruns; i++)
		n += p->runs[i].length;
	return n;
}

/*
 * Halves until one record is left, and looks whether it is where ${whole} says
 * it was: the ${keep}-th half is followed at each step.
 */
static void halve_down(const struct parcel *whole, struct parcel *p,
		       unsigned path)
{
	struct parcel rest;
	const struct place_run *run, *was;
	uint64_t bytes = p->bytes, records = p->records;
	char *found;

	for (; p->records > 1; path >>= 1) {
		parcel_init(&rest);
		records = p->records;
		bytes = p->bytes;
		parcel_halve(p, &rest);
		CHECK(p->records + rest.records == records);
		CHECK(p->records == records / 2);
		CHECK(p->bytes + rest.bytes == bytes);
		CHECK(p->bytes == p->text.len && lengths(p) == p->bytes);
		CHECK(rest.bytes == rest.text.len &&
		      lengths(&rest) == rest.bytes);
		if (path & 1) {
			parcel_release(p);
			*p = rest;
		} else {
			parcel_release(&rest);
		}
	}
	found = memmem(whole->text.s, whole->text.len, p->text.s, p->text.len);
	CHECK(found != NULL);
	CHECK(parcel_place(whole, (size_t)(found - whole->text.s), &was) ==
	      parcel_place(p, 0, &run));
	/* records are told by their number: "n" is part * 100 + i */
	CHECK(run->record == was->record +
	      lines_count(whole->text.s, was->byte ? whole->runs[0].length : 0,
			  (size_t)(found - whole->text.s)));
}

static void test_halves(void)
{
	for (unsigned n = 2; n <= 16; n += 2) {
		for (unsigned path = 0; path < 32; path++) {
			struct parcel whole, p;

			fill(&whole, n);
			fill(&p, n);
			halve_down(&whole, &p, path);
			parcel_release(&whole);
			parcel_release(&p);
		}
	}
}

static void test_place(void)
{
	struct buf b = {0};
	struct place_run run = { .record = 7, .byte = 10, .length = 5,
				 .from = 10, .to = 15 };

	place_write(&b, &run, "a\"b");
	CHECK(!strcmp(buf_cstr(&b), "{\"source\":\"a\\\"b\",\"record\":7,"
		      "\"byte\":10,\"length\":5}\n"));
	run = (struct place_run){ .byte = 3, .length = 5, .from = 0, .to = 7,
				  .stream = true };
	buf_clear(&b);
	place_write(&b, &run, "x");
	CHECK(!strcmp(buf_cstr(&b), "{\"source\":\"x\",\"byte\":3,"
		      "\"length\":5,\"from\":0,\"to\":7,\"stream\":true}\n"));
	buf_release(&b);
}

static void test_names(void)
{
	struct buf b = {0};

	sink_name(&b, "part-%05d.gz", 42);
	CHECK(!strcmp(b.s, "part-00042.gz"));
	sink_name(&b, "%d%%", 1234567);
	CHECK(!strcmp(b.s, "1234567%"));
	sink_name(&b, "%3u", 0);
	CHECK(!strcmp(b.s, "000"));
	buf_release(&b);
}

/* A file of ${n} records, the i-th with i % 40 bytes more. */
static void write_file(const char *name, unsigned n)
{
	FILE *f = fopen(name, "w");

	for (unsigned i = 0; f && i < n; i++)
		fprintf(f, "{\"n\":%u,\"x\":\"%.*s\"}%s\n", i, (int)(i % 40),
			"........................................",
			i % 9 ? "" : "\n");
	CHECK(f && !fclose(f));
}

/* Every cut of a file: together the file, each full but for a reason. */
static void cut_file(char *name, uint64_t records, uint64_t bytes)
{
	struct reader_opts ro = { .max_record = UINT64_MAX,
				  .batch_bytes = 1000 };
	struct rejects rejects;
	struct cutter_opts co = { .records = records, .bytes = bytes,
				  .whole = true, .rejects = &rejects };
	struct supplier *s;
	struct parcel p;
	uint64_t serial = 0, at = 0, record = 1, before = records,
		 before_bytes = 0;

	rejects_init(&rejects, NULL, 0);
	s = cutter_new(&co, reader_open(&ro, &name, 1, NULL, 0));
	parcel_init(&p);
	while (s->next(s, &p) == PARCEL_GOT) {
		CHECK(p.serial == serial++);
		CHECK(p.records && p.records <= records);
		CHECK(p.bytes <= bytes || p.records == 1);
		CHECK(p.nruns == 1 && p.runs[0].byte == at);
		CHECK(p.runs[0].record == record);
		CHECK(p.file && p.offset == at);
		CHECK(!parcel_load(&p) && p.text.len == p.bytes);
		/* the one before was full, by one bound or the other */
		CHECK(before == records || before_bytes +
		      strcspn(p.text.s, "\n") + 1 > bytes);
		CHECK(lines_count(p.text.s, 0, p.text.len) == p.records);
		at += p.bytes;
		record += p.records;
		before = p.records;
		before_bytes = p.bytes;
		parcel_release(&p);
	}
	CHECK(at > 0 && record == 501);
	parcel_release(&p);
	s->free(s);
	rejects_release(&rejects);
}

static void test_cuts(void)
{
	char name[] = "split-unit-XXXXXX";
	int fd = mkstemp(name);

	CHECK(fd >= 0 && !close(fd));
	write_file(name, 500);
	for (uint64_t n = 1; n < 600; n = n * 3 / 2 + 1)
		for (uint64_t b = 1; b < 100000; b *= 7)
			cut_file(name, n, b);
	CHECK(!unlink(name));
}

/* What joblog_add() writes, --resume reads; what is cut off is not there. */
static void test_joblog(void)
{
	char name[] = "joblog-unit-XXXXXX";
	char *command[] = { (char[]){"a\tb"}, (char[]){"# plan=1 end=77"},
			    NULL };
	int fd = mkstemp(name);
	struct joblog log;
	struct joblog_line l = { .in_place = true, .end = 500 };
	FILE *f;

	CHECK(fd >= 0 && !close(fd));
	CHECK(!joblog_open(&log, name, 9, command, false));
	for (l.serial = 10; l.serial > 5; l.serial--) {
		CHECK(!joblog_add(&log, &l));
		l.end += 10;
	}
	l.in_place = false;
	CHECK(!joblog_add(&log, &l));
	CHECK(!joblog_close(&log));
	f = fopen(name, "a");
	CHECK(f && fputs("4\t:slot0\t1 # plan=0000000000000009 end=9", f) > 0);
	CHECK(!fclose(f));
	CHECK(!joblog_open(&log, name, 9, command, true));
	for (uint64_t i = 0; i < 20; i++)
		CHECK(joblog_has(&log, i) == (i > 5 && i <= 10));
	CHECK(log.end == 540);
	CHECK(!joblog_close(&log));
	CHECK(joblog_open(&log, name, 8, command, true) == 2);
	CHECK(!joblog_close(&log));
	CHECK(!unlink(name));
}

int main(void)
{
	test_lines();
	test_halves();
	test_place();
	test_names();
	test_cuts();
	test_joblog();
	return unit_end("split");
}
