/*
 * diff_bump -- the SchemaVer that a change asks for: what schema_compare() says
 * of the Iglu schemas of both scans, told of one change.
 *
 * Both follow the same table (schema_ver.h); a test compares the greatest of
 * all changes with what render-attrs --to=iglu --previous raises.
 */
#include "json/num.h"
#include "attrs/diff_in.h"
#include "attrs/render_schema.h"

/* Of two limits, of which the greater (or smaller) allows more. */
static enum schema_bump wider(bool wider, bool narrower)
{
	return narrower ? BUMP_REVISION : wider ? BUMP_ADDITION : BUMP_NONE;
}

static enum schema_bump of_sizes(uint64_t min_a, uint64_t max_a,
				 uint64_t min_b, uint64_t max_b)
{
	return wider(max_b > max_a || min_b < min_a,
		     max_b < max_a || min_b > min_a);
}

/* The smaller (want -1) or greater (1) of the extremes of ints and floats. */
static const char *extreme_of(const struct facts *f, int want, char small[24],
			      size_t *len)
{
	char other[24];
	size_t lb;
	const char *a = extreme_string(want < 0 ? &f->i->min : &f->i->max,
				       small, len);
	const char *b = extreme_string(want < 0 ? &f->f->min : &f->f->max,
				       other, &lb);

	if (!b || (a && num_compare(b, lb, a, *len) != want))
		return a;
	*len = lb;
	return b == other ? memcpy(small, other, lb) : b;
}

static int compare_extremes(const struct facts *old, const struct facts *now,
			    int want)
{
	char sa[24], sb[24];
	size_t la, lb;
	const char *a = extreme_of(old, want, sa, &la);
	const char *b = extreme_of(now, want, sb, &lb);

	return a && b ? num_compare(b, lb, a, la) : 0;
}

static enum schema_bump of_numbers(const struct facts *old,
				   const struct facts *now)
{
	int low = compare_extremes(old, now, -1);
	int high = compare_extremes(old, now, 1);

	return wider(low < 0 || high > 0, low > 0 || high < 0);
}

enum {
	ARRAYS = 1u << VERSION_ARRAY_PRIMITIVE | 1u << VERSION_ARRAY_OBJECT |
		 1u << VERSION_ARRAY_ARRAY,
	NUMBERS = 1u << VERSION_INT | 1u << VERSION_FLOAT
};

/* As a schema calls them: ints among floats are numbers, arrays are one. */
static unsigned types_of(const struct facts *f)
{
	unsigned types = f->active & ~(unsigned)ARRAYS;

	if (facts_has(f, VERSION_FLOAT))
		types &= ~(1u << VERSION_INT);
	return types | (f->box->arrays ? ARRAYS : 0);
}

static enum schema_bump of_version(const struct facts *old,
				   const struct facts *now, enum version v)
{
	if (types_of(old) != types_of(now))
		return BUMP_MODEL;
	if (NUMBERS & 1u << v)
		return of_numbers(old, now);
	if (!(ARRAYS & 1u << v))
		return BUMP_NONE;
	/* the first items, or no more of them; else those of another type */
	if (!(old->active & ARRAYS))
		return BUMP_REVISION;
	return now->active & ARRAYS ? BUMP_MODEL : BUMP_ADDITION;
}

static enum schema_bump of_format(const struct facts *old,
				  const struct facts *now)
{
	const char *a = schema_format(old), *b = schema_format(now);

	return a == b ? BUMP_NONE : b ? BUMP_REVISION : BUMP_ADDITION;
}

/* An attribute that one of the scans has; ${schema} is what its schema does. */
static enum schema_bump of_whole(const struct facts *f, enum schema_bump schema)
{
	switch (f->attr->kind) {
	case STEP_KEY:
		return facts_required(f) ? BUMP_MODEL : BUMP_ADDITION;
	case STEP_ITEM:
	case STEP_MAP:
		return schema;
	case STEP_NULL:		/* no part of such a schema */
		break;
	}
	return BUMP_NONE;
}

enum schema_bump drift_bump(const struct drift *d, const struct facts *old,
			    const struct facts *now)
{
	switch (d->change) {
	case DRIFT_ADDED:
		return of_whole(now, BUMP_REVISION);
	case DRIFT_REMOVED:
		return of_whole(old, BUMP_ADDITION);
	case DRIFT_MAP_FOLDED:
	case DRIFT_MAP_UNFOLDED:
	case DRIFT_REQUIRED_LOST:
	case DRIFT_REQUIRED_GAINED:
	case DRIFT_ARRAYS_APPEARED:
	case DRIFT_ARRAYS_GONE:
		return BUMP_MODEL;
	case DRIFT_VERSION_ADDED:
	case DRIFT_VERSION_LOST:
		return of_version(old, now, d->version);
	case DRIFT_NULLS_APPEARED:
	case DRIFT_NULLS_GONE:
		return facts_required(now) ? BUMP_MODEL : BUMP_ADDITION;
	case DRIFT_FORMAT_LOST:
	case DRIFT_FORMAT_GAINED:
		return of_format(old, now);
	case DRIFT_LENGTH:
		return of_sizes(old->str->chars_min, old->str->chars_max,
				now->str->chars_min, now->str->chars_max);
	case DRIFT_RANGE:
	case DRIFT_PRECISION:
		return of_numbers(old, now);
	case DRIFT_ITEMS:
		return of_sizes(old->box->items_min, old->box->items_max,
				now->box->items_min, now->box->items_max);
	case DRIFT_PRESENCE:	/* no schema says these */
	case DRIFT_NULL_RATE:
	case DRIFT_COUNT:
		break;
	}
	return BUMP_NONE;
}
