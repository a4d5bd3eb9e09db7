/*
 * render_opts -- the options of formats, as lines for the program's table.
 *
 * struct render_opts is what they go to (render.h); sizes that were not given
 * are SIZE_UNSET.
 */
#ifndef ATTRS_RENDER_OPTS_H
#define ATTRS_RENDER_OPTS_H

#include "attrs/render.h"
#include "attrs/sql_dialect.h"

#define RENDER_AT(member) .offset = offsetof(struct render_opts, member)

#define RENDER_FORMAT_OPTIONS \
	{.kind = OPT_HEADING, .help = "tree"}, \
	{.name = "under", .arg = "PATH", .kind = OPT_TEXT, RENDER_AT(under), \
	 .help = "Show what is at PATH and below."}, \
	{.name = "depth", .arg = "N", .kind = OPT_COUNT, RENDER_AT(depth), \
	 .help = "Go down N steps."}, \
	{.name = "rows", .arg = "N", .kind = OPT_COUNT, RENDER_AT(rows), \
	 .help = "Fold what would make more than about N lines. Default 120; " \
		 "0: never."}, \
	{.name = "polymorphic", RENDER_AT(polymorphic), \
	 .help = "Only attributes of several types, and what they are in."}, \
	{.name = "sort", .kind = OPT_CHOICE, \
	 .choices = "order|bytes|presence", \
	 RENDER_AT(sort), \
	 .help = "Order of siblings: as met, by bytes or by presence."}, \
	{.name = "width", .arg = "N", .kind = OPT_COUNT, RENDER_AT(width), \
	 .min = 40, .max = 10000, \
	 .help = "Columns. Default: the terminal's, else 80."}, \
	{.name = "color", .kind = OPT_CHOICE, .choices = "auto|always|never", \
	 RENDER_AT(color), \
	 .help = "auto: on a terminal, unless NO_COLOR is set."}, \
	{.name = "ascii", RENDER_AT(ascii), .help = "Draw with ASCII alone."}, \
	{.kind = OPT_HEADING, .help = "json-schema"}, \
	{.name = "ranges", RENDER_AT(ranges), \
	 .help = "Say lengths, least and greatest numbers and sizes, too."}, \
	{.name = "closed", RENDER_AT(closed), \
	 .help = "Objects have no keys but these."}, \
	{.kind = OPT_HEADING, .help = "iglu"}, \
	{.name = "vendor", .arg = "NAME", .kind = OPT_TEXT, RENDER_AT(vendor), \
	 .help = "Whose schema it is: com.acme."}, \
	{.name = "name", .arg = "NAME", .kind = OPT_TEXT, RENDER_AT(name), \
	 .help = "The schema's name."}, \
	{.name = "schema-version", .arg = "VERSION", .kind = OPT_TEXT, \
	 RENDER_AT(version), .help = "Its SchemaVer. Default: 1-0-0."}, \
	{.name = "previous", .arg = "FILE", .kind = OPT_TEXT, \
	 RENDER_AT(previous), \
	 .help = "The schema before this one: its version is raised as what " \
		 "changed asks for."}, \
	{.kind = OPT_HEADING, .help = "sql"}, \
	{.name = "dialect", .kind = OPT_CHOICE, .choices = "|" SQL_DIALECTS, \
	 .arg = "DIALECT", RENDER_AT(dialect), \
	 .help = "snowflake, bigquery, databricks, redshift, postgres, " \
		 "duckdb or clickhouse."}, \
	{.name = "kind", .kind = OPT_CHOICE, \
	 .choices = "view|table|dynamic-table", RENDER_AT(kind), \
	 .help = "What to create. Default: view; the last for Snowflake " \
		 "alone."}, \
	{.name = "table", .arg = "NAME", .kind = OPT_TEXT, RENDER_AT(table), \
	 .help = "Name of the table of records, and beginning of the " \
		 "others'. Default: records."}, \
	{.name = "source", .arg = "NAME", .kind = OPT_TEXT, \
	 RENDER_AT(source), \
	 .help = "Where the records are, as it stands in FROM. " \
		 "Default: raw."}, \
	{.name = "column", .arg = "NAME", .kind = OPT_TEXT, \
	 RENDER_AT(column), .help = "Its column. Default: j."}, \
	{.name = "key", .arg = "PATH", .kind = OPT_LIST, RENDER_AT(key), \
	 .help = "A key of the records, for the tables of arrays. " \
		 "Repeatable. Default: what looks like one."}, \
	{.name = "warehouse", .arg = "NAME", .kind = OPT_TEXT, \
	 RENDER_AT(warehouse), .help = "Of a dynamic table."}, \
	{.name = "target-lag", .arg = "TEXT", .kind = OPT_TEXT, \
	 RENDER_AT(target_lag), \
	 .help = "Of a dynamic table. Default: 1 hour."}, \
	{.kind = OPT_HEADING, .help = "datahub"}, \
	{.name = "urn", .arg = "URN", .kind = OPT_TEXT, RENDER_AT(urn), \
	 .help = "The dataset."}, \
	{.name = "timestamp", .arg = "MILLIS", .kind = OPT_COUNT, \
	 RENDER_AT(timestamp), .min = 1, \
	 .help = "When it was scanned, in milliseconds since 1970; without " \
		 "it there is no profile."}

#endif
