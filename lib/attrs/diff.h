/*
 * diff -- what changed between two scans (diff-attrs(1)).
 *
 * One drift a change: where a new attribute, type or map explains what else is
 * different below it, only that is told.  In the order of attribute lines of
 * both scans together.
 */
#ifndef ATTRS_DIFF_H
#define ATTRS_DIFF_H

#include "attrs/render_facts.h"
#include "attrs/scan.h"
#include "attrs/schema_ver.h"
#include "base/opts.h"

enum drift_class { DRIFT_PATCH, DRIFT_ADDITIVE, DRIFT_BREAKING, DRIFT_CLASSES };
extern const char *const drift_class_names[DRIFT_CLASSES];

/* X(identifier, name) */
#define DRIFT_CHANGES(X) \
	X(ADDED, "attribute_added") \
	X(REMOVED, "attribute_removed") \
	X(MAP_FOLDED, "map_folded") \
	X(MAP_UNFOLDED, "map_unfolded") \
	X(VERSION_ADDED, "version_added") \
	X(VERSION_LOST, "version_lost") \
	X(ARRAYS_APPEARED, "arrays_appeared") \
	X(ARRAYS_GONE, "arrays_gone") \
	X(REQUIRED_LOST, "required_to_optional") \
	X(REQUIRED_GAINED, "optional_to_required") \
	X(PRESENCE, "presence") \
	X(NULLS_APPEARED, "nulls_appeared") \
	X(NULLS_GONE, "nulls_gone") \
	X(NULL_RATE, "null_rate") \
	X(FORMAT_LOST, "format_lost") \
	X(FORMAT_GAINED, "format_gained") \
	X(LENGTH, "length") \
	X(RANGE, "range") \
	X(PRECISION, "precision") \
	X(ITEMS, "items")

enum drift_change {
#define X(id, name) DRIFT_##id,
	DRIFT_CHANGES(X)
#undef X
	DRIFT_COUNT
};
extern const char *const drift_names[DRIFT_COUNT];

#define NO_VERSION VERSIONS

struct drift {
	enum drift_change change;
	enum drift_class class;
	enum schema_bump bump;		/* of an Iglu schema of the scan */
	enum version version;		/* NO_VERSION: of the attribute */
	const struct tree *tree;	/* of both scans; ${node} is in it */
	uint32_t node;
	const char *old, *now;		/* figures, as JSON: "null" or {...} */
	const struct first *first;	/* of the new thing, or NULL */
	const struct tree *first_in;	/* the tree of ${first} */
};

struct diff_opts {
	uint64_t threshold;	/* of presence and null rate, in millionths */
	bool partial;		/* what is not in the new scan is not gone */
};

/* Calls ${found} for every drift; what it is given lives for the call only. */
void diff_scans(const struct scan *old, const struct scan *now,
		const struct diff_opts *,
		void (*found)(void *arg, const struct drift *), void *arg);

#endif
