/*
 * columns -- from Iglu fields to warehouse columns.
 *
 * Table and column names as each loader makes them, in the case in which the
 * warehouse's DataHub connector prints them.  A configuration without the
 * names of a table is a finding and gives no URN.
 */
#ifndef DATAHUB_COLUMNS_H
#define DATAHUB_COLUMNS_H

#include "datahub/lineage.h"

/*
 * URN of the events table that ${d} loads, or .s NULL after a finding (told
 * once a destination: call it once).  Lives in lineage.pool.
 * --compat=upstream: the connector's name.
 */
struct span columns_table(struct lineage *, const struct org_destination *d);

/*
 * Appends the fineGrainedLineages of a loader job to its open
 * dataJobInputOutput in ${b}: nothing where there are none.  ${tables} of
 * ${destinations}, index by index; .s NULL ones are passed over.  With Redshift
 * and Postgres more tables are written: they are added to ${outputs} (grown
 * with mem_grow(), texts in lineage.pool) by columns_outputs(), which is called
 * first, because outputDatasets stand before.  columns_inputs() likewise adds
 * the datasets whose fields the edges come from (the schemas' own and the
 * atomic event's): more than lineage.inputs.
 */
void columns_inputs(struct lineage *, const struct span *tables, size_t n,
		    struct span **inputs, size_t *ninputs, size_t *cap);
void columns_outputs(struct lineage *, const struct org_destination *const *d,
		     const struct span *tables, size_t n,
		     struct span **outputs, size_t *noutputs, size_t *cap);
int column_lineage(struct lineage *, const struct org_destination *const *d,
		   const struct span *tables, size_t n, struct buf *b);

/*
 * --column-lineage=patch: PATCH proposals of upstreamLineage on the tables
 * instead.  Returns 0, or -1 once a write has failed.
 */
int column_patches(struct lineage *, const struct org_destination *const *d,
		   const struct span *tables, size_t n);

#endif
