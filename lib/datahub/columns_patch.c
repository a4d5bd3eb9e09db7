/* PATCH proposals of the warehouse's tables: --column-lineage=patch. */
#include "datahub/columns_in.h"

/* A part of a JSON Pointer (RFC 6901): "~" and "/" are escaped. */
static void pointer(struct buf *b, struct span part)
{
	buf_addc(b, '/');
	for (size_t i = 0; i < part.len; i++) {
		if (part.s[i] == '~' || part.s[i] == '/')
			buf_adds(b, part.s[i] == '~' ? "~0" : "~1");
		else
			buf_addc(b, part.s[i]);
	}
}

static void put_operation(struct buf *patch, struct buf *path)
{
	put_item(patch);
	buf_addc(patch, '{');
	put_text(patch, "op", "add");
	put_span(patch, "path", (struct span){path->s, path->len});
	put_open(patch, "value", '{');
}

/* DataHub's keys: transformation, downstream, query, upstream. */
static void into_patch(struct sink *sink, const struct edge_source *from,
		       const struct edge_list *to)
{
	struct buf path = {0}, up = {0};

	for (size_t i = 0; i < to->n * from->npaths; i++) {
		buf_clear(&up);
		buf_adds(&up, "urn:li:schemaField:(");
		buf_add(&up, from->urn.s, from->urn.len);
		buf_addc(&up, ',');
		buf_add(&up, from->paths[i % from->npaths].s,
			from->paths[i % from->npaths].len);
		buf_addc(&up, ')');
		buf_clear(&path);
		buf_adds(&path, "/fineGrainedLineages/NONE");
		pointer(&path, to->items[i / from->npaths]);
		buf_adds(&path, "/NONE");
		pointer(&path, (struct span){up.s, up.len});
		put_operation(sink->patch, &path);
		put_key(sink->patch, "confidenceScore");
		buf_adds(sink->patch, "1.0}}");
	}
	buf_release(&path);
	buf_release(&up);
}

static void put_upstream(struct buf *patch, struct span dataset)
{
	struct buf path = {0};

	buf_adds(&path, "/upstreams");
	pointer(&path, dataset);
	put_operation(patch, &path);
	put_open(patch, "auditStamp", '{');
	put_u64(patch, "time", 0);
	put_text(patch, "actor", "urn:li:corpuser:unknown");
	buf_addc(patch, '}');
	put_span(patch, "dataset", dataset);
	put_text(patch, "type", "TRANSFORMED");
	buf_adds(patch, "}}");
	buf_release(&path);
}

/*
 * One proposal grows to this, then the next one begins, so that no body passes
 * what DataHub takes (15 MiB).
 */
#define PATCH_BYTES (4U * 1024 * 1024)

/* The events table: all schemas, a few proposals at most. */
static void patch_events(struct lineage *l, const struct edge_table *t)
{
	struct tables one = {.n = 1};
	struct edge_table table = *t;
	struct sink sink = {.group = into_patch};
	struct pool pool = {0};

	one.items = &table;
	sink.patch = mcp_begin_patch(l->mcp, "dataset", t->urn,
				     "upstreamLineage");
	if (l->atomic_urn.s && l->natomic)
		put_upstream(sink.patch, l->atomic_urn);
	atomic_edges(l, &pool, &one, &sink);
	for (size_t i = 0; i < l->nschemas; i++) {
		if (!has_columns(&l->schemas[i]) ||
		    warehouse_has_tables(t->warehouse))
			continue;
		if (sink.patch->len > PATCH_BYTES) {
			mcp_end(l->mcp);
			sink.patch = mcp_begin_patch(l->mcp, "dataset",
						     t->urn,
						     "upstreamLineage");
		}
		put_upstream(sink.patch, l->schemas[i].urn);
		schema_edges(l, &pool, &one, &l->schemas[i], &sink);
		pool_clear(&pool);
	}
	mcp_end(l->mcp);
	pool_release(&pool);
}

static void patch_table(struct lineage *l, struct pool *pool,
			const struct edge_table *t, const struct schema_set *s,
			struct span urn, const bool *has)
{
	struct sink sink = {.group = into_patch};

	sink.patch = mcp_begin_patch(l->mcp, "dataset", urn,
				     "upstreamLineage");
	put_upstream(sink.patch, s->urn);
	into_table(pool, t, s, urn, has, &sink);
	mcp_end(l->mcp);
}

static void patch_own(struct lineage *l, const struct edge_table *t)
{
	const struct recovered_hit *hits;
	struct pool pool = {0};
	struct schema_name name;
	size_t n;

	for (size_t i = 0; i < l->nschemas; i++) {
		const struct schema_set *s = &l->schemas[i];
		bool described = false;

		if (!has_columns(s))
			continue;
		hits = recovered_find(l, &pool, t, s, true, &n);
		for (size_t h = 0; h < n; h++) {
			patch_table(l, &pool, t, s, hits[h].table,
				    hits[h].has);
			described |= hits[h].described;
		}
		edge_schema_name(&name, &pool, s);
		if (!described)
			patch_table(l, &pool, t, s,
				    edge_schema_table(&pool, t, &name), NULL);
		pool_clear(&pool);
	}
	pool_release(&pool);
}

int column_patches(struct lineage *l, const struct org_destination *const *d,
		   const struct span *tables, size_t n)
{
	struct pool pool = {0};
	struct tables t = tables_read(l, &pool, tables, n);

	(void)d;
	for (size_t i = 0; i < t.n && !l->settings->upstream; i++) {
		patch_events(l, &t.items[i]);
		if (warehouse_has_tables(t.items[i].warehouse))
			patch_own(l, &t.items[i]);
	}
	pool_release(&pool);
	return l->mcp->failed ? -1 : 0;
}
