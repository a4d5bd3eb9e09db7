/*
 * previous -- an earlier output of build-lineage, for --changed-since and
 * --stale.
 *
 * Read from any of its forms: lines, the array, bodies for the REST endpoint.
 * Kept of it are a hash of each aspect (XXH3-128 of its text without white
 * space) and the URNs of datasets, flows, jobs and containers that are there
 * (their last status is not removed), in memory of some 40 bytes an aspect and
 * the URNs.
 */
#ifndef DATAHUB_PREVIOUS_H
#define DATAHUB_PREVIOUS_H

#include <stdbool.h>
#include <stdint.h>
#include "json/value.h"

struct previous;

/* Reads the file ${path}; NULL after a message. */
struct previous *previous_read(const char *path);
void previous_free(struct previous *);

/* Proposals read. */
uint64_t previous_count(const struct previous *);

/* Is this aspect there, with this very text? */
bool previous_same(const struct previous *, struct span urn,
		   const char *aspect, bool patch, struct span body);

/* An entity that was there. */
struct previous_entity {
	struct span urn;
	const char *type;	/* static: dataset, dataFlow, dataJob, container */
	struct span org;	/* containers: organization_id, if it was said */
	bool was_removed;
	bool parent;		/* has a container aspect */
	bool ours;		/* a status, or an UPSERT of properties, was there */
};

/* By type and URN; the list is the previous'. */
const struct previous_entity *previous_entities(const struct previous *,
						size_t *n);

/* Text of the filters that were in force (see stale.h); .s NULL: not said. */
struct span previous_scope(const struct previous *);

#endif
