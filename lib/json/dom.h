/*
 * dom -- a read-only tree over a JSON text that is known to be valid.
 *
 * For objects whose members are looked up by name and copied as they were
 * written: every node knows the bytes it was written in (dom.text), so that a
 * value goes out again byte for byte; nothing is converted.  The text must be
 * valid (check.h) and live as long as the nodes; the nodes are the pool's and
 * are never freed one by one.
 *
 * A tree takes 64 bytes a node, and an unescaped copy of each key that was
 * written with escapes.  Parsing does not recurse.
 *
 * Members of an object stand in the order of the text, duplicates too;
 * dom_get() gives the last one of a name, as Python and jq do.  Lookup is
 * linear: these objects have tens of members.
 *
 * Every function takes NULL for a node and treats it as a value that is not
 * there, so that lookups can be chained.  A tree may be read by any thread.
 */
#ifndef JSON_DOM_H
#define JSON_DOM_H

#include <stdint.h>
#include "base/pool.h"
#include "base/buf.h"
#include "json/value.h"

struct dom {
	struct span text;	/* as written, without blanks around it */
	struct span key;	/* unescaped; of members only */
	struct dom *child;	/* first member or item */
	struct dom *next;	/* the next one of the same container */
	uint32_t count;		/* members or items */
	enum value_type type;
};

/*
 * The tree of the one value in ${text}, blanks around it allowed.  A text of
 * blanks gives NULL.
 */
const struct dom *dom_parse(struct pool *, const char *text, size_t len);

/* The last member ${key} of an object; NULL where there is none. */
const struct dom *dom_get(const struct dom *, const char *key);
const struct dom *dom_get_span(const struct dom *, struct span key);

/* As dom_get() along ${path}: "event.source". */
const struct dom *dom_find(const struct dom *, const char *path);

/* Members or items, one after the other; NULL ends. */
static inline const struct dom *dom_first(const struct dom *d)
{
	return d ? d->child : NULL;
}

/* False for NULL. */
static inline bool dom_is(const struct dom *d, enum value_type type)
{
	return d && d->type == type;
}

/* Not there, or null. */
static inline bool dom_is_null(const struct dom *d)
{
	return !d || d->type == VALUE_NULL;
}

/*
 * The unescaped text of a string; .s is NULL for all else.  Copied into the
 * pool only where there are escapes.  Lone surrogates as in str.h.
 */
struct span dom_string(struct pool *, const struct dom *);

/* Is it the string ${s}? */
bool dom_equals(const struct dom *, const char *s);

/* true: 1; false: 0; all else: ${otherwise}. */
bool dom_bool(const struct dom *, bool otherwise);

/* Appends the value as written, white space between its tokens left out. */
void dom_write(struct buf *, const struct dom *);

#endif
