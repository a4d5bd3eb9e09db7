/*
 * render_dot -- objects as boxes, for dot(1) of Graphviz.
 *
 * A box for each attribute that has keys, with a line a key, and an arrow from
 * the key to the box of what it holds: a crow's foot for the items of an array,
 * dashed for JSON in a string, dotted for the values of a map.
 */
#include "base/err.h"
#include "attrs/render.h"

#define BOXES_MAX 1000	/* dot takes seconds at that, and minutes above */
#define LINES_MAX 60	/* of a box */

static bool is_box(const struct view *v, uint32_t i)
{
	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end)
		if (view_attr(v, c)->kind == STEP_KEY)
			return true;
	return false;
}

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
	for (uint32_t c = i + 1; c < v->nodes[i].end; c = v->nodes[c].end) {
		if (view_attr(v, c)->kind != STEP_KEY)
			continue;
		if (lines++ < LINES_MAX)
			add_line(b, v, c);
		else
			more++;
	}
	if (more)
		buf_addf(b, "<TR><TD PORT=\"more\">%u more</TD></TR>", more);
	buf_adds(b, "</TABLE>>];\n");
	buf_release(&path);
}

/* Has the line of key ${c} a place in its box? */
static bool has_line(const struct view *v, uint32_t c)
{
	unsigned before = 0;

	for (uint32_t k = v->nodes[c].parent + 1; k < c; k = v->nodes[k].end)
		before += view_attr(v, k)->kind == STEP_KEY;
	return before < LINES_MAX;
}

/* The arrow from the key that leads to box ${i}; none to the record. */
static void add_arrow(struct render *r, uint32_t i)
{
	const struct view *v = r->view;
	bool items = false, embedded = false, map = false;
	struct buf *b = &r->text;
	uint32_t c = i;

	while (v->nodes[c].parent != VIEW_NONE &&
	       view_attr(v, c)->kind != STEP_KEY) {
		items |= view_attr(v, c)->kind == STEP_ITEM;
		embedded |= view_attr(v, c)->kind == STEP_NULL;
		map |= view_attr(v, c)->kind == STEP_MAP;
		c = v->nodes[c].parent;
	}
	if (v->nodes[c].parent == VIEW_NONE)
		return;
	buf_addf(b, "\tn%u:", v->nodes[c].parent);
	if (has_line(v, c))
		buf_addf(b, "p%u", c);
	else
		buf_adds(b, "more");
	buf_addf(b, " -> n%u [arrowhead=%s, style=%s];\n", i,
		 items ? "crow" : "normal", embedded ? "dashed" : map ?
		 "dotted" : "solid");
}

int render_dot(struct render *r)
{
	const struct view *v = r->view;
	uint64_t boxes = 0;
	int rc = RC_DONE;

	for (uint32_t i = 0; i < v->n; i++)
		boxes += is_box(v, i);
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
		if (!is_box(v, i))
			continue;
		add_box(r, i);
		add_arrow(r, i);
		if (render_flush_some(r))
			rc = RC_FAILED;
	}
	buf_adds(&r->text, "}\n");
	return rc == RC_DONE && render_flush(r) ? RC_FAILED : rc;
}
