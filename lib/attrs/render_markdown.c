/*
 * render_markdown -- a data dictionary: a table with a row an attribute, in the
 * Markdown that GitHub reads.
 */
#include "base/err.h"
#include "attrs/render.h"

/*
 * Text as a code span in a table's cell.  A bar ends a cell even in a code
 * span, unless there is a backslash before it; the fence is longer than any run
 * of backquotes inside.
 */
static void add_code(struct buf *b, const struct buf *text)
{
	const char *s = text->s;
	size_t run = 0, most = 0, len = text->len;
	bool tick;

	for (size_t i = 0; i < len; i++) {
		run = s[i] == '`' ? run + 1 : 0;
		most = run > most ? run : most;
	}
	tick = len && (s[0] == '`' || s[len - 1] == '`');
	for (size_t i = 0; i <= most; i++)
		buf_addc(b, '`');
	if (tick)
		buf_addc(b, ' ');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '|')
			buf_addc(b, '\\');
		buf_addc(b, s[i]);
	}
	if (tick)
		buf_addc(b, ' ');
	for (size_t i = 0; i <= most; i++)
		buf_addc(b, '`');
}

static void add_numbers(struct buf *b, const struct extreme *min,
			const struct extreme *max)
{
	char small[24];
	size_t len;
	const char *text = extreme_string(min, small, &len);

	if (!text)
		return;
	buf_adds(b, b->len && b->s[b->len - 1] != ' ' ? "; " : "");
	buf_add(b, text, len);
	buf_adds(b, " to ");
	text = extreme_string(max, small, &len);
	if (text)
		buf_add(b, text, len);
}

/* Lengths of strings, ranges of numbers, sizes of arrays. */
static void add_range(struct buf *b, const struct facts *f)
{
	if (f->str->count)
		buf_addf(b, "%llu to %llu characters",
			 (unsigned long long)f->str->chars_min,
			 (unsigned long long)f->str->chars_max);
	add_numbers(b, &f->i->min, &f->i->max);
	add_numbers(b, &f->f->min, &f->f->max);
	if (f->box->arrays) {
		buf_adds(b, b->s[b->len - 1] != ' ' ? "; " : "");
		buf_addf(b, "%llu to %llu items",
			 (unsigned long long)f->box->items_min,
			 (unsigned long long)f->box->items_max);
	}
}

static void add_formats(struct buf *b, const struct facts *f)
{
	int n = f->str->formats ? (int)format_count() : 0;
	const char *comma = "";

	for (int i = 0; i < n; i++) {
		if (!f->str->formats[i])
			continue;
		buf_addf(b, "%s%s ", comma, format_names[i]);
		share_add(b, f->str->formats[i], f->str->count);
		comma = ", ";
	}
	if (f->embedded) {
		buf_addf(b, "%sJSON ", comma);
		share_add(b, f->embedded, f->str->count);
		comma = ", ";
	}
	if (f->i->epoch_s || f->i->epoch_ms) {
		buf_addf(b, "%s%s ", comma, f->i->epoch_s >= f->i->epoch_ms ?
			 "epoch-s" : "epoch-ms");
		share_add(b, f->i->epoch_s >= f->i->epoch_ms ? f->i->epoch_s :
			  f->i->epoch_ms, f->i->count);
	}
}

static void add_row(struct render *r, uint32_t i, struct buf *path,
		    struct buf *seen)
{
	struct buf *b = &r->text;
	struct facts f;

	view_facts(r->view, i, &f);
	buf_clear(path);
	buf_clear(seen);
	view_path(r->view, i, path);
	buf_add_visible(seen, path->s, path->len);
	buf_adds(b, "| ");
	add_code(b, seen);
	buf_adds(b, facts_polymorphic(&f) ? " | **" : " | ");
	facts_add_types(b, &f);
	buf_adds(b, facts_polymorphic(&f) ? "** | " : " | ");
	buf_addu(b, f.count);
	buf_adds(b, " | ");
	share_add(b, f.present, f.objects);
	buf_adds(b, " | ");
	share_add(b, f.nulls, f.count);
	buf_adds(b, " | ");
	add_range(b, &f);
	buf_adds(b, " | ");
	add_formats(b, &f);
	buf_adds(b, " | ");
	buf_addu(b, f.bytes);
	buf_adds(b, " |\n");
}

int render_markdown(struct render *r)
{
	const struct scan_totals *t = &r->scan->totals;
	struct render_totals n;
	struct buf path = {0}, seen = {0};
	int rc = RC_DONE;

	render_count(r->view, &n);
	buf_addf(&r->text, "# Data dictionary\n\n%llu records of %llu bytes, "
		 "%llu rejected; %llu attributes, %llu of them with several "
		 "types (bold).\n\n", (unsigned long long)t->records,
		 (unsigned long long)t->bytes, (unsigned long long)t->rejected,
		 (unsigned long long)n.attributes,
		 (unsigned long long)n.polymorphic);
	buf_adds(&r->text, "| Attribute | Types | Values | Presence | Nulls | "
		 "Range | Formats | Bytes |\n"
		 "|:--|:--|--:|--:|--:|:--|:--|--:|\n");
	for (uint32_t i = 0; i < r->view->n && rc == RC_DONE; i++) {
		add_row(r, i, &path, &seen);
		if (render_flush_some(r))
			rc = RC_FAILED;
	}
	buf_release(&path);
	buf_release(&seen);
	return rc == RC_DONE && render_flush(r) ? RC_FAILED : rc;
}
