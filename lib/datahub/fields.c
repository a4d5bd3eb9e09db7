/*
 * fields -- paths and types of a schema's fields.
 *
 * A depth-first walk; what is gone through is bounded by FIELDS_MAX and
 * FIELDS_DEPTH, since references can double at every step.
 */
#include "datahub/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "datahub/schema_view.h"
#include "datahub/urn.h"

struct walk {
	struct pool *pool;	/* for what stays */
	struct pool scratch;	/* the tree and what is made of it */
	struct span text;
	const struct dom *root;
	enum field_paths style;
	struct field *items;
	size_t n, cap;
	struct span *remote;
	size_t nremote, remote_cap;
	bool cut;
};

/* The object or array that a property stands in. */
struct around {
	int32_t parent;
	uint16_t depth, levels;
	struct span prefix;	/* what comes before ".name" */
	bool nullable;		/* everything in it is */
};

/* ${s}, where it stays when the scratch is gone: in the text, or copied. */
static struct span stay(struct walk *w, struct span s)
{
	if (!s.s || (s.s >= w->text.s && s.s < w->text.s + w->text.len))
		return s;
	return (struct span){pool_dup(w->pool, s.s, s.len), s.len};
}

static struct span keep(struct walk *w, struct buf *b)
{
	struct span s = {pool_dup(w->pool, b->s, b->len), b->len};

	buf_release(b);
	return s;
}

/* "string|integer" */
static struct span join_types(struct walk *w, const struct schema_view *v)
{
	struct buf b = {0};

	if (v->ntypes == 1)
		return stay(w, v->types[0]);
	for (size_t i = 0; i < v->ntypes; i++) {
		if (i)
			buf_addc(&b, '|');
		buf_add(&b, v->types[i].s, v->types[i].len);
	}
	return keep(w, &b);
}

static bool one_of(struct span s, const char *const *list)
{
	for (; *list; list++)
		if (span_is(s, *list))
			return true;
	return false;
}

static enum field_type scalar_type(const struct schema_view *v)
{
	static const char *const dates[] = {"date", "date-time", "time", NULL};
	static const char *const texts[] = {
		"uuid", "email", "uri", "hostname", "ipv4", "ipv6", NULL
	};
	struct span type = v->ntypes ? v->types[0] : span_of("string");

	if (v->enumerated)
		return FIELD_ENUM;
	if (v->format.s && one_of(v->format, dates))
		return FIELD_DATE;
	if (v->format.s && one_of(v->format, texts))
		return FIELD_STRING;
	if (span_is(type, "integer") || span_is(type, "number"))
		return FIELD_NUMBER;
	if (span_is(type, "boolean"))
		return FIELD_BOOLEAN;
	return FIELD_STRING;
}

/* What no keyword says is told by the others; then it is a string. */
static void settle_types(struct schema_view *v, const struct dom *schema)
{
	if (v->ntypes)
		return;
	if (v->n)
		v->types[v->ntypes++] = span_of("object");
	else if (v->nitems)
		v->types[v->ntypes++] = span_of("array");
	else if (v->nullable && !dom_is(dom_get(schema, "type"), VALUE_ARRAY))
		v->types[v->ntypes++] = span_of("null");
	else
		v->types[v->ntypes++] = span_of("string");
}

static enum field_type type_of(const struct schema_view *v)
{
	if (v->ntypes > 1)
		return FIELD_UNION;
	if (span_is(v->types[0], "array"))
		return FIELD_ARRAY;
	if (span_is(v->types[0], "object"))
		return FIELD_RECORD;
	if (span_is(v->types[0], "null"))
		return FIELD_NULL;
	return scalar_type(v);
}

/* Type of an array's items as the connector says it. */
static struct span nested_type(struct walk *w, const struct schema_view *v)
{
	struct schema_view items;
	struct span type = span_of("string");

	if (!v->nitems)
		return type;
	schema_view_make(&items, &w->scratch, w->root, v->items[0].schema,
			 v->items[0].trail);
	if (items.ntypes || items.n) {
		settle_types(&items, v->items[0].schema);
		type = items.types[0];
	}
	schema_view_release(&items);
	return stay(w, type);
}

/* "[type=array].[type=string]" for the field's own path in v2. */
static void add_v2_types(struct walk *w, struct buf *b,
			 const struct schema_view *v, unsigned depth)
{
	struct schema_view items;

	if (v->ntypes > 1) {
		buf_adds(b, ".[type=union]");
		return;
	}
	buf_addf(b, ".[type=%.*s]", (int)v->types[0].len, v->types[0].s);
	if (!span_is(v->types[0], "array") || !v->nitems || depth > 8)
		return;
	schema_view_make(&items, &w->scratch, w->root, v->items[0].schema,
			 v->items[0].trail);
	settle_types(&items, v->items[0].schema);
	add_v2_types(w, b, &items, depth + 1);
	schema_view_release(&items);
}

static struct span make_path(struct walk *w, const struct around *at,
			     const struct schema_property *p,
			     const struct schema_view *v)
{
	struct span first = schema_first_type(&w->scratch, p->schema);
	struct buf b = {0};

	if (w->style == FIELD_PATHS_V2) {
		buf_add(&b, at->prefix.s, at->prefix.len);
		add_v2_types(w, &b, v, 0);
		buf_addc(&b, '.');
	} else if (at->prefix.len) {
		buf_add(&b, at->prefix.s, at->prefix.len);
		buf_addc(&b, '.');
	} else if (span_is(first, "array") || span_is(first, "object")) {
		buf_adds(&b, "[version=2.0].");
	}
	buf_add(&b, p->name.s, p->name.len);
	return keep(w, &b);
}

