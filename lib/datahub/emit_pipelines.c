/*
 * emit_pipelines -- pipelines and their jobs: enrichments, collector, loader.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "datahub/columns.h"
#include "datahub/emit_loader.h"
#include "datahub/enrich.h"
#include "datahub/masked.h"
#include "datahub/pytext.h"

#define PARAMETERS_MAX 4096	/* characters; the connector: 500 */

static struct span name_of(const struct org_pipeline *p)
{
	return p->name.s ? p->name : p->id;
}

/* The connector counts those that it filtered out, too. */
static uint64_t spec_count(const struct emit *e)
{
	return e->s->upstream ? e->l->org->nspecs : e->l->nspecs;
}

static void put_flow_description(struct emit *e, struct buf *b,
				 const struct org_pipeline *p)
{
	struct buf t = {0};

	buf_addf(&t, "Snowplow event processing pipeline: %.*s\n\n"
		 "This pipeline processes **%llu event specifications** "
		 "through:\n"
		 "1. **Collector**: Receives raw events from trackers\n"
		 "2. **Enrichments**: Add computed fields (IP Lookup, UA "
		 "Parser, etc.)\n"
		 "3. **Loader**: Writes enriched data to warehouse\n\n"
		 "All events share the same enrichments - this is how Snowplow "
		 "works physically.", (int)name_of(p).len, name_of(p).s,
		 (unsigned long long)spec_count(e));
	put_span(b, "description", (struct span){t.s, t.len});
	buf_release(&t);
}

static void emit_pipeline(struct emit *e, const struct pipeline_set *x)
{
	const struct org_pipeline *p = x->pipeline;
	struct buf title = {0}, *b;
	struct props props = {0};

	props_text(&props, "pipelineId", p->id);
	props_text(&props, "pipelineName", name_of(p));
	props_text(&props, "pipelineStatus", p->status);
	props_count(&props, "eventSpecCount", spec_count(e));
	props_text(&props, "architecture", span_of("single_physical_pipeline"));
	props_text_if(&props, "pipelineLabel", p->label);
	props_joined(&props, "collectorEndpoints", p->endpoints,
		     p->nendpoints);
	b = mcp_begin(e->m, "dataFlow", x->urn, "dataFlowInfo");
	props_put(b, &props);
	buf_addf(&title, "Snowplow Pipeline: %.*s", (int)name_of(p).len,
		 name_of(p).s);
	put_span(b, "name", (struct span){title.s, title.len});
	put_flow_description(e, b, p);
	mcp_end(e->m);
	mcp_status(e->m, "dataFlow", x->urn, false);
	emit_container_of(e, "dataFlow", x->urn, e->l->org_urn);
	if (e->s->instance && !e->s->upstream)
		emit_platform_instance(e, "dataFlow", x->urn);
	if (e->l->org_urn.s)
		emit_browse_path(e, "dataFlow", x->urn, &e->l->org_urn, 1);
	buf_release(&title);
	props_release(&props);
	e->counts->pipelines++;
}

void emit_pipelines(struct emit *e)
{
	for (size_t i = 0; i < e->l->npipelines; i++)
		emit_pipeline(e, &e->l->pipelines[i]);
}

/* Jobs have no container: their path is the platform instance. */
static void job_instance(struct emit *e, struct span urn)
{
	if (!e->s->instance)
		return;
	if (!e->s->upstream)
		emit_platform_instance(e, "dataJob", urn);
	emit_browse_path(e, "dataJob", urn, NULL, 0);
}

/* A parameter text as the mode has it. */
static void parameters_prop(struct emit *e, struct props *p,
			    const struct dom *parameters)
{
	size_t max = e->s->upstream ? 500 : PARAMETERS_MAX;
	struct buf b = {0};
	struct span cut;

	if (!parameters || !parameters->count)
		return;
	if (e->s->upstream)
		pytext_repr(&b, parameters);
	else
		masked_write(&b, parameters);
	cut = pytext_cut((struct span){b.s, b.len}, max);
	if (cut.len < b.len) {
		b.len = cut.len;
		buf_adds(&b, "...");
	}
	props_text(p, "parameters", (struct span){
		pool_dup(&p->pool, b.s, b.len), b.len});
	buf_release(&b);
}

static void emit_enrichment_info(struct emit *e, const struct pipeline_set *p,
				 const struct org_enrichment *x,
				 struct span urn)
{
	struct buf text = {0}, *b;
	struct props props = {0};

