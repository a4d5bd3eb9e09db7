/*
 * columns_in -- what columns.c and columns_patch.c share.
 */
#ifndef DATAHUB_COLUMNS_IN_H
#define DATAHUB_COLUMNS_IN_H

#include "datahub/columns.h"
#include "datahub/edges.h"
#include "datahub/recovered.h"

/* A run's tables with names for columns; others are left out. */
struct tables {
	struct edge_table *items;	/* the pool's */
	size_t n;
};

struct tables tables_read(struct lineage *, struct pool *,
			  const struct span *tables, size_t n);

/* Without a version a schema's columns have no names. */
static inline bool has_columns(const struct schema_set *s)
{
	return s->fields.n && s->version.len;
}

/*
 * Where edges go: into groups of the loader's job, or into operations of a
 * patch of one table.
 */
struct sink {
	void (*group)(struct sink *, const struct edge_source *,
		      const struct edge_list *to);
	struct edges edges;
	struct buf *patch;
};

/* All edges of a schema, to all tables; findings of recovered.h are told. */
void schema_edges(struct lineage *, struct pool *, const struct tables *,
		  const struct schema_set *, struct sink *);

/* The atomic event's fields: columns of the same names. */
void atomic_edges(struct lineage *, struct pool *, const struct tables *,
		  struct sink *);

/*
 * Each column of the table ${urn} of the schema's own, from the fields that fill
 * it; those that ${has} says, or all.
 */
void into_table(struct pool *, const struct edge_table *,
		const struct schema_set *, struct span urn, const bool *has,
		struct sink *);

#endif
