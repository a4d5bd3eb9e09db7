/*
 * Unit test of lib/stream/framer and seq: documents, arrays and RFC 7464 give
 * the same records at the same places as the text was made of, and damage costs
 * what framer.h says, whatever the batches and the wrapping.
 */
#include <signal.h>

#include "json/check.h"
#include "reading.h"

static const struct {
	enum input_form form;
	const char *text;
	const char *want;	/* "BYTE RECORD|BYTE !CLASS COLUMN RAW|..." */
	uint64_t max;		/* 0: enough */
} cases[] = {
	{ INPUT_JSON, "{}{}[1]\n2 3\"a\"4",
	  "0 {}|2 {}|4 [1]|8 2|10 3|11 \"a\"|14 4", 0 },
	{ INPUT_JSON, " \n\n{\n\"a\"\n:\n1\n}\n\n", "3 { \"a\" : 1 }", 0 },
	{ INPUT_JSON, "\xef\xbb\xbf{}", "3 {}", 0 },
	{ INPUT_JSON, "", "", 0 },
	{ INPUT_JSON, " \r\n ", "", 0 },
	{ INPUT_JSON, "{\"a\":\"}\\\"{\"}\n{}",
	  "0 {\"a\":\"}\\\"{\"}|13 {}", 0 },
	/* Cut short, and seen at the next record. */
	{ INPUT_JSON, "{\n \"a\": 1,\n{\n \"b\": 2\n}\n",
	  "0 !json 11 {\n \"a\": 1,|11 {  \"b\": 2 }", 0 },
	{ INPUT_JSON, "{\"a\":\"x\n{\"b\":1}",
	  "0 !json 8 {\"a\":\"x|8 {\"b\":1}", 0 },
	/* Cut short behind a colon: the next one was swallowed first. */
	{ INPUT_JSON, "{\n \"a\":\n{\n \"b\": 2\n}\n{\n \"c\": 3\n}",
	  "0 !json 8 {\n \"a\":|8 {  \"b\": 2 }|20 {  \"c\": 3 }", 0 },
	{ INPUT_JSON, "{\n \"a\":\n{\n \"b\": 2\n}\n",
	  "0 !json 8 {\n \"a\":|8 {  \"b\": 2 }", 0 },
	{ INPUT_JSON, "{\n \"a\":1}{\"a\":\n{\n \"b\": 2\n}\n{}",
	  "0 {  \"a\":1}|9 !json 6 {\"a\":|15 {  \"b\": 2 }|27 {}", 0 },
	/* The same, but valid, or not known to be indented. */
	{ INPUT_JSON, "{\n \"a\":\n{\n \"b\": 2\n}}\n",
	  "0 {  \"a\": {  \"b\": 2 }}", 0 },
	{ INPUT_JSON, "[\n{\"a\":1},\n{\"a\" 2},\n{\"a\":3}\n]\n{}",
	  "0 !json 17 [\n{\"a\":1},\n{\"a\" 2},|20 {\"a\":3}|28 !json 1 "
	  "]|30 {}", 0 },
	/* Damage inside, and nothing to go on with. */
	{ INPUT_JSON, "{\"a\" 1} {}\n[1\n",
	  "0 !json 6 {\"a\" 1} {}|11 !json 3 [1", 0 },
	{ INPUT_JSON, "{}}\n}\n{}", "0 {}|2 !json 1 }\n}|6 {}", 0 },
	{ INPUT_JSON, "{\"a\":1", "0 !json 7 {\"a\":1", 0 },
	{ INPUT_JSON, "foo {} 01", "0 foo|4 {}|7 01", 0 },
	/* Too long. */
	{ INPUT_JSON, "[1,2,\n3] [1,2] [3,\"}\",5]\n {}",
	  "0 !size 6 [1,2,|9 [1,2]|15 !size 6 [3,\"}|26 {}", 5 },
	{ INPUT_JSON, "[1 2, 3 ] \n[4]", "0 !json 4 [1 2,|11 [4]", 5 },
	{ INPUT_JSON, "[1,2,3 4\n5]\n[4]", "0 !size 6 [1,2,|12 [4]", 5 },

	{ INPUT_ARRAY, "[]", "", 0 },
	{ INPUT_ARRAY, " [ \n ] \n", "", 0 },
	{ INPUT_ARRAY, "[1,2 ,\n3]", "1 1|3 2|7 3", 0 },
	{ INPUT_ARRAY, "[{\"a\":[1,\n2]},[],\"]\"]",
	  "1 {\"a\":[1, 2]}|14 []|17 \"]\"", 0 },
	{ INPUT_ARRAY, "[1,,2,]", "1 1|3 !json 1 |4 2|6 !json 1 ", 0 },
	{ INPUT_ARRAY, "[,1]", "1 !json 1 |2 1", 0 },
	{ INPUT_ARRAY, "[1", "1 1|2 !json 1 ", 0 },
	{ INPUT_ARRAY, "[", "1 !json 1 ", 0 },
	{ INPUT_ARRAY, "[1]\n[2]", "1 1|4 !json 1 [2]", 0 },
	{ INPUT_ARRAY, "{\"a\":1}\n", "0 !json 1 {\"a\":1}", 0 },
	{ INPUT_ARRAY, "[{} {},1 2]",
	  "1 {}|4 !json 1 |4 {}|7 1|9 !json 1 |9 2", 0 },
	/* On at the next line that begins as item one's. */
	{ INPUT_ARRAY, "[\n  {\"a\" 1},\n  {\"b\":2},\n  [3]\n]",
	  "4 !json 6 {\"a\" 1}|15 {\"b\":2}|26 [3]", 0 },
	{ INPUT_ARRAY, "[{\"a\":0},\n{\"a\" 1},\n{\"b\":2}]",
	  "1 {\"a\":0}|10 !json 6 {\"a\" 1}|19 {\"b\":2}", 0 },
	{ INPUT_ARRAY, "[{\"a\":0}\n,{\"a\" 1}\n,{\"b\":2}]",
	  "1 {\"a\":0}|10 !json 6 {\"a\" 1}|19 {\"b\":2}", 0 },
	{ INPUT_ARRAY, "[\n {\n  \"a\":\n },\n {\n  \"a\":\n {\n  \"b\":1\n }"
	  ",\n {}\n]",
	  "3 !json 11 {\n  \"a\":\n }|17 !json 9 {\n  \"a\":|27 {   \"b"
	  "\":1  }|42 {}", 0 },
	{ INPUT_ARRAY, "[\n {\n  \"a\":[\n  {\"x\":1},\n  {\"x\" 2},\n  {\"x"
	  "\":3}\n ]},\n {}\n]",
	  "3 !json 29 {\n  \"a\":[\n  {\"x\":1},\n  {\"x\" 2},\n  {\"x\""
	  ":3}\n ]}|51 {}", 0 },
	/* The rest. */
	{ INPUT_ARRAY, "[{},{\"a\" 1},{}]", "1 {}|4 !json 6 {\"a\" 1},{}", 0 },
	{ INPUT_ARRAY, "[{},{\"a\":[1]", "1 {}|4 !json 9 {\"a\":[1]", 0 },
	{ INPUT_ARRAY, "[12345,123456,\n1234567 ,[1]]",
	  "1 12345|7 !size 6 12345|15 !size 6 12345|24 [1]", 5 },

	{ INPUT_SEQ, "\x1e{}\n\x1e[1,\n2]\n\x1e\"a\"\x1e{}",
	  "1 {}|5 [1, 2]|13 \"a\"|17 {}", 0 },
	{ INPUT_SEQ, "\x1e\x1e\n\x1e{}\n\x1e", "4 {}", 0 },
	{ INPUT_SEQ, "\x1e" "12\n\x1e" "34\x1e" "true",
	  "1 12|5 !json 3 34|8 !json 5 true", 0 },
	{ INPUT_SEQ, "{}\n\x1e{}\n", "0 !json 3 {}|4 {}", 0 },
	{ INPUT_SEQ, " \n\x1e{}", "3 {}", 0 },
	{ INPUT_SEQ, "\x1e{\"a\":\"\n\"}\n\x1e{\"a\n\x1e{}\n",
	  "1 !json 7 {\"a\":\"\n\"}|12 !json 4 {\"a|17 {}", 0 },
	{ INPUT_SEQ, "\x1e{\"a\":\x1e{\"b\":1}\n", "1 {\"a\":|7 {\"b\":1}", 0 },
	{ INPUT_SEQ, "\x1e{\"a\":1}\n\x1e{}\n\x1e  {} \r\n\x1e",
	  "1 !size 6 {\"a\":|10 {}|16 {}", 5 },
	{ INPUT_SEQ, "", "", 0 },

	/* auto */
	{ INPUT_AUTO, "\x1e{\n}", "1 { }", 0 },
	{ INPUT_AUTO, "\n{\n}\n{}", "1 { }|5 {}", 0 },
	{ INPUT_AUTO, "[\n{}\n]", "2 {}", 0 },
	{ INPUT_AUTO, "[\n1\n]\n[\n2\n]", "0 [ 1 ]|6 [ 2 ]", 0 },
	{ INPUT_AUTO, "[{},{}]", "0 [{},{}]", 0 },
	{ INPUT_AUTO, "{\"a\":1}\n{\n}\n", "0 {\"a\":1}|8 {|10 }", 0 },
	{ INPUT_AUTO, "{\"a\":1\n{\"a\":2}\n", "0 {\"a\":1|7 {\"a\":2}", 0 },
	{ INPUT_AUTO, "{\"a\":\n{\"a\":2}\n{}",
	  "0 {\"a\":|6 {\"a\":2}|14 {}", 0 },
	{ INPUT_AUTO, "{\"a\":\n{\"a\":2}\n", "0 {\"a\":|6 {\"a\":2}", 0 },
	{ INPUT_AUTO, "{\n\"a\" 1\n}\n{\n}",
	  "0 !json 7 {\n\"a\" 1\n}|10 { }", 0 },
	{ INPUT_AUTO, "{\"a\":1}{\"b\":2}", "0 {\"a\":1}|7 {\"b\":2}", 0 },
	{ INPUT_AUTO, "{\"a\":1}{\"b\":2}\n{}",
	  "0 {\"a\":1}{\"b\":2}|15 {}", 0 },
	{ INPUT_AUTO, "x\n{}", "0 x|2 {}", 0 },
	{ INPUT_AUTO, "1\n2", "0 1|2 2", 0 }
};

