/*
 * Fuzz target for the text level of lib/json: check, num, str, path.
 *
 * The input is taken for a record, then for a path.  What is promised:
 *  - json_check() accepts what libyajl accepts, but for the known differences
 *    that tests/unit/yajl.h lists and judges by itself;
 *  - a fault lies in the text; cut there, the text fails at its end or is good;
 *  - a good string is written and read back, a good number measured, whole;
 *  - what path_parse() accepts, path_write() writes, and it is read the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/yajl.h"
#include "base/buf.h"
#include "json/check.h"
#include "json/num.h"
#include "json/path.h"
#include "json/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static bool is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->s, b->s, a->len));
}

static void try_check(const char *s, size_t len)
{
	struct json_fault f, g;
	bool good = !json_check(s, len, UINT32_MAX, &f);

	must(good == is_json(s, len));
	must(utf8_valid_prefix(s, len) == decodes(s, len));
	if (good)
		return;
	must(f.at <= len && f.reason && f.error != FAULT_DEPTH);
	must(f.at <= decodes(s, len));
	must(may_become_json(s, f.at));
	must(!json_check(s, f.at, UINT32_MAX, &g) ||
	     (g.error == FAULT_JSON && g.at == f.at));
}

static void try_depth(const char *s, size_t len)
{
	struct json_fault f, g;

	if (!json_check(s, len, 3, &f))
		must(!json_check(s, len, UINT32_MAX, &g));
	else if (f.error == FAULT_DEPTH)
		must(s[f.at] == '[' || s[f.at] == '{');
	else
		must(json_check(s, len, UINT32_MAX, &g) < 0 && g.at == f.at);
}

/* ${s}: the text between the quotes of a good string. */
static void try_string(const char *s, size_t len)
{
	struct buf text = {0}, json = {0}, again = {0};
	struct json_fault f;
	size_t chars, lone;

	must(str_escapes(s, len, &chars, &lone));
	must(str_unescape(&text, s, len) == lone);
	must(text.len <= len && str_chars(text.s, text.len) == chars);
	str_write(&json, text.s, text.len);
	must(!json_check(json.s, json.len, 0, &f));
	str_unescape(&again, json.s + 1, json.len - 2);
	must(is_same(&text, &again));
	must((decodes(text.s, text.len) == text.len) == !lone);
	buf_release(&text);
	buf_release(&json);
	buf_release(&again);
}

static void try_number(const char *s, size_t len)
{
	struct num_shape shape;
	int64_t value;
	bool is_int = num_is_int(s, len);

	must(num_compare(s, len, s, len) == 0);
	must(num_order(s, len, "0", 1) == -num_order("0", 1, s, len));
	must(!num_small(s, len, &value) || is_int);
	num_shape(s, len, &shape);
	must(shape.digits >= 1 && shape.digits <= len);
	must(!is_int || (!shape.scale && !shape.exponent));
}

/* A scalar without white space around it. */
static void try_scalar(const char *s, size_t len)
{
	struct json_fault f;
	size_t n;

	if (json_check(s, len, 0, &f) < 0)
		return;
	n = num_length(s, len);
	if (n == len)
		try_number(s, len);
	else if (s[0] == '"' && s[len - 1] == '"')
		try_string(s + 1, len - 2);
}

static void try_path(const char *s, size_t len)
{
	struct buf keys = {0}, text = {0}, steps_text = {0}, again = {0};
	struct step *steps = NULL;
	size_t n, cap = 0, at;
	const char *why = NULL;

	if (path_parse(s, len, &keys, &steps, &n, &cap, &why, &at) < 0) {
		must(why && at <= len);
	} else {
		path_write(&text, steps, n);
		path_write_steps(&steps_text, steps, n);
		must(!path_parse(text.s, text.len, &keys, &steps, &n, &cap,
				 &why, &at));
		path_write(&again, steps, n);
		must(is_same(&text, &again));
		buf_clear(&again);
		path_write_steps(&again, steps, n);
		must(is_same(&steps_text, &again));
		must(is_json(again.s, again.len));
	}
	free(steps);
	buf_release(&keys);
	buf_release(&text);
	buf_release(&steps_text);
	buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;

	if (!size)
		return 0;
	try_check(s, size);
	try_depth(s, size);
	try_scalar(s, size);
	try_path(s, size);
	return 0;
}
