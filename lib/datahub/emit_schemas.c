/*
 * emit_schemas -- the dataset of a schema.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "datahub/emit_in.h"
#include "datahub/pytext.h"
#include "datahub/when.h"

static void put_type(struct buf *b, const struct field *f)
{
	static const char *const classes[] = {
		[FIELD_STRING] = "String", [FIELD_NUMBER] = "Number",
		[FIELD_BOOLEAN] = "Boolean", [FIELD_DATE] = "Date",
		[FIELD_ENUM] = "Enum", [FIELD_ARRAY] = "Array",
		[FIELD_RECORD] = "Record", [FIELD_NULL] = "Null",
		[FIELD_UNION] = "Union"
	};
	struct span rest = f->native;

	buf_addf(b, ",\"type\":{\"type\":{\"com.linkedin.schema.%sType\":{",
		 classes[f->type]);
	if (f->type == FIELD_ARRAY) {
		put_open(b, "nestedType", '[');
		put_item(b);
		put_string(b, f->nested);
		buf_addc(b, ']');
	}
	if (f->type == FIELD_UNION) {
		put_open(b, "nestedTypes", '[');
		while (rest.len) {
			const char *bar = memchr(rest.s, '|', rest.len);
			size_t n = bar ? (size_t)(bar - rest.s) : rest.len;

			put_item(b);
			put_string(b, (struct span){rest.s, n});
			n += bar != NULL;
			rest.s += n;
			rest.len -= n;
		}
		buf_addc(b, ']');
	}
	buf_adds(b, "}}}");
}

void put_field(struct emit *e, struct buf *b, const struct field *f,
	       const struct schema_set *x, size_t index)
{
	struct span description = f->description;
	struct buf text = {0};

	if (x)
		description = mark_description(e->l, x, index, &text);
	put_item(b);
	buf_addc(b, '{');
	put_span(b, "fieldPath", f->path);
	put_flag(b, "nullable", f->nullable);
	if (description.s)
		put_span(b, "description", description);
	put_type(b, f);
	put_span(b, "nativeDataType", f->native);
	put_flag(b, "recursive", f->recursive);
	if (x)
		mark_put_tags(e->l, x, index, b, &e->tags);
	put_flag(b, "isPartOfKey", false);
	buf_addc(b, '}');
	buf_release(&text);
}

static void emit_metadata(struct emit *e, const struct schema_set *x)
{
	struct buf name = {0}, *b;

	if (!x->body.s)
		return;
	buf_add(&name, x->vendor.s, x->vendor.len);
	buf_addc(&name, '/');
	buf_add(&name, x->name.s, x->name.len);
	b = mcp_begin(e->m, "dataset", x->urn, "schemaMetadata");
	put_schema_head(b, (struct span){name.s, name.len});
	for (size_t i = 0; i < x->fields.n; i++)
		put_field(e, b, &x->fields.items[i], x, i);
	buf_addc(b, ']');
	mcp_end(e->m);
	buf_release(&name);
}

/* The first word of the name: checkout_started -> checkout. */
static void event_tag(struct emit *e, const struct schema_set *x,
		      struct tags *t)
{
	const char *p = e->s->event_tag, *open = strchr(p, '{'), *close;
	const char *end = memchr(x->name.s, '_', x->name.len);
	struct buf b = {0};

	close = open ? strchr(open, '}') : NULL;
	buf_add(&b, p, close ? (size_t)(open - p) : strlen(p));
	if (close) {
		buf_add(&b, x->name.s, end ? (size_t)(end - x->name.s) :
			x->name.len);
		buf_adds(&b, close + 1);
	}
	tags_add(t, (struct span){b.s, b.len});
	buf_release(&b);
}

static void emit_schema_tags(struct emit *e, const struct schema_set *x)
{
	struct tags t = {0};
	struct buf b = {0};

	if (x->standard) {
		tags_add(&t, span_of(x->entity ? "entity" : "event"));
		tags_add(&t, span_of("snowplow_standard"));
		buf_adds(&b, "vendor:");
		buf_add(&b, x->vendor.s, x->vendor.len);
		tags_add(&t, (struct span){b.s, b.len});
	} else if (!e->s->no_field_tagging && !e->s->no_tag_event &&
		   x->structure) {
		event_tag(e, x, &t);
	}
	emit_tags(e, "dataset", x->urn, &t);
	tags_release(&t);
	buf_release(&b);
}

