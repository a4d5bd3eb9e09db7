/*
 * items -- the items of a listing, one by one, as its bytes come in.
 *
 * A value is followed by its brackets and quotes alone until it ends; then, if
 * it is an item, it is checked as a whole.
 */
#include "json/check.h"
#include "snowplow/items.h"

enum {
	MAX_DEPTH = 1000,	/* of an item, as --max-depth elsewhere */
	MAX_ERRORS = 64 * 1024	/* kept of the wrapper's "errors" */
};

enum state {
	START,		/* before the outermost bracket */
	FIRST_ITEM,	/* behind '[' */
	NEXT_ITEM,	/* behind ',' in the array */
	AFTER_ITEM,
	FIRST_MEMBER,	/* behind '{' */
	NEXT_MEMBER,	/* behind ',' in the wrapper */
	IN_KEY,
	COLON,
	MEMBER,		/* behind ':' */
	AFTER_MEMBER,
	IN_VALUE,	/* an item or a member of the wrapper */
	OVER
};

void items_start(struct items *it, int (*item)(void *, struct span), void *arg)
{
	*it = (struct items){.item = item, .arg = arg, .state = START};
}

void items_release(struct items *it)
{
	buf_release(&it->value);
	buf_release(&it->key);
	buf_release(&it->errors);
}

static int wrong(struct items *it, const char *why)
{
	it->why = why;
	return -1;
}

static bool key_is(const struct items *it, const char *name)
{
	return it->key.len == strlen(name) &&
	       !memcmp(it->key.s, name, it->key.len);
}

/* Is the array that begins here, behind this key, the listing? */
static bool is_listing(const struct items *it)
{
	return !it->seen && (key_is(it, "data") || key_is(it, "pipelines") ||
			     key_is(it, "schemas"));
}

/* ${c} begins a value: an item, or a member of the wrapper. */
static int begin_value(struct items *it, char c)
{
	if (!memchr("{[\"-0123456789tfn", c, 17))
		return wrong(it, "a value is missing");
	if (!it->inside && c == '[' && is_listing(it)) {
		it->seen = it->inside = true;
		it->state = FIRST_ITEM;
		return 0;
	}
	it->keep = it->inside || key_is(it, "errors");
	it->depth = c == '{' || c == '[';
	it->quoted = c == '"';
	it->escaped = false;
	it->first = c;
	buf_clear(&it->value);
	if (it->keep)
		buf_addc(&it->value, c);
	it->state = IN_VALUE;
	return 0;
}

/* The value of a member of the wrapper is at its end. */
static void member_done(struct items *it)
{
	struct span text = value_trim(it->value.s, it->value.len);

	it->state = AFTER_MEMBER;
	if (it->keep && text.len && it->first == '[' &&
	    *value_blank(text.s + 1, text.s + text.len) != ']')
		buf_add(&it->errors, text.s, text.len < MAX_ERRORS ? text.len
								   : MAX_ERRORS);
	it->keep = false;
}

static int value_done(struct items *it)
{
	struct json_fault fault;
	struct span item = {it->value.s, it->value.len};

	if (!it->inside) {
		member_done(it);
		return 0;
	}
	if (json_check(item.s, item.len, MAX_DEPTH, &fault))
		return wrong(it, fault.reason);
	it->state = AFTER_ITEM;
	it->count++;
	return it->item(it->arg, item);
}

/*
 * Goes on in a value, which may end in text[0..len); returns how many bytes
 * belong to it, and sets ${*ended}.
 */
static size_t follow(struct items *it, const char *text, size_t len,
		     bool *ended)
{
	size_t i;

	for (i = 0; i < len; i++) {
		char c = text[i];

		if (it->quoted) {
			if (it->escaped)
				it->escaped = false;
			else if (c == '\\')
				it->escaped = true;
			else if (c == '"')
				it->quoted = false;
			if (!it->quoted && !it->depth)
				break;
		} else if (c == '"') {
			it->quoted = true;
		} else if (c == '{' || c == '[') {
			it->depth++;
		} else if (c == '}' || c == ']') {
			if (!it->depth || !--it->depth)
				break;
		} else if (!it->depth && (c == ',' || value_is_blank(c))) {
			break;
		}
	}
	*ended = i < len;
	/* A number or word ends before this byte, the others with it. */
	if (*ended && memchr("{[\"", it->first, 3))
		i++;
	return i;
}

/* Goes on in a value or a key; returns the bytes used, or -1. */
static int64_t go_on(struct items *it, const char *text, size_t len, int *rc)
{
	bool ended = false;
	size_t n = follow(it, text, len, &ended);

	if (it->state == IN_KEY) {
		buf_add(&it->key, text, ended ? n - 1 : n);
		if (ended)
			it->state = COLON;
		return (int64_t)n;
	}
	if (it->keep)
		buf_add(&it->value, text, n);
	*rc = ended ? value_done(it) : 0;
	return *rc ? -1 : (int64_t)n;
}

static int begin_key(struct items *it)
{
	buf_clear(&it->key);
	it->quoted = true;
	it->escaped = false;
	it->depth = 0;
	it->first = '"';
	it->state = IN_KEY;
	return 0;
}

static int end_array(struct items *it)
{
	it->inside = false;
	it->state = it->wrapped ? AFTER_MEMBER : OVER;
	return 0;
}

static int start(struct items *it, char c)
{
	if (c == '[') {
		it->seen = it->inside = true;
		it->state = FIRST_ITEM;
		return 0;
	}
	it->wrapped = true;
	it->state = FIRST_MEMBER;
	return c == '{' ? 0 : wrong(it, "neither an array nor an object");
}

/* A byte between values, no blank. */
static int step(struct items *it, char c)
{
	switch (it->state) {
	case START:
		return start(it, c);
	case FIRST_ITEM:
		return c == ']' ? end_array(it) : begin_value(it, c);
	case NEXT_ITEM:
	case MEMBER:
		return begin_value(it, c);
	case AFTER_ITEM:
		if (c == ']')
			return end_array(it);
		it->state = NEXT_ITEM;
		return c == ',' ? 0 : wrong(it, "expected , or ] after an item");
	case FIRST_MEMBER:
	case AFTER_MEMBER:
		if (c == '}') {
			it->state = OVER;
			return 0;
		}
		if (it->state == FIRST_MEMBER)
			return c == '"' ? begin_key(it)
					: wrong(it, "a key is missing");
		it->state = NEXT_MEMBER;
		return c == ',' ? 0
				: wrong(it, "expected , or } after a member");
	case NEXT_MEMBER:
		return c == '"' ? begin_key(it) : wrong(it, "a key is missing");
	case COLON:
		it->state = MEMBER;
		return c == ':' ? 0 : wrong(it, "expected : after a key");
	default:
		return wrong(it, "more than one value");
	}
}

int items_feed(struct items *it, const char *text, size_t len)
{
	const char *end = text + len;
	int rc = 0;

	while (text < end) {
		if (it->state == IN_VALUE || it->state == IN_KEY) {
			int64_t n = go_on(it, text, (size_t)(end - text), &rc);

			if (n < 0)
				return rc;
			text += n;
			continue;
		}
		if (!value_is_blank(*text)) {
			rc = step(it, *text);
			if (rc)
				return rc;
			/* a value's first byte is used, also a number's */
		}
		text++;
	}
	return 0;
}

int items_end(struct items *it)
{
	if (it->why)
		return -1;
	if (it->state == OVER && it->seen)
		return 0;
	if (it->state == OVER)
		return wrong(it, "an object without a listing");
	return wrong(it, it->state == START ? "an empty answer"
					    : "the answer is cut");
}
