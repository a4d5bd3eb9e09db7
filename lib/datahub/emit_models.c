/*
 * emit_models -- tables that are another connector's: those of data models, and
 * the warehouse's own with --column-lineage=patch.
 */
#include "datahub/columns.h"
#include "datahub/emit_loader.h"

/* The table that a data model is made from: its destination's. */
static struct span model_source(struct emit *e, const struct org_model *x)
{
	const struct org *o = e->l->org;
	struct span only = {NULL, 0};

	for (size_t i = 0; i < o->ndestinations; i++) {
		if (!span_compare(o->destinations[i].id, x->destination))
			return e->tables[i];
		only = o->ndestinations == 1 ? e->tables[i] : only;
	}
	return only;
}

/*
 * A table of the warehouse is another connector's: a PATCH adds the upstream
 * and leaves all else.
 */
static void emit_model(struct emit *e, const struct org_model *x)
{
	const struct destination_map *map =
		settings_destination(e->s, x->destination);
	struct span from = model_source(e, x), instance, env;
	struct buf urn = {0}, path = {0}, *b;

	instance = span_of(e->s->warehouse_instance ?
			   e->s->warehouse_instance : "");
	env = span_of(e->s->warehouse_env);
	if (map) {
		instance = map->instance.len ? map->instance : instance;
		env = map->env.len ? map->env : env;
	}
	if (!from.s) {
		finding(e->l->findings, &x->place, "the data model has no "
			"source: its destination's events table is not known");
		return;
	}
	urn_dataset(&urn, x->query_engine, instance, x->table, env);
	b = mcp_begin_patch(e->m, "dataset", (struct span){urn.s, urn.len},
			    "upstreamLineage");
	buf_adds(&path, "/upstreams/");
	buf_add(&path, from.s, from.len);
	put_item(b);
	buf_addc(b, '{');
	put_text(b, "op", "add");
	put_span(b, "path", (struct span){path.s, path.len});
	put_key(b, "value");
	put_upstream(b, from);
	buf_addc(b, '}');
	mcp_end(e->m);
	buf_release(&urn);
	buf_release(&path);
}

void emit_models(struct emit *e)
{
	const struct org *o = e->l->org;

	for (size_t i = 0; i < o->nmodels && e->s->data_models; i++)
		if (o->models[i].destination.s && o->models[i].query_engine.s &&
		    o->models[i].table.s)
			emit_model(e, &o->models[i]);
	if (e->s->upstream || e->s->columns != COLUMNS_PATCH ||
	    e->s->no_enrichments)
		return;
	for (size_t i = 0; i < e->l->npipelines && !e->m->failed; i++) {
		struct loader x;

		loader_make(e, &e->l->pipelines[i], &x);
		column_patches(e->l, x.d, x.tables, x.n);
		loader_release(&x);
	}
}
