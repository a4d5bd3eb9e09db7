/*
 * read -- scans in, added up line by line.
 *
 * A scan is a scan line and as many attribute lines as it announces.  Most lines
 * of a merge were there before but for their figures: memo.h finds their
 * attribute by the text, line.h reads the figures, line_add.h adds them up.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "json/check.h"
#include "attrs/attrio.h"
#include "attrs/line_add.h"
#include "attrs/lines.h"
#include "attrs/memo.h"
#include "attrs/options_diff.h"
#include "attrs/ranges.h"
#include "attrs/scan_head.h"

struct attr_reader {
	struct scan *scan;
	struct scan_opts *opts;
	struct buf *arena;
	struct attr_reader_opts how;
	struct attr_line line;
	struct memo memo;
	struct source_memo sources;
	struct buf why;
	char *options_from;	/* where scan->options came from */

	struct lines lines;
	const char *name;	/* of the file */
	uint64_t number;	/* of the line, from 1 */
	uint64_t due;		/* attribute lines still to come */
	uint64_t announced;
	uint64_t limit_at;	/* nodes at which max_attrs is looked at */
	bool warned;		/* of members that are not known */
	uint64_t summands;	/* scans that are not nothing */
	_Atomic uint64_t bytes, scans;
};

struct attr_reader *attr_reader_new(struct scan *scan, struct scan_opts *opts,
				    struct buf *arena,
				    const struct attr_reader_opts *how)
{
	struct attr_reader *r = mem_zalloc(1, sizeof(*r));

	r->scan = scan;
	r->opts = opts;
	r->arena = arena;
	r->how = *how;
	r->limit_at = UINT64_MAX;
	memo_init(&r->memo);
	return r;
}

void attr_reader_free(struct attr_reader *r)
{
	if (!r)
		return;
	attr_line_release(&r->line);
	memo_release(&r->memo);
	source_memo_release(&r->sources);
	buf_release(&r->why);
	free(r->options_from);
	lines_release(&r->lines);
	free(r);
}

uint64_t attr_reader_bytes(const struct attr_reader *r)
{
	return r->bytes;
}

uint64_t attr_reader_scans(const struct attr_reader *r)
{
	return r->scans;
}

/* A message with the place of the current line; returns ${rc}. */
static int refuse(const struct attr_reader *r, int rc, const char *why)
{
	err_msg("%s:%llu: %s", r->name, (unsigned long long)r->number, why);
	return rc;
}

/* The same for what a cursor stopped at. */
static int refuse_at(struct attr_reader *r, int rc, const struct cursor *c,
		     const char *what)
{
	buf_clear(&r->why);
	buf_addf(&r->why, "%s: %s (at byte %zu of the line)", what, c->why,
		 (size_t)(c->p - c->start) + 1);
	return refuse(r, rc, buf_cstr(&r->why));
}

static void warn_unknown(struct attr_reader *r, const struct cursor *c)
{
	if (!c->unknown.s || r->warned)
		return;
	r->warned = true;
	err_msg("%s:%llu: the member %.*s is not known and is dropped "
		"(others will not be told)", r->name,
		(unsigned long long)r->number,
		c->unknown.len < 100 ? (int)c->unknown.len : 100, c->unknown.s);
}

/* The first scan's options are everybody's. */
static void adopt_options(struct attr_reader *r, struct span text)
{
	struct tree *t = &r->scan->tree;

	scan_set_limits(r->scan, r->opts);
	if (r->how.max_attrs)
		t->max_attrs = r->how.max_attrs < UINT32_MAX ?
			(uint32_t)r->how.max_attrs : UINT32_MAX;
	r->limit_at = t->max_attrs ? t->max_attrs : UINT64_MAX;
	r->scan->options = mem_dup(text.s, text.len);
	r->options_from = mem_dup(r->name, strlen(r->name));
	attr_line_expect(&r->line, r->opts);
}

static int compare_options(struct attr_reader *r, struct span text)
{
	struct span before = {r->scan->options, strlen(r->scan->options)};
	struct buf all = {0};
	int rc;

	buf_clear(&r->why);
	if (options_agree(text, before, &r->why))
		return RC_DONE;
	buf_addf(&all, "made with other options than %s: ", r->options_from);
	buf_add(&all, r->why.s, r->why.len);
	rc = refuse(r, RC_USAGE, buf_cstr(&all));
	buf_release(&all);
	return rc;
}

/*
 * Options are kept and compared as we write them, however they stand in the
 * line.
 */
static int check_options(struct attr_reader *r, struct span text)
{
	const char *before = r->scan->options;
	struct scan_opts other, *opts = before ? &other : r->opts;
	struct buf arena = {0}, ours = {0};
	int rc = RC_DONE;

	if (before && strlen(before) == text.len &&
	    !memcmp(before, text.s, text.len))
		return RC_DONE;
	buf_clear(&r->why);
	if (scan_read_options(opts, text.s, text.len,
			      before ? &arena : r->arena, &r->why)) {
		rc = refuse(r, RC_USAGE, buf_cstr(&r->why));
	} else {
		scan_write_options(&ours, opts);
		text = (struct span){ours.s, ours.len};
		if (before)
			rc = compare_options(r, text);
		else
			adopt_options(r, text);
	}
	buf_release(&arena);
	buf_release(&ours);
	return rc;
}

