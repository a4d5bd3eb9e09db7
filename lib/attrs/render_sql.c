/*
 * render_sql -- typed tables or views over a column of JSON.
 *
 * A table for the records, and one for each array with objects in it.  Keys of
 * objects, and of objects in those, and of JSON in strings, are columns of the
 * table they are in; an attribute has one for each of its active versions,
 * filled only by values of that type.  Arrays, maps and objects without known
 * keys are columns of JSON.
 *
 * The text of each table is self-contained: a chain of WITH items goes from the
 * records down to the array, one step of "items" and one that divides them for
 * each array on the way, carrying the keys of the records and the position in
 * every array along.  Those together are the foreign key to the parent, whose
 * own columns have the same names.
 */
#include <stdio.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "attrs/render_sql_in.h"

static struct buf *text(struct sql *s)
{
	return &s->r->text;
}

static void fill_value(struct buf *b, const char *template,
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
	fill_value(to, template, &old);
	buf_release(&old);
}

/*
 * ${to}: from the value of attribute ${from}, called ${base}, to that of ${i},
 * which is below it by keys and embedded JSON.
 */
static void path_expr(struct sql *s, struct buf *to, const char *base,
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
		sql_fill(to, s->d->get, (struct sql_arg[]){
			{'v', old.s, old.len}, {'k', key.s, key.len}, {0}
		});
		buf_release(&old);
		buf_release(&key);
	}
	free(chain);
}

/* The value of ${version} at ${expr}, NULL for another type's. */
static void add_guarded(struct sql *s, const struct buf *expr,
			const struct facts *f, enum version version)
{
	struct buf *b = text(s), *t = &s->tmp, type = {0};
	const char *is = s->d->is[version < VERSION_ARRAY_PRIMITIVE ? version :
				  VERSION_ARRAY_PRIMITIVE];

	buf_adds(b, "CASE WHEN ");
	fill_value(b, is, expr);
	buf_adds(b, " THEN ");
	buf_clear(t);
	if (version == VERSION_BOOL) {
		fill_value(b, s->d->boolean, expr);
	} else if (version < VERSION_BOOL) {
		fill_value(t, version == VERSION_STR ? s->d->text :
			   s->d->number, expr);
		sql_type(&type, s->d, f, version);
		sql_fill(b, s->d->cast, (struct sql_arg[]){
			{'v', t->s, t->len}, {'t', type.s, type.len}, {0}
		});
	} else {
		buf_add(b, expr->s, expr->len);
	}
	buf_adds(b, " END");
	buf_release(&type);
}

/* The column's name, made unique in its table, with the version behind. */
static void column_name(struct sql *s, uint32_t from, uint32_t i,
			const char *suffix, struct buf *to)
{
	sql_name_of(&s->tmp, s->v, from, i, suffix);
	sql_names_add(&s->columns, &s->tmp);
	buf_clear(to);
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
	buf_adds(text(s), " /* ");
	for (size_t k = 0; k < seen.len; k++) {
		if (k && ((seen.s[k] == '/' && seen.s[k - 1] == '*') ||
			  (seen.s[k] == '*' && seen.s[k - 1] == '/')))
			buf_addc(text(s), ' ');
		buf_addc(text(s), seen.s[k]);
	}
	buf_addf(text(s), " %s */", what);
	buf_release(&path);
	buf_release(&seen);
}

static void begin_column(struct sql *s)
{
	buf_adds(text(s), s->comma);
	buf_adds(text(s), "\n  ");
	s->comma = ",";
}

static void end_column(struct sql *s, uint32_t from, uint32_t i,
		       const char *suffix, const char *what)
{
	struct buf name = {0};

	column_name(s, from, i, suffix, &name);
	buf_adds(text(s), " AS ");
	buf_add(text(s), name.s, name.len);
	add_origin(s, i, what);
	buf_release(&name);
}

/* Strings that are all dates: what they are as such, beside the text. */
static void add_times(struct sql *s, uint32_t from, uint32_t i,
		      const struct facts *f, const struct buf *expr)
{
	int format = facts_format(f, false);
	bool date = sql_is_format(format, "date");
	struct buf value = {0};

	if (!date && !sql_is_format(format, "date-time") &&
	    !sql_is_format(format, "YYYY-MM-DDTHH24:MI:SS") &&
	    !sql_is_format(format, "YYYY-MM-DD HH24:MI:SS"))
		return;
	begin_column(s);
	fill_value(&value, s->d->text, expr);
	buf_adds(text(s), "CASE WHEN ");
	fill_value(text(s), s->d->is[VERSION_STR], expr);
	buf_adds(text(s), " THEN ");
	fill_value(text(s), date ? s->d->date : s->d->timestamp, &value);
	buf_adds(text(s), " END");
	end_column(s, from, i, date ? "date" : "timestamp",
		   date ? "as date" : "as timestamp");
	buf_release(&value);
}

static bool has_keys(const struct view *v, uint32_t i)
{
	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end)
		if (view_attr(v, c)->kind == STEP_KEY)
			return true;
	return false;
}

