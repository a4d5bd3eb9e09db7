/*
 * opts -- command lines from a table.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/opts.h"
#include "base/opts_in.h"
#include "base/out.h"
#include "base/version.h"

enum { BUILTIN_HELP = 1, BUILTIN_VERSION, BUILTIN_COMPLETION };
enum { WHY = 200 };

/* What getopt_long() returns for line i of the table. */
enum { FIRST_VAL = 256 };

const struct opt opts_builtin[] = {
	{ .kind = OPT_HEADING, .help = "Help" },
	[BUILTIN_HELP] = { .name = "help", .letter = 'h',
		.help = "Show this help." },
	[BUILTIN_VERSION] = { .name = "version", .letter = 'V',
		.help = "Show the version." },
	[BUILTIN_COMPLETION] = { .name = "completion", .kind = OPT_CHOICE,
		.choices = "bash|zsh|fish",
		.help = "Print the completion script for a shell." },
	OPTS_END
};

/* What one call of opts_parse() works with. */
struct parse {
	const struct opts_spec *spec;
	struct option *longs;
	struct buf shorts;
	char *dst;
	char **argv;
	int done;		/* BUILTIN_...: nothing but this */
	int shell;
};

static bool is_end(const struct opt *o)
{
	return !o->name && o->kind != OPT_HEADING;
}

const struct opt *opts_at(const struct opts_spec *spec, size_t i)
{
	size_t n = 0;

	while (!is_end(&spec->table[n]))
		if (n++ == i)
			return &spec->table[i];
	i -= n;
	return i < sizeof(opts_builtin) / sizeof(opts_builtin[0]) - 1 ?
	       &opts_builtin[i] : NULL;
}

bool opt_optional(const struct opt *o)
{
	return o->arg && o->arg[0] == '[';
}

bool opt_needs_value(const struct opt *o)
{
	return (o->arg || o->kind == OPT_CHOICE) && !opt_optional(o);
}

size_t choice_length(const char *words)
{
	return strcspn(words, "|");
}

