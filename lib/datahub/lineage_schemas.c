/*
 * lineage_schemas -- the schema datasets of a run: data structures, standard
 * schemas that event specs refer to, and, from an Iglu server alone, the newest
 * version of every schema.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "datahub/lineage_in.h"
#include "datahub/marks.h"
#include "datahub/pick.h"

struct list {
	struct schema_set *items;
	size_t n, cap;
};

static struct schema_set *more(struct list *t)
{
	mem_grow(&t->items, &t->cap, t->n + 1, sizeof(*t->items));
	t->items[t->n] = (struct schema_set){0};
	return &t->items[t->n++];
}

static void set_urn(struct lineage *l, struct schema_set *x)
{
	struct buf b = {0};

	if (!x->format.s)
		x->format = span_of("jsonschema");
	urn_schema(&b, l->settings, x->vendor, x->name,
		   x->version.s ? x->version : span_of(""));
	x->urn = lineage_keep(l, &b);
}

/* The version in a body's own description of itself. */
static struct span self_version(struct lineage *l, struct span body)
{
	struct pool scratch = {0};
	const struct dom *d = dom_parse(&scratch, body.s, body.len);
	struct span v = dom_string(&scratch, dom_find(d, "self.version"));

	if (v.s)
		v.s = pool_dup(&l->pool, v.s, v.len);
	pool_release(&scratch);
	return v;
}

/* The highest version of ${x} that there is a body of. */
static struct span highest(const struct org *o, const struct org_structure *x)
{
	struct schemaver best = {0};
	struct span found = {NULL, 0};

	for (size_t i = 0; i < o->nschemas; i++) {
		const struct org_schema *s = &o->schemas[i];

		if (s->body.s && s->ver.valid &&
		    !span_compare(s->id.vendor, x->vendor) &&
		    !span_compare(s->id.name, x->name) &&
		    (!found.s || schemaver_compare(best, s->ver) < 0)) {
			best = s->ver;
			found = s->id.version;
		}
	}
	return found;
}

static void add_structure(struct lineage *l, struct list *t,
			  const struct org_structure *x)
{
	const struct org_deployment *d = pick_deployment(l->settings, x);
	struct span version = {NULL, 0};
	struct schema_set *s;

	if (d)
		version = d->version;
	else if (x->body.s)
		version = self_version(l, x->body);
	else
		version = highest(l->org, x);
	if (!version.s) {
		finding(l->findings, &x->place, "%.*s/%.*s is deployed nowhere "
			"and has no body: left out", (int)x->vendor.len,
			x->vendor.s, (int)x->name.len, x->name.s);
		return;
	}
	s = more(t);
	s->vendor = x->vendor;
	s->name = x->name;
	s->format = x->format;
	s->version = version;
	s->entity = span_is(x->type, "entity");
	s->structure = x;
	s->body = pick_body(l->org, x, version, &s->schema);
	if (!s->body.s)
		finding(l->findings, &x->place, "%.*s/%.*s has no body of "
			"version %.*s: described without fields",
			(int)x->vendor.len, x->vendor.s, (int)x->name.len,
			x->name.s, (int)version.len, version.s);
	set_urn(l, s);
}

static void add_schema(struct lineage *l, struct list *t,
		       const struct org_schema *x, bool standard)
{
	struct schema_set *s = more(t);

	s->vendor = x->id.vendor;
	s->name = x->id.name;
	s->format = x->id.format;
	s->version = x->id.version;
	s->entity = pick_name_is_entity(x->id.name);
	s->standard = standard;
	s->schema = x;
	s->body = x->body;
	set_urn(l, s);
}

static bool type_wanted(const struct settings *s, struct span name)
{
	return pick_name_is_entity(name) ? !s->no_entities : !s->no_events;
}

/* An Iglu server alone: no organisation, no data structures. */
static void add_registry(struct lineage *l, struct list *t)
{
	const struct org *o = l->org;
	struct buf b = {0};

	for (size_t i = 0; i < o->nschemas; i++) {
		const struct org_schema *x = &o->schemas[i];

		if (!x->id.vendor.s || !x->id.name.s || !x->id.version.s ||
		    !x->body.s || !type_wanted(l->settings, x->id.name))
			continue;
		buf_clear(&b);
		buf_add(&b, x->id.vendor.s, x->id.vendor.len);
		buf_addc(&b, '/');
		buf_add(&b, x->id.name.s, x->id.name.len);
		if (patterns_allow(&l->settings->schemas,
				   (struct span){b.s, b.len}))
			add_schema(l, t, x, false);
	}
	buf_release(&b);
}

