/*
 * pick -- filters on data structures, and the version that is described.
 */
#include "datahub/pick.h"

#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "datahub/when.h"

static bool same_env(struct span env, const char *wanted)
{
	return env.s && env.len == strlen(wanted) &&
		!strncasecmp(env.s, wanted, env.len);
}

/* What is deployed now; where the API did not say, all that ever was. */
static const struct org_deployment *current(const struct org_structure *x,
					    size_t *n)
{
	if (x->ndeployments) {
		*n = x->ndeployments;
		return x->deployments;
	}
	*n = x->nhistory;
	return x->history;
}

static bool any_since(const struct org_deployment *list, size_t n,
		      struct when since)
{
	for (size_t i = 0; i < n; i++) {
		struct when w = when_read(list[i].ts);

		if (w.valid && when_compare(w, since) >= 0)
			return true;
	}
	return false;
}

static bool deployed_since(const struct settings *s,
			   const struct org_structure *x)
{
	struct when since;

	if (!s->deployed_since)
		return true;
	since = when_read(span_of(s->deployed_since));
	return any_since(x->deployments, x->ndeployments, since) ||
		any_since(x->history, x->nhistory, since);
}

static bool type_wanted(const struct settings *s, struct span type)
{
	return span_is(type, "entity") ? !s->no_entities : !s->no_events;
}

bool pick_structure(const struct settings *s, const struct org_structure *x)
{
	struct buf b = {0};
	bool allowed;

	if (!x->vendor.s || !x->name.s)
		return false;
	buf_add(&b, x->vendor.s, x->vendor.len);
	buf_addc(&b, '/');
	buf_add(&b, x->name.s, x->name.len);
	allowed = patterns_allow(&s->schemas, (struct span){b.s, b.len});
	buf_release(&b);
	return allowed && type_wanted(s, x->type) &&
		(!x->hidden || s->hidden) && deployed_since(s, x) &&
		(!s->deployment_env || !(x->ndeployments + x->nhistory) ||
		 pick_deployment(s, x));
}

static const struct org_deployment *latest(const struct org_deployment *list,
					   size_t n, const char *env)
{
	size_t *index = mem_alloc((n + 1) * sizeof(*index));
	const struct org_deployment *found = NULL;

	when_sort(list, n, index);
	for (size_t i = 0; i < n; i++)
		if (list[index[i]].version.s &&
		    (!env || same_env(list[index[i]].env, env)))
			found = &list[index[i]];
	free(index);
	return found;
}

const struct org_deployment *pick_deployment(const struct settings *s,
					     const struct org_structure *x)
{
	const struct org_deployment *list, *found;
	size_t n;

	list = current(x, &n);
	if (s->deployment_env)
		return latest(list, n, s->deployment_env);
	found = latest(list, n, "PROD");
	return found ? found : latest(list, n, NULL);
}

/* The version that a body says it is. */
static bool body_is(struct span body, struct span version)
{
	struct pool scratch = {0};
	const struct dom *d = dom_parse(&scratch, body.s, body.len);
	struct span said = dom_string(&scratch, dom_find(d, "self.version"));
	bool same = said.s && version.s && !span_compare(said, version);

	pool_release(&scratch);
	return same;
}

struct span pick_body(const struct org *o, const struct org_structure *x,
		      struct span version, const struct org_schema **from)
{
	struct iglu id = {
		x->vendor, x->name,
		x->format.s ? x->format : span_of("jsonschema"), version
	};

	*from = version.s ? org_schema(o, &id) : NULL;
	if (*from && (*from)->body.s)
		return (*from)->body;
	for (size_t i = 0; i < x->nversions; i++)
		if (version.s && x->versions[i].body.s &&
		    !span_compare(x->versions[i].version, version))
			return x->versions[i].body;
	if (x->body.s && (!version.s || body_is(x->body, version)))
		return x->body;
	return (struct span){NULL, 0};
}

bool pick_is_standard(struct span vendor)
{
	static const char prefix[] = "com.snowplowanalytics";

	return vendor.len >= sizeof(prefix) - 1 &&
		!memcmp(vendor.s, prefix, sizeof(prefix) - 1);
}

bool pick_name_is_entity(struct span name)
{
	static const char word[] = "context";
	const size_t n = sizeof(word) - 1;

	for (size_t i = 0; i + n <= name.len; i++)
		if (!strncasecmp(name.s + i, word, n))
			return true;
	return false;
}
