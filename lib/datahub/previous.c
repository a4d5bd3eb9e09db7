/*
 * previous -- reading an earlier output.
 */
#include "datahub/previous.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/err.h"
#include "base/mem.h"
#include "datahub/input.h"
#include "datahub/mcp_file.h"
#include "datahub/scope.h"
#include "datahub/urn.h"
#include "json/str.h"

struct known {
	XXH128_hash_t key, body;
	uint64_t order;
};

struct previous {
	struct pool pool;
	struct known *known;	/* by key; the last one of a key counts */
	size_t n, cap;
	struct previous_entity *entities;
	size_t nentities, entities_cap;
};

static XXH128_hash_t key_of(struct span urn, struct span aspect, bool patch)
{
	struct buf b = {0};
	XXH128_hash_t h;

	buf_addc(&b, patch ? 'P' : 'U');
	buf_add(&b, urn.s, urn.len);
	buf_addc(&b, '\0');
	buf_add(&b, aspect.s, aspect.len);
	h = XXH3_128bits(b.s, b.len);
	buf_release(&b);
	return h;
}

/* The string at ${p} in the one form that our output has. */
static const char *write_string(struct buf *b, const char *p, const char *end)
{
	const char *from = p + 1;
	struct buf text = {0};

	p = value_string_end(p, end);
	str_unescape(&text, from, (size_t)(p - from) - 1);
	str_write(b, text.s, text.len);
	buf_release(&text);
	return p;
}

/*
 * The value as we would have written it: no white space, strings escaped as
 * ours are (DataHub's own files have \uXXXX for all that is not ASCII).
 */
static void write_plain(struct buf *b, struct span text)
{
	const char *p = text.s, *end = p + text.len, *from;

	while (p < end) {
		for (from = p; p < end && !value_is_blank(*p) && *p != '"';)
			p++;
		buf_add(b, from, (size_t)(p - from));
		if (p < end && *p == '"')
			p = write_string(b, p, end);
		p = value_blank(p, end);
	}
}

/* The aspect itself, in ${b}. */
static bool aspect_text(const struct dom *aspect, struct buf *b)
{
	const struct dom *json = dom_get(aspect, "json");
	struct pool scratch = {0};
	struct json_fault fault;
	struct span text;
	bool good;

	if (json) {
		write_plain(b, json->text);
		return true;
	}
	text = dom_string(&scratch, dom_get(aspect, "value"));
	good = text.s && !json_check(text.s, text.len, INPUT_DEPTH, &fault);
	if (good)
		write_plain(b, text);
	pool_release(&scratch);
	return good;
}

static const char *entity_type(struct span urn)
{
	static const char *const types[] = {
		"dataset", "dataFlow", "dataJob", "container"
	};
	static const char start[] = "urn:li:";
	size_t n = sizeof(start) - 1;

	if (urn.len < n || memcmp(urn.s, start, n))
		return NULL;
	for (size_t i = 0; i < 4; i++) {
		size_t len = strlen(types[i]);

		if (urn.len > n + len && urn.s[n + len] == ':' &&
		    !memcmp(urn.s + n, types[i], len))
			return types[i];
	}
	return NULL;
}

static struct previous_entity *add_entity(struct previous *p, struct span urn)
{
	const char *type = entity_type(urn);
	struct previous_entity *e;

	if (!type)
		return NULL;
	mem_grow(&p->entities, &p->entities_cap, p->nentities + 1,
		 sizeof(*p->entities));
	e = &p->entities[p->nentities++];
	*e = (struct previous_entity){
		.urn = {pool_dup(&p->pool, urn.s, urn.len), urn.len},
		.type = type, .order = p->nentities
	};
	return e;
}

static struct span custom(struct previous *p, const struct dom *props,
			  const char *name)
{
	struct span s = dom_string(&p->pool, dom_get(props, name));

	if (s.s)
		s.s = pool_dup(&p->pool, s.s, s.len);
	return s;
}

/*
 * A status makes an entity, containerProperties tell whose it is; entries of
 * one URN are joined at the end.
 */
static void note_entity(struct previous *p, struct span urn,
			struct span aspect, const struct buf *body)
{
	struct pool scratch = {0};
	const struct dom *d, *props;
	struct previous_entity *e;

