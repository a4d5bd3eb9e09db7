/*
 * enrich_in -- for the files that make rules: see enrich_rules.h.
 */
#ifndef DATAHUB_ENRICH_IN_H
#define DATAHUB_ENRICH_IN_H

#include "datahub/enrich_rules.h"

#define ENRICH_DERIVED_BY "DERIVED"
#define ENRICH_IN_PLACE "IN_PLACE"

struct enrich_rule *enrich_add(struct enrich_rules *, struct pool *,
			       const char *operation);

/* At the end of a list. */
void enrich_atomic(struct enrich_end **, struct pool *, const char *name);
void enrich_entity(struct enrich_end **, struct pool *, const char *uri);
void enrich_field(struct enrich_end **, struct pool *, enum enrich_part,
		  const char *criterion, const struct enrich_step *path);

/* Each of the names, which spaces divide. */
void enrich_atomics(struct enrich_end **, struct pool *, const char *names);

void enrich_problem(struct enrich_rules *, struct pool *, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A string's text with a NUL behind it; NULL for all else. */
const char *enrich_text(struct pool *, const struct dom *);

/*
 * The fields that a JSONPath selects, as paths of names: a list of several
 * where it names several ("$.['a','b']").  "[0]" and "[*]" are items of an
 * array, which are no step.  From a "..", a "*" for a name or a filter on,
 * everything below is selected, and the path ends there.  Returns how many,
 * 0 for what is no JSONPath.
 */
size_t enrich_json_path(struct pool *, const char *text,
			const struct enrich_step ***paths);

/* pojo and json references as PII, SQL and API enrichments have them. */
bool enrich_reference(struct enrich_rules *, struct pool *,
		      struct enrich_end **, const struct dom *item);

/* Rules of single enrichments. */
typedef void enrich_make(struct enrich_rules *, struct pool *,
			 const struct dom *parameters);
enrich_make enrich_pii, enrich_sql, enrich_api, enrich_javascript,
	enrich_fingerprint;

#endif
