/*
 * guard -- aspects cut by the rules of DataHub's guard
 * (EnsureAspectSizeProcessor, acryl-datahub 1.7), without its counting gaps:
 * where it adds up items, this measures the aspect.
 *
 *	schemaMetadata		98.5 % of the limit.  First the raw text of
 *				platformSchema goes, then fields: those nested
 *				least stay, in that order, up to the first that
 *				does not fit.
 *	datasetProfile		sampleValues of the fields, from the first that
 *				does not fit.
 *	querySubjects		datasets before fields, up to the first that
 *				does not fit.
 *	queryProperties		5 MiB at most: the statement is cut; where that
 *				is not enough, name and description go.
 *	viewProperties		formattedViewLogic is cut, then viewLogic.
 *	semanticModelInfo	nativeDefinition is cut.
 *
 * upstreamLineage is cap_plan's; all other aspects can only be too long.
 */
#ifndef DATAHUB_GUARD_H
#define DATAHUB_GUARD_H

#include "datahub/cap_cut.h"

#define GUARD_QUERY_BYTES (5U << 20)

/* int(0.985 * limit), exactly. */
static inline uint64_t guard_schema_limit(uint64_t limit)
{
	return limit / 1000 * 985 + limit % 1000 * 985 / 1000;
}

/*
 * ${o}->before.bytes is the aspect's size.  Where it is over its limit (0:
 * none), ${body} gets what it becomes, or ${o}->action is CAP_TOO_LONG.
 */
void guard_cut(const struct mcp *m, uint64_t limit, struct buf *body,
	       struct outcome *o);

#endif
