/*
 * emit -- the sections of a run, one after the other.
 */
#include "datahub/emit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/columns.h"
#include "datahub/emit_in.h"

static int text_order(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* com.acme.shop -> com, com.acme, com.acme.shop; each once. */
static void find_vendors(struct emit *e)
{
	struct span *all = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < e->l->nschemas; i++) {
		struct span v = e->l->schemas[i].vendor;

		if (i && !span_compare(v, e->l->schemas[i - 1].vendor))
			continue;
		for (size_t k = 1; k <= v.len; k++) {
			if (k < v.len && v.s[k] != '.')
				continue;
			mem_grow(&all, &cap, n + 1, sizeof(*all));
			all[n++] = (struct span){v.s, k};
		}
	}
	if (n)
		qsort(all, n, sizeof(*all), text_order);
	for (size_t i = 0; i < n; i++)
		if (!e->nvendors ||
		    span_compare(all[e->nvendors - 1], all[i]))
			all[e->nvendors++] = all[i];
	e->vendors = all;
}

/* Asked for once a destination: what is missing is told once. */
static void find_tables(struct emit *e)
{
	const struct org *o = e->l->org;

	e->tables = mem_zalloc(o->ndestinations + 1, sizeof(*e->tables));
	if (e->s->no_pipelines || (e->s->no_enrichments && !e->s->data_models))
		return;
	for (size_t i = 0; i < o->ndestinations; i++) {
		e->tables[i] = columns_table(e->l, &o->destinations[i]);
		if (e->s->upstream)
			break;
	}
}

void emit_all(struct lineage *l, struct emit_counts *counts)
{
	struct emit e = {
		.l = l, .m = l->mcp, .s = l->settings, .counts = counts
	};

	find_vendors(&e);
	find_tables(&e);
	emit_definitions(&e);
	emit_organization(&e);
	emit_vendors(&e);
	emit_atomic(&e);
	emit_plans(&e);
	emit_schemas(&e, false);
	emit_specs(&e);
	emit_schemas(&e, true);
	emit_spec_fields(&e);
	emit_plan_links(&e);
	emit_pipelines(&e);
	emit_jobs(&e);
	emit_models(&e);
	emit_tail(&e);
	tags_release(&e.tags);
	free(e.vendors);
	free(e.tables);
}
