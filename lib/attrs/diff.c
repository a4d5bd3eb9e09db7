/*
 * diff -- what changed between two scans: attributes and their versions.
 *
 * Both scans are added up, and the sum is gone through: that gives one order,
 * and each node of it is looked for in either scan.
 */
#include <stdlib.h>
#include "base/mem.h"
#include "attrs/diff_in.h"

const char *const drift_class_names[DRIFT_CLASSES] = {
	"patch", "additive", "breaking"
};

const char *const drift_names[DRIFT_COUNT] = {
#define X(id, name) name,
	DRIFT_CHANGES(X)
#undef X
};

void differ_clear(struct differ *d)
{
	buf_clear(&d->a);
	buf_clear(&d->b);
}

void differ_tell(struct differ *d, enum drift_change change,
		 enum drift_class class, enum version v,
		 const struct facts *now, bool has_first)
{
	struct drift drift = {
		.change = change, .class = class, .version = v,
		.tree = d->both, .node = d->node, .first_in = d->now,
		.old = d->a.len ? buf_cstr(&d->a) : "null",
		.now = d->b.len ? buf_cstr(&d->b) : "null"
	};

	drift.bump = drift_bump(&drift, d->old_facts, d->now_facts);
	if (has_first && v != NO_VERSION)
		drift.first = facts_first(now, v);
	has_first = has_first && v == NO_VERSION;
	for (unsigned k = 0; has_first && k < VERSIONS; k++) {
		const struct first *f = facts_first(now, (enum version)k);

		if (facts_has(now, (enum version)k) &&
		    (!drift.first || first_less(d->now, f, drift.first)))
			drift.first = f;
	}
	if (drift.first && drift.first->source == NO_SOURCE)
		drift.first = NULL;
	d->found(d->arg, &drift);
	differ_clear(d);
}

static bool is_there(const struct tree *t, uint32_t node)
{
	return node != NODE_NONE && tree_count(t, node) > 0;
}

static uint32_t find_in(const struct tree *t, uint32_t parent,
			const struct attr *a)
{
	uint32_t node;

	if (parent == NODE_NONE)
		return NODE_NONE;
	node = tree_find(t, parent, a->kind, a->key, a->key_len);
	return is_there(t, node) ? node : NODE_NONE;
}

static bool has_map(const struct tree *t, uint32_t node)
{
	return is_there(t, t->attrs[node].map);
}

static bool has_keys(const struct tree *t, uint32_t node)
{
	for (uint32_t c = t->attrs[node].first_child; c != NODE_NONE;
	     c = t->attrs[c].sibling)
		if (t->attrs[c].kind == STEP_KEY && tree_count(t, c))
			return true;
	return false;
}

static bool became_map(const struct tree *from, uint32_t a,
		       const struct tree *to, uint32_t b)
{
	return !has_map(from, a) && has_keys(from, a) && has_map(to, b);
}

static bool has_arrays(const struct tree *t, uint32_t node)
{
	struct facts f;

	facts_read(&f, t, node);
	return f.box->arrays;
}

/* The versions that ${t} has at a node; none where there is no node. */
static unsigned active_in(const struct tree *t, uint32_t node)
{
	struct facts f;

	if (node == NODE_NONE)
		return 0;
	facts_read(&f, t, node);
	return f.active;
}

enum {
	ARRAYS = 1u << VERSION_ARRAY_PRIMITIVE | 1u << VERSION_ARRAY_OBJECT |
		 1u << VERSION_ARRAY_ARRAY,
	SCALARS = 1u << VERSION_STR | 1u << VERSION_INT | 1u << VERSION_FLOAT |
		  1u << VERSION_BOOL
};

/*
 * The versions of an item that come with those that its array has got (or
 * lost): ${changed} are the array's.
 */
static unsigned versions_explained(unsigned changed)
{
	unsigned by = 0;

	if (changed & 1u << VERSION_ARRAY_PRIMITIVE)
		by |= SCALARS;
	if (changed & 1u << VERSION_ARRAY_OBJECT)
		by |= 1u << VERSION_OBJECT;
	if (changed & 1u << VERSION_ARRAY_ARRAY)
		by |= ARRAYS;
	return by;
}

/*
 * Is an attribute that ${to} has and ${from} has not, both with the parents
 * given, explained by what happened to its parent?
 */
static bool is_explained(const struct tree *from, uint32_t a,
			 const struct tree *to, uint32_t b,
			 enum step_kind kind)
{
	unsigned got;

