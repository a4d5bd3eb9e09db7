/*
 * rename -- attributes under other paths, so that several become one.
 *
 * A rule is written as in sed(1): s/REGEX/TEXT/ or s/REGEX/TEXT/g, with any
 * character in place of the slash; REGEX is an extended regular expression of
 * POSIX, in TEXT "&" is what matched and "\1" to "\9" its groups.  Rules are
 * applied to the path, one after the other, and what comes out must be a path
 * again.
 *
 * Attributes that come to stand at one path are added up as in a merge.  In how
 * many objects they are together cannot be known; counted is the least it can
 * be, the greatest of the summands.
 */
#ifndef ATTRS_RENAME_H
#define ATTRS_RENAME_H

#include "attrs/tree.h"
#include "base/buf.h"
#include "base/opts.h"

struct rename_rules;

/* NULL with a message in ${why}. */
struct rename_rules *rename_rules_new(const struct opt_list *, struct buf *why);
void rename_rules_free(struct rename_rules *);

/*
 * Adds all attributes of ${from} to ${to}, an empty tree, under their new
 * paths.  -1 with a message in ${why}: a new path is none, or one under which
 * nothing was met above.
 */
int tree_rename(struct tree *to, const struct tree *from,
		const struct rename_rules *, struct buf *why);

#endif
