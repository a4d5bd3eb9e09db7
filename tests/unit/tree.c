/*
 * tree -- nodes against a plain list: made, found, undone, walked.
 */
#include "attrs/tree_in.h"
#include "base/mem.h"
#include "unit.h"

static uint64_t random_state = 1;

static uint32_t below(uint32_t n)	/* splitmix64 */
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return (uint32_t)((z ^ (z >> 31)) >> 32) % n;
}

/* The model: a list of nodes, searched from the start. */
struct plain {
	uint32_t parent;
	enum step_kind kind;
	const char *key;
	size_t len;
};
#define MAX_PLAIN 4000
static struct plain model[MAX_PLAIN];
static uint32_t model_n;

/* Keys of every kind; the pattern that hot[] must have, NULL: none. */
static const struct sample {
	const char *key;
	size_t len;
	const char *pattern;
} samples[] = {
	{"", 0, "\"\":"},
	{"a", 1, "\"a\":"},
	{"b", 1, "\"b\":"},
	{"ab", 2, "\"ab\":"},
	{"a\0b", 3, NULL},
	{"a\0c", 3, NULL},
	{"a\"b", 3, NULL},
	{"a\\b", 3, NULL},
	{"tab\t", 4, NULL},
	{"\x1f", 1, NULL},
	{" ", 1, "\" \":"},
	{"\x7f", 1, "\"\x7f\":"},
	{"\xc3\xa9", 2, "\"\xc3\xa9\":"},
	{"\xed\x9f\xbf", 3, "\"\xed\x9f\xbf\":"},	/* U+D7FF */
	{"\xed\xa0\x80", 3, NULL},			/* lone U+D800 */
	{"x\xed\xbf\xbf", 4, NULL},			/* lone U+DFFF */
	{"\xee\x80\x80", 3, "\"\xee\x80\x80\":"},	/* U+E000 */
	{"\xf0\x9f\x98\x80", 4, "\"\xf0\x9f\x98\x80\":"},
	{"abcdefghijklmnopqrstuvwxyz123", 29,
	 "\"abcdefghijklmnopqrstuvwxyz123\":"},
	{"abcdefghijklmnopqrstuvwxyz1234", 30,
	 "\"abcdefghijklmnopqrstuvwxyz1234"},
	{"abcdefghijklmnopqrstuvwxyz1234567890", 36,
	 "\"abcdefghijklmnopqrstuvwxyz12345"},
	{"abcdefghijklmnopqrstuvwxyz1234567899", 36,
	 "\"abcdefghijklmnopqrstuvwxyz12345"},
	{"abcdefghijklmnopqrstuvwxyz12345678\n", 35, NULL},
};
#define SAMPLES (sizeof(samples) / sizeof(*samples))

static uint32_t model_find(uint32_t parent, enum step_kind kind,
			   const char *key, size_t len)
{
	for (uint32_t i = 1; i < model_n; i++)
		if (model[i].parent == parent && model[i].kind == kind &&
		    (kind != STEP_KEY || (model[i].len == len &&
					  !memcmp(model[i].key, key, len))))
			return i;
	return NODE_NONE;
}

static enum step_kind random_kind(void)
{
	static const enum step_kind kinds[] = {
		STEP_ITEM, STEP_MAP, STEP_NULL, STEP_KEY
	};
	uint32_t i = below(10);

	return kinds[i < 3 ? i : 3];
}

static void check_pattern(const struct tree *t, uint32_t node,
			  const struct sample *s)
{
	const struct hot *h = &t->hot[node];
	unsigned char want[32] = {'"', 1};
	size_t n = s->pattern ? strlen(s->pattern) : PATTERN_NEVER;

	if (s->pattern)
		memcpy(want, s->pattern, n < 32 ? n : 32);
	CHECK(h->length == (s->len > KEY_INLINE && s->pattern ? 32 : n));
	CHECK(!memcmp(h->pattern, want, 32));
	CHECK(!(h->flags & NODE_LONG) == (s->len <= KEY_INLINE || !s->pattern));
}

static void random_child(struct tree *t)
{
	uint32_t parent = below(model_n), want, got;
	enum step_kind kind = random_kind();
	const struct sample *s = &samples[below(SAMPLES)];

	if (kind != STEP_KEY)
		s = &samples[0];
	want = model_find(parent, kind, s->key, s->len);
	CHECK(tree_find(t, parent, kind, s->key, s->len) == want);
	if (want == NODE_NONE) {
		if (model_n == MAX_PLAIN)
			return;
		want = model_n;
		model[model_n++] = (struct plain){
			parent, kind, s->key, s->len
		};
	}
	got = tree_child(t, parent, kind, s->key, s->len);
	CHECK(got == want);
	if (kind == STEP_KEY)
		check_pattern(t, got, s);
}

static uint32_t model_only(uint32_t parent, enum step_kind kind)
{
	return model_find(parent, kind, "", 0);
}

