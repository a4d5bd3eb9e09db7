/*
 * lineage -- what a run builds from: the organisation, the settings, and what
 * was derived of both before anything is written.
 *
 * Made by lineage_prepare(): which schemas, event specs and pipelines are
 * described, under which URNs, with which fields, in the order of the output
 * (by the bytes of the URN).  Read only then.
 */
#ifndef DATAHUB_LINEAGE_H
#define DATAHUB_LINEAGE_H

#include "datahub/fields.h"
#include "datahub/findings.h"
#include "datahub/mcp.h"
#include "datahub/org.h"
#include "datahub/settings.h"
#include "datahub/urn.h"

/*
 * A schema dataset.  Data structures and the standard schemas that event specs
 * refer to, one for each URN.
 */
struct schema_set {
	struct span urn;
	struct span vendor, name, format;
	struct span version;		/* the one that is described */
	struct span body;		/* text of that version; .s NULL: none */
	bool entity;			/* else an event */
	bool standard;			/* from Iglu Central, by reference */
	const struct org_structure *structure;	/* NULL: there is none */
	const struct org_schema *schema;	/* NULL: there is none */
	struct fields fields;
	/*
	 * For each field the version it was added in, .s NULL where that is
	 * not known; NULL where versions are not told at all (marks.h).
	 */
	const struct span *added;
	/* Of each version the latest deployment, by the version's bytes. */
	const struct org_deployment **latest;
	size_t nlatest;
};

/* An event specification's dataset. */
struct spec_set {
	struct span urn;
	const struct org_spec *spec;
	const struct org_plan *plan;	/* its container, or NULL */
	/*
	 * Schemas it refers to, as in the API (eventSchemas, event.source,
	 * entities.tracked): URNs, and the dataset or NULL where we have none.
	 * Each once, but with --compat=upstream.
	 */
	struct span *schema_urns;
	const struct schema_set **schemas;
	size_t nschemas;
};

struct pipeline_set {
	struct span urn;
	const struct org_pipeline *pipeline;
};

struct recovered;

struct lineage {
	const struct settings *settings;
	const struct recovered *recovered;	/* --warehouse, or NULL */
	struct org *org;
	struct findings *findings;
	struct mcp *mcp;
	struct pool pool;
	struct span org_id;		/* .s NULL: no organisation known */
	struct span org_urn;		/* its container; .s NULL: none */
	struct span atomic_urn;
	const struct field *atomic;	/* its fields */
	size_t natomic;
	struct schema_set *schemas;	/* by URN */
	struct spec_set *specs;		/* by URN */
	struct pipeline_set *pipelines;	/* by URN */
	size_t nschemas, nspecs, npipelines;
	/*
	 * What enrichments and the loader read: the event specs; where there
	 * are none, the schemas of events.  By URN.
	 */
	struct span *inputs;
	size_t ninputs;
	bool inputs_are_specs;
	struct span *pii;		/* fields the PII enrichments name */
	size_t npii;
};

void lineage_prepare(struct lineage *);
void lineage_release(struct lineage *);

/* The dataset of this URN, or NULL. */
const struct schema_set *lineage_schema(const struct lineage *,
					struct span urn);

/*
 * The datasets that have the atomic fields (page_url, ...) as inputs: with
 * event specs these, else the atomic event's own dataset.  The i-th of
 * lineage_carriers().
 */
size_t lineage_carriers(const struct lineage *);
struct span lineage_carrier(const struct lineage *, size_t i);

#endif