static void show_pieces(struct buf *out, const struct pieces *p)
{
	buf_clear(out);
	buf_cstr(out);
	for (size_t i = 0; i < p->n; i++) {
		const struct piece *x = &p->items[i];

		if (i)
			buf_addc(out, '|');
		buf_addu(out, x->byte);
		buf_addc(out, ' ');
		if (x->fault.reason)
			buf_addf(out, "!%s %u ", fault_name(x->fault.error),
				 (unsigned)x->fault.column);
		buf_add(out, x->text, x->len);
	}
}

/* Reads ${text} in one way; into ${is}. */
static void read_text(struct pieces *is, const char *text, size_t len,
		      const struct reader_opts *opts, int as, bool piped,
		      unsigned n)
{
	struct run run = { .opts = *opts, .threads = n, .n = 1,
			   .stop_after = -1 };
	struct buf packed = {0};
	struct feed feed;
	char *name;

	pack(&packed, as, text, len);
	name = piped ? feed_start(&feed, packed.s, packed.len) :
		       test_file("in", packed.s, packed.len);
	run.names = &name;
	CHECK(run_all(&run) && !run.failed);
	run_pieces(is, &run);
	CHECK(opts->form == INPUT_LINES || opts->form == INPUT_AUTO ||
	      !is->blank);
	if (piped)
		feed_end(&feed);
	run_release(&run);
	buf_release(&packed);
}

