/*
 * render_view -- the attributes that are to be shown, as an array.
 */
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "attrs/render_view.h"

struct filler {
	struct view *view;
	uint32_t *index;	/* of a node of the tree */
};

static void take(void *arg, const struct tree *t, uint32_t node)
{
	struct filler *f = arg;
	struct view *v = f->view;
	uint32_t parent = VIEW_NONE, depth = 0;

	if (node != NODE_ROOT) {
		parent = f->index[t->attrs[node].parent];
		depth = v->nodes[parent].depth + 1;
	}
	f->index[node] = v->n;
	v->nodes[v->n++] = (struct view_node){
		.node = node, .parent = parent, .depth = depth
	};
}

static void find_ends(struct view *v)
{
	for (uint32_t i = 0; i < v->n; i++)
		v->nodes[i].end = i + 1;
	for (uint32_t i = v->n; i-- > 1;) {
		struct view_node *p = &v->nodes[v->nodes[i].parent];

		if (p->end < v->nodes[i].end)
			p->end = v->nodes[i].end;
	}
}

/* Is ${c} one that "*" does not pass? */
static bool is_joint(char c)
{
	return c == '.' || c == '[' || c == '{' || c == '|';
}

/*
 * With one place to go back to for "**" and one for "*": a "*" behind a "**"
 * that has failed gives way to it.  No worse than pattern times path.
 */
bool path_matches(const char *pattern, const char *path, size_t len)
{
	const char *p = pattern, *s = path, *end = path + len;
	const char *one = NULL, *one_at = NULL, *any = NULL, *any_at = NULL;

	for (;;) {
		if (p[0] == '*' && p[1] == '*') {
			any = p += 2;
			any_at = s;
			one = NULL;
		} else if (p[0] == '*') {
			one = ++p;
			one_at = s;
		} else if (s < end && *p == *s) {
			p++;
			s++;
		} else if (s == end && !*p) {
			return true;
		} else if (one && one_at < end && !is_joint(*one_at)) {
			p = one;
			s = ++one_at;
		} else if (any && any_at < end) {
			p = any;
			s = ++any_at;
			one = NULL;
		} else {
			return false;
		}
	}
}

/* Whether the path matches one of ${list}; notes which were of use. */
static bool matches(const struct opt_list *list, bool *used,
		    const struct buf *path)
{
	bool any = false;

	for (size_t k = 0; k < list->n; k++) {
		if (!path_matches(list->items[k], path->s, path->len))
			continue;
		used[k] = any = true;
	}
	return any;
}

static bool is_rare(const struct view *v, uint32_t i, uint64_t millionths)
{
	struct facts f;

	if (!millionths)
		return false;
	view_facts(v, i, &f);
	/* without rounding: present / objects < millionths / 1000000 */
	return !facts_required(&f) &&
	       share_of(f.present, f.objects, 1000000) < millionths;
}

enum { OUT = 1, IN = 2 };

/* What stays: IN; an attribute's parents stay with it. */
static void mark(const struct view *v, const struct view_filter *f,
		 unsigned char *marks, bool *selects, bool *excludes)
{
	struct buf path = {0};

	for (uint32_t i = 0; i < v->n; i++) {
		uint32_t parent = v->nodes[i].parent;
		unsigned char above = parent == VIEW_NONE ?
			(f->select.n ? 0 : IN) : marks[parent];

		buf_clear(&path);
		if (f->select.n || f->exclude.n)
			view_path(v, i, &path);
		if (matches(&f->select, selects, &path))
			above |= IN;
		if (matches(&f->exclude, excludes, &path) ||
		    is_rare(v, i, f->min_presence))
			above |= OUT;
		marks[i] = above;
	}
	for (uint32_t i = v->n; i-- > 1;)
		if (marks[i] == IN && !(marks[v->nodes[i].parent] & OUT))
			marks[v->nodes[i].parent] = IN;
	buf_release(&path);
}

static void keep_marked(struct view *v, const unsigned char *marks)
{
	uint32_t *now = mem_alloc((v->n + 1UL) * sizeof(*now));
	uint32_t n = 0;

	for (uint32_t i = 0; i < v->n; i++) {
		struct view_node w = v->nodes[i];

		if (marks[i] != IN)
			continue;
		if (i)
			w.parent = now[w.parent];
		now[i] = n;
		v->nodes[n++] = w;
	}
	v->n = n;
	free(now);
}

static void warn_unused(const char *option, const struct opt_list *list,
			const bool *used)
{
	for (size_t i = 0; i < list->n; i++)
		if (!used[i])
			err_msg("--%s=%s: there is no such attribute", option,
				list->items[i]);
}

static void filter(struct view *v, const struct view_filter *f)
{
	unsigned char *marks = mem_zalloc(v->n + 1UL, 1);
	bool *selects = mem_zalloc(f->select.n + 1, sizeof(bool));
	bool *excludes = mem_zalloc(f->exclude.n + 1, sizeof(bool));

	mark(v, f, marks, selects, excludes);
	keep_marked(v, marks);
	warn_unused("select", &f->select, selects);
	warn_unused("exclude", &f->exclude, excludes);
	free(marks);
	free(selects);
	free(excludes);
}

void view_make(struct view *v, const struct tree *t,
	       const struct view_filter *f)
{
	struct filler to = {v, mem_alloc((t->nodes + 1UL) * sizeof(uint32_t))};

	*v = (struct view){.tree = t};
	v->nodes = mem_alloc((t->nodes + 1UL) * sizeof(*v->nodes));
	tree_walk(t, take, &to);
	free(to.index);
	v->all = v->n;
	if (v->n && (f->select.n || f->exclude.n || f->min_presence))
		filter(v, f);
	find_ends(v);
}

void view_release(struct view *v)
{
	free(v->nodes);
	*v = (struct view){0};
}

void view_path(const struct view *v, uint32_t i, struct buf *b)
{
	struct step *steps = NULL;
	size_t cap = 0, n = tree_steps(v->tree, v->nodes[i].node, &steps, &cap);

	path_write(b, steps, n);
	free(steps);
}

uint32_t view_find(const struct view *v, const char *path, struct buf *why)
{
	struct step *steps = NULL;
	struct buf keys = {0};
	size_t n, cap = 0, at;
	uint32_t node = NODE_ROOT, found = VIEW_NONE;
	const char *what = NULL;

	if (path_parse(path, strlen(path), &keys, &steps, &n, &cap, &what,
		       &at)) {
		buf_addf(why, "%s: not a path: %s at character %zu", path,
			 what, at + 1);
	} else {
		for (size_t i = 0; i < n && node != NODE_NONE; i++)
			node = tree_find(v->tree, node, steps[i].kind,
					 steps[i].key, steps[i].len);
		for (uint32_t i = 0; i < v->n && node != NODE_NONE; i++)
			if (v->nodes[i].node == node)
				found = i;
		if (found == VIEW_NONE)
			buf_addf(why, "%s: there is no such attribute", path);
	}
	free(steps);
	buf_release(&keys);
	return found;
}

void view_each(const struct view *v, void *arg,
	       void (*enter)(void *arg, uint32_t i),
	       void (*leave)(void *arg, uint32_t i))
{
	uint32_t open = VIEW_NONE;

	for (uint32_t i = 0; i <= v->n; i++) {
		/* what ends before i, from the inside out */
		while (open != VIEW_NONE && v->nodes[open].end <= i) {
			if (leave)
				leave(arg, open);
			open = v->nodes[open].parent;
		}
		if (i == v->n)
			break;
		if (enter)
			enter(arg, i);
		open = i;
	}
}
