/*
 * dataJobInputOutput of enrichments: the rules of enrich_rules.h on the
 * datasets of a run.
 *
 * Fields of every event are taken from the datasets that have them
 * (lineage_carriers()), fields of a schema from the event specs that refer to
 * it, and from the schema's own dataset where no event spec does.  Every
 * dataset whose fields are named is an input too.
 */
#include "datahub/enrich.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/edges.h"
#include "datahub/enrich_rules.h"
#include "datahub/enrich_upstream.h"
#include "datahub/shredded.h"

struct work {
	struct lineage *l;
	const struct org_enrichment *e;
	struct pool pool;
	struct enrich_rules rules;
	struct edge_table *tables;
	size_t ntables;
	struct edge_list inputs, outputs;
	struct edges edges;
};

/* A field of a schema that a rule names. */
struct ref {
	const struct schema_set *set;
	struct span path;		/* encoded */
	bool of_specs;			/* an event spec's alone: a schema that
					   none refers to is no source */
};

struct sources {
	struct edge_list atomic;	/* encoded, sorted */
	struct ref *refs;
	size_t nrefs, refs_cap;
	struct edge_source *items;
	size_t n, cap;
};

static void release_sources(struct sources *s)
{
	edge_list_release(&s->atomic);
	free(s->refs);
	free(s->items);
}

static const char *text_of(struct pool *pool, struct span s)
{
	return s.s ? pool_dup(pool, s.s, s.len) : NULL;
}

/* Vendor, name and format of ${criterion}; the version does not count. */
static bool is_named(const struct schema_set *set, struct iglu id)
{
	return !span_compare(set->vendor, id.vendor) &&
	       !span_compare(set->name, id.name) &&
	       !span_compare(set->format, id.format);
}

/* The field that ${step} leads to, by names; NULL for none. */
static const struct field *follow(const struct fields *f,
				  const struct enrich_step *step)
{
	int32_t parent = -1;
	size_t i = 0;

	for (; step; step = step->next) {
		for (; i < f->n; i++)
			if (f->items[i].parent == parent &&
			    span_is(f->items[i].name, step->name))
				break;
		if (i == f->n)
			return NULL;
		if (!step->next)
			return &f->items[i];
		parent = (int32_t)i++;
	}
	return NULL;
}

static void add_ref(struct work *w, struct sources *s,
		    const struct schema_set *set, struct span path,
		    const struct enrich_end *e)
{
	mem_grow(&s->refs, &s->refs_cap, s->nrefs + 1, sizeof(*s->refs));
	s->refs[s->nrefs++] = (struct ref){
		set, edge_path(&w->pool, path),
		!e->schema && w->l->inputs_are_specs
	};
}

/* The field that ${e} names of one schema; all at its top for no path. */
static bool fields_of(struct work *w, struct sources *s,
		      const struct schema_set *set, const struct enrich_end *e)
{
	const struct field *f = follow(&set->fields, e->path);

	if (f)
		add_ref(w, s, set, f->path, e);
	if (e->path)
		return f;
	for (size_t i = 0; i < set->fields.n; i++)
		if (set->fields.items[i].parent < 0)
			add_ref(w, s, set, set->fields.items[i].path, e);
	return set->fields.n;
}

static void no_field(struct work *w, const struct enrich_end *e)
{
	struct buf path = {0};

	for (const struct enrich_step *s = e->path; s; s = s->next)
		buf_addf(&path, ".%s", s->name);
	finding(w->l->findings, &w->e->place,
		"%s has no field $%s, which the configuration names (look at "
		"its jsonPath)", e->schema, buf_cstr(&path));
	buf_release(&path);
}

/* Of every event's schema, or every entity's. */
static void all_fields(struct work *w, struct sources *s,
		       const struct enrich_end *e)
{
	for (size_t i = 0; i < w->l->nschemas; i++)
		if (w->l->schemas[i].entity == (e->part != ENRICH_EVENT))
			fields_of(w, s, &w->l->schemas[i], e);
}

static void schema_fields(struct work *w, struct sources *s,
			  const struct enrich_end *e)
{
	bool schema = false, field = false;
	struct iglu id;

	if (!e->schema) {
		all_fields(w, s, e);
		return;
	}
	if (!iglu_read(span_of(e->schema), &id)) {
		finding(w->l->findings, &w->e->place,
			"no Iglu URI: %s (give iglu:vendor/name/format/"
			"version)", e->schema);
		return;
	}
	for (size_t i = 0; i < w->l->nschemas; i++) {
		const struct schema_set *set = &w->l->schemas[i];

		if (!is_named(set, id))
			continue;
		schema = true;
		field |= fields_of(w, s, set, e);
	}
	if (!schema)
		finding(w->l->findings, &w->e->place,
			"%s is not among the schemas; its fields have no "
			"edges (fetch it as well)", e->schema);
	else if (!field)
		no_field(w, e);
}

static int by_set(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;

	return x->set < y->set ? -1 : x->set > y->set;
}

