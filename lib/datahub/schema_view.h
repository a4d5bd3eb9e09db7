/*
 * schema_view -- one JSON Schema with all that is combined in it put together.
 *
 * "allOf" is merged, the alternatives of "oneOf" and "anyOf" are joined, a
 * local "$ref" is followed.  A view is what fields.c makes fields of.
 */
#ifndef DATAHUB_SCHEMA_VIEW_H
#define DATAHUB_SCHEMA_VIEW_H

#include <stdbool.h>
#include "base/pool.h"
#include "json/dom.h"

/* Targets of references on the way from the root to here. */
struct schema_trail {
	const struct dom *node;
	const struct schema_trail *up;
};

struct schema_property {
	struct span name;
	const struct dom *schema;
	const struct schema_trail *trail;
	bool alternative;	/* stands in an alternative only */
	bool required;
};

#define VIEW_TYPES 7		/* there are no more in JSON Schema */

struct schema_view {
	struct pool *pool;
	const struct dom *root;
	struct schema_property *properties;
	size_t n, cap;
	struct span *required;
	size_t nrequired, required_cap;
	struct span types[VIEW_TYPES];	/* but "null", each once */
	size_t ntypes;
	struct schema_items {
		const struct dom *schema;
		const struct schema_trail *trail;
		bool tuple;
	} *items;
	size_t nitems, items_cap;
	struct span description, format;
	bool nullable;		/* "null" is among the types */
	bool enumerated;
	bool recursive;		/* a reference leads back into itself */
	struct span remote;	/* a $ref elsewhere; .s NULL: none */
};

/*
 * Looks at ${schema}, reached by ${trail}.  ${root} is the whole document.
 * Texts and trails live in the pool; lists are released by
 * schema_view_release().
 */
void schema_view_make(struct schema_view *, struct pool *,
		      const struct dom *root, const struct dom *schema,
		      const struct schema_trail *);
void schema_view_release(struct schema_view *);

/* Is this type among them? */
bool schema_view_has(const struct schema_view *, const char *type);

/*
 * The first type that ${schema} itself says and that is not "null"; .s NULL
 * where it says none.
 */
struct span schema_first_type(struct pool *, const struct dom *schema);

#endif
