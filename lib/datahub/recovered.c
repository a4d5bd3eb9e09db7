/*
 * recovered -- columns and tables for versions against the rules.
 */
#include "datahub/recovered.h"

#include <stdlib.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "datahub/mcp_file.h"
#include "datahub/pick.h"

#define MARK "_recovered_"
#define MARK_BEHIND "recovered_"	/* a number and "_" */

struct known {
	struct span table, path;	/* .path.s NULL: the table itself */
};

struct recovered {
	struct pool pool;
	struct known *items;	/* by table, then path, each once */
	size_t n, cap;
};

static struct span keep(struct recovered *r, struct span s)
{
	return (struct span){pool_dup(&r->pool, s.s, s.len), s.len};
}

static void add(struct recovered *r, struct span table, struct span path)
{
	mem_grow(&r->items, &r->cap, r->n + 1, sizeof(*r->items));
	r->items[r->n++] = (struct known){
		keep(r, table), path.s ? keep(r, path) : path
	};
}

static bool is_marked(struct span s)
{
	return memmem(s.s, s.len, MARK, sizeof(MARK) - 1);
}

static int take(void *arg, const struct dom *d)
{
	struct recovered *r = arg;
	struct pool scratch = {0};
	struct span urn = dom_string(&scratch, dom_get(d, "entityUrn"));
	const struct dom *f;

	if (urn.s && dom_equals(dom_get(d, "aspectName"), "schemaMetadata")) {
		f = dom_get(mcp_file_aspect(&scratch, d), "fields");
		if (is_marked(urn))
			add(r, urn, (struct span){NULL, 0});
		else
			for (f = dom_first(f); f; f = f->next) {
				struct span path = dom_string(
					&scratch, dom_get(f, "fieldPath"));

				if (path.s && is_marked(path))
					add(r, urn, path);
			}
	}
	pool_release(&scratch);
	return dom_is(d, VALUE_OBJECT) ? 0 : -1;
}

static int by_name(const void *va, const void *vb)
{
	const struct known *a = va, *b = vb;
	int order = span_compare(a->table, b->table);

	if (order || !a->path.s || !b->path.s)
		return order ? order : (a->path.s != NULL) - (b->path.s != NULL);
	return span_compare(a->path, b->path);
}

struct recovered *recovered_read(const char *path)
{
	struct recovered *r = mem_zalloc(1, sizeof(*r));
	size_t kept = 0;

	if (mcp_file_read(path, take, r)) {
		err_msg("%s: is no metadata of a warehouse (give the file that "
			"DataHub's connector of it wrote)", path);
		recovered_free(r);
		return NULL;
	}
	if (r->n)
		qsort(r->items, r->n, sizeof(*r->items), by_name);
	for (size_t i = 0; i < r->n; i++)
		if (!kept || by_name(&r->items[kept - 1], &r->items[i]))
			r->items[kept++] = r->items[i];
	r->n = kept;
	return r;
}

void recovered_free(struct recovered *r)
{
	if (!r)
		return;
	pool_release(&r->pool);
	free(r->items);
	free(r);
}

/* ---- names ---- */

/* Takes a number and the "_" behind it, if there is one. */
static bool number(const char **p, const char *end, uint32_t *n)
{
	const char *from = *p;
	uint64_t value = 0;

	for (; *p < end && **p >= '0' && **p <= '9' && *p - from < 9; ++*p)
		value = value * 10 + (uint64_t)(**p - '0');
	if (*p == from || (*p < end && **p != '_'))
		return false;
	*p += *p < end;
	*n = (uint32_t)value;
	return true;
}

static bool word(const char **p, const char *end, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(end - *p) < len || strncasecmp(*p, text, len))
		return false;
	*p += len;
	return true;
}

/*
 * What stands behind a name that ends with its model: which version?  The other
 * order of the last two numbers goes into ${other} where it is not said which
 * comes first.
 */
static bool read_version(struct span rest, uint32_t model,
			 struct schemaver *ver, struct schemaver *other)
{
	const char *p = rest.s, *end = p + rest.len;
	uint32_t n[3];

	*ver = *other = (struct schemaver){0};
	if (word(&p, end, MARK)) {
		if (!number(&p, end, &n[0]) || !number(&p, end, &n[1]) ||
		    !number(&p, end, &n[2]) || n[0] != model || p == end)
			return false;
		*ver = (struct schemaver){n[0], n[1], n[2], true};
		return true;
	}
	if (!word(&p, end, "_") || !number(&p, end, &n[0]) ||
	    !number(&p, end, &n[1]) || !word(&p, end, MARK_BEHIND) || p == end)
		return false;
	*ver = (struct schemaver){model, n[0], n[1], true};
	*other = (struct schemaver){model, n[1], n[0], true};
	return true;
}

/* Behind ${name}, in any case; .s NULL where ${s} begins otherwise. */
static struct span behind(struct span s, struct span name)
{
	struct span none = {NULL, 0};

	if (s.len <= name.len || strncasecmp(s.s, name.s, name.len))
		return none;
	return (struct span){s.s + name.len, s.len - name.len};
}

/* The name in a path of types: what follows the last dot. */
static struct span last_name(struct span path)
{
	const char *dot = memrchr(path.s, '.', path.len);
	size_t from = dot ? (size_t)(dot - path.s) + 1 : 0;

	return (struct span){path.s + from, path.len - from};
}

