/*
 * org_in -- between org.c (lines) and org_kinds.c (what is in them).
 *
 * The texts of ${d} stay; its nodes only for the kinds that keep them.
 */
#ifndef DATAHUB_ORG_IN_H
#define DATAHUB_ORG_IN_H

#include <stdlib.h>
#include "datahub/org.h"

struct span org_text(struct org *, const struct dom *, const char *path);
int org_iglu_compare(const struct iglu *, const struct iglu *);

#define ORG_KIND(name) \
	void org_add_##name(struct org *, const struct dom *d, \
			    const struct place *);
ORG_KIND(organization)
ORG_KIND(structure)
ORG_KIND(schema)
ORG_KIND(spec)
ORG_KIND(plan)
ORG_KIND(model)
ORG_KIND(pipeline)
ORG_KIND(enrichment)
ORG_KIND(destination)
ORG_KIND(user)
ORG_KIND(end)
#undef ORG_KIND

#endif
