/*
 * when -- ISO 8601 times, compared.
 */
#ifndef DATAHUB_WHEN_H
#define DATAHUB_WHEN_H

#include "datahub/org.h"

struct when {
	int64_t seconds;	/* since 1970, UTC */
	uint32_t nanos;
	bool valid;
};

/*
 * "2024-01-15", "2024-01-15T10:00:00Z", with up to nine decimals and an offset
 * like +01:00; "T" may be a space, without Z or offset it is UTC.
 */
struct when when_read(struct span);

/* By time; those that are not valid come first. */
int when_compare(struct when, struct when);

/*
 * The order in which deployments count: by time (those without one first), at
 * the same time DEV before PROD, then as they stand.  Sorts ${index} (n
 * numbers 0 .. n-1).
 */
void when_sort(const struct org_deployment *, size_t n, size_t *index);

#endif
