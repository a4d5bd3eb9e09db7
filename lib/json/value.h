/*
 * value -- stepping over the values of a JSON text known to be valid.
 *
 * Nothing is checked and nothing copied: a value is the bytes it is written
 * in.  For the byte-by-byte work on small texts; finding one path in a whole
 * record at speed is seek.h.
 *
 * No state; any thread.  No function reads beyond the ${end} it is given.
 */
#ifndef JSON_VALUE_H
#define JSON_VALUE_H

#include <stdbool.h>
#include <stddef.h>

/* Some bytes of a text, not owned. */
struct span {
	const char *s;
	size_t len;
};

/* The types in jq's order. */
enum value_type {
	VALUE_NULL, VALUE_FALSE, VALUE_TRUE, VALUE_NUMBER, VALUE_STRING,
	VALUE_ARRAY, VALUE_OBJECT
};

/* Of the value that begins with ${c}. */
enum value_type value_type(char c);

/* With its article, for messages: "an object", "null". */
const char *value_type_name(enum value_type);

static inline bool value_is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The first byte that is no JSON white space, or ${end}. */
static inline const char *value_blank(const char *p, const char *end)
{
	while (p < end && value_is_blank(*p))
		p++;
	return p;
}

/* ${s} without the white space around it. */
struct span value_trim(const char *s, size_t len);

/* The same where it is mostly one blank in front, as Python writes it. */
static inline struct span value_trim_one(const char *s, size_t len)
{
	if (len && *s == ' ') {
		s++;
		len--;
	}
	/* nothing else outside strings is that small */
	if (len && (*s <= ' ' || s[len - 1] <= ' '))
		return value_trim(s, len);
	return (struct span){s, len};
}

/* Behind the closing quote of the string that begins at ${p}. */
const char *value_string_end(const char *p, const char *end);

/* Behind the value that begins at ${p}. */
const char *value_end(const char *p, const char *end);

/* The items of an array or the members of an object, as written. */
struct value_iter {
	const char *p;
	const char *end;
};

/* ${container} begins with its bracket. */
void value_iter_start(struct value_iter *, struct span container);

/*
 * The next item or member; false behind the last.  ${key} (objects only, NULL
 * for arrays) gets the bytes between the quotes.
 */
bool value_next(struct value_iter *, struct span *key, struct span *value);

#endif
