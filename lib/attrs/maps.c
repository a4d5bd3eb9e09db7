/*
 * maps -- attributes whose keys are data.
 */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "attrs/maps.h"

#define MANY_KEYS 200		/* not a map up to that many */
#define RARE_TENTHS 1		/* mean presence, below */
#define ALIKE_PERCENT 90	/* keys of the same versions, at least */

__extension__ typedef unsigned __int128 wide;

int map_path_read(struct map_path *m, const char *text, struct buf *why)
{
	const char *what;
	size_t at;

	*m = (struct map_path){.text = text};
	if (path_parse(text, strlen(text), &m->keys, &m->steps, &m->n, &m->cap,
		       &what, &at)) {
		buf_addf(why, "%s: not a path: %s at character %zu", text,
			 what, at + 1);
		return -1;
	}
	path_write(&m->path, m->steps, m->n);
	buf_cstr(&m->path);
	return 0;
}

void map_path_release(struct map_path *m)
{
	free(m->steps);
	buf_release(&m->keys);
	buf_release(&m->path);
	*m = (struct map_path){0};
}

void map_path_apply(const struct map_path *m, struct scan *scan)
{
	uint32_t node = NODE_ROOT;

	for (size_t i = 0; i < m->n; i++)
		node = tree_child(&scan->tree, node, m->steps[i].kind,
				  m->steps[i].key, m->steps[i].len);
	tree_fold(&scan->tree, node);
}

/* Did the partials treat it as a map themselves? */
static bool is_given(const struct map_path *m, const struct scan_opts *opts)
{
	for (size_t i = 0; i < opts->nmap; i++)
		if (!strcmp(m->path.s, opts->map[i]))
			return true;
	return false;
}

int map_path_settle(const struct map_path *m, struct scan *scan,
		    const struct scan_opts *opts)
{
	const struct tree *t = &scan->tree;
	uint32_t node = NODE_ROOT, map;

	for (size_t i = 0; i < m->n && node != NODE_NONE; i++)
		node = tree_find(t, node, m->steps[i].kind, m->steps[i].key,
				 m->steps[i].len);
	if (node == NODE_NONE || !tree_count(t, node))
		return -1;
	map = t->attrs[node].map;
	if (map != NODE_NONE && tree_count(t, map) && !is_given(m, opts))
		scan->folded = true;
	return 0;
}

/* One bit for each active version. */
static unsigned active_versions(const struct tree *t, uint32_t node)
{
	static const struct box_stat none;
	const struct hot *h = &t->hot[node];
	const struct box_stat *b = h->box ? &t->boxes[h->box] : &none;

	return (unsigned)(h->str && t->strs[h->str].count) |
	       (unsigned)(h->num && t->nums[h->num].i.count) << 1 |
	       (unsigned)(h->num && t->nums[h->num].f.count) << 2 |
	       (unsigned)(b->boolean.count > 0) << 3 |
	       (unsigned)(b->object.count > 0) << 4 |
	       (unsigned)(b->array_primitive.count > 0) << 5 |
	       (unsigned)(b->array_object.count > 0) << 6 |
	       (unsigned)(b->array_array.count > 0) << 7;
}

/* What the keys of an attribute are like. */
struct look {
	uint64_t keys;		/* with values */
	uint64_t objects;	/* that have them */
	uint64_t met;		/* how often one of them stood in an object */
	uint64_t alike;		/* keys with the versions most of them have */
};

static void look_at(const struct tree *t, uint32_t node, struct look *look)
{
	uint32_t box = t->hot[node].box;
	uint64_t counts[256] = {0};

	*look = (struct look){
		.objects = box ? t->boxes[box].object.count : 0
	};
	for (uint32_t c = t->attrs[node].first_child; c != NODE_NONE;
	     c = t->attrs[c].sibling) {
		uint64_t count = tree_count(t, c), *alike;

		if (t->attrs[c].kind != STEP_KEY || !count)
			continue;
		look->keys++;
		look->met += count - t->attrs[c].duplicates;
		alike = &counts[active_versions(t, c)];
		if (++*alike > look->alike)
			look->alike = *alike;
	}
}

static bool is_map(const struct look *l)
{
	return l->keys > MANY_KEYS && l->objects &&
	       (wide)10 * l->met <
	       (wide)RARE_TENTHS * l->keys * l->objects &&
	       100 * l->alike >= ALIKE_PERCENT * l->keys;
}

/* Figures are rounded down, so that none says more than is true. */
static char *reason(const struct look *l)
{
	struct buf b = {0};
	unsigned thousandths = (unsigned)((wide)1000 * l->met /
					  ((wide)l->keys * l->objects));

	buf_addf(&b, "%llu keys, mean presence ", (unsigned long long)l->keys);
	if (thousandths)
		buf_addf(&b, "0.%03u", thousandths);
	else
		buf_adds(&b, "below 0.001");
	buf_addf(&b, ", %llu %% with the same versions",
		 (unsigned long long)(100 * l->alike / l->keys));
	return buf_cstr(&b);
}

static bool is_kept(const struct tree *t, uint32_t node,
		    const struct map_path *keep, size_t n)
{
	struct step *steps = NULL;
	size_t cap = 0, depth;
	struct buf path = {0};
	bool kept = false;

	depth = tree_steps(t, node, &steps, &cap);
	path_write(&path, steps, depth);
	buf_cstr(&path);
	for (size_t i = 0; i < n && !kept; i++)
		kept = !strcmp(path.s, keep[i].path.s);
	buf_release(&path);
	free(steps);
	return kept;
}

/* 1 when ${node} was folded. */
static size_t try_fold(struct tree *t, uint32_t node,
		       const struct map_path *keep, size_t n)
{
	struct look look;

	/* before looking: most attributes have few keys */
	if (t->attrs[node].keys <= MANY_KEYS)
		return 0;
	look_at(t, node, &look);
	if (!is_map(&look) || is_kept(t, node, keep, n))
		return 0;
	free(t->attrs[node].map_reason);
	t->attrs[node].map_reason = reason(&look);
	tree_fold(t, node);
	return 1;
}

size_t maps_detect(struct scan *scan, const struct map_path *keep, size_t n)
{
	struct tree *t = &scan->tree;
	uint32_t node = NODE_ROOT;
	size_t folded = 0;

	for (;;) {
		folded += try_fold(t, node, keep, n);
		if (t->attrs[node].first_child != NODE_NONE) {
			node = t->attrs[node].first_child;
			continue;
		}
		while (node != NODE_ROOT && t->attrs[node].sibling == NODE_NONE)
			node = t->attrs[node].parent;
		if (node == NODE_ROOT)
			break;
		node = t->attrs[node].sibling;
	}
	tree_fold_wide(t);
	scan->folded |= folded > 0;
	return folded;
}
