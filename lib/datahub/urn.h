/*
 * urn -- DataHub's names for things.
 *
 * As DataHub's own builders make them (datahub.emitter.mce_builder,
 * mcp_builder): commas, parentheses and U+241F inside a part of a URN are
 * percent-encoded, nothing else.  A platform instance goes before the name,
 * with a dot.  All calls append to the buffer; they cannot fail; any thread.
 */
#ifndef DATAHUB_URN_H
#define DATAHUB_URN_H

#include "base/buf.h"
#include "datahub/settings.h"
#include "json/value.h"

#define URN_PLATFORM "urn:li:dataPlatform:snowplow"

static inline struct span span_of(const char *s)
{
	return (struct span){s, strlen(s)};
}

static inline bool span_is(struct span a, const char *s)
{
	return a.s && a.len == strlen(s) && !memcmp(a.s, s, a.len);
}

/* Order by bytes; the shorter one first. */
int span_compare(struct span a, struct span b);

/* ${text} with the four reserved characters encoded. */
void urn_encode(struct buf *, struct span text);

/* Order of two texts by the bytes of what urn_encode() makes of them. */
int urn_compare(struct span a, struct span b);

/* Any dataset; ${instance} may be empty. */
void urn_dataset(struct buf *, struct span platform, struct span instance,
		 struct span name, struct span env);

/* Datasets of Snowplow itself. */
void urn_schema(struct buf *, const struct settings *, struct span vendor,
		struct span name, struct span version);
void urn_spec(struct buf *, const struct settings *, struct span id);
void urn_atomic(struct buf *, const struct settings *);

/* ${path} as schemaMetadata has it. */
void urn_field(struct buf *, struct span dataset_urn, struct span path);

void urn_flow(struct buf *, const struct settings *, struct span pipeline_id);
void urn_job(struct buf *, struct span flow_urn, struct span job_id);

/*
 * Container: of the organisation (${key} NULL), or of a "vendor" or "plan_id"
 * ${value} in it.  The guid is the MD5 of its key as Python's json.dumps
 * writes it.
 */
void urn_container(struct buf *, const struct settings *, struct span org_id,
		   const char *key, struct span value);

void urn_tag(struct buf *, struct span name);
void urn_user(struct buf *, struct span name);
void urn_instance(struct buf *, const struct settings *);

#endif
