/*
 * fields -- the fields of a JSON Schema, as DataHub lists them.
 *
 * Every field that DataHub's connector emits has the path it has there, byte
 * for byte; what that parser leaves out is added:
 *
 *	scalar at the top		name
 *	array or object at the top	[version=2.0].name
 *	in an object			PARENT.[type=record].name
 *	in an array's items		PARENT.[type=array].name, one
 *					.[type=array] for each level of arrays
 *
 * "type" is the first that is not "null".  Several of them make a union, its
 * native type "string|integer"; properties of the alternatives of oneOf and
 * anyOf and of the items of a tuple are joined, the first of a name counts, and
 * are nullable; allOf is merged; a local $ref is followed, one that leads back
 * into itself ends in a leaf that says recursive; a remote one is a string.
 * With FIELD_PATHS_V2, paths are those of DataHub's field path specification:
 * [version=2.0].[type=object].[type=string].name.
 *
 * Fields are in the order of the schema, parents before children.  Texts are
 * unescaped and live in the pool.
 */
#ifndef DATAHUB_FIELDS_H
#define DATAHUB_FIELDS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/pool.h"
#include "datahub/settings.h"
#include "json/dom.h"

enum field_type {
	FIELD_STRING, FIELD_NUMBER, FIELD_BOOLEAN, FIELD_DATE, FIELD_ENUM,
	FIELD_ARRAY, FIELD_RECORD, FIELD_NULL, FIELD_UNION
};

struct field {
	struct span path;	/* fieldPath, not encoded for URNs */
	struct span name;	/* the key itself */
	struct span native;	/* nativeDataType: "string", "string|integer" */
	struct span nested;	/* FIELD_ARRAY: type of the items */
	struct span description;	/* .s NULL: none */
	int32_t parent;		/* index of the field around it; -1: none */
	uint16_t levels;	/* arrays between the parent and it */
	uint16_t depth;		/* fields around it */
	enum field_type type;
	bool nullable;
	bool recursive;
};

struct fields {
	const struct field *items;
	size_t n;
	const struct span *remote;	/* $refs that lead elsewhere, once each */
	size_t nremote;
	bool cut;		/* FIELDS_MAX or FIELDS_DEPTH was reached */
};

/* There are no more fields, and no deeper ones, than this. */
#define FIELDS_MAX 20000
#define FIELDS_DEPTH 200

/*
 * The fields of the schema body ${text} (valid JSON).  What is no object with
 * properties has none.
 */
struct fields fields_read(struct pool *, struct span text, enum field_paths);

/* The field of this path, or NULL. */
const struct field *fields_find(const struct fields *, struct span path);

#endif
