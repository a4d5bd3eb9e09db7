/*
 * cap_doc -- one JSON text as tokens that can be jumped over.
 */
#include "datahub/cap_doc.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/check.h"
#include "json/num.h"
#include "json/str.h"
#include "json/value.h"

#define NONE UINT32_MAX
/*
 * Bytes indexed at a time: memory is set aside for as many tokens, and at the
 * end of each piece the tokens are looked through for a line end, so that long
 * texts have few of them.
 */
#define PIECE (1 << 18)
#define PIECES 8
#define BEFORE 64		/* readable bytes around a text, see index.h */
#define BEHIND 128

void doc_init(struct doc *d, int kernel)
{
	*d = (struct doc){.kernel = kernel};
}

void doc_release(struct doc *d)
{
	index_release(&d->index);
	free(d->jump);
	buf_release(&d->own);
	doc_init(d, d->kernel);
}

static void fill(struct doc *d, size_t bytes)
{
#if defined(__x86_64__)
	if (d->kernel == KERNEL_avx512_id) {
		index_fill_avx512(&d->index, bytes);
		return;
	}
	if (d->kernel == KERNEL_avx2_id) {
		index_fill_avx2(&d->index, bytes);
		return;
	}
#endif
	index_fill_portable(&d->index, bytes);
}

bool doc_index(struct doc *d, const char *text, size_t from, size_t to)
{
	struct json_index *x = &d->index;
	size_t piece = (to - from) / PIECES + 64;

	index_start(x, text, to, from);
	while (x->pos < x->len && !x->fault)
		fill(d, piece > PIECE ? piece : PIECE);
	if (x->fault)
		return false;
	if (d->jump_cap < x->n)
		mem_grow(&d->jump, &d->jump_cap, x->n, sizeof(*d->jump));
	/* an open string at the end would have hidden the line end */
	return x->n && x->at[x->n - 1] == to - 1;
}

static bool is_literal(const char *s, size_t len)
{
	return (len == 4 && (!memcmp(s, "true", 4) || !memcmp(s, "null", 4))) ||
	       (len == 5 && !memcmp(s, "false", 5));
}

/* The index saw to it that quotes at both ends are those of one string. */
static bool is_scalar(const char *s, size_t len)
{
	if (len && *s == '"')
		return len > 1 && s[len - 1] == '"';
	return len && (num_length(s, len) == len || is_literal(s, len));
}

/* Where doc_walk() is. */
struct walk {
	const char *text;
	const uint32_t *at;
	uint32_t *jump;
	uint32_t i;		/* the next token */
	uint32_t open;		/* token of the container at hand; NONE */
	uint32_t depth, max_depth;
};

/* A key and its colon, behind token i - 1. */
static bool walk_key(struct walk *w)
{
	const char *from = w->text + w->at[w->i - 1] + 1;
	const char *end = w->text + w->at[w->i];
	struct span key = {from, (size_t)(end - from)};

	if (!key.len || *from != '"' || end[-1] != '"')
		key = value_trim(from, key.len);
	if (*end != ':' || key.len < 2 || *key.s != '"' ||
	    key.s[key.len - 1] != '"')
		return false;
	w->i++;
	return true;
}

enum walked { WALKED_ITEM, WALKED_OPEN, WALKED_WRONG };

/* The scalar or opening bracket behind ${from}. */
static enum walked walk_value(struct walk *w, const char *from)
{
	const char *end = w->text + w->at[w->i];
	struct span v;

	if (from < end && *from == '"' && end[-1] == '"' && end - from > 1)
		return WALKED_ITEM;
	v = (struct span){from, (size_t)(end - from)};
	if (v.len)
		v = value_trim(from, v.len);
	if (v.len)
		return is_scalar(v.s, v.len) ? WALKED_ITEM : WALKED_WRONG;
	if ((*end != '{' && *end != '[') || w->depth >= w->max_depth)
		return WALKED_WRONG;
	w->depth++;
	w->jump[w->i] = w->open;	/* until it is closed */
	w->open = w->i++;
	return WALKED_OPEN;
}