	if (a == NODE_NONE)
		return true;		/* the parent is new itself */
	got = active_in(to, b) & ~active_in(from, a);
	switch (kind) {
	case STEP_ITEM:
		return got & ARRAYS || !has_arrays(from, a);
	case STEP_KEY:
	case STEP_MAP:
		return got & 1u << VERSION_OBJECT ||
		       became_map(from, a, to, b) ||
		       became_map(to, b, from, a);
	case STEP_NULL:
		return got & 1u << VERSION_STR;
	}
	return false;
}

static uint64_t below(const struct tree *t, uint32_t node)
{
	uint64_t n = 0;
	uint32_t at = node;

	/* down first, then along, then up: no stack */
	for (;;) {
		if (t->attrs[at].first_child != NODE_NONE) {
			at = t->attrs[at].first_child;
		} else {
			while (at != node && t->attrs[at].sibling == NODE_NONE)
				at = t->attrs[at].parent;
			if (at == node)
				return n;
			at = t->attrs[at].sibling;
		}
		n += tree_count(t, at) > 0;
	}
}

/* What is told of an attribute that only one of the scans has. */
static void add_whole(struct buf *b, const struct tree *t, uint32_t node,
		      const struct facts *f)
{
	const char *comma = "";

	buf_adds(b, "{\"versions\":[");
	for (unsigned v = 0; v < VERSIONS; v++) {
		if (!facts_has(f, (enum version)v))
			continue;
		buf_addf(b, "%s\"%s\"", comma, version_name((enum version)v));
		comma = ",";
	}
	buf_addf(b, "],\"count\":%llu,\"nulls\":%llu,\"required\":%s,"
		 "\"below\":%llu}", (unsigned long long)f->count,
		 (unsigned long long)f->nulls,
		 facts_required(f) ? "true" : "false",
		 (unsigned long long)below(t, node));
}

static void tell_added(struct differ *d, uint32_t b)
{
	struct facts f;

	facts_read(&f, d->now, b);
	d->now_facts = &f;
	add_whole(&d->b, d->now, b, &f);
	differ_tell(d, DRIFT_ADDED, DRIFT_ADDITIVE, NO_VERSION, &f, true);
}

static void tell_removed(struct differ *d, uint32_t a)
{
	struct facts f;

	if (d->opts->partial)
		return;
	facts_read(&f, d->old, a);
	d->old_facts = &f;
	add_whole(&d->a, d->old, a, &f);
	differ_tell(d, DRIFT_REMOVED, DRIFT_BREAKING, NO_VERSION, &f, false);
}

static void add_count(struct buf *b, const struct facts *f, enum version v)
{
	buf_addf(b, "{\"count\":%llu,\"of\":%llu}",
		 (unsigned long long)f->counts[v],
		 (unsigned long long)f->count);
}

/* Whom the first value of a version breaks: nobody where all was null. */
static enum drift_class class_of_new(const struct facts *old, enum version v)
{
	if (old->active || (old->box->arrays && !(ARRAYS & 1u << v)))
		return DRIFT_BREAKING;
	return DRIFT_ADDITIVE;
}

/* Types met for the first time, and no longer. */
static bool diff_versions(struct differ *d, const struct facts *old,
			  const struct facts *now, unsigned explained_new,
			  unsigned explained_gone)
{
	bool changed = false;

	for (unsigned k = 0; k < VERSIONS; k++) {
		enum version v = (enum version)k;
		bool was = facts_has(old, v), is = facts_has(now, v);

		if (was == is)
			continue;
		changed = true;
		add_count(&d->a, old, v);
		add_count(&d->b, now, v);
		if (is && !(explained_new & 1u << k))
			differ_tell(d, DRIFT_VERSION_ADDED,
				    class_of_new(old, v), v, now, true);
		else if (was && !d->opts->partial &&
			 !(explained_gone & 1u << k))
			differ_tell(d, DRIFT_VERSION_LOST, DRIFT_PATCH, v, now,
				    false);
		differ_clear(d);
	}
	return changed;
}

/*
 * Arrays without a version, as they are empty or hold only nulls: the first, or
 * no longer.  What comes with a version is told of that.
 */
static bool diff_arrays(struct differ *d, const struct facts *old,
			const struct facts *now)
{
	uint64_t was = old->box->arrays, is = now->box->arrays;

	if (!was == !is || (old->active | now->active) & ARRAYS)
		return false;
	buf_addf(&d->a, "{\"arrays\":%llu,\"of\":%llu}",
		 (unsigned long long)was, (unsigned long long)old->count);
	buf_addf(&d->b, "{\"arrays\":%llu,\"of\":%llu}",
		 (unsigned long long)is, (unsigned long long)now->count);
	if (is)
		differ_tell(d, DRIFT_ARRAYS_APPEARED, old->active ?
			    DRIFT_BREAKING : DRIFT_ADDITIVE, NO_VERSION, now,
			    false);
	else if (!d->opts->partial)
		differ_tell(d, DRIFT_ARRAYS_GONE, DRIFT_PATCH, NO_VERSION, now,
			    false);
	differ_clear(d);
	return true;
}

