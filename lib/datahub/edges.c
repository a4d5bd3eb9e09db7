#include "datahub/edges.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/urn.h"

/*
 * Types of destinations as the Console names them, small letters and "_" for
 * blanks and hyphens.
 */
static const struct {
	const char *type, *platform;
} platforms[] = {
	{"snowflake_db", "snowflake"},
	{"bigquery_enterprise", "bigquery"},
	{"red_shift", "redshift"},
	{"postgresql", "postgres"},
};

void edge_platform(struct buf *b, struct span type)
{
	size_t at = b->len;

	for (size_t i = 0; i < type.len; i++) {
		char c = type.s[i];

		buf_addc(b, c == ' ' || c == '-' ? '_'
			    : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a')
						   : c);
	}
	for (size_t i = 0; i < sizeof(platforms) / sizeof(*platforms); i++) {
		struct span is = {b->s + at, b->len - at};

		if (span_is(is, platforms[i].type)) {
			b->len = at;
			buf_adds(b, platforms[i].platform);
			return;
		}
	}
}

static enum warehouse warehouse_of(const struct settings *s, struct span name)
{
	static const struct {
		const char *platform;
		enum warehouse warehouse;
	} known[] = {
		{"snowflake", WAREHOUSE_SNOWFLAKE},
		{"bigquery", WAREHOUSE_BIGQUERY},
		{"databricks", WAREHOUSE_DATABRICKS},
		{"redshift", WAREHOUSE_REDSHIFT},
		{"postgres", WAREHOUSE_POSTGRES},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (span_is(name, known[i].platform))
			return known[i].warehouse == WAREHOUSE_BIGQUERY &&
			       s->bigquery_v1 ? WAREHOUSE_BIGQUERY_V1
					      : known[i].warehouse;
	return WAREHOUSE_NONE;
}

/* Where ${c} stands last in the first ${len} bytes; ${len} for nowhere. */
static size_t last_of(struct span s, size_t len, char c)
{
	const char *at = s.len >= len ? memrchr(s.s, c, len) : NULL;

	return at ? (size_t)(at - s.s) : len;
}

void edge_table(struct edge_table *t, const struct settings *s,
		struct span urn)
{
	static const char head[] = "urn:li:dataset:(urn:li:dataPlatform:";
	struct span platform;
	const char *end;
	size_t dot;

	*t = (struct edge_table){.urn = urn};
	t->snake = s->snake == SNAKE_CHOICE_SDK ? SNAKE_SDK
		   : s->snake == SNAKE_CHOICE_DDL ? SNAKE_DDL
						  : SNAKE_AUTO;
	if (urn.len < sizeof(head) || memcmp(urn.s, head, sizeof(head) - 1))
		return;
	platform.s = urn.s + sizeof(head) - 1;
	end = memchr(platform.s, ',', urn.len - sizeof(head) + 1);
	if (!end)
		return;
	platform.len = (size_t)(end - platform.s);
	t->after = last_of(urn, urn.len, ',');
	dot = last_of(urn, t->after, '.');
	if (dot == t->after || urn.s + dot < end)
		return;
	t->name = dot + 1;
	t->warehouse = warehouse_of(s, platform);
}

struct span edge_schema_table(struct pool *pool, const struct edge_table *t,
			      const struct schema_name *schema)
{
	struct buf b = {0};
	struct span urn;

	buf_add(&b, t->urn.s, t->name);
	table_of_schema(&b, t->snake, schema);
	buf_add(&b, t->urn.s + t->after, t->urn.len - t->after);
	urn = (struct span){pool_dup(pool, b.s, b.len), b.len};
	buf_release(&b);
	return urn;
}

static const char *text_of(struct pool *pool, struct span s)
{
	return pool_dup(pool, s.s ? s.s : "", s.s ? s.len : 0);
}

void edge_schema_name(struct schema_name *n, struct pool *pool,
		      const struct schema_set *set)
{
	n->vendor = text_of(pool, set->vendor);
	n->name = text_of(pool, set->name);
	n->version = text_of(pool, set->version);
	n->entity = set->entity;
}

static struct span take(struct pool *pool, struct buf *b)
{
	struct span s = {pool_dup(pool, b->s ? b->s : "", b->len), b->len};

	buf_release(b);
	return s;
}

struct span edge_field(struct pool *pool, struct span dataset,
		       struct span path)
{
	struct buf b = {0};

