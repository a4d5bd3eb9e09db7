/*
 * render_dot -- objects as boxes, for dot(1) of Graphviz.
 *
 * A box for each attribute that has keys, with a line a key, and an arrow from
 * the key to the box of what it holds: a crow's foot for the items of an array,
 * dashed for JSON in a string, dotted for the values of a map.
 */
#include "base/err.h"
#include "attrs/render.h"
#include "attrs/render_boxes.h"

#define BOXES_MAX 1000	/* dot takes seconds at that, and minutes above */

/* As text of an HTML-like label. */
static void add_text(struct buf *b, const char *s, size_t len)
{
	struct buf seen = {0};

	buf_add_visible(&seen, s, len);
	for (size_t i = 0; i < seen.len; i++)
		switch (seen.s[i]) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		default:
			buf_addc(b, seen.s[i]);
		}
	buf_release(&seen);
}

static void add_line(struct buf *b, const struct view *v, uint32_t c)
{
	struct facts f;

	view_facts(v, c, &f);
	buf_addf(b, "<TR><TD ALIGN=\"LEFT\" PORT=\"p%u\">", c);
	add_text(b, f.attr->key, f.attr->key_len);
	buf_adds(b, facts_required(&f) ? " : " : " ? ");
	facts_add_types(b, &f);
	buf_adds(b, "</TD></TR>");
}

static void add_box(struct render *r, uint32_t i)
{
	const struct view *v = r->view;
	struct buf *b = &r->text, path = {0};
	unsigned lines = 0, more = 0;

	view_path(v, i, &path);
	buf_addf(b, "\tn%u [label=<<TABLE BORDER=\"0\" CELLBORDER=\"1\" "
		 "CELLSPACING=\"0\"><TR><TD BGCOLOR=\"lightgrey\"><B>", i);
	add_text(b, path.s, path.len);
	buf_adds(b, "</B></TD></TR>");
	for (uint32_t c = i; (c = box_next_key(v, i, c)) != VIEW_NONE;)
		if (lines++ < BOX_LINES)
			add_line(b, v, c);
		else
			more++;
	if (more)
		buf_addf(b, "<TR><TD PORT=\"more\">%u more</TD></TR>", more);
	buf_adds(b, "</TABLE>>];\n");
	buf_release(&path);
}

/* Has the line of key ${key} a place in box ${i}? */
static bool has_line(const struct view *v, uint32_t i, uint32_t key)
{
	unsigned before = 0;

	for (uint32_t c = i; (c = box_next_key(v, i, c)) < key;)
		before++;
	return before < BOX_LINES;
}

/* The arrow from the key that leads to box ${i}; none to the record. */
static void add_arrow(struct render *r, uint32_t i)
{
	struct box_arrow a = box_arrow_to(r->view, i);
	struct buf *b = &r->text;

	if (a.from == VIEW_NONE)
		return;
	buf_addf(b, "\tn%u:", a.from);
	if (has_line(r->view, a.from, a.key))
		buf_addf(b, "p%u", a.key);
	else
		buf_adds(b, "more");
	buf_addf(b, " -> n%u [arrowhead=%s, style=%s];\n", i,
		 a.items ? "crow" : "normal", a.embedded ? "dashed" : a.map ?
		 "dotted" : "solid");
}

int render_dot(struct render *r)
{
	const struct view *v = r->view;
	uint64_t boxes = 0;
	int rc = RC_DONE;

	for (uint32_t i = 0; i < v->n; i++)
		boxes += box_is(v, i);
	if (boxes > BOXES_MAX) {
		err_msg("--to=dot: %llu boxes are more than the %u that can "
			"be drawn (--select, --exclude and --min-presence "
			"leave some out)", (unsigned long long)boxes,
			BOXES_MAX);
		return RC_USAGE;
	}
	buf_adds(&r->text, "digraph attributes {\n\trankdir=LR;\n"
		 "\tnode [shape=plaintext];\n");
	for (uint32_t i = 0; i < v->n && rc == RC_DONE; i++) {
		if (!box_is(v, i))
			continue;
		add_box(r, i);
		add_arrow(r, i);
		if (render_flush_some(r))
			rc = RC_FAILED;
	}
	buf_adds(&r->text, "}\n");
	return rc == RC_DONE && render_flush(r) ? RC_FAILED : rc;
}