static uint64_t keys_of(const struct tree *t, uint32_t node)
{
	uint64_t n = 0;

	for (uint32_t c = t->attrs[node].first_child; c != NODE_NONE;
	     c = t->attrs[c].sibling)
		n += t->attrs[c].kind == STEP_KEY && tree_count(t, c);
	return n;
}

static void diff_maps(struct differ *d, uint32_t a, uint32_t b,
		      const struct facts *now)
{
	enum drift_change change;

	if (became_map(d->old, a, d->now, b))
		change = DRIFT_MAP_FOLDED;
	else if (became_map(d->now, b, d->old, a))
		change = DRIFT_MAP_UNFOLDED;
	else
		return;
	buf_addf(&d->a, "{\"keys\":%llu,\"map\":%s}",
		 (unsigned long long)keys_of(d->old, a),
		 has_map(d->old, a) ? "true" : "false");
	buf_addf(&d->b, "{\"keys\":%llu,\"map\":%s}",
		 (unsigned long long)keys_of(d->now, b),
		 has_map(d->now, b) ? "true" : "false");
	differ_tell(d, change, DRIFT_BREAKING, NO_VERSION, now, false);
}

static void diff_both(struct differ *d, uint32_t a, uint32_t b)
{
	unsigned more = 0, less = 0;
	struct facts old, now;
	bool changed;

	facts_read(&old, d->old, a);
	facts_read(&now, d->now, b);
	d->old_facts = &old;
	d->now_facts = &now;
	if (old.attr->kind == STEP_ITEM) {
		unsigned was = active_in(d->old, old.attr->parent);
		unsigned is = active_in(d->now, now.attr->parent);

		more = versions_explained(is & ~was);
		less = versions_explained(was & ~is);
	}
	changed = diff_versions(d, &old, &now, more, less);
	changed |= diff_arrays(d, &old, &now);
	diff_maps(d, a, b, &now);
	diff_values(d, &old, &now, changed);
}

static void visit(void *arg, const struct tree *both, uint32_t node)
{
	struct differ *d = arg;
	const struct attr *attr = &both->attrs[node];
	uint32_t a = NODE_ROOT, b = NODE_ROOT, pa = NODE_NONE, pb = NODE_NONE;

	d->node = node;
	if (node != NODE_ROOT) {
		pa = d->old_of[attr->parent];
		pb = d->now_of[attr->parent];
		a = find_in(d->old, pa, attr);
		b = find_in(d->now, pb, attr);
	} else {
		/* no records: none of it was there */
		a = is_there(d->old, a) ? a : NODE_NONE;
		b = is_there(d->now, b) ? b : NODE_NONE;
	}
	d->old_of[node] = a;
	d->now_of[node] = b;
	if (a != NODE_NONE && b != NODE_NONE)
		diff_both(d, a, b);
	else if (b != NODE_NONE && (node == NODE_ROOT ||
		 !is_explained(d->old, pa, d->now, pb, attr->kind)))
		tell_added(d, b);
	else if (a != NODE_NONE && (node == NODE_ROOT ||
		 !is_explained(d->now, pb, d->old, pa, attr->kind)))
		tell_removed(d, a);
}

void diff_scans(const struct scan *old, const struct scan *now,
		const struct diff_opts *opts,
		void (*found)(void *arg, const struct drift *), void *arg)
{
	struct differ d = {
		.old = &old->tree, .now = &now->tree, .opts = opts,
		.found = found, .arg = arg
	};
	struct tree both;

	tree_init(&both, 0, 0);
	both.extra = old->tree.extra ? old->tree.extra : now->tree.extra;
	tree_add(&both, &old->tree);
	tree_add(&both, &now->tree);
	d.both = &both;
	d.old_of = mem_alloc((both.nodes + 1UL) * sizeof(uint32_t));
	d.now_of = mem_alloc((both.nodes + 1UL) * sizeof(uint32_t));
	tree_walk(&both, visit, &d);
	free(d.old_of);
	free(d.now_of);
	buf_release(&d.a);
	buf_release(&d.b);
	tree_release(&both);
}
