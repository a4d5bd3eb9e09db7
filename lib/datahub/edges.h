/*
 * edges -- fine-grained lineage on its way into an aspect: warehouse tables,
 * fields of datasets, and groups of edges.
 *
 * A group (an FGL) says that every one of its upstreams takes part in every
 * one of its downstreams.  Both are sorted by bytes, each once; the groups of
 * an aspect are sorted by their text, each once.
 */
#ifndef DATAHUB_EDGES_H
#define DATAHUB_EDGES_H

#include "datahub/column_names.h"
#include "datahub/lineage.h"

/* A warehouse's events table, by its URN. */
struct edge_table {
	struct span urn;
	size_t name;			/* where its last name begins in .urn */
	size_t after;			/* and where it ends */
	enum warehouse warehouse;
	enum snake snake;
};

/* Takes ${urn} apart; an unknown platform is WAREHOUSE_NONE. */
void edge_table(struct edge_table *, const struct settings *, struct span urn);

/* The platform of a destination of this type, as DataHub calls it. */
void edge_platform(struct buf *, struct span destination_type);

/* The URN of the table beside it that ${schema} is loaded into. */
struct span edge_schema_table(struct pool *, const struct edge_table *,
			      const struct schema_name *schema);

/* Names of a schema for column_names.h; texts go into the pool. */
void edge_schema_name(struct schema_name *, struct pool *,
		      const struct schema_set *);

/* A schemaField URN, ${path} already encoded. */
struct span edge_field(struct pool *, struct span dataset, struct span path);

/* ${path} encoded for a URN. */
struct span edge_path(struct pool *, struct span path);

/* The same of a column as DataHub's connector of the warehouse lists it. */
struct span edge_column(struct pool *, const struct edge_table *,
			const struct schema_name *);

/* A growing list of texts. */
struct edge_list {
	struct span *items;
	size_t n, cap;
};

void edge_list_add(struct edge_list *, struct span text);
void edge_list_sort(struct edge_list *);	/* by bytes, each once */
void edge_list_release(struct edge_list *);

/* Fields of one dataset: URN and encoded paths, which are sorted. */
struct edge_source {
	struct span urn;
	const struct span *paths;
	size_t npaths;
};

/* Groups, one after the other in ${text}. */
struct edges {
	struct buf text;
	size_t *ends;			/* of each */
	size_t n, cap;
};

/*
 * One group.  ${sources} are sorted by URN and have fields; none of them is
 * NONE for upstreamType.  ${operation} may be NULL.
 */
void edges_add(struct edges *, const struct edge_source *sources,
	       size_t nsources, const struct edge_list *downstreams,
	       const char *operation);

/*
 * Appends the member fineGrainedLineages; nothing for no groups.  The groups
 * are gone then: only edges_release() may follow.
 */
void edges_put(struct edges *, struct buf *aspect, bool sorted);
void edges_release(struct edges *);

#endif
