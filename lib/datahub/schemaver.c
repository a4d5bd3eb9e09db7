/*
 * schemaver -- versions of schemas, and Iglu URIs.
 */
#include <string.h>

#include "datahub/org_in.h"
#include "datahub/urn.h"

/* Digits at ${*s}: at most nine, no leading zero. */
static bool number(const char **s, const char *end, uint32_t *n)
{
	const char *from = *s;

	for (*n = 0; *s < end && **s >= '0' && **s <= '9'; ++*s) {
		if (*s - from == 9)
			return false;
		*n = *n * 10 + (uint32_t)(**s - '0');
	}
	return *s > from && (*from != '0' || *s == from + 1);
}

struct schemaver schemaver_read(struct span t)
{
	const char *p = t.s, *end = t.s + t.len;
	struct schemaver v = {0};

	if (!t.s)
		return v;
	if (!number(&p, end, &v.model) || p == end || *p++ != '-' ||
	    !number(&p, end, &v.revision) || p == end || *p++ != '-' ||
	    !number(&p, end, &v.addition) || p != end)
		return (struct schemaver){0};
	v.valid = true;
	return v;
}

static int order(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

int schemaver_compare(struct schemaver a, struct schemaver b)
{
	int o = order(!a.valid, !b.valid);

	if (!o)
		o = order(a.model, b.model);
	if (!o)
		o = order(a.revision, b.revision);
	return o ? o : order(a.addition, b.addition);
}

/* The part of ${t} before the next "/", which is taken off. */
static bool part(struct span *t, struct span *to, bool last)
{
	const char *slash = memchr(t->s, '/', t->len);

	if (!slash == !last)
		return false;
	*to = (struct span){t->s, slash ? (size_t)(slash - t->s) : t->len};
	if (slash) {
		t->len -= to->len + 1;
		t->s = slash + 1;
	}
	return to->len > 0;
}

bool iglu_read(struct span uri, struct iglu *id)
{
	*id = (struct iglu){0};
	if (uri.len < 5 || memcmp(uri.s, "iglu:", 5))
		return false;
	uri.s += 5;
	uri.len -= 5;
	return part(&uri, &id->vendor, false) &&
		part(&uri, &id->name, false) &&
		part(&uri, &id->format, false) &&
		part(&uri, &id->version, true);
}

int org_iglu_compare(const struct iglu *a, const struct iglu *b)
{
	int o = span_compare(a->vendor, b->vendor);

	if (!o)
		o = span_compare(a->name, b->name);
	if (!o)
		o = span_compare(a->format, b->format);
	return o ? o : span_compare(a->version, b->version);
}
