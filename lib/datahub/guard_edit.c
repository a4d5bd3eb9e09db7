/*
 * guard_edit -- a JSON value written with some values in it replaced.
 */
#include "datahub/guard_edit.h"

#include <stdlib.h>

#include "base/mem.h"

void edits_add(struct edits *e, struct val v, const char *text, size_t len)
{
	mem_grow(&e->items, &e->cap, e->n + 1, sizeof(*e->items));
	e->items[e->n++] = (struct edit){v, text, len};
}

void edits_release(struct edits *e)
{
	free(e->items);
	*e = (struct edits){0};
}

/* The first edit that is not before ${s}. */
static size_t first_from(const struct edits *e, const char *s)
{
	size_t low = 0, high = e->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (e->items[middle].v.s < s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Only goes down where there is an edit: a few levels. */
static void write_value(const struct edits *e, const struct doc *d,
			struct val v, struct buf *out)
{
	size_t at = first_from(e, v.s);
	const struct edit *x = at < e->n && e->items[at].v.s < v.s + v.len ?
			       &e->items[at] : NULL;
	struct doc_iter it;
	struct val key, value;
	bool first = true, object = *v.s == '{';

	if (!x || x->v.s == v.s) {
		buf_add(out, x ? x->text : v.s, x ? x->len : v.len);
		return;
	}
	buf_addc(out, *v.s);
	doc_iter(&it, d, v);
	while (doc_next(&it, &key, &value)) {
		at = first_from(e, value.s);
		if (at < e->n && e->items[at].v.s == value.s &&
		    !e->items[at].text)
			continue;
		if (!first)
			buf_addc(out, ',');
		first = false;
		if (object) {
			buf_add(out, key.s, key.len);
			buf_addc(out, ':');
		}
		write_value(e, d, value, out);
	}
	buf_addc(out, object ? '}' : ']');
}

static int by_place(const void *va, const void *vb)
{
	const struct edit *a = va, *b = vb;

	return a->v.s < b->v.s ? -1 : a->v.s > b->v.s;
}

void edits_write(struct edits *e, const struct doc *d, struct val v,
		 struct buf *out)
{
	if (e->n)
		qsort(e->items, e->n, sizeof(*e->items), by_place);
	write_value(e, d, v, out);
}
