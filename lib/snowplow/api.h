/*
 * api -- where things are: paths of the Console's API, of an Iglu server and
 * of Iglu Central.
 *
 * From DataHub's connector, snowplow-cli and the API's Swagger pages; Iglu from
 * iglu-server's source.
 */
#ifndef SNOWPLOW_API_H
#define SNOWPLOW_API_H

#include "base/buf.h"
#include "json/value.h"

/* Where schemas that the Console has not are looked for last. */
#define IGLU_CENTRAL "https://iglucentral.com"

/*
 * Appends ${base} and then ${path}, in which each %s is replaced by the next
 * of ${parts} (ending with NULL), percent-encoded as one path segment.
 */
void api_url(struct buf *, const char *base, const char *path,
	     const char *const *parts);

/* ${url} without slashes and "/api" at its end, as a new string. */
char *api_iglu_base(const char *url);

/* A schema's name: what stands behind "iglu:". */
struct schema_ref {
	struct span vendor, name, format, version;
};

/* Takes "iglu:v/n/f/1-0-0" or without "iglu:" apart; false where it is none. */
bool schema_ref_parse(struct schema_ref *, const char *text, size_t len);

/* "v/n/f/1-0-0" */
void schema_ref_key(struct buf *, const struct schema_ref *);

/*
 * Orders versions as SchemaVer does, number by number; such as are none come
 * last, by bytes.
 */
int version_order(struct span a, struct span b);

#endif
