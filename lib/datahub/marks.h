/*
 * marks -- what is said about a field: who added it, when, in which version,
 * what class of data it is.
 *
 * Versions (--field-versions): the versions that were deployed to the
 * environment that is described, in the order of their numbers; a field was
 * added in the first whose body has it, nested ones too.  Where the body just
 * before is missing, what is new is not attributed: it may have come with the
 * missing one.  Without that option every field has the version described.
 */
#ifndef DATAHUB_MARKS_H
#define DATAHUB_MARKS_H

#include "datahub/lineage.h"
#include "datahub/tags.h"

enum data_class { CLASS_INTERNAL, CLASS_SENSITIVE, CLASS_PII };

struct mark {
	struct span version, author, time;	/* .s NULL: not known */
	bool pii, sensitive;
	bool initial;		/* added in 1-0-0: no tags of version, author */
	bool told;		/* --field-versions found the version */
};

/* Versions of all fields of ${x}, for schema_set.added. */
const struct span *marks_versions(struct lineage *, const struct schema_set *x);

/* Sets .latest and .nlatest of ${x}. */
void marks_deployments(struct lineage *, struct schema_set *x);

/* Are fields of ${x} marked at all? */
bool marks_apply(const struct lineage *, const struct schema_set *x);

struct mark mark_of(const struct lineage *, const struct schema_set *x,
		    size_t field);

/* The field's description with what marks add, unescaped, in ${b}; else the
 * description itself.  .s NULL: none. */
struct span mark_description(const struct lineage *, const struct schema_set *,
			     size_t field, struct buf *b);

/*
 * Appends "globalTags" of the field to an open schema field, if there are any,
 * and notes them in ${tags}.
 */
void mark_put_tags(const struct lineage *, const struct schema_set *,
		   size_t field, struct buf *b, struct tags *tags);

/* Do the settings and the field give structured properties? */
bool mark_has_properties(const struct lineage *, const struct schema_set *,
			 size_t field);

/* Writes structuredProperties of the field ${urn}. */
void mark_put_properties(const struct lineage *, const struct schema_set *,
			 size_t field, struct span urn);

#endif
