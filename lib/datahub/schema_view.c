/*
 * schema_view -- putting a JSON Schema together.
 */
#include "datahub/schema_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "datahub/urn.h"

/* References and combinations inside each other. */
#define NESTED 64

/* Where in the schema collect() is. */
struct spot {
	const struct schema_trail *trail;
	bool alternative;
	unsigned depth;
};

static bool same(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.s, b.s, a.len));
}

static void add_type(struct schema_view *v, struct span type)
{
	if (!type.s)
		return;
	if (span_is(type, "null")) {
		v->nullable = true;
		return;
	}
	for (size_t i = 0; i < v->ntypes; i++)
		if (same(v->types[i], type))
			return;
	if (v->ntypes < VIEW_TYPES)
		v->types[v->ntypes++] = type;
}

static void add_types(struct schema_view *v, const struct dom *type)
{
	if (!dom_is(type, VALUE_ARRAY)) {
		add_type(v, dom_string(v->pool, type));
		return;
	}
	for (const struct dom *t = type->child; t; t = t->next)
		add_type(v, dom_string(v->pool, t));
}

static void add_properties(struct schema_view *v, const struct dom *list,
			   const struct spot *at)
{
	const struct dom *d;
	size_t i;

	if (!dom_is(list, VALUE_OBJECT))
		return;
	for (d = list->child; d; d = d->next) {
		for (i = 0; i < v->n; i++)
			if (same(v->properties[i].name, d->key))
				break;
		if (i < v->n)
			continue;
		mem_grow(&v->properties, &v->cap, v->n + 1,
			 sizeof(*v->properties));
		v->properties[v->n++] = (struct schema_property){
			.name = d->key, .schema = dom_get_span(list, d->key),
			.trail = at->trail, .alternative = at->alternative
		};
	}
}

static void add_required(struct schema_view *v, const struct dom *list)
{
	if (!dom_is(list, VALUE_ARRAY))
		return;
	for (const struct dom *d = list->child; d; d = d->next) {
		struct span name = dom_string(v->pool, d);

		if (!name.s)
			continue;
		mem_grow(&v->required, &v->required_cap, v->nrequired + 1,
			 sizeof(*v->required));
		v->required[v->nrequired++] = name;
	}
}

static void add_item(struct schema_view *v, const struct dom *schema,
		     const struct spot *at, bool tuple)
{
	mem_grow(&v->items, &v->items_cap, v->nitems + 1, sizeof(*v->items));
	v->items[v->nitems++] = (struct schema_items){
		schema, at->trail, tuple || at->alternative
	};
}

static void add_items(struct schema_view *v, const struct dom *items,
		      const struct spot *at)
{
	if (dom_is(items, VALUE_OBJECT))
		add_item(v, items, at, false);
	else if (dom_is(items, VALUE_ARRAY))
		for (const struct dom *d = items->child; d; d = d->next)
			add_item(v, d, at, true);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A token of a JSON Pointer in a URI fragment (RFC 6901 section 6). */
static void unescape_token(struct buf *b, struct span t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.s[i];

		if (c == '%' && i + 2 < t.len && hex(t.s[i + 1]) >= 0 &&
		    hex(t.s[i + 2]) >= 0) {
			c = (char)(hex(t.s[i + 1]) << 4 | hex(t.s[i + 2]));
			i += 2;
		}
		if (c == '~' && i + 1 < t.len &&
		    (t.s[i + 1] == '0' || t.s[i + 1] == '1'))
			c = t.s[++i] == '0' ? '~' : '/';
		buf_addc(b, c);
	}
}

static const struct dom *step(const struct dom *d, struct span token)
{
	size_t index = 0;

	if (!dom_is(d, VALUE_ARRAY))
		return dom_get_span(d, token);
	for (size_t i = 0; i < token.len; i++) {
		if (token.s[i] < '0' || token.s[i] > '9' || i > 8)
			return NULL;
		index = index * 10 + (size_t)(token.s[i] - '0');
	}
	for (d = token.len ? d->child : NULL; d && index; index--)
		d = d->next;
	return d;
}