static void note_remote(struct walk *w, struct span ref)
{
	for (size_t i = 0; i < w->nremote; i++)
		if (!span_compare(w->remote[i], ref))
			return;
	mem_grow(&w->remote, &w->remote_cap, w->nremote + 1,
		 sizeof(*w->remote));
	w->remote[w->nremote++] = stay(w, ref);
}

static void walk_property(struct walk *, const struct around *,
			  const struct schema_property *);

static void walk_view(struct walk *w, const struct schema_view *v,
		      const struct around *at)
{
	for (size_t i = 0; i < v->n; i++)
		walk_property(w, at, &v->properties[i]);
}

/* Prefix of what stands in ${at}'s field: one more "[type=...]". */
static struct span deeper(struct walk *w, struct span prefix, const char *type)
{
	struct buf b = {0};

	buf_add(&b, prefix.s, prefix.len);
	if (w->style != FIELD_PATHS_V2)
		buf_addf(&b, ".[type=%s]", type);
	return keep(w, &b);
}

/*
 * The items of an array: objects among them have fields, arrays again items.
 * The first of a name counts, over all items of a tuple.
 */
static void walk_items(struct walk *w, const struct schema_view *v,
		       struct around at, unsigned nested)
{
	struct schema_view all = {0}, items;
	size_t arrays = 0;

	if (!v->nitems || nested > 8)
		return;
	at.prefix = deeper(w, at.prefix, "array");
	at.levels++;
	for (size_t i = 0; i < v->nitems; i++) {
		schema_view_make(&items, &w->scratch, w->root,
				 v->items[i].schema, v->items[i].trail);
		if (items.recursive && at.parent >= 0)
			w->items[at.parent].recursive = true;
		if (items.remote.s)
			note_remote(w, items.remote);
		for (size_t k = 0; k < items.n; k++) {
			struct schema_property p = items.properties[k];

			for (size_t j = 0; j < all.n; j++)
				if (!span_compare(all.properties[j].name,
						  p.name))
					goto known;
			p.alternative |= v->items[i].tuple;
			mem_grow(&all.properties, &all.cap, all.n + 1,
				 sizeof(p));
			all.properties[all.n++] = p;
known:			;
		}
		if (items.nitems && !arrays++)
			walk_items(w, &items, at, nested + 1);
		schema_view_release(&items);
	}
	walk_view(w, &all, &at);
	schema_view_release(&all);
}

static struct field *add_field(struct walk *w, const struct around *at,
			       const struct schema_property *p,
			       struct schema_view *v)
{
	struct field *f;

	mem_grow(&w->items, &w->cap, w->n + 1, sizeof(*w->items));
	f = &w->items[w->n++];
	*f = (struct field){
		.name = stay(w, p->name), .native = join_types(w, v),
		.description = stay(w, v->description), .parent = at->parent,
		.levels = at->levels, .depth = at->depth, .type = type_of(v),
		.nullable = v->nullable || !p->required || p->alternative ||
			at->nullable,
		.recursive = v->recursive
	};
	if (!f->description.len)
		f->description.s = NULL;
	f->path = make_path(w, at, p, v);
	if (f->type == FIELD_ARRAY)
		f->nested = nested_type(w, v);
	return f;
}

static void walk_property(struct walk *w, const struct around *at,
			  const struct schema_property *p)
{
	struct around in = {.depth = (uint16_t)(at->depth + 1)};
	struct schema_view v;
	struct field *f;

	if (w->n >= FIELDS_MAX || at->depth >= FIELDS_DEPTH) {
		w->cut = true;
		return;
	}
	schema_view_make(&v, &w->scratch, w->root, p->schema, p->trail);
	settle_types(&v, p->schema);
	f = add_field(w, at, p, &v);
	if (v.remote.s)
		note_remote(w, v.remote);
	in.parent = (int32_t)(w->n - 1);
	in.prefix = f->path;
	if (schema_view_has(&v, "array"))
		walk_items(w, &v, in, 0);
	in.prefix = deeper(w, in.prefix, "record");
	walk_view(w, &v, &in);
	schema_view_release(&v);
}

/* A list that grew, as one piece of the pool; the list is freed. */
static void *settle(struct pool *pool, void *list, size_t n, size_t size)
{
	void *items = pool_zero(pool, n, size);

	if (n)
		memcpy(items, list, n * size);
	free(list);
	return items;
}

struct fields fields_read(struct pool *pool, struct span text,
			  enum field_paths style)
{
	struct walk w = {.pool = pool, .text = text, .style = style};
	struct around at = {.parent = -1};
	struct schema_trail trail = {0};
	struct schema_view v;

	if (text.s)
		w.root = dom_parse(&w.scratch, text.s, text.len);
	trail.node = w.root;
	if (style == FIELD_PATHS_V2)
		at.prefix = span_of("[version=2.0].[type=object]");
	schema_view_make(&v, &w.scratch, w.root, w.root, &trail);
	if (v.remote.s)
		note_remote(&w, v.remote);
	walk_view(&w, &v, &at);
	schema_view_release(&v);
	pool_release(&w.scratch);
	return (struct fields){
		.items = settle(pool, w.items, w.n, sizeof(*w.items)),
		.n = w.n,
		.remote = settle(pool, w.remote, w.nremote,
				 sizeof(*w.remote)),
		.nremote = w.nremote, .cut = w.cut
	};
}

const struct field *fields_find(const struct fields *f, struct span path)
{
	for (size_t i = 0; i < f->n; i++)
		if (!span_compare(f->items[i].path, path))
			return &f->items[i];
	return NULL;
}
