/*
 * cap_mcp -- one metadata change proposal: what it is about, where its aspect
 * is.
 *
 * What is asked for is what DataHub's own classes ask for: entityType,
 * changeType and aspectName, and an aspect of the form {"json":...} (files) or
 * {"value":"...","contentType":"..."} (its REST endpoint, and patches).
 */
#include "datahub/cap_mcp.h"

#include "datahub/cap.h"

static const struct {
	const char *name;
	unsigned len;
	enum aspect_kind kind;
} kinds[] = {
#define KIND(text, kind) {"\"" text "\"", sizeof(text) + 1, kind}
	KIND("dataJobInputOutput", ASPECT_JOB_IO),
	KIND("upstreamLineage", ASPECT_UPSTREAMS),
	KIND("schemaMetadata", ASPECT_SCHEMA),
	KIND("datasetProfile", ASPECT_PROFILE),
	KIND("querySubjects", ASPECT_SUBJECTS),
	KIND("queryProperties", ASPECT_QUERY),
	KIND("viewProperties", ASPECT_VIEW),
	KIND("semanticModelInfo", ASPECT_SEMANTIC),
	KIND("container", ASPECT_CONTAINER)
};

static enum aspect_kind kind_of(struct val name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (val_same(name, kinds[i].name, kinds[i].len))
			return kinds[i].kind;
	return ASPECT_OTHER;
}

/* The members of the proposal, as they are. */
struct members {
	struct val entity_type, urn, key, change, name, aspect, snapshot;
};

static void take_members(struct members *m, const struct doc *d,
			 struct val line)
{
	struct doc_iter it;
	struct val key, value;

	memset(m, 0, sizeof(*m));
	doc_iter(&it, d, line);
	while (doc_next(&it, &key, &value)) {
		if (val_null(value))
			continue;
		if (VAL_IS(key, "entityType"))
			m->entity_type = value;
		else if (VAL_IS(key, "entityUrn"))
			m->urn = value;
		else if (VAL_IS(key, "entityKeyAspect"))
			m->key = value;
		else if (VAL_IS(key, "changeType"))
			m->change = value;
		else if (VAL_IS(key, "aspectName"))
			m->name = value;
		else if (VAL_IS(key, "aspect"))
			m->aspect = value;
		else if (VAL_IS(key, "proposedSnapshot"))
			m->snapshot = value;
	}
}

static const char *check_members(const struct members *m, struct val line,
				 const char **at)
{
	*at = line.s;
	if (m->snapshot.s)
		return "a metadata change event, not a proposal "
		       "(convert it to MCPs)";
	if (!val_is(m->entity_type, '"'))
		return "no proposal: entityType is missing";
	if (!val_is(m->urn, '"') && !val_is(m->key, '{'))
		return "no proposal: entityUrn is missing";
	if (!val_is(m->change, '"'))
		return "no proposal: changeType is missing";
	if (m->name.s ? *m->name.s != '"' : m->aspect.s != NULL)
		return "no proposal: aspectName is missing";
	return NULL;
}

/* The aspect ${v}, in one of its two forms. */
static const char *read_aspect(struct mcp *m, const struct doc *d, struct val v,
			       struct doc *inner, const char **at)
{
	struct val json, value;

	*at = v.s;
	if (*v.s != '{')
		return "no proposal: the aspect is no object";
	json = doc_member(d, v, "json");
	if (json.s) {
		m->body = m->written = json;
		m->doc = d;
		return NULL;
	}
	value = doc_member(d, v, "value");
	if (!val_is(value, '"'))
		return "no proposal: the aspect has neither json nor value";
	*at = value.s;
	if (!doc_read_string(inner, value, CAP_DEPTH, &m->body))
		return "the aspect's value is no JSON";
	m->doc = inner;
	m->written = value;
	return NULL;
}

const char *mcp_read(struct mcp *m, const struct doc *d, struct val line,
		     struct doc *inner, const char **at)
{
	struct members all;
	const char *why;

	memset(m, 0, sizeof(*m));
	*at = line.s;
	if (*line.s != '{')
		return "no proposal: not an object";
	take_members(&all, d, line);
	why = check_members(&all, line, at);
	if (why)
		return why;
	m->entity_type = all.entity_type;
	m->urn = all.urn;
	m->aspect_name = all.name;
	m->patch = VAL_IS(all.change, "PATCH");
	if (!all.aspect.s)
		return NULL;
	why = read_aspect(m, d, all.aspect, inner, at);
	/* CREATE, RESTATE and the like carry whole aspects, too */
	if (!m->patch && !VAL_IS(all.change, "DELETE"))
		m->kind = kind_of(all.name);
	return why;
}
