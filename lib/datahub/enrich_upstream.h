/*
 * enrich_upstream -- the field edges of an enrichment as DataHub's connector
 * draws them (pipeline_processor), for --compat=upstream.
 *
 * It makes the edges of one event spec, then repeats each source on others: a
 * standard column on all of them, a name that a schema's field ends with on
 * those that refer to such a schema, any other on none.
 */
#ifndef DATAHUB_ENRICH_UPSTREAM_H
#define DATAHUB_ENRICH_UPSTREAM_H

#include "datahub/edges.h"
#include "datahub/enrich_rules.h"

/* There are event specs; ${table} is the one that is written. */
void enrich_upstream_edges(struct lineage *, struct pool *,
			   const struct enrich_rules *, struct span table,
			   struct edges *);

#endif
