/*
 * Fuzz target for lib/snowplow/items and object: answers of the API.
 *
 * The input is taken for a listing, whole and in two pieces at a place that
 * depends on it, and for an object.  What is promised:
 *  - the pieces make no difference: same result, same items;
 *  - every item handed on is one valid JSON text;
 *  - a valid array gives all its items, in order; a cut one is no success;
 *  - the members of an object, renamed, are a valid object again, of as many
 *    members, without blanks, and none of them has the name of one of ours.
 */
#include <stdint.h>
#include <stdlib.h>

#include "json/check.h"
#include "snowplow/items.h"
#include "snowplow/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH = 1001 };	/* of a listing whose items may have 1000 */

static void must(bool promise)
{
	if (!promise)
		abort();
}

static int take(void *arg, struct span item)
{
	struct json_fault f;
	struct buf *all = arg;

	must(!json_check(item.s, item.len, UINT32_MAX, &f));
	buf_add(all, item.s, item.len);
	buf_addc(all, '\n');
	return 0;
}

/* 0 or -1; the items into ${all}. */
static int feed(const char *s, size_t len, size_t cut, struct buf *all)
{
	struct items it;
	int rc;

	items_start(&it, take, all);
	rc = items_feed(&it, s, cut);
	if (!rc)
		rc = items_feed(&it, s + cut, len - cut);
	if (!rc)
		rc = items_end(&it);
	must(rc == 0 || (rc == -1 && it.why));
	items_release(&it);
	return rc;
}

static void try_listing(const char *s, size_t len)
{
	struct buf whole = {0}, pieces = {0}, want = {0};
	struct span text = value_trim(s, len), item;
	struct json_fault f;
	struct value_iter it;
	size_t cut = len ? (size_t)(unsigned char)s[0] * len / 256 : 0;
	int rc = feed(s, len, len, &whole);
	bool valid = !json_check(s, len, DEPTH, &f);

	must(feed(s, len, cut, &pieces) == rc);
	must(pieces.len == whole.len &&
	     (!whole.len || !memcmp(pieces.s, whole.s, whole.len)));
	if (valid && *text.s == '[') {
		value_iter_start(&it, text);
		while (value_next(&it, NULL, &item)) {
			buf_add(&want, item.s, item.len);
			buf_addc(&want, '\n');
		}
		must(!rc && want.len == whole.len &&
		     (!want.len || !memcmp(want.s, whole.s, want.len)));
	} else if (text.len && *text.s == '[') {
		must(rc);
	}
	buf_release(&whole);
	buf_release(&pieces);
	buf_release(&want);
}

static size_t members(struct span object)
{
	struct value_iter it;
	struct span key, value;
	size_t n = 0;

	for (value_iter_start(&it, object); value_next(&it, &key, &value); n++)
		;
	return n;
}

static void try_object(const char *s, size_t len)
{
	struct span text = value_trim(s, len), out;
	struct buf b = {0};
	struct json_fault f;

	if (json_check(s, len, DEPTH, &f) || *text.s != '{')
		return;
	object_begin(&b, KIND_ENRICHMENT);
	object_members(&b, KIND_ENRICHMENT, text);
	buf_addc(&b, '}');
	out = (struct span){b.s, b.len};
	must(!json_check(b.s, b.len, DEPTH, &f));
	must(members(out) == members(text) + 1);
	must(!memcmp(object_member(out, "kind").s, "\"enrichment\"", 12));
	must(!object_member(out, "history").s &&
	     !object_member(out, "pipelineId").s);
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = calloc(1, size + 1);

	if (!s)
		return 0;
	if (size)
		memcpy(s, data, size);
	try_listing(s, size);
	try_object(s, size);
	free(s);
	return 0;
}
