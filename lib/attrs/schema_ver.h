/*
 * schema_ver -- which SchemaVer a schema has to have after another.
 *
 * By the table of Snowplow's "Version and amend data structures", in the column
 * of Redshift, which is the strictest: a required property that is added or
 * removed, a property that becomes required or optional, and another type are
 * breaking (MODEL); an optional property that is added or removed, and a larger
 * size, are not (ADDITION).  A smaller size or a new format can refuse some of
 * the old data: REVISION, by the definition of SchemaVer.
 */
#ifndef ATTRS_SCHEMA_VER_H
#define ATTRS_SCHEMA_VER_H

#include <stdint.h>
#include "base/buf.h"
#include "json/value.h"

enum schema_bump { BUMP_NONE, BUMP_ADDITION, BUMP_REVISION, BUMP_MODEL };

struct schema_ver {
	uint64_t model, revision, addition;
};

/* "1-0-2"; -1: it is none. */
int schema_ver_read(struct schema_ver *, const char *text, size_t len);
void schema_ver_write(struct buf *, const struct schema_ver *);
void schema_ver_raise(struct schema_ver *, enum schema_bump);

/*
 * From schema ${old} to ${now}; both are valid JSON, an object each.  ${where}
 * gets the place of the greatest change, as a path of properties.
 */
enum schema_bump schema_compare(struct span old, struct span now,
				struct buf *where);

#endif
