/*
 * scan -- a scan's account: made, added up, given back.
 */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "attrs/scan.h"

static uint32_t limit32(uint64_t value)
{
	return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

void scan_set_limits(struct scan *scan, const struct scan_opts *opts)
{
	struct tree *t = &scan->tree;

	t->max_keys = limit32(opts->max_keys);
	t->max_attrs = limit32(opts->max_attrs);
	t->extra = extra_wanted(&opts->extra) ? &opts->extra : NULL;
}

void scan_init(struct scan *scan, const struct scan_opts *opts)
{
	*scan = (struct scan){0};
	tree_init(&scan->tree, 0, 0);
	scan_set_limits(scan, opts);
}

static void pending_release(struct pending_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->items[i].source);
	free(list->items);
}

void scan_forget_sources(struct scan *scan)
{
	for (size_t i = 0; i < scan->nsources; i++) {
		free(scan->sources[i].name);
		free(scan->sources[i].items);
	}
	scan->nsources = 0;
}

void scan_release(struct scan *scan)
{
	scan_forget_sources(scan);
	free(scan->sources);
	pending_release(&scan->pending);
	pending_release(&scan->resumed);
	free(scan->options);
	tree_release(&scan->tree);
	*scan = (struct scan){0};
}

void scan_add_totals(struct scan_totals *to, const struct scan_totals *from)
{
	to->records += from->records;
	to->bytes += from->bytes;
	to->rejected += from->rejected;
	to->blank += from->blank;
	to->duplicate_keys += from->duplicate_keys;
	to->lone_surrogates += from->lone_surrogates;
	to->long_numbers += from->long_numbers;
	to->inexact += from->inexact;
}

/* The node with the most keys that has fewer than ${below}. */
static uint32_t widest(const struct tree *t, uint32_t below)
{
	uint32_t best = NODE_NONE;

	for (uint32_t i = 0; i < t->nodes; i++) {
		uint32_t keys = t->attrs[i].keys;

		if (keys > 1 && keys < below &&
		    (best == NODE_NONE || keys > t->attrs[best].keys))
			best = i;
	}
	return best;
}

static void add_path(const struct tree *t, uint32_t node, struct buf *out)
{
	struct step *steps = NULL;
	size_t cap = 0, n = tree_steps(t, node, &steps, &cap);

	path_write(out, steps, n);
	free(steps);
}

bool scan_over_limit(const struct scan *scan, struct buf *why)
{
	const struct tree *t = &scan->tree;
	uint32_t below = UINT32_MAX;

	if (!t->max_attrs || t->nodes <= t->max_attrs ||
	    tree_walk(t, NULL, NULL) <= t->max_attrs)
		return false;
	buf_addf(why, "more than %lu attributes (--max-attrs)",
		 (unsigned long)t->max_attrs);
	for (int i = 0; i < 3; i++) {
		uint32_t node = widest(t, below);

		if (node == NODE_NONE)
			break;
		below = t->attrs[node].keys;
		buf_adds(why, i ? ", " : "; widest: ");
		add_path(t, node, why);
		buf_addf(why, " (%lu keys)", (unsigned long)below);
	}
	below = UINT32_MAX;
	if (widest(t, below) != NODE_NONE) {
		buf_adds(why, "; give --map='");
		add_path(t, widest(t, below), why);
		buf_adds(why, "'");
	}
	return true;
}
