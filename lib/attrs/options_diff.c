/*
 * options_diff -- what two `options` objects do not agree on.
 */
#include <string.h>
#include "attrs/options_diff.h"

#define SHOWN 200	/* bytes of a value */

static bool same(struct span a, struct span b)
{
	return a.len == b.len && !memcmp(a.s, b.s, a.len);
}

/* The member ${key}; .s NULL: there is none. */
static struct span find(struct span object, struct span key)
{
	struct value_iter it;
	struct span name, value;

	value_iter_start(&it, object);
	while (value_next(&it, &name, &value))
		if (same(name, key))
			return value;
	return (struct span){0};
}

static void add_value(struct buf *why, struct span value)
{
	if (!value.s) {
		buf_adds(why, "the default");
		return;
	}
	buf_add(why, value.s, value.len < SHOWN ? value.len : SHOWN);
	if (value.len > SHOWN)
		buf_adds(why, "...");
}

static void add_difference(struct buf *why, struct span key, struct span value,
			   struct span before)
{
	if (why->len)
		buf_adds(why, ", ");
	buf_add(why, key.s, key.len);
	buf_addc(why, ' ');
	add_value(why, value);
	buf_adds(why, " instead of ");
	add_value(why, before);
}

bool options_agree(struct span options, struct span before, struct buf *why)
{
	struct value_iter it;
	struct span key, value, other;

	if (same(options, before))
		return true;
	buf_clear(why);
	value_iter_start(&it, options);
	while (value_next(&it, &key, &value)) {
		other = find(before, key);
		if (!other.s || !same(value, other))
			add_difference(why, key, value, other);
	}
	value_iter_start(&it, before);
	while (value_next(&it, &key, &other))
		if (!find(options, key).s)
			add_difference(why, key, (struct span){0}, other);
	return !why->len;
}