/* All columns of one attribute in the table of ${from}. */
static void add_attribute(struct sql *s, uint32_t from, uint32_t i)
{
	struct facts f;

	view_facts(s->v, i, &f);
	path_expr(s, &s->expr, "c.v", from, i);
	for (unsigned k = 0; k < VERSIONS; k++) {
		enum version version = (enum version)k;

		if (!facts_has(&f, version) || version == VERSION_ARRAY_OBJECT)
			continue;
		if (version == VERSION_OBJECT && (has_keys(s->v, i) ||
						  i == from))
			continue;
		begin_column(s);
		add_guarded(s, &s->expr, &f, version);
		end_column(s, from, i, version_name(version),
			   version_name(version));
		if (version == VERSION_STR)
			add_times(s, from, i, &f, &s->expr);
	}
	if (render_flush_some(s->r))
		s->failed = true;
}

/* The plain name of the column of positions: of arrays in arrays, numbered. */
static void position_plain(const struct sql *s, uint32_t item, struct buf *to)
{
	char suffix[24] = "index";
	unsigned n = 1;

	for (uint32_t at = s->v->nodes[item].parent; at != VIEW_NONE &&
	     view_attr(s->v, at)->kind != STEP_KEY; at = s->v->nodes[at].parent)
		n += view_attr(s->v, at)->kind == STEP_ITEM;
	if (n > 1)
		snprintf(suffix, sizeof(suffix), "index%u", n);
	sql_name_of(to, s->v, 0, item, suffix);
}

static void position_name(struct sql *s, uint32_t item, struct buf *to)
{
	struct buf name = {0};

	position_plain(s, item, &name);
	buf_clear(to);
	sql_ident(to, s->d, name.s, name.len);
	buf_release(&name);
}

/* The keys of the records, in the first WITH item. */
static void add_key_columns(struct sql *s, bool define)
{
	for (size_t k = 0; k < s->nkeys; k++) {
		struct buf name = {0}, plain = {0};
		struct facts f;

		view_facts(s->v, s->keys[k], &f);
		sql_name_of(&plain, s->v, 0, s->keys[k],
			    version_name(s->key_versions[k]));
		sql_ident(&name, s->d, plain.s, plain.len);
		if (define) {
			path_expr(s, &s->expr, "r.v", 0, s->keys[k]);
			add_guarded(s, &s->expr, &f, s->key_versions[k]);
			buf_adds(text(s), " AS ");
			buf_add(text(s), name.s, name.len);
			buf_adds(text(s), ", ");
		} else {
			buf_add(&s->carried, name.s, name.len);
			buf_adds(&s->carried, ", ");
		}
		buf_release(&name);
		buf_release(&plain);
	}
}

static void add_source(struct sql *s)
{
	const struct render_opts *o = s->r->opts;
	const char *column = o->column ? o->column : "j";

	sql_ident(text(s), s->d, column, strlen(column));
	buf_addf(text(s), " AS v FROM %s", o->source ? o->source : "raw");
}

/* Two WITH items: the arrays at item step ${item}, and their items. */
static void add_level(struct sql *s, unsigned level, uint32_t from,
		      uint32_t item)
{
	struct buf name = {0}, e = {0};
	struct buf *b = text(s);

	buf_addf(b, ",\ne%u AS (SELECT ", level);
	buf_add(b, s->carried.s ? s->carried.s : "", s->carried.len);
	path_expr(s, &s->expr, "c.v", from, s->v->nodes[item].parent);
	fill_value(b, s->d->items, &s->expr);
	buf_addf(b, " AS items FROM c%u AS c),\nc%u AS (", level - 1, level);
	position_name(s, item, &name);
	buf_addf(&e, "e%u", level);
	sql_fill(b, s->d->explode, (struct sql_arg[]){
		{'c', s->carried.s ? s->carried.s : "", s->carried.len},
		{'i', name.s, name.len}, {'e', e.s, e.len}, {0}
	});
	buf_addc(b, ')');
	buf_add(&s->carried, name.s, name.len);
	buf_adds(&s->carried, ", ");
	buf_release(&name);
	buf_release(&e);
}

/* WITH items from the records down to attribute ${i}; how many levels. */
static unsigned add_chain(struct sql *s, uint32_t i)
{
	const struct view *v = s->v;
	uint32_t *items = mem_alloc((v->nodes[i].depth + 1UL) * sizeof(*items));
	unsigned n = 0, level = 0;
	uint32_t from = 0;

	for (uint32_t at = i; at; at = v->nodes[at].parent)
		if (view_attr(v, at)->kind == STEP_ITEM)
			items[n++] = at;
	buf_clear(&s->carried);
	buf_adds(text(s), "\nWITH c0 AS (SELECT ");
	if (i) {
		add_key_columns(s, true);
		buf_adds(text(s), "r.v FROM (SELECT ");
		add_source(s);
		buf_adds(text(s), ") AS r)");
		add_key_columns(s, false);
	} else {
		add_source(s);
		buf_addc(text(s), ')');
	}
	while (n) {
		uint32_t item = items[--n];

		add_level(s, ++level, from, item);
		from = item;
	}
	free(items);
	return level;
}

