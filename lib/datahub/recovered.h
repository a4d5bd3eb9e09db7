/*
 * recovered -- columns and tables that a loader made for a schema's version
 * that was changed against the rules of its model.
 *
 * Their names end with a hash of the loader's own, which differs between its
 * releases, so they are not computed: DataHub's metadata of the warehouse says
 * which there are.  They are called, COLUMN ending with the model,
 *
 *	COLUMN_recovered_1_0_1_HASH	lake loader, BigQuery loader 2, RDB
 *					loader (Databricks)
 *	COLUMN_0_1_recovered_HASH	RDB loader before
 *	TABLE_1_0_recovered_HASH	Redshift: addition, then revision
 *
 * (snowplow/schema-ddl, RecoveryModel; common-streams, TypedTabledEntity).
 */
#ifndef DATAHUB_RECOVERED_H
#define DATAHUB_RECOVERED_H

#include "datahub/edges.h"

struct recovered;

/* Reads proposals of schemaMetadata in ${path}; NULL after a message. */
struct recovered *recovered_read(const char *path);
void recovered_free(struct recovered *);

/* One that holds a version of a schema. */
struct recovered_hit {
	struct span table;	/* its URN */
	struct span column;	/* path as listed, encoded; .s NULL: all of the
				   table is the schema's */
	struct span version;
	/* Of each field of the schema that is described: has that version a
	   field of these names? */
	const bool *has;
	bool described;		/* it is the very version described */
};

/*
 * Those beside or in the events table ${t} that hold versions of ${s}, by table
 * and column; the list is the pool's.  A version without a body is a finding
 * where ${tell} is set, and no hit.
 */
const struct recovered_hit *recovered_find(struct lineage *, struct pool *,
					   const struct edge_table *t,
					   const struct schema_set *s,
					   bool tell, size_t *n);

#endif
