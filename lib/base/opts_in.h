/*
 * opts_in -- what the files of opts share among themselves.
 */
#ifndef BASE_OPTS_IN_H
#define BASE_OPTS_IN_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/opts.h"

/* The options that every program has; behind those of its table. */
extern const struct opt opts_builtin[];

/* The ${i}-th line of the program's table, then of opts_builtin; then NULL. */
const struct opt *opts_at(const struct opts_spec *, size_t i);

/* May the argument be left out ("[=WHEN]")? */
bool opt_optional(const struct opt *);
/* Does an argument have to follow? */
bool opt_needs_value(const struct opt *);

/* The word that starts at ${words} ("a|b|c"): its length. */
size_t choice_length(const char *words);

/* Appends the text of --help. */
void opts_help(const struct opts_spec *, struct buf *);

/* Appends the completion script; ${shell}: 0 bash, 1 zsh, 2 fish. */
void opts_complete(const struct opts_spec *, int shell, struct buf *);

#endif
