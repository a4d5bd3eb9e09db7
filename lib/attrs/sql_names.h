/*
 * sql_names -- names of columns and tables.
 *
 * A column is called by the keys that lead to it from its table, joined by "_",
 * and its version; characters other than ASCII letters, digits and "_" become
 * "_".  Names go to 63 bytes at most (PostgreSQL's limit), cut before the
 * version.  One that was given already, in any case of its letters, gets "_2",
 * "_3" and so on at its end.
 */
#ifndef ATTRS_SQL_NAMES_H
#define ATTRS_SQL_NAMES_H

#include "attrs/render_view.h"

struct sql_names {
	uint64_t *slots;	/* hashes of lower-case names; 0: free */
	size_t used, cap;	/* cap is a power of two */
};

void sql_names_clear(struct sql_names *);
void sql_names_release(struct sql_names *);

/* Makes ${name} unique and remembers it. */
void sql_names_add(struct sql_names *, struct buf *name);

/*
 * ${to} becomes the name of attribute ${i} in the table of ${from}.  Of the
 * record and of items it is "value".
 */
void sql_name_of(struct buf *to, const struct view *, uint32_t from,
		 uint32_t i, const char *suffix);
/* ${to} becomes a table's name; ${root} NULL: "records". */
void sql_table_name(struct buf *to, const struct view *, uint32_t i,
		    const char *root);

#endif