/*
 * What an event spec refers to and is no data structure: by its vendor, or by
 * where its body came from (the connector knows vendors only).
 */
static void add_standard(struct lineage *l, struct list *t,
			 const struct org_spec *spec)
{
	size_t n = lineage_max_refs(spec);
	struct iglu *refs = mem_alloc((n + 1) * sizeof(*refs));

	n = lineage_refs(spec, refs);
	for (size_t i = 0; i < n; i++) {
		const struct org_schema *x = org_schema(l->org, &refs[i]);
		bool standard = pick_is_standard(refs[i].vendor);

		if (x && x->body.s &&
		    (standard || (!l->settings->upstream &&
				  span_is(x->from, "iglu-central"))))
			add_schema(l, t, x, true);
		else if (standard && !l->settings->no_standard)
			finding(l->findings, &spec->place, "there is no body "
				"of %.*s/%.*s %.*s, which this event "
				"specification refers to (fetch it from Iglu "
				"Central)", (int)refs[i].vendor.len,
				refs[i].vendor.s, (int)refs[i].name.len,
				refs[i].name.s, (int)refs[i].version.len,
				refs[i].version.s ? refs[i].version.s : "");
	}
	free(refs);
}

/* A data structure goes before a standard schema, a higher version first. */
static int by_urn(const void *va, const void *vb)
{
	const struct schema_set *a = va, *b = vb;
	int order = span_compare(a->urn, b->urn);

	if (!order)
		order = !a->structure - !b->structure;
	if (!order)
		order = schemaver_compare(schemaver_read(b->version),
					  schemaver_read(a->version));
	if (!order && a->structure && a->structure->hash.s &&
	    b->structure->hash.s)
		order = span_compare(a->structure->hash, b->structure->hash);
	return order;
}

static void tell_double(struct lineage *l, const struct schema_set *x)
{
	finding(l->findings, &x->structure->place, "%.*s/%.*s is there twice: "
		"the second one is left out", (int)x->vendor.len, x->vendor.s,
		(int)x->name.len, x->name.s);
}

static void settle(struct lineage *l, struct list *t)
{
	if (t->n)
		qsort(t->items, t->n, sizeof(*t->items), by_urn);
	l->schemas = pool_zero(&l->pool, t->n, sizeof(*l->schemas));
	for (size_t i = 0; i < t->n; i++) {
		struct schema_set *last = l->nschemas ?
			&l->schemas[l->nschemas - 1] : NULL;

		if (!last || span_compare(last->urn, t->items[i].urn))
			l->schemas[l->nschemas++] = t->items[i];
		else if (last->structure && t->items[i].structure)
			tell_double(l, &t->items[i]);
	}
	free(t->items);
}

static void read_fields(struct lineage *l, struct schema_set *x)
{
	const struct place *where = x->structure ? &x->structure->place :
		x->schema ? &x->schema->place : NULL;

	x->fields = fields_read(&l->pool, x->body, l->settings->paths);
	for (size_t i = 0; i < x->fields.nremote; i++)
		finding(l->findings, where, "%.*s/%.*s refers to %.*s, which "
			"is not in it: a string", (int)x->vendor.len,
			x->vendor.s, (int)x->name.len, x->name.s,
			(int)x->fields.remote[i].len, x->fields.remote[i].s);
	if (x->fields.cut)
		finding(l->findings, where, "%.*s/%.*s has more than %d "
			"fields or levels: cut", (int)x->vendor.len,
			x->vendor.s, (int)x->name.len, x->name.s, FIELDS_MAX);
}

void lineage_prepare_schemas(struct lineage *l)
{
	const struct org *o = l->org;
	struct list t = {0};

	for (size_t i = 0; i < o->nstructures; i++)
		if (pick_structure(l->settings, &o->structures[i]))
			add_structure(l, &t, &o->structures[i]);
	if (!o->nstructures && !o->has_line)
		add_registry(l, &t);
	for (size_t i = 0; i < o->nspecs; i++)
		if (!l->settings->no_standard &&
		    lineage_wants_spec(l->settings, &o->specs[i]))
			add_standard(l, &t, &o->specs[i]);
	settle(l, &t);
	for (size_t i = 0; i < l->nschemas; i++) {
		read_fields(l, &l->schemas[i]);
		l->schemas[i].added = marks_versions(l, &l->schemas[i]);
		marks_deployments(l, &l->schemas[i]);
	}
}
