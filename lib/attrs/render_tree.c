/*
 * render_tree -- attributes as a tree on a terminal, with bars of types and of
 * presence.
 *
 * A line is a name with its branches, eight cells of letters that show how the
 * values divide among the types, five cells and a percentage of presence, the
 * number of values, and notes as far as the width goes.  What is told by colour
 * is told by letters too.
 */
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "attrs/render.h"
#include "attrs/render_cells.h"
#include "attrs/render_rows.h"

#define TYPE_CELLS 8
#define PRESENCE_CELLS 5
#define COUNT_CELLS 9
#define FIXED (TYPE_CELLS + PRESENCE_CELLS + 6 + COUNT_CELLS + 4)
#define NAME_MIN 20

struct look {			/* how things are drawn */
	const char *tee, *last, *bar, *dots, *full, *empty;
};

static const struct look looks[2] = {
	{"├─ ", "└─ ", "│  ", "…", "█", "░"},
	{"|- ", "`- ", "|  ", "~", "#", "."}
};

enum { KINDS = 7 };		/* of the bar of types */
static const char kind_letters[KINDS + 1] = "sifboan";
static const char *const kind_colours[KINDS] = {
	"\033[32m", "\033[36m", "\033[34m", "\033[35m", "\033[37m",
	"\033[33m", "\033[90m"
};

struct drawing {
	struct render *r;
	struct rows rows;
	const struct look *look;
	size_t name_cells, note_cells;
	struct buf name, note, bars;	/* bars: one byte a level */
	bool failed;
};

static void colour(struct drawing *d, const char *code)
{
	if (d->r->colour)
		buf_adds(&d->r->text, code);
}

/*
 * Divides TYPE_CELLS among counts: each that is not 0 has one at least, the
 * rest goes where most of a cell is missing.
 */
static void divide(const uint64_t *counts, uint64_t all, unsigned *cells)
{
	uint64_t mille[KINDS];
	unsigned used = 0;

	for (unsigned k = 0; k < KINDS; k++) {
		mille[k] = share_of(counts[k], all, 1000 * TYPE_CELLS);
		cells[k] = counts[k] && mille[k] < 1000 ? 1 :
			   (unsigned)(mille[k] / 1000);
		used += cells[k];
	}
	for (; used > TYPE_CELLS; used--) {
		unsigned widest = 0;

		for (unsigned k = 1; k < KINDS; k++)
			widest = cells[k] > cells[widest] ? k : widest;
		cells[widest]--;
	}
	for (; used < TYPE_CELLS; used++) {
		unsigned to = 0;

		for (unsigned k = 1; k < KINDS; k++)
			if (mille[k] + 1000 * (uint64_t)cells[to] >
			    mille[to] + 1000 * (uint64_t)cells[k])
				to = k;
		cells[to]++;
	}
}

static void add_type_bar(struct drawing *d, const struct facts *f)
{
	uint64_t counts[KINDS] = {
		f->str->count, f->i->count, f->f->count, f->box->boolean.count,
		f->box->object.count, f->box->arrays, f->nulls
	};
	unsigned cells[KINDS];

	divide(counts, f->count, cells);
	for (unsigned k = 0; k < KINDS; k++) {
		if (cells[k])
			colour(d, kind_colours[k]);
		for (unsigned c = 0; c < cells[k]; c++)
			buf_addc(&d->r->text, kind_letters[k]);
	}
	colour(d, "\033[0m");
}

static void add_presence(struct drawing *d, const struct facts *f)
{
	struct buf *b = &d->r->text;
	size_t cells = (size_t)share_of(f->present, f->objects,
					PRESENCE_CELLS);

	if (f->present && !cells)
		cells = 1;
	for (size_t i = 0; i < PRESENCE_CELLS; i++)
		buf_adds(b, i < cells ? d->look->full : d->look->empty);
	buf_clear(&d->name);
	share_add(&d->name, f->present, f->objects);
	for (size_t i = d->name.len; i < 6; i++)
		buf_addc(b, ' ');
	buf_add(b, d->name.s, d->name.len);
}

static void note(struct buf *b, const char *text)
{
	if (b->len)
		buf_adds(b, ", ");
	buf_adds(b, text);
}

