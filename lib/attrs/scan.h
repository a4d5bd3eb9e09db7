/*
 * scan -- one scan's account: what the scan line says (attr(5)).
 */
#ifndef ATTRS_SCAN_H
#define ATTRS_SCAN_H

#include <stdbool.h>
#include "attrs/extra.h"
#include "attrs/tree.h"

/* What the limits are when nothing is said. */
#define SCAN_MAX_RECORD (64ULL << 20)
#define SCAN_MAX_DEPTH 1000
#define SCAN_MAX_EMBEDDED 8
#define SCAN_MAX_KEYS 10000
#define SCAN_MAX_ATTRS 1000000

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
	/*
	 * Eight hex digits that name extra.key; set by scan_read_options(),
	 * which does not know the key.  "": made from extra.key, if any.
	 */
	char sample_key[9];
};

struct scan_totals {
	uint64_t records, bytes, rejected, blank;
	uint64_t duplicate_keys, lone_surrogates, long_numbers;
	uint64_t inexact;	/* records with numbers libjq rounded (--where) */
};

struct pending {
	char *source;
	uint64_t from, to;	/* to UINT64_MAX: its end */
	uint64_t size;		/* of the file, and */
	int64_t mtime_ns;	/* when it was scanned, for --resume */
};

struct pending_list {
	struct pending *items;
	size_t n, cap;
};

struct scan {
	struct tree tree;
	struct scan_totals totals;
	char *options;			/* of scans read: as JSON; or NULL */
	struct source_ranges *sources;	/* by bytes of the name */
	size_t nsources, sources_cap;
	struct pending_list pending;	/* still to scan */
	struct pending_list resumed;	/* another's pending, taken on */
	bool folded;			/* shaped: no longer a partial */
};

/* Everything at its default. */
void scan_opts_init(struct scan_opts *);

/*
 * Looks at max_keys, max_attrs and extra only; the tree points to the options'
 * extra from here on.  scan_set_limits(): the same for a scan whose options become
 * known later.
 */
void scan_init(struct scan *, const struct scan_opts *);
void scan_set_limits(struct scan *, const struct scan_opts *);
void scan_release(struct scan *);

/* The `options` object of ${opts}: members that are not the default. */
void scan_write_options(struct buf *, const struct scan_opts *);
/*
 * Back from its text, for merge-attrs and --resume.  Strings and the array of
 * ${opts}->map are in ${arena}, which is cleared first and must not be touched
 * while ${opts} lives.  0, -1 with a message in ${why}.
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
/* As if nothing had been read of any source. */
void scan_forget_sources(struct scan *);
/* A source without ranges (<stdin>). */
void scan_add_stream(struct scan *, const char *source);

/*
 * Notes that [from, to) of a source was left; ${to} UINT64_MAX: to its end,
 * which is not known (compressed, a pipe).  ${size} and ${mtime_ns} of the
 * file, 0 for others.
 */
void scan_add_pending(struct scan *, const char *source, uint64_t from,
		      uint64_t to, uint64_t size, int64_t mtime_ns);

/*
 * --resume: ${scan} goes on with all that is pending in ${partial}.  What
 * ranges cannot show (open ends, pipes, --no-first) is listed in the scan line
 * as `resumed`, and cancels its like in `pending` when both are merged.
 */
void scan_resume(struct scan *, const struct scan *partial,
		 const struct scan_opts *);

/*
 * Brings pending into order and takes off the parts that ranges cover.  To be
 * called before the scan is written when there may be something pending.
 * "complete" is: nothing pending then.  scan_settle_sum(): after scans were
 * added up; what one has pending and another resumed goes too.
 */
void scan_settle(struct scan *, const struct scan_opts *);
void scan_settle_sum(struct scan *, const struct scan_opts *);

/*
 * More attributes than max_attrs?  Then true, and ${why} says so with the
 * widest paths and the --map to give.  Walks the tree only when it has more
 * nodes than that.
 */
bool scan_over_limit(const struct scan *, struct buf *why);

#endif
