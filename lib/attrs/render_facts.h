/*
 * render_facts -- what is known about one attribute, as plain fields.
 *
 * A view of the tree's statistics for those who show them: nothing is copied
 * but counts, and the pointers are never NULL (an attribute without numbers has
 * number statistics that are all 0).  Valid until the tree changes.  Cannot
 * fail; any thread.
 */
#ifndef ATTRS_RENDER_FACTS_H
#define ATTRS_RENDER_FACTS_H

#include "attrs/tree.h"
#include "attrs/version.h"
#include "base/buf.h"

struct facts {
	const struct attr *attr;
	const struct str_stat *str;
	const struct int_stat *i;
	const struct float_stat *f;
	const struct box_stat *box;
	uint64_t count, nulls, bytes;
	uint64_t embedded;		/* strings that are decoded */
	uint64_t counts[VERSIONS];
	unsigned active;		/* a bit for each version */
	unsigned versions;		/* how many are active */
	/*
	 * Presence: in ${present} of ${objects} objects.  Both are ${count} for
	 * what is no key.
	 */
	uint64_t present, objects;
};

void facts_read(struct facts *, const struct tree *, uint32_t node);

/* A key of all its objects; also the record, items, map values: true. */
static inline bool facts_required(const struct facts *f)
{
	return f->present >= f->objects;
}

static inline bool facts_polymorphic(const struct facts *f)
{
	return f->versions > 1;
}

static inline bool facts_has(const struct facts *f, enum version v)
{
	return f->active & 1u << v;
}

/* "str", "array_object" */
const char *version_name(enum version);

/* Appends the active versions, "str,int"; "null" or "[]" without any. */
void facts_add_types(struct buf *, const struct facts *);

/* floor(${part} * ${scale} / ${all}), exactly; 0 for ${all} 0. */
uint64_t share_of(uint64_t part, uint64_t all, uint64_t scale);

/*
 * Appends a share in percent: "100%", "0%", "37%", "99.9%", "<0.1%".  100 and 0
 * are shown only where they are exact.
 */
void share_add(struct buf *, uint64_t part, uint64_t all);

/*
 * The format that all strings but the empty ones have (the first one in the
 * order of attr(5)), or -1.  ${strict}: the empty ones too.
 */
int facts_format(const struct facts *, bool strict);

/* The most frequent format of strings or ints with its count, or -1. */
int facts_top_format(const struct facts *, uint64_t *count);

/* The text of an extreme, NULL when there is none.  ${small}: 24 bytes. */
const char *extreme_string(const struct extreme *, char *small, size_t *len);

/*
 * Digits before and behind the point that an exact column of VERSION_INT or
 * VERSION_FLOAT needs: those of the larger of |min| and |max|, one at least,
 * and the scale.  False where they are not known: no extremes (--private), or
 * numbers with an exponent.
 */
bool facts_decimal(const struct facts *, enum version, uint32_t *whole,
		   uint32_t *scale);

/* The version's first record, or NULL. */
const struct first *facts_first(const struct facts *, enum version);

#endif
