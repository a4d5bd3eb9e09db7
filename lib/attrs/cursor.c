/*
 * cursor -- goes through one line of JSON that has a known shape.
 */
#include "json/check.h"
#include "attrs/cursor.h"

#define MAX_DEPTH 64	/* our lines have 6; members not known may have more */

void cursor_start(struct cursor *c, const char *line, size_t len)
{
	*c = (struct cursor){
		.start = line, .p = line, .end = line + len, .straight = true
	};
}

int cursor_fail(struct cursor *c, const char *why)
{
	c->why = why;
	return -1;
}

int cursor_check(struct cursor *c)
{
	struct json_fault fault;

	if (c->checked)
		return 0;
	c->checked = true;
	if (!json_check(c->start, (size_t)(c->end - c->start), MAX_DEPTH,
			&fault))
		return 0;
	c->p = c->start + fault.at;
	return cursor_fail(c, fault.reason);
}

int cursor_byte(struct cursor *c, char byte, const char *why)
{
	if (cursor_peek(c) != byte)
		return cursor_fail(c, why);
	c->p++;
	return 0;
}

int cursor_u64(struct cursor *c, uint64_t *value)
{
	const char *p;
	uint64_t v = 0;

	cursor_peek(c);
	for (p = c->p; *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (__builtin_expect(p - c->p >= 19, 0) &&
		    (__builtin_mul_overflow(v, 10, &v) ||
		     __builtin_add_overflow(v, (uint64_t)digit, &v)))
			return cursor_fail(c, "a number over 2^64-1");
		else if (p - c->p < 19)
			v = 10 * v + digit;
	}
	if (p == c->p || (*c->p == '0' && p > c->p + 1))
		return cursor_fail(c, "expected a count");
	if (*p == '.' || *p == 'e' || *p == 'E')
		return cursor_fail(c, "expected a count, not a fraction");
	c->p = p;
	*value = v;
	return 0;
}

/* The quote that ends the string whose text begins at ${p}; NULL: none. */
static const char *closing_quote(const char *p, const char *end)
{
	const char *from = p, *quote, *q;

	while ((quote = memchr(p, '"', (size_t)(end - p)))) {
		for (q = quote; q > from && q[-1] == '\\'; q--)
			;
		if ((quote - q) % 2 == 0)
			return quote;
		p = quote + 1;
	}
	return NULL;
}

int cursor_string(struct cursor *c, struct span *text)
{
	const char *quote;

	if (cursor_peek(c) != '"')
		return cursor_fail(c, "expected a string");
	quote = closing_quote(c->p + 1, c->end);
	if (!quote)
		return cursor_fail(c, "a string without an end");
	*text = (struct span){c->p + 1, (size_t)(quote - c->p - 1)};
	c->p = quote + 1;
	return 0;
}

/* A string whose bytes nobody else compares or parses. */
static int checked_string(struct cursor *c, struct span *text)
{
	return cursor_string(c, text) || cursor_check(c) ? -1 : 0;
}

int cursor_bool(struct cursor *c, bool *value)
{
	cursor_peek(c);
	*value = cursor_skip(c, "true", 4);
	if (*value || cursor_skip(c, "false", 5))
		return 0;
	return cursor_fail(c, "expected true or false");
}

int cursor_value(struct cursor *c, struct span *value)
{
	if (!cursor_peek(c))
		return cursor_fail(c, "expected a value");
	if (cursor_check(c))
		return -1;
	value->s = c->p;
	c->p = value_end(c->p, c->end);
	value->len = (size_t)(c->p - value->s);
	return 0;
}

int cursor_name(struct cursor *c, struct span *name)
{
	if (checked_string(c, name) ||
	    cursor_byte(c, ':', "expected a colon"))
		return -1;
	return 0;
}

int cursor_more(struct cursor *c, char close)
{
	char next = cursor_peek(c);

	c->p++;
	if (next == ',')
		return 1;
	if (next == close)
		return 0;
	c->p--;
	return cursor_fail(c, close == '}' ? "expected , or } after a member" :
			   "expected , or ] after an item");
}

static int read_field(struct cursor *c, const struct field *f, void *base)
{
	void *to = (char *)base + f->offset;
	uint32_t seen = 0;

	switch (f->kind) {
	case FIELD_U64:
		return cursor_u64(c, to);
	case FIELD_STRING:
		return checked_string(c, to);
	case FIELD_BOOL:
		return cursor_bool(c, to);
	case FIELD_VALUE:
		return cursor_value(c, to);
	case FIELD_SHAPE:
		return cursor_object(c, f->shape, to, &seen);
	case FIELD_CALL:
		break;
	}
	return f->call(c, base);
}

static unsigned find_field(const struct shape *s, struct span name)
{
	unsigned i;

	for (i = 0; i < s->n; i++)
		if (s->fields[i].len == name.len + 3 &&
		    !memcmp(s->fields[i].name + 1, name.s, name.len))
			break;
	return i;
}

/*
 * Goes over a member's name and finds its field, ${s}->n when there is none.
 * ${next}: the one that is expected; optional ones may be left out.
 */
static int next_field(struct cursor *c, const struct shape *s, unsigned next,
		      unsigned *field)
{
	struct span name;

	for (unsigned i = next; i < s->n; i++) {
		if (cursor_skip(c, s->fields[i].name, s->fields[i].len)) {
			c->straight &= i == next;
			*field = i;
			return 0;
		}
	}
	c->straight = false;
	if (cursor_name(c, &name))
		return -1;
	*field = find_field(s, name);
	if (*field == s->n)
		c->unknown = name;
	return 0;
}

static int member(struct cursor *c, const struct shape *s, void *base,
		  uint32_t *seen, unsigned *next)
{
	struct span value;
	unsigned i;

	if (next_field(c, s, *next, &i))
		return -1;
	if (i == s->n)
		return cursor_value(c, &value);
	if (*seen & UINT32_C(1) << i)
		return cursor_fail(c, "a member that was there before");
	*seen |= UINT32_C(1) << i;
	*next = i + 1;
	return read_field(c, &s->fields[i], base);
}

int cursor_members(struct cursor *c, const struct shape *s, void *base,
		   uint32_t *seen, unsigned next)
{
	int more;

	while ((more = cursor_more(c, '}')) > 0)
		if (member(c, s, base, seen, &next))
			return -1;
	if (more < 0)
		return -1;
	if ((*seen & s->needed) != s->needed)
		return cursor_fail(c, "a member is missing");
	return 0;
}

int cursor_object(struct cursor *c, const struct shape *s, void *base,
		  uint32_t *seen)
{
	unsigned next = 0;

	*seen = 0;
	if (cursor_byte(c, '{', "expected an object"))
		return -1;
	if (cursor_peek(c) == '}') {
		c->p++;
		return s->needed ? cursor_fail(c, "an empty object") : 0;
	}
	if (member(c, s, base, seen, &next))
		return -1;
	return cursor_members(c, s, base, seen, next);
}

int cursor_array(struct cursor *c, int (*item)(struct cursor *, void *),
		 void *base)
{
	int more;

	if (cursor_byte(c, '[', "expected an array"))
		return -1;
	if (cursor_peek(c) == ']') {
		c->p++;
		return 0;
	}
	do {
		if (item(c, base))
			return -1;
		more = cursor_more(c, ']');
	} while (more > 0);
	return more;
}

int cursor_end(struct cursor *c)
{
	cursor_blanks(c);
	return c->p == c->end ? 0 :
		cursor_fail(c, "something behind the object");
}
