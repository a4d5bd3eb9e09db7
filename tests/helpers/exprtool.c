/*
 * exprtool -- the library's expressions, for tests that compare them with jq.
 *
 *	exprtool [-s SINCE] EXPRESSIONS RECORDS
 *		For each line of EXPRESSIONS a line that says what evaluates
 *		it: "plain", "jq", or "no: MESSAGE"; then, unless "no", for
 *		each line of RECORDS "VALUE<tab>TRUTH" or "error<tab>MESSAGE".
 *		At last "inexact N" over all.
 *	exprtool -p EXPRESSIONS
 *		"plain" or "other" for each line, without asking libjq.
 *	exprtool -o RECORDS
 *		The order (<, =, >) of each line to each, a line for a line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "json/expr.h"
#include "json/expr_plain.h"

struct lines {
	char *text;
	char **line;
	size_t n, cap;
};

static struct lines read_lines(const char *name)
{
	struct lines l = {0};
	FILE *f = fopen(name, "r");
	size_t cap = 0;
	ssize_t n;

	if (!f)
		err_die(RC_USAGE, "%s: %s", name, strerror(errno));
	while ((n = getline(&l.text, &cap, f)) > 0) {
		n -= l.text[n - 1] == '\n';
		mem_grow(&l.line, &l.cap, l.n + 1, sizeof(*l.line));
		l.line[l.n++] = mem_dup(l.text, (size_t)n);
	}
	fclose(f);
	return l;
}

static void free_lines(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->line[i]);
	free(l->line);
	free(l->text);
}

static void print_one(struct expr *e, const char *record)
{
	struct buf value = {0}, why = {0};
	size_t len = strlen(record);
	int truth = expr_test(e, record, len, &why);

	if (truth < 0)
		printf("error\t%s\n", buf_cstr(&why));
	else if (expr_value(e, record, len, &value, &why))
		printf("error\tthe value: %s\n", buf_cstr(&why));
	else
		printf("%s\t%d\n", buf_cstr(&value), truth);
	buf_release(&value);
	buf_release(&why);
}

static uint64_t run(const char *source, const char *since,
		    const struct lines *records)
{
	struct buf why = {0};
	struct expr *e = expr_compile(source, since, &why);
	uint64_t inexact = 0;

	if (!e) {
		printf("no: %s\n", buf_cstr(&why));
	} else {
		puts(expr_is_plain(e) ? "plain" : "jq");
		for (size_t i = 0; i < records->n; i++)
			print_one(e, records->line[i]);
		inexact = expr_inexact(e);
	}
	expr_free(e);
	buf_release(&why);
	return inexact;
}

static void order(const struct lines *l)
{
	for (size_t i = 0; i < l->n; i++) {
		for (size_t j = 0; j < l->n; j++) {
			int r = expr_order(l->line[i], strlen(l->line[i]),
					   l->line[j], strlen(l->line[j]));

			putchar(r < 0 ? '<' : r ? '>' : '=');
		}
		putchar('\n');
	}
}

static void plain(const struct lines *l)
{
	const struct span since = {"null", 4};
	struct plain x;

	for (size_t i = 0; i < l->n; i++) {
		bool is = plain_parse(&x, l->line[i], since);

		puts(is ? "plain" : "other");
		if (is)
			plain_release(&x);
	}
}

/* One of the forms that take one file. */
static int list(const char *name, void (*print)(const struct lines *))
{
	struct lines l = read_lines(name);

	print(&l);
	free_lines(&l);
	return fflush(stdout) ? RC_FAILED : RC_DONE;
}

int main(int argc, char **argv)
{
	const char *since = NULL;
	struct lines expressions, records;
	uint64_t inexact = 0;
	int c;

	err_init(argv[0]);
	while ((c = getopt(argc, argv, "s:p:o:")) != -1) {
		if (c == 'p')
			return list(optarg, plain);
		if (c == 'o')
			return list(optarg, order);
		if (c != 's')
			return RC_USAGE;
		since = optarg;
	}
	if (argc - optind != 2)
		err_die(RC_USAGE, "EXPRESSIONS and RECORDS are missing");
	expressions = read_lines(argv[optind]);
	records = read_lines(argv[optind + 1]);
	for (size_t i = 0; i < expressions.n; i++)
		inexact += run(expressions.line[i], since, &records);
	printf("inexact %llu\n", (unsigned long long)inexact);
	free_lines(&expressions);
	free_lines(&records);
	return fflush(stdout) ? RC_FAILED : RC_DONE;
}
