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
	/*
	 * Names of the columns that lead to the parent, as identifiers: of the
	 * keys, which the table of the records has too, then of positions.
	 */
	struct buf *carried;
	size_t ncarried, cap_carried;
	struct buf expr, tmp;
	const char *comma;
	uint32_t ncolumns;		/* of the table at hand */
	bool failed;
};

static inline struct buf *sql_text(struct sql *s)
{
	return &s->r->text;
}

/* Appends a template around an expression. */
void sql_fill_value(struct buf *, const char *template,
		    const struct buf *value);

/*
 * ${to}: from the value of attribute ${from}, called ${base}, to that of ${i},
 * which is below it by keys and embedded JSON.
 */
void sql_path(struct sql *, struct buf *to, const char *base, uint32_t from,
	      uint32_t i);

/* Appends the value of ${version} at ${expr}; NULL for another type's. */
void sql_guarded(struct sql *, const struct buf *expr, const struct facts *,
		 enum version);

/* Appends all columns of attribute ${i} in the table of ${from}. */
void sql_columns(struct sql *, uint32_t from, uint32_t i);

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