/* What is worth a word. */
static void make_note(struct drawing *d, const struct facts *f, uint32_t i)
{
	struct buf *b = &d->note;
	uint64_t count;
	int format = facts_top_format(f, &count);
	uint64_t of = f->str->count ? f->str->count : f->i->count;

	buf_clear(b);
	if (facts_polymorphic(f)) {
		buf_addc(b, '!');
		facts_add_types(b, f);
	}
	if (f->embedded)
		note(b, "JSON");
	if (f->attr->kind == STEP_MAP ||
	    d->r->tree->attrs[d->r->view->nodes[i].node].map != NODE_NONE)
		note(b, "map");
	if (format >= 0) {
		note(b, format_names[format]);
		if (count < of) {
			buf_addc(b, ' ');
			share_add(b, count, of);
		}
	}
	if (f->nulls) {
		note(b, "null ");
		share_add(b, f->nulls, f->count);
	}
	if (f->box->arrays_empty) {
		note(b, "empty ");
		share_add(b, f->box->arrays_empty, f->box->arrays);
	}
}

/*
 * The branches before a name: a byte of d->bars for each level says whether
 * more siblings follow.  Deep ones are given by number, so that names stay
 * readable.
 */
static void make_branches(struct drawing *d, uint32_t level, bool more)
{
	struct buf *b = &d->name;

	if (level == 0)
		return;
	if (3 * (size_t)level + 8 > d->name_cells) {
		buf_addf(b, "%s%u ", d->look->dots, level);
		return;
	}
	for (uint32_t i = 1; i < level; i++)
		buf_adds(b, d->bars.s[i] ? d->look->bar : "   ");
	buf_adds(b, more ? d->look->tee : d->look->last);
}

/* The last step, as in a path; the root is shown by its whole path. */
static void make_name(struct drawing *d, uint32_t i)
{
	const struct attr *a = view_attr(d->r->view, i);
	struct step step = {a->key, a->key_len, a->kind};
	struct buf text = {0};
	const char *s;

	if (i == d->rows.root)
		view_path(d->r->view, i, &text);
	else
		path_write(&text, &step, 1);
	s = buf_cstr(&text);
	if (i != d->rows.root && s[0] == '.' && s[1])
		s++;
	if (i != d->rows.root && a->kind == STEP_NULL)
		s = "fromjson";
	buf_add_visible(&d->name, s, strlen(s));
	buf_release(&text);
}

static void flush(struct drawing *d)
{
	if (!d->failed && render_flush_some(d->r))
		d->failed = true;
}

static void draw_row(struct drawing *d, uint32_t i, uint32_t level, bool more)
{
	struct buf *b = &d->r->text;
	struct facts f;

	view_facts(d->r->view, i, &f);
	buf_clear(&d->name);
	make_branches(d, level, more);
	make_name(d, i);
	if (facts_polymorphic(&f))
		colour(d, "\033[1;31m");
	cells_pad(b, d->name.s, d->name.len, d->name_cells, d->look->dots);
	if (facts_polymorphic(&f))
		colour(d, "\033[0m");
	buf_addc(b, ' ');
	add_type_bar(d, &f);
	buf_addc(b, ' ');
	add_presence(d, &f);
	buf_addf(b, " %*llu", COUNT_CELLS, (unsigned long long)f.count);
	make_note(d, &f, i);
	if (!d->rows.shown[i] && d->rows.below[i]) {
		buf_clear(&d->name);
		buf_addf(&d->name, "+%u below", d->rows.below[i]);
		note(&d->note, buf_cstr(&d->name));
	}
	if (d->note.len) {
		buf_addc(b, ' ');
		cells_cut(b, d->note.s, d->note.len, d->note_cells,
			  d->look->dots);
	}
	buf_addc(b, '\n');
	flush(d);
}

/* "... 980 more" in place of children that were left out. */
static void draw_rest(struct drawing *d, uint32_t i, uint32_t level)
{
	struct buf *b = &d->r->text;
	uint32_t more = d->rows.count[i] - d->rows.shown[i];

	buf_clear(&d->name);
	make_branches(d, level, false);
	buf_addf(&d->name, "%s %u more", d->look->dots, more);
	buf_add(b, d->name.s, d->name.len);
	buf_addc(b, '\n');
	flush(d);
}

