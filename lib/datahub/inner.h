/*
 * inner -- fields inside the columns of BigQuery and Databricks, under the
 * paths that DataHub's connectors list them.
 *
 * A column of structs is listed with its members, each under its Avro type:
 *
 *	[version=2.0].[type=struct].[type=struct].COLUMN.[type=long].member
 *
 * The types are those that the loaders make of a JSON Schema (schema-ddl,
 * parquet/Suggestion.scala and bigquery/Suggestion.scala; the warehouse's type
 * then goes through DataHub's hive_schema_to_avro).  Where that cannot be told
 * from the schema alone (a $ref, alternatives, a number with multipleOf) a
 * field has no path here.
 */
#ifndef DATAHUB_INNER_H
#define DATAHUB_INNER_H

#include "datahub/column_names.h"
#include "datahub/fields.h"

bool inner_is_listed(enum warehouse);

/*
 * The path of each field under ${column}, encoded for a URN, in a list of
 * ${f}->n that is the pool's; .s NULL where there is none.  ${body} is the
 * schema.
 */
struct span *inner_paths(struct pool *, enum warehouse, struct span column,
			 const struct dom *body, const struct fields *f);

#endif
