/*
 * path -- steps into a value, and the jq path that shows them.
 *
 * A path begins with a dot.  A key step brings a dot of its own, [] and {} do
 * not, so that the first dot serves a key (.a) or stands alone (.[]); the same
 * holds behind |fromjson, where a key or bracket begins anew (|.a, |.[]).
 *
 * A key in quotes is a JSON string.  jq reads it so too: that jq takes \( in a
 * string as the beginning of an expression does no harm, as a backslash of the
 * key is written as two.
 */
#include "base/mem.h"
#include "json/check.h"
#include "json/path.h"
#include "json/str.h"

static const char decode[] = "|fromjson";

static bool is_word(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (!first && c >= '0' && c <= '9');
}

/* Length of the bare key at the start of ${s}. */
static size_t word(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && is_word(s[n], n == 0))
		n++;
	return n;
}

static void write_key(struct buf *out, const char *key, size_t len)
{
	if (len && word(key, len) == len)
		buf_add(out, key, len);
	else
		str_write(out, key, len);
}

void path_write(struct buf *out, const struct step *steps, size_t n)
{
	bool fresh = true;	/* a step that begins with a dot of its own */
	size_t i;

	if (!n)
		buf_addc(out, '.');
	for (i = 0; i < n; i++) {
		if (steps[i].kind == STEP_NULL) {
			if (!i)
				buf_addc(out, '.');
			buf_adds(out, decode);
			fresh = true;
			continue;
		}
		if (fresh && i)
			buf_addc(out, '|');
		if (fresh || steps[i].kind == STEP_KEY)
			buf_addc(out, '.');
		if (steps[i].kind == STEP_KEY)
			write_key(out, steps[i].key, steps[i].len);
		else
			buf_adds(out, steps[i].kind == STEP_ITEM ? "[]" : "{}");
		fresh = false;
	}
}

static void write_step(struct buf *out, const struct step *step)
{
	switch (step->kind) {
	case STEP_KEY:
		str_write(out, step->key, step->len);
		break;
	case STEP_ITEM:
		buf_adds(out, "[]");
		break;
	case STEP_MAP:
		buf_adds(out, "{}");
		break;
	case STEP_NULL:
		buf_adds(out, "null");
		break;
	}
}

void path_write_steps(struct buf *out, const struct step *steps, size_t n)
{
	size_t i;

	buf_addc(out, '[');
	for (i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ',');
		write_step(out, &steps[i]);
	}
	buf_addc(out, ']');
}

/* Reading: where we are, and where the steps go. */
struct reader {
	const char *s;
	size_t len;
	size_t pos;
	struct buf *keys;
	struct step **steps;
	size_t *n;
	size_t *cap;
	const char *why;
};

static int fail(struct reader *r, size_t at, const char *why)
{
	r->pos = at;
	r->why = why;
	return -1;
}

/* Takes ${token} if it comes next. */
static bool take(struct reader *r, const char *token)
{
	size_t n = strlen(token);

	if (r->len - r->pos < n || memcmp(r->s + r->pos, token, n) != 0)
		return false;
	r->pos += n;
	return true;
}

/* The key itself comes later (set_keys()): the buffer still moves. */
static void add_step(struct reader *r, enum step_kind kind, size_t key_len)
{
	mem_grow(r->steps, r->cap, *r->n + 1, sizeof(**r->steps));
	(*r->steps)[(*r->n)++] = (struct step){ .kind = kind, .len = key_len };
}

/* Position of the quote that ends the string whose text begins at ${pos}. */
static size_t closing_quote(const struct reader *r, size_t pos)
{
	while (pos < r->len && r->s[pos] != '"')
		pos += r->s[pos] == '\\' ? 2 : 1;
	return pos < r->len ? pos : r->len;
}

static int read_quoted(struct reader *r)
{
	size_t start = r->pos + 1, end = closing_quote(r, start), had, i;
	size_t chars, lone;

	if (end == r->len)
		return fail(r, end, "expected \" behind the key");
	for (i = start; i < end; i++)
		if ((unsigned char)r->s[i] < 0x20)
			return fail(r, i, "control character in a key (write "
				    "it as \\u00XX)");
	if (!str_escapes(r->s + start, end - start, &chars, &lone))
		return fail(r, start, "an escape in the key that JSON does not "
			    "have");
	had = r->keys->len;
	str_unescape(r->keys, r->s + start, end - start);
	add_step(r, STEP_KEY, r->keys->len - had);
	r->pos = end + 1;
	return 0;
}

/* A key, behind its dot. */
static int read_key(struct reader *r)
{
	size_t n = word(r->s + r->pos, r->len - r->pos);

	if (n) {
		buf_add(r->keys, r->s + r->pos, n);
		add_step(r, STEP_KEY, n);
		r->pos += n;
		return 0;
	}
	if (r->pos < r->len && r->s[r->pos] == '"')
		return read_quoted(r);
	return fail(r, r->pos, "expected a key (in double quotes unless it is "
		    "letters, digits and _)");
}

/* [] or {}, if one comes next. */
static bool read_bracket(struct reader *r)
{
	if (take(r, "[]"))
		add_step(r, STEP_ITEM, 0);
	else if (take(r, "{}"))
		add_step(r, STEP_MAP, 0);
	else
		return false;
	return true;
}

/* The first step behind the dot of a beginning or of "|." */
static int read_first(struct reader *r)
{
	return read_bracket(r) ? 0 : read_key(r);
}

/* Any further step. */
static int read_next(struct reader *r)
{
	if (take(r, decode)) {
		add_step(r, STEP_NULL, 0);
		return 0;
	}
	if ((*r->steps)[*r->n - 1].kind == STEP_NULL) {
		if (take(r, "|."))
			return read_first(r);
		return fail(r, r->pos, "expected |. or |fromjson");
	}
	if (read_bracket(r))
		return 0;
	if (take(r, "."))
		return read_key(r);
	return fail(r, r->pos, "expected . and a key, [], {} or |fromjson");
}

static int read_path(struct reader *r)
{
	size_t valid = utf8_valid_prefix(r->s, r->len);

	if (valid < r->len)
		return fail(r, valid, "not UTF-8");
	if (!take(r, "."))
		return fail(r, 0, "a path begins with .");
	if (r->pos == r->len)
		return 0;
	if (take(r, decode))
		add_step(r, STEP_NULL, 0);
	else if (read_first(r) < 0)
		return -1;
	while (r->pos < r->len)
		if (read_next(r) < 0)
			return -1;
	return 0;
}

/* Points the steps to their keys, which lie in ${keys} one after another. */
static void set_keys(struct step *steps, size_t n, const char *keys)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (steps[i].kind != STEP_KEY)
			continue;
		steps[i].key = keys;
		keys += steps[i].len;
	}
}

int path_parse(const char *text, size_t len, struct buf *keys,
	       struct step **steps, size_t *n, size_t *cap,
	       const char **why, size_t *at)
{
	struct reader r = {
		.s = text, .len = len, .keys = keys, .steps = steps,
		.n = n, .cap = cap
	};

	*n = 0;
	buf_clear(keys);
	buf_reserve(keys, 1);	/* an empty key points somewhere too */
	if (read_path(&r) < 0) {
		*why = r.why;
		*at = r.pos;
		return -1;
	}
	set_keys(*steps, *n, keys->s);
	return 0;
}