	props_text(&props, "enrichmentId", x->id);
	props_text(&props, "filename", x->filename);
	props_text(&props, "enabled", span_of(x->enabled ? "True" : "False"));
	props_text_if(&props, "lastUpdate", x->last_update);
	props_text(&props, "pipelineId", p->pipeline->id);
	props_text(&props, "pipelineName", name_of(p->pipeline));
	props_text_if(&props, "vendor", x->vendor);
	props_text_if(&props, "schema", x->schema);
	parameters_prop(e, &props, x->parameters);
	b = mcp_begin(e->m, "dataJob", urn, "dataJobInfo");
	props_put(b, &props);
	put_span(b, "name", x->name.s ? x->name : x->id);
	enrich_description(e->l, x, &text);
	put_span(b, "description", (struct span){text.s ? text.s : "",
		text.len});
	buf_adds(b, ",\"type\":{\"string\":\"ENRICHMENT\"}");
	mcp_end(e->m);
	buf_release(&text);
	props_release(&props);
}

static void emit_enrichment(struct emit *e, const struct pipeline_set *p,
			    const struct org_enrichment *x, struct span urn,
			    const struct loader *to)
{
	struct owner owner = {.type = "DATAOWNER"};
	struct buf b = {0};

	emit_enrichment_info(e, p, x, urn);
	if (e->s->enrichment_owner) {
		urn_user(&b, span_of(e->s->enrichment_owner));
		owner.urn = (struct span){b.s, b.len};
		emit_ownership(e, "dataJob", urn, &owner, 1);
		buf_release(&b);
	}
	mcp_status(e->m, "dataJob", urn, false);
	job_instance(e, urn);
	enrich_lineage(e->l, x, urn, to->outputs, to->noutputs);
	e->counts->enrichments++;
}

struct job {
	struct span urn;
	const struct org_enrichment *enrichment;
};

static int job_order(const void *va, const void *vb)
{
	const struct job *a = va, *b = vb;
	int order = span_compare(a->urn, b->urn);

	return order ? order : a->enrichment < b->enrichment ? -1 :
		a->enrichment > b->enrichment;
}

/* The enabled enrichments of a pipeline, by URN. */
static struct job *jobs_of(struct emit *e, const struct pipeline_set *p,
			   size_t *n)
{
	const struct org *o = e->l->org;
	struct job *all = mem_alloc((o->nenrichments + 1) * sizeof(*all));
	struct buf b = {0};

	*n = 0;
	for (size_t i = 0; i < o->nenrichments; i++) {
		const struct org_enrichment *x = &o->enrichments[i];
		bool mine = x->pipeline_id.s ?
			!span_compare(x->pipeline_id, p->pipeline->id) :
			o->npipelines == 1;

		if (!mine || !x->enabled || !x->id.s)
			continue;
		urn_job(&b, p->urn, x->id);
		all[(*n)++] = (struct job){lineage_keep(e->l, &b), x};
	}
	if (*n)
		qsort(all, *n, sizeof(*all), job_order);
	return all;
}

static bool is_stage(struct span id)
{
	return span_is(id, "collector") || span_is(id, "loader");
}

static void emit_enrichments(struct emit *e, const struct pipeline_set *p)
{
	struct loader to;
	struct job *all;
	size_t n;

	loader_make(e, p, &to);
	all = jobs_of(e, p, &n);
	for (size_t i = 0; i < n && !e->m->failed; i++) {
		const struct org_enrichment *x = all[i].enrichment;

		if (i && !span_compare(all[i - 1].urn, all[i].urn))
			finding(e->l->findings, &x->place, "the pipeline has "
				"an enrichment %.*s already: this one is left "
				"out", (int)x->id.len, x->id.s);
		else if (is_stage(x->id))
			finding(e->l->findings, &x->place, "an enrichment "
				"named %.*s would be taken for that stage of "
				"the pipeline: left out", (int)x->id.len,
				x->id.s);
		else
			emit_enrichment(e, p, x, all[i].urn, &to);
	}
	free(all);
	loader_release(&to);
}

static void put_urns(struct buf *b, const char *key, const struct span *urns,
		     size_t n)
{
	put_open(b, key, '[');
	for (size_t i = 0; i < n; i++) {
		put_item(b);
		put_string(b, urns[i]);
	}
	buf_addc(b, ']');
}

