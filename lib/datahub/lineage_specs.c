/*
 * lineage_specs -- the event specifications of a run.
 */
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "datahub/lineage_in.h"

static bool any_status(const struct opt_list *list, struct span status)
{
	for (size_t i = 0; i < list->n; i++)
		if (status.s && status.len == strlen(list->items[i]) &&
		    !strncasecmp(status.s, list->items[i], status.len))
			return true;
	return !list->n;
}

bool lineage_wants_spec(const struct settings *s, const struct org_spec *x)
{
	return !s->no_specs && x->id.s && any_status(&s->spec_statuses,
						     x->status) &&
		patterns_allow(&s->specs, x->name.s ? x->name : x->id);
}

bool lineage_wants_plan(const struct settings *s, const struct org_plan *x)
{
	return !s->no_plans && x->id.s &&
		patterns_allow(&s->plans, x->name.s ? x->name : x->id);
}

size_t lineage_max_refs(const struct org_spec *x)
{
	return x->nlegacy + x->ntracked + 1;
}

size_t lineage_refs(const struct org_spec *x, struct iglu *refs)
{
	size_t n = x->nlegacy;

	if (n)
		memcpy(refs, x->legacy, n * sizeof(*refs));
	n += x->event_source.s && iglu_read(x->event_source, &refs[n]);
	for (size_t i = 0; i < x->ntracked; i++)
		n += iglu_read(x->tracked[i], &refs[n]);
	return n;
}

static int urn_order(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* By bytes, each once; --compat=upstream leaves them as they come. */
static void read_refs(struct lineage *l, struct spec_set *x)
{
	size_t n = lineage_max_refs(x->spec), kept = 0;
	struct iglu *refs = mem_alloc(n * sizeof(*refs));
	struct buf b = {0};

	n = lineage_refs(x->spec, refs);
	x->schema_urns = pool_zero(&l->pool, n, sizeof(*x->schema_urns));
	for (size_t i = 0; i < n; i++) {
		urn_schema(&b, l->settings, refs[i].vendor, refs[i].name,
			   refs[i].version.s ? refs[i].version : span_of(""));
		x->schema_urns[i] = lineage_keep(l, &b);
	}
	if (!l->settings->upstream && n) {
		qsort(x->schema_urns, n, sizeof(*x->schema_urns), urn_order);
		for (size_t i = 0; i < n; i++)
			if (!kept || span_compare(x->schema_urns[kept - 1],
						  x->schema_urns[i]))
				x->schema_urns[kept++] = x->schema_urns[i];
		n = kept;
	}
	x->nschemas = n;
	x->schemas = pool_zero(&l->pool, n, sizeof(*x->schemas));
	for (size_t i = 0; i < n; i++)
		x->schemas[i] = lineage_schema(l, x->schema_urns[i]);
	free(refs);
}

static void check_refs(struct lineage *l, const struct org_spec *x)
{
	struct iglu id;

	if (x->event_source.s && !iglu_read(x->event_source, &id))
		finding(l->findings, &x->place, "event.source is no Iglu URI: "
			"%.*s", (int)x->event_source.len, x->event_source.s);
	for (size_t i = 0; i < x->ntracked; i++)
		if (!iglu_read(x->tracked[i], &id))
			finding(l->findings, &x->place, "the source of an "
				"entity is no Iglu URI: %.*s",
				(int)x->tracked[i].len, x->tracked[i].s);
}

static int by_urn(const void *va, const void *vb)
{
	const struct spec_set *a = va, *b = vb;
	int order = span_compare(a->urn, b->urn);

	return order ? order : a->spec < b->spec ? -1 : a->spec > b->spec;
}

static int span_order(const void *va, const void *vb)
{
	const struct spec_set *a = va, *b = vb;

	return span_compare(a->spec->id, b->spec->id);
}

/* The plan of ${id}, if it is described. */
static const struct org_plan *plan_of(const struct lineage *l, struct span id)
{
	for (size_t i = 0; id.s && i < l->org->nplans; i++)
		if (lineage_wants_plan(l->settings, &l->org->plans[i]) &&
		    !span_compare(l->org->plans[i].id, id))
			return &l->org->plans[i];
	return NULL;
}

/* ${p} lists the event spec; several may: the one of the smallest id counts. */
static void join_plan(struct lineage *l, struct spec_set *by_id,
		      const struct org_plan *p)
{
	for (size_t i = 0; i < p->nspec_ids; i++) {
		struct org_spec key = {.id = p->spec_ids[i]};
		struct spec_set wanted = {.spec = &key}, *x;

		x = l->nspecs ? bsearch(&wanted, by_id, l->nspecs,
					sizeof(*by_id), span_order) : NULL;
		if (x && (!x->plan || l->settings->upstream ||
			  span_compare(p->id, x->plan->id) < 0))
			x->plan = p;
	}
}

static void join_plans(struct lineage *l)
{
	if (l->nspecs)
		qsort(l->specs, l->nspecs, sizeof(*l->specs), span_order);
	for (size_t i = 0; i < l->org->nplans; i++)
		if (lineage_wants_plan(l->settings, &l->org->plans[i]))
			join_plan(l, l->specs, &l->org->plans[i]);
	for (size_t i = 0; i < l->nspecs && !l->settings->upstream; i++) {
		const struct org_plan *p = plan_of(l,
						   l->specs[i].spec->plan_id);

		if (p)
			l->specs[i].plan = p;
	}
}

void lineage_prepare_specs(struct lineage *l)
{
	const struct org *o = l->org;
	size_t n = 0;
	struct buf b = {0};

	l->specs = pool_zero(&l->pool, o->nspecs, sizeof(*l->specs));
	for (size_t i = 0; i < o->nspecs; i++) {
		if (!lineage_wants_spec(l->settings, &o->specs[i]))
			continue;
		l->specs[n].spec = &o->specs[i];
		urn_spec(&b, l->settings, o->specs[i].id);
		l->specs[n++].urn = lineage_keep(l, &b);
	}
	if (n)
		qsort(l->specs, n, sizeof(*l->specs), by_urn);
	for (size_t i = 0; i < n; i++) {
		if (l->nspecs && !span_compare(l->specs[l->nspecs - 1].urn,
					       l->specs[i].urn)) {
			finding(l->findings, &l->specs[i].spec->place, "this "
				"event specification is there twice: the "
				"second one is left out");
			continue;
		}
		l->specs[l->nspecs++] = l->specs[i];
	}
	join_plans(l);
	if (l->nspecs)
		qsort(l->specs, l->nspecs, sizeof(*l->specs), by_urn);
	for (size_t i = 0; i < l->nspecs; i++) {
		check_refs(l, l->specs[i].spec);
		read_refs(l, &l->specs[i]);
	}
}
