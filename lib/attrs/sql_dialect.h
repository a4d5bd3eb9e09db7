/*
 * sql_dialect -- how each warehouse says what render_sql needs.
 *
 * All in one table of templates, so that a dialect can be read, and compared
 * with its manual, in one place.  In a template
 *
 *	$v	an expression for a JSON value
 *	$k	a key, as the dialect writes it (sql_dialect.key)
 *	$t	a type
 *	$i	the position of an item, from 0
 *	$c	key columns, each with a comma behind it
 *	$e	the name of the CTE that has the column "items"
 *	$f	the layout of a date or time, as the dialect writes it
 *
 * No state; any thread.
 */
#ifndef ATTRS_SQL_DIALECT_H
#define ATTRS_SQL_DIALECT_H

#include "attrs/render_facts.h"

#define SQL_DIALECTS "snowflake|bigquery|databricks|redshift|postgres|" \
	"duckdb|clickhouse"

enum {
	SQL_SNOWFLAKE, SQL_BIGQUERY, SQL_DATABRICKS, SQL_REDSHIFT, SQL_POSTGRES,
	SQL_DUCKDB, SQL_CLICKHOUSE, SQL_COUNT
};

enum sql_key {
	KEY_STANDARD, KEY_BACKSLASH, KEY_POINTER, KEY_IDENT, KEY_BRACKET
};

/* How layouts of dates are written (sql_times.h). */
enum sql_layout {
	LAYOUT_NONE,
	LAYOUT_MODEL,		/* HH24:MI, as formats are called in attr(5) */
	LAYOUT_C,		/* %H:%M, as strftime(3) */
	LAYOUT_MYSQL,		/* %H:%i */
	LAYOUT_JAVA		/* HH:mm; it cannot read names of days */
};

struct sql_dialect {
	const char *name;	/* as it writes itself */
	char quote;		/* around identifiers */
	enum sql_key key;
	const char *get;	/* the value at a key; NULL: there is none */
	const char *get_odd;	/* for keys that ${get} cannot say, or NULL */
	const char *is[VERSIONS];	/* tests; arrays are one */
	/*
	 * For those that take floats such as 1.0 for ints: any number.  For
	 * those that take long ints for strings: such a one.  Or NULL.
	 */
	const char *number_is, *huge_is;
	const char *text;	/* a string's text */
	const char *number;	/* what a number is cast from */
	const char *cast;
	const char *boolean;
	const char *parse;	/* JSON in a string; NULL where it is none */
	const char *items;	/* an array, or nothing, to explode */
	const char *explode;	/* SELECT of the items of $e */
	/*
	 * A native array of $t; of strings, where that is another (or NULL).
	 * NULL: it has none.
	 */
	const char *array, *array_text;
	bool array_no_nulls;	/* no NULL in an array */
	bool array_never_null;	/* no NULL for an array: [] */
	/*
	 * From $v, a text as ISO 8601 has it, or in layout $f; NULL for
	 * another.  ${layouts} LAYOUT_NONE: there are no ..._as.
	 */
	const char *date, *local, *zoned;
	enum sql_layout layouts;
	const char *date_as, *local_as, *zoned_as;
	const char *bool_type;
	const char *string_type;	/* the length follows a "(" */
	const char *decimal_type;	/* both figures follow */
	const char *double_type;
	uint64_t string_max;	/* longest length that can be said */
	uint32_t digits_max;	/* of decimals */
	uint32_t columns_max;	/* of a table; 0: no known limit */
	const char *view, *table;	/* CREATE ...; $v is the name */
	const char *prelude;	/* before everything, or NULL */
};
extern const struct sql_dialect sql_dialects[SQL_COUNT];

/* A value for a letter of a template. */
struct sql_arg {
	char letter;
	const char *s;
	size_t len;
};

/* Appends ${template} with its letters replaced; {0} ends ${args}. */
void sql_fill(struct buf *, const char *template, const struct sql_arg *);

/* Appends an identifier in quotes. */
void sql_ident(struct buf *, const struct sql_dialect *, const char *s,
	       size_t len);
/* The template that gets the value at a key. */
const char *sql_get(const struct sql_dialect *, const char *s, size_t len);
/* Appends a key for it, as sql_dialect.key says. */
void sql_key(struct buf *, const struct sql_dialect *, const char *s,
	     size_t len);

/*
 * Appends the type of a scalar version.  Decimals have the integer digits of
 * the larger of |min| and |max| and the scale that was met; where these are not
 * known, or too many, it is the widest number, or text.
 */
void sql_type(struct buf *, const struct sql_dialect *, const struct facts *,
	      enum version);

#endif
