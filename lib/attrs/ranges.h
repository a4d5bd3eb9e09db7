/*
 * ranges -- what was scanned of each source.  For the files of lib/attrs that
 * keep a scan's account; others use scan.h.
 */
#ifndef ATTRS_RANGES_H
#define ATTRS_RANGES_H

#include "attrs/scan.h"

/*
 * Marks [from, to).  Returns -1 when some of it is marked already: then
 * ${overlap} is the first such part, and nothing is added unless ${allow}.
 */
int ranges_add(struct source_ranges *, struct range, bool allow,
	       struct range *overlap);

/* Index of the source, or of where it would stand (${*found} false). */
size_t scan_source(const struct scan *, const char *name, bool *found);

/*
 * Moves the ${n} sources of a partial, sorted by name and each there once, into
 * ${scan}: names and ranges are owned by it then, or freed.  Returns NULL, or
 * the name of a source of ${scan} with an ${overlap}; then nothing was changed
 * (unless ${allow}).
 */
const char *scan_add_sources(struct scan *, struct source_ranges *sources,
			     size_t n, bool allow, struct range *overlap);

#endif
