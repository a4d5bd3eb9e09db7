/*
 * stale -- status "removed" for what an earlier output had and this one has
 * not.
 *
 * Only datasets, flows, jobs and containers of the same organisation, platform
 * instance and environment.  Nothing is removed, and a finding says why, when
 * the input has no end line that says it is complete, when the earlier output
 * is another organisation's, when other filters were in force, or when more
 * than a share of what was there would go.
 */
#ifndef DATAHUB_STALE_H
#define DATAHUB_STALE_H

#include "datahub/lineage.h"
#include "datahub/previous.h"

/* How many were removed.  ${max_percent} of what was there at most. */
uint64_t stale_remove(struct lineage *, const struct previous *,
		      uint64_t max_percent);

#endif