static int take_sources(struct attr_reader *r, struct scan_head *h)
{
	struct range overlap;
	const char *twice;

	twice = scan_add_sources(r->scan, h->sources, h->nsources,
				 r->how.allow_overlap, &overlap);
	if (!twice || r->how.allow_overlap) {
		h->nsources = 0;	/* they are the scan's now */
		return RC_DONE;
	}
	buf_clear(&r->why);
	buf_addf(&r->why, "bytes %llu to %llu of %s were counted already "
		 "(--allow-overlap counts them twice)",
		 (unsigned long long)overlap.from,
		 (unsigned long long)overlap.to, twice);
	return refuse(r, RC_USAGE, buf_cstr(&r->why));
}

static void take_pending(struct pending_list *to, struct pending_list *from)
{
	mem_grow(&to->items, &to->cap, to->n + from->n, sizeof(*to->items));
	for (size_t i = 0; i < from->n; i++)
		to->items[to->n++] = from->items[i];
	from->n = 0;
}

static int take_head(struct attr_reader *r, struct scan_head *h)
{
	int rc;

	warn_unknown(r, &h->cursor);
	if (h->folded && !r->how.allow_folded)
		return refuse(r, RC_USAGE, "its maps were folded for showing "
			      "(--detect-maps, --map); merge what it was made "
			      "from");
	r->due = r->announced = h->attributes;
	r->scans++;
	if (scan_head_is_nothing(h))
		return RC_DONE;
	r->summands++;
	rc = check_options(r, h->options);
	if (rc == RC_DONE)
		rc = take_sources(r, h);
	if (rc != RC_DONE)
		return rc;
	r->scan->folded |= h->folded;
	scan_add_totals(&r->scan->totals, &h->totals);
	take_pending(&r->scan->pending, &h->pending);
	take_pending(&r->scan->resumed, &h->resumed);
	memo_restart(&r->memo);
	return RC_DONE;
}

static int read_head(struct attr_reader *r, const char *line, size_t len)
{
	struct scan_head head = {0};
	int rc;

	if (scan_head_read(&head, line, len))
		rc = refuse_at(r, head.is_other || r->number == 1 ? RC_USAGE :
			       RC_FAILED, &head.cursor, "not a scan line");
	else
		rc = take_head(r, &head);
	scan_head_release(&head);
	return rc;
}

static bool is_compressed(const char *line, size_t len)
{
	return len >= 2 && (!memcmp(line, "\x1f\x8b", 2) ||
			    (len >= 4 && !memcmp(line, "\x28\xb5\x2f\xfd", 4)));
}

/* A line where a scan line is due is none. */
static int refuse_stranger(struct attr_reader *r, const char *line, size_t len)
{
	if (r->number == 1 && is_compressed(line, len))
		return refuse(r, RC_USAGE, "compressed (decompress it first: "
			      "zcat, zstdcat)");
	if (r->number == 1)
		return refuse(r, RC_USAGE, "not the output of discover-attrs: "
			      "its first line is no scan line");
	return refuse(r, RC_FAILED, "expected a scan line: there are more "
		      "lines than the one before announced, or something "
		      "else is mixed in");
}

static int over_limit(struct attr_reader *r)
{
	struct tree *t = &r->scan->tree;

	if (t->fold_due || t->dead) {
		tree_fold_wide(t);
		memo_clear(&r->memo);
	}
	buf_clear(&r->why);
	if (scan_over_limit(r->scan, &r->why))
		return refuse(r, RC_FAILED, buf_cstr(&r->why));
	/* not every line from here on */
	r->limit_at = t->nodes + t->max_attrs / 4;
	return RC_DONE;
}

/* A line that is not known from before. */
static int read_new(struct attr_reader *r, const char *line, size_t len)
{
	struct attr_line *l = &r->line;
	struct line_node to;

	if (attr_line_read(l, line, len) ||
	    line_node(l, &r->scan->tree, &to) ||
	    line_add(l, &r->scan->tree, to.node, r->opts, &r->sources))
		return -1;
	if (to.renumbered)
		memo_clear(&r->memo);
	if (l->head && !to.redirected)
		memo_add(&r->memo, line, l->head, l->middle_start,
			 l->middle_end, l->name, to.node);
	return 0;
}

static int read_attribute(struct attr_reader *r, const char *line, size_t len)
{
	struct attr_line *l = &r->line;
	struct memo_found f;
	int rc;

	if (memo_find(&r->memo, line, len, &f) &&
	    !attr_line_read_known(l, line, len, f.order, f.count, f.name))
		rc = line_add(l, &r->scan->tree, f.node, r->opts, &r->sources);
	else
		rc = read_new(r, line, len);
	if (rc)
		return refuse_at(r, RC_FAILED, &l->cursor,
				 "not an attribute line");
	r->due--;
	warn_unknown(r, &l->cursor);
	return r->scan->tree.nodes > r->limit_at ? over_limit(r) : RC_DONE;
}

