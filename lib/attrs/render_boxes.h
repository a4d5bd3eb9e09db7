/*
 * render_boxes -- attributes as boxes and arrows, for the formats that draw.
 *
 * A box for each attribute that has keys, with a line a key, and an arrow to it
 * from the key that leads there.  No state; any thread.  Cannot fail.
 */
#ifndef ATTRS_RENDER_BOXES_H
#define ATTRS_RENDER_BOXES_H

#include "attrs/render_view.h"

#define BOX_LINES 60	/* so many keys of a box are shown */

struct box_arrow {
	uint32_t from;		/* box; VIEW_NONE: no key leads here */
	uint32_t key;		/* of that box */
	bool items, embedded, map;	/* what is on the way */
};

bool box_is(const struct view *, uint32_t i);
struct box_arrow box_arrow_to(const struct view *, uint32_t i);
/* The next key of box ${i} behind ${at} (at first ${i}); VIEW_NONE: none. */
uint32_t box_next_key(const struct view *, uint32_t i, uint32_t at);

#endif
