/*
 * schema_ver -- which SchemaVer a schema has to have after another.
 */
#include <stdlib.h>
#include "base/mem.h"
#include "json/num.h"
#include "json/str.h"
#include "attrs/schema_ver.h"

#define DEEP 500	/* schemas in schemas; what is below counts as MODEL */

int schema_ver_read(struct schema_ver *v, const char *text, size_t len)
{
	uint64_t parts[3] = {0};
	size_t at = 0;

	for (unsigned k = 0; k < 3; k++) {
		size_t digits = 0;

		while (at < len && text[at] >= '0' && text[at] <= '9' &&
		       digits < 9) {
			parts[k] = parts[k] * 10 + (uint64_t)(text[at++] - '0');
			digits++;
		}
		if (!digits || (digits > 1 && text[at - digits] == '0'))
			return -1;
		if (k < 2 && (at == len || text[at++] != '-'))
			return -1;
	}
	*v = (struct schema_ver){parts[0], parts[1], parts[2]};
	return at == len && v->model ? 0 : -1;
}

void schema_ver_write(struct buf *b, const struct schema_ver *v)
{
	buf_addf(b, "%llu-%llu-%llu", (unsigned long long)v->model,
		 (unsigned long long)v->revision,
		 (unsigned long long)v->addition);
}

void schema_ver_raise(struct schema_ver *v, enum schema_bump bump)
{
	switch (bump) {
	case BUMP_NONE:
		break;
	case BUMP_ADDITION:
		v->addition++;
		break;
	case BUMP_REVISION:
		v->revision++;
		v->addition = 0;
		break;
	case BUMP_MODEL:
		v->model++;
		v->revision = v->addition = 0;
		break;
	}
}

struct property {
	char *key;
	size_t len;
	struct span schema;
	bool required;
};

struct properties {
	struct property *items;
	size_t n, cap;
};

struct comparing {
	enum schema_bump worst;
	struct buf path;	/* where it is now */
	struct buf *where;	/* of the worst */
	unsigned depth;
};

static void note(struct comparing *c, enum schema_bump bump)
{
	if (bump <= c->worst)
		return;
	c->worst = bump;
	buf_clear(c->where);
	buf_addc(c->where, '.');
	buf_add(c->where, c->path.s ? c->path.s : "", c->path.len);
}

/* A member of an object by a plain name; .s NULL: none. */
static struct span member(struct span object, const char *name)
{
	struct span key, value, found = {NULL, 0};
	struct value_iter it;

	if (!object.len || object.s[0] != '{')
		return found;
	value_iter_start(&it, object);
	while (value_next(&it, &key, &value))
		if (key.len == strlen(name) && !memcmp(key.s, name, key.len))
			found = value_trim(value.s, value.len);
	return found;
}

static int by_key(const void *va, const void *vb)
{
	const struct property *a = va, *b = vb;
	size_t len = a->len < b->len ? a->len : b->len;
	int c = memcmp(a->key, b->key, len);

	return c ? c : (a->len > b->len) - (a->len < b->len);
}

static char *unescaped(struct span raw, size_t *len)
{
	struct buf b = {0};
	char *copy;

	str_unescape(&b, raw.s, raw.len);
	*len = b.len;
	copy = mem_dup(b.s ? b.s : "", b.len);
	buf_release(&b);
	return copy;
}

static void mark_required(struct properties *p, struct span list)
{
	struct value_iter it;
	struct span item;

	if (!list.s || list.s[0] != '[')
		return;
	value_iter_start(&it, list);
	while (value_next(&it, NULL, &item)) {
		struct property want = {0}, *found;

		item = value_trim(item.s, item.len);
		if (item.s[0] != '"')
			continue;
		want.key = unescaped((struct span){item.s + 1, item.len - 2},
				     &want.len);
		found = p->n ? bsearch(&want, p->items, p->n, sizeof(want),
				       by_key) : NULL;
		if (found)
			found->required = true;
		free(want.key);
	}
}

static void properties_read(struct properties *p, struct span schema)
{
	struct span all = member(schema, "properties"), key, value;
	struct value_iter it;

	*p = (struct properties){0};
	if (all.s && all.s[0] == '{') {
		value_iter_start(&it, all);
		while (value_next(&it, &key, &value)) {
			struct property *q;

			mem_grow(&p->items, &p->cap, p->n + 1, sizeof(*q));
			q = &p->items[p->n++];
			*q = (struct property){.schema = value_trim(value.s,
								value.len)};
			q->key = unescaped(key, &q->len);
		}
	}
	if (p->n)
		qsort(p->items, p->n, sizeof(*p->items), by_key);
	mark_required(p, member(schema, "required"));
}

static void properties_release(struct properties *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->items[i].key);
	free(p->items);
}

static const char *const type_names[] = {
	"null", "boolean", "object", "array", "string", "integer", "number"
};
enum { TYPE_NULL = 1, TYPE_ANY = 127 };

static unsigned type_bit(struct span name)
{
	for (unsigned i = 0; i < 7; i++)
		if (name.len == strlen(type_names[i]) + 2 &&
		    !memcmp(name.s + 1, type_names[i], name.len - 2))
			return 1u << i;
	return 0;
}

