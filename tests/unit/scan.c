/*
 * scan -- a scan's account against plain models: ranges and pending parts as
 * bitmaps, options there and back, names of any bytes.
 */
#include "any_scan.h"
#include "attrs/attrio.h"
#include "attrs/options_diff.h"
#include "attrs/ranges.h"
#include "attrs/scan_line.h"
#include "stream/source_name.h"
#include "base/err.h"
#include "json/check.h"
#include "unit.h"

#define PLACES 60

/* The ranges of a source as a bitmap; false when they are not sorted, apart. */
static bool to_bits(const struct source_ranges *s, bool bits[PLACES])
{
	memset(bits, 0, PLACES * sizeof(*bits));
	for (size_t i = 0; i < s->n; i++) {
		if (s->items[i].from >= s->items[i].to ||
		    s->items[i].to > PLACES ||
		    (i && s->items[i].from <= s->items[i - 1].to))
			return false;
		for (uint64_t k = s->items[i].from; k < s->items[i].to; k++)
			bits[k] = true;
	}
	return true;
}

static void test_ranges(void)
{
	struct scan_opts o;

	scan_opts_init(&o);
	for (int round = 0; round < 200; round++) {
		bool model[PLACES] = {0}, bits[PLACES], allow = below(2);
		struct scan scan;

		scan_init(&scan, &o);
		for (int i = 0; i < 20; i++) {
			struct range got, want = {0};
			uint64_t from = below(PLACES), to = from + below(9);
			int rc;

			to = to < PLACES ? to : PLACES;
			for (uint64_t k = from; k < to; k++) {
				if (!model[k])
					continue;
				if (want.to && want.to != k)
					break;
				if (!want.to)
					want.from = k;
				want.to = k + 1;
			}
			rc = scan_add_range(&scan, "f", from, to, allow, &got);
			CHECK(rc == (want.to ? -1 : 0));
			if (rc)
				CHECK(got.from == want.from &&
				      got.to == want.to);
			for (uint64_t k = from; k < to && (!rc || allow); k++)
				model[k] = true;
		}
		CHECK(scan.nsources == 1 && to_bits(scan.sources, bits) &&
		      !memcmp(bits, model, sizeof(model)));
		scan_release(&scan);
	}
}

/* Sources come out sorted and joined, in whatever order partials bring them. */
static void test_sources(void)
{
	struct scan_opts o;

	scan_opts_init(&o);
	for (int round = 0; round < 100; round++) {
		struct scan one, all;
		struct buf a = {0}, b = {0};
		struct range overlap;

		scan_init(&one, &o);
		scan_init(&all, &o);
		for (uint64_t k = 0; k < 6; k++) {
			struct scan part;

			scan_init(&part, &o);
			for (uint32_t i = below(6); i > 0; i--) {
				const char *name = PICK(names);
				uint64_t at = 10 * k + 2 * i;
				uint64_t to = at + 1 + below(2);

				scan_add_range(&part, name, at, to, true,
					       &overlap);
				scan_add_range(&one, name, at, to, true,
					       &overlap);
			}
			CHECK(!scan_add_sources(&all, part.sources,
						part.nsources, false,
						&overlap));
			part.nsources = 0;
			scan_release(&part);
		}
		scan_line_write(&a, &one, &o, 0);
		scan_line_write(&b, &all, &o, 0);
		CHECK(a.len == b.len && !memcmp(a.s, b.s, a.len));
		scan_release(&one);
		scan_release(&all);
		buf_release(&a);
		buf_release(&b);
	}
}

