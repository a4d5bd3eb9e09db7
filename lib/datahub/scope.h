/*
 * scope -- what was left out of a run on purpose, as one text.
 *
 * Filters of the stages before (the end line) and of this run.  It stands in
 * the organisation's container, so that a later run with --stale can see
 * whether what is gone is gone, or only filtered.
 */
#ifndef DATAHUB_SCOPE_H
#define DATAHUB_SCOPE_H

#include "datahub/org.h"
#include "datahub/settings.h"

#define SCOPE_PROPERTY "filters"

/* Appends it; nothing where there are no filters. */
void scope_write(struct buf *, const struct settings *, const struct org *);

#endif
