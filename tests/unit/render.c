/*
 * render -- patterns of paths against a slow matcher, cells, names, shares.
 */
#include <stdlib.h>
#include "attrs/render_cells.h"
#include "attrs/render_view.h"
#include "attrs/schema_ver.h"
#include "attrs/sql_names.h"
#include "unit.h"

/* What the header says, by trying everything. */
static bool slow(const char *p, const char *s)
{
	if (p[0] == '*' && p[1] == '*') {
		for (;; s++) {
			if (slow(p + 2, s))
				return true;
			if (!*s)
				return false;
		}
	}
	if (p[0] == '*') {
		for (;; s++) {
			if (slow(p + 1, s))
				return true;
			if (!*s || strchr(".[{|", *s))
				return false;
		}
	}
	return *p == *s && (!*p || slow(p + 1, s + 1));
}

static void random_text(char *to, unsigned max, const char *letters)
{
	unsigned n = (unsigned)rand() % max;

	for (unsigned i = 0; i < n; i++)
		to[i] = letters[(unsigned)rand() % strlen(letters)];
	to[n] = 0;
}

static void check_patterns(void)
{
	char pattern[12], path[12];
	unsigned matched = 0;

	srand(1);
	for (unsigned i = 0; i < 200000; i++) {
		bool want;

		random_text(pattern, 10, "a.**b*");
		random_text(path, 10, "a.b[");
		want = slow(pattern, path);
		matched += want;
		CHECK(path_matches(pattern, path, strlen(path)) == want);
	}
	CHECK(matched > 1000);
}

static void check_shares(void)
{
	const struct {
		uint64_t part, all;
		const char *text;
	} cases[] = {
		{0, 5, "0%"}, {5, 5, "100%"}, {1, 100000, "<0.1%"},
		{99999, 100000, "99.9%"}, {1, 3, "33%"}, {1, 30, "3.3%"},
		{UINT64_MAX - 1, UINT64_MAX, "99.9%"},
		{UINT64_MAX, UINT64_MAX, "100%"}, {0, 0, "0%"}
	};
	struct buf b = {0};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&b);
		share_add(&b, cases[i].part, cases[i].all);
		CHECK(!strcmp(buf_cstr(&b), cases[i].text));
	}
	buf_release(&b);
}

static void check_versions(void)
{
	static const char *const bad[] = {
		"", "1", "1-0", "1-0-", "0-0-1", "01-0-0", "1-00-0", "1-0-0 ",
		"1-0-0-0", "1.0.0", "-1-0-0", "1-0-9999999999"
	};
	struct schema_ver v;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK(schema_ver_read(&v, bad[i], strlen(bad[i])) == -1);
	CHECK(!schema_ver_read(&v, "12-0-34", 7));
	CHECK(v.model == 12 && v.revision == 0 && v.addition == 34);
	schema_ver_raise(&v, BUMP_ADDITION);
	CHECK(v.addition == 35);
	schema_ver_raise(&v, BUMP_REVISION);
	CHECK(v.revision == 1 && v.addition == 0);
	schema_ver_raise(&v, BUMP_MODEL);
	CHECK(v.model == 13 && v.revision == 0);
}

static void check_cells(void)
{
	struct buf b = {0};

	cells_pad(&b, "日本", 6, 3, "~");
	CHECK(!strcmp(buf_cstr(&b), "日~"));
	buf_clear(&b);
	cells_pad(&b, "e\xcc\x81", 3, 3, "~");
	CHECK(!strcmp(buf_cstr(&b), "e\xcc\x81  "));
	buf_clear(&b);
	cells_cut(&b, "abc", 3, 3, "~");
	CHECK(!strcmp(buf_cstr(&b), "abc"));
	CHECK(cells_of("日本x", 7) == 5);
	buf_release(&b);
}

static void check_names(void)
{
	struct sql_names n = {0};
	struct buf name = {0};
	char want[16];

	for (unsigned i = 1; i < 300; i++) {
		buf_clear(&name);
		buf_adds(&name, i % 2 ? "Name" : "nAME");
		sql_names_add(&n, &name);
		want[0] = 0;
		if (i > 1)
			snprintf(want, sizeof(want), "_%u", i);
		CHECK(!strcmp(buf_cstr(&name) + 4, want));
	}
	sql_names_clear(&n);
	buf_clear(&name);
	buf_adds(&name, "name");
	sql_names_add(&n, &name);
	CHECK(!strcmp(buf_cstr(&name), "name"));
	sql_names_release(&n);
	buf_release(&name);
}

int main(void)
{
	check_patterns();
	check_shares();
	check_versions();
	check_cells();
	check_names();
	return unit_end("render");
}
