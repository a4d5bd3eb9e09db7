/*
 * marks -- tags and structured properties of fields.
 */
#include "datahub/marks.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "datahub/when.h"

#define PROPERTY "urn:li:structuredProperty:io.acryl.snowplow."

bool marks_apply(const struct lineage *l, const struct schema_set *x)
{
	return x && x->structure && !l->settings->no_field_tagging;
}

static int by_version(const void *va, const void *vb)
{
	const struct org_deployment *a = *(const struct org_deployment *const *)
		va, *b = *(const struct org_deployment *const *)vb;

	return span_compare(a->version, b->version);
}

struct ranked {
	const struct org_deployment *d;
	size_t rank;		/* by time */
};

static int by_rank(const void *va, const void *vb)
{
	const struct ranked *a = va, *b = vb;
	int order = span_compare(a->d->version, b->d->version);

	return order ? order : a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Of all that ever were, if they are known. */
void marks_deployments(struct lineage *l, struct schema_set *x)
{
	const struct settings *s = l->settings;
	const struct org_structure *o = x->structure;
	const struct org_deployment *list;
	struct ranked *ranked;
	size_t n, *index, count = 0;
	bool all;

	if (!marks_apply(l, x))
		return;
	all = o->has_history && (!s->upstream || s->field_versions);
	list = all ? o->history : o->deployments;
	n = all ? o->nhistory : o->ndeployments;
	index = mem_alloc((n + 1) * sizeof(*index));
	x->latest = pool_zero(&l->pool, n, sizeof(struct org_deployment *));
	when_sort(list, n, index);
	ranked = mem_alloc((n + 1) * sizeof(*ranked));
	for (size_t i = 0; i < n; i++)
		if (list[index[i]].version.s)
			ranked[count++] = (struct ranked){&list[index[i]], i};
	if (count)
		qsort(ranked, count, sizeof(*ranked), by_rank);
	for (size_t i = 0; i < count; i++)	/* the last of a version */
		if (i + 1 == count || span_compare(ranked[i].d->version,
						   ranked[i + 1].d->version))
			x->latest[x->nlatest++] = ranked[i].d;
	free(ranked);
	free(index);
}

static const struct org_deployment *deployment(const struct schema_set *x,
					       struct span version)
{
	const struct org_deployment key = {.version = version}, *k = &key;
	const struct org_deployment **found;

	found = x->nlatest ? bsearch(&k, x->latest, x->nlatest,
				     sizeof(struct org_deployment *),
				     by_version) : NULL;
	return found ? *found : NULL;
}

/* ${part} is lower-case. */
static bool contains(struct span text, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= text.len; i++) {
		size_t k = 0;

		while (k < n && tolower((unsigned char)text.s[i + k]) ==
		       (unsigned char)part[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}

static bool any_part(const struct opt_list *parts, struct span text)
{
	for (size_t i = 0; i < parts->n; i++)
		if (contains(text, parts->items[i]))
			return true;
	return false;
}

/*
 * By the PII enrichment's own list, else by parts of the name; the connector
 * takes the whole path for the name.
 */
static void classify(const struct lineage *l, const struct field *f,
		     struct mark *m)
{
	const struct settings *s = l->settings;
	struct span name = s->upstream ? f->path : f->name;

	for (size_t i = 0; i < l->npii; i++)
		if (!span_compare(l->pii[i], f->name) ||
		    !span_compare(l->pii[i], f->path)) {
			m->pii = true;
			return;
		}
	m->pii = any_part(&s->pii, name);
	m->sensitive = any_part(&s->sensitive, name);
}

struct mark mark_of(const struct lineage *l, const struct schema_set *x,
		    size_t field)
{
	struct mark m = {.version = x->added ? x->added[field] : x->version};
	const struct org_deployment *d;

	m.told = x->added && m.version.s;
	classify(l, &x->fields.items[field], &m);
	if (!m.version.s)
		return m;
	m.initial = span_is(m.version, "1-0-0");
	d = deployment(x, m.version);
	if (d) {
		m.author = d->initiator;
		m.time = d->ts;
	}
	return m;
}

struct span mark_description(const struct lineage *l,
			     const struct schema_set *x, size_t field,
			     struct buf *b)
{
	const struct field *f = &x->fields.items[field];
	struct span version = x->added ? x->added[field] :
		(struct span){NULL, 0};

	if (!marks_apply(l, x) || l->settings->no_tag_version || !version.s ||
	    span_is(version, "1-0-0") ||
	    (l->settings->upstream && !span_compare(version, x->version) &&
	     (f->parent >= 0 || span_compare(f->path, f->name))))
		return f->description;
	buf_clear(b);
	if (f->description.s) {
		buf_add(b, f->description.s, f->description.len);
		buf_adds(b, " (");
	}
	buf_adds(b, "Added in version ");
	buf_add(b, version.s, version.len);
	if (f->description.s)
		buf_addc(b, ')');
	return (struct span){b->s, b->len};
}

/* ${pattern} with ${value} for the first {...} in it. */
static void fill(struct buf *b, const char *pattern, struct span value)
{
	const char *open = strchr(pattern, '{');
	const char *close = open ? strchr(open, '}') : NULL;

	if (!close) {
		buf_adds(b, pattern);
		return;
	}
	buf_add(b, pattern, (size_t)(open - pattern));
	buf_add(b, value.s, value.len);
	buf_adds(b, close + 1);
}

/* The part of an address before the @; else the name. */
static struct span local_part(struct span who)
{
	const char *at = memchr(who.s, '@', who.len);

	return at ? (struct span){who.s, (size_t)(at - who.s)} : who;
}

static void author_tag(struct buf *b, const char *pattern, struct span who)
{
	struct buf slug = {0};

	who = local_part(who);
	for (size_t i = 0; i < who.len; i++) {
		char c = who.s[i];

		buf_addc(&slug, c == ' ' || c == '.' ? '_' :
			 (char)tolower((unsigned char)c));
	}
	fill(b, pattern, (struct span){slug.s ? slug.s : "", slug.len});
	buf_release(&slug);
}

static void version_tag(struct buf *b, const char *pattern, struct span v)
{
	struct buf clean = {0};

	for (size_t i = 0; i < v.len; i++)
		buf_addc(&clean, v.s[i] == '.' ? '-' : v.s[i]);
	fill(b, pattern, (struct span){clean.s, clean.len});
	buf_release(&clean);
}

static void add_tag(struct tags *t, struct buf *b)
{
	tags_add(t, (struct span){b->s, b->len});
	buf_clear(b);
}

static void collect_tags(const struct lineage *l, const struct mark *m,
			 struct tags *mine)
{
	const struct settings *s = l->settings;
	bool class_only = s->marks == MARKS_PII_TAGS;
	struct buf b = {0};

	if (!s->no_tag_version && !m->initial && !class_only && m->version.s) {
		version_tag(&b, s->version_tag, m->version);
		add_tag(mine, &b);
	}
	if (!s->no_tag_class && m->pii)
		tags_add(mine, span_of("PII"));
	if (!s->no_tag_class && m->sensitive)
		tags_add(mine, span_of("Sensitive"));
	if (!s->no_tag_author && !m->initial && !class_only && m->author.len) {
		author_tag(&b, s->author_tag, m->author);
		add_tag(mine, &b);
	}
	buf_release(&b);
}

static void put_tag_list(struct buf *b, const struct tags *mine)
{
	struct buf urn = {0};

	put_open(b, "tags", '[');
	for (size_t i = 0; i < mine->n; i++) {
		buf_clear(&urn);
		urn_tag(&urn, mine->items[i]);
		put_item(b);
		buf_addc(b, '{');
		put_span(b, "tag", (struct span){urn.s, urn.len});
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
	buf_release(&urn);
}

void mark_put_tags(const struct lineage *l, const struct schema_set *x,
		   size_t field, struct buf *b, struct tags *tags)
{
	struct tags mine = {0};
	struct mark m;

	if (!marks_apply(l, x) || l->settings->marks == MARKS_PROPERTIES)
		return;
	m = mark_of(l, x, field);
	collect_tags(l, &m, &mine);
	if (mine.n) {
		put_open(b, "globalTags", '{');
		put_tag_list(b, &mine);
		buf_addc(b, '}');
	}
	for (size_t i = 0; i < mine.n; i++)
		tags_add(tags, mine.items[i]);
	tags_release(&mine);
}

bool mark_has_properties(const struct lineage *l, const struct schema_set *x,
			 size_t field)
{
	(void)field;
	return marks_apply(l, x) && l->settings->marks != MARKS_TAGS;
}

static void put_property(struct buf *b, const char *name, struct span value)
{
	if (!value.s || !value.len)
		return;
	put_item(b);
	buf_addf(b, "{\"propertyUrn\":\"" PROPERTY "%s\",\"values\":["
		 "{\"string\":", name);
	put_string(b, value);
	buf_adds(b, "}]}");
}

/* "jane.doe@acme.com" -> "Jane Doe", as Python's title() for ASCII letters. */
static void author_name(struct buf *b, struct span who)
{
	bool inside = false;

	who = local_part(who);
	while (who.len && who.s[0] == ' ') {
		who.s++;
		who.len--;
	}
	for (size_t i = 0; i < who.len; i++) {
		char c = who.s[i];

		if (c == '.' || c == '_')
			c = ' ';
		buf_addc(b, (char)(inside ? tolower((unsigned char)c) :
				   toupper((unsigned char)c)));
		inside = isalpha((unsigned char)c) || (c & 0x80);
	}
	while (b->len && b->s[b->len - 1] == ' ')
		b->len--;
}

void mark_put_properties(const struct lineage *l, const struct schema_set *x,
			 size_t field, struct span urn)
{
	const struct settings *s = l->settings;
	struct mark m = mark_of(l, x, field);
	struct buf *b, name = {0};

	b = mcp_begin(l->mcp, "schemaField", urn, "structuredProperties");
	put_open(b, "properties", '[');
	if (!s->no_tag_author && m.author.len) {
		author_name(&name, m.author);
		put_property(b, "fieldAuthor",
			     (struct span){name.s ? name.s : "", name.len});
	}
	if (!s->no_tag_version)
		put_property(b, "fieldVersionAdded", m.version);
	put_property(b, "fieldAddedTimestamp", m.time);
	if (!s->no_tag_class)
		put_property(b, "fieldDataClass", span_of(m.pii ? "pii" :
			m.sensitive ? "sensitive" : "internal"));
	put_property(b, "fieldEventType", span_of(x->entity ? "context" :
						  "self_describing"));
	buf_addc(b, ']');
	mcp_end(l->mcp);
	buf_release(&name);
}
