/*
 * emit -- writes all proposals of a run, in the order of the sections:
 * definitions of properties, the organisation's container, containers of
 * vendors, the atomic event, tracking plans, schemas, event specifications,
 * standard schemas, fields and lineage of event specifications, pipelines,
 * enrichments, collectors, loaders, warehouse tables, and what DataHub's
 * framework adds at the end of a run.  Inside a section by the bytes of the
 * URN.
 */
#ifndef DATAHUB_EMIT_H
#define DATAHUB_EMIT_H

#include "datahub/lineage.h"
#include "datahub/tags.h"

struct emit_counts {
	uint64_t containers, schemas, specs, pipelines, enrichments, loaders;
};

/* Stops early once a write has failed (mcp.failed). */
void emit_all(struct lineage *, struct emit_counts *);

#endif
