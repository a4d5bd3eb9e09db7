/*
 * enrich_rules -- what an enrichment reads and writes, by its configuration:
 * names only, no URNs.  Two answers: what Snowplow's Enrich does (its source:
 * snowplow/enrich, modules/common/.../registry), and what DataHub's connector
 * says it does (acryl-datahub 1.7, snowplow/enrichment_lineage).
 *
 * A rule says that every one of its sources takes part in every one of its
 * targets.  A source or target is
 *
 *	ENRICH_ATOMIC	a field of every event: name
 *	ENRICH_FIELD	a field of the schemas that match ${schema}, an Iglu
 *			URI with "*" for parts of the version: path; an empty
 *			path means all of the schema; no ${schema} all of
 *			every event's, or entity's, by ${part}
 *	ENRICH_ENTITY	all of an entity that Enrich adds: ${schema}, its URI
 *
 * A rule without sources is of what comes from outside the event: a constant,
 * an HTTP header.
 *
 * Everything stands in the pool given.  What a configuration says and cannot
 * be understood becomes a problem, a sentence for the user; the rest of it
 * goes on.
 */
#ifndef DATAHUB_ENRICH_RULES_H
#define DATAHUB_ENRICH_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include "base/pool.h"
#include "json/dom.h"

enum enrich_kind { ENRICH_ATOMIC, ENRICH_FIELD, ENRICH_ENTITY };

/* Which part of the event a field of a schema is looked for in. */
enum enrich_part { ENRICH_EVENT, ENRICH_CONTEXTS, ENRICH_DERIVED };

/* Names on the way to a field; array items are no step. */
struct enrich_step {
	const char *name;
	struct enrich_step *next;
};

struct enrich_end {
	enum enrich_kind kind;
	enum enrich_part part;		/* of ENRICH_FIELD */
	const char *name;		/* of ENRICH_ATOMIC */
	const char *schema;
	const struct enrich_step *path;
	struct enrich_end *next;
};

struct enrich_rule {
	struct enrich_end *from, *to;
	const char *operation;		/* transformOperation */
	struct enrich_rule *next;
};

struct enrich_problem {
	const char *text;
	struct enrich_problem *next;
};

struct enrich_rules {
	const char *what;		/* a sentence without full stop */
	struct enrich_rule *first, **last;
	struct enrich_problem *problems;
	bool known;			/* else nothing is known of it */
};

/* ${schema} is the enrichment's schemaKey, ${parameters} its userData. */
void enrich_rules(struct enrich_rules *, struct pool *, const char *schema,
		  const struct dom *parameters);

/*
 * The connector's answer.  Sources and targets are ENRICH_ATOMIC all, though
 * their names may be dotted paths; one target a rule.
 */
void enrich_rules_upstream(struct enrich_rules *, struct pool *,
			   const char *schema, const struct dom *parameters);

/*
 * What the connector lists in an enrichment's description: names sorted by
 * bytes, each once.  The arrays are the pool's.
 */
struct enrich_listing {
	const char *what;		/* NULL: no line for it */
	const char **inputs, **outputs;
	size_t input_count, output_count;
};
void enrich_listing_upstream(struct enrich_listing *, struct pool *,
			     const char *schema, const struct dom *parameters);

/* The same for what enrich_rules() says: entities by vendor/name. */
void enrich_listing(struct enrich_listing *, struct pool *,
		    const struct enrich_rules *);

/* Is it a field of every enriched event? */
bool enrich_is_atomic(const char *name, size_t len);

/*
 * Is the Iglu URI ${uri} one of ${criterion}: vendor, name and format equal,
 * each part of the version equal or "*" in the criterion?
 */
bool enrich_matches(const char *criterion, const char *uri);

#endif
