/*
 * render_datahub -- a scan as metadata of a dataset, for DataHub.
 *
 * Two metadata change proposals, a line each, as DataHub's file source takes
 * them: schemaMetadata with a field for each key, and datasetProfile with the
 * counts.  Field paths are of DataHub's "field path spec v2": a name has the
 * types that lead to it before it, and what is inside begins with the path of
 * what it is in.  A value of several types is a union; what is in one of its
 * types has that type behind "union".
 */
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "json/str.h"
#include "attrs/render.h"

struct urn {
	struct buf platform, name;
};

/* urn:li:dataset:(urn:li:dataPlatform:PLATFORM,NAME,ENV) */
static int read_urn(struct urn *u, const char *text)
{
	static const char start[] = "urn:li:dataset:(";
	static const char platform[] = "urn:li:dataPlatform:";
	const char *s = text + sizeof(start) - 1, *first, *last;
	size_t len = strlen(text);

	if (strncmp(text, start, sizeof(start) - 1) != 0 ||
	    strncmp(s, platform, sizeof(platform) - 1) != 0 ||
	    text[len - 1] != ')')
		return -1;
	first = strchr(s, ',');
	last = strrchr(text, ',');
	if (!first || first == last || last == text + len - 2)
		return -1;
	buf_add(&u->platform, s, (size_t)(first - s));
	buf_add(&u->name, first + 1, (size_t)(last - first - 1));
	return 0;
}

int render_datahub_check(const struct render_opts *o)
{
	struct urn u = {0};
	int rc = RC_DONE;

	if (!o->urn || read_urn(&u, o->urn)) {
		err_msg("--to=datahub needs --urn=\"urn:li:dataset:"
			"(urn:li:dataPlatform:NAME,DATASET,ENV)\"");
		rc = RC_USAGE;
	}
	buf_release(&u.platform);
	buf_release(&u.name);
	return rc;
}

/* The one type of an attribute, or union. */
static const char *type_of(const struct view *v, uint32_t i)
{
	struct facts f;
	int n;

	view_facts(v, i, &f);
	n = (f.str->count > 0) + (f.i->count || f.f->count) +
	    (f.box->boolean.count > 0) + (f.box->object.count > 0) +
	    (f.box->arrays > 0);
	if (n > 1)
		return "union";
	if (f.box->object.count)
		return v->tree->attrs[v->nodes[i].node].map != NODE_NONE ?
			 "map" : "object";
	return f.box->arrays ? "array" : f.str->count ? "string" :
	       f.f->count ? "number" : f.i->count ? "integer" :
	       f.box->boolean.count ? "boolean" : "null";
}

static void add_token(struct buf *b, const char *type)
{
	buf_addf(b, ".[type=%s]", type);
}

/* The items or values of ${i}, which come first, or VIEW_NONE. */
static uint32_t inside(const struct view *v, uint32_t i)
{
	uint32_t c = i + 1;

	return c < v->nodes[i].end && (view_attr(v, c)->kind == STEP_ITEM ||
				       view_attr(v, c)->kind == STEP_MAP) ?
		c : VIEW_NONE;
}

/*
 * The types of the field of key ${i}: its own, and down through items and
 * values as long as there is one way.
 */
static void add_types(struct buf *b, const struct view *v, uint32_t i)
{
	const char *type = type_of(v, i);

	add_token(b, type);
	while (!strcmp(type, "array") || !strcmp(type, "map")) {
		i = inside(v, i);
		if (i == VIEW_NONE)
			break;
		type = type_of(v, i);
		add_token(b, type);
	}
}

/*
 * The types on the way from key ${i} (or the record) to the object ${to}, whose
 * keys are fields.
 */
static void add_way(struct buf *b, const struct view *v, uint32_t i,
		    uint32_t to)
{
	uint32_t *chain = mem_alloc((v->nodes[to].depth + 1UL) *
				    sizeof(*chain));
	uint32_t n = 0;

	for (uint32_t at = to; at != i; at = v->nodes[at].parent)
		chain[n++] = at;
	for (uint32_t at = i;;) {
		enum step_kind next = n ? view_attr(v, chain[n - 1])->kind :
				      STEP_KEY;

		if (!strcmp(type_of(v, at), "union"))
			add_token(b, "union");
		add_token(b, next == STEP_ITEM ? "array" : next == STEP_MAP ?
			  "map" : next == STEP_NULL ? "string" : "object");
		if (!n)
			break;
		at = chain[--n];
	}
	free(chain);
}

