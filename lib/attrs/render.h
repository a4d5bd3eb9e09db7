/*
 * render -- attributes as what people look at and systems load.
 *
 * One function a format, in one table; it writes all of its text and returns an
 * exit status (base/err.h).  Texts are put together in ${text} and given to the
 * output by render_flush(), whose failure ends the format.
 *
 * To add a format: a function here, a line in RENDER_FORMATS, its options in
 * struct render_opts and in the program's table, its part of render-attrs(1).
 */
#ifndef ATTRS_RENDER_H
#define ATTRS_RENDER_H

#include "base/common_opts.h"
#include "base/out.h"
#include "attrs/render_view.h"
#include "attrs/scan.h"

/* X(name, function, short name of its options) */
#define RENDER_FORMATS(X) \
	X("tree", render_tree, USES_TREE) \
	X("summary", render_summary, 0) \
	X("html", render_html, 0) \
	X("jq", render_jq, 0) \
	X("markdown", render_markdown, 0) \
	X("json-schema", render_json_schema, USES_SCHEMA) \
	X("iglu", render_iglu, USES_IGLU) \
	X("sql", render_sql, USES_SQL) \
	X("avro", render_avro, USES_NAME) \
	X("typescript", render_typescript, USES_NAME) \
	X("dot", render_dot, 0) \
	X("mermaid", render_mermaid, 0) \
	X("datahub", render_datahub, USES_DATAHUB)

/* Groups of options, each for some formats. */
enum {
	USES_TREE = 1, USES_SCHEMA = 2, USES_IGLU = 4, USES_SQL = 8,
	USES_NAME = 16, USES_DATAHUB = 32
};

enum { SORT_ORDER, SORT_BYTES, SORT_PRESENCE };
enum { SQL_VIEW, SQL_TABLE, SQL_DYNAMIC };
enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct render_opts {
	struct common_opts common;
	int to;
	bool allow_cut;
	struct view_filter filter;
	struct opt_list rename;

	/* tree */
	uint64_t depth, rows, width;	/* SIZE_UNSET: not given */
	const char *under;
	int sort, color;
	bool polymorphic, ascii;

	bool ranges, closed;				/* json-schema */

	const char *vendor, *name, *version, *previous;	/* iglu */

	/* sql; dialect is one more than SQL_..., 0: not given */
	int dialect, kind;
	struct opt_list key;
	const char *table, *source, *column, *warehouse, *target_lag;

	const char *urn;				/* datahub */
	uint64_t timestamp;	/* milliseconds since 1970; 0: not given */
};
#define SIZE_UNSET UINT64_MAX

struct render {
	const struct scan *scan;
	const struct scan_opts *scan_opts;
	const struct tree *tree;	/* renamed */
	const struct view *view;
	const struct render_opts *opts;
	struct out *out;
	struct buf text;
	const char *source;		/* the file's name */
	unsigned columns;		/* of the terminal */
	bool colour;
};

typedef int render_fn(struct render *);
#define X(name, function, uses) render_fn function;
RENDER_FORMATS(X)
#undef X

struct render_format {
	const char *name;
	render_fn *run;
	unsigned uses;
};
extern const struct render_format render_formats[];	/* name NULL ends it */

/*
 * Are the options those of the format, and enough for it?  RC_DONE, or RC_USAGE
 * after a message.
 */
int render_check(const struct render_opts *);
int render_iglu_check(const struct render_opts *);
int render_sql_check(const struct render_opts *);
int render_datahub_check(const struct render_opts *);

/* Writes out what is in ${text}.  0, -1 after a failed write. */
int render_flush(struct render *);
/* The same once there is much of it; for the middle of a format. */
int render_flush_some(struct render *);

/* How many attributes there are, by what they are. */
struct render_totals {
	uint64_t attributes, polymorphic, arrays, object_arrays, objects;
	uint64_t keys, embedded, maps, optional, nullable, more_versions;
	uint64_t max_level;
	int64_t complexity;
};
void render_count(const struct view *, struct render_totals *);

#endif
