/*
 * Unit test of lib/stream/reader: lines in every wrapping, cut into batches of
 * every size by several threads, against a plain splitting of the whole text.
 */
#include <signal.h>

#include "reading.h"

/* What a text of lines is made of, by the rules of the headers. */
static void expect_lines(struct pieces *want, const char *s, size_t len,
			 uint64_t max)
{
	size_t pos = len >= 3 && !memcmp(s, "\xef\xbb\xbf", 3) ? 3 : 0, end;
	size_t stop, start, last, keep;
	struct piece *p;

	for (; pos < len; pos = end + 1) {
		for (end = pos; end < len && s[end] != '\n'; end++)
			;
		stop = end > pos && end < len && s[end - 1] == '\r' ? end - 1 :
		       end == len && end > pos && s[end - 1] == '\r' ? end - 1 :
		       end;
		if (stop - pos <= max) {
			piece_line(want, pos, s + pos, stop - pos);
			continue;
		}
		for (start = pos; start < pos + max && blank_char(s[start]);)
			start++;
		if (start == pos + max)
			start = pos;
		for (last = stop; last > pos && blank_char(s[last - 1]);)
			last--;
		keep = pos + max;
		if (last > start && last < keep)
			keep = last;
		p = piece_add(want, start, s + start, keep - start);
		p->fault = (struct batch_fault){
			.error = FAULT_SIZE, .reason = "size",
			.bytes = last > pos ? last - start : 0,
			.column = pos + max - start + 1
		};
	}
}

/* Random lines: blank ones, long ones, all kinds of bytes and line ends. */
static void gen_lines(struct buf *b, size_t lines, size_t most)
{
	static const char *const some[] = {
		"{}", "{\"a\":1}", " ", "\t", "\r", "x", "\"", "\\", "{", "]",
		"\xc3\xa4", "null", "12", "[1,2]", "\xef\xbb\xbf", "\x1e"
	};
	size_t n;

	if (!gen(4))
		buf_adds(b, "\xef\xbb\xbf");
	while (lines--) {
		n = gen(4) ? gen(10) : gen(most);
		while (n--) {
			if (!gen(50))
				buf_addc(b, '\0');
			buf_adds(b, GEN_PICK(some));
		}
		if (!gen(3))
			buf_addc(b, '\r');
		if (lines || gen(2))
			buf_addc(b, '\n');
	}
}

static struct reader_opts lines_opts(uint64_t batch, uint64_t max)
{
	return (struct reader_opts){ .form = INPUT_LINES, .max_record = max,
				     .batch_bytes = batch };
}

static void read_as(const struct buf *text, const struct pieces *want,
		    int as, bool piped, struct run *run)
{
	struct buf packed = {0};
	struct pieces is = {0};
	struct feed feed;
	char *name;

	pack(&packed, as, text->s, text->len);
	name = piped ? feed_start(&feed, packed.s, packed.len) :
		       test_file("in", packed.s, packed.len);
	run->names = &name;
	run->n = 1;
	run->stop_after = -1;
	CHECK(run_all(run) && !run->failed);
	run_pieces(&is, run);
	CHECK(same_pieces(&is, want));
	if (piped)
		feed_end(&feed);
	run_release(run);
	pieces_release(&is);
	buf_release(&packed);
}

static const unsigned threads[] = { 1, 2, 4 };

static void test_random(int times)
{
	struct buf text = {0};

	for (int i = 0; i < times; i++) {
		uint64_t max = gen(3) ? 1 << 20 : gen(200) + 1;
		struct run run = {
			.opts = lines_opts(1 + gen(gen(3) ? 300 : 90000), max),
			.threads = GEN_PICK(threads)
		};
		struct pieces want = {0};

		buf_clear(&text);
		gen_lines(&text, gen(60), gen(5) ? 60 : 20000);
		expect_lines(&want, text.s, text.len, max);
		read_as(&text, &want, i % AS_KINDS, i / AS_KINDS % 2, &run);
		pieces_release(&want);
	}
	buf_release(&text);
}

static void test_every_batch_size(void)
{
	struct buf text = {0};
	struct pieces want = {0};

	gen_lines(&text, 12, 30);
	buf_adds(&text, "\nthe last one, without a line end");
	expect_lines(&want, text.s, text.len, 40);
	for (size_t batch = 1; batch < text.len + 3; batch++) {
		struct run run = { .opts = lines_opts(batch, 40),
				   .threads = 1 + batch % 2 };

		read_as(&text, &want, AS_PLAIN, false, &run);
		read_as(&text, &want, AS_GZIP, false, &run);
		read_as(&text, &want, AS_PLAIN, true, &run);
	}
	pieces_release(&want);
	buf_release(&text);
}

static void check_text(const char *text, size_t len, uint64_t max)
{
	struct buf b = {0};
	struct pieces want = {0};

	buf_add(&b, text, len);
	expect_lines(&want, text, len, max);
	for (int as = 0; as < AS_KINDS; as++)
		for (int piped = 0; piped < 2; piped++) {
			struct run run = { .opts = lines_opts(gen(5) + 1, max),
					   .threads = 2 };

			read_as(&b, &want, as, piped, &run);
		}
	pieces_release(&want);
	buf_release(&b);
}

static void test_edges(void)
{
	static const char *const texts[] = {
		"", "\n", "\n\n", "\r\n", "\r", " ", "{}", "{}\n", "{}\r\n",
		"{}\r{}", "\xef\xbb\xbf", "\xef\xbb\xbf{}\n", "\xef\xbb",
		"\xef", "a\n\nb", "\n\n\na", "a\r\n\r\nb\r\n", "\x1f", "\x1f\n",
		"\x28\xb5\x2f", "P*M", "abcd\nefgh\r\nijklm\r\nnopqr\n",
		"        abcde\n", "abcde        \n", "             \n\n",
		"abcde\r", "abcd\r", "abcd\r\r\n", "abcd \r\nx"
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (uint64_t max = 1; max < 14; max += 1 + max / 7)
			check_text(texts[i], strlen(texts[i]), max);
	check_text("\0\n\0\0\n", 5, 100);
}

/* Lines over max_record are not kept, whatever the extents. */
static void test_long(void)
{
	struct buf text = {0};
	struct pieces want = {0};

	buf_adds(&text, "{\"before\":1}\n");
	for (size_t i = 0; i < 3000000; i++)
		buf_addc(&text, i % 100 ? 'x' : ' ');
	buf_adds(&text, "  \r\n{\"after\":1}\n");
	expect_lines(&want, text.s, text.len, 5000);
	for (int as = 0; as < AS_KINDS; as++)
		for (int piped = 0; piped < 2; piped++) {
			struct run run = { .opts = lines_opts(4096, 5000),
					   .threads = 4 };

			read_as(&text, &want, as, piped, &run);
		}
	pieces_release(&want);
	buf_release(&text);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	gen_state = 2;
	make_test_dir();
	test_edges();
	test_every_batch_size();
	test_random(600);
	test_long();
	remove_test_dir();
	return unit_end("reader");
}