static void test_case(size_t i)
{
	const char *text = cases[i].text;
	struct reader_opts opts = { .form = cases[i].form,
				    .max_record = cases[i].max ? cases[i].max :
						  1000 };
	struct buf shown = {0};

	for (size_t batch = 1; batch < strlen(text) + 3; batch++) {
		struct pieces is = {0};

		opts.batch_bytes = batch;
		read_text(&is, text, strlen(text), &opts, (int)batch % 2,
			  batch % 5 == 2, 1 + (unsigned)(batch % 3));
		show_pieces(&shown, &is);
		pieces_release(&is);
		if (!same(&shown, cases[i].want)) {
			printf("case %zu, batches of %zu: %s\n", i, batch,
			       text);
			CHECK(false);
			break;
		}
	}
	buf_release(&shown);
}

/* A record in random layout; ${compact}: without line ends. */
static void gen_record(struct buf *b, bool compact)
{
	size_t start;
	struct json_fault fault;

	do {
		buf_clear(b);
		gen_value(b, 4);
		for (start = 0; start < b->len && blank_char(b->s[start]);)
			start++;
		while (blank_char(b->s[b->len - 1]))
			b->len--;
		memmove(b->s, b->s + start, b->len -= start);
	} while (json_check(b->s, b->len, 100, &fault));
	for (size_t i = 0; compact && i < b->len; i++)
		if (b->s[i] == '\n')
			b->s[i] = ' ';
}