/* Where the refs of a set begin; they are sorted. */
static size_t find_refs(const struct sources *s, const struct schema_set *set)
{
	size_t from = 0, to = s->nrefs;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (s->refs[mid].set < set)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static void add_source(struct sources *s, struct span urn,
		       const struct span *paths, size_t n)
{
	mem_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
	s->items[s->n++] = (struct edge_source){urn, paths, n};
}

/* The fields of one set, from the first of its refs on. */
static size_t add_refs(const struct sources *s, size_t r,
		       struct edge_list *list)
{
	const struct schema_set *set = s->refs[r].set;

	for (; r < s->nrefs && s->refs[r].set == set; r++)
		edge_list_add(list, s->refs[r].path);
	return r;
}

/* The list's fields, as one dataset's. */
static void own_source(struct work *w, struct sources *s, struct span urn,
		       struct edge_list *list)
{
	struct span *paths;

	edge_list_sort(list);
	if (list->n) {
		paths = pool_take(&w->pool, list->n * sizeof(*paths));
		memcpy(paths, list->items, list->n * sizeof(*paths));
		add_source(s, urn, paths, list->n);
	}
	list->n = 0;
}

/* Event specs: their atomic fields, and those of schemas they refer to. */
static void from_specs(struct work *w, struct sources *s, bool *seen)
{
	struct edge_list list = {0};

	for (size_t i = 0; i < w->l->nspecs; i++) {
		const struct spec_set *spec = &w->l->specs[i];

		for (size_t k = 0; k < spec->nschemas; k++) {
			const struct schema_set *set = spec->schemas[k];
			size_t r = set ? find_refs(s, set) : s->nrefs;

			if (r == s->nrefs || s->refs[r].set != set)
				continue;
			seen[r] = true;
			add_refs(s, r, &list);
		}
		if (!list.n && s->atomic.n) {
			add_source(s, spec->urn, s->atomic.items, s->atomic.n);
			continue;
		}
		for (size_t k = 0; list.n && k < s->atomic.n; k++)
			edge_list_add(&list, s->atomic.items[k]);
		own_source(w, s, spec->urn, &list);
	}
	edge_list_release(&list);
}

static int by_urn(const void *a, const void *b)
{
	const struct edge_source *x = a, *y = b;

	return span_compare(x->urn, y->urn);
}

/* Which fields of which datasets the rule reads. */
static void gather(struct work *w, struct sources *s)
{
	/* by the first ref of a set: an event spec refers to it */
	bool *seen = mem_zalloc(s->nrefs + 1, sizeof(*seen));
	struct edge_list list = {0};
	size_t next;

	if (s->nrefs)
		qsort(s->refs, s->nrefs, sizeof(*s->refs), by_set);
	if (w->l->inputs_are_specs)
		from_specs(w, s, seen);
	else
		for (size_t i = 0; s->atomic.n && i < lineage_carriers(w->l);
		     i++)
			add_source(s, lineage_carrier(w->l, i), s->atomic.items,
				   s->atomic.n);
	for (size_t r = 0; r < s->nrefs; r = next) {
		next = add_refs(s, r, &list);
		if (seen[r] || s->refs[r].of_specs)
			list.n = 0;
		own_source(w, s, s->refs[r].set->urn, &list);
	}
	edge_list_release(&list);
	free(seen);
	if (s->n)
		qsort(s->items, s->n, sizeof(*s->items), by_urn);
}

static void rule_sources(struct work *w, struct sources *s,
			 const struct enrich_rule *rule)
{
	for (const struct enrich_end *e = rule->from; e; e = e->next) {
		if (e->kind == ENRICH_ATOMIC)
			edge_list_add(&s->atomic, edge_path(&w->pool,
							    span_of(e->name)));
		else
			schema_fields(w, s, e);
	}
	edge_list_sort(&s->atomic);
	gather(w, s);
}

/* Does the path of names ${step} lead to the field or to one around it? */
static bool is_below(const struct fields *f, size_t i,
		     const struct enrich_step *step)
{
	const struct field *end = follow(f, step);
	int32_t k = (int32_t)i;

	while (end && k >= 0 && &f->items[k] != end)
		k = f->items[k].parent;
	return !step || (end && k >= 0);
}

/* Columns of a table of its own, as far as the schema's fields are known. */
static void own_columns(struct work *w, const struct edge_table *t,
			const struct enrich_end *e, struct span table,
			struct iglu id, struct edge_list *to)
{
	for (size_t i = 0; i < w->l->nschemas; i++) {
		const struct fields *f = &w->l->schemas[i].fields;
		const struct span *columns;

		if (!is_named(&w->l->schemas[i], id))
			continue;
		columns = shredded_columns(&w->pool, t->warehouse, f);
		for (size_t k = 0; k < f->n; k++)
			if (columns[k].s && is_below(f, k, e->path))
				edge_list_add(to, edge_field(&w->pool, table,
							     columns[k]));
	}
}

/* The version of a criterion that columns are called by: "1-*-*" is 1. */
static struct span version_of(struct work *w, struct iglu id)
{
	if (id.version.len && *id.version.s != '*')
		return id.version;
	for (size_t i = 0; i < w->l->nschemas; i++)
		if (is_named(&w->l->schemas[i], id))
			return w->l->schemas[i].version;
	return (struct span){NULL, 0};
}

static void schema_columns(struct work *w, const struct edge_table *t,
			   const struct enrich_end *e, struct edge_list *to)
{
	struct schema_name n;
	struct span table;
	struct iglu id;

	if (!iglu_read(span_of(e->schema), &id))
		return;
	n.version = text_of(&w->pool, version_of(w, id));
	if (!n.version)
		return;
	n.vendor = text_of(&w->pool, id.vendor);
	n.name = text_of(&w->pool, id.name);
	n.entity = e->kind == ENRICH_ENTITY || e->part != ENRICH_EVENT;
	if (!warehouse_has_tables(t->warehouse)) {
		edge_list_add(to, edge_field(&w->pool, t->urn,
					     edge_column(&w->pool, t, &n)));
		return;
	}
	table = edge_schema_table(&w->pool, t, &n);
	edge_list_add(&w->outputs, table);
	own_columns(w, t, e, table, id, to);
}

static void rule_targets(struct work *w, struct edge_list *to,
			 const struct enrich_rule *rule)
{
	for (size_t i = 0; i < w->ntables; i++) {
		const struct edge_table *t = &w->tables[i];

		if (t->warehouse == WAREHOUSE_NONE)
			continue;
		for (const struct enrich_end *e = rule->to; e; e = e->next) {
			if (e->kind == ENRICH_ATOMIC)
				edge_list_add(to, edge_field(&w->pool, t->urn,
							     span_of(e->name)));
			else
				schema_columns(w, t, e, to);
		}
	}
	edge_list_sort(to);
}

static void rule_edges(struct work *w, const struct enrich_rule *rule)
{
	struct sources s = {0};
	struct edge_list to = {0};

	rule_sources(w, &s, rule);
	if (s.n || !rule->from)
		rule_targets(w, &to, rule);
	if (to.n)
		edges_add(&w->edges, s.items, s.n, &to, rule->operation);
	for (size_t i = 0; to.n && i < s.n; i++)
		edge_list_add(&w->inputs, s.items[i].urn);
	edge_list_release(&to);
	release_sources(&s);
}

static void own_edges(struct work *w)
{
	const struct enrich_problem *p;

	for (p = w->rules.problems; p; p = p->next)
		finding(w->l->findings, &w->e->place, "enrichment %.*s: %s",
			(int)w->e->name.len, w->e->name.s, p->text);
	if (!w->ntables)
		return;
	for (const struct enrich_rule *r = w->rules.first; r; r = r->next)
		rule_edges(w, r);
}

static void put_list(struct buf *b, const char *key, struct edge_list *list)
{
	edge_list_sort(list);
	put_open(b, key, '[');
	for (size_t i = 0; i < list->n; i++) {
		put_item(b);
		put_string(b, list->items[i]);
	}
	buf_addc(b, ']');
}

static void read_tables(struct work *w, const struct span *tables, size_t n)
{
	w->tables = pool_zero(&w->pool, n + 1, sizeof(*w->tables));
	for (size_t i = 0; i < n; i++) {
		if (!tables[i].s)
			continue;
		edge_table(&w->tables[w->ntables++], w->l->settings,
			   tables[i]);
		edge_list_add(&w->outputs, tables[i]);
	}
}

int enrich_lineage(struct lineage *l, const struct org_enrichment *e,
		   struct span job_urn, const struct span *tables,
		   size_t ntables)
{
	struct work w = {.l = l, .e = e};
	const char *schema = text_of(&w.pool, e->schema);
	struct buf *b;

	read_tables(&w, tables, ntables);
	for (size_t i = 0; i < l->ninputs; i++)
		edge_list_add(&w.inputs, l->inputs[i]);
	if (l->settings->upstream) {
		enrich_rules_upstream(&w.rules, &w.pool, schema,
				      e->parameters);
		if (w.ntables && l->inputs_are_specs)
			enrich_upstream_edges(l, &w.pool, &w.rules,
					      w.tables[0].urn, &w.edges);
	} else {
		enrich_rules(&w.rules, &w.pool, schema, e->parameters);
		own_edges(&w);
	}
	b = mcp_begin(l->mcp, "dataJob", job_urn, "dataJobInputOutput");
	put_list(b, "inputDatasets", &w.inputs);
	put_list(b, "outputDatasets", &w.outputs);
	edges_put(&w.edges, b, !l->settings->upstream);
	mcp_end(l->mcp);
	edge_list_release(&w.inputs);
	edge_list_release(&w.outputs);
	edges_release(&w.edges);
	pool_release(&w.pool);
	return l->mcp->failed ? -1 : 0;
}
