/*
 * render_avro -- a schema for Avro.
 *
 * Avro's names are ASCII letters, digits and "_"; the key as it was stands
 * beside a field's name as its attribute "key", which Avro's readers keep.  An
 * attribute has one record at most, so that a union never has two of a kind.
 * Ints that no long holds are strings; strings that hold JSON are strings.
 */
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "json/num.h"
#include "json/str.h"
#include "attrs/render.h"
#include "attrs/sql_names.h"

struct avro {
	struct render *r;
	char **names;		/* of fields; owned */
	struct sql_names records, fields;
	bool *any, *open;	/* a union has a member; a record is open */
	uint32_t skip_from, skip;
	bool failed;
};

static void member(struct avro *a, uint32_t i, const char *type)
{
	if (a->any[i])
		buf_addc(&a->r->text, ',');
	a->any[i] = true;
	buf_adds(&a->r->text, type);
}

/* A name from one key: letters, digits, "_"; no digit first. */
static void plain_name(struct buf *to, const struct attr *a)
{
	buf_clear(to);
	for (size_t i = 0; i < a->key_len && to->len < 57; i++) {
		char c = a->key[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool digit = c >= '0' && c <= '9';

		if (digit && !to->len)
			buf_addc(to, '_');
		buf_addc(to, letter || digit ? c : '_');
	}
	if (!to->len)
		buf_addc(to, '_');
}

/* Fields of one record have different names. */
static void name_fields(struct avro *a, uint32_t i)
{
	const struct view *v = a->r->view;
	struct buf name = {0};

	sql_names_clear(&a->fields);
	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end) {
		if (view_attr(v, c)->kind != STEP_KEY)
			continue;
		plain_name(&name, view_attr(v, c));
		sql_names_add(&a->fields, &name);
		a->names[c] = mem_dup(name.s, name.len);
	}
	buf_release(&name);
}

/* Opens the record of attribute ${i}, at its first field. */
static void open_record(struct avro *a, uint32_t i)
{
	struct buf name = {0};

	sql_table_name(&name, a->r->view, i, a->r->opts->name ?
		       a->r->opts->name : "Root");
	sql_names_add(&a->records, &name);
	member(a, i, "{\"type\":\"record\",\"name\":\"");
	buf_add(&a->r->text, name.s, name.len);
	buf_adds(&a->r->text, "\",\"fields\":[");
	a->open[i] = true;
	buf_release(&name);
}

static bool has_below(const struct view *v, uint32_t i, enum step_kind kind)
{
	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end)
		if (view_attr(v, c)->kind == kind)
			return true;
	return false;
}

/* Do all ints fit 18 digits?  A long has nearly 19. */
static bool fits_long(const struct facts *f)
{
	return f->i->digits <= 18 && f->i->min.kind != EXT_TEXT &&
	       f->i->max.kind != EXT_TEXT;
}

static void add_own(struct avro *a, uint32_t i)
{
	const struct view *v = a->r->view;
	struct facts f;
	bool text;

	view_facts(v, i, &f);
	text = f.str->count || (f.i->count && !fits_long(&f));
	if (f.nulls || !facts_required(&f))
		member(a, i, "\"null\"");
	if (f.box->boolean.count)
		member(a, i, "\"boolean\"");
	if (f.i->count && fits_long(&f))
		member(a, i, "\"long\"");
	if (f.f->count)
		member(a, i, "\"double\"");
	if (text)
		member(a, i, "\"string\"");
	if (f.box->arrays && !has_below(v, i, STEP_ITEM))
		member(a, i, "{\"type\":\"array\",\"items\":\"null\"}");
	if (f.box->object.count && !has_below(v, i, STEP_MAP))
		name_fields(a, i);
}

static void begin(struct avro *a, uint32_t i)
{
	const struct view *v = a->r->view;
	const struct attr *attr = view_attr(v, i);
	uint32_t parent = v->nodes[i].parent;
	struct buf *b = &a->r->text;

	if (attr->kind == STEP_ITEM) {
		member(a, parent, "{\"type\":\"array\",\"items\":[");
		return;
	}
	if (attr->kind == STEP_MAP) {
		member(a, parent, "{\"type\":\"map\",\"values\":[");
		return;
	}
	if (a->open[parent])
		buf_addc(b, ',');
	else
		open_record(a, parent);
	buf_addf(b, "{\"name\":\"%s\",\"key\":", a->names[i]);
	str_write(b, attr->key, attr->key_len);
	buf_adds(b, ",\"type\":[");
}

static void enter(void *arg, uint32_t i)
{
	struct avro *a = arg;
	const struct view *v = a->r->view;
	enum step_kind kind = view_attr(v, i)->kind;

	if (i >= a->skip_from && i < a->skip)
		return;
	/* also keys beside a map, as --rename can make them */
	if (i && (kind == STEP_NULL || (kind == STEP_KEY && !a->names[i]))) {
		a->skip_from = i;
		a->skip = v->nodes[i].end;
		return;
	}
	if (i)
		begin(a, i);
	add_own(a, i);
	if (render_flush_some(a->r))
		a->failed = true;
}

static void leave(void *arg, uint32_t i)
{
	struct avro *a = arg;
	const struct view *v = a->r->view;
	enum step_kind kind = view_attr(v, i)->kind;
	struct buf *b = &a->r->text;
	struct facts f;

	if (i >= a->skip_from && i < a->skip)
		return;
	view_facts(v, i, &f);
	/* objects that never had a key */
	if (f.box->object.count && !has_below(v, i, STEP_MAP) && !a->open[i])
		open_record(a, i);
	if (a->open[i])
		buf_adds(b, "]}");
	if (!i)
		return;
	buf_addc(b, ']');
	if (kind == STEP_KEY && (f.nulls || !facts_required(&f)))
		buf_adds(b, ",\"default\":null");
	buf_addc(b, '}');
}

int render_avro(struct render *r)
{
	struct avro a = {.r = r};

	a.names = mem_zalloc(r->view->n + 1UL, sizeof(char *));
	a.any = mem_zalloc(r->view->n + 1UL, sizeof(bool));
	a.open = mem_zalloc(r->view->n + 1UL, sizeof(bool));
	buf_addc(&r->text, '[');
	if (!r->view->n)
		buf_adds(&r->text, "\"null\"");
	view_each(r->view, &a, enter, leave);
	buf_adds(&r->text, "]\n");
	for (uint32_t i = 0; i < r->view->n; i++)
		free(a.names[i]);
	free(a.names);
	free(a.any);
	free(a.open);
	sql_names_release(&a.records);
	sql_names_release(&a.fields);
	return a.failed || render_flush(r) ? RC_FAILED : RC_DONE;
}
