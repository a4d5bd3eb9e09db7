/*
 * wanted -- which versions of schemas are still to be fetched.
 *
 * It is shown the lines of data structures, of event specifications and of the
 * latest bodies; then it says which versions are deployed or named and are not
 * among those bodies, in the order of structs(5).
 *
 * Memory: some 300 bytes a data structure.  One thread.
 */
#ifndef SNOWPLOW_WANTED_H
#define SNOWPLOW_WANTED_H

#include "snowplow/names.h"

struct wanted {
	struct nameset structures;	/* "vendor/name/format" */
	struct nameset deployed, named;	/* "vendor/name/format/version" */
	struct nameset have;
	struct span *hashes;		/* of structures */
	struct span *contents;		/* of deployed: contentHash or NULL */
	size_t hashes_cap, contents_cap;
	struct pool pool;
};

/* A version to fetch; the texts are owned by the wanted. */
struct want {
	struct span key;	/* "vendor/name/format/version" */
	struct span hash;	/* of the data structure; .s NULL: not there */
	struct span content_hash;	/* .s NULL: not known */
};

/* {0} begins. */
void wanted_release(struct wanted *);

/* Lines of structs(5), valid JSON. */
void wanted_data_structure(struct wanted *, struct span line);
void wanted_event_spec(struct wanted *, struct span line);

/* This body is there; false: it was already. */
bool wanted_have(struct wanted *, struct span schema_line);

/* The ${*n} versions to fetch; the caller frees the array. */
struct want *wanted_missing(struct wanted *, size_t *n);

#endif
