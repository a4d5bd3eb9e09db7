/*
 * source_name -- names of sources as JSON strings, and back.
 */
#ifndef STREAM_SOURCE_NAME_H
#define STREAM_SOURCE_NAME_H

#include "base/buf.h"
#include "json/value.h"

/*
 * A source's name as a JSON string.  A name is any bytes; those that are not
 * UTF-8 are written as \udc80 .. \udcff, and come back as what they were.
 */
void source_name_write(struct buf *, const char *name);

/*
 * The name in the valid string ${text} (without its quotes), what
 * source_name_write() writes undone.  In ${b} until it is used again; NULL when
 * a 0 byte is in it, which no name has.
 */
const char *source_name_read(struct buf *b, struct span text);

#endif