	if (!span_is(aspect, "status") &&
	    !span_is(aspect, "containerProperties"))
		return;
	e = add_entity(p, urn);
	if (!e)
		return;
	d = dom_parse(&scratch, body->s, body->len);
	props = dom_get(d, "customProperties");
	e->removed = dom_bool(dom_get(d, "removed"), false);
	if (span_is(aspect, "containerProperties")) {
		e->type = NULL;		/* no status */
		e->org = custom(p, props, "organization_id");
		e->env = custom(p, props, "env");
		e->instance = custom(p, props, "instance");
		e->scope = custom(p, props, SCOPE_PROPERTY);
	}
	pool_release(&scratch);
}

static int add_proposal(void *arg, const struct dom *d)
{
	struct previous *p = arg;
	struct pool scratch = {0};
	struct span urn = dom_string(&scratch, dom_get(d, "entityUrn"));
	struct span aspect = dom_string(&scratch, dom_get(d, "aspectName"));
	bool patch = dom_equals(dom_get(d, "changeType"), "PATCH");
	struct buf body = {0};
	int rc = -1;

	if (urn.s && aspect.s && aspect_text(dom_get(d, "aspect"), &body)) {
		mem_grow(&p->known, &p->cap, p->n + 1, sizeof(*p->known));
		p->known[p->n] = (struct known){
			key_of(urn, aspect, patch),
			XXH3_128bits(body.s, body.len), p->n
		};
		p->n++;
		if (!patch)
			note_entity(p, urn, aspect, &body);
		rc = 0;
	}
	buf_release(&body);
	pool_release(&scratch);
	return rc;
}

static int by_key(const void *va, const void *vb)
{
	const struct known *a = va, *b = vb;
	int order = XXH128_cmp(&a->key, &b->key);

	return order ? order : a->order < b->order ? -1 : a->order > b->order;
}

static int by_urn(const void *va, const void *vb)
{
	const struct previous_entity *a = va, *b = vb;
	int order = span_compare(a->urn, b->urn);

	return order ? order : a->order < b->order ? -1 : a->order > b->order;
}

static void join(struct previous_entity *to, const struct previous_entity *e)
{
	if (e->type) {
		to->type = e->type;
		to->removed = e->removed;
	}
	if (e->org.s) {
		to->org = e->org;
		to->env = e->env;
		to->instance = e->instance;
		to->scope = e->scope;
	}
}

static void settle(struct previous *p)
{
	size_t n = 0;

	if (p->n)
		qsort(p->known, p->n, sizeof(*p->known), by_key);
	for (size_t i = 0; i < p->n; i++) {
		if (n && XXH128_isEqual(p->known[n - 1].key, p->known[i].key))
			n--;
		p->known[n++] = p->known[i];
	}
	p->n = n;
	n = 0;
	if (p->nentities)
		qsort(p->entities, p->nentities, sizeof(*p->entities), by_urn);
	for (size_t i = 0; i < p->nentities; i++) {
		if (n && !span_compare(p->entities[n - 1].urn,
				       p->entities[i].urn))
			join(&p->entities[n - 1], &p->entities[i]);
		else
			p->entities[n++] = p->entities[i];
	}
	p->nentities = n;
	n = 0;
	for (size_t i = 0; i < p->nentities; i++)
		if (p->entities[i].type)
			p->entities[n++] = p->entities[i];
	p->nentities = n;
}

struct previous *previous_read(const char *path)
{
	struct previous *p = mem_zalloc(1, sizeof(*p));

	if (mcp_file_read(path, add_proposal, p)) {
		err_msg("%s: is no whole output of build-lineage (give the "
			"file of an earlier run)", path);
		previous_free(p);
		return NULL;
	}
	settle(p);
	return p;
}

void previous_free(struct previous *p)
{
	if (!p)
		return;
	pool_release(&p->pool);
	free(p->known);
	free(p->entities);
	free(p);
}

uint64_t previous_count(const struct previous *p)
{
	return p->n;
}

bool previous_same(const struct previous *p, struct span urn,
		   const char *aspect, bool patch, struct span body)
{
	XXH128_hash_t key = key_of(urn, span_of(aspect), patch);
	XXH128_hash_t hash = XXH3_128bits(body.s, body.len);
	size_t from = 0, to = p->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = XXH128_cmp(&key, &p->known[mid].key);

		if (!order)
			return XXH128_isEqual(hash, p->known[mid].body);
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return false;
}

const struct previous_entity *previous_entities(const struct previous *p,
						size_t *n)
{
	*n = p->nentities;
	return p->entities;
}
