/*
 * pending -- what a stopped scan left, and what others have done of it.
 *
 * Two ways to see that something is done.  With known ends and places it is
 * arithmetic: pending less the ranges that were scanned.  Where the end is not
 * known, or no ranges are kept (a pipe, --no-first), a scan that goes on says
 * what it took on (`resumed`), and when scans are added up, an item of pending
 * and its like in resumed cancel each other.  Both give the same in any order
 * of merges.  (A scan that took something on and was stopped before it got to
 * it has it in both: that is still to be done, and must not cancel.)
 */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "attrs/ranges.h"

/* ${source} is owned by the list from here on. */
static void add_owned(struct pending_list *list, struct pending p)
{
	mem_grow(&list->items, &list->cap, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = p;
}

void scan_add_pending(struct scan *scan, const char *source, uint64_t from,
		      uint64_t to, uint64_t size, int64_t mtime_ns)
{
	if (from >= to)
		return;
	add_owned(&scan->pending, (struct pending){
		.source = mem_dup(source, strlen(source)), .from = from,
		.to = to, .size = size, .mtime_ns = mtime_ns
	});
}

/* Can ranges show that this was done? */
static bool has_range(const struct pending *p, const struct scan_opts *opts)
{
	return !opts->no_first && p->to != UINT64_MAX;
}

void scan_resume(struct scan *scan, const struct scan *partial,
		 const struct scan_opts *opts)
{
	for (size_t i = 0; i < partial->pending.n; i++) {
		struct pending p = partial->pending.items[i];

		if (has_range(&p, opts))
			continue;
		p.source = mem_dup(p.source, strlen(p.source));
		add_owned(&scan->resumed, p);
	}
}

static int compare_pending(const void *va, const void *vb)
{
	const struct pending *a = va, *b = vb;
	int c = strcmp(a->source, b->source);

	if (c)
		return c;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return a->mtime_ns < b->mtime_ns ? -1 : a->mtime_ns > b->mtime_ns;
}

static void sort_pending(struct pending_list *list)
{
	if (list->n)
		qsort(list->items, list->n, sizeof(*list->items),
		      compare_pending);
}

/* Takes off what stands in both lists, both sorted. */
static void cancel(struct pending_list *a, struct pending_list *b)
{
	size_t i = 0, k = 0, na = 0, nb = 0;

	while (i < a->n || k < b->n) {
		int c = i == a->n ? 1 : k == b->n ? -1 :
			compare_pending(&a->items[i], &b->items[k]);

		if (c == 0) {
			free(a->items[i++].source);
			free(b->items[k++].source);
		} else if (c < 0) {
			a->items[na++] = a->items[i++];
		} else {
			b->items[nb++] = b->items[k++];
		}
	}
	a->n = na;
	b->n = nb;
}

/* Adds to ${rest} what of ${p} is in none of the ranges; frees ${p}. */
static void subtract(struct pending_list *rest, struct pending p,
		     const struct source_ranges *s)
{
	size_t len = strlen(p.source);
	struct pending part = p;

	for (size_t i = 0; i < s->n && part.from < p.to; i++) {
		struct range r = s->items[i];

		if (r.to <= part.from)
			continue;
		part.to = r.from < p.to ? r.from : p.to;
		if (part.from < part.to) {
			part.source = mem_dup(p.source, len);
			add_owned(rest, part);
		}
		part.from = r.to;
	}
	part.to = p.to;
	part.source = p.source;
	if (part.from < part.to)
		add_owned(rest, part);
	else
		free(p.source);
}

/*
 * Sorted items that meet or overlap become one: several parts of a chain of
 * resumed scans have the same rest.
 */
static void unite(struct pending_list *list, const struct scan_opts *opts)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct pending *p = &list->items[i], *last;

		last = n ? &list->items[n - 1] : NULL;
		if (!last || !has_range(p, opts) || p->from > last->to ||
		    !has_range(last, opts) || strcmp(p->source, last->source)) {
			list->items[n++] = *p;
			continue;
		}
		if (p->to > last->to)
			last->to = p->to;
		free(p->source);
	}
	list->n = n;
}

static void subtract_ranges(struct scan *scan, const struct scan_opts *opts)
{
	struct pending_list rest = {0};

	for (size_t i = 0; i < scan->pending.n; i++) {
		struct pending p = scan->pending.items[i];
		bool found;
		size_t at = scan_source(scan, p.source, &found);

		if (found && has_range(&p, opts))
			subtract(&rest, p, &scan->sources[at]);
		else
			add_owned(&rest, p);
	}
	free(scan->pending.items);
	scan->pending = rest;
}

void scan_settle(struct scan *scan, const struct scan_opts *opts)
{
	subtract_ranges(scan, opts);
	sort_pending(&scan->pending);
	sort_pending(&scan->resumed);
}

void scan_settle_sum(struct scan *scan, const struct scan_opts *opts)
{
	sort_pending(&scan->pending);
	unite(&scan->pending, opts);
	sort_pending(&scan->resumed);
	cancel(&scan->pending, &scan->resumed);
	scan_settle(scan, opts);
}