	buf_adds(&b, "urn:li:schemaField:(");
	buf_add(&b, dataset.s, dataset.len);
	buf_addc(&b, ',');
	buf_add(&b, path.s, path.len);
	buf_addc(&b, ')');
	return take(pool, &b);
}

struct span edge_path(struct pool *pool, struct span path)
{
	struct buf b = {0};

	urn_encode(&b, path);
	return take(pool, &b);
}

struct span edge_column(struct pool *pool, const struct edge_table *t,
			const struct schema_name *schema)
{
	struct buf name = {0}, b = {0};

	column_of_schema(&name, t->warehouse, t->snake, schema);
	column_path(&b, t->warehouse, schema->entity, name.s, name.len);
	buf_release(&name);
	return take(pool, &b);
}

void edge_list_add(struct edge_list *l, struct span text)
{
	mem_grow(&l->items, &l->cap, l->n + 1, sizeof(*l->items));
	l->items[l->n++] = text;
}

static int by_bytes(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

void edge_list_sort(struct edge_list *l)
{
	size_t kept = 0;

	if (l->n)
		qsort(l->items, l->n, sizeof(*l->items), by_bytes);
	for (size_t i = 0; i < l->n; i++)
		if (!kept || by_bytes(&l->items[kept - 1], &l->items[i]))
			l->items[kept++] = l->items[i];
	l->n = kept;
}

void edge_list_release(struct edge_list *l)
{
	free(l->items);
	*l = (struct edge_list){0};
}

/* The fields of a dataset; its part of the text is escaped once. */
static void put_source(struct buf *b, const struct edge_source *s,
		       struct buf *head)
{
	buf_clear(head);
	buf_adds(head, "urn:li:schemaField:(");
	buf_add(head, s->urn.s, s->urn.len);
	buf_addc(head, ',');
	for (size_t i = 0; i < s->npaths; i++) {
		size_t len = head->len;

		buf_add(head, s->paths[i].s, s->paths[i].len);
		buf_addc(head, ')');
		put_item(b);
		put_string(b, (struct span){head->s, head->len});
		head->len = len;
	}
}

void edges_add(struct edges *e, const struct edge_source *sources,
	       size_t nsources, const struct edge_list *downstreams,
	       const char *operation)
{
	struct buf *b = &e->text, head = {0};

	buf_addc(b, '{');
	put_text(b, "upstreamType", nsources ? "FIELD_SET" : "NONE");
	if (nsources) {
		put_open(b, "upstreams", '[');
		for (size_t i = 0; i < nsources; i++)
			put_source(b, &sources[i], &head);
		buf_addc(b, ']');
	}
	put_text(b, "downstreamType", "FIELD_SET");
	put_open(b, "downstreams", '[');
	for (size_t i = 0; i < downstreams->n; i++) {
		put_item(b);
		put_string(b, downstreams->items[i]);
	}
	buf_addc(b, ']');
	if (operation)
		put_text(b, "transformOperation", operation);
	put_key(b, "confidenceScore");
	buf_adds(b, "1.0}");
	buf_release(&head);
	mem_grow(&e->ends, &e->cap, e->n + 1, sizeof(*e->ends));
	e->ends[e->n++] = b->len;
}

/*
 * The only group: its text moves up, for what the aspect has so far, and is the
 * aspect from then on.  It may be 100 MB.
 */
static void put_only(struct edges *e, struct buf *aspect)
{
	struct buf group = e->text;
	size_t n;

	put_open(aspect, "fineGrainedLineages", '[');
	n = aspect->len;
	buf_reserve(&group, n + 1);
	memmove(group.s + n, group.s, group.len);
	memcpy(group.s, aspect->s, n);
	group.len += n;
	e->text = *aspect;
	*aspect = group;
	buf_addc(aspect, ']');
}

void edges_put(struct edges *e, struct buf *aspect, bool sorted)
{
	struct edge_list list = {0};
	size_t from = 0;

	if (!e->n)
		return;
	if (e->n == 1) {
		put_only(e, aspect);
		return;
	}
	for (size_t i = 0; i < e->n; from = e->ends[i++])
		edge_list_add(&list, (struct span){e->text.s + from,
						   e->ends[i] - from});
	if (sorted)
		edge_list_sort(&list);
	put_open(aspect, "fineGrainedLineages", '[');
	for (size_t i = 0; i < list.n; i++) {
		put_item(aspect);
		buf_add(aspect, list.items[i].s, list.items[i].len);
	}
	buf_addc(aspect, ']');
	edge_list_release(&list);
}

void edges_release(struct edges *e)
{
	buf_release(&e->text);
	free(e->ends);
	*e = (struct edges){0};
}
