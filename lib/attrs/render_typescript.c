/*
 * render_typescript -- the type of the records, for TypeScript.
 *
 * One type, written as deep as the data is.  A union names the types that were
 * met: scalars, then arrays, then objects, which is the order in which what is
 * below an attribute comes.  Strings that hold JSON are strings.
 */
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "json/str.h"
#include "attrs/render.h"

struct typing {
	struct render *r;
	bool *any;		/* of an attribute: its union has a member */
	bool *open;		/* its object is open */
	uint32_t skip_from, skip;	/* attributes that are left out */
	bool failed;
};

/* A new line, with a tab for each object around. */
static void indent(struct typing *t, uint32_t i)
{
	const struct view *v = t->r->view;

	buf_addc(&t->r->text, '\n');
	for (; i; i = v->nodes[i].parent)
		if (view_attr(v, i)->kind == STEP_KEY)
			buf_addc(&t->r->text, '\t');
}

/* A member of the union of ${i}. */
static void member(struct typing *t, uint32_t i, const char *type)
{
	if (t->any[i])
		buf_adds(&t->r->text, " | ");
	t->any[i] = true;
	buf_adds(&t->r->text, type);
}

static bool has_below(const struct view *v, uint32_t i, unsigned kinds)
{
	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end)
		if (kinds & 1u << view_attr(v, c)->kind)
			return true;
	return false;
}

/* Scalars, and arrays and objects of which nothing is known inside. */
static void add_own(struct typing *t, uint32_t i)
{
	const struct view *v = t->r->view;
	struct facts f;

	view_facts(v, i, &f);
	if (f.nulls)
		member(t, i, "null");
	if (f.box->boolean.count)
		member(t, i, "boolean");
	if (f.str->count)
		member(t, i, "string");
	if (f.i->count || f.f->count)
		member(t, i, "number");
	if (f.box->arrays && !has_below(v, i, 1u << STEP_ITEM))
		member(t, i, "unknown[]");
	if (f.box->object.count &&
	    !has_below(v, i, 1u << STEP_MAP | 1u << STEP_KEY))
		member(t, i, "Record<string, unknown>");
}

/* Where the type of ${i} stands in its parent's. */
static void begin(struct typing *t, uint32_t i)
{
	const struct view *v = t->r->view;
	const struct attr *a = view_attr(v, i);
	uint32_t parent = v->nodes[i].parent;
	struct facts f;

	if (a->kind == STEP_ITEM) {
		member(t, parent, "Array<");
	} else if (a->kind == STEP_MAP) {
		member(t, parent, "{ [key: string]: ");
	} else {
		if (!t->open[parent])
			member(t, parent, "{");
		t->open[parent] = true;
		indent(t, i);
		str_write(&t->r->text, a->key, a->key_len);
		view_facts(v, i, &f);
		buf_adds(&t->r->text, facts_required(&f) ? ": " : "?: ");
	}
}

static void enter(void *arg, uint32_t i)
{
	struct typing *t = arg;
	const struct view *v = t->r->view;

	if (i >= t->skip_from && i < t->skip)
		return;
	if (i && view_attr(v, i)->kind == STEP_NULL) {
		t->skip_from = i;
		t->skip = v->nodes[i].end;
		return;
	}
	if (i)
		begin(t, i);
	add_own(t, i);
	if (render_flush_some(t->r))
		t->failed = true;
}

static void leave(void *arg, uint32_t i)
{
	struct typing *t = arg;
	const struct view *v = t->r->view;
	enum step_kind kind = view_attr(v, i)->kind;

	if (i >= t->skip_from && i < t->skip)
		return;
	if (t->open[i]) {
		indent(t, i);
		buf_addc(&t->r->text, '}');
	}
	if (i)
		buf_adds(&t->r->text, kind == STEP_ITEM ? ">" :
			 kind == STEP_MAP ? " }" : ";");
}

int render_typescript(struct render *r)
{
	struct typing t = {.r = r};

	t.any = mem_zalloc(r->view->n + 1UL, sizeof(bool));
	t.open = mem_zalloc(r->view->n + 1UL, sizeof(bool));
	buf_addf(&r->text, "export type %s = ",
		 r->opts->name ? r->opts->name : "Root");
	if (!r->view->n)
		buf_adds(&r->text, "never");
	view_each(r->view, &t, enter, leave);
	buf_adds(&r->text, ";\n");
	free(t.any);
	free(t.open);
	return t.failed || render_flush(r) ? RC_FAILED : RC_DONE;
}
