/*
 * render_boxes -- attributes as boxes and arrows, for the formats that draw.
 */
#include "attrs/render_boxes.h"

uint32_t box_next_key(const struct view *v, uint32_t i, uint32_t at)
{
	uint32_t end = v->nodes[i].end;

	at = at == i ? i + 1 : v->nodes[at].end;
	while (at < end && view_attr(v, at)->kind != STEP_KEY)
		at = v->nodes[at].end;
	return at < end ? at : VIEW_NONE;
}

bool box_is(const struct view *v, uint32_t i)
{
	return box_next_key(v, i, i) != VIEW_NONE;
}

struct box_arrow box_arrow_to(const struct view *v, uint32_t i)
{
	struct box_arrow a = {.from = VIEW_NONE};

	while (v->nodes[i].parent != VIEW_NONE &&
	       view_attr(v, i)->kind != STEP_KEY) {
		a.items |= view_attr(v, i)->kind == STEP_ITEM;
		a.embedded |= view_attr(v, i)->kind == STEP_NULL;
		a.map |= view_attr(v, i)->kind == STEP_MAP;
		i = v->nodes[i].parent;
	}
	a.key = i;
	a.from = v->nodes[i].parent;
	return a;
}
