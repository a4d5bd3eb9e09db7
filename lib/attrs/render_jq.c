/*
 * render_jq -- the exact selector of every attribute, for jq(1).
 *
 * A path of attr(5) reaches an attribute, and may also stop at a value of
 * another type or give null where a key is missing.  A selector gives exactly
 * the values that were counted: each step takes only what it can go into.
 *
 * What jq reads as JSON in a string and we do not (NaN, two values) is kept out
 * as far as jq can tell.
 */
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "json/str.h"
#include "attrs/render.h"

/*
 * jq has no escape for DEL but takes the byte; a lone surrogate cannot be
 * written in its strings.
 */
static void add_key(struct buf *b, const struct attr *a)
{
	buf_adds(b, "|objects|select(has(");
	str_write(b, a->key, a->key_len);
	buf_adds(b, "))|.[");
	str_write(b, a->key, a->key_len);
	buf_addc(b, ']');
}

static void add_step(struct buf *b, const struct attr *a)
{
	switch (a->kind) {
	case STEP_KEY:
		add_key(b, a);
		break;
	case STEP_ITEM:
		buf_adds(b, "|arrays|.[]");
		break;
	case STEP_MAP:
		buf_adds(b, "|objects|.[]");
		break;
	case STEP_NULL:
		buf_adds(b, "|strings|(try fromjson catch empty)"
			 "|select(type==\"object\" or type==\"array\")");
		break;
	}
}

/*
 * A line is a program: the selector, and the path behind a "#", which is a
 * comment in jq too.  Each is its parent's and one step more.
 */
int render_jq(struct render *r)
{
	const struct view *v = r->view;
	struct buf selector = {0};
	size_t *ends = mem_alloc((v->n + 1UL) * sizeof(*ends));
	int rc = RC_DONE;

	for (uint32_t i = 0; i < v->n && rc == RC_DONE; i++) {
		uint32_t parent = v->nodes[i].parent;

		selector.len = parent == VIEW_NONE ? 0 : ends[parent];
		if (parent == VIEW_NONE)
			buf_addc(&selector, '.');
		else
			add_step(&selector, view_attr(v, i));
		ends[i] = selector.len;
		buf_add(&r->text, selector.s, selector.len);
		buf_adds(&r->text, "\t# ");
		view_path(v, i, &r->text);
		buf_addc(&r->text, '\n');
		if (render_flush_some(r))
			rc = RC_FAILED;
	}
	buf_release(&selector);
	free(ends);
	return rc == RC_DONE && render_flush(r) ? RC_FAILED : rc;
}