static void stage_info(struct emit *e, const struct pipeline_set *p,
		       struct span urn, const char *name, const char *stage,
		       const char *type, struct span description,
		       const struct org_pipeline *endpoints)
{
	struct props props = {0};
	struct buf *b;

	props_text(&props, "pipelineId", p->pipeline->id);
	props_text(&props, "pipelineName", name_of(p->pipeline));
	props_text(&props, "stage", span_of(stage));
	if (endpoints && endpoints->nendpoints) {
		props_joined(&props, "collectorEndpoints",
			     endpoints->endpoints, endpoints->nendpoints);
		props_count(&props, "endpointCount", endpoints->nendpoints);
	}
	b = mcp_begin(e->m, "dataJob", urn, "dataJobInfo");
	props_put(b, &props);
	put_text(b, "name", name);
	put_span(b, "description", description);
	put_open(b, "type", '{');
	put_text(b, "string", type);
	buf_addc(b, '}');
	mcp_end(e->m);
	props_release(&props);
}

static void stage_end(struct emit *e, struct span urn)
{
	mcp_status(e->m, "dataJob", urn, false);
	job_instance(e, urn);
}

static void emit_collector(struct emit *e, const struct pipeline_set *p)
{
	const struct org_pipeline *x = p->pipeline;
	struct buf urn = {0}, text = {0}, *b;
	struct span job;

	urn_job(&urn, p->urn, span_of("collector"));
	job = (struct span){urn.s, urn.len};
	buf_adds(&text, "Receives the events that trackers send over HTTP, "
		 "and hands them on to be validated and enriched.");
	if (x->nendpoints)
		buf_adds(&text, "\n\n**Collector Endpoints**:");
	for (size_t i = 0; i < x->nendpoints; i++)
		buf_addf(&text, "\n- %.*s", (int)x->endpoints[i].len,
			 x->endpoints[i].s);
	stage_info(e, p, job, "Collector", "collector", "STREAMING",
		   (struct span){text.s, text.len}, x);
	b = mcp_begin(e->m, "dataJob", job, "dataJobInputOutput");
	put_urns(b, "inputDatasets", NULL, 0);
	put_urns(b, "outputDatasets", e->l->inputs, e->l->ninputs);
	mcp_end(e->m);
	stage_end(e, job);
	buf_release(&urn);
	buf_release(&text);
}

/* The inputs of all jobs, and the datasets whose fields have edges. */
static void put_loader_inputs(struct emit *e, const struct loader *x,
			      struct buf *b)
{
	struct loader in = {0};

	for (size_t i = 0; i < e->l->ninputs; i++)
		loader_add_output(&in, e->l->inputs[i]);
	columns_inputs(e->l, x->tables, x->n, &in.outputs, &in.noutputs,
		       &in.cap);
	loader_sort_outputs(&in);
	put_urns(b, "inputDatasets", in.outputs, in.noutputs);
	loader_release(&in);
}

/* Only where a table is known. */
static void emit_loader(struct emit *e, const struct pipeline_set *p)
{
	struct buf urn = {0}, *b;
	struct loader x;
	struct span job;

	loader_make(e, p, &x);
	if (x.noutputs) {
		urn_job(&urn, p->urn, span_of("loader"));
		job = (struct span){urn.s, urn.len};
		stage_info(e, p, job, "Loader", "loader", "BATCH_SCHEDULED",
			   span_of("Loads the enriched events into the "
				   "warehouse."), NULL);
		if (!e->s->upstream && e->s->columns != COLUMNS_NONE) {
			columns_outputs(e->l, x.d, x.tables, x.n, &x.outputs,
					&x.noutputs, &x.cap);
			loader_sort_outputs(&x);
		}
		b = mcp_begin(e->m, "dataJob", job, "dataJobInputOutput");
		put_loader_inputs(e, &x, b);
		put_urns(b, "outputDatasets", x.outputs, x.noutputs);
		if (!e->s->upstream && e->s->columns == COLUMNS_JOB)
			column_lineage(e->l, x.d, x.tables, x.n, b);
		mcp_end(e->m);
		stage_end(e, job);
		e->counts->loaders++;
	}
	buf_release(&urn);
	loader_release(&x);
}

void emit_jobs(struct emit *e)
{
	if (e->s->no_enrichments)
		return;
	for (size_t i = 0; i < e->l->npipelines && !e->m->failed; i++)
		emit_enrichments(e, &e->l->pipelines[i]);
	for (size_t i = 0; i < e->l->npipelines; i++)
		emit_collector(e, &e->l->pipelines[i]);
	for (size_t i = 0; i < e->l->npipelines && !e->m->failed; i++)
		emit_loader(e, &e->l->pipelines[i]);
}