/* Pending parts with known ends, less ranges. */
static void test_pending(void)
{
	struct scan_opts o;

	scan_opts_init(&o);
	for (int round = 0; round < 200; round++) {
		bool model[PLACES] = {0}, bits[PLACES] = {0};
		struct range overlap;
		struct scan scan;

		scan_init(&scan, &o);
		for (uint64_t at = below(9); at < PLACES; at += 1 + below(9)) {
			uint64_t to = at + 1 + below(8);

			to = to < PLACES ? to : PLACES;
			scan_add_pending(&scan, "f", at, to, 9, 9);
			for (; at < to; at++)
				model[at] = true;
		}
		for (uint32_t i = below(9); i > 0; i--) {
			uint64_t from = below(PLACES - 9), to = from + below(9);

			scan_add_range(&scan, below(9) ? "f" : "g", from, to,
				       true, &overlap);
		}
		for (size_t i = 0; i < scan.nsources; i++) {
			const struct source_ranges *s = &scan.sources[i];

			for (size_t k = 0; k < s->n && *s->name == 'f'; k++)
				memset(model + s->items[k].from, 0,
				       s->items[k].to - s->items[k].from);
		}
		scan_settle(&scan, &o);
		for (size_t i = 0; i < scan.pending.n; i++) {
			const struct pending *p = &scan.pending.items[i];

			CHECK(p->from < p->to && p->size == 9);
			for (uint64_t k = p->from; k < p->to; k++) {
				CHECK(!bits[k]);
				bits[k] = true;
			}
		}
		CHECK(!memcmp(model, bits, sizeof(model)));
		scan_release(&scan);
	}
}

static void copy_pending(struct scan *to, const struct scan *from)
{
	for (size_t i = 0; i < from->pending.n; i++) {
		const struct pending *p = &from->pending.items[i];

		scan_add_pending(to, p->source, p->from, p->to, p->size,
				 p->mtime_ns);
	}
}

/*
 * A pipe that was stopped twice: a, then b and c each went on.  Any order of
 * adding up, with settling in between, leaves nothing.
 */
static void test_resume(void)
{
	struct scan_opts o;

	scan_opts_init(&o);
	for (int order = 0; order < 6; order++) {
		static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1},
			{1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
		struct scan parts[3], sum;

		for (int i = 0; i < 3; i++)
			scan_init(&parts[i], &o);
		scan_init(&sum, &o);
		scan_add_pending(&parts[0], "<stdin>", 100, UINT64_MAX, 0, 0);
		scan_resume(&parts[1], &parts[0], &o);
		scan_add_pending(&parts[1], "<stdin>", 200, UINT64_MAX, 0, 0);
		scan_resume(&parts[2], &parts[1], &o);
		for (int i = 0; i < 3; i++) {
			const struct scan *p = &parts[orders[order][i]];
			struct scan taken = {.pending = p->resumed};

			copy_pending(&sum, p);
			scan_resume(&sum, &taken, &o);
			scan_settle_sum(&sum, &o);
		}
		CHECK(sum.pending.n == 0 && sum.resumed.n == 0);
		/* stopped before anything was done: still to do */
		scan_resume(&sum, &parts[0], &o);
		copy_pending(&sum, &parts[0]);
		scan_settle(&sum, &o);
		CHECK(sum.pending.n == 1 && sum.resumed.n == 1);
		scan_release(&sum);
		for (int i = 0; i < 3; i++)
			scan_release(&parts[i]);
	}
}

static void test_options(void)
{
	static const char *const map[] = {
		".z", ".a", ".\"\xc3\xa9\\\"\"", ".a"
	};
	struct buf text = {0}, again = {0}, arena = {0}, why = {0};

	for (int round = 0; round < 300; round++) {
		struct scan_opts o, back;

		any_opts(&o);
		if (below(2))
			o.where = ".a == \"\xc3\xa9\n\" and .b";
		o.limit = below(3);
		o.max_attrs = below(2) ? UINT64_MAX : SCAN_MAX_ATTRS;
		o.max_depth = below(3) ? SCAN_MAX_DEPTH : 0;
		o.map = (const char **)(uintptr_t)map;
		o.nmap = below(5);
		if (below(2)) {
			o.extra.key = (const unsigned char *)"secret";
			o.extra.key_len = 5 + below(2);
		}
		buf_clear(&text);
		buf_clear(&again);
		scan_write_options(&text, &o);
		CHECK(!scan_read_options(&back, text.s, text.len, &arena,
					 &why));
		scan_write_options(&again, &back);
		CHECK(same(&again, buf_cstr(&text)));
		CHECK(back.max_attrs == o.max_attrs &&
		      back.no_first == o.no_first &&
		      back.extra.samples == o.extra.samples);
	}
	buf_release(&text);
	buf_release(&again);
	buf_release(&arena);
	buf_release(&why);
}

