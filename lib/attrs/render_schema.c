/*
 * render_schema -- JSON Schema from attributes.
 */
#include "base/err.h"
#include "json/num.h"
#include "json/str.h"
#include "attrs/render_schema.h"

struct writing {
	struct render *r;
	const struct schema_style *style;
	uint32_t skip_from, skip;	/* attributes that are left out */
	bool failed;
};

static void add_type(struct buf *b, const char *name, unsigned *n)
{
	buf_addf(b, "%s\"%s\"", (*n)++ ? "," : "", name);
}

/* "type":..., one or a list.  A number is an integer or not. */
static void add_types(struct buf *b, const struct facts *f)
{
	size_t from;
	unsigned n = 0;

	buf_adds(b, "\"type\":");
	from = b->len;
	buf_addc(b, '[');
	if (f->nulls)
		add_type(b, "null", &n);
	if (f->box->boolean.count)
		add_type(b, "boolean", &n);
	if (f->box->object.count)
		add_type(b, "object", &n);
	if (f->box->arrays)
		add_type(b, "array", &n);
	if (f->str->count)
		add_type(b, "string", &n);
	if (f->f->count)
		add_type(b, "number", &n);
	else if (f->i->count)
		add_type(b, "integer", &n);
	if (n == 1) {
		memmove(b->s + from, b->s + from + 1, b->len - from - 1);
		b->len--;
	} else {
		buf_addc(b, ']');
	}
}

/* attr(5)'s grammars of them are the same or stricter. */
const char *schema_format(const struct facts *f)
{
	static const char *const known[] = {
		"date", "time", "date-time", "uuid", "email", "uri", "ipv4",
		"ipv6"
	};
	int format = facts_format(f, true);

	for (size_t i = 0; format >= 0 && i < sizeof(known) / sizeof(*known);
	     i++)
		if (!strcmp(format_names[format], known[i]))
			return known[i];
	return NULL;
}

/* The smaller (want -1) or greater (1) of two extremes, exactly. */
static void add_limit(struct buf *b, const char *name, const struct extreme *x,
		      const struct extreme *y, int want)
{
	char sx[24], sy[24];
	size_t lx, ly;
	const char *tx = extreme_string(x, sx, &lx);
	const char *ty = extreme_string(y, sy, &ly);

	if (!tx || (ty && num_compare(ty, ly, tx, lx) == want)) {
		tx = ty;
		lx = ly;
	}
	if (!tx)
		return;
	buf_addf(b, ",\"%s\":", name);
	buf_add(b, tx, lx);
}

static void add_ranges(struct buf *b, const struct facts *f)
{
	if (f->str->count)
		buf_addf(b, ",\"minLength\":%llu,\"maxLength\":%llu",
			 (unsigned long long)f->str->chars_min,
			 (unsigned long long)f->str->chars_max);
	add_limit(b, "minimum", &f->i->min, &f->f->min, -1);
	add_limit(b, "maximum", &f->i->max, &f->f->max, 1);
	if (f->box->arrays)
		buf_addf(b, ",\"minItems\":%llu,\"maxItems\":%llu",
			 (unsigned long long)f->box->items_min,
			 (unsigned long long)f->box->items_max);
}

/* The keywords that concern the attribute's own values. */
static void add_own(struct writing *w, uint32_t i)
{
	struct buf *b = &w->r->text;
	struct facts f;
	const char *format;

	view_facts(w->r->view, i, &f);
	add_types(b, &f);
	format = schema_format(&f);
	if (format)
		buf_addf(b, ",\"format\":\"%s\"", format);
	if (w->style->ranges)
		add_ranges(b, &f);
}

static bool all_embedded(const struct view *v, uint32_t i)
{
	struct facts f;

	view_facts(v, v->nodes[i].parent, &f);
	return f.embedded == f.str->count;
}

/* Is ${i} the first of its parent's keys? */
static bool is_first_key(const struct view *v, uint32_t i)
{
	uint32_t c = v->nodes[i].parent + 1;

	while (view_attr(v, c)->kind != STEP_KEY)
		c = v->nodes[c].end;
	return c == i;
}