/* Is the container that was just opened empty? */
static bool walk_empty(struct walk *w)
{
	const char *from = w->text + w->at[w->i - 1] + 1;
	const char *end = w->text + w->at[w->i];

	return *end == (w->text[w->at[w->open]] == '{' ? '}' : ']') &&
	       value_blank(from, end) == end;
}

/*
 * Behind an item: closes what is closed there.  True: at a comma, and another
 * item follows.  False: at the line end (w->open is NONE), or wrong.
 */
static bool walk_behind(struct walk *w)
{
	for (;;) {
		const char *at = w->text + w->at[w->i];
		uint32_t open = w->open;
		const char *from;

		if (open == NONE)
			return false;
		if (*at == ',') {
			w->i++;
			return true;
		}
		if (*at != (w->text[w->at[open]] == '{' ? '}' : ']'))
			return false;
		w->open = w->jump[open];
		w->jump[open] = w->i++;
		w->depth--;
		from = at + 1;
		at = w->text + w->at[w->i];
		if (value_blank(from, at) != at) {
			w->open = 0;	/* wrong */
			return false;
		}
	}
}

static bool walk_all(struct walk *w, const char *from)
{
	for (;;) {
		enum walked got = walk_value(w, from);

		if (got == WALKED_WRONG)
			return false;
		if (got == WALKED_ITEM || walk_empty(w)) {
			if (!walk_behind(w))
				break;
		}
		if (w->text[w->at[w->open]] == '{' && !walk_key(w))
			return false;
		from = w->text + w->at[w->i - 1] + 1;
	}
	return w->open == NONE && w->text[w->at[w->i]] == '\n';
}

/* The value behind ${from}, in front of token ${tok} or begun by it. */
static inline struct val value_at(const struct doc *d, const char *from,
				  uint32_t tok)
{
	const char *end = d->index.text + d->index.at[tok];
	struct val v = {from, (size_t)(end - from), tok};

	if (*from == '"' && end[-1] == '"')
		return v;	/* nearly all */
	v.s = value_blank(from, end);
	if (v.s == end)
		end = d->index.text + d->index.at[d->jump[tok]] + 1;
	else
		while (value_is_blank(end[-1]))
			end--;
	v.len = (size_t)(end - v.s);
	return v;
}

bool doc_walk(struct doc *d, uint32_t *tok, size_t from, uint32_t max_depth,
	      struct val *value)
{
	struct walk w = {
		.text = d->index.text, .at = d->index.at, .jump = d->jump,
		.i = *tok, .open = NONE, .max_depth = max_depth
	};

	if (!walk_all(&w, w.text + from))
		return false;
	*value = value_at(d, w.text + from, *tok);
	*tok = w.i + 1;
	return true;
}

/* Reads the ${len} bytes behind the first BEFORE of d->own. */
static bool read_own(struct doc *d, size_t len, uint32_t max_depth,
		     struct val *value)
{
	uint32_t tok = 0;

	d->own.len = BEFORE + len;
	memset(buf_reserve(&d->own, BEHIND + 1), 0, BEHIND + 1);
	d->own.s[BEFORE + len] = '\n';
	return doc_index(d, d->own.s + BEFORE, 0, len + 1) &&
	       doc_walk(d, &tok, 0, max_depth, value) && tok == d->index.n;
}

static void start_own(struct doc *d, size_t room)
{
	buf_clear(&d->own);
	memset(buf_reserve(&d->own, BEFORE + room + BEHIND + 1), 0, BEFORE);
	d->own.len = BEFORE;
}

bool doc_read_string(struct doc *d, struct val v, uint32_t max_depth,
		     struct val *value)
{
	struct json_fault fault;
	size_t len;
	char *p, *end;

