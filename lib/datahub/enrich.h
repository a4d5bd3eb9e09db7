/*
 * enrich -- what each enrichment reads and writes.
 *
 * By the table of Snowplow's enrichments: atomic columns in and out, entities
 * they add, fields that their own configuration names (PII, JavaScript, SQL,
 * API requests).  --compat=upstream gives the connector's extractors.
 */
#ifndef DATAHUB_ENRICH_H
#define DATAHUB_ENRICH_H

#include "datahub/lineage.h"

/*
 * Writes dataJobInputOutput of the enrichment ${e}, whose job is ${job_urn}:
 * inputDatasets (lineage.inputs), outputDatasets (${tables}, by bytes), and
 * fineGrainedLineages where fields are known and there is a table.  A
 * configuration that cannot be read is a finding, and the job has no field
 * edges.  Returns 0, or -1 once a write has failed.
 */
int enrich_lineage(struct lineage *, const struct org_enrichment *e,
		   struct span job_urn, const struct span *tables,
		   size_t ntables);

/*
 * The description of its dataJobInfo, appended unescaped: in Markdown, what it
 * adds and from what.
 */
void enrich_description(struct lineage *, const struct org_enrichment *e,
			struct buf *);

/*
 * Names of the fields that the PII enrichment ${e} is configured with, added to
 * ${list} (grown with mem_grow(); texts live in lineage.pool).  Nothing for
 * other enrichments.
 */
void enrich_pii_fields(struct lineage *, const struct org_enrichment *e,
		       struct span **list, size_t *n, size_t *cap);

#endif
