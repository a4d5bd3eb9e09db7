/*
 * org_kinds -- what is taken from a line of each kind.
 */
#include <string.h>

#include "base/mem.h"
#include "datahub/org_in.h"
#include "datahub/urn.h"

/* One more item, zeroed, in a list of the org. */
#define MORE(o, list, cap) \
	(mem_grow(&(o)->list, &(o)->caps[cap], (o)->n##list + 1, \
		  sizeof(*(o)->list)), \
	 memset(&(o)->list[(o)->n##list], 0, sizeof(*(o)->list)), \
	 &(o)->list[(o)->n##list++])

enum { STRUCTURES, SCHEMAS, SPECS, PLANS, MODELS, PIPELINES, ENRICHMENTS,
	DESTINATIONS, USERS };

/* A line that stands for a listing that failed says nothing but that. */
static bool is_error(const struct dom *d, const char *id)
{
	return dom_get(d, "fetch_error") && dom_is_null(dom_get(d, id));
}

static struct span text_of(const struct dom *d)
{
	return dom_is_null(d) ? (struct span){NULL, 0} : d->text;
}

void org_add_organization(struct org *o, const struct dom *d,
			  const struct place *where)
{
	(void)where;
	if (is_error(d, "id"))
		return;
	o->has_line = true;
	o->id = org_text(o, d, "id");
	o->name = org_text(o, d, "name");
}

static struct org_deployment *deployments(struct org *o, const struct dom *list,
					  size_t *n)
{
	struct org_deployment *all;

	if (!dom_is(list, VALUE_ARRAY))
		return NULL;
	all = pool_zero(&o->pool, list->count, sizeof(*all));
	for (const struct dom *d = list->child; d; d = d->next) {
		struct org_deployment *x = &all[*n];

		if (!dom_is(d, VALUE_OBJECT))
			continue;
		++*n;
		x->version = org_text(o, d, "version");
		x->env = org_text(o, d, "env");
		x->ts = org_text(o, d, "ts");
		x->initiator = org_text(o, d, "initiator");
		x->initiator_id = org_text(o, d, "initiatorId");
		x->ver = schemaver_read(x->version);
	}
	return all;
}

/* The schema in an answer: itself, or {"data": ...} around it. */
static struct span body_of(const struct dom *d)
{
	if (!dom_is(d, VALUE_OBJECT) || dom_get(d, "fetch_error"))
		return (struct span){NULL, 0};
	return d->text;
}

static int by_version(const void *va, const void *vb)
{
	const struct org_version *a = va, *b = vb;

	return schemaver_compare(a->ver, b->ver);
}

static void read_versions(struct org *o, struct org_structure *x,
			  const struct dom *list)
{
	if (!dom_is(list, VALUE_OBJECT))
		return;
	x->versions = pool_zero(&o->pool, list->count, sizeof(*x->versions));
	for (const struct dom *d = list->child; d; d = d->next) {
		struct org_version *v = &x->versions[x->nversions++];

		v->version = d->key.s ? (struct span){
			pool_dup(&o->pool, d->key.s, d->key.len), d->key.len
		} : (struct span){NULL, 0};
		v->ver = schemaver_read(v->version);
		v->body = body_of(d);
		if (!v->body.s)
			o->counts.fetch_errors++;
	}
	if (x->nversions)
		qsort(x->versions, x->nversions, sizeof(*x->versions),
		      by_version);
}

void org_add_structure(struct org *o, const struct dom *d,
		       const struct place *where)
{
	const struct dom *custom = dom_find(d, "meta.customData");
	struct org_structure *x;

	if (is_error(d, "name"))
		return;
	x = MORE(o, structures, STRUCTURES);
	x->place = *where;
	x->hash = org_text(o, d, "hash");
	x->vendor = org_text(o, d, "vendor");
	x->name = org_text(o, d, "name");
	x->format = org_text(o, d, "format");
	x->description = org_text(o, d, "description");
	x->type = org_text(o, d, "meta.schemaType");
	x->hidden = dom_bool(dom_find(d, "meta.hidden"), false);
	if (dom_is(custom, VALUE_OBJECT) && custom->count)
		x->custom = dom_parse(&o->pool, custom->text.s,
				      custom->text.len);
	x->deployments = deployments(o, dom_get(d, "deployments"),
				     &x->ndeployments);
	x->history = deployments(o, dom_get(d, "history"), &x->nhistory);
	x->has_history = x->history != NULL;
	read_versions(o, x, dom_get(d, "versions"));
	x->body = body_of(dom_get(d, "data"));
	if (!o->id.s)
		o->id = org_text(o, d, "organizationId");
}

void org_add_schema(struct org *o, const struct dom *d,
		    const struct place *where)
{
	struct org_schema *x;

	if (is_error(d, "name"))
		return;
	x = MORE(o, schemas, SCHEMAS);
	x->place = *where;
	x->id.vendor = org_text(o, d, "vendor");
	x->id.name = org_text(o, d, "name");
	x->id.format = org_text(o, d, "format");
	x->id.version = org_text(o, d, "version");
	x->ver = schemaver_read(x->id.version);
	x->from = org_text(o, d, "from");
	x->body = body_of(dom_get(d, "body"));
}

static struct iglu *legacy(struct org *o, const struct dom *list, size_t *n)
{
	struct iglu *all;

	if (!dom_is(list, VALUE_ARRAY))
		return NULL;
	all = pool_zero(&o->pool, list->count, sizeof(*all));
	for (const struct dom *d = list->child; d; d = d->next) {
		struct iglu *x = &all[*n];

		x->vendor = org_text(o, d, "vendor");
		x->name = org_text(o, d, "name");
		x->version = org_text(o, d, "version");
		x->format = span_of("jsonschema");
		*n += x->vendor.s && x->name.s;
	}
	return all;
}

/*
 * Texts of an array's strings; with ${member}, of that member of its objects.
 */
static struct span *texts(struct org *o, const struct dom *list,
			  const char *member, size_t *n)
{
	struct span *all;

	if (!dom_is(list, VALUE_ARRAY))
		return NULL;
	all = pool_zero(&o->pool, list->count, sizeof(*all));
	for (const struct dom *d = list->child; d; d = d->next) {
		all[*n] = dom_string(&o->pool, member ? dom_get(d, member) : d);
		*n += all[*n].s != NULL;
	}
	return all;
}

void org_add_spec(struct org *o, const struct dom *d,
		  const struct place *where)
{
	struct org_spec *x;

	if (is_error(d, "id"))
		return;
	x = MORE(o, specs, SPECS);
	x->place = *where;
	x->id = org_text(o, d, "id");
	x->name = org_text(o, d, "name");
	x->description = org_text(o, d, "description");
	x->status = org_text(o, d, "status");
	x->created = org_text(o, d, "createdAt");
	x->updated = org_text(o, d, "updatedAt");
	x->event_source = org_text(o, d, "event.source");
	x->event_schema = text_of(dom_find(d, "event.schema"));
	x->legacy = legacy(o, dom_get(d, "eventSchemas"), &x->nlegacy);
	x->tracked = texts(o, dom_find(d, "entities.tracked"), "source",
			   &x->ntracked);
	x->plan_id = org_text(o, d, "dataProductId");
}

void org_add_plan(struct org *o, const struct dom *d,
		  const struct place *where)
{
	struct org_plan *x;

	if (is_error(d, "id"))
		return;
	x = MORE(o, plans, PLANS);
	x->place = *where;
	x->id = org_text(o, d, "id");
	x->name = org_text(o, d, "name");
	x->description = org_text(o, d, "description");
	x->status = org_text(o, d, "status");
	x->owner = org_text(o, d, "owner");
	x->created = org_text(o, d, "createdAt");
	x->updated = org_text(o, d, "updatedAt");
	x->access = org_text(o, d, "accessInstructions");
	x->type = org_text(o, d, "type");
	x->lock = org_text(o, d, "lockStatus");
	x->spec_ids = texts(o, dom_get(d, "eventSpecs"), "id", &x->nspec_ids);
	x->apps = texts(o, dom_get(d, "sourceApplications"), NULL, &x->napps);
}

void org_add_model(struct org *o, const struct dom *d,
		   const struct place *where)
{
	struct org_model *x;

	if (is_error(d, "id"))
		return;
	x = MORE(o, models, MODELS);
	x->place = *where;
	x->plan_id = org_text(o, d, "trackingPlanId");
	x->id = org_text(o, d, "id");
	x->name = org_text(o, d, "name");
	x->destination = org_text(o, d, "destination");
	x->query_engine = org_text(o, d, "queryEngine");
	x->table = org_text(o, d, "tableName");
}

void org_add_pipeline(struct org *o, const struct dom *d,
		      const struct place *where)
{
	struct org_pipeline *x;

	if (is_error(d, "id"))
		return;
	x = MORE(o, pipelines, PIPELINES);
	x->place = *where;
	x->id = org_text(o, d, "id");
	x->name = org_text(o, d, "name");
	x->status = org_text(o, d, "status");
	x->label = org_text(o, d, "label");
	x->endpoints = texts(o, dom_find(d, "config.collectorEndpoints"), NULL,
			     &x->nendpoints);
}

/* The deprecated answer has everything in "content". */
static void read_content(struct org *o, struct org_enrichment *x,
			 const struct dom *d)
{
	const struct dom *data = dom_find(d, "content.data");

	x->id = org_text(o, d, "id");
	x->filename = org_text(o, d, "filename");
	x->name = org_text(o, data, "name");
	x->vendor = org_text(o, data, "vendor");
	x->schema = org_text(o, d, "content.schema");
	x->parameters = dom_get(data, "parameters");
	if (!x->name.s)
		x->name = x->filename;
}

void org_add_enrichment(struct org *o, const struct dom *d,
			const struct place *where)
{
	struct org_enrichment *x;
	struct iglu id;

	if (is_error(d, "name") && is_error(d, "id"))
		return;
	x = MORE(o, enrichments, ENRICHMENTS);
	x->place = *where;
	x->line = d;
	x->pipeline_id = org_text(o, d, "pipelineId");
	x->enabled = dom_bool(dom_get(d, "enabled"), true);
	x->last_update = org_text(o, d, "lastUpdate");
	if (dom_is(dom_get(d, "content"), VALUE_OBJECT)) {
		read_content(o, x, d);
		return;
	}
	x->id = x->filename = x->name = org_text(o, d, "name");
	x->schema = org_text(o, d, "schemaKey");
	if (x->schema.s && iglu_read(x->schema, &id))
		x->vendor = id.vendor;
	x->parameters = dom_get(d, "userData");
}

void org_add_destination(struct org *o, const struct dom *d,
			 const struct place *where)
{
	struct org_destination *x;

	if (is_error(d, "id"))
		return;
	x = MORE(o, destinations, DESTINATIONS);
	x->place = *where;
	x->line = d;
	x->id = org_text(o, d, "id");
	x->pipeline_id = org_text(o, d, "pipelineId");
	x->type = org_text(o, d, "destinationType");
	x->loader = org_text(o, d, "loaderType");
	x->status = org_text(o, d, "status");
	x->config = dom_find(d, "target.config");
}

void org_add_user(struct org *o, const struct dom *d,
		  const struct place *where)
{
	struct org_user *x;

	(void)where;
	if (is_error(d, "id"))
		return;
	x = MORE(o, users, USERS);
	x->id = org_text(o, d, "id");
	x->email = org_text(o, d, "email");
	x->name = org_text(o, d, "name");
}

/* Whatever line follows takes .ended back. */
void org_add_end(struct org *o, const struct dom *d, const struct place *where)
{
	(void)where;
	o->ended = true;
	o->complete = dom_bool(dom_get(d, "complete"), false);
	o->filters = text_of(dom_get(d, "filters"));
}
