/*
 * tree_big -- a million attributes: memory per node, merging, folding, undo.
 *
 * "tree_big 5000" takes that many.
 */
#include <malloc.h>
#include "attrs/tree_in.h"
#include "unit.h"

static size_t in_use(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;	/* 0 under sanitizers */
}

static void tell(const char *what, size_t before, uint32_t nodes)
{
	size_t now = in_use();

	if (now > before)
		printf("%s: %zu bytes a node\n", what, (now - before) / nodes);
}

/* 1,000 different keys an object. */
static void add_nodes(struct tree *t, uint32_t n)
{
	uint32_t parent = NODE_ROOT;
	char key[24];

	while (t->nodes < n) {
		int len = snprintf(key, sizeof(key), "key_%u", t->nodes);
		uint32_t node = tree_child(t, parent, STEP_KEY, key,
					   (size_t)len);

		t->attrs[node].order = node % 1000;
		if (node % 1000 == 0)
			parent = node;
	}
}

static void add_values(struct tree *t)
{
	for (uint32_t i = 0; i < t->nodes; i++)
		if (t->attrs[i].keys)
			tree_box(t, i)->object.count++;
		else
			tree_str(t, i)->count++;
}

static void test_memory(uint32_t n)
{
	size_t before = in_use();
	struct tree t, sum;
	uint64_t lines;

	tree_init(&t, 0, 0);
	add_nodes(&t, n);
	tell("nodes alone", before, n);
	CHECK(in_use() - before < 400ULL * n || n < 10000);
	add_values(&t);
	tell("with strings", before, n);
	lines = tree_walk(&t, NULL, NULL);
	CHECK(lines == n);
	tree_init(&sum, 0, 0);
	tree_add(&sum, &t);
	tree_add(&sum, &t);
	CHECK(tree_walk(&sum, NULL, NULL) == lines);
	CHECK(tree_count(&sum, n - 1) == 2);
	tree_undo(&t, 1);
	CHECK(t.nodes == 1 && t.table_used == 0 && t.nstrs <= 1);
	tree_release(&t);
	tree_release(&sum);
	CHECK(in_use() <= before + 100000);
}

/* Folded, little is left: the memory goes back. */
static void test_fold(uint32_t n)
{
	size_t before = in_use();
	struct tree t;

	tree_init(&t, 999, 0);
	add_nodes(&t, n);
	add_values(&t);
	CHECK(t.fold_due);
	tree_fold_wide(&t);
	printf("folded: %u nodes of %u are left\n", t.nodes, n);
	CHECK(t.dead == 0 && t.nodes <= n / 1000 * 2 + 3);
	CHECK(in_use() < before + 4000000);
	tree_release(&t);
}

int main(int argc, char **argv)
{
	uint32_t n = argc > 1 ? (uint32_t)atoi(argv[1]) : 1000000;

	test_memory(n);
	test_fold(n);
	return unit_end("tree_big");
}
