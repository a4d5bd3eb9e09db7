/*
 * wanted -- which versions of schemas are still to be fetched.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "snowplow/api.h"
#include "snowplow/object.h"
#include "snowplow/wanted.h"

void wanted_release(struct wanted *w)
{
	nameset_release(&w->structures);
	nameset_release(&w->deployed);
	nameset_release(&w->named);
	nameset_release(&w->have);
	pool_release(&w->pool);
	free(w->hashes);
	free(w->contents);
	*w = (struct wanted){0};
}

/* Appends the member ${name} of ${object} and ${after}; false: no text. */
static bool add_part(struct buf *key, struct span object, const char *name,
		     const char *after)
{
	struct buf text = {0};
	bool is = object_text(object, name, &text) && text.len;

	buf_add(key, text.s, text.len);
	buf_adds(key, after);
	buf_release(&text);
	return is;
}

/* "vendor/name/format" of a line. */
static bool line_key(struct buf *key, struct span line)
{
	buf_clear(key);
	return add_part(key, line, "vendor", "/") &&
	       add_part(key, line, "name", "/") &&
	       add_part(key, line, "format", "");
}

static struct span keep(struct wanted *w, struct span object, const char *name)
{
	struct buf text = {0};
	struct span kept = {NULL, 0};

	if (object_text(object, name, &text))
		kept = (struct span){pool_dup(&w->pool, text.s, text.len),
				     text.len};
	buf_release(&text);
	return kept;
}

static void add_deployed(struct wanted *w, const struct buf *key,
			 struct span deployment)
{
	struct buf b = {0};
	uint32_t i;
	bool added;

	buf_add(&b, key->s, key->len);
	buf_addc(&b, '/');
	if (add_part(&b, deployment, "version", "")) {
		i = nameset_add(&w->deployed, b.s, b.len, &added);
		mem_grow(&w->contents, &w->contents_cap, w->deployed.n,
			 sizeof(*w->contents));
		if (added)
			w->contents[i] = keep(w, deployment, "contentHash");
	}
	buf_release(&b);
}

void wanted_data_structure(struct wanted *w, struct span line)
{
	struct span list, one;
	struct buf key = {0};
	struct value_iter it;
	bool added;
	uint32_t i;

	if (line_key(&key, line)) {
		i = nameset_add(&w->structures, key.s, key.len, &added);
		mem_grow(&w->hashes, &w->hashes_cap, w->structures.n,
			 sizeof(*w->hashes));
		if (added)
			w->hashes[i] = keep(w, line, "hash");
		list = object_member(line, "deployments");
		if (list.s && *list.s == '[') {
			value_iter_start(&it, list);
			while (value_next(&it, NULL, &one))
				add_deployed(w, &key, one);
		}
	}
	buf_release(&key);
}

/* A reference "iglu:v/n/f/1-0-0". */
static void add_source(struct wanted *w, struct span object)
{
	struct buf text = {0}, key = {0};
	struct schema_ref ref;

	if (object_text(object, "source", &text) &&
	    schema_ref_parse(&ref, text.s, text.len)) {
		schema_ref_key(&key, &ref);
		nameset_add(&w->named, key.s, key.len, NULL);
	}
	buf_release(&text);
	buf_release(&key);
}

static void add_sources(struct wanted *w, struct span list)
{
	struct value_iter it;
	struct span one;

	if (!list.s || *list.s != '[')
		return;
	value_iter_start(&it, list);
	while (value_next(&it, NULL, &one))
		add_source(w, one);
}

/* eventSchemas: {vendor, name, version}, the older form. */
static void add_older(struct wanted *w, struct span list)
{
	struct buf key = {0};
	struct value_iter it;
	struct span one;

	if (!list.s || *list.s != '[')
		return;
	value_iter_start(&it, list);
	while (value_next(&it, NULL, &one)) {
		buf_clear(&key);
		if (add_part(&key, one, "vendor", "/") &&
		    add_part(&key, one, "name", "/jsonschema/") &&
		    add_part(&key, one, "version", ""))
			nameset_add(&w->named, key.s, key.len, NULL);
	}
	buf_release(&key);
}

void wanted_event_spec(struct wanted *w, struct span line)
{
	struct span event = object_member(line, "event");
	struct span entities = object_member(line, "entities");

	if (event.s)
		add_source(w, event);
	if (entities.s) {
		add_sources(w, object_member(entities, "tracked"));
		add_sources(w, object_member(entities, "enriched"));
	}
	add_older(w, object_member(line, "eventSchemas"));
}

bool wanted_have(struct wanted *w, struct span line)
{
	struct buf key = {0};
	bool added = true;

	if (line_key(&key, line)) {
		buf_addc(&key, '/');
		if (add_part(&key, line, "version", ""))
			nameset_add(&w->have, key.s, key.len, &added);
	}
	buf_release(&key);
	return added;
}

static bool want(struct wanted *w, struct span key, struct span content,
		 struct want *one)
{
	size_t len = key.len;
	int64_t i;
	bool added;

	nameset_add(&w->have, key.s, key.len, &added);
	if (!added)
		return false;
	while (key.s[--len] != '/')
		;
	i = nameset_find(&w->structures, key.s, len);
	*one = (struct want){.key = key, .content_hash = content};
	if (i >= 0)
		one->hash = w->hashes[i];
	return true;
}

struct want *wanted_missing(struct wanted *w, size_t *n)
{
	struct want *list = mem_alloc((w->deployed.n + w->named.n + 1) *
				      sizeof(*list));
	size_t i;

	*n = 0;
	for (i = 0; i < w->deployed.n; i++)
		*n += want(w, w->deployed.items[i], w->contents[i], &list[*n]);
	for (i = 0; i < w->named.n; i++)
		*n += want(w, w->named.items[i], (struct span){NULL, 0},
			   &list[*n]);
	return list;
}
