/*
 * lineage -- what is described, found out before anything is written.
 */
#include "datahub/lineage.h"

#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "datahub/atomic.h"
#include "datahub/enrich.h"
#include "datahub/lineage_in.h"

struct span lineage_keep(struct lineage *l, struct buf *b)
{
	struct span s = {pool_dup(&l->pool, b->s, b->len), b->len};

	buf_release(b);
	return s;
}

static void prepare_org(struct lineage *l)
{
	const struct settings *s = l->settings;
	struct buf b = {0};

	l->org_id = s->org_id ? span_of(s->org_id) : l->org->id;
	if (l->org_id.s) {
		urn_container(&b, s, l->org_id, NULL, l->org_id);
		l->org_urn = lineage_keep(l, &b);
	}
	urn_atomic(&b, s);
	l->atomic_urn = lineage_keep(l, &b);
	l->atomic = atomic_fields(&l->pool, s->paths, &l->natomic);
}

/* A pipeline without a label cannot be told to be another one's. */
static bool pipeline_wanted(const struct settings *s,
			    const struct org_pipeline *p)
{
	const char *label = s->pipeline_label;

	if (!p->id.s)
		return false;
	if (label && p->label.len &&
	    (p->label.len != strlen(label) ||
	     strncasecmp(p->label.s, label, p->label.len)))
		return false;
	return patterns_allow(&s->pipelines, p->name.s ? p->name : p->id);
}

static int pipeline_order(const void *va, const void *vb)
{
	const struct pipeline_set *a = va, *b = vb;

	return span_compare(a->urn, b->urn);
}

static void prepare_pipelines(struct lineage *l)
{
	const struct org *o = l->org;
	struct buf b = {0};

	l->pipelines = pool_zero(&l->pool, o->npipelines,
				 sizeof(*l->pipelines));
	for (size_t i = 0; i < o->npipelines; i++) {
		const struct org_pipeline *p = &o->pipelines[i];

		if (l->settings->no_pipelines ||
		    !pipeline_wanted(l->settings, p))
			continue;
		urn_flow(&b, l->settings, p->id);
		l->pipelines[l->npipelines++] = (struct pipeline_set){
			lineage_keep(l, &b), p
		};
		if (l->settings->upstream)
			break;
	}
	if (l->npipelines)
		qsort(l->pipelines, l->npipelines, sizeof(*l->pipelines),
		      pipeline_order);
}

static void prepare_inputs(struct lineage *l)
{
	size_t n = l->nspecs ? l->nspecs : l->nschemas;

	l->inputs_are_specs = l->nspecs > 0;
	l->inputs = pool_zero(&l->pool, n, sizeof(*l->inputs));
	for (size_t i = 0; i < n; i++)
		if (l->inputs_are_specs)
			l->inputs[l->ninputs++] = l->specs[i].urn;
		else if (!l->schemas[i].entity)
			l->inputs[l->ninputs++] = l->schemas[i].urn;
}

/*
 * The connector looks for another name than the one the PII enrichment has, so
 * that it never finds one (and its output says so).
 */
static void prepare_pii(struct lineage *l)
{
	const struct org *o = l->org;
	size_t cap = 0;

	if (l->settings->no_pii_enrichment || l->settings->upstream)
		return;
	for (size_t i = 0; i < o->nenrichments; i++)
		if (o->enrichments[i].enabled)
			enrich_pii_fields(l, &o->enrichments[i], &l->pii,
					  &l->npii, &cap);
}

void lineage_prepare(struct lineage *l)
{
	prepare_org(l);
	lineage_prepare_schemas(l);
	lineage_prepare_specs(l);
	prepare_pipelines(l);
	prepare_inputs(l);
	prepare_pii(l);
}

void lineage_release(struct lineage *l)
{
	free(l->pii);
	pool_release(&l->pool);
}

const struct schema_set *lineage_schema(const struct lineage *l,
					struct span urn)
{
	size_t from = 0, to = l->nschemas;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = span_compare(urn, l->schemas[mid].urn);

		if (!order)
			return &l->schemas[mid];
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return NULL;
}

size_t lineage_carriers(const struct lineage *l)
{
	return l->inputs_are_specs ? l->ninputs : 1;
}

struct span lineage_carrier(const struct lineage *l, size_t i)
{
	return l->inputs_are_specs ? l->inputs[i] : l->atomic_urn;
}
