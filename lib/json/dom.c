/*
 * dom -- building the tree, and looking into it.
 */
#include "json/dom.h"

#include <string.h>

#include "json/str.h"

/* Unescaped text between the quotes at ${raw}. */
static struct span unescaped(struct pool *a, struct span raw)
{
	struct buf b = {0};

	if (!raw.len || !memchr(raw.s, '\\', raw.len))
		return raw;
	str_unescape(&b, raw.s, raw.len);
	raw = (struct span){pool_dup(a, b.s, b.len), b.len};
	buf_release(&b);
	return raw;
}

/* A container that is being read. */
struct level {
	struct dom *node;
	struct dom **tail;	/* where the next child is hung in */
	struct level *up;
};

/* The key at ${*p} and the colon behind it. */
static struct span take_key(struct pool *a, const char **p, const char *end)
{
	const char *s = *p + 1, *e = value_string_end(*p, end);
	struct span raw = {s, (size_t)(e - s) - 1};

	*p = value_blank(value_blank(e, end) + 1, end);
	return unescaped(a, raw);
}

/* Opens the container ${d}, whose bracket is at ${p}. */
static struct level *push(struct pool *a, struct level **spare,
			  struct level *up, struct dom *d)
{
	struct level *l = *spare;

	if (l)
		*spare = l->up;
	else
		l = pool_take(a, sizeof(*l));
	*l = (struct level){d, &d->child, up};
	return l;
}

/* Closes containers while their brackets stand at ${*p}. */
static struct level *pop(struct level *top, struct level **spare,
			 const char **p, const char *end)
{
	while (top && *p < end && (**p == ']' || **p == '}')) {
		struct level *up = top->up;

		top->node->text.len = (size_t)(++*p - top->node->text.s);
		top->up = *spare;
		*spare = top;
		top = up;
		*p = value_blank(*p, end);
	}
	if (*p < end && **p == ',')
		*p = value_blank(*p + 1, end);
	return top;
}

static void hang_in(struct level *top, struct dom *d)
{
	if (!top)
		return;
	*top->tail = d;
	top->tail = &d->next;
	top->node->count++;
}

const struct dom *dom_parse(struct pool *a, const char *text, size_t len)
{
	const char *end = text + len, *p = value_blank(text, end);
	struct level *top = NULL, *spare = NULL;
	struct dom *root = NULL, *d;

	while (p < end) {
		d = pool_zero(a, 1, sizeof(*d));
		if (top && top->node->type == VALUE_OBJECT)
			d->key = take_key(a, &p, end);
		d->type = value_type(*p);
		d->text.s = p;
		hang_in(top, d);
		if (!root)
			root = d;
		if (*p == '{' || *p == '[') {
			top = push(a, &spare, top, d);
			p = value_blank(p + 1, end);
		} else {
			p = value_end(p, end);
			d->text.len = (size_t)(p - d->text.s);
			p = value_blank(p, end);
		}
		top = pop(top, &spare, &p, end);
		if (!top)
			break;
	}
	return root;
}

const struct dom *dom_get_span(const struct dom *d, struct span key)
{
	const struct dom *found = NULL;

	if (!dom_is(d, VALUE_OBJECT))
		return NULL;
	for (d = d->child; d; d = d->next)
		if (d->key.len == key.len &&
		    (!key.len || !memcmp(d->key.s, key.s, key.len)))
			found = d;
	return found;
}

const struct dom *dom_get(const struct dom *d, const char *key)
{
	return dom_get_span(d, (struct span){key, strlen(key)});
}

const struct dom *dom_find(const struct dom *d, const char *path)
{
	for (;;) {
		size_t n = strcspn(path, ".");

		d = dom_get_span(d, (struct span){path, n});
		if (!d || !path[n])
			return d;
		path += n + 1;
	}
}

struct span dom_string(struct pool *a, const struct dom *d)
{
	if (!dom_is(d, VALUE_STRING))
		return (struct span){NULL, 0};
	return unescaped(a, (struct span){d->text.s + 1, d->text.len - 2});
}

bool dom_equals(const struct dom *d, const char *s)
{
	size_t len = strlen(s);
	struct buf b = {0};
	bool same;

	if (!dom_is(d, VALUE_STRING))
		return false;
	if (!memchr(d->text.s, '\\', d->text.len))
		return d->text.len == len + 2 &&
			!memcmp(d->text.s + 1, s, len);
	str_unescape(&b, d->text.s + 1, d->text.len - 2);
	same = b.len == len && (!len || !memcmp(b.s, s, len));
	buf_release(&b);
	return same;
}

bool dom_bool(const struct dom *d, bool otherwise)
{
	if (dom_is(d, VALUE_TRUE))
		return true;
	return dom_is(d, VALUE_FALSE) ? false : otherwise;
}

void dom_write(struct buf *out, const struct dom *d)
{
	const char *p, *end, *from;

	if (!d)
		return;
	for (p = d->text.s, end = p + d->text.len; p < end;) {
		from = p;
		while (p < end && !value_is_blank(*p))
			p = *p == '"' ? value_string_end(p, end) : p + 1;
		buf_add(out, from, (size_t)(p - from));
		p = value_blank(p, end);
	}
}
