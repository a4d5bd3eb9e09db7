/*
 * emit_loader -- which destinations and tables a pipeline's loader writes to.
 */
#include "datahub/emit_loader.h"

#include <stdlib.h>

#include "base/mem.h"

/*
 * Whose events a destination loads.  Without a pipelineId it is the only
 * pipeline's; the connector gives the first destination to its pipeline.
 */
static bool loads(const struct emit *e, const struct pipeline_set *p,
		  const struct org_destination *d)
{
	if (e->s->upstream)
		return d == e->l->org->destinations;
	if (!d->pipeline_id.s)
		return e->l->org->npipelines == 1;
	return !span_compare(d->pipeline_id, p->pipeline->id);
}

static int urn_order(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

void loader_add_output(struct loader *x, struct span urn)
{
	mem_grow(&x->outputs, &x->cap, x->noutputs + 1, sizeof(*x->outputs));
	x->outputs[x->noutputs++] = urn;
}

void loader_sort_outputs(struct loader *x)
{
	size_t n = 0;

	if (x->noutputs)
		qsort(x->outputs, x->noutputs, sizeof(*x->outputs), urn_order);
	for (size_t i = 0; i < x->noutputs; i++)
		if (!n || span_compare(x->outputs[n - 1], x->outputs[i]))
			x->outputs[n++] = x->outputs[i];
	x->noutputs = n;
}

void loader_make(struct emit *e, const struct pipeline_set *p,
			struct loader *x)
{
	const struct org *o = e->l->org;

	*x = (struct loader){0};
	x->d = mem_alloc((o->ndestinations + 1) * sizeof(struct span *));
	x->tables = mem_alloc((o->ndestinations + 1) * sizeof(*x->tables));
	for (size_t i = 0; i < o->ndestinations; i++) {
		if (!loads(e, p, &o->destinations[i]))
			continue;
		x->d[x->n] = &o->destinations[i];
		x->tables[x->n++] = e->tables[i];
		if (e->tables[i].s)
			loader_add_output(x, e->tables[i]);
	}
	loader_sort_outputs(x);
}

void loader_release(struct loader *x)
{
	free(x->d);
	free(x->tables);
	free(x->outputs);
}
