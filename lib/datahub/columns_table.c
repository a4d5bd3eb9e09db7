/* Which table a destination loads: its name by its configuration. */
#include "datahub/columns.h"
#include "datahub/edges.h"

/*
 * The members that name a table, by platform: what the Console calls them, and
 * another name they are met under.  Letters: as DataHub's connector of the
 * warehouse prints names (Snowflake's converts to small letters, Redshift and
 * Unity Catalog store them so, BigQuery and Postgres keep what they are).
 */
static const struct form {
	const char *platform;
	const char *first[3], *second[3];
	bool lower;
} forms[] = {
	{"snowflake", {"database"}, {"schema"}, true},
	{"redshift", {"database"}, {"schema"}, true},
	{"databricks", {"catalog"}, {"schema"}, true},
	{"bigquery", {"project", "projectId"}, {"dataset", "datasetId"}, false},
	{"postgres", {"database"}, {"schema"}, false},
	{NULL, {"database"}, {"schema"}, false},	/* all others */
};

static const struct form *form_of(const struct buf *platform)
{
	const struct form *f = forms;

	while (f->platform &&
	       !span_is((struct span){platform->s, platform->len},
			f->platform))
		f++;
	return f;
}

static struct span member(struct lineage *l, const struct dom *config,
			  const char *const *names)
{
	struct span s = {NULL, 0};

	for (; *names && !s.len; names++)
		s = dom_string(&l->pool, dom_get(config, *names));
	return s;
}

/* Appends the name; false after a finding. */
static bool add_part(struct lineage *l, const struct org_destination *d,
		     const char *const *names, struct buf *b)
{
	struct span s = member(l, d->config, names);

	if (!s.len) {
		finding(l->findings, &d->place,
			"destination %.*s: its target.config has no %s, so "
			"its table has no name and no lineage (set it in the "
			"Console)", (int)d->id.len, d->id.s ? d->id.s : "",
			names[0]);
		return false;
	}
	buf_add(b, s.s, s.len);
	buf_addc(b, '.');
	return true;
}

static void lower(struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if (b->s[i] >= 'A' && b->s[i] <= 'Z')
			b->s[i] = (char)(b->s[i] - 'A' + 'a');
}

static struct span urn_of(struct lineage *l, const struct org_destination *d,
			  struct span platform, struct span name)
{
	const struct settings *s = l->settings;
	const struct destination_map *map = settings_destination(s, d->id);
	struct span instance = span_of(s->warehouse_instance
					       ? s->warehouse_instance : "");
	struct span env = span_of(s->warehouse_env);
	struct buf b = {0};

	if (s->upstream) {
		instance = span_of(s->instance ? s->instance : "");
		env = span_of(s->env);
	} else if (map) {
		if (map->instance.len)
			instance = map->instance;
		if (map->env.len)
			env = map->env;
	}
	urn_dataset(&b, platform, instance, name, env);
	name = (struct span){pool_dup(&l->pool, b.s, b.len), b.len};
	buf_release(&b);
	return name;
}

/* The connector's: words for what is missing, all in small letters. */
static void upstream_name(struct lineage *l, const struct dom *config,
			  struct buf *b)
{
	struct span s = dom_string(&l->pool, dom_get(config, "database"));

	s = s.s ? s : span_of("unknown_db");
	buf_add(b, s.s, s.len);
	buf_addc(b, '.');
	s = dom_string(&l->pool, dom_get(config, "schema"));
	s = s.s ? s : span_of("unknown_schema");
	buf_add(b, s.s, s.len);
	buf_adds(b, ".events");
	lower(b);
}

static bool own_name(struct lineage *l, const struct org_destination *d,
		     const struct form *f, struct buf *b)
{
	static const char *const table[] = {"table", "tableId", NULL};
	struct span s;
	bool first = add_part(l, d, f->first, b);

	if (!add_part(l, d, f->second, b) || !first)
		return false;
	s = member(l, d->config, table);
	if (s.len)
		buf_add(b, s.s, s.len);
	else
		buf_adds(b, "events");
	if (f->lower)
		lower(b);
	return true;
}

struct span columns_table(struct lineage *l, const struct org_destination *d)
{
	struct buf platform = {0}, name = {0};
	struct span urn = {NULL, 0};
	bool named = true;

	if (!d->type.len) {
		finding(l->findings, &d->place,
			"destination %.*s has no destinationType, so its "
			"table has no name (fetch it again)", (int)d->id.len,
			d->id.s ? d->id.s : "");
		return urn;
	}
	edge_platform(&platform, d->type);
	if (l->settings->upstream)
		upstream_name(l, d->config, &name);
	else
		named = own_name(l, d, form_of(&platform), &name);
	if (named)
		urn = urn_of(l, d, (struct span){platform.s, platform.len},
			     (struct span){name.s, name.len});
	buf_release(&platform);
	buf_release(&name);
	return urn;
}
