/*
 * render_sql -- typed tables or views over a column of JSON.
 *
 * A table for the records, and one for each array with objects in it.  Keys of
 * objects, and of objects in those, and of JSON in strings, are columns of the
 * table they are in; an attribute has one for each of its active versions,
 * filled only by values of that type (render_sql_columns.c).
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

/* ${s->tmp}, made unique, is the name of the next carried column. */
static void carry(struct sql *s)
{
	struct buf *name;

	sql_names_add(&s->columns, &s->tmp);
	if (s->ncarried == s->cap_carried) {
		mem_grow(&s->carried, &s->cap_carried, s->ncarried + 1,
			 sizeof(*s->carried));
		memset(s->carried + s->ncarried, 0,
		       (s->cap_carried - s->ncarried) * sizeof(*s->carried));
	}
	name = &s->carried[s->ncarried++];
	buf_clear(name);
	sql_ident(name, s->d, s->tmp.s, s->tmp.len);
}

/*
 * The names of what the table of ${i} carries: keys, then positions from the
 * outermost array on.  They come first in every table, in this order, so that
 * they are the same in the tables of all arrays on the way.
 */
static void name_carried(struct sql *s, const uint32_t *items, unsigned n)
{
	sql_names_clear(&s->columns);
	s->ncarried = 0;
	for (size_t k = 0; k < s->nkeys; k++) {
		sql_name_of(&s->tmp, s->v, 0, s->keys[k],
			    version_name(s->key_versions[k]));
		carry(s);
	}
	while (n) {
		position_plain(s, items[--n], &s->tmp);
		carry(s);
	}
}

/* Appends the first ${n} of them, each with ", " behind. */
static void add_carried(const struct sql *s, struct buf *to, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		buf_add(to, s->carried[k].s, s->carried[k].len);
		buf_adds(to, ", ");
	}
}

/* The keys of the records, in the first WITH item. */
static void add_key_columns(struct sql *s)
{
	for (size_t k = 0; k < s->nkeys; k++) {
		struct facts f;

		view_facts(s->v, s->keys[k], &f);
		sql_path(s, &s->expr, "r.v", 0, s->keys[k]);
		sql_guarded(s, &s->expr, &f, s->key_versions[k]);
		buf_adds(sql_text(s), " AS ");
		buf_add(sql_text(s), s->carried[k].s, s->carried[k].len);
		buf_adds(sql_text(s), ", ");
	}
}

static void add_source(struct sql *s)
{
	const struct render_opts *o = s->r->opts;
	const char *column = o->column ? o->column : "j";

	sql_ident(sql_text(s), s->d, column, strlen(column));
	buf_addf(sql_text(s), " AS v FROM %s", o->source ? o->source : "raw");
}

/* Two WITH items: the arrays at item step ${item}, and their items. */
static void add_level(struct sql *s, unsigned level, uint32_t from,
		      uint32_t item)
{
	size_t n = s->nkeys + level - 1;	/* carried so far */
	struct buf carried = {0}, e = {0};
	struct buf *b = sql_text(s);

	add_carried(s, &carried, n);
	buf_addf(b, ",\ne%u AS (SELECT ", level);
	buf_add(b, carried.s ? carried.s : "", carried.len);
	sql_path(s, &s->expr, "c.v", from, s->v->nodes[item].parent);
	sql_fill_value(b, s->d->items, &s->expr);
	buf_addf(b, " AS items FROM c%u AS c),\nc%u AS (", level - 1, level);
	buf_addf(&e, "e%u", level);
	sql_fill(b, s->d->explode, (struct sql_arg[]){
		{'c', carried.s ? carried.s : "", carried.len},
		{'i', s->carried[n].s, s->carried[n].len},
		{'e', e.s, e.len}, {0}
	});
	buf_addc(b, ')');
	buf_release(&carried);
	buf_release(&e);
}

/* The item steps on the way to ${i}, innermost first.  To be freed. */
static uint32_t *items_to(const struct view *v, uint32_t i, unsigned *n)
{
	uint32_t *items = mem_alloc((v->nodes[i].depth + 1UL) * sizeof(*items));

	*n = 0;
	for (; i; i = v->nodes[i].parent)
		if (view_attr(v, i)->kind == STEP_ITEM)
			items[(*n)++] = i;
	return items;
}

