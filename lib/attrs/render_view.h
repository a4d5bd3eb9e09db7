/*
 * render_view -- the attributes that are to be shown, as an array.
 *
 * In the order of attribute lines, depth first, with what a writer needs to go
 * through them without recursion: the index of the parent, and where the
 * subtree ends.  The first child of ${i} is ${i} + 1 when ${i} + 1 is before
 * its end, the next sibling of ${c} stands at its end.  Item 0 is the record.
 *
 * A view points to the tree, which must not change; it belongs to one thread.
 * Memory: 16 bytes an attribute, and 4 for each node of the tree.
 */
#ifndef ATTRS_RENDER_VIEW_H
#define ATTRS_RENDER_VIEW_H

#include "attrs/render_facts.h"
#include "base/opts.h"

#define VIEW_NONE UINT32_MAX

struct view_node {
	uint32_t node;		/* in the tree */
	uint32_t parent;	/* index, VIEW_NONE at the record */
	uint32_t end;		/* index behind all that is below */
	uint32_t depth;		/* steps */
};

struct view {
	const struct tree *tree;
	struct view_node *nodes;
	uint32_t n;		/* 0: no records */
	uint32_t all;		/* attributes of the tree */
};

struct view_filter {
	struct opt_list select, exclude;	/* patterns of paths */
	uint64_t min_presence;	/* in millionths, 0: all */
};

/*
 * Fills ${v} with what the filter leaves.  A selected attribute comes with all
 * below it and with the attributes it lies in, an excluded one goes with all
 * below it.  Patterns that match nothing are named in a message.
 */
void view_make(struct view *v, const struct tree *, const struct view_filter *);
void view_release(struct view *);

/* Appends the path of attribute ${i}. */
void view_path(const struct view *, uint32_t i, struct buf *);

/* The index of the attribute at ${path}, or VIEW_NONE with why. */
uint32_t view_find(const struct view *, const char *path, struct buf *why);

static inline const struct attr *view_attr(const struct view *v, uint32_t i)
{
	return &v->tree->attrs[v->nodes[i].node];
}

static inline void view_facts(const struct view *v, uint32_t i,
			      struct facts *f)
{
	facts_read(f, v->tree, v->nodes[i].node);
}

/*
 * Does ${pattern} match all of ${path}?  "*" is any text without the
 * characters . [ { | and "**" any text at all; everything else is itself.
 */
bool path_matches(const char *pattern, const char *path, size_t len);

/*
 * Goes through all of it: ${enter} before what is below an attribute,
 * ${leave} after it; either may be NULL.
 */
void view_each(const struct view *, void *arg,
	       void (*enter)(void *arg, uint32_t i),
	       void (*leave)(void *arg, uint32_t i));

#endif
