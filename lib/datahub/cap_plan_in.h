/*
 * cap_plan_in -- what the files of cap_plan share among themselves.
 */
#ifndef DATAHUB_CAP_PLAN_IN_H
#define DATAHUB_CAP_PLAN_IN_H

#include "datahub/cap_lineage.h"

/*
 * DataHub's own order, of what is marked to be kept: inputs as they are
 * written, outputs, then groups (of an upstreamLineage those of type DATASET
 * before FIELD_SET before NONE).  The first group that is over one of the
 * limits, and the first of anything that is too long, ends it: it and all
 * behind it go.
 */
void plan_in_order(struct links *l, const struct cap_limits *);

/*
 * No dataset's field edges fit as a whole: of those of ${dataset}, keeps the
 * groups from the start that do, the last one with as many upstreams as do.
 * ${datasets}: edges of datasets that are kept.
 */
void plan_first_edges(struct links *l, const struct cap_limits *,
		      uint32_t dataset, uint64_t datasets);

#endif
