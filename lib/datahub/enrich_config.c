/*
 * Enrichments whose configuration names the fields: PII pseudonymisation,
 * SQL query, API request.
 *
 * A reference is {"pojo":{"field":...}}, a field of every event, or
 * {"json":{"field":..., "schemaCriterion":..., "jsonPath":...}}, fields of
 * the self-describing event (unstruct_event), of entities (contexts) or of
 * what earlier enrichments added (derived_contexts).  Iglu Central:
 * pii_enrichment_config 2-0-x, sql_query_enrichment_config 1-0-x,
 * api_request_enrichment_config 1-0-x.
 */
#include "datahub/enrich_in.h"

#include <stdlib.h>
#include <string.h>

static bool pojo(struct enrich_rules *r, struct pool *pool,
		 struct enrich_end **list, const struct dom *field)
{
	const char *name = enrich_text(pool, field);

	if (!name) {
		enrich_problem(r, pool, "a pojo without a field");
		return false;
	}
	if (!enrich_is_atomic(name, strlen(name))) {
		enrich_problem(r, pool, "no field of an event: %s", name);
		return false;
	}
	enrich_atomic(list, pool, name);
	return true;
}

static bool part_of(enum enrich_part *part, const char *field)
{
	static const struct {
		const char *name;
		enum enrich_part part;
	} parts[] = {
		{"unstruct_event", ENRICH_EVENT},
		{"contexts", ENRICH_CONTEXTS},
		{"derived_contexts", ENRICH_DERIVED},
	};

	for (size_t i = 0; field && i < sizeof(parts) / sizeof(*parts); i++)
		if (!strcmp(field, parts[i].name)) {
			*part = parts[i].part;
			return true;
		}
	return false;
}

static bool json(struct enrich_rules *r, struct pool *pool,
		 struct enrich_end **list, const struct dom *d)
{
	const char *field = enrich_text(pool, dom_get(d, "field"));
	const char *schema = enrich_text(pool, dom_get(d, "schemaCriterion"));
	const char *text = enrich_text(pool, dom_get(d, "jsonPath"));
	const struct enrich_step **paths;
	enum enrich_part part;
	size_t count;

	if (!schema || !text || !part_of(&part, field)) {
		enrich_problem(r, pool, "a json reference needs field "
			       "(unstruct_event, contexts or derived_contexts)"
			       ", schemaCriterion and jsonPath");
		return false;
	}
	count = enrich_json_path(pool, text, &paths);
	if (!count)
		enrich_problem(r, pool, "no JSONPath: %s", text);
	for (size_t i = 0; i < count; i++)
		enrich_field(list, pool, part, schema, paths[i]);
	return count > 0;
}

bool enrich_reference(struct enrich_rules *r, struct pool *pool,
		      struct enrich_end **list, const struct dom *item)
{
	const struct dom *p = dom_get(item, "pojo"), *j = dom_get(item, "json");

	if (!dom_is_null(p))
		return pojo(r, pool, list, dom_get(p, "field"));
	if (!dom_is_null(j))
		return json(r, pool, list, j);
	enrich_problem(r, pool, "a field reference with neither pojo nor json");
	return false;
}

/* Each field is changed where it stands: a rule for each. */
static void in_place(struct enrich_rules *r, struct pool *pool,
		     const struct dom *item)
{
	struct enrich_end *ends = NULL, *next;
	struct enrich_rule *rule;

	if (!enrich_reference(r, pool, &ends, item))
		return;
	for (; ends; ends = next) {
		next = ends->next;
		rule = enrich_add(r, pool, ENRICH_IN_PLACE);
		rule->from = pool_take(pool, sizeof(*ends));
		*rule->from = *ends;
		rule->from->next = NULL;
		rule->to = pool_take(pool, sizeof(*ends));
		*rule->to = *rule->from;
	}
}

/* pojo and json of one item, and {"pojo":[...],"json":[...]} as well. */
static void references(struct enrich_rules *r, struct pool *pool,
		       const struct dom *list, const char *kind)
{
	const struct dom *items = dom_get(list, kind), *d;
	struct dom *item, *member;

	for (d = dom_first(items); d; d = d->next) {
		member = pool_take(pool, sizeof(*member));
		*member = *d;
		member->key = (struct span){kind, strlen(kind)};
		member->next = NULL;
		item = pool_zero(pool, 1, sizeof(*item));
		item->type = VALUE_OBJECT;
		item->child = member;
		item->count = 1;
		in_place(r, pool, item);
	}
}

void enrich_pii(struct enrich_rules *r, struct pool *pool,
		const struct dom *parameters)
{
	const struct dom *pii = dom_get(parameters, "pii"), *d;

	if (dom_is(pii, VALUE_OBJECT)) {
		references(r, pool, pii, "pojo");
		references(r, pool, pii, "json");
		return;
	}
	if (!dom_is(pii, VALUE_ARRAY))
		enrich_problem(r, pool, "the configuration has no list pii");
	for (d = dom_first(pii); d; d = d->next)
		in_place(r, pool, d);
}

/* NULL where none of the inputs it names could be understood. */
static struct enrich_rule *with_inputs(struct enrich_rules *r,
				       struct pool *pool,
				       const struct dom *parameters)
{
	struct enrich_rule *rule = enrich_add(r, pool, ENRICH_DERIVED_BY);
	const struct dom *d;

	for (d = dom_first(dom_get(parameters, "inputs")); d; d = d->next)
		enrich_reference(r, pool, &rule->from, d);
	return rule->from || !dom_first(dom_get(parameters, "inputs"))
		       ? rule : NULL;
}

/* An entity by its URI; what is none is a problem. */
static void output(struct enrich_rules *r, struct pool *pool,
		   struct enrich_rule *rule, const struct dom *schema)
{
	const char *uri = enrich_text(pool, schema);

	if (!uri || strncmp(uri, "iglu:", 5))
		enrich_problem(r, pool, "an output without an Iglu URI");
	else if (rule)
		enrich_entity(&rule->to, pool, uri);
}

void enrich_sql(struct enrich_rules *r, struct pool *pool,
		const struct dom *parameters)
{
	struct enrich_rule *rule = with_inputs(r, pool, parameters);

	output(r, pool, rule, dom_find(parameters, "output.json.schema"));
}

void enrich_api(struct enrich_rules *r, struct pool *pool,
		const struct dom *parameters)
{
	struct enrich_rule *rule = with_inputs(r, pool, parameters);
	const struct dom *d = dom_first(dom_get(parameters, "outputs"));

	if (!d)
		output(r, pool, rule, NULL);
	for (; d; d = d->next)
		output(r, pool, rule, dom_get(d, "schema"));
}