/* A name in a path: its dots would divide it. */
static void add_name(struct buf *b, const struct attr *a)
{
	buf_addc(b, '.');
	for (size_t i = 0; i < a->key_len; i++)
		buf_addc(b, a->key[i] == '.' ? '_' : a->key[i]);
}

/* The key around ${i} (which can be itself), 0 for the record. */
static uint32_t key_of(const struct view *v, uint32_t i)
{
	while (i && view_attr(v, i)->kind != STEP_KEY)
		i = v->nodes[i].parent;
	return i;
}

/* What the paths of keys of object ${i} begin with. */
static void add_prefix(struct buf *b, const struct view *v, uint32_t i)
{
	uint32_t *keys = mem_alloc((v->nodes[i].depth + 1UL) * sizeof(*keys));
	uint32_t n = 0, object = i;

	/* objects, from the inside out */
	for (;;) {
		uint32_t key = key_of(v, object);

		keys[n++] = object;
		if (!key)
			break;
		object = v->nodes[key].parent;
	}
	buf_adds(b, "[version=2.0]");
	while (n) {
		uint32_t to = keys[--n], key = key_of(v, to);

		add_way(b, v, key, to);
		if (key)
			add_name(b, view_attr(v, key));
	}
	free(keys);
}

static void add_path(struct buf *b, const struct view *v, uint32_t i)
{
	struct buf path = {0};

	add_prefix(&path, v, v->nodes[i].parent);
	add_types(&path, v, i);
	add_name(&path, view_attr(v, i));
	str_write(b, path.s, path.len);
	buf_release(&path);
}

/* DataHub's class of a type. */
static void add_class(struct buf *b, const struct view *v, uint32_t i)
{
	const char *type = type_of(v, i), *name = "StringType";
	uint32_t item = inside(v, i);
	struct facts f;
	int format;

	view_facts(v, i, &f);
	format = facts_format(&f, false);
	if (!strcmp(type, "array") || !strcmp(type, "map")) {
		const char *of = item == VIEW_NONE ? "null" : type_of(v, item);

		buf_adds(b, "{\"com.linkedin.schema.");
		buf_adds(b, type[0] == 'a' ? "ArrayType\":{\"nestedType\":[" :
			 "MapType\":{\"keyType\":\"string\",\"valueType\":");
		buf_addf(b, "\"%s\"%s}}", of, type[0] == 'a' ? "]" : "");
		return;
	}
	if (!strcmp(type, "union"))
		name = "UnionType";
	else if (!strcmp(type, "object"))
		name = "RecordType";
	else if (!strcmp(type, "number") || !strcmp(type, "integer"))
		name = "NumberType";
	else if (!strcmp(type, "boolean"))
		name = "BooleanType";
	else if (!strcmp(type, "null"))
		name = "NullType";
	else if (format >= 0 && !strcmp(format_names[format], "date"))
		name = "DateType";
	else if (format >= 0 && !strcmp(format_names[format], "date-time"))
		name = "TimeType";
	buf_addf(b, "{\"com.linkedin.schema.%s\":{}}", name);
}

static void add_field(struct render *r, uint32_t i)
{
	struct buf *b = &r->text;
	struct facts f;

	view_facts(r->view, i, &f);
	buf_adds(b, "{\"fieldPath\":");
	add_path(b, r->view, i);
	buf_addf(b, ",\"nullable\":%s,\"type\":{\"type\":",
		 f.nulls || !facts_required(&f) ? "true" : "false");
	add_class(b, r->view, i);
	buf_adds(b, "},\"nativeDataType\":\"");
	facts_add_types(b, &f);
	buf_adds(b, "\",\"recursive\":false,\"isPartOfKey\":false}");
}

