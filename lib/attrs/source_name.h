/*
 * source_name -- names of sources, back from JSON strings.
 */
#ifndef ATTRS_SOURCE_NAME_H
#define ATTRS_SOURCE_NAME_H

#include "base/buf.h"
#include "json/value.h"

/*
 * The name in the valid string ${text} (without its quotes), what
 * attr_write_source() writes undone.  In ${b} until it is used again; NULL when
 * a 0 byte is in it, which no name has.
 */
const char *source_name_read(struct buf *b, struct span text);

#endif
