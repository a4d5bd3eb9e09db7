/*
 * object -- the parts of structs(5) lines.
 */
#include "json/compact.h"
#include "json/seek.h"
#include "json/str.h"
#include "snowplow/object.h"

static const char *const kinds[KINDS] = {
	"organization", "data_structure", "schema", "event_spec",
	"tracking_plan", "data_model", "source_app", "pipeline", "enrichment",
	"destination", "user", "end"
};

const char *kind_name(enum kind kind)
{
	return kinds[kind];
}

enum kind kind_find(const char *name, size_t len)
{
	int k;

	for (k = 0; k < KINDS; k++)
		if (strlen(kinds[k]) == len && !memcmp(kinds[k], name, len))
			break;
	return (enum kind)k;
}

void object_begin(struct buf *b, enum kind kind)
{
	buf_adds(b, "{\"kind\":\"");
	buf_adds(b, kinds[kind]);
	buf_addc(b, '"');
}

void object_add(struct buf *b, const char *name, struct span raw)
{
	buf_adds(b, ",\"");
	buf_adds(b, name);
	buf_adds(b, "\":");
	json_compact(b, raw);
}

void object_add_text(struct buf *b, const char *name, const char *text,
		   size_t len)
{
	buf_adds(b, ",\"");
	buf_adds(b, name);
	buf_adds(b, "\":");
	str_write(b, text, len);
}

static bool key_is(struct span raw, const char *name)
{
	size_t len = strlen(name);

	if (memchr(raw.s, '\\', raw.len))
		return seek_key_escaped(raw, name, len);
	return raw.len == len && !memcmp(raw.s, name, len);
}

/* Is the unescaped ${name} one of ours in lines of ${kind}? */
static bool is_ours(enum kind kind, const char *name, size_t len)
{
	static const char *const all[] = {
		"kind", "from", "body", "history", "versions", "fetch_error"
	};
	const char *parent = kind == KIND_ENRICHMENT ? "pipelineId" :
			     kind == KIND_DATA_MODEL ? "trackingPlanId" : "";

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strlen(all[i]) == len && !memcmp(all[i], name, len))
			return true;
	return *parent && strlen(parent) == len && !memcmp(parent, name, len);
}

/* Does the key ${raw} get an "api_" before it?  So that none can clash. */
static bool is_renamed(enum kind kind, struct span raw)
{
	struct buf name = {0};
	const char *s = raw.s;
	size_t len = raw.len;
	bool renamed;

	if (memchr(s, '\\', len)) {
		str_unescape(&name, s, len);
		s = name.s;
		len = name.len;
	}
	while (len > 4 && !memcmp(s, "api_", 4)) {
		s += 4;
		len -= 4;
	}
	renamed = len && is_ours(kind, s, len);
	buf_release(&name);
	return renamed;
}

void object_members(struct buf *b, enum kind kind, struct span object)
{
	struct value_iter it;
	struct span key, value;

	value_iter_start(&it, object);
	while (value_next(&it, &key, &value)) {
		buf_adds(b, is_renamed(kind, key) ? ",\"api_" : ",\"");
		buf_add(b, key.s, key.len);
		buf_adds(b, "\":");
		json_compact(b, value);
	}
}

void fetch_error_write(struct buf *b, const struct fetch_error *e)
{
	buf_adds(b, "{\"error\":\"");
	buf_adds(b, e->error);
	buf_adds(b, "\",\"status\":");
	if (e->status)
		buf_addi(b, e->status);
	else
		buf_adds(b, "null");
	buf_adds(b, ",\"url\":");
	str_write(b, e->url, strlen(e->url));
	buf_adds(b, ",\"reason\":");
	str_write(b, e->reason, strlen(e->reason));
	buf_addc(b, '}');
}

void object_fetch_error(struct buf *b, const struct fetch_error *e)
{
	buf_adds(b, ",\"fetch_error\":");
	fetch_error_write(b, e);
}

void object_close(struct buf *b)
{
	buf_adds(b, "}\n");
}

struct span object_member(struct span object, const char *name)
{
	struct span key, value, found = {NULL, 0};
	struct value_iter it;

	if (!object.len || *object.s != '{')
		return found;
	value_iter_start(&it, object);
	while (value_next(&it, &key, &value))
		if (key_is(key, name))
			found = value_trim(value.s, value.len);
	return found;
}

bool object_text(struct span object, const char *name, struct buf *text)
{
	struct span raw = object_member(object, name);

	buf_clear(text);
	if (!raw.s || *raw.s != '"')
		return false;
	str_unescape(text, raw.s + 1, raw.len - 2);
	return true;
}
