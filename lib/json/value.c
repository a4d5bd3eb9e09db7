/*
 * value -- stepping over the values of a JSON text known to be valid.
 */
#include <string.h>

#include "json/value.h"

enum value_type value_type(char c)
{
	switch (c) {
	case '{':
		return VALUE_OBJECT;
	case '[':
		return VALUE_ARRAY;
	case '"':
		return VALUE_STRING;
	case 't':
		return VALUE_TRUE;
	case 'f':
		return VALUE_FALSE;
	case 'n':
		return VALUE_NULL;
	default:
		return VALUE_NUMBER;
	}
}

const char *value_type_name(enum value_type type)
{
	static const char *const names[] = {
		[VALUE_NULL] = "null", [VALUE_FALSE] = "false",
		[VALUE_TRUE] = "true", [VALUE_NUMBER] = "a number",
		[VALUE_STRING] = "a string", [VALUE_ARRAY] = "an array",
		[VALUE_OBJECT] = "an object"
	};

	return names[type];
}

struct span value_trim(const char *s, size_t len)
{
	const char *p = value_blank(s, s + len);

	len -= (size_t)(p - s);
	while (len && value_is_blank(p[len - 1]))
		len--;
	return (struct span){p, len};
}

/* A quote ends the string when an even number of backslashes is before it. */
const char *value_string_end(const char *p, const char *end)
{
	const char *start = ++p, *q, *b;

	while (p < end && (q = memchr(p, '"', (size_t)(end - p)))) {
		for (b = q; b > start && b[-1] == '\\'; b--)
			;
		p = q + 1;
		if ((q - b) % 2 == 0)
			return p;
	}
	return end;
}

static const char *container_end(const char *p, const char *end)
{
	size_t depth = 0;

	while (p < end) {
		if (*p == '"') {
			p = value_string_end(p, end);
			continue;
		}
		if (*p == '{' || *p == '[')
			depth++;
		else if ((*p == '}' || *p == ']') && !--depth)
			return p + 1;
		p++;
	}
	return end;
}

static bool ends_scalar(char c)
{
	return c == ',' || c == ']' || c == '}' || value_is_blank(c);
}

const char *value_end(const char *p, const char *end)
{
	if (p == end)
		return end;
	if (*p == '"')
		return value_string_end(p, end);
	if (*p == '{' || *p == '[')
		return container_end(p, end);
	while (p < end && !ends_scalar(*p))
		p++;
	return p;
}

void value_iter_start(struct value_iter *it, struct span container)
{
	it->end = container.s + container.len;
	it->p = value_blank(container.s + 1, it->end);
}

bool value_next(struct value_iter *it, struct span *key, struct span *value)
{
	const char *p = it->p, *end = it->end;

	if (p == end || *p == ']' || *p == '}')
		return false;
	if (key) {
		key->s = p + 1;
		p = value_string_end(p, end);
		key->len = (size_t)(p - key->s) - 1;
		p = value_blank(p, end) + 1;	/* the colon */
		p = value_blank(p, end);
	}
	value->s = p;
	p = value_end(p, end);
	value->len = (size_t)(p - value->s);
	p = value_blank(p, end);
	if (p < end && *p == ',')
		p = value_blank(p + 1, end);
	it->p = p;
	return true;
}