/* Lists, links and counts of one node. */
static void check_node(const struct tree *t, uint32_t node)
{
	const struct attr *a = &t->attrs[node];
	uint32_t at = a->first_child, last = NODE_NONE, keys = 0;

	for (uint32_t i = node + 1; i < model_n; i++) {
		if (model[i].parent != node)
			continue;
		CHECK(at == i);
		if (at != i)
			return;
		keys += model[i].kind == STEP_KEY;
		last = at;
		at = t->attrs[at].sibling;
	}
	CHECK(at == NODE_NONE);
	CHECK(a->last_child == last);
	CHECK(a->keys == keys);
	CHECK(t->hot[node].item == model_only(node, STEP_ITEM));
	CHECK(a->map == model_only(node, STEP_MAP));
	CHECK(a->null == model_only(node, STEP_NULL));
	CHECK((uintptr_t)&t->hot[node] % 64 == 0);
}

static void check_steps(const struct tree *t, uint32_t node)
{
	static struct step *steps;
	static size_t cap;
	size_t n = tree_steps(t, node, &steps, &cap);

	for (; node != NODE_ROOT && n; node = model[node].parent) {
		const struct step *s = &steps[--n];

		CHECK(s->kind == model[node].kind);
		if (s->kind == STEP_KEY)
			CHECK(s->len == model[node].len &&
			      !memcmp(s->key, model[node].key, s->len));
	}
	CHECK(node == NODE_ROOT && n == 0);
	if (t->nodes == 1) {
		free(steps);
		steps = NULL;
		cap = 0;
	}
}

static void check_all(const struct tree *t)
{
	uint32_t keys = 0;

	CHECK(t->nodes == model_n);
	for (uint32_t i = 0; i < model_n; i++) {
		check_node(t, i);
		check_steps(t, i);
		if (i == 0)
			continue;
		keys += model[i].kind == STEP_KEY;
		CHECK(tree_find(t, model[i].parent, model[i].kind,
				model[i].key, model[i].len) == i);
	}
	CHECK(t->table_used == keys);
}

/* Statistics of any kind, with everything that is allocated. */
static void touch(struct tree *t, uint32_t node)
{
	switch (below(4)) {
	case 0:
		tree_str(t, node)->count++;
		if (!tree_str(t, node)->formats)
			tree_str(t, node)->formats =
				mem_zalloc(format_count(), sizeof(uint64_t));
		break;
	case 1:
		tree_num(t, node)->i.count++;
		extreme_add(&tree_num(t, node)->i.min, "-0", 2, -1);
		break;
	case 2:
		tree_box(t, node)->nulls++;
		break;
	default:
		break;
	}
}

static void test_undo(struct tree *t)
{
	uint32_t mark = model_n, strs, nums, boxes;
	uint32_t more = below(200);

	strs = t->nstrs;
	nums = t->nnums;
	boxes = t->nboxes;
	for (uint32_t i = 0; i < more; i++)
		random_child(t);
	for (uint32_t i = mark; i < model_n; i++)
		touch(t, i);
	tree_undo(t, mark);
	model_n = mark;
	CHECK(t->nodes == mark);
	CHECK(t->nstrs == strs || (strs == 0 && t->nstrs == 1));
	CHECK(t->nnums == nums || (nums == 0 && t->nnums == 1));
	CHECK(t->nboxes == boxes || (boxes == 0 && t->nboxes == 1));
}

static void test_random_trees(void)
{
	struct tree t;

	for (int round = 0; round < 12; round++) {
		tree_init(&t, 0, 0);
		model_n = 1;
		for (int part = 0; part < 8; part++) {
			for (uint32_t i = below(150); i > 0; i--)
				random_child(&t);
			touch(&t, below(model_n));
			test_undo(&t);
			check_all(&t);
		}
		tree_undo(&t, 1);
		model_n = 1;
		check_all(&t);
		tree_release(&t);
	}
}

/* Bad records without end must not fill the memory. */
static void test_undo_gives_back(void)
{
	struct tree t;
	char key[3000];
	size_t blocks = 0;

	memset(key, 'k', sizeof(key));
	tree_init(&t, 0, 0);
	tree_child(&t, 0, STEP_KEY, "kept", 4);
	for (int i = 0; i < 3000; i++) {
		for (size_t len = 1; len < sizeof(key); len += 500)
			touch(&t, tree_child(&t, 0, STEP_KEY, key, len));
		tree_undo(&t, 2);
	}
	for (struct arena_block *b = t.arena; b; b = b->prev)
		blocks += b->cap;
	CHECK(blocks < 64 * 1024);
	CHECK(t.table_mask < 256);
	CHECK(t.strs_cap < 64 && t.nums_cap < 64 && t.boxes_cap < 64);
	CHECK(tree_find(&t, 0, STEP_KEY, "kept", 4) == 1);
	tree_release(&t);
}

/* Places that a search for every key looks at, over the ideal. */
static uint64_t displacement(const struct tree *t)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i <= t->table_mask; i++)
		if (t->table[i].node)
			sum += (i - t->table[i].hash) & t->table_mask;
	return sum;
}

