/*
 * emit_aspects -- aspects that several kinds of entities have.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "datahub/emit_in.h"

static struct span span_of_buf(const struct buf *b)
{
	return (struct span){b->s ? b->s : "", b->len};
}

void emit_container_of(struct emit *e, const char *entity, struct span urn,
		       struct span container)
{
	if (!container.s)
		return;
	put_span(mcp_begin(e->m, entity, urn, "container"), "container",
		 container);
	mcp_end(e->m);
}

void emit_platform_instance(struct emit *e, const char *entity,
			    struct span urn)
{
	struct buf *b = mcp_begin(e->m, entity, urn, "dataPlatformInstance");
	struct buf instance = {0};

	put_text(b, "platform", URN_PLATFORM);
	if (e->s->instance) {
		urn_instance(&instance, e->s);
		put_span(b, "instance", span_of_buf(&instance));
	}
	mcp_end(e->m);
	buf_release(&instance);
}

/*
 * What the pinned release calls subtypes.  The golden files, and so the
 * default, have the names of before.
 */
static const char *renamed(const char *name)
{
	static const char *const names[][2] = {
		{"snowplow_event_schema", "Event Schema"},
		{"snowplow_entity_schema", "Entity Schema"},
		{"snowplow_event_spec", "Event Specification"},
		{"snowplow_tracking_plan", "Tracking Plan"},
		{"atomic_event", "Atomic Event"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i][0]))
			return names[i][1];
	return name;
}

void emit_subtype(struct emit *e, const char *entity, struct span urn,
		  const char *name)
{
	struct buf *b = mcp_begin(e->m, entity, urn, "subTypes");

	put_open(b, "typeNames", '[');
	put_item(b);
	put_string(b, span_of(e->s->upstream ? renamed(name) : name));
	buf_addc(b, ']');
	mcp_end(e->m);
}

static void put_entry(struct buf *b, struct span urn)
{
	put_item(b);
	buf_addc(b, '{');
	put_span(b, "id", urn);
	put_span(b, "urn", urn);
	buf_addc(b, '}');
}

void emit_browse_path(struct emit *e, const char *entity, struct span urn,
		      const struct span *path, size_t n)
{
	struct buf *b = mcp_begin(e->m, entity, urn, "browsePathsV2");
	struct buf instance = {0};

	put_open(b, "path", '[');
	if (e->s->instance) {
		urn_instance(&instance, e->s);
		put_entry(b, span_of_buf(&instance));
	}
	for (size_t i = 0; i < n; i++)
		put_entry(b, path[i]);
	buf_addc(b, ']');
	mcp_end(e->m);
	buf_release(&instance);
}

size_t emit_vendor_path(struct emit *e, struct span vendor,
			struct span path[VENDOR_PARTS])
{
	struct lineage *l = e->l;
	struct buf b = {0};
	size_t n = 0;

	if (!l->org_urn.s)
		return 0;
	path[n++] = l->org_urn;
	for (size_t i = 0; i <= vendor.len; i++) {
		if (i < vendor.len && vendor.s[i] != '.')
			continue;
		if (n == VENDOR_PARTS)
			break;
		urn_container(&b, e->s, l->org_id, "vendor",
			      (struct span){vendor.s, i});
		path[n++] = lineage_keep(l, &b);
	}
	return n;
}

static void put_owner(struct buf *b, const struct owner *o)
{
	put_item(b);
	buf_addc(b, '{');
	put_span(b, "owner", o->urn);
	put_text(b, "type", o->type);
	if (o->source) {
		put_open(b, "source", '{');
		put_text(b, "type", o->source);
		put_span_if(b, "url", o->url);
		buf_addc(b, '}');
	}
	buf_addc(b, '}');
}

/* ${text} as a token of a JSON Pointer (RFC 6901). */
static void add_token(struct buf *b, struct span text)
{
	buf_addc(b, '/');
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] == '~')
			buf_adds(b, "~0");
		else if (text.s[i] == '/')
			buf_adds(b, "~1");
		else
			buf_addc(b, text.s[i]);
	}
}

/*
 * What the server is to find entries by.  By default releases take other keys,
 * and with some an owner by person and type alone would replace people's own
 * of that type.  (U+241F stands between the names of members inside each
 * other.)
 */
#define OWNER_KEYS "{\"owners\":[\"owner\",\"type\",\"typeUrn\"," \
		   "\"attribution\xe2\x90\x9fsource\"]}"
#define TAG_KEYS "{\"tags\":[\"attribution\xe2\x90\x9fsource\",\"tag\"]}"

