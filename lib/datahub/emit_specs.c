/*
 * emit_specs -- the dataset of an event specification: what it is, then, when
 * all schemas are there, its fields and where they come from.
 */
#include <stdlib.h>
#include <xxhash.h>

#include "base/mem.h"
#include "datahub/emit_in.h"
#include "datahub/pytext.h"

static struct span kept(struct props *p, struct buf *b)
{
	struct span s = {pool_dup(&p->pool, b->s, b->len), b->len};

	buf_release(b);
	return s;
}

static void spec_props(struct emit *e, struct props *p,
		       const struct org_spec *x)
{
	struct buf b = {0};

	props_text(p, "event_spec_id", x->id);
	props_text(p, "status", x->status.len ? x->status :
		   span_of("unknown"));
	props_text(p, "created_at", x->created);
	props_text(p, "updated_at", x->updated);
	props_text_if(p, "event_iglu_uri", x->event_source);
	if (x->event_schema.s) {
		const struct dom *d = dom_parse(&p->pool, x->event_schema.s,
						x->event_schema.len);

		if (e->s->upstream)
			pytext_dumps(&b, d);
		else
			dom_write(&b, d);
		if (d && d->count)
			props_text(p, "event_schema_constraints", kept(p, &b));
		buf_release(&b);
	}
	props_joined(p, "entity_iglu_uris", x->tracked, x->ntracked);
}

static struct span container_of_spec(struct emit *e, const struct spec_set *x)
{
	struct buf b = {0};

	if (!x->plan || !e->l->org_urn.s)
		return e->l->org_urn;
	urn_container(&b, e->s, e->l->org_id, "plan_id", x->plan->id);
	return lineage_keep(e->l, &b);
}

static void emit_lineage(struct emit *e, const struct spec_set *x)
{
	struct buf *b = mcp_begin(e->m, "dataset", x->urn, "upstreamLineage");

	put_open(b, "upstreams", '[');
	for (size_t i = 0; i < x->nschemas; i++)
		put_upstream(b, x->schema_urns[i]);
	put_upstream(b, e->l->atomic_urn);
	buf_addc(b, ']');
	mcp_end(e->m);
}

static void emit_spec(struct emit *e, const struct spec_set *x)
{
	struct span path[2] = {e->l->org_urn, container_of_spec(e, x)};
	struct props p = {0};
	struct buf *b;

	spec_props(e, &p, x->spec);
	b = mcp_begin(e->m, "dataset", x->urn, "datasetProperties");
	props_put(b, &p);
	put_span(b, "name", x->spec->name.s ? x->spec->name : x->spec->id);
	put_span_if(b, "description", x->spec->description);
	put_open(b, "tags", '[');
	buf_addc(b, ']');
	mcp_end(e->m);
	props_release(&p);
	emit_subtype(e, "dataset", x->urn, "snowplow_event_spec");
	emit_container_of(e, "dataset", x->urn, path[1]);
	mcp_status(e->m, "dataset", x->urn, false);
	if (e->s->instance && !e->s->upstream)
		emit_platform_instance(e, "dataset", x->urn);
	if (path[1].s)
		emit_browse_path(e, "dataset", x->urn, path,
				 span_compare(path[0], path[1]) ? 2 : 1);
	if (e->s->upstream)
		emit_lineage(e, x);
	e->counts->specs++;
}

void emit_specs(struct emit *e)
{
	for (size_t i = 0; i < e->l->nspecs && !e->m->failed; i++)
		emit_spec(e, &e->l->specs[i]);
}

/* Is a field of this path there already?  Open addressing, by XXH3. */
static bool path_known(struct spec_fields *f, const struct field *x)
{
	size_t i = XXH3_64bits(x->path.s, x->path.len) & (f->table_size - 1);

	for (; f->table[i]; i = (i + 1) & (f->table_size - 1))
		if (!span_compare(f->items[f->table[i] - 1].field->path,
				  x->path))
			return true;
	f->table[i] = (uint32_t)f->n + 1;
	return false;
}

static void add_fields(struct spec_fields *f, const struct field *all, size_t n,
		       const struct schema_set *x, bool twice)
{
	for (size_t i = 0; i < n; i++) {
		if (!twice && path_known(f, &all[i]))
			continue;
		f->items[f->n++] = (struct spec_field){&all[i], x, i};
	}
}

/* The atomic event's and those of its schemas; of a path the first one. */
void spec_fields_make(const struct emit *e, const struct spec_set *x,
		      struct spec_fields *f)
{
	size_t n = e->l->natomic, size = 64;

	for (size_t i = 0; i < x->nschemas; i++)
		n += x->schemas[i] ? x->schemas[i]->fields.n : 0;
	while (size < 2 * n)
		size *= 2;
	mem_grow(&f->items, &f->cap, n, sizeof(*f->items));
	if (size > f->table_size)
		f->table = mem_resize(f->table, size, sizeof(*f->table));
	f->table_size = size > f->table_size ? size : f->table_size;
	memset(f->table, 0, f->table_size * sizeof(*f->table));
	f->n = 0;
	add_fields(f, e->l->atomic, e->l->natomic, NULL, e->s->upstream);
	for (size_t i = 0; i < x->nschemas; i++)
		if (x->schemas[i])
			add_fields(f, x->schemas[i]->fields.items,
				   x->schemas[i]->fields.n, x->schemas[i],
				   e->s->upstream);
}