static void add_create(struct sql *s, const struct buf *name)
{
	const struct render_opts *o = s->r->opts;
	struct buf ident = {0};

	sql_ident(&ident, s->d, name->s, name->len);
	if (o->kind == SQL_DYNAMIC) {
		buf_adds(text(s), "CREATE OR REPLACE DYNAMIC TABLE ");
		buf_add(text(s), ident.s, ident.len);
		buf_addf(text(s), " TARGET_LAG = '%s' WAREHOUSE = %s AS",
			 o->target_lag ? o->target_lag : "1 hour",
			 o->warehouse);
	} else {
		fill_value(text(s), o->kind == SQL_TABLE ? s->d->table :
			   s->d->view, &ident);
	}
	buf_release(&ident);
}

/* The columns that lead to the parent. */
static void add_carried(struct sql *s)
{
	if (!s->carried.len)
		return;
	buf_adds(text(s), "\n  ");
	buf_add(text(s), s->carried.s, s->carried.len - 2);
	s->comma = ",";
}

/* Names that the key columns take, so that no other column has them. */
static void reserve_keys(struct sql *s, uint32_t i)
{
	for (size_t k = 0; k < s->nkeys && i; k++) {
		sql_name_of(&s->tmp, s->v, 0, s->keys[k],
			    version_name(s->key_versions[k]));
		sql_names_add(&s->columns, &s->tmp);
	}
	for (uint32_t at = i; at; at = s->v->nodes[at].parent)
		if (view_attr(s->v, at)->kind == STEP_ITEM) {
			position_plain(s, at, &s->tmp);
			sql_names_add(&s->columns, &s->tmp);
		}
}

/* The table of the records (${i} 0), or of the objects of an array. */
static void add_table(struct sql *s, uint32_t i)
{
	const struct view *v = s->v;
	struct buf name = {0};
	unsigned level;

	sql_names_clear(&s->columns);
	reserve_keys(s, i);
	sql_table_name(&name, v, i, s->r->opts->table);
	sql_names_add(&s->tables, &name);
	buf_adds(text(s), "\n-- ");
	buf_clear(&s->tmp);
	view_path(v, i, &s->tmp);
	buf_add_visible(text(s), s->tmp.s, s->tmp.len);
	buf_clear(&s->tmp);
	buf_addc(text(s), '\n');
	add_create(s, &name);
	level = add_chain(s, i);
	buf_adds(text(s), "\nSELECT");
	s->comma = "";
	add_carried(s);
	for (uint32_t c = i; c < v->nodes[i].end;) {
		enum step_kind kind = view_attr(v, c)->kind;

		if (c != i && (kind == STEP_ITEM || kind == STEP_MAP)) {
			c = v->nodes[c].end;
			continue;
		}
		if (c != i || !i)
			add_attribute(s, i, c);
		c++;
	}
	if (!*s->comma)
		buf_adds(text(s), "\n  c.v");
	buf_addf(text(s), "\nFROM c%u AS c", level);
	if (i) {
		buf_adds(text(s), "\nWHERE ");
		fill_value(text(s), s->d->is[VERSION_OBJECT],
			   &(struct buf){.s = (char[]){"c.v"}, .len = 3});
	}
	buf_adds(text(s), ";\n");
	buf_release(&name);
}

/* Is the way from the record to ${i} by keys, items and embedded JSON? */
static bool is_reachable(const struct view *v, uint32_t i)
{
	for (; i; i = v->nodes[i].parent)
		if (view_attr(v, i)->kind == STEP_MAP)
			return false;
	return true;
}

static void add_tables(struct sql *s)
{
	struct facts f;

	for (uint32_t i = 0; i < s->v->n && !s->failed; i++) {
		view_facts(s->v, i, &f);
		if (i == 0 || (view_attr(s->v, i)->kind == STEP_ITEM &&
			       facts_has(&f, VERSION_OBJECT) &&
			       is_reachable(s->v, i)))
			add_table(s, i);
	}
}

int render_sql(struct render *r)
{
	struct sql s = {
		.r = r, .v = r->view, .d = &sql_dialects[r->opts->dialect - 1]
	};
	int rc;

	s.keys = mem_zalloc(r->opts->key.n + 1, sizeof(*s.keys));
	s.key_versions = mem_zalloc(r->opts->key.n + 1,
				    sizeof(*s.key_versions));
	rc = sql_read_keys(&s);
	if (rc == RC_DONE) {
		if (!s.nkeys)
			sql_propose_key(&s);
		if (s.d->prelude)
			buf_adds(&r->text, s.d->prelude);
		add_tables(&s);
		rc = s.failed || render_flush(r) ? RC_FAILED : RC_DONE;
	}
	free(s.keys);
	free(s.key_versions);
	sql_names_release(&s.tables);
	sql_names_release(&s.columns);
	buf_release(&s.carried);
	buf_release(&s.expr);
	buf_release(&s.tmp);
	return rc;
}
