/*
 * render_opts -- what options of formats go together.
 */
#include <string.h>
#include "base/err.h"
#include "attrs/render_opts.h"

/* Options of one format with another would be forgotten in silence. */
static int check_uses(const struct render_opts *o)
{
	const struct {
		unsigned group;
		bool given;
		const char *name;
	} given[] = {
		{USES_TREE, o->under, "under"},
		{USES_TREE, o->depth != SIZE_UNSET, "depth"},
		{USES_TREE, o->rows != SIZE_UNSET, "rows"},
		{USES_TREE, o->width != SIZE_UNSET, "width"},
		{USES_TREE, o->polymorphic, "polymorphic"},
		{USES_TREE, o->sort != SORT_ORDER, "sort"},
		{USES_TREE, o->ascii, "ascii"},
		{USES_SCHEMA, o->ranges, "ranges"},
		{USES_SCHEMA, o->closed, "closed"},
		{USES_IGLU, o->vendor, "vendor"},
		{USES_IGLU | USES_NAME, o->name, "name"},
		{USES_IGLU, o->version, "schema-version"},
		{USES_IGLU, o->previous, "previous"},
		{USES_SQL, o->dialect, "dialect"},
		{USES_SQL, o->kind, "kind"},
		{USES_SQL, o->key.n, "key"},
		{USES_SQL, o->table, "table"},
		{USES_SQL, o->source, "source"},
		{USES_SQL, o->column, "column"},
		{USES_SQL, o->warehouse, "warehouse"},
		{USES_SQL, o->target_lag, "target-lag"},
		{USES_DATAHUB, o->urn, "urn"},
		{USES_DATAHUB, o->timestamp, "timestamp"}
	};
	const struct render_format *f = &render_formats[o->to];

	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++) {
		if (!given[i].given || f->uses & given[i].group)
			continue;
		err_msg("--%s has no meaning for --to=%s (leave it out)",
			given[i].name, f->name);
		return RC_USAGE;
	}
	return RC_DONE;
}

/* A name that is one in a program, too. */
static int check_name(const struct render_opts *o)
{
	const char *s = o->name;

	if (!s || !(render_formats[o->to].uses & USES_NAME))
		return RC_DONE;
	if (*s && (*s < '0' || *s > '9') && !s[strspn(s, "abcdefghijklm"
	    "nopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] &&
	    strlen(s) < 50)
		return RC_DONE;
	err_msg("--name=%s: only letters, digits and _, no digit first, up to "
		"49", s);
	return RC_USAGE;
}

int render_check(const struct render_opts *o)
{
	int rc = check_uses(o);

	if (rc == RC_DONE)
		rc = check_name(o);

	if (rc == RC_DONE && render_formats[o->to].run == render_iglu)
		rc = render_iglu_check(o);
	if (rc == RC_DONE && render_formats[o->to].run == render_datahub)
		rc = render_datahub_check(o);
	if (rc == RC_DONE && render_formats[o->to].run == render_sql)
		rc = render_sql_check(o);
	return rc;
}
