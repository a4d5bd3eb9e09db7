/*
 * pattern -- allow and deny lists of regular expressions.
 *
 * As DataHub's AllowDenyPattern: an expression must match at the beginning of
 * the text (Python's re.match), case does not matter, deny wins, and no allow
 * list allows all.  The expressions are POSIX extended ones (regex(7)), which
 * read the usual ".*", "^com\.acme/", "a|b" as Python does; what is Python's
 * alone (\d, (?i), lazy repeats) is not there.
 */
#ifndef JSON_PATTERN_H
#define JSON_PATTERN_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include "json/value.h"

struct pattern {
	regex_t *re;		/* NULL: matches everything */
	const char *text;	/* as given; not owned */
};

struct patterns {
	struct pattern *allow, *deny;
	size_t nallow, ndeny;
};

/*
 * Compiles ${text}, which must live as long.  Returns 0, or -1 with what is
 * wrong in ${why} (200 bytes).
 */
int pattern_compile(struct pattern *, const char *text, char *why);
void pattern_release(struct pattern *);
bool pattern_matches(const struct pattern *, struct span text);

int patterns_add(struct pattern **list, size_t *n, const char *text,
		 char *why);
void patterns_release(struct patterns *);
bool patterns_allow(const struct patterns *, struct span text);

#endif