static struct span iglu_uri(struct props *p, const struct schema_set *x)
{
	const struct span parts[] = {x->vendor, x->name, x->format, x->version};
	struct buf b = {0};
	struct span s;

	buf_adds(&b, "iglu:");
	for (size_t i = 0; i < 4; i++) {
		if (i)
			buf_addc(&b, '/');
		buf_add(&b, parts[i].s, parts[i].len);
	}
	s = (struct span){pool_dup(&p->pool, b.s, b.len), b.len};
	buf_release(&b);
	return s;
}

/* customData as it is: texts, else what was written; null is left out. */
static void custom_props(struct props *p, const struct dom *custom)
{
	for (const struct dom *d = dom_first(custom); d; d = d->next) {
		struct span value = dom_string(&p->pool, d);
		struct buf b = {0};

		if (dom_is_null(d))
			continue;
		if (!value.s) {
			if (dom_is(d, VALUE_TRUE) || dom_is(d, VALUE_FALSE))
				buf_adds(&b, dom_bool(d, false) ? "True" :
					 "False");
			else
				dom_write(&b, d);
			value = (struct span){
				pool_dup(&p->pool, b.s, b.len), b.len
			};
			buf_release(&b);
		}
		props_set(p, d->key, value);
	}
}

static void schema_props(struct props *p, const struct schema_set *x)
{
	const struct org_structure *o = x->structure;

	if (x->standard) {
		props_text(p, "iglu_uri", iglu_uri(p, x));
		props_text(p, "source", span_of("iglu_central"));
		props_text(p, "vendor", x->vendor);
		props_text(p, "schema_type", span_of(x->entity ? "entity" :
						     "event"));
		props_text(p, "version", x->version);
		return;
	}
	props_text(p, "vendor", x->vendor);
	props_text(p, "schemaVersion", x->version);
	props_text(p, "schema_type", span_of(x->entity ? "entity" : "event"));
	if (!o)
		props_text(p, "format", x->format);
	props_text(p, "hidden", span_of(!o ? "false" : o->hidden ? "True" :
					"False"));
	props_text(p, "igluUri", iglu_uri(p, x));
	if (o)
		custom_props(p, o->custom);
	if (o && x->body.s)
		props_text(p, "format", x->format);
}

/* Of the body; else of the listing. */
static struct span description_of(struct emit *e, const struct schema_set *x,
				  struct pool *scratch)
{
	const struct dom *d = x->body.s ?
		dom_parse(scratch, x->body.s, x->body.len) : NULL;
	struct span text = dom_string(scratch, dom_get(d, "description"));

	if (text.len || (e->s->upstream && !x->standard))
		return text;
	if (!e->s->upstream && x->structure && x->structure->description.len)
		return x->structure->description;
	return x->standard ? span_of(x->entity ?
		"Snowplow standard entity schema" :
		"Snowplow standard event schema") : text;
}

static void put_url(struct emit *e, struct buf *b, const struct schema_set *x)
{
	const struct org_structure *o = x->structure;
	struct buf url = {0};

	if (!o || !o->hash.s || !e->l->org_id.s)
		return;
	buf_addf(&url, "%s/%.*s/data-structures/%.*s?version=%.*s",
		 e->s->console_url, (int)e->l->org_id.len, e->l->org_id.s,
		 (int)o->hash.len, o->hash.s, (int)x->version.len,
		 x->version.s);
	put_span(b, "externalUrl", (struct span){url.s, url.len});
	buf_release(&url);
}

static void emit_properties(struct emit *e, const struct schema_set *x)
{
	struct buf *b = mcp_begin(e->m, "dataset", x->urn,
				  "datasetProperties");
	struct pool scratch = {0};
	struct props p = {0};

	schema_props(&p, x);
	props_put(b, &p);
	put_url(e, b, x);
	put_span(b, "name", x->name);
	put_span_if(b, "description", description_of(e, x, &scratch));
	put_open(b, "tags", '[');
	buf_addc(b, ']');
	mcp_end(e->m);
	props_release(&p);
	pool_release(&scratch);
}

/* Who it was: by id, by a name that only one has, as it is said. */
static struct span who(const struct org *o, const struct org_deployment *d)
{
	const struct org_user *u = d->initiator_id.s ?
		org_user_by_id(o, d->initiator_id) : NULL;
	size_t matches;

