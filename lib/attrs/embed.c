/*
 * embed -- JSON inside a string: the same scan, one level down.
 *
 * The text is checked whole before anything of it is counted, like a record;
 * text that is no valid JSON, is too deep or holds a lone surrogate (which has
 * no UTF-8 form) leaves no trace, and the string is just a string.
 */
#include "attrs/apply.h"

#define BEFORE 64	/* readable bytes that the index wants before a text */

/* Containers around the values of a node, decoded strings included. */
static uint32_t node_depth(const struct tree *t, uint32_t node)
{
	uint32_t depth = 0;

	for (; node != NODE_ROOT; node = t->attrs[node].parent)
		depth += t->attrs[node].kind != STEP_NULL;
	return depth;
}

/*
 * The text as one line.  Line ends between tokens become spaces; one inside a
 * string is a fault that would be lost with that, so such text is checked
 * first.
 */
static bool take_text(struct level *l, const char *text, size_t len)
{
	struct json_fault fault;
	bool lines = memchr(text, '\n', len) != NULL;
	char *copy;

	if (lines && json_check(text, len, (uint32_t)l->o->opts->max_depth -
				l->base_depth, &fault))
		return false;
	buf_clear(&l->copy);
	copy = buf_reserve(&l->copy, len + BEFORE + 1 + BATCH_PADDING);
	memset(copy, 0, BEFORE);
	memcpy(copy + BEFORE, text, len);
	copy[BEFORE + len] = '\n';
	memset(copy + BEFORE + len + 1, 0, BATCH_PADDING);
	for (size_t i = 0; lines && i < len; i++)
		if (copy[BEFORE + i] == '\n')
			copy[BEFORE + i] = ' ';
	l->text = copy + BEFORE;
	return true;
}

static bool walk_embedded(struct level *l, uint32_t node, size_t len)
{
	const struct observer_fns *f = &l->o->fns;

	index_start(&l->index, l->text, len + 1, 0);
	f->fill(&l->index, len + 1);
	return !l->index.fault && f->value(l, node) &&
	       !journal_count(&l->journals[J_WRONG]) && f->check(l);
}

int embed_scan(struct level *outer, uint32_t node, const char *text, size_t len)
{
	struct observer *o = outer->o;
	struct level *l = outer + 1;
	uint32_t decoded;
	bool good;

	if (outer->number >= o->opts->max_embedded)
		return EMBED_NOT;
	l->base_depth = node_depth(&o->tree, node);
	if (l->base_depth >= o->opts->max_depth || len >= UINT32_MAX - 256 ||
	    !take_text(l, text, len))
		return EMBED_NOT;
	record_begin(l);
	decoded = tree_child(&o->tree, node, STEP_NULL, NULL, 0);
	good = walk_embedded(l, decoded, len);
	if (!good) {
		record_drop(l);
		return EMBED_NOT;
	}
	record_keep(l);
	observer_apply(l);
	return l->text[strspn(l->text, " \t\r")] == '{' ? EMBED_OBJECT
						       : EMBED_ARRAY;
}
