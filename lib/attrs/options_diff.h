/*
 * options_diff -- what two `options` objects do not agree on.
 */
#ifndef ATTRS_OPTIONS_DIFF_H
#define ATTRS_OPTIONS_DIFF_H

#include "base/buf.h"
#include "json/value.h"

/*
 * Both are valid objects.  True when they have the same members, in whatever
 * order; otherwise ${why} is, for example: max_keys 500 instead of the default,
 * private true instead of the default
 */
bool options_agree(struct span options, struct span before, struct buf *why);

#endif
