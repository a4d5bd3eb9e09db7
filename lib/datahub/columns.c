/* The tables of destinations, and the columns that Iglu fields go into. */
#include "datahub/columns_in.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/inner.h"
#include "datahub/shredded.h"

struct tables tables_read(struct lineage *l, struct pool *pool,
				 const struct span *tables, size_t n)
{
	struct tables t = {pool_zero(pool, n + 1, sizeof(*t.items)), 0};

	for (size_t i = 0; i < n; i++) {
		if (!tables[i].s)
			continue;
		edge_table(&t.items[t.n], l->settings, tables[i]);
		t.n += t.items[t.n].warehouse != WAREHOUSE_NONE;
	}
	return t;
}


/* A text of l->pool. */
static void push(struct span **list, size_t *n, size_t *cap, struct span s)
{
	mem_grow(list, cap, *n + 1, sizeof(**list));
	(*list)[(*n)++] = s;
}

void columns_outputs(struct lineage *l, const struct org_destination *const *d,
		     const struct span *tables, size_t n,
		     struct span **outputs, size_t *noutputs, size_t *cap)
{
	struct pool pool = {0};
	struct tables t = tables_read(l, &pool, tables, n);
	const struct recovered_hit *hits;
	struct schema_name name;
	struct span urn;

	(void)d;
	for (size_t i = 0; i < t.n && !l->settings->upstream; i++) {
		if (!warehouse_has_tables(t.items[i].warehouse))
			continue;
		for (size_t k = 0; k < l->nschemas; k++) {
			if (!l->schemas[k].version.len)
				continue;
			edge_schema_name(&name, &pool, &l->schemas[k]);
			urn = edge_schema_table(&l->pool, &t.items[i], &name);
			push(outputs, noutputs, cap, urn);
			hits = recovered_find(l, &pool, &t.items[i],
					      &l->schemas[k], false, &n);
			for (size_t h = 0; h < n; h++)
				push(outputs, noutputs, cap, hits[h].table);
		}
	}
	pool_release(&pool);
}

static bool in_job(const struct lineage *l)
{
	return !l->settings->upstream && l->settings->columns == COLUMNS_JOB;
}

void columns_inputs(struct lineage *l, const struct span *tables, size_t n,
		    struct span **inputs, size_t *ninputs, size_t *cap)
{
	struct pool pool = {0};
	struct tables t = tables_read(l, &pool, tables, n);

	if (in_job(l) && t.n) {
		if (l->natomic && l->atomic_urn.s)
			push(inputs, ninputs, cap, l->atomic_urn);
		for (size_t i = 0; i < l->nschemas; i++)
			if (has_columns(&l->schemas[i]))
				push(inputs, ninputs, cap, l->schemas[i].urn);
	}
	pool_release(&pool);
}

