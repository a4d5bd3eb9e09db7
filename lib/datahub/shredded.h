/*
 * shredded -- columns of the tables that Redshift's and Postgres' loaders make,
 * one table a schema.
 *
 * Members of objects become columns of their own, their names joined by dots
 * and in snake case ("customer.first_name"); an array, an object without
 * properties and a union (several types, "null" apart) is one column of JSON
 * text, which all fields below go into.  Source: schema-ddl, FlatSchema and
 * ShredModelEntry.
 */
#ifndef DATAHUB_SHREDDED_H
#define DATAHUB_SHREDDED_H

#include "datahub/column_names.h"
#include "datahub/fields.h"

/*
 * The column of each field, encoded for a URN, in a list of ${f}->n that is
 * the pool's; .s NULL for an object that is spread over columns.
 */
struct span *shredded_columns(struct pool *, enum warehouse,
			      const struct fields *f);

#endif
