/*
 * render_sql_columns -- the columns of one attribute, in the table it is in.
 *
 * One for each active version, but that all arrays share one: a native array
 * where that can hold them, else JSON.  Each is NULL where the value is of
 * another type.
 */
#include <stdlib.h>
#include "base/mem.h"
#include "attrs/render_sql_in.h"
#include "attrs/sql_times.h"

#define HUGE_DIGITS 19	/* more than all ints of 64 bits have */
#define ARRAYS (1u << VERSION_ARRAY_PRIMITIVE | 1u << VERSION_ARRAY_OBJECT | \
		1u << VERSION_ARRAY_ARRAY)

void sql_fill_value(struct buf *b, const char *template,
		    const struct buf *value)
{
	struct sql_arg args[] = {
		{'v', value->s, value->len}, {0}
	};

	sql_fill(b, template, args);
}

/* ${to} becomes the template around what it is. */
static void wrap(struct buf *to, const char *template)
{
	struct buf old = *to;

	*to = (struct buf){0};
	sql_fill_value(to, template, &old);
	buf_release(&old);
}

/*
 * ${to}: from the value of attribute ${from}, called ${base}, to that of ${i},
 * which is below it by keys and embedded JSON.
 */
void sql_path(struct sql *s, struct buf *to, const char *base,
		      uint32_t from, uint32_t i)
{
	const struct view *v = s->v;
	uint32_t *chain = mem_alloc((v->nodes[i].depth + 1UL) * sizeof(*chain));
	uint32_t n = 0;

	for (; i != from; i = v->nodes[i].parent)
		chain[n++] = i;
	buf_clear(to);
	buf_adds(to, base);
	while (n) {
		const struct attr *a = view_attr(v, chain[--n]);
		struct buf old, key = {0};

		if (a->kind == STEP_NULL) {
			wrap(to, s->d->parse);
			continue;
		}
		old = *to;
		*to = (struct buf){0};
		sql_key(&key, s->d, a->key, a->key_len);
		sql_fill(to, sql_get(s->d, a->key, a->key_len),
			 (struct sql_arg[]){
			{'v', old.s, old.len}, {'k', key.s, key.len}, {0}
		});
		buf_release(&old);
		buf_release(&key);
	}
	free(chain);
}

/* Can a number be longer than ints of 64 bits are? */
static bool may_be_huge(const struct facts *f)
{
	enum version v = facts_has(f, VERSION_INT) ? VERSION_INT :
			 VERSION_FLOAT;
	uint32_t whole, scale;

	return facts_has(f, v) && (!facts_decimal(f, v, &whole, &scale) ||
				   whole >= HUGE_DIGITS);
}

/* Has it more digits than the dialect's ints keep apart from floats? */
static bool is_beyond_ints(const struct sql_dialect *d, const struct facts *f)
{
	uint32_t whole, scale;

	return !facts_has(f, VERSION_FLOAT) &&
	       facts_decimal(f, VERSION_INT, &whole, &scale) &&
	       whole > d->digits_max;
}

/* The test of a version, for what the attribute has met. */
static void add_test(struct sql *s, const struct buf *expr,
		     const struct facts *f, enum version v)
{
	const struct sql_dialect *d = s->d;
	const char *is = d->is[v < VERSION_ARRAY_PRIMITIVE ? v :
			       VERSION_ARRAY_PRIMITIVE];
	bool huge = d->huge_is && may_be_huge(f);
	bool ints = facts_has(f, VERSION_INT);

	/* where no int was met, what looks like one was written as a float */
	if (d->number_is && ((v == VERSION_FLOAT && !ints) ||
			     (v == VERSION_INT && is_beyond_ints(d, f))))
		is = d->number_is;
	sql_fill_value(sql_text(s), is, expr);
	if (!huge || v > VERSION_FLOAT || (v == VERSION_FLOAT && ints))
		return;
	buf_adds(sql_text(s), v == VERSION_STR ? " AND NOT (" : " OR (");
	sql_fill_value(sql_text(s), d->huge_is, expr);
	buf_addc(sql_text(s), ')');
}