/* The part of ${known} that names what it is for, behind the schema's name. */
static struct span rest_of(const struct edge_table *t, const struct known *k,
			   struct span name)
{
	struct span none = {NULL, 0}, tail = {t->urn.s + t->after,
					      t->urn.len - t->after};

	if (k->path.s)
		return span_compare(k->table, t->urn) ? none :
		       behind(last_name(k->path), name);
	/* beside the events table: what differs is the last name */
	if (k->table.len <= t->name + tail.len ||
	    memcmp(k->table.s, t->urn.s, t->name) ||
	    memcmp(k->table.s + k->table.len - tail.len, tail.s, tail.len))
		return none;
	return behind((struct span){k->table.s + t->name,
				    k->table.len - tail.len - t->name}, name);
}

/* ---- fields ---- */

static struct span body_of(const struct lineage *l, const struct schema_set *s,
			   struct span version)
{
	const struct org_schema *from;
	struct iglu id = {s->vendor, s->name, s->format, version};

	if (s->structure)
		return pick_body(l->org, s->structure, version, &from);
	from = org_schema(l->org, &id);
	return from ? from->body : (struct span){NULL, 0};
}

/* The field of this name below ${parent}; -1 for none. */
static int32_t child(const struct fields *f, int32_t parent, struct span name)
{
	for (size_t i = (size_t)(parent + 1); i < f->n; i++)
		if (f->items[i].parent == parent &&
		    !span_compare(f->items[i].name, name))
			return (int32_t)i;
	return -1;
}

/* By names, as a version against the rules may have other types. */
static const bool *fields_in(struct pool *pool, const struct lineage *l,
			     const struct schema_set *s, struct span body)
{
	bool *has = pool_zero(pool, s->fields.n + 1, sizeof(*has));
	int32_t *at = pool_take(pool, (s->fields.n + 1) * sizeof(*at));
	struct fields f = fields_read(pool, body, l->settings->paths);

	for (size_t i = 0; i < s->fields.n; i++) {
		int32_t parent = s->fields.items[i].parent;

		if (parent >= 0)
			parent = at[parent] < 0 ? INT32_MAX - 1 : at[parent];
		at[i] = child(&f, parent, s->fields.items[i].name);
		has[i] = at[i] >= 0;
	}
	return has;
}

static struct span version_text(struct pool *pool, struct schemaver v)
{
	struct buf b = {0};
	struct span s;

	buf_addf(&b, "%u-%u-%u", v.model, v.revision, v.addition);
	s = (struct span){pool_dup(pool, b.s, b.len), b.len};
	buf_release(&b);
	return s;
}

static bool fill(struct lineage *l, struct pool *pool,
		 const struct schema_set *s, const struct known *k,
		 struct schemaver ver, struct schemaver other, bool tell,
		 struct recovered_hit *hit)
{
	const struct place *place = s->structure ? &s->structure->place :
				    s->schema ? &s->schema->place : NULL;
	struct span body, first = version_text(pool, ver);

	hit->version = first;
	body = body_of(l, s, first);
	if (!body.s && other.valid) {
		hit->version = version_text(pool, other);
		body = body_of(l, s, hit->version);
	}
	if (!body.s) {
		if (tell)
			finding(l->findings, place, "%.*s%s%.*s holds version "
				"%.*s of %.*s/%.*s, whose body is not there: "
				"no edges (fetch-deploys --schemas=all)",
				(int)k->table.len, k->table.s,
				k->path.s ? " " : "", (int)k->path.len,
				k->path.s ? k->path.s : "", (int)first.len,
				first.s, (int)s->vendor.len, s->vendor.s,
				(int)s->name.len, s->name.s);
		return false;
	}
	hit->table = k->table;
	hit->column = (struct span){NULL, 0};
	if (k->path.s)
		hit->column = edge_path(pool, k->path);
	hit->has = fields_in(pool, l, s, body);
	hit->described = !span_compare(hit->version, s->version);
	return true;
}

const struct recovered_hit *recovered_find(struct lineage *l, struct pool *pool,
					   const struct edge_table *t,
					   const struct schema_set *s,
					   bool tell, size_t *n)
{
	const struct recovered *r = l->recovered;
	struct schemaver model = schemaver_read(s->version), ver, other;
	struct schema_name schema;
	struct recovered_hit *hits;
	struct buf name = {0};

	*n = 0;
	if (!r || !r->n || !model.valid)
		return NULL;
	hits = pool_zero(pool, r->n, sizeof(*hits));
	edge_schema_name(&schema, pool, s);
	if (warehouse_has_tables(t->warehouse))
		table_of_schema(&name, t->snake, &schema);
	else
		column_of_schema(&name, t->warehouse, t->snake, &schema);
	for (size_t i = 0; i < r->n; i++) {
		struct span rest = rest_of(t, &r->items[i],
					   (struct span){name.s, name.len});
		bool own = warehouse_has_tables(t->warehouse);

		if (!rest.s || own != !r->items[i].path.s ||
		    !read_version(rest, model.model, &ver, &other))
			continue;
		if (own && other.valid) {	/* addition first */
			struct schemaver was = ver;

			ver = other;
			other = was;
		}
		*n += fill(l, pool, s, &r->items[i], ver, other, tell,
			   &hits[*n]);
	}
	buf_release(&name);
	return hits;
}
