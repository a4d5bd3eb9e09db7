/*
 * emit_tail -- what stands first and last: definitions of structured
 * properties, the atomic event, and the aspects that DataHub's framework adds
 * at the end of a run of its own connector (status of what has none, the keys
 * of tags).
 */
#include <stdlib.h>

#include "base/mem.h"
#include "datahub/emit_in.h"

#define ID "io.acryl.snowplow."
#define IGLU_ATOMIC "https://github.com/snowplow/iglu-central/blob/master/" \
	"schemas/com.snowplowanalytics.snowplow/atomic/jsonschema/1-0-0"
#define REQUIRED "app_id, platform, collector_tstamp, event, event_id, " \
	"v_tracker, v_collector, v_etl, event_vendor, event_name, " \
	"event_format, event_version"

/* The texts are what DataHub shows: as its connector says them. */
static const struct definition {
	const char *name, *title, *description;
	struct {
		const char *value, *description;
	} allowed[4];
} definitions[] = {
	{"fieldAuthor", "Field Author", "The person who added this field to "
		"the Snowplow event specification or data structure. This "
		"tracks the initiator of the deployment that introduced the "
		"field.", {{NULL, NULL}}},
	{"fieldVersionAdded", "Version Added", "The schema version when this "
		"field was first added to the event specification. Format: "
		"Major-Minor-Patch (e.g., '1-0-2' for version 1.0.2)",
		{{NULL, NULL}}},
	{"fieldAddedTimestamp", "Added Timestamp", "ISO 8601 timestamp when "
		"this field was first added to the event specification. "
		"Format: YYYY-MM-DDTHH:MM:SSZ (e.g., '2024-01-15T10:30:00Z')",
		{{NULL, NULL}}},
	{"fieldDataClass", "Data Classification", "The data classification "
		"level for this field based on PII enrichment analysis.", {
		{"pii", "Contains personally identifiable information"},
		{"sensitive", "Contains sensitive business data"},
		{"public", "Public information, safe to share externally"},
		{"internal", "Internal information, not for external "
			"sharing"}}},
	{"fieldEventType", "Event Type", "The type of Snowplow event this "
		"field belongs to. Values: 'self_describing', 'atomic', "
		"'context'", {
		{"self_describing", "Custom self-describing event field"},
		{"atomic", "Snowplow atomic event field"},
		{"context", "Context entity field"}}}
};

#define DEFINITIONS (sizeof(definitions) / sizeof(definitions[0]))

static struct span definition_urn(struct buf *b, const struct definition *d)
{
	buf_clear(b);
	buf_addf(b, "urn:li:structuredProperty:" ID "%s", d->name);
	return (struct span){b->s, b->len};
}

static bool wanted(const struct settings *s)
{
	return !s->no_field_tagging && s->marks != MARKS_TAGS;
}