static void add_blanks(struct buf *b, const char *which)
{
	for (size_t n = gen(3); n; n--)
		buf_addc(b, which[gen(strlen(which))]);
}

/* A record goes into ${text} and, with its line ends as spaces, ${want}. */
static void add_record(struct buf *text, struct pieces *want,
		       const struct buf *record)
{
	struct piece *p = piece_add(want, text->len, record->s, record->len);

	for (size_t i = 0; i < p->len; i++)
		if (p->text[i] == '\n')
			p->text[i] = ' ';
	buf_add(text, record->s, record->len);
}

/* What must stand between two values in json form. */
static bool needs_blank(const struct buf *text, char next)
{
	char last = text->len ? text->s[text->len - 1] : ' ';

	return !strchr("]}\" \t\r\n", last) && !strchr("[{\"", next);
}

/* ${n} records in the given form, as random as the form allows. */
static void gen_form(struct buf *text, struct pieces *want,
		     enum input_form form, size_t n)
{
	const char *blanks = form == INPUT_LINES ? " \t\r" : " \t\r\n";
	struct buf record = {0};

	add_blanks(text, blanks);
	if (form == INPUT_ARRAY)
		buf_addc(text, '[');
	for (size_t i = 0; i < n; i++) {
		gen_record(&record, form == INPUT_LINES);
		if (form == INPUT_SEQ)
			buf_addc(text, 0x1e);
		add_blanks(text, blanks);
		if (form == INPUT_JSON && needs_blank(text, record.s[0]))
			buf_addc(text, "\n "[gen(2)]);
		add_record(text, want, &record);
		add_blanks(text, blanks);
		if (form == INPUT_ARRAY && i + 1 < n)
			buf_addc(text, ',');
		else if (form == INPUT_LINES || form == INPUT_SEQ)
			buf_addc(text, '\n');
		add_blanks(text, blanks);
	}
	if (form == INPUT_ARRAY)
		buf_addc(text, ']');
	add_blanks(text, blanks);
	buf_release(&record);
}

static struct reader_opts random_opts(enum input_form form, uint64_t max)
{
	return (struct reader_opts){ .form = form, .max_record = max,
				     .batch_bytes = gen(4) ? gen(200) + 1 :
							     gen(20000) + 1 };
}

static void test_good(enum input_form form)
{
	struct buf text = {0};
	struct pieces want = {0};

	gen_form(&text, &want, form, gen(30));
	for (int i = 0; i < 6; i++) {
		struct reader_opts opts = random_opts(form, 1 << 20);
		struct pieces is = {0};

		read_text(&is, text.s, text.len, &opts, i % AS_KINDS, i / 3,
			  1 + (unsigned)gen(4));
		is.blank = 0;
		CHECK(same_pieces(&is, &want));
		pieces_release(&is);
	}
	pieces_release(&want);
	buf_release(&text);
}

