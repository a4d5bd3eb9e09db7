/*
 * scan_line -- the first line of a scan (attr(5)).
 */
#ifndef ATTRS_SCAN_LINE_H
#define ATTRS_SCAN_LINE_H

#include "attrs/scan.h"

/* Appends the scan line, newline included; ${attributes} lines will follow. */
void scan_line_write(struct buf *, const struct scan *,
		     const struct scan_opts *, uint64_t attributes);

#endif
