/*
 * opts -- command lines from a table.
 *
 * One table a program describes its options; getopt_long(3) parses by it, and
 * --help, the usage line, --version and --completion are printed from it, so
 * that they cannot drift apart.  These three (-h, -V) are there without being
 * in the table; what else many programs share is in common_opts.h.  Values go
 * by offset into the program's own struct of options; numbers are checked
 * here, against the table's bounds.
 *
 * Suffixes (DESIGN, conventions): bytes K M G T (powers of 1024), times ms s m
 * h d, rates /s /m /h.
 */
#ifndef BASE_OPTS_H
#define BASE_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum opt_kind {
	OPT_FLAG,	/* bool: set to true */
	OPT_UNFLAG,	/* bool: set to false */
	OPT_COUNT,	/* uint64_t: a plain number */
	OPT_BYTES,	/* uint64_t: bytes, with suffix */
	OPT_TIME,	/* uint64_t: milliseconds, with suffix; "60" is 60 s */
	OPT_TEXT,	/* const char *: the argument itself */
	OPT_LIST,	/* struct opt_list: arguments in order, repeatable */
	OPT_CHOICE,	/* int: index into the words of .choices; .min when
			   an optional argument was left out */
	OPT_CALL,	/* .call decides */
	OPT_HEADING	/* no option: .help is a heading in --help */
};

struct opt_list {
	const char **items;
	size_t n, cap;
};

struct opt {
	const char *name;	/* long name, without dashes */
	/*
	 * "N", "FILE" (FILE and PARTIAL are completed as files); "[=WHEN]":
	 * optional; NULL: none, but a choice shows its words.
	 */
	const char *arg;
	/*
	 * "\n" breaks, long lines are wrapped; completion shows it up to the
	 * first line break, ". " or "; ".
	 */
	const char *help;
	const char *choices;	/* "auto|always|never" for OPT_CHOICE */
	/* Returns 0, or -1 with what is wrong with it in ${why} (200 bytes). */
	int (*call)(void *dst, const char *value, char *why);
	size_t offset;		/* of the value in the program's struct */
	uint64_t min, max;	/* bounds of numbers; max 0: no bound */
	int letter;		/* short option, or 0 */
	enum opt_kind kind;
};

#define OPTS_END { .name = NULL }	/* closes a table */

struct opts_spec {
	const char *usage;	/* "[-P N] [-o FILE] [FILE...]" */
	const char *summary;	/* a sentence: what it does */
	const char *examples;	/* lines shown first in --help */
	const char *see;	/* "man 1 discover-attrs, attr(5)" */
	const struct opt *table;	/* ends with OPTS_END */
	bool operands;		/* takes FILE... (for completion) */
};

/*
 * Parses ${argv} into ${dst}.  Returns the index of the first operand, or -1
 * when the program should end with ${*status}: RC_DONE after --help, --version
 * or --completion (printed on stdout, a failed write makes it RC_FAILED),
 * RC_USAGE after a message; the table's lists are released then.  ${argv} is
 * permuted as getopt does, and text in ${dst} points into it.
 */
int opts_parse(const struct opts_spec *spec, void *dst, int argc, char **argv,
	       int *status);

void opt_list_add(struct opt_list *, const char *item);
void opt_list_release(struct opt_list *);

/*
 * Numbers with suffixes, for OPT_CALL and others.  Return 0, or -1 when ${s}
 * is none or overflows.
 */
int opt_number(const char *s, uint64_t *value);
int opt_bytes(const char *s, uint64_t *bytes);
int opt_time(const char *s, uint64_t *ms);

#endif
