/*
 * cap_doc -- one JSON text as tokens that can be jumped over.
 *
 * The tokens are those of json/index.h: { } [ ] : , and the line end outside
 * strings.  doc_walk() checks the grammar between them, once, and notes for
 * each opening bracket where its closing one is; from then on a container of
 * any size is stepped over at no cost, and the items of an array of strings are
 * counted by a subtraction.  Nothing is copied: values are bytes of the text.
 *
 * Memory: 8 bytes a token (a proposal has one for some 50 to 100 bytes).
 * A doc belongs to one thread.
 */
#ifndef DATAHUB_CAP_DOC_H
#define DATAHUB_CAP_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "json/index.h"
#include "json/value.h"

struct doc {
	struct json_index index;
	uint32_t *jump;		/* by token; of closed containers */
	size_t jump_cap;
	struct buf own;		/* text of doc_read_string() */
	int kernel;
	/* of the line doc_walk() went through last */
	uint32_t first, behind;	/* its tokens, without the line end */
	uint32_t opened;	/* containers in it */
	uint32_t blanks;	/* of its tokens, the ones a blank follows, and
				   one at its start */
};

/* A value; .s is NULL where there is none. */
struct val {
	const char *s;
	size_t len;
	uint32_t tok;	/* of a container, its opening token; else what is
			   behind it */
};

void doc_init(struct doc *, int kernel);
void doc_release(struct doc *);

/*
 * Indexes the lines at text[from .. to), the last byte of which is '\n' (the
 * text as index.h wants it).  False: there is a fault in one of them.
 */
bool doc_index(struct doc *, const char *text, size_t from, size_t to);

/*
 * Checks the line whose tokens begin with number ${*tok}; its value begins at
 * ${from}.  True: ${value} is it and ${*tok} is behind its line end.  False: it
 * is no JSON value (json_check() says why), and ${*tok} is anywhere.
 */
bool doc_walk(struct doc *, uint32_t *tok, size_t from, uint32_t max_depth,
	      struct val *value);

/*
 * Decodes the string ${v} (of another doc) and reads it as one JSON value.
 * False: it is none.
 */
bool doc_read_string(struct doc *, struct val v, uint32_t max_depth,
		     struct val *value);
/* The same for ${len} bytes at ${text}, which are copied. */
bool doc_read_text(struct doc *, const char *text, size_t len,
		   uint32_t max_depth, struct val *value);

/* The token in front of which, or with which, a value ends or begins. */
static inline char doc_token(const struct doc *d, uint32_t tok)
{
	return d->index.text[d->index.at[tok]];
}

/* The container that token ${tok} opens. */
static inline struct val doc_container(const struct doc *d, uint32_t tok)
{
	uint32_t from = d->index.at[tok];

	return (struct val){
		d->index.text + from, d->index.at[d->jump[tok]] - from + 1, tok
	};
}

/* The scalar between token ${tok} and the one before it. */
static inline struct val doc_scalar(const struct doc *d, uint32_t tok)
{
	const char *from = d->index.text + d->index.at[tok - 1] + 1;
	const char *end = d->index.text + d->index.at[tok];
	struct span s = value_trim_one(from, (size_t)(end - from));

	return (struct val){s.s, s.len, tok};
}

/* Members of an object, or items of an array. */
struct doc_iter {
	const struct doc *doc;
	uint32_t tok;		/* in front of the next one */
	bool object, more;
};
void doc_iter(struct doc_iter *, const struct doc *, struct val container);

/*
 * ${key} (with its quotes; none in arrays) may be NULL.  Only a container is followed by its
 * opening bracket: behind a scalar there is a comma or a closing one.
 */
static inline bool doc_next(struct doc_iter *it, struct val *key,
			    struct val *value)
{
	const struct doc *d = it->doc;
	uint32_t tok = it->tok + 1;
	char c;

	if (!it->more)
		return false;
	if (key)
		*key = it->object ? doc_scalar(d, tok) : (struct val){0};
	tok += it->object;
	c = doc_token(d, tok);
	if (c == '{' || c == '[') {
		*value = doc_container(d, tok);
		tok = d->jump[tok] + 1;
		c = doc_token(d, tok);
	} else {
		*value = doc_scalar(d, tok);
	}
	it->more = c == ',';
	it->tok = tok;
	return true;
}

/* How many items or members; strings and numbers alone cost nothing. */
size_t doc_count(const struct doc *, struct val container);

static inline bool val_is(struct val v, char first)
{
	return v.s && *v.s == first;
}

static inline bool val_null(struct val v)
{
	return !v.s || *v.s == 'n';
}

/* Is ${v} the string ${text}, with its quotes, as written? */
static inline bool val_same(struct val v, const char *text, size_t len)
{
	return v.s && v.len == len && !memcmp(v.s, text, len);
}
/* ${text} is a literal without quotes. */
#define VAL_IS(v, text) val_same(v, "\"" text "\"", sizeof(text) + 1)

/* The member ${name} (a literal) of ${object}; without it, or null: no .s. */
struct val doc_member(const struct doc *, struct val object, const char *name);

/* ${v} without white space between its tokens. */
void doc_compact(const struct doc *, struct val v, struct buf *out);

#endif
