/*
 * previous -- an earlier output of build-lineage, for --changed-since and
 * --stale.
 *
 * Read from any of its forms: lines, the array, bodies for the REST endpoint.
 * Kept of it are a hash of each aspect (XXH3-128 of its text without white
 * space; 40 bytes an aspect) and the URNs of datasets, flows, jobs and
 * containers with their last status.
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

/* An entity that was there: it had a status. */
struct previous_entity {
	struct span urn;
	const char *type;	/* "dataset", "dataFlow", "dataJob", "container" */
	bool removed;		/* by its last status */
	uint64_t order;
	/* Of a container; .s NULL where not said. */
	struct span org, env, instance, scope;
};

/* By the bytes of the URN; the list is the previous'. */
const struct previous_entity *previous_entities(const struct previous *,
						size_t *n);

#endif
