/*
 * expr -- a user's expression on a record: --where, --order-by, --watermark.
 *
 * Chooses between our own evaluation (expr_parse.c reads, this file evaluates,
 * order.c compares) and libjq (jqx.c).
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/check.h"
#include "json/expr.h"
#include "json/expr_plain.h"
#include "json/fit.h"
#include "json/jqx.h"

/* A path's value in the record at hand. */
struct found {
	struct span value;
	bool known;
};

struct expr {
	char *source;
	char *since;
	struct plain plain;
	struct found *found;	/* of each path of .plain */
	struct jqx *jqx;	/* NULL: plain */
	uint64_t inexact;
	int kernel;
	bool since_inexact;
};

static const struct span text_null = {"null", 4};
static const struct span text_false = {"false", 5};
static const struct span text_true = {"true", 4};

/* Is ${since} JSON, so that what reads it need not look again? */
static bool check_since(const char *since, struct buf *why)
{
	struct json_fault fault;
	size_t len = strlen(since);

	if (!json_check(since, len, len < UINT32_MAX ? (uint32_t)len
						     : UINT32_MAX, &fault))
		return true;
	buf_addf(why, "the value of $since is not JSON: %s at byte %zu",
		 fault.reason, fault.at + 1);
	return false;
}

static bool check_source(const char *source, struct buf *why)
{
	size_t len = strlen(source), good = utf8_valid_prefix(source, len);

	if (good == len)
		return true;
	buf_addf(why, "the expression is not UTF-8 at byte %zu", good + 1);
	return false;
}

/* $since counts where the source may mean it. */
static void compile_jq(struct expr *e, struct buf *why)
{
	struct fit fit;

	fit_check(e->since, strlen(e->since), &fit);
	e->since_inexact = fit.inexact && strstr(e->source, "$since");
	e->jqx = jqx_compile(e->source, e->since, why);
}

struct expr *expr_compile(const char *source, const char *since,
			  struct buf *why)
{
	struct expr *e;
	int kernel = kernel_choose();

	if (!since)
		since = "null";
	if (!check_source(source, why) || !check_since(since, why))
		return NULL;
	e = mem_zalloc(1, sizeof(*e));
	e->source = mem_dup(source, strlen(source));
	e->since = mem_dup(since, strlen(since));
	e->kernel = kernel < 0 ? KERNEL_portable_id : kernel;
	if (plain_parse(&e->plain, e->source,
			value_trim(e->since, strlen(e->since)))) {
		e->found = mem_zalloc(e->plain.n_paths, sizeof(*e->found));
		return e;
	}
	compile_jq(e, why);
	if (e->jqx)
		return e;
	expr_free(e);
	return NULL;
}

void expr_free(struct expr *e)
{
	if (!e)
		return;
	plain_release(&e->plain);
	jqx_free(e->jqx);
	free(e->found);
	free(e->source);
	free(e->since);
	free(e);
}

bool expr_is_plain(const struct expr *e)
{
	return !e->jqx;
}

uint64_t expr_inexact(const struct expr *e)
{
	return e->inexact;
}

/* ".a.b: .a is a number, not an object" */
static void explain(const struct plain_path *path, size_t failed,
		    struct span value, struct buf *why)
{
	struct span whole = path->shown[path->n - 1];

	buf_add_visible(why, whole.s, whole.len);
	buf_adds(why, ": ");
	if (failed)
		buf_add_visible(why, path->shown[failed - 1].s,
				path->shown[failed - 1].len);
	else
		buf_adds(why, "the record");
	buf_addf(why, " is %s, not %s",
		 value_type_name(value_type(*value.s)),
		 path->steps[failed].key ? "an object" : "an array");
}

static int eval_path(struct expr *e, uint32_t index, struct span record,
		     struct span *value, struct buf *why)
{
	const struct plain_path *path = &e->plain.paths[index];
	struct found *found = &e->found[index];
	size_t failed;
	int r;

	if (!found->known) {
		r = seek_path(e->kernel, record, path->steps, path->n,
			      &found->value, &failed);
		if (r < 0) {
			explain(path, failed, found->value, why);
			return -1;
		}
		if (!r)
			found->value = text_null;
		found->known = true;
	}
	*value = found->value;
	return 0;
}

static bool is_true(struct span value)
{
	return *value.s != 'n' && *value.s != 'f';
}

static bool holds(enum node_kind kind, int order)
{
	switch ((int)kind) {
	case NODE_EQ:
		return order == 0;
	case NODE_NE:
		return order != 0;
	case NODE_LT:
		return order < 0;
	case NODE_LE:
		return order <= 0;
	case NODE_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

/* The parser bounds the depth. */
static int eval(struct expr *e, uint32_t index, struct span record,
		struct span *value, struct buf *why)
{
	const struct node *node = &e->plain.nodes[index];
	struct span left, right;
	bool truth;

	if (node->kind == NODE_PATH)
		return eval_path(e, node->path, record, value, why);
	if (node->kind == NODE_TEXT) {
		*value = node->text;
		return 0;
	}
	if (eval(e, node->left, record, &left, why))
		return -1;
	truth = is_true(left);
	if (node->kind == NODE_NOT) {
		truth = !truth;
	} else if (node->kind != NODE_AND && node->kind != NODE_OR) {
		if (eval(e, node->right, record, &right, why))
			return -1;
		truth = holds(node->kind, expr_order(left.s, left.len,
						     right.s, right.len));
	} else if (truth == (node->kind == NODE_AND)) {
		if (eval(e, node->right, record, &right, why))
			return -1;
		truth = is_true(right);
	}
	*value = truth ? text_true : text_false;
	return 0;
}

static int run_plain(struct expr *e, const char *record, size_t len,
		     struct span *value, struct buf *why)
{
	for (size_t i = 0; i < e->plain.n_paths; i++)
		e->found[i].known = false;
	return eval(e, e->plain.root, value_trim(record, len), value, why);
}

static int run_jq(struct expr *e, const char *record, size_t len,
		  struct buf *out, struct buf *why)
{
	struct fit fit;

	fit_check(record, len, &fit);
	if (fit.lone) {
		buf_adds(why, "libjq cannot take this record: a lone surrogate "
			      "(half of a \\ud800\\udc00 pair)");
		return -1;
	}
	e->inexact += fit.inexact || e->since_inexact;
	return jqx_run(e->jqx, record, len, out, why);
}

int expr_test(struct expr *e, const char *record, size_t len, struct buf *why)
{
	struct span value;

	if (e->jqx)
		return run_jq(e, record, len, NULL, why);
	if (run_plain(e, record, len, &value, why))
		return -1;
	return is_true(value);
}

/* White space between tokens goes, so that a value is always one line. */
static void add_value(struct buf *out, struct span value)
{
	const char *p = value.s, *end = value.s + value.len, *q;

	if (*p != '{' && *p != '[') {
		buf_add(out, value.s, value.len);
		return;
	}
	while (p < end) {
		q = *p == '"' ? value_string_end(p, end) : p + 1;
		if (!value_is_blank(*p))
			buf_add(out, p, (size_t)(q - p));
		p = q;
	}
}

int expr_value(struct expr *e, const char *record, size_t len, struct buf *out,
	       struct buf *why)
{
	struct span value;

	if (e->jqx)
		return run_jq(e, record, len, out, why) < 0 ? -1 : 0;
	if (run_plain(e, record, len, &value, why))
		return -1;
	add_value(out, value);
	return 0;
}
