/*
 * emit_in -- between the files that write the sections (emit.h).
 */
#ifndef DATAHUB_EMIT_IN_H
#define DATAHUB_EMIT_IN_H

#include "datahub/emit.h"
#include "datahub/lineage_in.h"
#include "datahub/marks.h"

struct emit {
	struct lineage *l;
	struct mcp *m;
	const struct settings *s;
	struct tags tags;		/* referred to so far */
	struct emit_counts *counts;
	struct span *vendors;		/* all parts: com, com.acme; by bytes */
	size_t nvendors;
	/* Of each organisation's destination its events table; .s NULL: none */
	struct span *tables;
};

/* Sections. */
void emit_definitions(struct emit *);
void emit_organization(struct emit *);
void emit_vendors(struct emit *);
void emit_atomic(struct emit *);
void emit_plans(struct emit *);
void emit_schemas(struct emit *, bool standard);
void emit_specs(struct emit *);
void emit_spec_fields(struct emit *);
void emit_plan_links(struct emit *);
void emit_pipelines(struct emit *);
void emit_jobs(struct emit *);
void emit_models(struct emit *);
void emit_tail(struct emit *);

/* Aspects that several kinds have. */
void emit_container_of(struct emit *, const char *entity, struct span urn,
		       struct span container);
void emit_platform_instance(struct emit *, const char *entity,
			    struct span urn);
void emit_subtype(struct emit *, const char *entity, struct span urn,
		  const char *name);

/* browsePathsV2: the instance, then the ${n} containers of ${path}. */
void emit_browse_path(struct emit *, const char *entity, struct span urn,
		      const struct span *path, size_t n);

/* URNs of containers of a vendor, from the organisation down; how many. */
#define VENDOR_PARTS 64
size_t emit_vendor_path(struct emit *, struct span vendor,
			struct span path[VENDOR_PARTS]);

/* An owner's "source" is ${url}, or a service where it is NULL. */
struct owner {
	struct span urn;
	const char *type;
	const char *source;
	struct span url;
};
void emit_ownership(struct emit *, const char *entity, struct span urn,
		    const struct owner *, size_t n);

/* globalTags; with --patch=tags as a PATCH. */
void emit_tags(struct emit *, const char *entity, struct span urn,
	       const struct tags *);

/* upstreamLineage's entry of a dataset; one of fineGrainedLineages. */
void put_upstream(struct buf *, struct span dataset);
void put_edge(struct buf *, struct span from_dataset, struct span from_path,
	      struct span to_dataset, struct span to_path);

/* Members "schemaName" to "platformSchema", then "fields":[ left open. */
void put_schema_head(struct buf *, struct span name);
void put_field(struct emit *, struct buf *, const struct field *,
	       const struct schema_set *, size_t index);

/* The merged fields of an event spec. */
struct spec_field {
	const struct field *field;
	const struct schema_set *schema;	/* NULL: the atomic event */
	size_t index;
};
struct spec_fields {
	struct spec_field *items;
	size_t n, cap;
	uint32_t *table;
	size_t table_size;
};
void spec_fields_make(const struct emit *, const struct spec_set *,
		      struct spec_fields *);
void spec_fields_release(struct spec_fields *);

/* Indexes 0 .. n-1 of fields in the order of their paths in URNs. */
void order_by_path(const struct field *, size_t n, size_t *index);

/* Names and values of customProperties, in order; the last value counts. */
struct props {
	struct prop {
		struct span name, value;
	} *items;
	size_t n, cap;
	struct pool pool;
};
void props_set(struct props *, struct span name, struct span value);
void props_text(struct props *, const char *name, struct span value);
/* As props_text(), but nothing for an empty text. */
void props_text_if(struct props *, const char *name, struct span value);
void props_count(struct props *, const char *name, uint64_t value);
void props_joined(struct props *, const char *name, const struct span *texts,
		  size_t n);
void props_put(struct buf *, const struct props *);
void props_release(struct props *);

#endif