static int by_bytes(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/*
 * The fields' paths, encoded and sorted; those whose column is ${of} or all,
 * and that ${has} says or all.
 */
static struct edge_source source(struct pool *pool, const struct schema_set *s,
				 const struct span *columns,
				 const struct span *of, const bool *has)
{
	struct edge_source e = {.urn = s->urn};
	struct span *paths = pool_take(pool, (s->fields.n + 1) *
						     sizeof(*paths));

	for (size_t i = 0; i < s->fields.n; i++)
		if ((!of || (columns[i].s &&
			     !span_compare(columns[i], *of))) &&
		    (!has || has[i]))
			paths[e.npaths++] = edge_path(
				pool, s->fields.items[i].path);
	if (e.npaths)
		qsort(paths, e.npaths, sizeof(*paths), by_bytes);
	e.paths = paths;
	return e;
}

/*
 * Fields of versions against the rules, into columns of their own.  Returns
 * whether the version described is one, which the schema's column then has not.
 */
static bool into_recovered(struct lineage *l, struct pool *pool,
			   const struct edge_table *t,
			   const struct schema_set *s, struct sink *sink)
{
	const struct recovered_hit *hits;
	bool described = false;
	size_t n;

	hits = recovered_find(l, pool, t, s, true, &n);
	for (size_t i = 0; i < n; i++) {
		struct edge_source from = source(pool, s, NULL, NULL,
						 hits[i].has);
		struct edge_list to = {0};

		edge_list_add(&to, edge_field(pool, t->urn, hits[i].column));
		if (from.npaths)
			sink->group(sink, &from, &to);
		described |= hits[i].described;
		edge_list_release(&to);
	}
	return described;
}

/* All fields of a schema, into its column of each events table. */
static void into_events(struct lineage *l, struct pool *pool,
			const struct tables *t, const struct schema_set *s,
			struct sink *sink)
{
	struct edge_list to = {0};
	struct edge_source from;
	struct schema_name name;

	edge_schema_name(&name, pool, s);
	for (size_t i = 0; i < t->n; i++)
		if (!warehouse_has_tables(t->items[i].warehouse) &&
		    !into_recovered(l, pool, &t->items[i], s, sink))
			edge_list_add(&to, edge_field(pool, t->items[i].urn,
					edge_column(pool, &t->items[i],
						    &name)));
	edge_list_sort(&to);
	if (to.n) {
		from = source(pool, s, NULL, NULL, NULL);
		sink->group(sink, &from, &to);
	}
	edge_list_release(&to);
}

/* Fields inside the column of one table, each from the field that fills it. */
static void into_inner(struct pool *pool, const struct edge_table *t,
		       const struct schema_set *s, struct sink *sink)
{
	const struct dom *body = dom_parse(pool, s->body.s, s->body.len);
	struct edge_source from = {.urn = s->urn, .npaths = 1};
	struct edge_list to = {0};
	struct schema_name name;
	struct span *paths, path;

	edge_schema_name(&name, pool, s);
	paths = inner_paths(pool, t->warehouse, edge_column(pool, t, &name),
			    body, &s->fields);
	for (size_t i = 0; i < s->fields.n; i++) {
		if (!paths[i].s)
			continue;
		to.n = 0;
		edge_list_add(&to, edge_field(pool, t->urn, paths[i]));
		path = edge_path(pool, s->fields.items[i].path);
		from.paths = &path;
		sink->group(sink, &from, &to);
	}
	edge_list_release(&to);
}

void into_table(struct pool *pool, const struct edge_table *t,
		       const struct schema_set *s, struct span urn,
		       const bool *has, struct sink *sink)
{
	struct span *columns = shredded_columns(pool, t->warehouse,
						&s->fields);
	struct edge_list each = {0}, to = {0};
	struct edge_source from;

	for (size_t i = 0; i < s->fields.n; i++)
		if (columns[i].s && (!has || has[i]))
			edge_list_add(&each, columns[i]);
	edge_list_sort(&each);
	for (size_t i = 0; i < each.n; i++) {
		to.n = 0;
		edge_list_add(&to, edge_field(pool, urn, each.items[i]));
		from = source(pool, s, columns, &each.items[i], has);
		sink->group(sink, &from, &to);
	}
	edge_list_release(&each);
	edge_list_release(&to);
}

/* The schema's table, but for the version described in one of its own. */
static void into_own(struct lineage *l, struct pool *pool,
		     const struct edge_table *t, const struct schema_set *s,
		     struct sink *sink)
{
	const struct recovered_hit *hits;
	struct schema_name name;
	bool described = false;
	size_t n;

	hits = recovered_find(l, pool, t, s, true, &n);
	for (size_t i = 0; i < n; i++) {
		into_table(pool, t, s, hits[i].table, hits[i].has, sink);
		described |= hits[i].described;
	}
	edge_schema_name(&name, pool, s);
	if (!described)
		into_table(pool, t, s, edge_schema_table(pool, t, &name),
			   NULL, sink);
}

/* Has the version described a column of its own there? */
static bool is_recovered(struct lineage *l, struct pool *pool,
			 const struct edge_table *t, const struct schema_set *s)
{
	const struct recovered_hit *hits;
	size_t n;

	hits = recovered_find(l, pool, t, s, false, &n);
	for (size_t i = 0; i < n; i++)
		if (hits[i].described)
			return true;
	return false;
}

void schema_edges(struct lineage *l, struct pool *pool,
			 const struct tables *t, const struct schema_set *s,
			 struct sink *sink)
{
	bool inner = l->settings->inner_columns;

	if (!has_columns(s))
		return;
	into_events(l, pool, t, s, sink);
	for (size_t i = 0; i < t->n; i++) {
		if (warehouse_has_tables(t->items[i].warehouse))
			into_own(l, pool, &t->items[i], s, sink);
		else if (inner && s->body.s &&
			 inner_is_listed(t->items[i].warehouse) &&
			 !is_recovered(l, pool, &t->items[i], s))
			into_inner(pool, &t->items[i], s, sink);
	}
}

void atomic_edges(struct lineage *l, struct pool *pool,
			 const struct tables *t, struct sink *sink)
{
	struct edge_list to = {0};
	struct edge_source from;
	struct span path;

	if (!l->atomic_urn.s)
		return;
	for (size_t i = 0; i < l->natomic; i++) {
		path = edge_path(pool, l->atomic[i].path);
		to.n = 0;
		for (size_t k = 0; k < t->n; k++)
			edge_list_add(&to, edge_field(pool, t->items[k].urn,
						      path));
		edge_list_sort(&to);
		from = (struct edge_source){l->atomic_urn, &path, 1};
		sink->group(sink, &from, &to);
	}
	edge_list_release(&to);
}

static void into_job(struct sink *sink, const struct edge_source *from,
		     const struct edge_list *to)
{
	edges_add(&sink->edges, from, 1, to, NULL);
}

int column_lineage(struct lineage *l, const struct org_destination *const *d,
		   const struct span *tables, size_t n, struct buf *b)
{
	struct sink sink = {.group = into_job};
	struct pool pool = {0};
	struct tables t = tables_read(l, &pool, tables, n);

	(void)d;
	if (in_job(l) && t.n) {
		atomic_edges(l, &pool, &t, &sink);
		for (size_t i = 0; i < l->nschemas; i++)
			schema_edges(l, &pool, &t, &l->schemas[i], &sink);
		edges_put(&sink.edges, b, true);
	}
	edges_release(&sink.edges);
	pool_release(&pool);
	return 0;
}