/* WITH items from the records down to the innermost of ${items}. */
static void add_chain(struct sql *s, const uint32_t *items, unsigned n)
{
	uint32_t from = 0;

	buf_adds(sql_text(s), "\nWITH c0 AS (SELECT ");
	if (n) {
		add_key_columns(s);
		buf_adds(sql_text(s), "r.v FROM (SELECT ");
		add_source(s);
		buf_adds(sql_text(s), ") AS r)");
	} else {
		add_source(s);
		buf_addc(sql_text(s), ')');
	}
	for (unsigned level = 1; level <= n; level++) {
		add_level(s, level, from, items[n - level]);
		from = items[n - level];
	}
}

static void add_create(struct sql *s, const struct buf *name)
{
	const struct render_opts *o = s->r->opts;
	struct buf ident = {0};

	sql_ident(&ident, s->d, name->s, name->len);
	if (o->kind == SQL_DYNAMIC) {
		buf_adds(sql_text(s), "CREATE OR REPLACE DYNAMIC TABLE ");
		buf_add(sql_text(s), ident.s, ident.len);
		buf_addf(sql_text(s), " TARGET_LAG = '%s' WAREHOUSE = %s AS",
			 o->target_lag ? o->target_lag : "1 hour",
			 o->warehouse);
	} else {
		sql_fill_value(sql_text(s), o->kind == SQL_TABLE ? s->d->table :
			   s->d->view, &ident);
	}
	buf_release(&ident);
}

/* A text that cannot be loaded is not to be found out by loading it. */
static void check_columns(const struct sql *s, const struct buf *name)
{
	uint32_t most = s->d->columns_max;

	if (most && s->ncolumns > most)
		err_msg("%.*s has %u columns, and no table of %s has more than "
			"%u (--select, --exclude and --min-presence leave some "
			"out)", (int)name->len, name->s, s->ncolumns,
			s->d->name, most);
}

/* All columns of the table of attribute ${i}. */
static void add_columns(struct sql *s, uint32_t i)
{
	const struct view *v = s->v;

	buf_adds(sql_text(s), "\nSELECT");
	s->comma = "";
	s->ncolumns = 0;
	if (i && s->ncarried) {		/* what leads to the parent */
		buf_adds(sql_text(s), "\n  ");
		add_carried(s, sql_text(s), s->ncarried);
		sql_text(s)->len -= 2;
		s->comma = ",";
	}
	for (uint32_t c = i; c < v->nodes[i].end;) {
		enum step_kind kind = view_attr(v, c)->kind;

		if (c != i && (kind == STEP_ITEM || kind == STEP_MAP)) {
			c = v->nodes[c].end;
			continue;
		}
		if (c != i || !i)
			sql_columns(s, i, c);
		c++;
	}
	if (!*s->comma)
		buf_adds(sql_text(s), "\n  c.v");
}

/* The table of the records (${i} 0), or of the objects of an array. */
static void add_table(struct sql *s, uint32_t i)
{
	const struct view *v = s->v;
	struct buf name = {0};
	unsigned level;
	uint32_t *items = items_to(v, i, &level);

	name_carried(s, items, level);
	sql_table_name(&name, v, i, s->r->opts->table);
	sql_names_add(&s->tables, &name);
	buf_adds(sql_text(s), "\n-- ");
	buf_clear(&s->tmp);
	view_path(v, i, &s->tmp);
	buf_add_visible(sql_text(s), s->tmp.s, s->tmp.len);
	buf_clear(&s->tmp);
	buf_addc(sql_text(s), '\n');
	add_create(s, &name);
	add_chain(s, items, level);
	add_columns(s, i);
	buf_addf(sql_text(s), "\nFROM c%u AS c", level);
	if (i) {
		buf_adds(sql_text(s), "\nWHERE ");
		sql_fill_value(sql_text(s), s->d->is[VERSION_OBJECT],
			   &(struct buf){.s = (char[]){"c.v"}, .len = 3});
	}
	buf_adds(sql_text(s), ";\n");
	check_columns(s, &name);
	buf_release(&name);
	free(items);
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
	for (size_t k = 0; k < s.cap_carried; k++)
		buf_release(&s.carried[k]);
	free(s.carried);
	buf_release(&s.expr);
	buf_release(&s.tmp);
	return rc;
}
