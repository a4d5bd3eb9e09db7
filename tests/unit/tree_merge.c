/*
 * tree_merge -- random records: any partition, any order and any tree of
 * merges give what a plain count over the values says, folded or not.
 */
#include "tree_feed.h"

/* Shows the first line that differs. */
static bool same_text(struct buf *a, struct buf *b)
{
	const char *x = buf_cstr(a), *y = buf_cstr(b);
	size_t n;

	while ((n = strcspn(x, "\n")) == strcspn(y, "\n") && !memcmp(x, y, n)) {
		if (!x[n])
			return true;
		x += n + 1;
		y += n + 1;
	}
	printf("is  %.*s\nnot %.*s\n", (int)n, x, (int)strcspn(y, "\n"), y);
	return false;
}

/* One trial: records, what they amount to, and ways to get there. */
#define RECORDS 40
#define PARTS 6
struct trial {
	struct law law;
	struct place places[RECORDS];
	struct value *records[RECORDS];
	uint32_t n;
	struct buf want, full, got;
};

static void trial_tree(const struct trial *r, struct tree *t)
{
	uint32_t node = NODE_ROOT;

	tree_init(t, r->law.max_keys, 0);
	t->extra = &extra;
	if (!r->law.map.given)
		return;
	for (uint32_t i = 0; i < r->law.map.n; i++) {
		uint32_t step = r->law.map.step[i];
		bool item = step == ANY_ITEM;
		const char *key = item ? "" : keys[step];

		node = tree_child(t, node, item ? STEP_ITEM : STEP_KEY, key,
				  strlen(key));
	}
	tree_force(t, node);
}

/* A record that is found to be bad after its nodes were made. */
static void bad_record(struct tree *t)
{
	struct place nowhere = {"nowhere", 0};
	struct value *v = random_value(&nowhere, 4);
	uint32_t nodes = t->nodes;

	observe(t, NODE_ROOT, v, false);
	for (uint32_t i = nodes; i < t->nodes; i++)
		tree_box(t, i)->nulls++;
	tree_undo(t, nodes);
	free_value(v);
}

static void scan(struct tree *t, const struct value *v)
{
	if (below(3) == 0)
		bad_record(t);
	observe(t, NODE_ROOT, v, true);
	if (below(3) == 0)
		tree_fold_wide(t);
}

static void trial_begin(struct trial *r)
{
	static const char *const sources[] = {"b", "a", "", "ab"};
	struct set all = {0};
	struct line root = {.law = &r->law, .out = &r->want};

	r->n = below(RECORDS);
	for (uint32_t i = 0; i < r->n; i++) {
		r->places[i] = (struct place){sources[below(4)], below(50)};
		r->records[i] = random_value(&r->places[i], 5);
		set_add(&all, r->records[i]);
	}
	root.left = r->law.map.given ? 0 : -1;
	buf_clear(&r->want);
	if (all.n)
		count_set(&all, &root);
	free(all.items);
}

static void trial_end(struct trial *r)
{
	for (uint32_t i = 0; i < r->n; i++)
		free_value(r->records[i]);
}

static void trial_release(struct trial *r)
{
	buf_release(&r->want);
	buf_release(&r->full);
	buf_release(&r->got);
}

static void one_scan(struct trial *r)
{
	struct tree t;

	trial_tree(r, &t);
	for (uint32_t i = 0; i < r->n; i++)
		scan(&t, r->records[i]);
	tree_fold_wide(&t);
	CHECK(t.dead == 0);
	dump_tree(&r->got, &t, false);
	CHECK(same_text(&r->got, &r->want));
	CHECK(tree_walk(&t, NULL, NULL) <= t.nodes);
	dump_tree(&r->full, &t, true);
	tree_release(&t);
}

/* Any tree of merges; what is added stays as it was. */
static void merge_parts(struct trial *r, struct tree *parts, uint32_t n)
{
	struct buf before = {0}, after = {0};

	while (n > 1) {
		uint32_t to = below(n), from = (to + 1 + below(n - 1)) % n;

		dump_tree(&before, &parts[from], true);
		tree_add(&parts[to], &parts[from]);
		dump_tree(&after, &parts[from], true);
		CHECK(same_text(&after, &before));
		tree_release(&parts[from]);
		parts[from] = parts[--n];
	}
	tree_fold_wide(&parts[0]);
	dump_tree(&r->got, &parts[0], true);
	CHECK(same_text(&r->got, &r->full));
	buf_release(&before);
	buf_release(&after);
}

