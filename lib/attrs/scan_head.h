/*
 * scan_head -- a scan line, read.
 */
#ifndef ATTRS_SCAN_HEAD_H
#define ATTRS_SCAN_HEAD_H

#include "attrs/cursor.h"
#include "attrs/scan.h"

struct scan_head {
	struct cursor cursor;	/* the first member: scan_head.c relies on it */
	uint64_t format, attributes;
	struct span options;	/* in the line */
	struct scan_totals totals;
	bool complete, folded;
	bool is_other;		/* of a format that is not known */
	struct pending_list pending, resumed;
	struct source_ranges *sources;	/* sorted by name */
	size_t nsources, sources_cap;
	struct buf name;
	struct pending item;	/* being read */
};

/* Is ${line} a scan line at all? */
bool scan_head_is(const char *line, size_t len);

/*
 * Reads a scan line.  0, -1 with ${h}->cursor.why and .p.  {0} before, released
 * after, also where it failed; members that were moved elsewhere are cleared by
 * who moved them.
 */
int scan_head_read(struct scan_head *, const char *line, size_t len);
void scan_head_release(struct scan_head *);

/* What merging nothing gives: it changes nothing and agrees with all. */
bool scan_head_is_nothing(const struct scan_head *);

#endif