/* Damaged texts come out the same in every batch size. */
static void test_damaged(enum input_form form)
{
	struct buf text = {0};
	struct pieces first = {0};
	uint64_t max = gen(2) ? 1 << 20 : gen(100) + 1;

	gen_form(&text, &first, form, gen(30));
	pieces_release(&first);
	for (size_t n = gen(4) + 1; n; n--)
		gen_damage(&text);
	for (int i = 0; i < 5; i++) {
		struct reader_opts opts = random_opts(form, max);
		struct pieces is = {0};

		read_text(&is, text.s, text.len, &opts, i % AS_KINDS, i / 3,
			  1 + (unsigned)gen(4));
		is.blank = 0;
		if (!i) {
			check_all_there(&is, &text, form);
			first = is;
			continue;
		}
		CHECK(same_pieces(&is, &first));
		pieces_release(&is);
	}
	pieces_release(&first);
	buf_release(&text);
}

/* One of many records as programs print them; ends without line end. */
static void add_printed(struct buf *b, size_t i, const char *indent)
{
	buf_addf(b, "%s{\n%s  \"id\": %zu,\n%s  \"list\": [\n", indent, indent,
		 i, indent);
	for (size_t n = 0; n < i % 3; n++)
		buf_addf(b, "%s    {\"x\": \"y%zu\"},\n", indent, n);
	buf_addf(b, "%s    []\n%s  ],\n%s  \"sub\": {\n%s    \"a\": null\n"
		 "%s  }\n%s}", indent, indent, indent, indent, indent, indent);
}

/*
 * Printed records, of which number ${cut} is cut short; the line end and comma
 * behind it are there.
 */
static void gen_printed(struct buf *text, enum input_form form, size_t n,
			size_t cut, size_t keep)
{
	const char *indent = form == INPUT_ARRAY ? "  " : "";
	size_t start;

	buf_adds(text, form == INPUT_ARRAY ? "[\n" : "");
	for (size_t i = 0; i < n; i++) {
		start = text->len;
		add_printed(text, i, indent);
		if (i == cut && keep < text->len - start)
			text->len = start + keep;
		buf_adds(text, form == INPUT_ARRAY && i + 1 < n ? ",\n" :
								   "\n");
	}
	buf_adds(text, form == INPUT_ARRAY ? "]\n" : "");
}

/* Wherever one is cut short, the others survive. */
static void test_neighbours(enum input_form form)
{
	struct buf text = {0}, id = {0};
	size_t n = 6, cut, found;

	for (cut = 1; cut < n; cut++)
		for (size_t keep = 3; keep < 150; keep++) {
			struct reader_opts opts = random_opts(form, 1000);
			struct pieces is = {0};

			buf_clear(&text);
			gen_printed(&text, form, n, cut, keep);
			read_text(&is, text.s, text.len, &opts, AS_PLAIN,
				  false, 1);
			found = 0;
			for (size_t i = 0, k = 0; i < n; i++) {
				buf_clear(&id);
				buf_addf(&id, "\"id\": %zu,", i);
				for (k = 0; k < is.n; k++)
					found += !is.items[k].fault.reason &&
						 memmem(is.items[k].text,
							is.items[k].len, id.s,
							id.len);
			}
			if (found < n - 1)
				printf("cut %zu at %zu: %zu of %zu\n", cut,
				       keep, found, n);
			CHECK(found >= n - 1);
			pieces_release(&is);
		}
	buf_release(&text);
	buf_release(&id);
}

int main(void)
{
	static const enum input_form forms[] = {
		INPUT_LINES, INPUT_JSON, INPUT_ARRAY, INPUT_SEQ
	};

	signal(SIGPIPE, SIG_IGN);
	make_test_dir();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		test_case(i);
	for (int i = 0; i < 100; i++)
		test_good(forms[i % 4]);
	for (int i = 0; i < 400; i++)
		test_damaged(forms[i % 4]);
	test_neighbours(INPUT_JSON);
	test_neighbours(INPUT_ARRAY);
	remove_test_dir();
	return unit_end("framer");
}
