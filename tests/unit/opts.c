/*
 * Unit test of lib/base: command lines and the options all programs share.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/common_opts.h"
#include "base/err.h"
#include "base/opts.h"
#include "unit.h"

static void tolerance(const char *s, int rc, uint64_t rejected, uint64_t all,
		      bool exceeded)
{
	struct tolerance t = {0};
	char why[200] = "";

	checks++;
	if (tolerance_parse(&t, s, why) == rc &&
	    (rc ? why[0] != '\0' : tolerance_exceeded(&t, rejected, all) ==
	     exceeded))
		return;
	failures++;
	printf("tolerance '%s' of %llu/%llu\n", s, (unsigned long long)rejected,
	       (unsigned long long)all);
}

static void test_tolerance(void)
{
	static const char *const bad[] = {
		"", "%", "x", "-1", "1.5", ".5%", "5.%", "101%", "100.0001%",
		"1000%", "1.00001%", "1%%", "5 %", "1.2.3%"
	};
	struct tolerance none = {0};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tolerance(bad[i], -1, 0, 0, false);
	CHECK(!tolerance_exceeded(&none, UINT64_MAX, UINT64_MAX));
	tolerance("0", 0, 0, 10, false);
	tolerance("0", 0, 1, 10, true);
	tolerance("3", 0, 3, 3, false);
	tolerance("3", 0, 4, 1000, true);
	tolerance("0%", 0, 0, 10, false);
	tolerance("0%", 0, 1, 10, true);
	tolerance("1%", 0, 1, 100, false);
	tolerance("1%", 0, 1, 99, true);
	tolerance("0.5%", 0, 5, 1000, false);
	tolerance("0.5%", 0, 6, 1000, true);
	tolerance("0.0001%", 0, 1, 1000000, false);
	tolerance("0.0001%", 0, 1, 999999, true);
	tolerance("100%", 0, UINT64_MAX, UINT64_MAX, false);
	tolerance("99.9999%", 0, UINT64_MAX, UINT64_MAX, true);
}

struct opts {
	struct common_opts common;
	bool strict;
	int form;
	uint64_t bytes, depth;
	struct opt_list maps;
	const char *where;
};

#define AT(member) .offset = offsetof(struct opts, member)

static const struct opt table[] = {
	COMMON_THREADS,
	COMMON_OUTPUT,
	COMMON_ERRORS,
	COMMON_REPORT,
	{ .kind = OPT_HEADING, .help = "Input" },
	{ .name = "lax", .kind = OPT_UNFLAG, AT(strict), .help = "-" },
	{ .name = "form", .kind = OPT_CHOICE, .choices = "one|two|three",
	  AT(form), .help = "-" },
	{ .name = "bytes", .letter = 'b', .arg = "BYTES", .kind = OPT_BYTES,
	  AT(bytes), .min = 1024, .max = (uint64_t)1 << 30, .help = "-" },
	{ .name = "depth", .arg = "N", .kind = OPT_COUNT, AT(depth), .min = 1,
	  .help = "-" },
	{ .name = "map", .arg = "PATH", .kind = OPT_LIST, AT(maps),
	  .help = "-" },
	{ .name = "where", .arg = "EXPR", .kind = OPT_TEXT, AT(where),
	  .help = "-" },
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[FILE...]", .summary = "-", .table = table, .operands = true
};

/* Splits ${line} at spaces and parses it as the arguments. */
static int parse(struct opts *o, const char *line, char **argv, int *status)
{
	static char text[1000];
	int argc = 1;
	char *word;

	strcpy(text, line);
	*o = (struct opts){ .strict = true };
	argv[0] = text + sizeof(text) - 1;
	for (word = strtok(text, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	return opts_parse(&spec, o, argc, argv, status);
}

static void test_opts_good(void)
{
	struct opts o;
	char *argv[100];
	int status, first;

	first = parse(&o, "a -qP3 -b64K --form three --map=x b --map y --lax "
		      "--where=.a --out o --max-errors 2% -- -c --depth=0",
		      argv, &status);
	CHECK(status == RC_DONE && first == 15);
	CHECK(!strcmp(argv[first], "a") && !strcmp(argv[first + 1], "b"));
	CHECK(!strcmp(argv[first + 2], "-c"));
	CHECK(!strcmp(argv[first + 3], "--depth=0") && !argv[first + 4]);
	CHECK(o.common.quiet && o.common.max_procs == 3 && o.bytes == 65536);
	CHECK(o.form == 2 && !o.strict && !strcmp(o.where, ".a"));
	CHECK(o.maps.n == 2 && !strcmp(o.maps.items[1], "y"));
	CHECK(!strcmp(o.common.output, "o"));
	CHECK(o.common.max_errors.kind == TOLERATE_SHARE &&
	      o.common.max_errors.n == 20000);
	opt_list_release(&o.maps);
	first = parse(&o, "--progress x", argv, &status);
	CHECK(first == 2 && o.common.progress == PROGRESS_ALWAYS);
	first = parse(&o, "--progress=never", argv, &status);
	CHECK(first == 2 && o.common.progress == PROGRESS_NEVER);
	first = parse(&o, "-", argv, &status);
	CHECK(first == 1 && !strcmp(argv[1], "-"));
}

static int parse_status(const void *line)
{
	struct opts o;
	char *argv[100];
	int status, first;

	err_init("prog");
	first = parse(&o, line, argv, &status);
	if (first >= 0)
		opt_list_release(&o.maps);
	return first < 0 ? status : 100;
}

static void test_opts_bad(void)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{ "--nix", "unknown option '--nix' (try 'prog --help')" },
		{ "-qz", "unknown option '-z' (try 'prog --help')" },
		{ "--o", "option '--o' could be --oversubscribe, --output" },
		{ "--depth", "option '--depth' needs a value "
		  "(try 'prog --help')" },
		{ "-b", "option '-b' needs a value (try 'prog --help')" },
		{ "--quiet=1", "option '--quiet=1': it takes no value "
		  "(try 'prog --help')" },
		{ "--map=a --depth=0", "--depth: 0 is out of range "
		  "(1 or more)" },
		{ "-b 2G", "--bytes: 2G is out of range (1K to 1G)" },
		{ "-b 1x", "--bytes: '1x' is no size (a whole number; "
		  "K, M, G or T may follow)" },
		{ "--form=t", "--form: 't' is none of one|two|three" },
		{ "--max-errors=x", "--max-errors: 'x': neither a number "
		  "nor a share like 0.5%" },
		{ "--completion=csh", "--completion: 'csh' is none of "
		  "bash|zsh|fish" },
	};
	struct buf text = {0}, want = {0};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&want);
		buf_addf(&want, "prog: %s\n", cases[i].says);
		CHECK(in_child(parse_status, cases[i].line, &text) == RC_USAGE);
		CHECK(same(&text, buf_cstr(&want)));
	}
	buf_release(&text);
	buf_release(&want);
}

int main(void)
{
	test_tolerance();
	test_opts_good();
	test_opts_bad();
	return unit_end("opts");
}
