/*
 * write_version -- the object of versions of an attribute line.
 */
#include "attrs/version.h"
#include "attrs/write_in.h"

#define VERSION(type) { \
	",\"" type "\":{\"name\":\"", \
	sizeof(",\"" type "\":{\"name\":\"") - 1, \
	"_" type "\",\"active\":false,\"count\":0}", \
	sizeof("_" type "\",\"active\":false,\"count\":0}") - 1, \
	"_" type "\",\"active\":true,\"count\":", \
	sizeof("_" type "\",\"active\":true,\"count\":") - 1, \
}

const struct version_text version_texts[VERSIONS] = {
	VERSION("str"), VERSION("int"), VERSION("float"), VERSION("bool"),
	VERSION("object"), VERSION("array_primitive"), VERSION("array_object"),
	VERSION("array_array")
};

static void put_inactive(struct writer *w, enum version v)
{
	const struct version_text *text = &version_texts[v];
	size_t skip = !w->name_len;
	char *p = room(w, w->name_len);

	p = put_mem(p, text->open, text->open_len);
	p = put_mem(p, w->name, w->name_len);
	p = put_mem(p, text->off + skip, text->off_len - skip);
	ends_at(w, p);
}

/* Begins an active version: to its count. */
static void put_active(struct writer *w, enum version v, uint64_t count)
{
	const struct version_text *text = &version_texts[v];
	size_t skip = !w->name_len;
	char *p = room(w, w->name_len);

	p = put_mem(p, text->open, text->open_len);
	p = put_mem(p, w->name, w->name_len);
	p = put_mem(p, text->on + skip, text->on_len - skip);
	ends_at(w, put_u64(p, count));
}

/* Ends an active version: first, and the bracket. */
static void put_first(struct writer *w, const struct first *f)
{
	size_t from, len;
	char *p;

	if (w->opts->no_first || f->source == NO_SOURCE) {
		ends_at(w, put_lit(room(w, 0), "}"));
		return;
	}
	from = w->source_ends[f->source];
	len = w->source_ends[f->source + 1] - from;
	p = room(w, len);
	p = put_lit(p, ",\"first\":{\"source\":");
	p = put_mem(p, w->sources.s + from, len);
	p = put_lit(p, ",\"byte\":");
	p = put_u64(p, f->byte);
	p = put_lit(p, "}}");
	ends_at(w, p);
}

static void put_extra(struct writer *w, const struct extra *e,
		      enum extra_kind kind)
{
	const struct extra_opts *opts = &w->opts->extra;

	if (!extra_wanted(opts))
		return;
	if (!e && !w->no_extra)
		w->no_extra = extra_new(opts);
	extra_write(&w->line, e ? e : w->no_extra, opts, kind);
}

/* One format's count; the line ends at the "{" or at the format before it. */
static void put_format(struct writer *w, int index, uint64_t count)
{
	const char *name = format_names[index];
	size_t len = strlen(name);
	char *p;

	if (!count)
		return;
	p = room(w, len);
	if (p[-1] != '{')
		*p++ = ',';
	*p++ = '"';
	p = put_mem(p, name, len);
	p = put_lit(p, "\":");
	ends_at(w, put_u64(p, count));
}

static void put_str_formats(struct writer *w, const uint64_t *formats)
{
	int n = formats ? (int)format_count() : 0;

	ends_at(w, put_lit(room(w, 0), ",\"formats\":{"));
	for (int i = 0; i < n; i++)
		put_format(w, i, formats[i]);
	ends_at(w, put_lit(room(w, 0), "}"));
}

static void put_int_formats(struct writer *w, const struct int_stat *s)
{
	bool ms_first = format_epoch_ms < format_epoch_s;

	ends_at(w, put_lit(room(w, 0), ",\"formats\":{"));
	if (ms_first)
		put_format(w, format_epoch_ms, s->epoch_ms);
	put_format(w, format_epoch_s, s->epoch_s);
	if (!ms_first)
		put_format(w, format_epoch_ms, s->epoch_ms);
	ends_at(w, put_lit(room(w, 0), "}"));
}

static void put_str(struct writer *w, const struct str_stat *s)
{
	char *p;

	put_active(w, VERSION_STR, s->count);
	p = room(w, 0);
	p = put_lit(p, ",\"empty\":");
	p = put_u64(p, s->empty);
	p = put_lit(p, ",\"chars\":{\"min\":");
	p = put_u64(p, s->chars_min);
	p = put_lit(p, ",\"max\":");
	p = put_u64(p, s->chars_max);
	p = put_lit(p, ",\"sum\":");
	p = put_u64(p, s->chars);
	p = put_lit(p, "}");
	ends_at(w, p);
	put_str_formats(w, s->formats);
	p = room(w, 0);
	p = put_lit(p, ",\"embedded\":{\"object\":");
	p = put_u64(p, s->embedded_object);
	p = put_lit(p, ",\"array\":");
	p = put_u64(p, s->embedded_array);
	p = put_lit(p, "}");
	ends_at(w, p);
	put_extra(w, s->extra, EXTRA_STR);
	put_first(w, &s->first);
}

