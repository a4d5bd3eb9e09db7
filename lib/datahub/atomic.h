/*
 * atomic -- the fields of an event before it is enriched.
 */
#ifndef DATAHUB_ATOMIC_H
#define DATAHUB_ATOMIC_H

#include "datahub/fields.h"

/* ${*n} fields, in DataHub's order; they live in the pool. */
const struct field *atomic_fields(struct pool *, enum field_paths, size_t *n);

#endif
