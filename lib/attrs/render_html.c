/*
 * render_html -- one page with everything in it: no network, no other file.
 *
 * The page is made of the parts in html/ (html_parts.h) and the attributes as
 * JSON, of which html/data.js says what stands where.  A row an attribute, kept
 * short: 15,000 of them have to stay well under 1 MB.  Keys are numbered, as
 * few of them are different.
 */
#include <stdlib.h>

#include "attrs/html_parts.h"
#include "attrs/render.h"
#include "base/err.h"
#include "base/mem.h"
#include "json/str.h"

struct page {
	struct render *r;
	struct buf *b;
	uint32_t *name;		/* of attribute i: number of its key */
	struct buf text;	/* a string on its way */
};

static void add_u64(struct buf *b, char before, uint64_t value)
{
	buf_addc(b, before);
	buf_addu(b, value);
}

/* As JSON that can stand in a page: "<" never begins a tag. */
static void add_text(struct page *p, const char *s, size_t len)
{
	buf_clear(&p->text);
	str_write(&p->text, s, len);
	for (size_t i = 0; i < p->text.len; i++) {
		if (p->text.s[i] == '<')
			buf_adds(p->b, "\\u003c");
		else
			buf_addc(p->b, p->text.s[i]);
	}
}

static void add_string(struct page *p, const char *s)
{
	add_text(p, s, strlen(s));
}

struct key {
	const char *s;
	uint32_t len, at;	/* at: index of the attribute */
};

static int by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int rc = memcmp(x->s, y->s, x->len < y->len ? x->len : y->len);

	if (rc)
		return rc;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* "names":[...] in the order of their bytes, and each attribute's number. */
static void add_names(struct page *p)
{
	const struct view *v = p->r->view;
	struct key *keys = mem_alloc((v->n + 1UL) * sizeof(*keys));
	uint32_t n = 0, number = 0;

	for (uint32_t i = 0; i < v->n; i++) {
		const struct attr *a = view_attr(v, i);

		if (a->kind == STEP_KEY)
			keys[n++] = (struct key){a->key, a->key_len, i};
	}
	qsort(keys, n, sizeof(*keys), by_key);
	buf_adds(p->b, ",\"names\":[");
	for (uint32_t i = 0; i < n; i++) {
		bool again = i && keys[i].len == keys[i - 1].len &&
			!memcmp(keys[i].s, keys[i - 1].s, keys[i].len);

		if (!again) {
			buf_adds(p->b, i ? "," : "");
			add_text(p, keys[i].s, keys[i].len);
			number += i > 0;
		}
		p->name[keys[i].at] = number;
	}
	buf_addc(p->b, ']');
	free(keys);
}

static void add_lists(struct page *p)
{
	const struct tree *t = p->r->tree;

	buf_adds(p->b, ",\"types\":[");
	for (int i = 0; i < VERSIONS; i++) {
		buf_adds(p->b, i ? "," : "");
		add_string(p, version_name((enum version)i));
	}
	buf_adds(p->b, "],\"formats\":[");
	for (unsigned i = 0; i < format_count(); i++) {
		buf_adds(p->b, i ? "," : "");
		add_string(p, format_names[i]);
	}
	buf_adds(p->b, "],\"sources\":[");
	for (uint32_t i = 0; i < t->nsources; i++) {
		buf_adds(p->b, i ? "," : "");
		add_string(p, t->sources[i]);
	}
	buf_addc(p->b, ']');
}

static void add_scan(struct page *p)
{
	const struct scan_totals *t = &p->r->scan->totals;
	struct render_totals n;
	struct buf *b = p->b;

	render_count(p->r->view, &n);
	buf_adds(b, "{\"source\":");
	add_string(p, p->r->source);
	buf_addf(b, ",\"complete\":%s",
		 p->r->scan->pending.n ? "false" : "true");
	buf_addf(b, ",\"records\":%llu,\"bytes\":%llu,\"rejected\":%llu",
		 (unsigned long long)t->records, (unsigned long long)t->bytes,
		 (unsigned long long)t->rejected);
	buf_addf(b, ",\"polymorphic\":%llu,\"level\":%llu,\"score\":%lld",
		 (unsigned long long)n.polymorphic,
		 (unsigned long long)n.max_level, (long long)n.complexity);
	buf_addf(b, ",\"all\":%u", p->r->view->all);
	add_names(p);
	add_lists(p);
}

/* ,[format,count,...] or ,0 */
static void add_formats(struct buf *b, const uint64_t *counts)
{
	bool any = false;

	for (unsigned i = 0; counts && i < format_count(); i++) {
		if (!counts[i])
			continue;
		buf_adds(b, any ? "," : ",[");
		buf_addu(b, i);
		add_u64(b, ',', counts[i]);
		any = true;
	}
	buf_adds(b, any ? "]" : ",0");
}

