/*
 * column_names -- what Snowplow's loaders call tables and columns.
 *
 * Two rules turn CamelCase into snake_case in Snowplow's own code; they differ
 * where capitals follow each other:
 *
 *	SNAKE_SDK  analytics SDK, SnowplowEvent.transformSchema: "." and "-"
 *		   become "_", then "_" goes before every capital that follows
 *		   neither a capital nor "_".	URLClick -> urlclick
 *	SNAKE_DDL  schema-ddl, StringUtils.snakeCase: "_" goes before the last
 *		   capital of a run that a small letter follows, and between a
 *		   small letter or digit and a capital; then "-" becomes "_".
 *		   "." stays.			URLClick -> url_click
 *
 * The events table's columns (unstruct_event_..., contexts_...) are named by
 * the first in all loaders there are (BigQuery 1 and 2, Snowflake, lake and
 * RDB loader call transformSchema or a copy of it), the tables of Redshift and
 * Postgres and every field inside by the second.  --snake-case lets a user
 * whose loader does otherwise say so.
 *
 * Letters outside ASCII keep their case in Redshift and Postgres columns (the
 * loaders lower them); schema vendors and names are ASCII by Iglu's rules.
 *
 * All calls append to the buffer and cannot fail.  Thread-safe.
 */
#ifndef DATAHUB_COLUMN_NAMES_H
#define DATAHUB_COLUMN_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

enum snake {
	SNAKE_AUTO,	/* as the loaders do */
	SNAKE_SDK,
	SNAKE_DDL
};

enum warehouse {
	WAREHOUSE_NONE,		/* unknown: no names */
	WAREHOUSE_SNOWFLAKE,
	WAREHOUSE_BIGQUERY,	/* loader 2: one column a model */
	WAREHOUSE_BIGQUERY_V1,	/* loader 1: one column a version */
	WAREHOUSE_DATABRICKS,
	WAREHOUSE_REDSHIFT,	/* a table a schema */
	WAREHOUSE_POSTGRES
};

/* A schema as its Iglu URI names it; text of others. */
struct schema_name {
	const char *vendor;
	const char *name;
	const char *version;	/* "1-0-2" */
	bool entity;		/* contexts_, else unstruct_event_ */
};

/*
 * Takes "iglu:vendor/name/format/version" (or without "iglu:") of ${len} bytes
 * apart: ${out}'s texts go into ${room}, which the caller owns and keeps.
 * False, and nothing done, where it is not of that form.
 */
bool schema_name_parse(struct schema_name *out, struct buf *room,
		       const char *uri, size_t len);

void snake_sdk(struct buf *, const char *s, size_t len);
void snake_ddl(struct buf *, const char *s, size_t len);

/* Has each schema a table of its own there? */
bool warehouse_has_tables(enum warehouse);

/* The column of the events table; nothing for Redshift and Postgres. */
void column_of_schema(struct buf *, enum warehouse, enum snake,
		      const struct schema_name *);

/* The table of Redshift and Postgres, without its schema. */
void table_of_schema(struct buf *, enum snake, const struct schema_name *);

/* A field inside: as it is in Snowflake, else in snake case. */
void column_of_field(struct buf *, enum warehouse, const char *s, size_t len);

/*
 * The path under which DataHub's connector of that warehouse lists ${column}
 * of the events table.  BigQuery's and Databricks' list a column of structs
 * (an event) or of an array of structs (an entity) as a path of Avro types;
 * Snowflake's lists the plain name in small letters, whatever Snowflake shows.
 */
void column_path(struct buf *, enum warehouse, bool entity, const char *column,
		 size_t len);

#endif