static void test_bad_options(void)
{
	static const char *const bad[] = {
		"", "[]", "{", "{\"limit\":-1}", "{\"limit\":1.0}",
		"{\"limit\":18446744073709551616}", "{\"limit\":\"1\"}",
		"{\"private\":false}", "{\"no_first\":1}", "{\"map\":{}}",
		"{\"map\":[1]}", "{\"map\":[\"a\\u0000b\"]}",
		"{\"where\":null}", "{\"where\":\"\\u0000\"}",
		"{\"stats\":\"some\"}", "{\"values\":4294967296}",
		"{\"sample_key\":\"0123456\"}", "{\"sample_key\":\"0123456G\"}",
		"{\"new_setting\":1}"
	};
	struct scan_opts o;
	struct buf arena = {0}, why = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		buf_clear(&why);
		CHECK(scan_read_options(&o, bad[i], strlen(bad[i]), &arena,
					&why) == -1);
		CHECK(why.len > 0);
	}
	scan_opts_init(&o);
	buf_clear(&why);
	scan_write_options(&why, &o);
	CHECK(same(&why, "{}"));
	buf_release(&arena);
	buf_release(&why);
}

static void test_differences(void)
{
#define TEXT(t) ((struct span){t, sizeof(t) - 1})
	struct buf why = {0};

	CHECK(options_agree(TEXT("{}"), TEXT("{}"), &why));
	CHECK(options_agree(TEXT("{\"a\":1,\"b\":[2]}"),
			    TEXT("{\"b\":[2],\"a\":1}"), &why));
	CHECK(!options_agree(TEXT("{\"a\":1}"), TEXT("{}"), &why));
	CHECK(same(&why, "a 1 instead of the default"));
	CHECK(!options_agree(TEXT("{\"b\":1,\"c\":3}"),
			     TEXT("{\"a\":\"x\",\"b\":2,\"c\":3}"), &why));
	CHECK(same(&why, "b 1 instead of 2, a the default instead of \"x\""));
	buf_release(&why);
}

/* Names of random bytes, half of them from UTF-8 sequences. */
static void test_names(void)
{
	struct buf text = {0}, back = {0};

	for (int round = 0; round < 2000; round++) {
		char name[40];
		size_t n = 0, want = 1 + below(20);
		struct json_fault fault;
		const char *got;

		while (n < want) {
			struct span key = PICK(keys);

			if (below(2) && !memchr(key.s, 0, key.len) &&
			    n + key.len < sizeof(name) - 1) {
				memcpy(name + n, key.s, key.len);
				n += key.len;
			} else {
				name[n++] = (char)(1 + below(255));
			}
		}
		name[n] = 0;
		buf_clear(&text);
		source_name_write(&text, name);
		CHECK(text.len >= n + 2 && text.s[0] == '"' &&
		      text.s[text.len - 1] == '"');
		CHECK(!json_check(text.s, text.len, 1, &fault));
		got = source_name_read(&back, (struct span){text.s + 1,
				       text.len - 2});
		CHECK(got && !strcmp(got, name));
	}
	CHECK(!source_name_read(&back, TEXT("a\\u0000")));
	buf_release(&text);
	buf_release(&back);
}

static void test_limit(void)
{
	struct scan_opts o;
	struct buf why = {0};
	struct scan scan;
	char key[3] = "k0";

	scan_opts_init(&o);
	o.max_attrs = 9;
	scan_init(&scan, &o);
	for (int i = 0; i < 10; i++) {
		uint32_t node;

		key[1] = (char)('0' + i);
		node = tree_child(&scan.tree, i < 4 ? NODE_ROOT : 1, STEP_KEY,
				  key, 2);
		tree_box(&scan.tree, node)->nulls = 1;
		CHECK(scan_over_limit(&scan, &why) == (i == 9));
	}
	CHECK(same(&why, "more than 9 attributes (--max-attrs); widest: .k0 "
		   "(6 keys), . (4 keys); give --map='.k0'"));
	scan_release(&scan);
	buf_release(&why);
}

int main(void)
{
	err_init("scan");
	test_ranges();
	test_sources();
	test_pending();
	test_resume();
	test_options();
	test_bad_options();
	test_differences();
	test_names();
	test_limit();
	return unit_end("scan");
}
