/*
 * compact -- a valid JSON text without the white space between its tokens.
 */
#ifndef JSON_COMPACT_H
#define JSON_COMPACT_H

#include "base/buf.h"
#include "json/value.h"

/* Appends ${text}; all but white space outside strings stays as it is. */
void json_compact(struct buf *, struct span text);

#endif
