/*
 * cap_walk -- is what lies between the tokens of a line one JSON value?
 *
 * A loop over the tokens.  What may come next depends on the last token (and,
 * behind a comma or a closing bracket, on the container at hand) and on what
 * lies between: nothing, a string or another scalar.  So each state has three
 * sets of tokens.  Brackets are the only ones to do something for: they are
 * chained through .jump until they are closed.
 */
#include <string.h>

#include "datahub/cap_doc.h"
#include "json/num.h"

#define NONE UINT32_MAX

/* Bits of a set of tokens; 0 is no token. */
enum { OBJ = 1, ARR = 2, OBJ_END = 4, ARR_END = 8, COLON = 16, COMMA = 32,
       LINE = 64 };

static const uint8_t bit_of[256] = {
	['{'] = OBJ, ['['] = ARR, ['}'] = OBJ_END, [']'] = ARR_END,
	[':'] = COLON, [','] = COMMA, ['\n'] = LINE
};

/* What lies in front of a token. */
enum between { NOTHING, STRING, SCALAR, WRONG, KINDS };

/* States: by what lies in front of the next token, which ones may come. */
static const uint8_t in_nothing[KINDS] = {OBJ | ARR, LINE, LINE};
static const uint8_t arr_opened[KINDS] = {
	OBJ | ARR | ARR_END, COMMA | ARR_END, COMMA | ARR_END
};
static const uint8_t obj_opened[KINDS] = {OBJ_END, COLON};
static const uint8_t arr_comma[KINDS] = {
	OBJ | ARR, COMMA | ARR_END, COMMA | ARR_END
};
static const uint8_t obj_comma[KINDS] = {0, COLON};
static const uint8_t obj_colon[KINDS] = {
	OBJ | ARR, COMMA | OBJ_END, COMMA | OBJ_END
};
static const uint8_t arr_closed[KINDS] = {COMMA | ARR_END};
static const uint8_t obj_closed[KINDS] = {COMMA | OBJ_END};
static const uint8_t all_closed[KINDS] = {LINE};

static bool is_literal(const char *s, size_t len)
{
	return (len == 4 && (!memcmp(s, "true", 4) || !memcmp(s, "null", 4))) ||
	       (len == 5 && !memcmp(s, "false", 5));
}

/* The index saw to it that quotes at both ends are those of one string. */
static inline enum between between(struct span s)
{
	if (!s.len)
		return NOTHING;
	if (*s.s == '"' && s.s[s.len - 1] == '"' && s.len > 1)
		return STRING;
	if (*s.s != '"' && (num_length(s.s, s.len) == s.len ||
			    is_literal(s.s, s.len)))
		return SCALAR;
	return WRONG;
}

/* The line from ${from} on, token ${i} being its first; its last, or NONE. */
static uint32_t walk(struct doc *d, const char *from, uint32_t i,
		     uint32_t max_depth)
{
	const char *text = d->index.text, *end;
	const uint32_t *at = d->index.at;
	uint32_t *jump = d->jump;
	uint32_t open = NONE, depth = 0, opened = 0, blanks = 0;
	const uint8_t *may = in_nothing, *comma = arr_comma;
	struct span slot;
	unsigned bit;

	for (;; i++, from = end + 1) {
		end = text + at[i];
		blanks += *from == ' ';
		slot = value_trim_one(from, (size_t)(end - from));
		bit = bit_of[(unsigned char)*end] & may[between(slot)];
		if (!bit)
			return NONE;
		if (bit & (COMMA | COLON)) {
			may = bit == COLON ? obj_colon : comma;
		} else if (bit & (OBJ | ARR)) {
			if (++depth > max_depth)
				return NONE;
			opened++;
			jump[i] = open;	/* until it is closed */
			open = i;
			may = bit == OBJ ? obj_opened : arr_opened;
			comma = bit == OBJ ? obj_comma : arr_comma;
		} else if (bit & (OBJ_END | ARR_END)) {
			uint32_t around = jump[open];

			jump[open] = i;
			open = around;
			depth--;
			may = all_closed;
			if (open != NONE) {
				bit = text[at[open]] == '{';
				may = bit ? obj_closed : arr_closed;
				comma = bit ? obj_comma : arr_comma;
			}
		} else {
			break;
		}
	}
	d->opened = opened;
	d->blanks = blanks;
	return i;
}

bool doc_walk(struct doc *d, uint32_t *tok, size_t from, uint32_t max_depth,
	      struct val *value)
{
	const char *start = d->index.text + from;
	const char *end = d->index.text + d->index.at[*tok];
	uint32_t last = walk(d, start, *tok, max_depth);
	struct span v;

	if (last == NONE)
		return false;
	d->first = *tok;
	d->behind = last;
	v = value_trim(start, (size_t)(end - start));
	*value = v.len ? (struct val){v.s, v.len, *tok} :
			 doc_container(d, *tok);
	*tok = last + 1;
	return true;
}
