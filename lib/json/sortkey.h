/*
 * sortkey -- a JSON value as bytes that memcmp(3) puts in jq's order.
 *
 * For sorting many records: the value is looked at once, and each comparison
 * is one of bytes.  Numbers are exact, of any size; equal numbers (1, 1.0,
 * 10e-1) give equal bytes, as do equal strings however they are escaped and
 * equal objects in any order of their members.  No key is the beginning of
 * another, so keys of several expressions may follow each other.
 *
 * The first byte is never 0: a caller may use that for "no value", before
 * null.
 */
#ifndef JSON_SORTKEY_H
#define JSON_SORTKEY_H

#include "base/buf.h"

/*
 * Appends the key of ${value}, valid and without white space around it.  Uses
 * some 200 bytes of stack for each level of arrays and objects.
 */
void sortkey_add(struct buf *out, const char *value, size_t len);

#endif
