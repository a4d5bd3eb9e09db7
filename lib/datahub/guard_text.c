/*
 * guard_text -- long texts: statements of queries, definitions of views.
 */
#include "datahub/guard_in.h"

#include <stdio.h>

#include "datahub/pysize.h"
#include "json/str.h"

/* Bytes of the character at ${s}; lone surrogates have three (str.h). */
static size_t char_bytes(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* What says that the text was cut; the words are the guard's. */
static int say(char *to, size_t room, bool statement, uint64_t all,
	       uint64_t kept)
{
	unsigned long long a = all, k = kept;

	if (statement)
		return snprintf(to, room, "... [original value was %llu bytes "
				"and truncated to %llu bytes]", a, k);
	if (!kept)
		return snprintf(to, room, "[removed due to size - original "
				"was %llu chars]", a);
	return snprintf(to, room, "... [truncated from %llu to %llu chars]", a,
			k);
}

/* The longest beginning of ${text} that fits into ${room}, in characters. */
static uint64_t longest(const struct buf *text, bool statement, uint64_t all,
			uint64_t room, size_t *bytes)
{
	uint64_t size = 0, chars = 0, kept = 0;
	size_t at = 0, len;
	char words[128];

	*bytes = 0;
	while (at < text->len) {
		len = char_bytes((unsigned char)text->s[at]);
		size += pysize_text(text->s + at, len) - 2;
		at += len;
		chars++;
		if (size >= room)
			break;
		/* the words are under 128 bytes: only near the end they have
		   to be known */
		if (size + 130 < room || size + (uint64_t)say(words, sizeof(words), statement, all,
					 chars) + 2 < room) {
			kept = chars;
			*bytes = at;
		}
	}
	return kept;
}

void guard_text(struct guard *g, struct val v, bool statement)
{
	struct buf text = {0}, cut = {0};
	uint64_t all, kept, old, others;
	char words[128];
	size_t bytes;

	if (!val_is(v, '"') || v.len == 2)
		return;
	str_unescape(&text, v.s + 1, v.len - 2);
	all = str_chars(text.s, text.len);
	old = pysize_string(v.s, v.len);
	others = g->size - old;
	kept = longest(&text, statement, all,
		       g->limit > others ? g->limit - others : 0, &bytes);
	say(words, sizeof(words), statement, all, kept);
	text.len = bytes;
	buf_adds(&text, words);
	str_write(&cut, text.s, text.len);
	g->size = others + pysize_text(text.s, text.len);
	g->dropped += all - kept;
	edits_add(&g->edits, v, pool_dup(&g->pool, cut.s, cut.len), cut.len);
	buf_release(&text);
	buf_release(&cut);
}

/* A member that goes when the statement was not enough. */
static void drop_member(struct guard *g, const char *name)
{
	struct val v = doc_member(g->m->doc, g->m->body, name);

	if (v.s)
		edits_add(&g->edits, v, NULL, 0);
}

void guard_query(struct guard *g)
{
	struct val statement = doc_member(g->m->doc, g->m->body, "statement");
	struct val value = doc_member(g->m->doc, statement, "value");

	if (!value.s)
		return;
	guard_text(g, value, true);
	if (g->size >= g->limit) {
		drop_member(g, "name");
		drop_member(g, "description");
	}
}