	start_own(d, v.len);
	str_unescape(&d->own, v.s + 1, v.len - 2);
	len = d->own.len - BEFORE;
	p = d->own.s + BEFORE;
	end = p + len;
	/* one line is what is read; line ends are right only between tokens */
	if (memchr(p, '\n', len) && json_check(p, len, max_depth, &fault))
		return false;
	while ((p = memchr(p, '\n', (size_t)(end - p))))
		*p++ = ' ';
	return read_own(d, len, max_depth, value);
}

bool doc_read_text(struct doc *d, const char *text, size_t len,
		   uint32_t max_depth, struct val *value)
{
	start_own(d, len);
	buf_add(&d->own, text, len);
	return read_own(d, len, max_depth, value);
}

void doc_iter(struct doc_iter *it, const struct doc *d, struct val container)
{
	it->doc = d;
	it->tok = container.tok;
	it->object = *container.s == '{';
	/* an empty one is closed by the next token, with nothing before it */
	it->more = d->jump[it->tok] != it->tok + 1 ||
		   value_trim(container.s + 1, container.len - 2).len;
}

bool doc_next(struct doc_iter *it, struct val *key, struct val *value)
{
	const struct doc *d = it->doc;
	const char *text = d->index.text, *from;
	uint32_t behind;

	if (!it->more)
		return false;
	from = text + d->index.at[it->tok] + 1;
	if (it->object) {
		if (key)
			*key = value_at(d, from, it->tok + 1);
		it->tok++;
		from = text + d->index.at[it->tok] + 1;
	}
	*value = value_at(d, from, it->tok + 1);
	behind = value->tok;
	if (*value->s == '{' || *value->s == '[')
		behind = d->jump[behind] + 1;
	it->more = text[d->index.at[behind]] == ',';
	it->tok = behind;
	return true;
}

/*
 * Between the brackets of an array of scalars there are only commas; with
 * containers in it, they are stepped over.
 */
size_t doc_count(const struct doc *d, struct val container)
{
	struct doc_iter it;
	struct val v;
	size_t n = 0;

	doc_iter(&it, d, container);
	if (!it.more)
		return 0;
	if (!it.object && doc_next(&it, NULL, &v) && *v.s != '{' &&
	    *v.s != '[') {
		uint32_t close = d->jump[container.tok];
		uint32_t last = close - 1;
		char c = d->index.text[d->index.at[last]];

		if (c == ',' || last == container.tok) {
			/* scalars at both ends: mixed arrays are no lineage's,
			   and an upper bound for them is enough */
			return close - container.tok;
		}
	}
	doc_iter(&it, d, container);
	while (doc_next(&it, NULL, &v))
		n++;
	return n;
}

struct val doc_member(const struct doc *d, struct val object, const char *name)
{
	size_t len = strlen(name);
	struct doc_iter it;
	struct val key, value, found = {0};

	if (!val_is(object, '{'))
		return found;
	doc_iter(&it, d, object);
	while (doc_next(&it, &key, &value))
		if (key.len == len + 2 && !memcmp(key.s + 1, name, len))
			found = value;
	if (val_null(found))
		found.s = NULL;
	return found;
}

void doc_compact(const struct doc *d, struct val v, struct buf *out)
{
	const char *text = d->index.text, *from, *end;
	uint32_t last;

	if (*v.s != '{' && *v.s != '[') {
		buf_add(out, v.s, v.len);
		return;
	}
	last = d->jump[v.tok];
	buf_reserve(out, v.len);
	buf_addc(out, *v.s);
	for (uint32_t i = v.tok; i < last; i++) {
		struct span slot;

		from = text + d->index.at[i] + 1;
		end = text + d->index.at[i + 1];
		slot = value_trim(from, (size_t)(end - from));
		buf_add(out, slot.s, slot.len);
		buf_addc(out, *end);
	}
}
