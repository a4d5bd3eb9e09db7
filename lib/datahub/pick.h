/*
 * pick -- which data structures are described, and which version of each.
 *
 * The version is that of the latest deployment to production, else of the
 * latest to any environment; with a deployment environment asked for, of the
 * latest to that one.
 */
#ifndef DATAHUB_PICK_H
#define DATAHUB_PICK_H

#include "datahub/lineage.h"

/*
 * Do the filters let it through?  What was never deployed passes
 * --deployment-environment, as a draft.
 */
bool pick_structure(const struct settings *, const struct org_structure *);

/*
 * The deployment whose version is described; NULL where none was said.
 * ${*list} and ${*n}: the deployments it is one of.
 */
const struct org_deployment *pick_deployment(const struct settings *,
		const struct org_structure *);

/* Body of ${version}: of the registries, or what the object itself has. */
struct span pick_body(const struct org *, const struct org_structure *,
		      struct span version, const struct org_schema **from);

/* Is the vendor one of Snowplow's own? */
bool pick_is_standard(struct span vendor);

/* Names with "context" in them are entities, where nobody says what it is. */
bool pick_name_is_entity(struct span name);

#endif
