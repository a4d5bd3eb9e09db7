/*
 * lineage_in -- between the files that make a struct lineage.
 */
#ifndef DATAHUB_LINEAGE_IN_H
#define DATAHUB_LINEAGE_IN_H

#include "datahub/lineage.h"

/* Moves the buffer's bytes to the pool and releases it. */
struct span lineage_keep(struct lineage *, struct buf *);

void lineage_prepare_schemas(struct lineage *);
void lineage_prepare_specs(struct lineage *);	/* after the schemas */

/*
 * The schemas that ${spec} refers to, in the API's order: eventSchemas,
 * event.source, entities.tracked.  ${refs} has room for
 * lineage_max_refs(spec).  Returns how many.
 */
size_t lineage_max_refs(const struct org_spec *);
size_t lineage_refs(const struct org_spec *, struct iglu *refs);

/* Is the event spec one that is described? */
bool lineage_wants_spec(const struct settings *, const struct org_spec *);
bool lineage_wants_plan(const struct settings *, const struct org_plan *);

#endif
