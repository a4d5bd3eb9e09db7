/*
 * render_sql_in -- what the files of the format sql share.  Not for others.
 */
#ifndef ATTRS_RENDER_SQL_IN_H
#define ATTRS_RENDER_SQL_IN_H

#include "attrs/render.h"
#include "attrs/sql_dialect.h"
#include "attrs/sql_names.h"

struct sql {
	struct render *r;
	const struct view *v;
	const struct sql_dialect *d;
	struct sql_names tables, columns;
	uint32_t *keys;			/* attributes of --key */
	enum version *key_versions;
	size_t nkeys;
	struct buf carried;		/* key columns, each ", " behind */
	struct buf expr, tmp;
	const char *comma;
	bool failed;
};

/* Is the format the one of that name? */
static inline bool sql_is_format(int format, const char *name)
{
	return format >= 0 && !strcmp(format_names[format], name);
}

/* The attributes of --key.  RC_DONE, or RC_USAGE after a message. */
int sql_read_keys(struct sql *);
/* Without any: takes what looks like a key, and says so in a comment. */
void sql_propose_key(struct sql *);

#endif