/* Between scans: what has become too wide is folded. */
static int end_scan(struct attr_reader *r)
{
	const struct tree *t = &r->scan->tree;

	if (t->fold_due || t->dead || (t->max_attrs && t->nodes > t->max_attrs))
		return over_limit(r);
	return RC_DONE;
}

/* A scan ended and lines are missing. */
static int cut(struct attr_reader *r)
{
	unsigned long long due = r->due, all = r->announced;

	r->due = 0;
	if (r->how.allow_cut) {
		err_msg("%s:%llu: cut: %llu of %llu attribute lines are "
			"missing, and are not in the result", r->name,
			(unsigned long long)r->number, due, all);
		return end_scan(r);
	}
	err_msg("%s:%llu: cut: %llu of %llu attribute lines are missing "
		"(--allow-cut takes what is there)", r->name,
		(unsigned long long)r->number, due, all);
	return RC_FAILED;
}

static bool is_blank(const char *line, size_t len)
{
	return value_blank(line, line + len) == line + len;
}

static int read_line(struct attr_reader *r, const char *line, size_t len)
{
	bool head = !r->due || (len > 8 && !memcmp(line, "{\"scan\":", 8));
	int rc = RC_DONE;

	r->number++;
	if (len && !head) {
		rc = read_attribute(r, line, len);
		return rc || r->due ? rc : end_scan(r);
	}
	if (is_blank(line, len))
		return RC_DONE;
	if (!scan_head_is(line, len))
		return refuse_stranger(r, line, len);
	if (r->due)
		rc = cut(r);
	return rc ? rc : read_head(r, line, len);
}

/*
 * The last line has no end: it may be whole all the same.  When it is not, the
 * scan is cut there.
 */
static int read_last(struct attr_reader *r, char *line, size_t len)
{
	struct json_fault fault;
	bool whole;

	if (!len)
		return RC_DONE;
	line[len] = 0;
	whole = !json_check(line, len, 64, &fault);
	if (whole || (!r->due && !scan_head_is(line, len)))
		return read_line(r, line, len);
	r->number++;
	if (r->due)
		return RC_DONE;		/* cut() will tell */
	return refuse(r, r->how.allow_cut ? RC_DONE : RC_FAILED,
		      "cut in the scan line");
}

/* A key of Hadoop's, and nothing behind it. */
static int cut_value(struct attr_reader *r)
{
	r->lines.bare = false;
	return refuse(r, r->how.allow_cut ? RC_DONE : RC_FAILED,
		      "cut: a key without a result");
}

/* All whole lines of the block. */
static int read_lines(struct attr_reader *r)
{
	char *line;
	size_t len;
	int rc = RC_DONE;

	while (rc == RC_DONE && lines_next(&r->lines, &line, &len)) {
		rc = read_line(r, line, len);
		if (rc == RC_DONE && r->lines.bare)
			rc = cut_value(r);
	}
	return rc;
}

/* 1, 0 at the end, -1 with ${rc} set and a message. */
static int read_more(struct attr_reader *r, int *rc)
{
	long n = lines_more(&r->lines);

	if (n >= 0) {
		r->bytes += (uint64_t)n;
		return n > 0;
	}
	*rc = RC_FAILED;
	if (errno == EMSGSIZE) {
		r->number++;
		*rc = refuse(r, r->number == 1 ? RC_USAGE : RC_FAILED,
			     "a line over 256 MiB");
	} else {
		err_msg("%s: cannot be read: %s", r->name, strerror(errno));
	}
	return -1;
}

/* Lines of the file up to its end. */
static int read_file(struct attr_reader *r)
{
	int rc = RC_DONE;
	size_t len;
	char *rest;

	while (rc == RC_DONE && read_more(r, &rc) > 0)
		rc = read_lines(r);
	if (rc != RC_DONE)
		return rc;
	rest = lines_rest(&r->lines, &len);
	rc = len || !r->lines.bare ? read_last(r, rest, len) : cut_value(r);
	if (rc == RC_DONE && r->due)
		rc = cut(r);
	return rc;
}

int attr_reader_read(struct attr_reader *r, int fd, const char *name)
{
	int rc;

	lines_start(&r->lines, fd);
	r->name = name;
	r->number = r->due = 0;
	rc = read_file(r);
	if (rc == RC_DONE && r->summands > 1)
		scan_settle_sum(r->scan, r->opts);
	return rc;
}

int attr_read(struct scan *scan, struct scan_opts *opts, struct buf *arena,
	      const struct attr_reader_opts *how, int fd, const char *name)
{
	struct attr_reader *r = attr_reader_new(scan, opts, arena, how);
	int rc = attr_reader_read(r, fd, name);

	attr_reader_free(r);
	return rc;
}
