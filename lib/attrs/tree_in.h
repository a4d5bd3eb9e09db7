/*
 * tree_in -- what the files that implement tree.h share.  Not for others.
 */
#ifndef ATTRS_TREE_IN_H
#define ATTRS_TREE_IN_H

#include <string.h>
#include "attrs/tree.h"

/*
 * One slot of the hash table.  The hash travels along, so that a miss reads no
 * node and growing reads no key.
 */
struct tree_slot {
	uint32_t node;		/* 0: empty (the root is in no table) */
	uint32_t hash;
};

/* Keys, in the order of their nodes; the newest block first. */
struct arena_block {
	struct arena_block *prev;
	size_t used, cap;
	char data[];
};

/* Sources of one tree by those of another; indices found on first use. */
struct source_map {
	const struct tree *from;
	uint32_t *index;	/* NO_SOURCE: not looked up yet */
};

static inline bool node_is_dead(const struct tree *t, uint32_t node)
{
	return node != NODE_ROOT && t->attrs[node].parent == NODE_NONE;
}

static inline void pattern_never(struct hot *h)
{
	memset(h->pattern, 0, sizeof(h->pattern));
	h->pattern[0] = '"';
	h->pattern[1] = 1;
	h->length = PATTERN_NEVER;
	h->flags &= (uint8_t)~NODE_LONG;
}

char *arena_copy(struct arena_block **, const char *text, size_t len);
void arena_release(struct arena_block **);

/* The node of a key, or NODE_NONE. */
uint32_t table_find(const struct tree *, uint32_t parent, const char *key,
		    size_t len);
/* Enters a STEP_KEY node that is not in the table. */
void table_insert(struct tree *, uint32_t node);
void table_remove(struct tree *, uint32_t node);
/* An empty table with room for ${keys}; the old one is freed. */
void table_reset(struct tree *, uint32_t keys);

/* Frees what the statistics of a node own and cuts them off. */
void stats_drop(struct tree *, uint32_t node);

/* node_add() with a cache of sources; ${map} may be NULL. */
void node_add_mapped(struct tree *, uint32_t dst, const struct tree *from,
		     uint32_t node, struct source_map *map);

/* Makes a node, whose kind and key are set, the last child of ${parent}. */
void node_link(struct tree *, uint32_t parent, uint32_t node);

/*
 * node_add(), and the marks of --map and --no-map.  A NODE_KEPT key that is
 * added to a {} step does not keep that.
 */
void node_merge(struct tree *, uint32_t dst, const struct tree *from,
		uint32_t node, struct source_map *map);

/*
 * Adds the children of ${node} of ${from}, and all below, under ${dst}.  Where
 * one side is folded the keys of the other go under {}; then fold_due is set.
 */
void subtree_add(struct tree *, uint32_t dst, const struct tree *from,
		 uint32_t node, struct source_map *map);

/* Marks a node NODE_FOLDED and ${more}; a fold is due if it has keys. */
void node_set_folded(struct tree *, uint32_t node, uint8_t more);

/* Takes out the dead nodes; numbers change. */
void tree_compact(struct tree *);

#endif