static void any_partition(struct trial *r)
{
	struct tree parts[PARTS];
	uint32_t n = 1 + below(PARTS);

	for (uint32_t i = 0; i < n; i++)
		trial_tree(r, &parts[i]);
	for (uint32_t i = 0, j = below(r->n + 1); i < r->n; i++)
		scan(&parts[below(n)], r->records[(i + j) % r->n]);
	merge_parts(r, parts, n);
	tree_release(&parts[0]);
}

static void random_map(struct law *law)
{
	law->map.given = below(2);
	law->map.n = below(4);
	for (uint32_t i = 0; i < law->map.n; i++)
		law->map.step[i] = below(4) ? below(KEYS) : ANY_ITEM;
}

static void test_laws(void)
{
	struct trial r = {0};

	for (int i = 0; i < 400; i++) {
		r.law.max_keys = below(KEYS + 1);
		random_map(&r.law);
		trial_begin(&r);
		one_scan(&r);
		any_partition(&r);
		any_partition(&r);
		trial_end(&r);
	}
	trial_release(&r);
}

/* Folds the place of the map path by hand; false: nothing to fold there. */
static bool fold_place(struct tree *t, const struct map_path *m)
{
	uint32_t node = NODE_ROOT;

	for (uint32_t i = 0; i < m->n && node != NODE_NONE; i++)
		node = m->step[i] == ANY_ITEM ?
			tree_find(t, node, STEP_ITEM, NULL, 0) :
			tree_find(t, node, STEP_KEY, keys[m->step[i]],
				  strlen(keys[m->step[i]]));
	if (node == NODE_NONE || !t->attrs[node].keys)
		return false;
	tree_fold(t, node);
	CHECK(t->attrs[node].keys == 0);
	CHECK(t->hot[node].flags & NODE_FOLDED);
	return true;
}

/* Folded in some parts, not in others: folded in the sum. */
static void test_one_sided(void)
{
	struct trial r = {0};
	struct tree parts[2];
	int folded = 0;

	for (int i = 0; i < 300; i++) {
		random_map(&r.law);
		r.law.map.given = true;
		trial_begin(&r);
		r.law.map.given = false;
		trial_tree(&r, &parts[0]);
		trial_tree(&r, &parts[1]);
		for (uint32_t j = 0; j < r.n; j++)
			scan(&parts[below(2)], r.records[j]);
		if (fold_place(&parts[below(2)], &r.law.map)) {
			tree_add(&parts[0], &parts[1]);
			dump_tree(&r.got, &parts[0], false);
			CHECK(same_text(&r.got, &r.want));
			folded++;
		}
		tree_release(&parts[0]);
		tree_release(&parts[1]);
		trial_end(&r);
	}
	CHECK(folded > 30);
	trial_release(&r);
}

/* The empty tree changes nothing, on either side. */
static void test_empty(void)
{
	struct trial r = {0};
	struct tree some, none;

	trial_begin(&r);
	trial_tree(&r, &some);
	trial_tree(&r, &none);
	for (uint32_t i = 0; i < r.n; i++)
		scan(&some, r.records[i]);
	tree_add(&some, &none);
	dump_tree(&r.got, &some, false);
	CHECK(same_text(&r.got, &r.want));
	tree_add(&none, &some);
	dump_tree(&r.got, &none, false);
	CHECK(same_text(&r.got, &r.want));
	tree_release(&some);
	tree_release(&none);
	trial_end(&r);
	trial_release(&r);
}

/* --map=.a --map=.a.b, in either order: .a{} is a map too. */
static void test_maps_in_maps(void)
{
	for (int inner_first = 0; inner_first < 2; inner_first++) {
		struct tree t;
		uint32_t a, b, map;

		tree_init(&t, 0, 0);
		a = tree_child(&t, 0, STEP_KEY, "a", 1);
		if (!inner_first)
			tree_force(&t, a);
		b = tree_child(&t, a, STEP_KEY, "b", 1);
		tree_force(&t, b);
		if (inner_first)
			tree_force(&t, a);
		tree_box(&t, tree_child(&t, a, STEP_MAP, NULL, 0))->nulls++;
		CHECK(t.fold_due);
		tree_fold_wide(&t);
		a = tree_find(&t, 0, STEP_KEY, "a", 1);
		map = tree_find(&t, a, STEP_MAP, NULL, 0);
		CHECK(map != NODE_NONE && t.attrs[a].keys == 0);
		CHECK(t.hot[map].flags & NODE_FORCED);
		CHECK(t.hot[map].flags & NODE_FOLDED);
		CHECK(tree_count(&t, map) == 1);
		tree_release(&t);
	}
}

int main(void)
{
	test_maps_in_maps();
	test_laws();
	test_one_sided();
	test_empty();
	return unit_end("tree_merge");
}
