/*
 * scan -- one scan's account: what the scan line says (attr(5)).
 */
#ifndef ATTRS_SCAN_H
#define ATTRS_SCAN_H

#include <stdbool.h>
#include "attrs/extra.h"
#include "attrs/tree.h"

/* Every setting that changes a result; the same in all partials of a merge. */
struct scan_opts {
	struct extra_opts extra;
	const char *where;	/* --where, or NULL */
	uint64_t limit;		/* --limit, 0: none */
	uint64_t max_record, max_depth, max_embedded, max_keys, max_attrs;
	const char **map;	/* --map paths */
	size_t nmap;
	bool private;		/* no minimum and maximum of numbers */
	bool no_first;		/* no `first`, no sources */
};

struct scan_totals {
	uint64_t records, bytes, rejected, blank;
	uint64_t duplicate_keys, lone_surrogates, long_numbers;
	uint64_t inexact;	/* records libjq rounded a number of (--where) */
};

struct pending {
	char *source;
	uint64_t from, to;	/* to UINT64_MAX: its end */
	uint64_t size;		/* of the file, and */
	int64_t mtime_ns;	/* when it was scanned, for --resume */
};

struct scan {
	struct tree tree;
	struct scan_totals totals;
	char *options;			/* the JSON object, as written */
	struct source_ranges *sources;	/* by bytes of the name */
	size_t nsources, sources_cap;
	struct pending *pending;
	size_t npending, pending_cap;
	bool folded;			/* shaped: no longer a partial */
};

void scan_init(struct scan *, const struct scan_opts *);
void scan_release(struct scan *);

/* The `options` object of ${opts}: members that are not the default. */
void scan_write_options(struct buf *, const struct scan_opts *);
/*
 * Back from its text, for merge-attrs and --resume.  Strings point into
 * ${arena}.  0, -1 with a message in ${why}.
 */
int scan_read_options(struct scan_opts *, const char *text, size_t len,
		      struct buf *arena, struct buf *why);

void scan_add_totals(struct scan_totals *, const struct scan_totals *);

/*
 * Marks [from, to) of a source as scanned.  Returns -1 when some of it already
 * is (${overlap} set, nothing added unless ${allow}).
 */
int scan_add_range(struct scan *, const char *source, uint64_t from,
		   uint64_t to, bool allow, struct range *overlap);
/* A source without ranges (<stdin>). */
void scan_add_stream(struct scan *, const char *source);

#endif
