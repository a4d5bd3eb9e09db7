/*
 * pathtext -- where a node stands, as text: path, steps, name, parents.
 *
 * A tree is written depth first, so each node's path is the path of the one
 * above it and a little more.  Both buffers hold the text of the current node;
 * one frame a level says how far each node above reaches.  The text of a
 * prefix of the steps is a prefix of the text of the steps: that is what makes
 * parent_object and parent_array two lengths.
 *
 *	struct pathtext p = {0};
 *	pathtext_enter(&p, tree, node);	any order is right, depth first is fast
 *	pathtext_release(&p);
 */
#ifndef ATTRS_PATHTEXT_H
#define ATTRS_PATHTEXT_H

#include "attrs/tree.h"
#include "base/buf.h"

struct path_frame {
	uint32_t node;
	enum step_kind kind;
	size_t path, steps;	/* where its texts end */
	size_t name, name_len;	/* its name, in the steps */
	size_t object, array;	/* where the parents' paths end; 0: none */
	int64_t level;
};

struct pathtext {
	struct buf path;	/* the path as it stands in a JSON string */
	struct buf steps;	/* the steps, without the brackets */
	struct path_frame *frames;
	size_t depth, cap;
	struct buf quoted, text;	/* of pathtext_enter() */
};

void pathtext_release(struct pathtext *);

/* Goes to a node; valid until the next call. */
const struct path_frame *pathtext_enter(struct pathtext *, const struct tree *,
				      uint32_t node);

#endif
