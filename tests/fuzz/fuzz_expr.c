/*
 * Fuzz target for plain expressions: their parser, the search, the order.
 *
 * The input's first line is an expression, the next two are records.  What is
 * promised, where an expression is plain and a record good:
 *  - each kernel finds what a search by single steps finds;
 *  - the value is JSON on one line, and in jq's order equal to itself;
 *  - the order of two records turns round with them, and they are equal only
 *    if the one is not less than the other; their keys for memcmp() agree;
 * and fit_check() returns.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json/check.h"
#include "json/expr.h"
#include "json/expr_plain.h"
#include "json/fit.h"
#include "json/sortkey.h"
#include "json/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static bool key_is(struct span raw, const struct seek_step *step)
{
	struct buf text = {0};
	bool is;

	str_unescape(&text, raw.s, raw.len);
	is = text.len == step->len &&
	     (!step->len || !memcmp(text.s, step->key, step->len));
	buf_release(&text);
	return is;
}

/* One step, by looking at every member or item; false: none. */
static bool slow_step(struct span in, const struct seek_step *step,
		      struct span *value)
{
	struct value_iter it;
	struct span key, next;
	int64_t count = 0, at = step->item;
	bool found = false;

	if (!step->key && at < 0) {
		value_iter_start(&it, in);
		while (value_next(&it, NULL, &next))
			at++;
	}
	value_iter_start(&it, in);
	while (value_next(&it, step->key ? &key : NULL, &next)) {
		if (step->key ? key_is(key, step) : count++ == at) {
			*value = next;
			found = true;
		}
	}
	return found;
}

static int slow_path(struct span in, const struct plain_path *path,
		     struct span *value)
{
	for (size_t i = 0; i < path->n; i++) {
		const struct seek_step *step = &path->steps[i];

		if (*in.s == 'n')
			return 0;
		if (*in.s != (step->key ? '{' : '['))
			return -1;
		if (!slow_step(in, step, value))
			return 0;
		in = *value;
	}
	*value = in;
	return 1;
}

static void try_paths(const struct plain *plain, struct span record)
{
	struct span want, got;
	size_t failed;

	for (size_t i = 0; i < plain->n_paths; i++) {
		const struct plain_path *path = &plain->paths[i];
		int found = slow_path(record, path, &want);

		for (int k = 0; k < KERNELS; k++) {
			if (!kernel_runs(k))
				continue;
			must(seek_path(k, record, path->steps, path->n, &got,
				       &failed) == found);
			must(found != 1 ||
			     (got.s == want.s && got.len == want.len));
		}
	}
}

static void try_value(const char *source, struct span record)
{
	struct buf value = {0}, why = {0};
	struct expr *e = expr_compile(source, NULL, &why);
	struct json_fault f;
	int truth;

	must(e && expr_is_plain(e));
	truth = expr_test(e, record.s, record.len, &why);
	if (expr_value(e, record.s, record.len, &value, &why)) {
		must(truth < 0 && why.len);
	} else {
		must(truth == (*value.s != 'n' && *value.s != 'f'));
		must(!json_check(value.s, value.len, UINT32_MAX, &f));
		must(!memchr(value.s, '\n', value.len));
		must(!expr_order(value.s, value.len, value.s, value.len));
	}
	expr_free(e);
	buf_release(&value);
	buf_release(&why);
}

/* Keys for memcmp() are in the same order, and none begins another. */
static void try_keys(struct span a, struct span b, int order)
{
	struct buf x = {0}, y = {0};
	size_t least;
	int r;

	sortkey_add(&x, a.s, a.len);
	sortkey_add(&y, b.s, b.len);
	least = x.len < y.len ? x.len : y.len;
	r = memcmp(x.s, y.s, least);
	must((r > 0) == (order > 0) && (r < 0) == (order < 0));
	must(r || x.len == y.len);
	buf_release(&x);
	buf_release(&y);
}

static void try_order(struct span a, struct span b)
{
	int ab = expr_order(a.s, a.len, b.s, b.len);
	int ba = expr_order(b.s, b.len, a.s, a.len);

	must((ab > 0) == (ba < 0) && (ab < 0) == (ba > 0));
	must(!expr_order(a.s, a.len, a.s, a.len));
	try_keys(a, b, ab);
}

/* Takes a line off the front of ${rest}. */
static struct span next_line(struct span *rest)
{
	const char *end = rest->len ? memchr(rest->s, '\n', rest->len) : NULL;
	struct span line = {rest->s, end ? (size_t)(end - rest->s) : rest->len};

	rest->s += line.len + (end != NULL);
	rest->len -= line.len + (end != NULL);
	return line;
}

static bool is_record(struct span *line)
{
	struct json_fault f;

	if (json_check(line->s, line->len, UINT32_MAX, &f))
		return false;
	*line = value_trim(line->s, line->len);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size};
	struct span source = next_line(&rest), a = next_line(&rest), b;
	const struct span null = {"null", 4};
	struct buf text = {0};
	struct plain plain;
	struct fit fit;

	if (!is_record(&a))
		return 0;
	fit_check(a.s, a.len, &fit);
	b = next_line(&rest);
	if (is_record(&b))
		try_order(a, b);
	buf_add(&text, source.s, source.len);
	if (utf8_valid_prefix(source.s, source.len) == source.len &&
	    plain_parse(&plain, buf_cstr(&text), null)) {
		try_paths(&plain, a);
		plain_release(&plain);
		try_value(text.s, a);
	}
	buf_release(&text);
	return 0;
}
