/*
 * render_rows -- which attributes a tree on a terminal shows, and in which
 * order: folding.
 *
 * Nobody reads 15,000 lines.  With a limit, lines go to what is near the top:
 * level by level, attributes are opened while their children fit; of one with
 * more than ROWS_WIDE children the first ROWS_SOME are shown.  The same for the
 * same input and options, whatever the terminal is.
 */
#ifndef ATTRS_RENDER_ROWS_H
#define ATTRS_RENDER_ROWS_H

#include "attrs/render.h"

#define ROWS_DEFAULT 120
#define ROWS_WIDE 25
#define ROWS_SOME 20

struct rows {
	const struct view *view;
	uint32_t root;		/* index of what stands on top */
	uint32_t *first;	/* of an attribute, in kids[] */
	uint32_t *count;	/* children that are candidates */
	uint32_t *shown;	/* of them, the first so many are shown */
	uint32_t *kids;		/* children, as sorted */
	uint32_t *below;	/* candidates in its subtree, without itself */
	uint64_t folded;	/* attributes that are not shown */
	uint64_t places;	/* at so many attributes */
};

/* ${root}: what --under named. */
void rows_make(struct rows *, const struct view *, uint32_t root,
	       const struct render_opts *);
void rows_release(struct rows *);

#endif