void opt_list_add(struct opt_list *list, const char *item)
{
	mem_grow(&list->items, &list->cap, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = item;
}

void opt_list_release(struct opt_list *list)
{
	free(list->items);
	*list = (struct opt_list){0};
}

/* The tables of getopt_long(): long options, and letters with their colons. */
static void make_tables(struct parse *p)
{
	const struct opt *o;
	size_t i, n = 0, cap = 0;

	buf_adds(&p->shorts, ":");	/* a missing argument is ':', not '?' */
	for (i = 0; (o = opts_at(p->spec, i)); i++) {
		if (o->kind == OPT_HEADING)
			continue;
		mem_grow(&p->longs, &cap, n + 2, sizeof(*p->longs));
		p->longs[n++] = (struct option){
			.name = o->name,
			.has_arg = opt_optional(o) ? optional_argument :
				   opt_needs_value(o) ? required_argument :
				   no_argument,
			.val = FIRST_VAL + (int)i
		};
		if (!o->letter)
			continue;
		buf_addc(&p->shorts, (char)o->letter);
		if (opt_needs_value(o))
			buf_addc(&p->shorts, ':');
		else if (opt_optional(o))
			buf_adds(&p->shorts, "::");
	}
	p->longs[n] = (struct option){0};
	buf_cstr(&p->shorts);
}

static const struct opt *find(const struct parse *p, int val)
{
	const struct opt *o;
	size_t i;

	if (val >= FIRST_VAL)
		return opts_at(p->spec, (size_t)(val - FIRST_VAL));
	for (i = 0; (o = opts_at(p->spec, i)); i++)
		if (o->kind != OPT_HEADING && o->letter == val)
			return o;
	return NULL;
}

static int complain(const char *what, const char *option, const char *more)
{
	err_msg("%s '%s'%s (try '%s --help')", what, option, more,
		err_program());
	return -1;
}

/* What is wrong with the argument that getopt_long() refused. */
static int refuse(struct parse *p, int c)
{
	const struct opt *o = optopt ? find(p, optopt) : NULL;
	const char *word = p->argv[optind - 1];
	struct buf like = {0};
	size_t i, len, n = 0;
	char letter[3] = { '-', (char)optopt, '\0' };

	if (c == ':')
		return complain("option", o && optopt >= FIRST_VAL ? word :
				letter, " needs a value");
	if (optopt && optopt < FIRST_VAL)
		return complain("unknown option", letter, "");
	if (o)
		return complain("option", word, ": it takes no value");
	len = strcspn(word + 2, "=");
	for (i = 0; p->longs[i].name; i++)
		if (!strncmp(p->longs[i].name, word + 2, len))
			buf_addf(&like, "%s--%s", n++ ? ", " : "",
				 p->longs[i].name);
	buf_cstr(&like);
	if (n > 1)
		err_msg("option '%s' could be %s", word, like.s);
	else
		complain("unknown option", word, "");
	buf_release(&like);
	return -1;
}

/* A bound, in the largest unit that shows it exactly. */
static void add_bound(struct buf *b, enum opt_kind kind, uint64_t n)
{
	static const char *const bytes[] = { "", "K", "M", "G", "T" };
	static const char *const times[] = { "ms", "s", "m", "h", "d" };
	static const unsigned steps[] = { 1000, 60, 60, 24 };
	bool is_time = kind == OPT_TIME;
	size_t unit = 0;

	if (kind == OPT_COUNT || !n) {
		buf_addu(b, n);
		return;
	}
	for (; unit < 4; unit++) {
		unsigned step = is_time ? steps[unit] : 1024;

		if (n % step)
			break;
		n /= step;
	}
	buf_addu(b, n);
	buf_adds(b, is_time ? times[unit] : bytes[unit]);
}

static int out_of_range(const struct opt *o, const char *value)
{
	struct buf range = {0};

	add_bound(&range, o->kind, o->min);
	if (o->max) {
		buf_adds(&range, " to ");
		add_bound(&range, o->kind, o->max);
	} else {
		buf_adds(&range, " or more");
	}
	err_msg("--%s: %s is out of range (%s)", o->name, value,
		buf_cstr(&range));
	buf_release(&range);
	return -1;
}

static int set_number(const struct opt *o, uint64_t *dst, const char *value)
{
	int bad;

	if (o->kind == OPT_BYTES)
		bad = opt_bytes(value, dst);
	else if (o->kind == OPT_TIME)
		bad = opt_time(value, dst);
	else
		bad = opt_number(value, dst);
	if (bad) {
		err_msg("--%s: '%s' is no %s", o->name, value,
			o->kind == OPT_BYTES ?
			"size (a whole number; K, M, G or T may follow)" :
			o->kind == OPT_TIME ?
			"time (a whole number; ms, s, m, h or d may follow)" :
			"whole number, or is too large");
		return -1;
	}
	if (*dst < o->min || (o->max && *dst > o->max))
		return out_of_range(o, value);
	return 0;
}

static int set_choice(const struct opt *o, int *dst, const char *value)
{
	const char *word = o->choices;
	size_t len;

	if (!value) {
		*dst = (int)o->min;
		return 0;
	}
	for (*dst = 0; ; ++*dst, word += len + 1) {
		len = choice_length(word);
		if (strlen(value) == len && !strncmp(value, word, len))
			return 0;
		if (!word[len])
			break;
	}
	err_msg("--%s: '%s' is none of %s", o->name, value, o->choices);
	return -1;
}

static int set_call(const struct opt *o, void *dst, const char *value)
{
	char why[WHY] = "";

	if (!o->call(dst, value, why))
		return 0;
	if (value)
		err_msg("--%s: '%s': %s", o->name, value, why);
	else
		err_msg("--%s: %s", o->name, why);
	return -1;
}

static int set(const struct opt *o, void *dst, const char *value)
{
	switch (o->kind) {
	case OPT_FLAG:
	case OPT_UNFLAG:
		*(bool *)dst = o->kind == OPT_FLAG;
		return 0;
	case OPT_COUNT:
	case OPT_BYTES:
	case OPT_TIME:
		return set_number(o, dst, value);
	case OPT_TEXT:
		*(const char **)dst = value;
		return 0;
	case OPT_LIST:
		opt_list_add(dst, value);
		return 0;
	case OPT_CHOICE:
		return set_choice(o, dst, value);
	case OPT_CALL:
		return set_call(o, dst, value);
	case OPT_HEADING:
		break;
	}
	return -1;
}

/* One option: its value, or the wish for --help and the like. */
static int take(struct parse *p, const struct opt *o)
{
	ptrdiff_t builtin = o - opts_builtin;

	if (!o)
		return -1;	/* getopt knows no others than the table has */
	if (o == &opts_builtin[BUILTIN_COMPLETION]) {
		if (set_choice(o, &p->shell, optarg))
			return -1;
	} else if (o != &opts_builtin[BUILTIN_HELP] &&
		   o != &opts_builtin[BUILTIN_VERSION]) {
		return set(o, p->dst + o->offset, optarg);
	}
	if (!p->done)
		p->done = (int)builtin;
	return 0;
}

static int parse_all(struct parse *p, int argc)
{
	int c;

	optind = 0;	/* glibc: start anew, with this string of letters */
	opterr = 0;
	while ((c = getopt_long(argc, p->argv, p->shorts.s, p->longs,
				NULL)) != -1) {
		if (c == '?' || c == ':' ? refuse(p, c) : take(p, find(p, c)))
			return -1;
		/* What follows --help need not be right. */
		if (p->done)
			return 0;
	}
	return 0;
}

static int print_builtin(const struct parse *p)
{
	struct buf text = {0};
	struct out o;

	if (p->done == BUILTIN_HELP)
		opts_help(p->spec, &text);
	else if (p->done == BUILTIN_VERSION)
		buf_addf(&text, "%s (Penstock) %s\n", err_program(),
			 PENSTOCK_VERSION);
	else
		opts_complete(p->spec, p->shell, &text);
	if (out_open(&o, NULL))
		return RC_FAILED;
	out_add(&o, text.s, text.len);
	buf_release(&text);
	return out_close(&o, RC_DONE);
}

static void release_lists(const struct opts_spec *spec, char *dst)
{
	const struct opt *o;

	for (o = spec->table; !is_end(o); o++)
		if (o->kind == OPT_LIST)
			opt_list_release((void *)(dst + o->offset));
}

int opts_parse(const struct opts_spec *spec, void *dst, int argc, char **argv,
	       int *status)
{
	struct parse p = { .spec = spec, .dst = dst, .argv = argv };
	int first = -1;

	make_tables(&p);
	*status = RC_USAGE;
	if (!parse_all(&p, argc)) {
		first = p.done ? -1 : optind;
		*status = p.done ? print_builtin(&p) : RC_DONE;
	}
	if (first < 0)
		release_lists(spec, dst);
	free(p.longs);
	buf_release(&p.shorts);
	return first;
}