static void enter(void *arg, uint32_t i)
{
	struct writing *w = arg;
	const struct view *v = w->r->view;
	const struct attr *a = view_attr(v, i);
	struct buf *b = &w->r->text;

	if (i >= w->skip_from && i < w->skip)
		return;
	if (v->nodes[i].parent == VIEW_NONE) {
		add_own(w, i);
		return;
	}
	switch (a->kind) {
	case STEP_ITEM:
		buf_adds(b, ",\"items\":{");
		break;
	case STEP_MAP:
		buf_adds(b, ",\"additionalProperties\":{");
		break;
	case STEP_NULL:
		if (!w->style->content) {
			w->skip_from = i;
			w->skip = v->nodes[i].end;
			return;
		}
		if (!all_embedded(v, i))
			buf_adds(b, ",\"anyOf\":[{\"type\":\"string\"");
		buf_adds(b, ",\"contentMediaType\":\"application/json\","
			 "\"contentSchema\":{");
		break;
	case STEP_KEY:
		buf_adds(b, is_first_key(v, i) ? ",\"properties\":{" : ",");
		str_write(b, a->key, a->key_len);
		buf_adds(b, ":{");
		break;
	}
	add_own(w, i);
	if (!w->style->whole && render_flush_some(w->r))
		w->failed = true;
}

/* Behind the last key of an object. */
static void add_required(struct writing *w, uint32_t i)
{
	const struct view *v = w->r->view;
	struct buf *b = &w->r->text;
	const char *comma = "";
	struct facts f;

	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end) {
		if (view_attr(v, c)->kind != STEP_KEY)
			continue;
		view_facts(v, c, &f);
		if (!facts_required(&f))
			continue;
		buf_adds(b, *comma ? comma : ",\"required\":[");
		str_write(b, f.attr->key, f.attr->key_len);
		comma = ",";
	}
	if (*comma)
		buf_addc(b, ']');
}

/* What ends the schema of attribute ${i}, without its bracket. */
static void close_object(struct writing *w, uint32_t i)
{
	const struct view *v = w->r->view;
	struct buf *b = &w->r->text;
	bool keys = false, map = false;
	struct facts f;

	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end) {
		keys |= view_attr(v, c)->kind == STEP_KEY;
		map |= view_attr(v, c)->kind == STEP_MAP;
	}
	if (keys) {
		buf_addc(b, '}');
		add_required(w, i);
	}
	view_facts(v, i, &f);
	if (w->style->closed && !map && facts_has(&f, VERSION_OBJECT))
		buf_adds(b, ",\"additionalProperties\":false");
}

static void leave(void *arg, uint32_t i)
{
	struct writing *w = arg;
	const struct view *v = w->r->view;
	struct buf *b = &w->r->text;
	struct facts f;

	if (i >= w->skip_from && i < w->skip)
		return;
	close_object(w, i);
	if (v->nodes[i].parent == VIEW_NONE)
		return;
	buf_addc(b, '}');
	if (view_attr(v, i)->kind != STEP_NULL || all_embedded(v, i))
		return;
	buf_adds(b, "},{");
	view_facts(v, v->nodes[i].parent, &f);
	add_types(b, &f);
	buf_adds(b, "}]");
}

int schema_write(struct render *r, const struct schema_style *style)
{
	struct writing w = {.r = r, .style = style};

	view_each(r->view, &w, enter, leave);
	return w.failed ? -1 : 0;
}

int render_json_schema(struct render *r)
{
	struct schema_style style = {
		.ranges = r->opts->ranges, .closed = r->opts->closed,
		.content = true
	};
	bool any = r->view->n > 0;
	int rc;

	buf_adds(&r->text, "{\"$schema\":"
		 "\"https://json-schema.org/draft/2020-12/schema\"");
	if (any)
		buf_addc(&r->text, ',');
	rc = schema_write(r, &style);
	buf_adds(&r->text, "}\n");
	return rc || render_flush(r) ? RC_FAILED : RC_DONE;
}