static void add_scalar(struct sql *s, const struct buf *expr,
		       const struct facts *f, enum version version)
{
	struct buf type = {0}, *t = &s->tmp;

	buf_clear(t);
	sql_fill_value(t, version == VERSION_STR ? s->d->text : s->d->number,
		       expr);
	sql_type(&type, s->d, f, version);
	sql_fill(sql_text(s), s->d->cast, (struct sql_arg[]){
		{'v', t->s, t->len}, {'t', type.s, type.len}, {0}
	});
	buf_release(&type);
}

void sql_guarded(struct sql *s, const struct buf *expr, const struct facts *f,
		 enum version version)
{
	struct buf *b = sql_text(s);

	buf_adds(b, "CASE WHEN ");
	add_test(s, expr, f, version);
	buf_adds(b, " THEN ");
	if (version == VERSION_BOOL)
		sql_fill_value(b, s->d->boolean, expr);
	else if (version < VERSION_BOOL)
		add_scalar(s, expr, f, version);
	else
		buf_add(b, expr->s, expr->len);
	buf_adds(b, " END");
}

/* The place of a column among the keys of the records; s->nkeys: it is none. */
static size_t key_at(const struct sql *s, uint32_t from, uint32_t i,
		     const char *suffix)
{
	size_t k = 0;

	while (k < s->nkeys && (from || s->keys[k] != i ||
	       strcmp(version_name(s->key_versions[k]), suffix) != 0))
		k++;
	return k;
}

/* The column's name, made unique in its table, with the version behind. */
static void column_name(struct sql *s, uint32_t from, uint32_t i,
			const char *suffix, struct buf *to)
{
	size_t key = key_at(s, from, i, suffix);

	buf_clear(to);
	if (key < s->nkeys) {
		buf_add(to, s->carried[key].s, s->carried[key].len);
		return;
	}
	sql_name_of(&s->tmp, s->v, from, i, suffix);
	sql_names_add(&s->columns, &s->tmp);
	sql_ident(to, s->d, s->tmp.s, s->tmp.len);
}

/*
 * A comment that says what a column holds; nothing in it ends it, or opens
 * another.
 */
static void add_origin(struct sql *s, uint32_t i, const char *what)
{
	struct buf path = {0}, seen = {0};

	view_path(s->v, i, &path);
	buf_add_visible(&seen, path.s, path.len);
	buf_adds(sql_text(s), " /* ");
	for (size_t k = 0; k < seen.len; k++) {
		if (k && ((seen.s[k] == '/' && seen.s[k - 1] == '*') ||
			  (seen.s[k] == '*' && seen.s[k - 1] == '/')))
			buf_addc(sql_text(s), ' ');
		buf_addc(sql_text(s), seen.s[k]);
	}
	buf_addf(sql_text(s), " %s */", what);
	buf_release(&path);
	buf_release(&seen);
}

static void begin_column(struct sql *s)
{
	buf_adds(sql_text(s), s->comma);
	buf_adds(sql_text(s), "\n  ");
	s->comma = ",";
	s->ncolumns++;
}

static void end_column(struct sql *s, uint32_t from, uint32_t i,
		       const char *suffix, const char *what)
{
	struct buf name = {0};

	column_name(s, from, i, suffix, &name);
	buf_adds(sql_text(s), " AS ");
	buf_add(sql_text(s), name.s, name.len);
	add_origin(s, i, what);
	buf_release(&name);
}

