/*
 * JSONPath as the enrichments' configurations have it: enough of it to say
 * which fields are meant (enrich_in.h).  Enrich uses Gatling's for SQL and
 * API inputs and Jayway's for PII.
 */
#include "datahub/enrich_in.h"

#include <string.h>

#define MANY 256	/* fields of one path; more are one field, their parent */

struct walk {
	struct pool *pool;
	const char *at;
	size_t count;
	bool ended;	/* all below is selected */
	/* Of each path, where the next step goes. */
	const struct enrich_step *first[MANY];
	struct enrich_step *last[MANY];
};

static void step(struct walk *w, size_t i, const char *name, size_t len)
{
	struct enrich_step *s = pool_zero(w->pool, 1, sizeof(*s));

	s->name = pool_dup(w->pool, name, len);
	if (w->last[i])
		w->last[i]->next = s;
	else
		w->first[i] = s;
	w->last[i] = s;
}

/* Behind the quoted name at ${s}, which goes into ${*name}; NULL for none. */
static const char *quoted(const char *s, const char **name, size_t *len)
{
	const char *end;

	if (*s != '\'' && *s != '"')
		return NULL;
	end = strchr(s + 1, *s);
	if (!end)
		return NULL;
	*name = s + 1;
	*len = (size_t)(end - s) - 1;
	return end + 1;
}

static const char *blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/*
 * ['a','b']: several names make several paths.  Only where there is one path
 * so far: a product of names is taken as their parents.
 */
static bool names(struct walk *w)
{
	const char *s = w->at, *name[MANY];
	size_t len[MANY], n = 0;

	do {
		s = quoted(blanks(s + 1), &name[n], &len[n]);
		if (!s)
			return false;
		n++;
		s = blanks(s);
	} while (*s == ',' && n < MANY);
	if (*s != ']')
		return false;
	w->at = s + 1;
	if (n > 1 && w->count > 1) {
		w->ended = true;
		return true;
	}
	if (n == 1) {
		for (size_t i = 0; i < w->count; i++)
			step(w, i, name[0], len[0]);
		return true;
	}
	/* The common beginning is copied, so that each path has its own. */
	for (size_t i = n; i-- > 0;) {
		const struct enrich_step *from = w->first[0];

		w->first[i] = i ? NULL : from;
		w->last[i] = i ? NULL : w->last[0];
		for (; i && from; from = from->next)
			step(w, i, from->name, strlen(from->name));
	}
	for (size_t i = 0; i < n; i++)
		step(w, i, name[i], len[i]);
	w->count = n;
	return true;
}

/* "[" is at hand: names, items, or what selects all below. */
static bool bracket(struct walk *w)
{
	const char *s = blanks(w->at + 1), *end;

	if (*s == '\'' || *s == '"')
		return names(w);
	end = strchr(s, ']');
	if (!end)
		return false;
	if (*s == '*' || strspn(s, "0123456789,:- ") == (size_t)(end - s))
		w->at = end + 1;	/* items */
	else
		w->ended = true;	/* a filter or a script */
	return true;
}

static bool dotted(struct walk *w)
{
	size_t len;

	w->at++;
	if (*w->at == '[')
		return true;
	len = strcspn(w->at, ".[");
	if (!len || (len == 1 && *w->at == '*')) {
		w->ended = true;	/* ".." or "*" */
		return len || *w->at == '.';
	}
	for (size_t i = 0; i < w->count; i++)
		step(w, i, w->at, len);
	w->at += len;
	return true;
}

size_t enrich_json_path(struct pool *pool, const char *text,
			const struct enrich_step ***paths)
{
	struct walk w = {.pool = pool, .at = blanks(text), .count = 1};

	if (*w.at++ != '$')
		return 0;
	while (*w.at && !w.ended)
		if (*w.at == '[' ? !bracket(&w) : *w.at == '.' ? !dotted(&w)
							       : true)
			return 0;
	*paths = pool_take(pool, w.count * sizeof(**paths));
	memcpy(*paths, w.first, w.count * sizeof(**paths));
	return w.count;
}