static void begin(struct render *r, const char *aspect)
{
	buf_adds(&r->text, "{\"entityType\":\"dataset\",\"entityUrn\":");
	str_write(&r->text, r->opts->urn, strlen(r->opts->urn));
	buf_addf(&r->text, ",\"changeType\":\"UPSERT\",\"aspectName\":\"%s\","
		 "\"aspect\":{\"json\":{", aspect);
}

static int each_key(struct render *r,
		    void (*add)(struct render *, uint32_t i))
{
	const char *comma = "";
	int rc = 0;

	for (uint32_t i = 1; i < r->view->n && !rc; i++) {
		if (view_attr(r->view, i)->kind != STEP_KEY)
			continue;
		buf_adds(&r->text, comma);
		add(r, i);
		comma = ",";
		rc = render_flush_some(r);
	}
	buf_adds(&r->text, "]}}}\n");
	return rc;
}

static int write_schema(struct render *r, const struct urn *u)
{
	struct buf *b = &r->text;

	begin(r, "schemaMetadata");
	buf_adds(b, "\"schemaName\":");
	str_write(b, u->name.s, u->name.len);
	buf_adds(b, ",\"platform\":");
	str_write(b, u->platform.s, u->platform.len);
	buf_adds(b, ",\"version\":0,\"created\":{\"time\":0,\"actor\":"
		 "\"urn:li:corpuser:unknown\"},\"lastModified\":{\"time\":0,"
		 "\"actor\":\"urn:li:corpuser:unknown\"},\"hash\":\"\","
		 "\"platformSchema\":{\"com.linkedin.schema.OtherSchema\":"
		 "{\"rawSchema\":\"\"}},\"fields\":[");
	return each_key(r, add_field);
}

/* A share with six decimals; no floating point. */
static void add_share(struct buf *b, uint64_t part, uint64_t all)
{
	uint64_t millionths = share_of(part, all, 1000000);

	buf_addf(b, "%llu.%06llu", (unsigned long long)(millionths / 1000000),
		 (unsigned long long)(millionths % 1000000));
}

/* Objects without the key count as nulls, as they would in a table. */
static void add_profile(struct render *r, uint32_t i)
{
	struct buf *b = &r->text;
	struct facts f;
	uint64_t nulls;

	view_facts(r->view, i, &f);
	nulls = f.objects - f.present + f.nulls;
	buf_adds(b, "{\"fieldPath\":");
	add_path(b, r->view, i);
	buf_addf(b, ",\"nullCount\":%llu,\"nullProportion\":",
		 (unsigned long long)nulls);
	add_share(b, nulls, f.objects);
	if (f.active == 1u << VERSION_INT || f.active == 1u << VERSION_FLOAT) {
		bool ints = f.i->count > 0;
		const struct extreme *ends[2] = {
			ints ? &f.i->min : &f.f->min,
			ints ? &f.i->max : &f.f->max
		};

		for (unsigned k = 0; k < 2; k++) {
			char small[24];
			size_t len;
			const char *s = extreme_string(ends[k], small, &len);

			if (s)
				buf_addf(b, ",\"%s\":\"%.*s\"", k ? "max" :
					 "min", (int)len, s);
		}
	}
	buf_addc(b, '}');
}

static int write_profile(struct render *r)
{
	struct render_totals n;

	render_count(r->view, &n);
	begin(r, "datasetProfile");
	buf_addf(&r->text, "\"timestampMillis\":%llu,\"rowCount\":%llu,"
		 "\"columnCount\":%llu,\"sizeInBytes\":%llu,"
		 "\"fieldProfiles\":[",
		 (unsigned long long)r->opts->timestamp,
		 (unsigned long long)r->scan->totals.records,
		 (unsigned long long)n.keys,
		 (unsigned long long)r->scan->totals.bytes);
	return each_key(r, add_profile);
}

int render_datahub(struct render *r)
{
	struct urn u = {0};
	int rc = read_urn(&u, r->opts->urn);

	if (!rc)
		rc = write_schema(r, &u);
	if (!rc && r->opts->timestamp)
		rc = write_profile(r);
	buf_release(&u.platform);
	buf_release(&u.name);
	return rc || render_flush(r) ? RC_FAILED : RC_DONE;
}