/* ${member} has its comma, quotes and colon. */
static void put_extreme(struct writer *w, const char *member, size_t member_len,
			const struct extreme *e)
{
	char small[24], *p;
	const char *text = NULL;
	size_t len = e->kind == EXT_TEXT ? e->len : sizeof(small);

	p = put_mem(room(w, len), member, member_len);
	if (e->kind == EXT_NONE) {
		p = put_lit(p, "null");
	} else {
		*p++ = '"';
		if (e->kind == EXT_SMALL && e->small >= 0) {
			p = put_u64(p, (uint64_t)e->small);
		} else {
			len = extreme_text(e, &text, small);
			p = put_mem(p, text, len);
		}
		*p++ = '"';
	}
	ends_at(w, p);
}

static void put_extremes(struct writer *w, const struct extreme *min,
			 const struct extreme *max)
{
	static const char min_text[] = ",\"min\":", max_text[] = ",\"max\":";

	if (w->opts->private)
		return;
	put_extreme(w, min_text, sizeof(min_text) - 1, min);
	put_extreme(w, max_text, sizeof(max_text) - 1, max);
}

static void put_int(struct writer *w, const struct int_stat *s)
{
	char *p;

	put_active(w, VERSION_INT, s->count);
	put_extremes(w, &s->min, &s->max);
	p = put_lit(room(w, 0), ",\"digits\":");
	ends_at(w, put_u64(p, s->digits));
	put_int_formats(w, s);
	put_extra(w, s->extra, EXTRA_INT);
	put_first(w, &s->first);
}

static void put_float(struct writer *w, const struct float_stat *s)
{
	char *p;

	put_active(w, VERSION_FLOAT, s->count);
	put_extremes(w, &s->min, &s->max);
	p = room(w, 0);
	p = put_lit(p, ",\"digits\":");
	p = put_u64(p, s->digits);
	p = put_lit(p, ",\"scale\":");
	p = put_u64(p, s->scale);
	p = put_lit(p, ",\"exponent\":");
	p = put_u64(p, s->exponent);
	p = put_lit(p, ",\"formats\":{}");
	ends_at(w, p);
	put_extra(w, s->extra, EXTRA_FLOAT);
	put_first(w, &s->first);
}

static void put_bool(struct writer *w, const struct box_stat *b)
{
	char *p;

	put_active(w, VERSION_BOOL, b->boolean.count);
	p = put_lit(room(w, 0), ",\"true\":");
	ends_at(w, put_u64(p, b->bool_true));
	put_first(w, &b->boolean.first);
}

static void put_object(struct writer *w, const struct box_stat *b)
{
	char *p;

	put_active(w, VERSION_OBJECT, b->object.count);
	p = put_lit(room(w, 0), ",\"keys\":{\"min\":");
	p = put_u64(p, b->keys_min);
	p = put_lit(p, ",\"max\":");
	p = put_u64(p, b->keys_max);
	*p++ = '}';
	ends_at(w, p);
	put_first(w, &b->object.first);
}

static void put_array(struct writer *w, enum version v,
		      const struct kind_stat *k)
{
	if (!k->count) {
		if (v != VERSION_ARRAY_ARRAY)
			put_inactive(w, v);
		return;
	}
	put_active(w, v, k->count);
	put_first(w, &k->first);
}

void write_versions(struct writer *w, const struct hot *h)
{
	static const struct box_stat no_box;
	const struct tree *t = w->tree;
	const struct box_stat *b = h->box ? &t->boxes[h->box] : &no_box;
	size_t comma = w->line.len;

	if (h->str && t->strs[h->str].count)
		put_str(w, &t->strs[h->str]);
	else
		put_inactive(w, VERSION_STR);
	w->line.s[comma] = '{';
	if (h->num && t->nums[h->num].i.count)
		put_int(w, &t->nums[h->num].i);
	else
		put_inactive(w, VERSION_INT);
	if (h->num && t->nums[h->num].f.count)
		put_float(w, &t->nums[h->num].f);
	else
		put_inactive(w, VERSION_FLOAT);
	if (b->boolean.count)
		put_bool(w, b);
	else
		put_inactive(w, VERSION_BOOL);
	if (b->object.count)
		put_object(w, b);
	else
		put_inactive(w, VERSION_OBJECT);
	put_array(w, VERSION_ARRAY_PRIMITIVE, &b->array_primitive);
	put_array(w, VERSION_ARRAY_OBJECT, &b->array_object);
	put_array(w, VERSION_ARRAY_ARRAY, &b->array_array);
}

