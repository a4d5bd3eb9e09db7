/*
 * render_mermaid -- objects as entities of Mermaid's erDiagram.
 *
 * Types and names are words of letters, digits and "_" there, so that a key
 * that is none stands, as it is, in the comment behind.  In quotes Mermaid
 * knows no escapes but "#", the number of a character, ";"; a few characters
 * and words mean something even there, so that all but plain ones are written
 * that way.
 *
 * Sources: the lexer of Mermaid 11 (erDiagram.jison), and the defaults of its
 * maxTextSize and maxEdges, beyond which it shows an error in place of the
 * drawing.
 */
#include <strings.h>
#include "base/err.h"
#include "attrs/render.h"
#include "attrs/render_boxes.h"

#define EDGES_MAX 500
#define TEXT_MAX 50000		/* in units of UTF-16 */

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '_';
}

/* Text in quotes. */
static void add_quoted(struct buf *b, const char *s, size_t len)
{
	struct buf seen = {0};

	buf_add_visible(&seen, s, len);
	for (size_t i = 0; i < seen.len; i++) {
		unsigned char c = (unsigned char)seen.s[i];

		/* "_" before a word begins what is slanted */
		if (c >= 0x80 || (is_word((char)c) && (c != '_' || (i &&
		    is_word(seen.s[i - 1])))) || strchr(".[]|()-@", c))
			buf_addc(b, (char)c);
		else
			buf_addf(b, "#%u;", c);
	}
	if (!len)
		buf_adds(b, "#34;#34;");
	buf_release(&seen);
}

/* Appends the key as a word; is it the key as it was? */
static bool add_word(struct buf *b, const char *s, size_t len)
{
	bool same = true;

	if (!len || (*s >= '0' && *s <= '9') || (len == 2 &&
	    (!strncasecmp(s, "pk", 2) || !strncasecmp(s, "fk", 2) ||
	     !strncasecmp(s, "uk", 2)))) {
		buf_addc(b, '_');
		same = false;
	}
	for (size_t i = 0; i < len; i++) {
		/* one for a character of several bytes */
		if (((unsigned char)s[i] & 0xc0) == 0x80)
			continue;
		same &= is_word(s[i]);
		buf_addc(b, is_word(s[i]) ? s[i] : '_');
	}
	/* shown slanted, without them */
	if (len > 1 && *s == '_' && s[len - 1] == '_')
		same = false;
	return same;
}

/* The types as one word. */
static void add_types(struct buf *b, const struct facts *f)
{
	struct buf types = {0};

	facts_add_types(&types, f);
	if (types.s[0] == '[')		/* arrays of nothing */
		buf_adds(b, "array");
	else
		add_word(b, types.s, types.len);
	buf_release(&types);
}

/* What is in the comment behind a key: as it was, how often it is there. */
static void add_comment(struct buf *b, const struct facts *f, bool same)
{
	const struct attr *a = f->attr;
	struct buf share = {0};

	buf_adds(b, " \"");
	if (!same)
		add_quoted(b, a->key, a->key_len);
	if (!facts_required(f)) {
		if (!same)
			buf_addc(b, ' ');
		share_add(&share, f->present, f->objects);
		add_quoted(b, share.s, share.len);
	}
	buf_addc(b, '"');
	buf_release(&share);
}

static void add_line(struct buf *b, const struct view *v, uint32_t c)
{
	struct facts f;
	bool same;

	view_facts(v, c, &f);
	buf_adds(b, "\t\t");
	add_types(b, &f);
	buf_addc(b, ' ');
	same = add_word(b, f.attr->key, f.attr->key_len);
	if (!same || !facts_required(&f))
		add_comment(b, &f, same);
	buf_addc(b, '\n');
}

static void add_entity(struct render *r, uint32_t i)
{
	struct buf *b = &r->text, path = {0};
	unsigned lines = 0, more = 0;

	view_path(r->view, i, &path);
	buf_addf(b, "\tn%u[\"", i);
	add_quoted(b, path.s, path.len);
	buf_adds(b, "\"] {\n");
	for (uint32_t c = i; (c = box_next_key(r->view, i, c)) != VIEW_NONE;)
		if (lines++ < BOX_LINES)
			add_line(b, r->view, c);
		else
			more++;
	if (more)
		buf_addf(b, "\t\tkeys _ \"%u more\"\n", more);
	buf_adds(b, "\t}\n");
	buf_release(&path);
}

/* The line from the box with the key that leads to box ${i}. */
static void add_edge(struct render *r, uint32_t i)
{
	struct box_arrow a = box_arrow_to(r->view, i);
	struct buf *b = &r->text;
	const struct attr *key;
	struct facts f;
	bool always;

	if (a.from == VIEW_NONE)
		return;
	key = view_attr(r->view, a.key);
	view_facts(r->view, a.key, &f);
	always = facts_required(&f) && !f.nulls && f.versions == 1;
	buf_addf(b, "\tn%u ||%s%s n%u : \"", a.from,
		 a.embedded || a.map ? ".." : "--", a.items || a.map ? "o{" :
		 always && !a.embedded ? "||" : "o|", i);
	add_quoted(b, key->key, key->key_len);
	buf_adds(b, "\"\n");
}

/* How JavaScript counts. */
static uint64_t utf16_units(const struct buf *b)
{
	uint64_t n = 0;

	for (size_t i = 0; i < b->len; i++) {
		unsigned char c = (unsigned char)b->s[i];

		n += (c & 0xc0) != 0x80;
		n += c >= 0xf0;
	}
	return n;
}

static int check_size(uint64_t edges, uint64_t units)
{
	if (edges <= EDGES_MAX && units <= TEXT_MAX)
		return RC_DONE;
	err_msg("--to=mermaid: %llu %s are more than the %u that Mermaid draws "
		"(--select, --exclude and --min-presence leave some out)",
		(unsigned long long)(edges > EDGES_MAX ? edges : units),
		edges > EDGES_MAX ? "lines between objects" :
		"characters of text", edges > EDGES_MAX ? EDGES_MAX : TEXT_MAX);
	return RC_USAGE;
}

int render_mermaid(struct render *r)
{
	const struct view *v = r->view;
	uint64_t edges = 0;
	int rc;

	for (uint32_t i = 0; i < v->n; i++)
		edges += box_is(v, i) && box_arrow_to(v, i).from != VIEW_NONE;
	rc = check_size(edges, 0);
	if (rc != RC_DONE)
		return rc;
	buf_adds(&r->text, "erDiagram\n");
	for (uint32_t i = 0; i < v->n; i++)
		if (box_is(v, i)) {
			add_entity(r, i);
			add_edge(r, i);
		}
	rc = check_size(edges, utf16_units(&r->text));
	return rc == RC_DONE && render_flush(r) ? RC_FAILED : rc;
}
