/*
 * tree -- attributes and their statistics.
 *
 * A node is one attribute: a place that values were met at, named by its steps
 * (attr(5)).  Nodes are known by their number, which stays until a fold; node 0
 * is the record itself.  Numbers, not pointers, are kept, because the arrays
 * move when they grow.
 *
 * What the scanner touches for every value stands apart from what only output
 * and merging need:
 *
 *   tree.hot[node]   one cache line: the key as it is written, and guesses
 *   tree.attrs[node] the rest: parent, steps, lists of children
 *   tree.strs[], nums[], boxes[]   statistics, made when a type is first met
 *
 * All statistics are sums, minima, maxima or unions: stat_*_add() of any
 * partition in any order gives the same.
 *
 * Memory is the tree's; tree_release() frees all.  A tree belongs to one thread
 * at a time.
 */
#ifndef ATTRS_TREE_H
#define ATTRS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "json/path.h"
#include "attrs/formats.h"

#define NODE_NONE UINT32_MAX
#define NODE_ROOT 0
#define KEY_INLINE 29	/* longest key of which all stands in hot.pattern */

/* Where a version was first met: the smallest (rank of source, byte). */
struct first {
	uint64_t byte;
	uint32_t source;	/* in tree.sources; NO_SOURCE: never met */
	uint32_t epoch;		/* the observer's, when it last looked here */
};
#define NO_SOURCE UINT32_MAX

/* The sparse part: --stats=full, --values, --samples (extra.h). */
struct extra;
struct extra_opts;

struct str_stat {		/* the first cache line is all that most need */
	uint64_t count, bytes;	/* bytes as written, quotes included */
	uint64_t chars;		/* sum of code points after unescaping */
	uint64_t chars_min, chars_max;	/* min UINT64_MAX while count is 0 */
	uint64_t empty;
	struct first first;
	uint64_t *formats;	/* FORMATS_MAX counters, or NULL; owned */
	struct extra *extra;	/* or NULL; owned */
	uint64_t embedded_object, embedded_array;
};

/*
 * An extreme number.  Small ints need no text: it is made from the value.
 */
struct extreme {
	enum { EXT_NONE, EXT_SMALL, EXT_TEXT } kind;
	uint32_t len;		/* EXT_TEXT */
	int64_t small;		/* EXT_SMALL: an int that is not -0 */
	char *text;		/* EXT_TEXT; owned; NULL otherwise */
};

struct int_stat {
	uint64_t count, bytes;
	struct extreme min, max;
	uint32_t digits;	/* most significant; 0: no number took part */
	uint64_t epoch_s, epoch_ms;
	struct first first;
	struct extra *extra;
};

struct float_stat {
	uint64_t count, bytes;
	struct extreme min, max;	/* never EXT_SMALL */
	uint32_t digits, scale;
	uint64_t exponent;
	double low, high;	/* the scanner's: what lies clearly between is
				   no extreme; no result depends on them */
	bool guarded;
	struct first first;
	struct extra *extra;
};

struct num_stat {		/* both kinds of a node */
	struct int_stat i;
	struct float_stat f;
};

struct kind_stat {		/* count and place of a version without more */
	uint64_t count;
	struct first first;
};

/*
 * Minima (chars, keys, items) are UINT64_MAX while nothing was met.  What one
 * kind of value needs stands together: many attributes do not fit the cache.
 */
struct box_stat {		/* everything that is no string and no number */
	uint64_t box_bytes;		/* objects and arrays, bracket to bracket */
	struct kind_stat object;
	uint64_t keys_min, keys_max;	/* members as written */
	uint64_t nulls;
	uint64_t arrays;		/* all of them, empty ones included */
	uint64_t arrays_empty;		/* empty, or nulls alone */
	uint64_t items_min, items_max, items_sum;
	struct kind_stat array_primitive, array_object, array_array;
	uint64_t bool_true;
	struct kind_stat boolean;
};

enum {
	NODE_FOLDED = 1,	/* its keys are one {} step */
	NODE_FORCED = 2,	/* by --map */
	NODE_KEPT = 4,		/* by --no-map */
	NODE_LONG = 8		/* pattern is only the key's beginning */
};

/*
 * Keys with a backslash, quote, control or lone surrogate have the pattern
 * that never matches: a quote and a control byte, which no valid text has.
 * Guesses are 0 (the root, which never matches) until the scanner knows better.
 */
#define PATTERN_NEVER 2

struct hot {			/* 64 bytes, one cache line */
	unsigned char pattern[32];	/* "key": with its quotes; rest is 0 */
	uint8_t length;		/* of the pattern */
	uint8_t flags;
	uint16_t order;		/* attr.order, or 65535 when that is more */
	uint32_t seen;		/* number of the last object that had it */
	uint32_t next;		/* guess: the sibling that follows */
	uint32_t child;		/* guess: its first key */
	uint32_t str, num, box;	/* statistics; 0: none yet */
	uint32_t item;		/* [] child, or NODE_NONE */
};

struct attr {
	char *key;		/* STEP_KEY: unescaped, NUL behind; arena */
	uint32_t key_len;
	uint32_t parent;	/* NODE_NONE for the root */
	uint32_t first_child, last_child, sibling;	/* as they came */
	uint32_t keys;		/* STEP_KEY children */
	uint32_t map, null;	/* {} and null children, or NODE_NONE */
	uint32_t other_next, other_child;	/* guesses before hot's; may be
						   anything, also stale */
	uint32_t order;		/* smallest position in its object; 0 for other
				   steps, UINT32_MAX for a key never met */
	enum step_kind kind;	/* STEP_NULL for the root */
	uint64_t duplicates;
	uint64_t bytes;		/* read from partials, on top of the stats' */
	char *map_reason;	/* merge-attrs --detect-maps; owned, or NULL */
};