struct place {			/* on the way down */
	uint32_t index, level, next;	/* next of its children */
};

static void set_bar(struct drawing *d, uint32_t level, bool more)
{
	while (d->bars.len <= level)
		buf_addc(&d->bars, 0);
	d->bars.s[level] = more;
}

static void draw_all(struct drawing *d)
{
	const struct rows *r = &d->rows;
	struct place *stack = NULL;
	size_t n = 0, cap = 0;

	mem_grow(&stack, &cap, 1, sizeof(*stack));
	stack[n++] = (struct place){r->root, 0, 0};
	draw_row(d, r->root, 0, false);
	while (n && !d->failed) {
		struct place *p = &stack[n - 1];
		uint32_t shown = r->shown[p->index], kid;
		bool rest = shown && shown < r->count[p->index], more;

		if (p->next == shown) {
			if (rest)
				draw_rest(d, p->index, p->level + 1);
			n--;
			continue;
		}
		kid = r->kids[r->first[p->index] + p->next++];
		more = p->next < shown || rest;
		set_bar(d, p->level + 1, more);
		draw_row(d, kid, p->level + 1, more);
		mem_grow(&stack, &cap, n + 1, sizeof(*stack));
		stack[n] = (struct place){kid, stack[n - 1].level + 1, 0};
		n++;
	}
	free(stack);
}

static void draw_heads(struct drawing *d)
{
	const struct scan_totals *t = &d->r->scan->totals;
	struct render_totals n;
	struct buf *b = &d->r->text;

	render_count(d->r->view, &n);
	buf_addf(b, "%llu records, %llu bytes, %llu attributes, "
		 "%llu polymorphic\n", (unsigned long long)t->records,
		 (unsigned long long)t->bytes,
		 (unsigned long long)n.attributes,
		 (unsigned long long)n.polymorphic);
	if (t->rejected)
		buf_addf(b, "%llu records were rejected\n",
			 (unsigned long long)t->rejected);
	if (d->r->scan->pending.n)
		buf_adds(b, "the scan is not complete\n");
	cells_pad(b, "attribute", 9, d->name_cells, d->look->dots);
	buf_addf(b, " %-*s %-*s %*s notes\n", TYPE_CELLS, "types",
		 PRESENCE_CELLS + 6, "presence", COUNT_CELLS, "values");
}

static void draw_feet(struct drawing *d)
{
	struct buf *b = &d->r->text;

	if (d->rows.folded)
		buf_addf(b, "folded: %llu attributes at %llu places "
			 "(--under=PATH shows one, --rows=0 all)\n",
			 (unsigned long long)d->rows.folded,
			 (unsigned long long)d->rows.places);
	buf_adds(b, "types: s str, i int, f float, b bool, o object, a array, "
		 "n null; ! several types\n");
}

/* What is not for names: the bars, and notes. */
static void divide_width(struct drawing *d)
{
	size_t width = d->r->columns;

	d->name_cells = width > FIXED ? (width - FIXED) * 3 / 5 : 0;
	if (d->name_cells < NAME_MIN)
		d->name_cells = NAME_MIN;
	d->note_cells = width > FIXED + d->name_cells ?
		width - FIXED - d->name_cells : 0;
}

int render_tree(struct render *r)
{
	struct drawing d = {.r = r, .look = &looks[r->opts->ascii]};
	struct buf why = {0};
	uint32_t root = 0;
	int rc = RC_DONE;

	if (r->opts->under && r->view->n)
		root = view_find(r->view, r->opts->under, &why);
	if (root == VIEW_NONE) {
		err_msg("--under=%s", buf_cstr(&why));
		rc = RC_USAGE;
	} else {
		divide_width(&d);
		draw_heads(&d);
		if (r->view->n) {
			rows_make(&d.rows, r->view, root, r->opts);
			draw_all(&d);
			draw_feet(&d);
			rows_release(&d.rows);
		}
		rc = d.failed || render_flush(r) ? RC_FAILED : RC_DONE;
	}
	buf_release(&d.name);
	buf_release(&d.note);
	buf_release(&d.bars);
	buf_release(&why);
	return rc;
}
