/*
 * render_schema -- JSON Schema from attributes, for the formats json-schema and
 * iglu.
 *
 * One object of keywords an attribute: keywords of JSON Schema look only at
 * values of their own type, so that a list of types and the keywords of each
 * say all of a polymorphic attribute.  Only strings of which some hold JSON and
 * some do not need anyOf.
 */
#ifndef ATTRS_RENDER_SCHEMA_H
#define ATTRS_RENDER_SCHEMA_H

#include "attrs/render.h"

struct schema_style {
	bool ranges;		/* lengths, numbers, sizes */
	bool closed;		/* objects have no other keys */
	bool content;		/* contentSchema; not in draft 4 */
	bool whole;		/* all stays in the render's text */
};

/*
 * The format that all strings have, where JSON Schema has it under the same
 * name, or NULL.  A pointer to a constant, the same for the same format.
 */
const char *schema_format(const struct facts *);

/* Appends the members of the schema of the record, from "type" on. */
int schema_write(struct render *, const struct schema_style *);

#endif
