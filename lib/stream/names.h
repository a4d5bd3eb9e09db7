/*
 * names -- the list of input files: operands, or --files0-from=FILE.
 *
 * As in du(1): names in FILE ("-" is stdin) end with NUL; operands beside it
 * are refused; an empty name is refused with its place.
 */
#ifndef STREAM_NAMES_H
#define STREAM_NAMES_H

#include <stddef.h>

struct names {
	char **items;
	size_t n, cap;
	char *text;	/* of --files0-from */
};

/* 0, or -1 after a message (usage error).  No operand: one item "-". */
int names_read(struct names *, const char *files0_from, char **operands,
	       size_t n);
void names_release(struct names *);

#endif