	if (!u && d->initiator.s)
		u = org_user_by_name(o, d->initiator, &matches);
	if (u && u->email.len)
		return u->email;
	return u && u->name.len ? u->name : d->initiator;
}

/*
 * The oldest deployment's is the owner, but only a whole history tells which
 * is the oldest; the newest one's the producer.
 */
static void emit_schema_owners(struct emit *e, const struct schema_set *x)
{
	const struct org_structure *o = x->structure;
	bool whole = o && o->has_history &&
		(!e->s->upstream || e->s->field_versions);
	const struct org_deployment *list;
	struct buf url = {0}, urns[2] = {{0}, {0}};
	struct owner owners[2];
	struct span first = {NULL, 0}, last;
	size_t n, *index, count = 0;

	if (!o)
		return;
	list = whole ? o->history : o->deployments;
	n = whole ? o->nhistory : o->ndeployments;
	if (!n)
		return;
	index = mem_alloc(n * sizeof(*index));
	when_sort(list, n, index);
	if (whole || e->s->upstream)
		first = who(e->l->org, &list[index[0]]);
	last = who(e->l->org, &list[index[n - 1]]);
	free(index);
	buf_addf(&url, "%s/organizations/%.*s/data-structures",
		 e->s->console_url, (int)e->l->org_id.len,
		 e->l->org_id.s ? e->l->org_id.s : "");
	for (int i = 0; i < 2; i++) {
		struct span name = i ? last : first;

		if (!name.len || (i && first.len &&
				  !span_compare(first, last)))
			continue;
		urn_user(&urns[i], name);
		owners[count++] = (struct owner){
			{urns[i].s, urns[i].len},
			i ? "PRODUCER" : "DATAOWNER", "SOURCE_CONTROL",
			{url.s, url.len}
		};
	}
	emit_ownership(e, "dataset", x->urn, owners, count);
	buf_release(&url);
	buf_release(&urns[0]);
	buf_release(&urns[1]);
}

static void emit_domain(struct emit *e, const struct schema_set *x)
{
	struct buf name = {0}, *b;

	if (!e->s->ndomains)
		return;
	buf_add(&name, x->vendor.s, x->vendor.len);
	buf_addc(&name, '/');
	buf_add(&name, x->name.s, x->name.len);
	for (size_t i = 0; i < e->s->ndomains; i++) {
		if (!pattern_matches(&e->s->domains[i].pattern,
				     (struct span){name.s, name.len}))
			continue;
		b = mcp_begin(e->m, "dataset", x->urn, "domains");
		put_open(b, "domains", '[');
		put_item(b);
		put_string(b, span_of(e->s->domains[i].urn));
		buf_addc(b, ']');
		mcp_end(e->m);
		break;
	}
	buf_release(&name);
}

static void emit_field_properties(struct emit *e, const struct schema_set *x)
{
	size_t *index = mem_alloc((x->fields.n + 1) * sizeof(*index));
	struct buf urn = {0};

	order_by_path(x->fields.items, x->fields.n, index);
	for (size_t i = 0; i < x->fields.n; i++) {
		if (!mark_has_properties(e->l, x, index[i]))
			continue;
		buf_clear(&urn);
		urn_field(&urn, x->urn, x->fields.items[index[i]].path);
		mark_put_properties(e->l, x, index[i],
				    (struct span){urn.s, urn.len});
	}
	free(index);
	buf_release(&urn);
}

static void emit_schema(struct emit *e, const struct schema_set *x)
{
	struct span path[VENDOR_PARTS];
	size_t n = emit_vendor_path(e, x->vendor, path);

	mcp_status(e->m, "dataset", x->urn, false);
	emit_schema_tags(e, x);
	emit_metadata(e, x);
	emit_platform_instance(e, "dataset", x->urn);
	emit_properties(e, x);
	if (n)
		emit_container_of(e, "dataset", x->urn, path[n - 1]);
	emit_subtype(e, "dataset", x->urn, x->entity ?
		     "snowplow_entity_schema" : "snowplow_event_schema");
	emit_schema_owners(e, x);
	emit_domain(e, x);
	if (n)
		emit_browse_path(e, "dataset", x->urn, path, n);
	emit_field_properties(e, x);
	e->counts->schemas++;
}

void emit_schemas(struct emit *e, bool standard)
{
	for (size_t i = 0; i < e->l->nschemas && !e->m->failed; i++)
		if (e->l->schemas[i].standard == standard)
			emit_schema(e, &e->l->schemas[i]);
}