/* Strings that are all dates: what they are as such, beside the text. */
static void add_times(struct sql *s, uint32_t from, uint32_t i,
		      const struct facts *f, const struct buf *expr)
{
	struct buf value = {0}, time = {0};
	const char *what;

	sql_fill_value(&value, s->d->text, expr);
	what = sql_time(&time, s->d, f, &value);
	if (what) {
		bool date = *what == 'd';

		begin_column(s);
		buf_adds(sql_text(s), "CASE WHEN ");
		add_test(s, expr, f, VERSION_STR);
		buf_adds(sql_text(s), " THEN ");
		buf_add(sql_text(s), time.s, time.len);
		buf_adds(sql_text(s), " END");
		end_column(s, from, i, what, date ? "as date" :
			   "as timestamp");
	}
	buf_release(&value);
	buf_release(&time);
}

/*
 * The one scalar type of all items of the arrays at ${i}, or VERSIONS.  ${f}
 * becomes the facts of the items.
 */
static enum version item_version(const struct sql *s, uint32_t i,
				 struct facts *f)
{
	uint32_t c = i + 1, end = s->v->nodes[i].end;

	while (c < end && view_attr(s->v, c)->kind != STEP_ITEM)
		c = s->v->nodes[c].end;
	if (c >= end)
		return VERSIONS;
	view_facts(s->v, c, f);
	if (f->versions != 1 || (f->nulls && s->d->array_no_nulls))
		return VERSIONS;
	for (unsigned v = 0; v < VERSION_OBJECT; v++)
		if (facts_has(f, (enum version)v))
			return (enum version)v;
	return VERSIONS;
}

static void add_native(struct sql *s, const struct buf *expr,
		       const struct facts *items, enum version version)
{
	const char *array = version == VERSION_STR && s->d->array_text ?
			    s->d->array_text : s->d->array;
	struct buf type = {0};

	sql_type(&type, s->d, items, version);
	sql_fill(sql_text(s), array, (struct sql_arg[]){
		{'v', expr->s, expr->len}, {'t', type.s, type.len}, {0}
	});
	buf_release(&type);
}

/* All arrays of an attribute; none where all they hold is objects. */
static void add_arrays(struct sql *s, uint32_t from, uint32_t i,
		       const struct facts *f, const struct buf *expr)
{
	unsigned arrays = f->active & ARRAYS;
	enum version named = arrays & 1u << VERSION_ARRAY_PRIMITIVE ?
			     VERSION_ARRAY_PRIMITIVE : VERSION_ARRAY_ARRAY;
	enum version item = VERSIONS;
	struct facts items;

	if (!(arrays & ~(1u << VERSION_ARRAY_OBJECT)))
		return;
	if (s->d->array && arrays == 1u << VERSION_ARRAY_PRIMITIVE)
		item = item_version(s, i, &items);
	begin_column(s);
	if (item == VERSIONS) {
		sql_guarded(s, expr, f, named);
	} else if (s->d->array_never_null) {
		add_native(s, expr, &items, item);
	} else {
		buf_adds(sql_text(s), "CASE WHEN ");
		add_test(s, expr, f, named);
		buf_adds(sql_text(s), " THEN ");
		add_native(s, expr, &items, item);
		buf_adds(sql_text(s), " END");
	}
	end_column(s, from, i, version_name(named), version_name(named));
}

static bool has_keys(const struct view *v, uint32_t i)
{
	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end)
		if (view_attr(v, c)->kind == STEP_KEY)
			return true;
	return false;
}

void sql_columns(struct sql *s, uint32_t from, uint32_t i)
{
	struct facts f;

	view_facts(s->v, i, &f);
	sql_path(s, &s->expr, "c.v", from, i);
	for (unsigned k = 0; k < VERSION_ARRAY_PRIMITIVE; k++) {
		enum version version = (enum version)k;

		if (!facts_has(&f, version))
			continue;
		if (version == VERSION_OBJECT && (has_keys(s->v, i) ||
						  i == from))
			continue;
		begin_column(s);
		sql_guarded(s, &s->expr, &f, version);
		end_column(s, from, i, version_name(version),
			   version_name(version));
		if (version == VERSION_STR)
			add_times(s, from, i, &f, &s->expr);
	}
	add_arrays(s, from, i, &f, &s->expr);
	if (render_flush_some(s->r))
		s->failed = true;
}