/* What "#..." points at, or NULL. */
static const struct dom *follow(const struct dom *root, struct span ref)
{
	struct buf token = {0};
	const struct dom *d = root;

	ref.s++;
	ref.len--;
	while (d && ref.len) {
		const char *next;
		size_t len;

		if (*ref.s != '/') {
			d = NULL;
			break;
		}
		next = memchr(ref.s + 1, '/', ref.len - 1);
		len = next ? (size_t)(next - ref.s) : ref.len;
		buf_clear(&token);
		unescape_token(&token, (struct span){ref.s + 1, len - 1});
		d = step(d, (struct span){token.s ? token.s : "", token.len});
		ref.s += len;
		ref.len -= len;
	}
	buf_release(&token);
	return d;
}

static void collect(struct schema_view *, const struct dom *, struct spot);

static bool on_trail(const struct schema_trail *t, const struct dom *d)
{
	for (; t; t = t->up)
		if (t->node == d)
			return true;
	return false;
}

static void collect_ref(struct schema_view *v, struct span ref,
			struct spot at)
{
	const struct dom *target = NULL;
	struct schema_trail *t;

	if (ref.len && *ref.s == '#')
		target = follow(v->root, ref);
	if (!target) {
		if (!v->remote.s)
			v->remote = ref;
		return;
	}
	if (on_trail(at.trail, target)) {
		v->recursive = true;
		add_types(v, dom_get(target, "type"));
		return;
	}
	t = pool_take(v->pool, sizeof(*t));
	*t = (struct schema_trail){target, at.trail};
	at.trail = t;
	collect(v, target, at);
}

static void collect_all(struct schema_view *v, const struct dom *list,
			struct spot at)
{
	if (!dom_is(list, VALUE_ARRAY))
		return;
	for (const struct dom *d = list->child; d; d = d->next)
		collect(v, d, at);
}

static void collect(struct schema_view *v, const struct dom *d, struct spot at)
{
	const struct dom *list;
	struct span ref;

	if (!dom_is(d, VALUE_OBJECT) || at.depth++ > NESTED)
		return;
	add_types(v, dom_get(d, "type"));
	if (!v->description.s)
		v->description = dom_string(v->pool,
					    dom_get(d, "description"));
	if (!v->format.s)
		v->format = dom_string(v->pool, dom_get(d, "format"));
	list = dom_get(d, "enum");
	v->enumerated |= dom_is(list, VALUE_ARRAY) && list->count;
	add_properties(v, dom_get(d, "properties"), &at);
	if (!at.alternative)
		add_required(v, dom_get(d, "required"));
	add_items(v, dom_get(d, "items"), &at);
	ref = dom_string(v->pool, dom_get(d, "$ref"));
	if (ref.s)
		collect_ref(v, ref, at);
	collect_all(v, dom_get(d, "allOf"), at);
	at.alternative = true;
	collect_all(v, dom_get(d, "oneOf"), at);
	collect_all(v, dom_get(d, "anyOf"), at);
}

void schema_view_make(struct schema_view *v, struct pool *pool,
		      const struct dom *root, const struct dom *schema,
		      const struct schema_trail *trail)
{
	*v = (struct schema_view){.pool = pool, .root = root};
	collect(v, schema, (struct spot){.trail = trail});
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < v->nrequired; k++)
			if (same(v->properties[i].name, v->required[k])) {
				v->properties[i].required = true;
				break;
			}
}

void schema_view_release(struct schema_view *v)
{
	free(v->properties);
	free(v->required);
	free(v->items);
}

bool schema_view_has(const struct schema_view *v, const char *type)
{
	for (size_t i = 0; i < v->ntypes; i++)
		if (span_is(v->types[i], type))
			return true;
	return false;
}

struct span schema_first_type(struct pool *pool, const struct dom *schema)
{
	const struct dom *type = dom_get(schema, "type");
	struct span text;

	if (!dom_is(type, VALUE_ARRAY))
		return dom_string(pool, type);
	for (type = type->child; type; type = type->next) {
		text = dom_string(pool, type);
		if (text.s && !span_is(text, "null"))
			return text;
	}
	return (struct span){NULL, 0};
}