#define FLOOD 200000
static void test_flood(void)
{
	struct tree t;
	char key[32];
	uint32_t wrong = 0;

	tree_init(&t, 0, 0);
	for (uint32_t i = 0; i < FLOOD; i++) {
		int len = snprintf(key, sizeof(key), "key-%u", i);

		wrong += tree_child(&t, 0, STEP_KEY, key, (size_t)len) !=
			i + 1;
	}
	for (uint32_t i = 0; i < FLOOD; i++) {
		int len = snprintf(key, sizeof(key), "key-%u", i);

		wrong += tree_find(&t, 0, STEP_KEY, key, (size_t)len) != i + 1;
		wrong += tree_find(&t, i + 1, STEP_KEY, key, (size_t)len) !=
			NODE_NONE;
	}
	CHECK(wrong == 0);
	CHECK(t.attrs[0].keys == FLOOD);
	CHECK(displacement(&t) < FLOOD);
	tree_release(&t);
}

/*
 * Keys chosen to collide in a tree whose seed is known do so there, and not in
 * another tree.
 */
#define CHOSEN 1000
static void test_chosen_keys(void)
{
	struct tree known, other;
	char key[32];
	uint32_t n = 0;

	tree_init(&known, 0, 0);
	tree_init(&other, 0, 0);
	CHECK(known.seed != other.seed);
	for (uint32_t i = 0; n < CHOSEN; i++) {
		int len = snprintf(key, sizeof(key), "%u", i);
		uint32_t node = tree_child(&known, 0, STEP_KEY, key,
					   (size_t)len);
		uint32_t hash = 0;

		for (uint32_t s = 0; s <= known.table_mask; s++)
			if (known.table[s].node == node)
				hash = known.table[s].hash;
		if (hash & 0x3f) {
			tree_undo(&known, node);
			continue;
		}
		tree_child(&other, 0, STEP_KEY, key, (size_t)len);
		n++;
	}
	CHECK(displacement(&known) > 8 * CHOSEN);
	CHECK(displacement(&other) < 2 * CHOSEN);
	tree_release(&known);
	tree_release(&other);
}

/* The order of lines: a small tree by hand. */
static char walked[4096];

static void visit(void *arg, const struct tree *t, uint32_t node)
{
	static const char *const names[] = {"?", "[]", "{}", "null"};
	const struct attr *a = &t->attrs[node];
	size_t used = strlen(walked);

	CHECK(arg == walked);
	snprintf(walked + used, sizeof(walked) - used, "%s ",
		 node == 0 ? "." : a->kind == STEP_KEY ? a->key :
		 names[a->kind == STEP_ITEM ? 1 : a->kind == STEP_MAP ? 2 : 3]);
}

static uint32_t met(struct tree *t, uint32_t parent, const char *key,
		    uint32_t order)
{
	uint32_t node = tree_child(t, parent, STEP_KEY, key, strlen(key));

	t->attrs[node].order = order;
	tree_box(t, node)->nulls++;
	return node;
}

static void test_walk(void)
{
	struct tree t;
	uint32_t b, c;

	tree_init(&t, 0, 0);
	CHECK(tree_walk(&t, visit, walked) == 0);
	tree_box(&t, 0)->object.count = 1;
	met(&t, 0, "z", 3);
	b = met(&t, 0, "b", 1);
	met(&t, 0, "ab", 1);
	met(&t, 0, "a", 1);
	met(&t, 0, "\xf0\x9f\x98\x80", 2);	/* after U+E000 by bytes, */
	met(&t, 0, "\xee\x80\x80", 2);		/* before it in UTF-16 */
	tree_child(&t, 0, STEP_KEY, "ghost", 5);
	tree_str(&t, tree_child(&t, b, STEP_NULL, NULL, 0))->count++;
	c = tree_child(&t, b, STEP_MAP, NULL, 0);
	tree_num(&t, c)->f.count++;
	met(&t, c, "k", 0);
	tree_box(&t, tree_child(&t, b, STEP_ITEM, NULL, 0))->arrays++;
	CHECK(tree_walk(&t, visit, walked) == 11);
	CHECK(tree_walk(&t, NULL, NULL) == 11);
	CHECK(!strcmp(walked, ". a ab b [] {} k null \xee\x80\x80 "
		      "\xf0\x9f\x98\x80 z "));
	tree_release(&t);
}

/* 20,000 levels: nothing may recurse. */
static void test_deep(void)
{
	struct tree t, u;
	uint32_t node = 0;

	tree_init(&t, 0, 0);
	tree_init(&u, 1, 0);
	for (int i = 0; i < 20000; i++) {
		tree_box(&t, node)->object.count++;
		met(&t, node, "a", 1);
		node = met(&t, node, "b", 0);
	}
	tree_add(&u, &t);
	CHECK(u.dead == 0 && u.nodes == 20001);
	CHECK(tree_walk(&u, NULL, NULL) == 20001);
	tree_release(&t);
	tree_release(&u);
}

int main(void)
{
	test_random_trees();
	test_undo_gives_back();
	test_flood();
	test_chosen_keys();
	test_walk();
	test_deep();
	return unit_end("tree");
}
