/*
 * Unit test of lib/stream/ordered.h: order, ties, windows, places, sources of
 * every kind, with the index in memory and on disk.
 */
#include <stdint.h>
#include <fcntl.h>

#include "base/err.h"
#include "base/mem.h"
#include "stream/cutter.h"
#include "stream/ordered.h"
#include "gen.h"
#include "unit.h"

static char dir[] = "/tmp/ordered.XXXXXX";
static struct buf texts[2];	/* of the files "0" and "1" */

static char *path(unsigned i)
{
	static char names[2][64];

	snprintf(names[i], sizeof(names[i]), "%s/%u", dir, i);
	return names[i];
}

/* Records with a key of few values, some damaged, some blank lines. */
static void make_file(unsigned i, size_t lines, const char *end)
{
	struct buf *b = &texts[i];
	int fd = open(path(i), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	for (size_t k = 0; k < lines; k++) {
		if (!gen(20))
			buf_adds(b, " \n");
		if (!gen(50))
			buf_adds(b, "{\"k\":");
		else
			buf_addf(b, "{\"k\":%zu,\"file\":%u,\"line\":%zu}",
				 gen(lines / 4), i, k);
		buf_adds(b, k + 1 < lines ? "\n" : end);
	}
	CHECK(write(fd, b->s, b->len) == (ssize_t)b->len);
	close(fd);
}

struct test {
	char *names[2];
	size_t n;
	uint64_t max_bytes, limit;
	struct rejects rejects;
};

static struct ordered *order(struct test *t, const char *expr)
{
	struct reader_opts ro = {.max_record = UINT64_MAX, .batch_bytes = 9000};
	struct cutter_opts co = {
		.records = 100, .bytes = 20000, .whole = true,
		.rejects = &t->rejects
	};
	struct ordered_opts oo = {
		.records = 70, .bytes = 3000, .limit = t->limit,
		.max_bytes = t->max_bytes
	};
	struct buf why = {0};
	struct orderby *keys = orderby_new(expr, &why);
	struct ordered *o;

	CHECK(keys != NULL);
	o = ordered_new(&oo, keys, cutter_new(&co,
		reader_open(&ro, t->names, t->n, NULL, 0)));
	CHECK(ordered_index(o) == PARCEL_END);
	buf_release(&why);
	return o;
}

static uint64_t covered;	/* by runs */

/* Where the text of a parcel says it is, it is. */
static void check_places(struct supplier *s, const struct parcel *p)
{
	size_t pos = 0;

	for (size_t i = 0; i < p->nruns; i++) {
		const struct place_run *run = &p->runs[i];
		const char *name = s->source(s, run->source);
		const struct buf *b = &texts[name[strlen(name) - 1] - '0'];
		size_t len = (size_t)run->length;

		len -= run->byte + len > b->len;	/* the line end it got */
		CHECK(!memcmp(p->text.s + pos, b->s + run->byte, len));
		covered += run->to - run->from;
		CHECK(p->text.s[pos + run->length - 1] == '\n');
		pos += run->length;
	}
	CHECK(pos == p->bytes && pos == p->text.len);
}

/* All that comes in a window is added to ${out}; records in it. */
static uint64_t give(struct ordered *o, struct buf *out)
{
	struct supplier *s = ordered_supplier(o);
	uint64_t records = 0, serial = ordered_batches(o);
	struct parcel p;

	for (;;) {
		parcel_init(&p);
		if (s->next(s, &p) != PARCEL_GOT)
			break;
		CHECK(p.serial == serial++);
		CHECK(p.records <= 70);
		CHECK(p.bytes <= 3000);
		check_places(s, &p);
		buf_add(out, p.text.s, p.text.len);
		records += p.records;
		parcel_release(&p);
	}
	parcel_release(&p);
	return records;
}

/* Keys ascend; equal ones by file, then line. */
static void check_order(const struct buf *out, size_t want)
{
	unsigned long k, file, line, last[3] = {0};
	const char *p = out->s, *end = p + out->len;
	size_t n = 0, seen = 0;

	for (; p < end; p = (char *)memchr(p, '\n', (size_t)(end - p)) + 1) {
		n += *p == '{';
		if (sscanf(p, "{\"k\":%lu,\"file\":%lu,\"line\":%lu}", &k,
			   &file, &line) != 3) {
			CHECK(*p != '{' || !seen);
			continue;
		}
		CHECK(!seen || k > last[0] || (k == last[0] &&
		      (file > last[1] || (file == last[1] && line > last[2]))));
		last[0] = k;
		last[1] = file;
		last[2] = line;
		seen++;
	}
	CHECK(n == want);
}

static void test_files(uint64_t max_bytes, size_t lines)
{
	struct test t = {{path(0), path(1)}, 2, max_bytes, 0, {0}};
	struct buf all = {0}, parts = {0};
	struct ordered *o;
	uint64_t rows;

	rejects_init(&t.rejects, NULL, 0);
	covered = 0;
	o = order(&t, ".k");
	rows = ordered_rows(o);
	CHECK(rows == 2 * lines);
	CHECK(ordered_unjudged(o) > 0);
	CHECK((ordered_runs(o) > 0) == (max_bytes < 64 << 20));
	CHECK(give(o, &all) == rows);
	CHECK(all.len == texts[0].len + texts[1].len + 1);
	check_order(&all, 2 * lines);
	CHECK(covered == texts[0].len + texts[1].len);
	/* again, in windows */
	for (uint64_t at = 0; at < rows; at += 1234) {
		CHECK(!ordered_window(o, at, at + 1234));
		CHECK(give(o, &parts) == (rows - at < 1234 ? rows - at : 1234));
	}
	CHECK(parts.len == all.len && !memcmp(parts.s, all.s, all.len));
	ordered_free(o);
	t.limit = 10;
	buf_clear(&parts);
	o = order(&t, ".k");
	CHECK(ordered_rows(o) == 10);
	CHECK(give(o, &parts) == 10);
	CHECK(!memcmp(parts.s, all.s, parts.len));
	ordered_free(o);
	buf_release(&all);
	buf_release(&parts);
	rejects_release(&t.rejects);
}

static void test_nothing(void)
{
	char none[] = "/dev/null";
	struct test t = {{none}, 1, 1, 0, {0}};
	struct buf out = {0};
	struct ordered *o;

	rejects_init(&t.rejects, NULL, 0);
	o = order(&t, ".k,.line");
	CHECK(!ordered_rows(o));
	CHECK(!give(o, &out) && !out.len);
	ordered_free(o);
	buf_release(&out);
	rejects_release(&t.rejects);
}

static void check_list(const char *list, const char *record, const char *same)
{
	struct buf why = {0}, a = {0}, b = {0};
	struct orderby *o = orderby_new(list, &why);

	CHECK(o != NULL);
	if (o) {
		CHECK(orderby_key(o, record, strlen(record), &a));
		CHECK(orderby_key(o, same, strlen(same), &b));
		CHECK(a.len == b.len && !memcmp(a.s, b.s, a.len));
		CHECK(!orderby_key(o, "{", 1, &a) && a.len == 1 && !*a.s);
	}
	orderby_free(o);
	buf_release(&why);
	buf_release(&a);
	buf_release(&b);
}

static void check_wrong(const char *list, const char *what)
{
	struct buf why = {0};

	CHECK(!orderby_new(list, &why));
	CHECK(strstr(buf_cstr(&why), what) != NULL);
	buf_release(&why);
}

static void test_lists(void)
{
	check_list(".a,.b", "{\"a\":1,\"b\":2}", "{\"b\":2.0,\"a\":1}");
	check_list("[.a,.b],.c", "{\"a\":1}", "{\"a\":1,\"c\":null}");
	check_list(".[\"a,b\"]", "{\"a,b\":1}", "{\"a,b\":1,\"x\":0}");
	check_list("(.a,.b)", "{\"a\":1}", "{\"a\":1}");
	check_list("\"x,\\(.a)\\\"\",.b", "{}", "{}");
	check_wrong("", "empty expression");
	check_wrong(".a,", "empty expression");
	check_wrong(",.a", "empty expression");
	check_wrong(".a,.[", "syntax error");
}

int main(int argc, char **argv)
{
	(void)argc;
	err_init(argv[0]);
	CHECK(mkdtemp(dir) != NULL);
	make_file(0, 20000, "");
	make_file(1, 20000, "\n");
	test_files(1 << 20, 20000);
	test_files(64 << 20, 20000);
	test_nothing();
	test_lists();
	for (unsigned i = 0; i < 2; i++) {
		CHECK(!unlink(path(i)));
		buf_release(&texts[i]);
	}
	CHECK(!rmdir(dir));
	return unit_end("ordered");
}
