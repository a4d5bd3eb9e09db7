/*
 * attrio -- attribute lines written and read back: random trees, merges by text
 * against tree_add(), members in any order, streams cut at every byte.
 */
#include "any_scan.h"
#include "json/str.h"
#include "loaded.h"
#include "unit.h"

/* What attr_write() writes. */
static void write_scan(struct buf *text, const struct scan *scan,
		       const struct scan_opts *opts)
{
	struct out out = {.fd = text_file("", 0)};

	CHECK(!attr_write(&out, scan, opts));
	CHECK(!out_flush(&out));
	lseek(out.fd, 0, SEEK_SET);
	read_all(out.fd, text);
	buf_release(&out.pending);
}

static int read_scan(struct loaded *l, const char *text, size_t len)
{
	struct attr_reader_opts how = {.allow_overlap = true};
	int fd = text_file(text, len), rc;

	rc = attr_read(&l->scan, &l->opts, &l->arena, &how, fd, "text");
	close(fd);
	return rc;
}

static bool equal(const struct buf *a, const struct buf *b)
{
	size_t i = 0;

	while (i < a->len && i < b->len && a->s[i] == b->s[i])
		i++;
	if (i == a->len && i == b->len)
		return true;
	i = i < 200 ? 0 : i - 200;
	printf("texts differ:\n%.*s\n---\n%.*s\n",
	       (int)(a->len - i < 600 ? a->len - i : 600), a->s + i,
	       (int)(b->len - i < 600 ? b->len - i : 600), b->s + i);
	return false;
}

/* Written, read, written again. */
static void test_round_trip(void)
{
	struct buf text = {0}, again = {0};

	for (int round = 0; round < 150; round++) {
		struct scan_opts o;
		struct scan scan;
		struct loaded l;

		any_opts(&o);
		any_scan(&scan, &o, 0);
		write_scan(&text, &scan, &o);
		load_init(&l);
		CHECK(read_scan(&l, text.s, text.len) == RC_DONE);
		write_scan(&again, &l.scan, &l.opts);
		CHECK(equal(&text, &again));
		load_release(&l);
		scan_release(&scan);
	}
	buf_release(&text);
	buf_release(&again);
}

/* What a line has to begin with, by path.h. */
struct beginnings {
	const char *at;		/* in the text: the line to come */
	const char *end;
};

static void check_line(void *arg, const struct tree *t, uint32_t node)
{
	struct beginnings *b = arg;
	struct step *steps = NULL;
	size_t cap = 0, n = tree_steps(t, node, &steps, &cap);
	struct buf path = {0}, want = {0};

	path_write(&path, steps, n);
	buf_adds(&want, "{\"path\":");
	str_write(&want, path.s, path.len);
	buf_adds(&want, ",\"steps\":");
	path_write_steps(&want, steps, n);
	buf_addc(&want, ',');
	CHECK((size_t)(b->end - b->at) > want.len &&
	      !memcmp(b->at, want.s, want.len));
	b->at = memchr(b->at, '\n', (size_t)(b->end - b->at));
	b->at++;
	free(steps);
	buf_release(&path);
	buf_release(&want);
}

static void test_paths(void)
{
	struct scan_opts o;
	struct buf text = {0};

	scan_opts_init(&o);
	for (int round = 0; round < 30; round++) {
		struct beginnings b;
		struct scan scan;

		any_scan(&scan, &o, 0);
		write_scan(&text, &scan, &o);
		b.end = text.s + text.len;
		b.at = memchr(text.s, '\n', text.len);
		b.at++;
		tree_walk(&scan.tree, check_line, &b);
		CHECK(b.at == b.end);
		scan_release(&scan);
	}
	buf_release(&text);
}

/* Cuts ${text} down to what stands behind its scan line. */
static void drop_head(struct buf *text)
{
	char *end = memchr(text->s, '\n', text->len);
	size_t n = (size_t)(end - text->s) + 1;

	memmove(text->s, text->s + n, text->len - n);
	text->len -= n;
}

/*
 * Scans added up by their lines, and by their trees.  The first one stands
 * there twice, so that lines are known again.
 */
static void merge_once(const struct scan_opts *o)
{
	struct buf text = {0}, one = {0}, want = {0};
	struct scan parts[3], sum;
	struct loaded l;

	scan_init(&sum, o);
	for (uint64_t i = 0; i < 3; i++)
		any_scan(&parts[i], o, i);
	for (int i = 0; i < 4; i++) {
		write_scan(&one, &parts[i % 3], o);
		buf_add(&text, one.s, one.len);
		tree_add(&sum.tree, &parts[i % 3].tree);
	}
	load_init(&l);
	CHECK(read_scan(&l, text.s, text.len) == RC_DONE);
	CHECK(l.scan.totals.records == 2 * parts[0].totals.records +
	      parts[1].totals.records + parts[2].totals.records);
	write_scan(&text, &l.scan, &l.opts);
	write_scan(&want, &sum, o);
	drop_head(&text);
	drop_head(&want);
	CHECK(equal(&text, &want));
	load_release(&l);
	scan_release(&sum);
	for (int i = 0; i < 3; i++)
		scan_release(&parts[i]);
	buf_release(&text);
	buf_release(&one);
	buf_release(&want);
}

