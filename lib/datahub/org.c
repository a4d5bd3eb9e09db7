/*
 * org -- reading structs(5) lines.
 */
#include "datahub/org.h"

#include <string.h>

#include "base/mem.h"
#include "datahub/org_in.h"

void org_init(struct org *o)
{
	*o = (struct org){0};
}

void org_release(struct org *o)
{
	free(o->structures);
	free(o->schemas);
	free(o->specs);
	free(o->plans);
	free(o->models);
	free(o->pipelines);
	free(o->enrichments);
	free(o->destinations);
	free(o->users);
	pool_release(&o->pool);
	*o = (struct org){0};
}

struct span org_text(struct org *o, const struct dom *d, const char *path)
{
	return dom_string(&o->pool, dom_find(d, path));
}

/* Kinds, in the order of structs(5). */
static const struct kind {
	const char *name;
	void (*add)(struct org *, const struct dom *, const struct place *);
	bool keep;	/* the tree stays */
} kinds[] = {
	{"organization", org_add_organization, false},
	{"data_structure", org_add_structure, false},
	{"schema", org_add_schema, false},
	{"event_spec", org_add_spec, false},
	{"tracking_plan", org_add_plan, false},
	{"data_model", org_add_model, false},
	{"source_app", NULL, false},
	{"pipeline", org_add_pipeline, false},
	{"enrichment", org_add_enrichment, true},
	{"destination", org_add_destination, true},
	{"user", org_add_user, false},
	{"end", org_add_end, false}
};

static const struct kind *kind_of(const struct dom *d)
{
	const struct dom *kind = dom_get(d, "kind");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (dom_equals(kind, kinds[i].name))
			return &kinds[i];
	return NULL;
}

int org_add(struct org *o, const char *line, size_t len,
	    const struct place *place, const char **why)
{
	char *copy = pool_dup(&o->pool, line, len);
	struct pool scratch = {0};
	const struct dom *d = dom_parse(&scratch, copy, len);
	const struct kind *kind;
	int rc = -1;

	*why = "is no structs(5) line: not an object with a \"kind\"";
	if (!dom_is(d, VALUE_OBJECT) ||
	    !dom_is(dom_get(d, "kind"), VALUE_STRING))
		goto out;
	rc = 0;
	kind = kind_of(d);
	o->counts.lines++;
	o->ended = false;
	if (!kind) {
		o->counts.unknown++;
		goto out;
	}
	if (dom_get(d, "fetch_error"))
		o->counts.fetch_errors++;
	if (kind->keep)
		d = dom_parse(&o->pool, copy, len);
	if (kind->add)
		kind->add(o, d, place);
out:
	pool_release(&scratch);
	return rc;
}

static int by_id(const void *va, const void *vb)
{
	const struct org_schema *a = va, *b = vb;
	int order = org_iglu_compare(&a->id, &b->id);

	if (order)
		return order;
	/* a body goes before an error, then the first one said */
	if (!a->body.s != !b->body.s)
		return a->body.s ? -1 : 1;
	return a->place.byte < b->place.byte ? -1 :
		a->place.byte > b->place.byte;
}

/*
 * Of several lines for one version the first with a body counts: their order
 * in the input must not matter unless they differ.
 */
void org_finish(struct org *o)
{
	size_t n = 0;

	if (o->nschemas)
		qsort(o->schemas, o->nschemas, sizeof(*o->schemas), by_id);
	for (size_t i = 0; i < o->nschemas; i++)
		if (!n || org_iglu_compare(&o->schemas[n - 1].id,
					   &o->schemas[i].id))
			o->schemas[n++] = o->schemas[i];
	o->nschemas = n;
}

const struct org_schema *org_schema(const struct org *o, const struct iglu *id)
{
	size_t from = 0, to = o->nschemas;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = org_iglu_compare(id, &o->schemas[mid].id);

		if (!order)
			return &o->schemas[mid];
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return NULL;
}

static bool equal(struct span a, struct span b)
{
	return a.s && b.s && a.len == b.len && !memcmp(a.s, b.s, a.len);
}

const struct org_user *org_user_by_id(const struct org *o, struct span id)
{
	for (size_t i = 0; i < o->nusers; i++)
		if (equal(o->users[i].id, id))
			return &o->users[i];
	return NULL;
}

const struct org_user *org_user_by_name(const struct org *o, struct span name,
					size_t *matches)
{
	const struct org_user *found = NULL;

	*matches = 0;
	for (size_t i = 0; i < o->nusers; i++)
		if (equal(o->users[i].name, name)) {
			found = &o->users[i];
			++*matches;
		}
	return *matches == 1 ? found : NULL;
}