static unsigned types_of(struct span schema)
{
	struct span type = member(schema, "type"), item;
	struct value_iter it;
	unsigned bits = 0;

	if (!type.s)
		return TYPE_ANY;
	if (type.s[0] == '"')
		return type_bit(type);
	if (type.s[0] != '[')
		return TYPE_ANY;
	value_iter_start(&it, type);
	while (value_next(&it, NULL, &item))
		bits |= type_bit(value_trim(item.s, item.len));
	return bits;
}

/* ${up}: a greater number allows more. */
static void compare_limit(struct comparing *c, struct span old, struct span now,
			  const char *name, bool up)
{
	struct span a = member(old, name), b = member(now, name);
	int order;

	if (!a.s && !b.s)
		return;
	if (!a.s || !b.s) {
		note(c, a.s ? BUMP_ADDITION : BUMP_REVISION);
		return;
	}
	if (value_type(a.s[0]) != VALUE_NUMBER ||
	    value_type(b.s[0]) != VALUE_NUMBER)
		return;
	order = num_compare(b.s, b.len, a.s, a.len);
	if (order)
		note(c, (order > 0) == up ? BUMP_ADDITION : BUMP_REVISION);
}

/* A keyword that narrows when it is there: format, enum, pattern. */
static void compare_word(struct comparing *c, struct span old, struct span now,
			 const char *name)
{
	struct span a = member(old, name), b = member(now, name);

	if (a.s && b.s && a.len == b.len && !memcmp(a.s, b.s, a.len))
		return;
	if (a.s || b.s)
		note(c, b.s ? BUMP_REVISION : BUMP_ADDITION);
}

static void compare_keywords(struct comparing *c, struct span old,
			     struct span now)
{
	static const char *const upper[] = {
		"maxLength", "maximum", "maxItems"
	};
	static const char *const lower[] = {
		"minLength", "minimum", "minItems"
	};

	for (unsigned i = 0; i < 3; i++) {
		compare_limit(c, old, now, upper[i], true);
		compare_limit(c, old, now, lower[i], false);
	}
	compare_word(c, old, now, "format");
	compare_word(c, old, now, "enum");
	compare_word(c, old, now, "pattern");
}

static void compare(struct comparing *c, struct span old, struct span now,
		    bool required);

static void compare_below(struct comparing *c, const char *step, size_t len,
			  struct span old, struct span now, bool required)
{
	size_t at = c->path.len;

	if (at)
		buf_addc(&c->path, '.');
	buf_add(&c->path, step, len);
	compare(c, old, now, required);
	c->path.len = at;
}

static void note_property(struct comparing *c, const struct property *p,
			  enum schema_bump bump)
{
	size_t at = c->path.len;

	if (at)
		buf_addc(&c->path, '.');
	buf_add(&c->path, p->key, p->len);
	note(c, bump);
	c->path.len = at;
}

/* Both lists are sorted. */
static void compare_properties(struct comparing *c, struct span old,
			       struct span now)
{
	struct properties a, b;
	size_t i = 0, k = 0;

	properties_read(&a, old);
	properties_read(&b, now);
	while (i < a.n || k < b.n) {
		int order = i == a.n ? 1 : k == b.n ? -1 :
			    by_key(&a.items[i], &b.items[k]);

		if (order) {
			const struct property *p = order < 0 ? &a.items[i++] :
						   &b.items[k++];

			note_property(c, p, p->required ? BUMP_MODEL :
				      BUMP_ADDITION);
			continue;
		}
		if (a.items[i].required != b.items[k].required)
			note_property(c, &a.items[i], BUMP_MODEL);
		compare_below(c, a.items[i].key, a.items[i].len,
			      a.items[i].schema, b.items[k].schema,
			      b.items[k].required);
		i++;
		k++;
	}
	properties_release(&a);
	properties_release(&b);
}

/* additionalProperties or items: a schema, or true and false. */
static void compare_rest(struct comparing *c, struct span old, struct span now,
			 const char *name, const char *step)
{
	struct span a = member(old, name), b = member(now, name);

	if (a.s && b.s && a.s[0] == '{' && b.s[0] == '{')
		compare_below(c, step, strlen(step), a, b, true);
	else if (!a.s != !b.s || (a.s && a.s[0] != b.s[0]))
		note(c, b.s && b.s[0] != 't' ? BUMP_REVISION : BUMP_ADDITION);
}

static void compare(struct comparing *c, struct span old, struct span now,
		    bool required)
{
	unsigned a = types_of(old), b = types_of(now);

	if (c->depth == DEEP || (a | TYPE_NULL) != (b | TYPE_NULL))
		note(c, BUMP_MODEL);
	else if (a != b)	/* null came or went, as required does */
		note(c, required ? BUMP_MODEL : BUMP_ADDITION);
	if (c->depth == DEEP || old.s[0] != '{' || now.s[0] != '{')
		return;
	c->depth++;
	compare_keywords(c, old, now);
	compare_properties(c, old, now);
	compare_rest(c, old, now, "additionalProperties", "{}");
	compare_rest(c, old, now, "items", "[]");
	c->depth--;
}

enum schema_bump schema_compare(struct span old, struct span now,
				struct buf *where)
{
	struct comparing c = {.where = where};

	buf_clear(where);
	compare(&c, old, now, true);
	buf_release(&c.path);
	return c.worst;
}