static void test_merge(void)
{
	for (int round = 0; round < 100; round++) {
		struct scan_opts o;

		any_opts(&o);
		merge_once(&o);
	}
}

static void blanks(struct buf *b)
{
	for (uint32_t n = below(8) ? 0 : 1 + below(3); n > 0; n--)
		buf_addc(b, " \t\r"[below(3)]);
}

/* ${value} with its members in another order, and blanks. */
static void scramble(struct buf *b, struct span value)
{
	struct value_iter it;
	struct span members[64], names_of[64];
	size_t n = 0;
	bool object = value.s[0] == '{';

	if (!object && value.s[0] != '[') {
		buf_add(b, value.s, value.len);
		return;
	}
	value_iter_start(&it, value);
	while (n < 64 && value_next(&it, object ? &names_of[n] : NULL,
				    &members[n]))
		n++;
	buf_addc(b, value.s[0]);
	for (size_t left = n; left > 0; left--) {
		size_t i = object ? below((uint32_t)left) : n - left;

		blanks(b);
		if (object) {
			buf_addc(b, '"');
			buf_add(b, names_of[i].s, names_of[i].len);
			buf_addc(b, '"');
			blanks(b);
			buf_addc(b, ':');
			blanks(b);
		}
		scramble(b, members[i]);
		blanks(b);
		if (left > 1)
			buf_addc(b, ',');
		if (object) {
			members[i] = members[left - 1];
			names_of[i] = names_of[left - 1];
		}
	}
	buf_addc(b, object ? '}' : ']');
}

static void test_scrambled(void)
{
	struct buf text = {0}, other = {0}, again = {0};

	for (int round = 0; round < 40; round++) {
		struct scan_opts o;
		struct scan scan;
		struct loaded l;

		any_opts(&o);
		/* registers and such have one form only */
		o.extra = (struct extra_opts){0};
		any_scan(&scan, &o, 0);
		write_scan(&text, &scan, &o);
		buf_clear(&other);
		for (const char *p = text.s; p < text.s + text.len;) {
			const char *end = memchr(p, '\n', text.len);

			scramble(&other, (struct span){p, (size_t)(end - p)});
			buf_addc(&other, '\n');
			p = end + 1;
		}
		load_init(&l);
		CHECK(read_scan(&l, other.s, other.len) == RC_DONE);
		write_scan(&again, &l.scan, &o);
		CHECK(equal(&text, &again));
		load_release(&l);
		scan_release(&scan);
	}
	buf_release(&text);
	buf_release(&other);
	buf_release(&again);
}

/* In a child, for the many messages: 0 when each cut was noticed. */
static int cut_everywhere(const void *arg)
{
	const struct buf *text = arg;
	size_t head = (size_t)((char *)memchr(text->s, '\n', text->len) -
			       text->s);

	for (size_t len = 1; len < text->len; len++) {
		bool whole = len == text->len - 1;
		struct loaded l;
		int rc;

		load_init(&l);
		rc = read_scan(&l, text->s, len);
		load_release(&l);
		/* up to the scan line's name it could be anything */
		if (rc != (whole ? RC_DONE : len > 6 ? RC_FAILED : RC_USAGE)) {
			fprintf(stderr, "cut at %zu of %zu (%zu): %d\n", len,
				text->len, head, rc);
			return 1;
		}
	}
	return 0;
}

static void test_cuts(void)
{
	struct buf text = {0}, messages = {0};
	struct scan_opts o;
	struct scan scan;

	scan_opts_init(&o);
	scan_init(&scan, &o);
	any_tree(&scan.tree, 6, &o);
	write_scan(&text, &scan, &o);
	CHECK(in_child(cut_everywhere, &text, &messages) == 0);
	if (failures)
		printf("%.*s\n", messages.len < 500 ? (int)messages.len : 500,
		       messages.s + (messages.len < 500 ? 0 :
				     messages.len - 500));
	scan_release(&scan);
	buf_release(&text);
	buf_release(&messages);
}

int main(void)
{
	err_init("attrio");
	test_round_trip();
	test_paths();
	test_merge();
	test_scrambled();
	test_cuts();
	return unit_end("attrio");
}