struct source_ranges {		/* of one source: what was scanned */
	char *name;
	bool ranged;		/* false: <stdin>, no ranges */
	struct range { uint64_t from, to; } *items;	/* sorted, apart */
	size_t n, cap;
};

/* What the scan line says besides attributes (scan.h). */
struct tree {
	struct hot *hot;
	struct attr *attrs;
	uint32_t nodes;
	size_t hot_cap, attrs_cap;
	struct str_stat *strs;		/* [0] is unused */
	struct num_stat *nums;
	struct box_stat *boxes;
	uint32_t nstrs, nnums, nboxes;
	size_t strs_cap, nums_cap, boxes_cap;
	struct tree_slot *table;	/* open addressing on (parent, key) */
	uint32_t table_mask, table_used;
	uint64_t seed;			/* of the table's hash; never shows */
	char **sources;			/* names, for first */
	uint32_t *sources_sorted;	/* indices, by bytes of the name */
	uint32_t nsources;
	size_t sources_cap, sorted_cap;
	struct arena_block *arena;	/* keys */
	const struct extra_opts *extra;	/* of the scan, not owned; NULL: no
					   node has a struct extra */
	uint32_t dead;		/* nodes folded away, not yet reclaimed */
	uint32_t max_keys;		/* 0: never fold */
	uint32_t max_attrs;		/* 0: no limit */
	bool fold_due;			/* a node has more keys than max_keys */
};

void tree_init(struct tree *, uint32_t max_keys, uint32_t max_attrs);
void tree_release(struct tree *);

/*
 * The child of ${parent}; made when it is not there.  For STEP_KEY ${key} is
 * unescaped text.  Never NODE_NONE.  Does not look at NODE_FOLDED: callers use
 * STEP_MAP there.  A new STEP_MAP child makes ${parent} NODE_FOLDED; keys that
 * ${parent} has by then are folded by the next tree_fold_wide().
 */
uint32_t tree_child(struct tree *, uint32_t parent, enum step_kind kind,
		    const char *key, size_t len);
/* The same, NODE_NONE when it is not there. */
uint32_t tree_find(const struct tree *, uint32_t parent, enum step_kind kind,
		   const char *key, size_t len);

/*
 * Removes the nodes from ${nodes} on (a record was bad).  Guesses elsewhere
 * that name removed nodes are left: a guess is checked against tree.nodes, or
 * was journalled by who made it.  No fold may have happened in between.
 */
void tree_undo(struct tree *, uint32_t nodes);

/* Statistics of a node, made on first use; valid until the next such call. */
struct str_stat *tree_str(struct tree *, uint32_t node);
struct num_stat *tree_num(struct tree *, uint32_t node);
struct box_stat *tree_box(struct tree *, uint32_t node);

/* Values met, nulls included; bytes of all of them. */
uint64_t tree_count(const struct tree *, uint32_t node);
uint64_t tree_bytes(const struct tree *, uint32_t node);

/* Index of a source's name in ${tree}->sources, added if new. */
uint32_t tree_source(struct tree *, const char *name);

/* Keeps the smaller: by bytes of the source's name, then byte. */
void first_add(struct tree *, struct first *, const struct tree *from,
	       const struct first *other);
bool first_less(const struct tree *, const struct first *,
		const struct first *);

/* Calls ${see} for each one that is a place; it may change it. */
void tree_each_first(struct tree *,
		     void (*see)(void *arg, struct tree *, struct first *),
		     void *arg);

/* Adds a number to an extreme; ${want} -1 keeps the minimum, 1 the maximum. */
void extreme_add(struct extreme *, const char *text, size_t len, int want);
/* Text of an extreme into ${out} (24 bytes for a small one); its length. */
size_t extreme_text(const struct extreme *, const char **text, char out[24]);
void extreme_release(struct extreme *);

/* Adds the statistics of ${node} of ${from} to ${dst} of ${tree}, not below. */
void node_add(struct tree *, uint32_t dst, const struct tree *from,
	      uint32_t node);

/*
 * Adds all of ${from} (merge law): ${from} is left as it was.  Then folds what
 * has become wider than max_keys: all node numbers of ${tree} are invalid
 * afterwards, as below.
 */
void tree_add(struct tree *, const struct tree *from);

/*
 * Folds every node whose keys are more than max_keys, downwards (fold.c), and
 * gives the memory of folded nodes back: all node numbers are invalid
 * afterwards (but NODE_ROOT), all guesses are reset.  NODE_KEPT nodes stay.
 * Keys without values do not count.  A child's NODE_FORCED goes to the {} node:
 * who marks nodes of --map makes them before the first record, so that the
 * outcome does not depend on what was met first.
 */
void tree_fold_wide(struct tree *);
/*
 * Marks a node of --map: NODE_FOLDED and NODE_FORCED.  A fold is due if it has
 * keys (of another such path below).
 */
void tree_force(struct tree *, uint32_t node);
/*
 * Folds one node: its keys' subtrees are added up under {}, then downwards.
 * Sets NODE_FOLDED.  Numbers of the nodes that remain stay valid; the others'
 * memory is reclaimed by the next tree_fold_wide() or tree_add().
 */
void tree_fold(struct tree *, uint32_t node);

/*
 * Nodes with values, depth first, siblings as in attr(5): calls ${visit} for
 * each.  Nodes without any value (left by rejected records) are passed over.
 * Returns their number; ${visit} may be NULL.
 */
uint64_t tree_walk(const struct tree *,
		   void (*visit)(void *, const struct tree *, uint32_t node),
		   void *arg);

/* The steps of a node, root first; ${steps} grown with mem_grow(). */
size_t tree_steps(const struct tree *, uint32_t node, struct step **steps,
		  size_t *cap);

#endif
