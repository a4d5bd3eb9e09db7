/*
 * org -- a Snowplow organisation, as read from structs(5) lines.
 *
 * All lines are kept (their texts and what is looked up in them), in the order
 * they came; texts are unescaped unless they are called text or body, and live
 * as long as the org.  Where an API member is missing or null, the span's .s is
 * NULL.  Lines of a kind that is not known are counted and passed over.
 *
 * Memory: the input once, some 64 bytes a value for all kinds but bodies of
 * schemas, which are parsed when asked for.
 *
 * Read with org_add() a line at a time, then org_finish(); afterwards read
 * only.
 */
#ifndef DATAHUB_ORG_H
#define DATAHUB_ORG_H

#include <stdbool.h>
#include <stdint.h>
#include "base/pool.h"
#include "json/dom.h"

/* Where something was said, for messages and error lines. */
struct place {
	const char *source;
	uint64_t record;	/* 1-based; 0: not known */
	uint64_t byte;
};

/* MODEL-REVISION-ADDITION. */
struct schemaver {
	uint32_t model, revision, addition;
	bool valid;
};

struct schemaver schemaver_read(struct span text);
/* By number; those that are not valid come last. */
int schemaver_compare(struct schemaver a, struct schemaver b);

/* A schema as something refers to it; .format "jsonschema" where unsaid. */
struct iglu {
	struct span vendor, name, format, version;
};

/* From "iglu:vendor/name/format/version"; false where it is no such URI. */
bool iglu_read(struct span uri, struct iglu *);

/* A line of kind schema: one version's body. */
struct org_schema {
	struct iglu id;
	struct schemaver ver;
	struct span from;	/* console, iglu, iglu-central */
	struct span body;	/* text; .s NULL: could not be fetched */
	struct place place;
};

struct org_deployment {
	struct span version, env, ts, initiator, initiator_id;
	struct schemaver ver;
};

/* A body in "versions" of a data structure. */
struct org_version {
	struct span version;
	struct schemaver ver;
	struct span body;	/* text; .s NULL: could not be fetched */
};

struct org_structure {
	struct span hash, vendor, name, format, description;
	struct span type;	/* meta.schemaType: event, entity or .s NULL */
	bool hidden;
	const struct dom *custom;	/* meta.customData, or NULL */
	struct org_deployment *deployments;	/* current, as the API lists */
	size_t ndeployments;
	struct org_deployment *history;		/* all; NULL: not fetched */
	size_t nhistory;
	bool has_history;
	struct org_version *versions;		/* by number */
	size_t nversions;
	struct span body;	/* text of "data", where the API gave one */
	struct place place;
};

struct org_spec {
	struct span id, name, description, status, created, updated;
	struct span event_source;	/* event.source */
	struct span event_schema;	/* text of event.schema, or .s NULL */
	struct iglu *legacy;		/* eventSchemas, in order */
	size_t nlegacy;
	struct span *tracked;		/* entities.tracked[].source */
	size_t ntracked;
	struct span plan_id;		/* dataProductId */
	struct place place;
};

struct org_plan {
	struct span id, name, description, status, owner, created, updated;
	struct span access, type, lock;
	struct span *spec_ids, *apps;
	size_t nspec_ids, napps;
	struct place place;
};

struct org_model {
	struct span plan_id, id, name, destination, query_engine, table;
	struct place place;
};

struct org_pipeline {
	struct span id, name, status, label;
	struct span *endpoints;		/* config.collectorEndpoints */
	size_t nendpoints;
	struct place place;
};

/* Both shapes: the new one (schemaKey, userData) and the deprecated one. */
struct org_enrichment {
	struct span pipeline_id;
	struct span id;			/* new: the name; old: the UUID */
	struct span filename;		/* new: the name */
	struct span name;		/* new: the name; old: content's */
	struct span vendor;
	struct span schema;		/* iglu URI of its configuration */
	struct span last_update;
	bool enabled;
	const struct dom *parameters;	/* userData, content.data.parameters */
	const struct dom *line;		/* the whole object */
	struct place place;
};

struct org_destination {
	struct span id, pipeline_id, type, loader, status;
	const struct dom *config;	/* target.config, or NULL */
	const struct dom *line;
	struct place place;
};

struct org_user {
	struct span id, email, name;
};

struct org_counts {
	uint64_t lines, unknown, fetch_errors;
};

struct org {
	struct pool pool;
	struct span id, name;	/* of the organisation */
	bool has_line;		/* there was an organization line */
	struct org_structure *structures;
	struct org_schema *schemas;	/* after org_finish(): sorted */
	struct org_spec *specs;
	struct org_plan *plans;
	struct org_model *models;
	struct org_pipeline *pipelines;
	struct org_enrichment *enrichments;
	struct org_destination *destinations;
	struct org_user *users;
	size_t nstructures, nschemas, nspecs, nplans, nmodels, npipelines,
		nenrichments, ndestinations, nusers;
	size_t caps[9];
	struct org_counts counts;
	bool ended;		/* there is an end line, and it is the last */
	bool complete;		/* and it says so */
	struct span filters;	/* text of its filters; .s NULL: none said */
};

void org_init(struct org *);
void org_release(struct org *);

/*
 * One line: valid JSON, copied.  Returns 0; -1 when it is no structs(5) object
 * (no object, no kind) with static text in ${why}.
 */
int org_add(struct org *, const char *line, size_t len,
	    const struct place *, const char **why);

/* Sorts the schemas (vendor, name, format, version) for org_schema(). */
void org_finish(struct org *);

/* The body of this very version, or NULL; ${id}'s format counts. */
const struct org_schema *org_schema(const struct org *, const struct iglu *id);

/* The user of this id; the only one of this name; or NULL. */
const struct org_user *org_user_by_id(const struct org *, struct span id);
const struct org_user *org_user_by_name(const struct org *, struct span name,
					size_t *matches);

#endif