/* {"op":"add","path":...,"value": left open */
static void open_add(struct buf *b, const struct buf *path)
{
	put_item(b);
	buf_addc(b, '{');
	put_text(b, "op", "add");
	put_span(b, "path", span_of_buf(path));
	put_key(b, "value");
}

static void patch_ownership(struct emit *e, const char *entity,
			    struct span urn, const struct owner *o, size_t n)
{
	struct buf *b = mcp_begin_keyed_patch(e->m, entity, urn, "ownership",
					      OWNER_KEYS);
	struct buf path = {0};

	for (size_t i = 0; i < n; i++) {
		buf_clear(&path);
		buf_adds(&path, "/owners");
		add_token(&path, o[i].urn);
		add_token(&path, span_of(o[i].type));
		buf_adds(&path, "//");	/* no typeUrn, no source */
		open_add(b, &path);
		put_owner(b, &o[i]);
		buf_addc(b, '}');
	}
	mcp_end(e->m);
	buf_release(&path);
}

static void put_stamp(struct buf *b, const char *key)
{
	put_open(b, key, '{');
	put_u64(b, "time", 0);
	put_text(b, "actor", "urn:li:corpuser:unknown");
	buf_addc(b, '}');
}

void emit_ownership(struct emit *e, const char *entity, struct span urn,
		    const struct owner *o, size_t n)
{
	struct buf *b;

	if (!n)
		return;
	if (e->s->patch_ownership) {
		patch_ownership(e, entity, urn, o, n);
		return;
	}
	b = mcp_begin(e->m, entity, urn, "ownership");
	put_open(b, "owners", '[');
	for (size_t i = 0; i < n; i++)
		put_owner(b, &o[i]);
	buf_addc(b, ']');
	put_open(b, "ownerTypes", '{');
	buf_addc(b, '}');
	put_stamp(b, "lastModified");
	mcp_end(e->m);
}

static void put_tag(struct buf *b, struct span urn)
{
	buf_addc(b, '{');
	put_span(b, "tag", urn);
	buf_addc(b, '}');
}

void emit_tags(struct emit *e, const char *entity, struct span urn,
	       const struct tags *t)
{
	struct buf tag = {0}, path = {0}, *b;
	bool patch = e->s->patch_tags;

	if (!t->n)
		return;
	b = patch ? mcp_begin_keyed_patch(e->m, entity, urn, "globalTags",
					  TAG_KEYS) :
		mcp_begin(e->m, entity, urn, "globalTags");
	if (!patch)
		put_open(b, "tags", '[');
	for (size_t i = 0; i < t->n; i++) {
		buf_clear(&tag);
		urn_tag(&tag, t->items[i]);
		if (patch) {
			buf_clear(&path);
			buf_adds(&path, "/tags/");	/* no source */
			add_token(&path, span_of_buf(&tag));
			open_add(b, &path);
		} else {
			put_item(b);
		}
		put_tag(b, span_of_buf(&tag));
		if (patch)
			buf_addc(b, '}');
		tags_add(&e->tags, t->items[i]);
	}
	if (!patch)
		buf_addc(b, ']');
	mcp_end(e->m);
	buf_release(&tag);
	buf_release(&path);
}

void put_upstream(struct buf *b, struct span dataset)
{
	put_item(b);
	buf_addc(b, '{');
	put_stamp(b, "auditStamp");
	put_span(b, "dataset", dataset);
	put_text(b, "type", "TRANSFORMED");
	buf_addc(b, '}');
}

static void put_field_list(struct buf *b, const char *key, struct span dataset,
			   struct span path)
{
	struct buf urn = {0};

	urn_field(&urn, dataset, path);
	put_open(b, key, '[');
	put_item(b);
	put_string(b, span_of_buf(&urn));
	buf_addc(b, ']');
	buf_release(&urn);
}

void put_edge(struct buf *b, struct span from_dataset, struct span from_path,
	      struct span to_dataset, struct span to_path)
{
	put_item(b);
	buf_addc(b, '{');
	put_text(b, "upstreamType", "FIELD_SET");
	put_field_list(b, "upstreams", from_dataset, from_path);
	put_text(b, "downstreamType", "FIELD_SET");
	put_field_list(b, "downstreams", to_dataset, to_path);
	buf_adds(b, ",\"confidenceScore\":1.0}");
}

void put_schema_head(struct buf *b, struct span name)
{
	put_span(b, "schemaName", name);
	put_text(b, "platform", URN_PLATFORM);
	put_u64(b, "version", 0);
	put_stamp(b, "created");
	put_stamp(b, "lastModified");
	put_text(b, "hash", "");
	buf_adds(b, ",\"platformSchema\":{\"com.linkedin.schema.OtherSchema\":"
		 "{\"rawSchema\":\"\"}},\"fields\":[");
}