static void add_extreme(struct buf *b, const struct extreme *e)
{
	char small[24];
	size_t len;
	const char *text = extreme_string(e, small, &len);

	if (!text) {
		buf_adds(b, ",0");
		return;
	}
	buf_adds(b, ",\"");
	buf_add(b, text, len);
	buf_addc(b, '"');
}

static void add_int(struct buf *b, const struct int_stat *st)
{
	add_extreme(b, &st->min);
	add_extreme(b, &st->max);
	add_u64(b, ',', st->digits);
	if (st->epoch_s || st->epoch_ms) {
		uint64_t counts[FORMATS_MAX] = {0};

		counts[format_epoch_s] = st->epoch_s;
		counts[format_epoch_ms] = st->epoch_ms;
		add_formats(b, counts);
	} else {
		buf_adds(b, ",0");
	}
}

/* What a version has besides its count; html/data.js reads it. */
static void add_details(struct buf *b, const struct facts *f, enum version v)
{
	switch (v) {
	case VERSION_STR:
		add_u64(b, ',', f->str->empty);
		add_u64(b, ',', f->str->chars_min);
		add_u64(b, ',', f->str->chars_max);
		add_u64(b, ',', f->str->chars);
		add_formats(b, f->str->formats);
		add_u64(b, ',', f->embedded);
		break;
	case VERSION_INT:
		add_int(b, f->i);
		break;
	case VERSION_FLOAT:
		add_extreme(b, &f->f->min);
		add_extreme(b, &f->f->max);
		add_u64(b, ',', f->f->digits);
		add_u64(b, ',', f->f->scale);
		break;
	case VERSION_BOOL:
		add_u64(b, ',', f->box->bool_true);
		break;
	case VERSION_OBJECT:
		add_u64(b, ',', f->box->keys_min);
		add_u64(b, ',', f->box->keys_max);
		break;
	case VERSION_ARRAY_PRIMITIVE:
	case VERSION_ARRAY_OBJECT:
	case VERSION_ARRAY_ARRAY:
	case VERSIONS:
		break;
	}
}

static void add_versions(struct buf *b, const struct facts *f)
{
	for (int i = 0; i < VERSIONS; i++) {
		enum version v = (enum version)i;
		const struct first *first = facts_first(f, v);

		if (!facts_has(f, v))
			continue;
		buf_adds(b, ",[");
		buf_addu(b, f->counts[v]);
		add_details(b, f, v);
		if (first && first->source != NO_SOURCE) {
			add_u64(b, ',', first->byte);
			if (first->source)
				add_u64(b, ',', first->source);
		}
		buf_addc(b, ']');
	}
}

/*
 * [depth,kind,name,count,nulls,bytes,present,objects,versions' bits,
 * version...,[items min,max,sum,arrays,empty]]
 */
static void add_row(struct page *p, uint32_t i)
{
	struct buf *b = p->b;
	struct facts f;

	view_facts(p->r->view, i, &f);
	buf_adds(b, i ? ",\n[" : "\n[");
	buf_addu(b, p->r->view->nodes[i].depth);
	add_u64(b, ',', i ? (uint64_t)f.attr->kind + 1 : 0);
	add_u64(b, ',', p->name[i]);
	add_u64(b, ',', f.count);
	add_u64(b, ',', f.nulls);
	add_u64(b, ',', f.bytes);
	add_u64(b, ',', f.present);
	add_u64(b, ',', f.objects);
	add_u64(b, ',', f.active);
	add_versions(b, &f);
	if (f.box->arrays) {
		buf_adds(b, ",[");
		buf_addu(b, f.box->items_min);
		add_u64(b, ',', f.box->items_max);
		add_u64(b, ',', f.box->items_sum);
		add_u64(b, ',', f.box->arrays);
		add_u64(b, ',', f.box->arrays_empty);
		buf_addc(b, ']');
	}
	buf_addc(b, ']');
}

static int add_rows(struct page *p)
{
	buf_adds(p->b, ",\"rows\":[");
	for (uint32_t i = 0; i < p->r->view->n; i++) {
		add_row(p, i);
		if (render_flush_some(p->r))
			return -1;
	}
	buf_adds(p->b, "]}");
	return 0;
}

int render_html(struct render *r)
{
	struct page p = {.r = r, .b = &r->text};
	int rc;

	if (!html_d3) {
		err_msg("--to=html was not built in: d3-hierarchy was missing "
			"(install node-d3-hierarchy, then make clean all)");
		return RC_USAGE;
	}
	p.name = mem_zalloc(r->view->n + 1UL, sizeof(*p.name));
	buf_adds(p.b, html_head);
	buf_adds(p.b, html_style);
	buf_adds(p.b, html_body);
	add_scan(&p);
	rc = add_rows(&p);
	buf_adds(p.b, "</script>\n<script>\n");
	buf_adds(p.b, html_d3);
	buf_adds(p.b, html_script);
	buf_adds(p.b, "</script>\n</html>\n");
	free(p.name);
	buf_release(&p.text);
	return rc || render_flush(r) ? RC_FAILED : RC_DONE;
}
