/*
 * opts_help -- the text of --help: examples first, 80 columns.
 */
#include <string.h>

#include "base/err.h"
#include "base/opts_in.h"

enum { WIDTH = 79, TEXT_COLUMN = 26 };

static void pad(struct buf *b, size_t n)
{
	while (n--)
		buf_addc(b, ' ');
}

/* Length of the next piece: to a space or line end, "[-P N]" in one piece. */
static size_t piece(const char *s)
{
	size_t n = 0;
	int open = 0;

	for (; s[n] && s[n] != '\n' && (s[n] != ' ' || open > 0); n++)
		open += (s[n] == '[') - (s[n] == ']');
	return n;
}

/*
 * ${text} from ${column} on, where the line already is ${at} long; ends with a
 * line end.
 */
static void wrap(struct buf *b, const char *text, size_t column, size_t at)
{
	bool fresh = true;
	size_t n;

	for (; *text; text += n) {
		if (*text == '\n') {
			buf_addc(b, '\n');
			at = 0;
			fresh = true;
			n = 1;
			continue;
		}
		if (*text == ' ') {
			n = 1;
			continue;
		}
		n = piece(text);
		if (!fresh && at + 1 + n > WIDTH) {
			buf_addc(b, '\n');
			at = 0;
			fresh = true;
		}
		if (at < column) {
			pad(b, column - at);
			at = column;
		} else if (!fresh) {
			buf_addc(b, ' ');
			at++;
		}
		buf_add(b, text, n);
		at += n;
		fresh = false;
	}
	buf_addc(b, '\n');
}

static void add_option(struct buf *b, const struct opt *o)
{
	size_t start = b->len, width;

	if (o->letter)
		buf_addf(b, "  -%c, --%s", o->letter, o->name);
	else
		buf_addf(b, "      --%s", o->name);
	if (opt_optional(o))
		buf_adds(b, o->arg);
	else if (opt_needs_value(o))
		buf_addf(b, "=%s", o->arg ? o->arg : o->choices);
	width = b->len - start;
	if (width + 2 > TEXT_COLUMN) {
		buf_addc(b, '\n');
		width = 0;
	}
	wrap(b, o->help, TEXT_COLUMN, width);
}

static void add_examples(struct buf *b, const char *text)
{
	size_t n;

	buf_adds(b, "Examples:\n");
	for (; *text; text += n) {
		n = strcspn(text, "\n");
		buf_adds(b, "  ");
		buf_add(b, text, n);
		buf_addc(b, '\n');
		if (text[n])
			n++;
	}
	buf_addc(b, '\n');
}

static void add_usage(struct buf *b, const char *usage)
{
	size_t start = b->len, at;

	buf_addf(b, "Usage: %s", err_program());
	at = b->len - start;
	buf_addc(b, ' ');
	wrap(b, usage, at + 1, at + 1);
}

void opts_help(const struct opts_spec *spec, struct buf *b)
{
	const struct opt *o;
	size_t i;

	if (spec->examples)
		add_examples(b, spec->examples);
	add_usage(b, spec->usage ? spec->usage : "");
	wrap(b, spec->summary, 0, 0);
	for (i = 0; (o = opts_at(spec, i)); i++) {
		if (o->kind == OPT_HEADING)
			buf_addf(b, "\n%s:\n", o->help);
		else
			add_option(b, o);
	}
	if (spec->see)
		buf_addf(b, "\nSee %s.\n", spec->see);
}