static void put_allowed(struct buf *b, const struct definition *d)
{
	if (!d->allowed[0].value)
		return;
	put_open(b, "allowedValues", '[');
	for (size_t i = 0; i < 4 && d->allowed[i].value; i++) {
		put_item(b);
		buf_addc(b, '{');
		put_open(b, "value", '{');
		put_text(b, "string", d->allowed[i].value);
		buf_addc(b, '}');
		put_text(b, "description", d->allowed[i].description);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

static void emit_definition(struct emit *e, const struct definition *d)
{
	struct buf urn = {0}, id = {0}, *b;

	b = mcp_begin(e->m, "structuredProperty", definition_urn(&urn, d),
		      "propertyDefinition");
	buf_addf(&id, ID "%s", d->name);
	put_span(b, "qualifiedName", (struct span){id.s, id.len});
	put_text(b, "displayName", d->title);
	put_text(b, "valueType", "urn:li:dataType:datahub.string");
	put_allowed(b, d);
	put_text(b, "cardinality", "SINGLE");
	buf_adds(b, ",\"entityTypes\":"
		 "[\"urn:li:entityType:datahub.schemaField\"]");
	put_text(b, "description", d->description);
	put_flag(b, "immutable", false);
	mcp_end(e->m);
	buf_release(&urn);
	buf_release(&id);
}

static int definition_order(const void *a, const void *b)
{
	return strcmp(((const struct definition *)a)->name,
		      ((const struct definition *)b)->name);
}

/* By the bytes of the URN; the connector's order is its own. */
void emit_definitions(struct emit *e)
{
	struct definition sorted[DEFINITIONS];

	if (!wanted(e->s))
		return;
	memcpy(sorted, definitions, sizeof(sorted));
	if (!e->s->upstream)
		qsort(sorted, DEFINITIONS, sizeof(sorted[0]),
		      definition_order);
	for (size_t i = 0; i < DEFINITIONS; i++)
		emit_definition(e, &sorted[i]);
}

static void atomic_properties(struct emit *e, struct span urn)
{
	struct props p = {0};
	struct buf *b = mcp_begin(e->m, "dataset", urn, "datasetProperties");

	props_text(&p, "schema_type", span_of("atomic_event"));
	props_text(&p, "platform", span_of("snowplow"));
	props_count(&p, "field_count", e->l->natomic);
	props_text(&p, "required_fields", span_of(REQUIRED));
	props_text(&p, "schema_source", span_of(IGLU_ATOMIC));
	props_put(b, &p);
	put_text(b, "name", "Atomic Event");
	put_text(b, "description", "The fields that every Snowplow event has "
		 "**before** it is enriched. Enrichments read them; what they "
		 "add (geo_*, mkt_*, refr_medium, ...) is in the warehouse "
		 "only.\n\nThe dataset stands for the schema: which fields "
		 "there can be, not which ones an event has.");
	put_open(b, "tags", '[');
	buf_addc(b, ']');
	mcp_end(e->m);
	props_release(&p);
}

static void atomic_metadata(struct emit *e, struct span urn)
{
	struct buf *b = mcp_begin(e->m, "dataset", urn, "schemaMetadata");

	put_schema_head(b, span_of("snowplow/atomic_event"));
	for (size_t i = 0; i < e->l->natomic; i++)
		put_field(e, b, &e->l->atomic[i], NULL, i);
	buf_addc(b, ']');
	mcp_end(e->m);
}

void emit_atomic(struct emit *e)
{
	struct span urn = e->l->atomic_urn;

	if (!e->l->org_urn.s && !e->l->nspecs)
		return;		/* an Iglu server alone has no events */
	if (e->s->upstream)
		atomic_metadata(e, urn);
	atomic_properties(e, urn);
	if (!e->s->upstream)
		atomic_metadata(e, urn);
	mcp_status(e->m, "dataset", urn, false);
	emit_subtype(e, "dataset", urn, "atomic_event");
	emit_container_of(e, "dataset", urn, e->l->org_urn);
	if (e->s->instance && !e->s->upstream)
		emit_platform_instance(e, "dataset", urn);
	if (e->l->org_urn.s)
		emit_browse_path(e, "dataset", urn, &e->l->org_urn, 1);
}

static void field_status(struct emit *e, struct span dataset, struct span path,
			 struct buf *urn)
{
	buf_clear(urn);
	urn_field(urn, dataset, path);
	mcp_status(e->m, "schemaField", (struct span){urn->s, urn->len},
		   false);
}

static void schema_fields_status(struct emit *e, const struct schema_set *x,
				 struct buf *urn)
{
	size_t *index = mem_alloc((x->fields.n + 1) * sizeof(*index));

	order_by_path(x->fields.items, x->fields.n, index);
	for (size_t i = 0; i < x->fields.n; i++)
		if (mark_has_properties(e->l, x, index[i]))
			field_status(e, x->urn,
				     x->fields.items[index[i]].path, urn);
	free(index);
}

static int spec_field_order(const void *va, const void *vb)
{
	const struct spec_field *a = va, *b = vb;

	return urn_compare(a->field->path, b->field->path);
}

/* With duplicates (--compat=upstream) one status is enough. */
static void spec_fields_status(struct emit *e, const struct spec_set *x,
			       struct spec_fields *f, struct buf *urn)
{
	const struct field *last = NULL;

	spec_fields_make(e, x, f);
	qsort(f->items, f->n, sizeof(*f->items), spec_field_order);
	for (size_t i = 0; i < f->n; i++) {
		const struct spec_field *s = &f->items[i];

		if (!mark_has_properties(e->l, s->schema, s->index) ||
		    (last && !span_compare(last->path, s->field->path)))
			continue;
		last = s->field;
		field_status(e, x->urn, s->field->path, urn);
	}
}

/* Datasets of schemas and event specs are gone through as one sorted list. */
static void fields_status(struct emit *e)
{
	const struct lineage *l = e->l;
	struct spec_fields f = {0};
	struct buf urn = {0};
	size_t a = 0, b = 0;

	while ((a < l->nschemas || b < l->nspecs) && !e->m->failed) {
		if (b == l->nspecs || (a < l->nschemas &&
		    span_compare(l->schemas[a].urn, l->specs[b].urn) < 0))
			schema_fields_status(e, &l->schemas[a++], &urn);
		else
			spec_fields_status(e, &l->specs[b++], &f, &urn);
	}
	spec_fields_release(&f);
	buf_release(&urn);
}

void emit_tail(struct emit *e)
{
	struct definition sorted[DEFINITIONS];
	struct buf urn = {0}, *b;

	if (wanted(e->s)) {
		fields_status(e);
		memcpy(sorted, definitions, sizeof(sorted));
		qsort(sorted, DEFINITIONS, sizeof(sorted[0]),
		      definition_order);
		for (size_t i = 0; i < DEFINITIONS; i++)
			mcp_status(e->m, "structuredProperty",
				   definition_urn(&urn, &sorted[i]), false);
	}
	for (size_t i = 0; i < e->tags.n; i++) {
		buf_clear(&urn);
		urn_tag(&urn, e->tags.items[i]);
		b = mcp_begin(e->m, "tag", (struct span){urn.s, urn.len},
			      "tagKey");
		put_span(b, "name", e->tags.items[i]);
		mcp_end(e->m);
	}
	buf_release(&urn);
}
