/*
 * sql_dialect -- filling in templates; identifiers, keys and types.
 */
#include "attrs/sql_dialect.h"

void sql_fill(struct buf *b, const char *template, const struct sql_arg *args)
{
	for (const char *s = template; *s; s++) {
		const struct sql_arg *a = args;

		while (*s == '$' && a->letter && a->letter != s[1])
			a++;
		if (*s != '$' || !a->letter) {
			buf_addc(b, *s);
			continue;
		}
		buf_add(b, a->s, a->len);
		s++;
	}
}

static void add_doubled(struct buf *b, char quote, const char *s, size_t len)
{
	buf_addc(b, quote);
	for (size_t i = 0; i < len; i++) {
		if (s[i] == quote)
			buf_addc(b, quote);
		buf_addc(b, s[i]);
	}
	buf_addc(b, quote);
}

/* A string where a backslash escapes. */
static void add_escaped(struct buf *b, const char *s, size_t len)
{
	buf_addc(b, '\'');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\n') {
			buf_adds(b, "\\n");
			continue;
		}
		if (s[i] == '\'' || s[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, s[i]);
	}
	buf_addc(b, '\'');
}

void sql_ident(struct buf *b, const struct sql_dialect *d, const char *s,
	       size_t len)
{
	add_doubled(b, d->quote, s, len);
}

/* RFC 6901 */
static void add_pointer(struct buf *b, const char *s, size_t len)
{
	struct buf p = {0};

	buf_addc(&p, '/');
	for (size_t i = 0; i < len; i++)
		if (s[i] == '~' || s[i] == '/')
			buf_adds(&p, s[i] == '~' ? "~0" : "~1");
		else
			buf_addc(&p, s[i]);
	add_doubled(b, '\'', p.s, p.len);
	buf_release(&p);
}

/* A path of VARIANT_GET, in which quotes cannot be escaped. */
static void add_bracket(struct buf *b, const char *s, size_t len)
{
	struct buf p = {0};

	buf_adds(&p, "$[\"");
	buf_add(&p, s, len);
	buf_adds(&p, "\"]");
	add_escaped(b, p.s, p.len);
	buf_release(&p);
}

const char *sql_get(const struct sql_dialect *d, const char *s, size_t len)
{
	if (d->key != KEY_BRACKET || (len && !memchr(s, '"', len) &&
				      !memchr(s, '\'', len) &&
				      !memchr(s, '\\', len)))
		return d->get;
	return d->get_odd;
}

void sql_key(struct buf *b, const struct sql_dialect *d, const char *s,
	     size_t len)
{
	switch (d->key) {
	case KEY_STANDARD:
		add_doubled(b, '\'', s, len);
		break;
	case KEY_BACKSLASH:
		add_escaped(b, s, len);
		break;
	case KEY_POINTER:
		add_pointer(b, s, len);
		break;
	case KEY_IDENT:
		add_doubled(b, '"', s, len);
		break;
	case KEY_BRACKET:
		if (sql_get(d, s, len) == d->get)
			add_bracket(b, s, len);
		else
			add_escaped(b, s, len);
		break;
	}
}

static void string_type(struct buf *b, const struct sql_dialect *d,
			uint64_t chars)
{
	if (d == &sql_dialects[SQL_REDSHIFT])
		chars = 4 * chars;
	if (!chars)
		chars = 1;
	if (chars > d->string_max)
		chars = d->string_max;
	buf_adds(b, d->string_type);
	if (strchr(d->string_type, '('))
		buf_addf(b, "%llu)", (unsigned long long)chars);
}

static void decimal_type(struct buf *b, const struct sql_dialect *d,
			 uint32_t precision, uint32_t scale)
{
	buf_adds(b, d->decimal_type);
	buf_addf(b, "%u, %u)", precision, scale);
}

void sql_type(struct buf *b, const struct sql_dialect *d,
	      const struct facts *f, enum version v)
{
	uint32_t whole, scale;
	bool known;

	if (v == VERSION_BOOL) {
		buf_adds(b, d->bool_type);
		return;
	}
	if (v == VERSION_STR) {
		string_type(b, d, f->str->chars_max);
		return;
	}
	known = facts_decimal(f, v, &whole, &scale);
	if (known && whole + scale <= d->digits_max &&
	    !(v == VERSION_FLOAT && d == &sql_dialects[SQL_DUCKDB] &&
	      whole + scale > 15))
		decimal_type(b, d, whole + scale, scale);
	else if (v == VERSION_FLOAT)
		buf_adds(b, d->double_type);
	else if (!known)
		decimal_type(b, d, 38, 0);
	else
		string_type(b, d, whole + 1UL);
}
