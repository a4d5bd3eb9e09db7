/*
 * pytext -- JSON values as Python prints them.
 */
#include "datahub/pytext.h"

#include <string.h>

#include "json/str.h"

/* Of \ and the quote around, and what is no character to be seen. */
static void repr_string(struct buf *b, struct span s)
{
	char quote = memchr(s.s, '\'', s.len) && !memchr(s.s, '"', s.len) ?
		'"' : '\'';

	buf_addc(b, quote);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];

		if (c == '\\' || c == (unsigned char)quote) {
			buf_addc(b, '\\');
			buf_addc(b, (char)c);
		} else if (c == '\n' || c == '\r' || c == '\t') {
			buf_addc(b, '\\');
			buf_addc(b, c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
		} else if (c < 0x20 || c == 0x7f) {
			buf_addf(b, "\\x%02x", c);
		} else {
			buf_addc(b, (char)c);
		}
	}
	buf_addc(b, quote);
}

/* str_write()'s form, with what is not ASCII as \uXXXX. */
static void dumps_string(struct buf *b, struct span s)
{
	struct buf plain = {0};

	str_write(&plain, s.s, s.len);
	for (size_t i = 0; i < plain.len; i++) {
		unsigned c = (unsigned char)plain.s[i], more = 0;

		if (c < 0x80) {
			buf_addc(b, (char)c);
			continue;
		}
		more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
		c &= 0x3fU >> more;
		while (more-- && i + 1 < plain.len)
			c = c << 6 | ((unsigned char)plain.s[++i] & 0x3f);
		if (c > 0xffff)
			buf_addf(b, "\\u%04x\\u%04x",
				 0xd800 + ((c - 0x10000) >> 10),
				 0xdc00 + ((c - 0x10000) & 0x3ff));
		else
			buf_addf(b, "\\u%04x", c);
	}
	buf_release(&plain);
}

struct style {
	void (*string)(struct buf *, struct span);
	const char *words[3];	/* null, false, true */
};

static void write_scalar(struct buf *b, const struct dom *d,
			 const struct style *style)
{
	struct pool scratch = {0};

	if (d->type == VALUE_STRING)
		style->string(b, dom_string(&scratch, d));
	else if (d->type == VALUE_NUMBER)
		buf_add(b, d->text.s, d->text.len);
	else
		buf_adds(b, style->words[d->type - VALUE_NULL]);
	pool_release(&scratch);
}

/* Is it the last member of its name?  Python's dict keeps the first place. */
static bool is_first(const struct dom *list, const struct dom *d)
{
	for (const struct dom *x = list->child; x != d; x = x->next)
		if (x->key.len == d->key.len &&
		    !memcmp(x->key.s, d->key.s, d->key.len))
			return false;
	return true;
}

static void write_value(struct buf *b, const struct dom *d,
			const struct style *style, unsigned depth)
{
	bool object = dom_is(d, VALUE_OBJECT), more = false;

	if (!object && !dom_is(d, VALUE_ARRAY)) {
		write_scalar(b, d, style);
		return;
	}
	if (depth > 500) {
		buf_adds(b, "...");
		return;
	}
	buf_addc(b, object ? '{' : '[');
	for (const struct dom *x = d->child; x; x = x->next) {
		if (object && !is_first(d, x))
			continue;
		if (more)
			buf_adds(b, ", ");
		more = true;
		if (object) {
			style->string(b, x->key);
			buf_adds(b, ": ");
		}
		write_value(b, object ? dom_get_span(d, x->key) : x, style,
			    depth + 1);
	}
	buf_addc(b, object ? '}' : ']');
}

void pytext_repr(struct buf *b, const struct dom *d)
{
	static const struct style style = {
		repr_string, {"None", "False", "True"}
	};

	if (d)
		write_value(b, d, &style, 0);
}

void pytext_dumps(struct buf *b, const struct dom *d)
{
	static const struct style style = {
		dumps_string, {"null", "false", "true"}
	};

	if (d)
		write_value(b, d, &style, 0);
}

struct span pytext_cut(struct span text, size_t chars)
{
	for (size_t i = 0; i < text.len; i++)
		if (((unsigned char)text.s[i] & 0xc0) != 0x80 && !chars--)
			return (struct span){text.s, i};
	return text;
}