void spec_fields_release(struct spec_fields *f)
{
	free(f->items);
	free(f->table);
}

static int path_order(const void *va, const void *vb, void *arg)
{
	const struct field *f = arg;
	size_t a = *(const size_t *)va, b = *(const size_t *)vb;
	int order = urn_compare(f[a].path, f[b].path);

	return order ? order : a < b ? -1 : a > b;
}

void order_by_path(const struct field *f, size_t n, size_t *index)
{
	for (size_t i = 0; i < n; i++)
		index[i] = i;
	if (n)
		qsort_r(index, n, sizeof(*index), path_order,
			(void *)(uintptr_t)f);
}

static void emit_metadata(struct emit *e, const struct spec_set *x,
			  const struct spec_fields *f)
{
	struct buf name = {0}, *b;

	buf_adds(&name, "snowplow/event_spec/");
	if (e->s->upstream) {	/* it cuts it out of the URN */
		if (e->s->instance)
			buf_addf(&name, "%s.", e->s->instance);
		buf_adds(&name, "event_spec.");
	}
	buf_add(&name, x->spec->id.s, x->spec->id.len);
	b = mcp_begin(e->m, "dataset", x->urn, "schemaMetadata");
	put_schema_head(b, (struct span){name.s, name.len});
	for (size_t i = 0; i < f->n; i++)
		put_field(e, b, f->items[i].field, f->items[i].schema,
			  f->items[i].index);
	buf_addc(b, ']');
	mcp_end(e->m);
	buf_release(&name);
}

static void put_edges(struct buf *b, const struct spec_set *x,
		      struct span dataset, const struct field *f, size_t n,
		      bool sorted)
{
	size_t *index = mem_alloc((n + 1) * sizeof(*index));

	order_by_path(f, n, index);
	for (size_t i = 0; i < n; i++) {
		struct span path = f[sorted ? index[i] : i].path;

		put_edge(b, dataset, path, x->urn, path);
	}
	free(index);
}

/* Upstreams by bytes; the connector has the atomic event first. */
static void emit_field_lineage(struct emit *e, const struct spec_set *x)
{
	struct buf *b = mcp_begin(e->m, "dataset", x->urn, "upstreamLineage");
	const struct lineage *l = e->l;
	bool sorted = !e->s->upstream;
	size_t first = 0;

	while (sorted && first < x->nschemas &&
	       span_compare(x->schema_urns[first], l->atomic_urn) < 0)
		first++;
	put_open(b, "upstreams", '[');
	for (size_t i = 0; i <= x->nschemas; i++) {
		if (i == first)
			put_upstream(b, l->atomic_urn);
		if (i < x->nschemas)
			put_upstream(b, x->schema_urns[i]);
	}
	buf_addc(b, ']');
	put_open(b, "fineGrainedLineages", '[');
	for (size_t i = 0; i <= x->nschemas; i++) {
		if (i == first)
			put_edges(b, x, l->atomic_urn, l->atomic, l->natomic,
				  sorted);
		if (i < x->nschemas && x->schemas[i])
			put_edges(b, x, x->schemas[i]->urn,
				  x->schemas[i]->fields.items,
				  x->schemas[i]->fields.n, sorted);
	}
	buf_addc(b, ']');
	mcp_end(e->m);
}

static int spec_field_order(const void *va, const void *vb)
{
	const struct spec_field *a = va, *b = vb;

	return urn_compare(a->field->path, b->field->path);
}

static void emit_field_properties(struct emit *e, const struct spec_set *x,
				  struct spec_fields *f)
{
	struct buf urn = {0};

	if (!e->s->upstream)
		qsort(f->items, f->n, sizeof(*f->items), spec_field_order);
	for (size_t i = 0; i < f->n; i++) {
		const struct spec_field *s = &f->items[i];

		if (!mark_has_properties(e->l, s->schema, s->index))
			continue;
		buf_clear(&urn);
		urn_field(&urn, x->urn, s->field->path);
		mark_put_properties(e->l, s->schema, s->index,
				    (struct span){urn.s, urn.len});
	}
	buf_release(&urn);
}

void emit_spec_fields(struct emit *e)
{
	struct spec_fields f = {0};

	for (size_t i = 0; i < e->l->nspecs && !e->m->failed; i++) {
		const struct spec_set *x = &e->l->specs[i];

		spec_fields_make(e, x, &f);
		emit_metadata(e, x, &f);
		emit_field_properties(e, x, &f);
		emit_field_lineage(e, x);
	}
	spec_fields_release(&f);
}

/* The connector says the container of a plan's event specs once more. */
void emit_plan_links(struct emit *e)
{
	if (!e->s->upstream)
		return;
	for (size_t i = 0; i < e->l->nspecs; i++)
		if (e->l->specs[i].plan && e->l->org_urn.s)
			emit_container_of(e, "dataset", e->l->specs[i].urn,
					  container_of_spec(e,
						&e->l->specs[i]));
}
