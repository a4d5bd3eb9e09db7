/*
 * ranges -- what was scanned of each source: sorted, half open, joined.
 */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "attrs/ranges.h"

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t max64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The first range that ends at ${from} or behind it. */
static size_t first_reaching(const struct source_ranges *s, uint64_t from)
{
	size_t low = 0, high = s->n;

	/* ranges mostly come in order */
	if (high && s->items[high - 1].to <= from)
		return s->items[high - 1].to == from ? high - 1 : high;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->items[mid].to < from)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The first part of ${r} that is marked; false: none. */
static bool find_overlap(const struct source_ranges *s, struct range r,
			 struct range *overlap)
{
	for (size_t i = first_reaching(s, r.from);
	     i < s->n && s->items[i].from < r.to; i++) {
		overlap->from = max64(s->items[i].from, r.from);
		overlap->to = min64(s->items[i].to, r.to);
		if (overlap->from < overlap->to)
			return true;
	}
	return false;
}

/* Puts ${r} in the place of all it touches. */
static void put_range(struct source_ranges *s, struct range r)
{
	size_t at = first_reaching(s, r.from), end = at;

	while (end < s->n && s->items[end].from <= r.to) {
		r.from = min64(r.from, s->items[end].from);
		r.to = max64(r.to, s->items[end].to);
		end++;
	}
	if (end == at)
		mem_grow(&s->items, &s->cap, s->n + 1, sizeof(*s->items));
	if (end != at + 1)
		memmove(s->items + at + 1, s->items + end,
			(s->n - end) * sizeof(*s->items));
	s->n = s->n + 1 - (end - at);
	s->items[at] = r;
}

int ranges_add(struct source_ranges *s, struct range r, bool allow,
	       struct range *overlap)
{
	bool twice;

	if (r.from >= r.to)
		return 0;
	twice = find_overlap(s, r, overlap);
	if (!twice || allow)
		put_range(s, r);
	return twice ? -1 : 0;
}

size_t scan_source(const struct scan *scan, const char *name, bool *found)
{
	size_t low = 0, high = scan->nsources;

	*found = false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(scan->sources[mid].name, name);

		if (c == 0) {
			*found = true;
			return mid;
		}
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct source_ranges *get_source(struct scan *scan, const char *name)
{
	bool found;
	size_t at = scan_source(scan, name, &found);

	if (found)
		return &scan->sources[at];
	mem_grow(&scan->sources, &scan->sources_cap, scan->nsources + 1,
		 sizeof(*scan->sources));
	memmove(scan->sources + at + 1, scan->sources + at,
		(scan->nsources - at) * sizeof(*scan->sources));
	scan->nsources++;
	scan->sources[at] = (struct source_ranges){
		.name = mem_dup(name, strlen(name))
	};
	return &scan->sources[at];
}

int scan_add_range(struct scan *scan, const char *source, uint64_t from,
		   uint64_t to, bool allow, struct range *overlap)
{
	struct source_ranges *s;

	if (from >= to)
		return 0;
	s = get_source(scan, source);
	s->ranged = true;
	return ranges_add(s, (struct range){from, to}, allow, overlap);
}

void scan_add_stream(struct scan *scan, const char *source)
{
	get_source(scan, source);
}

static const char *any_overlap(const struct scan *scan,
			       const struct source_ranges *sources, size_t n,
			       struct range *overlap)
{
	bool found;

	for (size_t i = 0; i < n; i++) {
		size_t at = scan_source(scan, sources[i].name, &found);

		if (!found)
			continue;
		for (size_t k = 0; k < sources[i].n; k++)
			if (find_overlap(&scan->sources[at],
					 sources[i].items[k], overlap))
				return scan->sources[at].name;
	}
	return NULL;
}

/* Adds the ranges of ${from} and frees it. */
static void join_source(struct source_ranges *to, struct source_ranges *from)
{
	struct range ignored;

	to->ranged |= from->ranged;
	for (size_t i = 0; i < from->n; i++)
		ranges_add(to, from->items[i], true, &ignored);
	free(from->name);
	free(from->items);
}

/*
 * What is not in ${scan} yet is brought in from the end backwards, so that
 * each source of ${scan} moves at most once, and none for sources that come in
 * order.
 */
const char *scan_add_sources(struct scan *scan, struct source_ranges *sources,
			     size_t n, bool allow, struct range *overlap)
{
	size_t new = 0, have = scan->nsources, to;
	const char *twice = any_overlap(scan, sources, n, overlap);
	bool found;

	if (twice && !allow)
		return twice;
	for (size_t i = 0; i < n; i++) {
		size_t at = scan_source(scan, sources[i].name, &found);

		if (found)
			join_source(&scan->sources[at], &sources[i]);
		else
			sources[new++] = sources[i];
	}
	to = have + new;
	mem_grow(&scan->sources, &scan->sources_cap, to,
		 sizeof(*scan->sources));
	scan->nsources = to;
	while (new) {
		if (have && strcmp(scan->sources[have - 1].name,
				   sources[new - 1].name) > 0)
			scan->sources[--to] = scan->sources[--have];
		else
			scan->sources[--to] = sources[--new];
	}
	return twice;
}
