/*
 * line_add -- an attribute line, added to a tree.
 */
#ifndef ATTRS_LINE_ADD_H
#define ATTRS_LINE_ADD_H

#include "attrs/line.h"
#include "attrs/scan.h"

/*
 * Sources of `first` by their text in the line: nearly always one of the last
 * few.  {0} before.
 */
#define SOURCES_KEPT 64		/* a power of two */
struct source_memo {
	struct {
		char *text;	/* between the quotes; owned */
		size_t len;
		uint32_t source;	/* in the tree */
	} items[SOURCES_KEPT];
	struct buf name;
};
void source_memo_release(struct source_memo *);

struct line_node {
	uint32_t node;
	bool redirected;	/* a key went to the map its keys became */
	bool renumbered;	/* all numbers known before are worth nothing */
};

/* The node that the line's steps lead to.  0, -1 with ${l}->cursor.why. */
int line_node(struct attr_line *l, struct tree *, struct line_node *);

/*
 * Adds the line's figures to ${node}.  0, -1 with ${l}->cursor.why: what it
 * says cannot be; then some of it may have been added.
 */
int line_add(struct attr_line *l, struct tree *, uint32_t node,
	     const struct scan_opts *, struct source_memo *);

#endif
