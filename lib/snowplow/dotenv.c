/*
 * dotenv -- NAME=value lines.
 */
#include "snowplow/dotenv.h"

struct text {
	const char *s, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(struct text *t)
{
	while (t->s < t->end && is_blank(*t->s))
		t->s++;
}

static void skip_line(struct text *t)
{
	const char *nl = memchr(t->s, '\n', (size_t)(t->end - t->s));

	t->s = nl ? nl + 1 : t->end;
}

static bool is_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/* The name before '=' or ':'; false: no such line. */
static bool read_name(struct text *t, const char **name, size_t *len)
{
	static const char word[] = "export ";

	skip_blanks(t);
	if ((size_t)(t->end - t->s) > strlen(word) &&
	    !memcmp(t->s, word, strlen(word))) {
		t->s += strlen(word);
		skip_blanks(t);
	}
	*name = t->s;
	while (t->s < t->end && is_name(*t->s))
		t->s++;
	*len = (size_t)(t->s - *name);
	skip_blanks(t);
	if (!*len || t->s == t->end || (*t->s != '=' && *t->s != ':'))
		return false;
	t->s++;
	skip_blanks(t);
	return true;
}

static char escaped(char c)
{
	return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
}

static void read_quoted(struct text *t, struct buf *value)
{
	char quote = *t->s++;

	for (; t->s < t->end && *t->s != quote; t->s++)
		if (quote == '"' && *t->s == '\\' && t->s + 1 < t->end)
			buf_addc(value, escaped(*++t->s));
		else
			buf_addc(value, *t->s);
	skip_line(t);
}

static void read_bare(struct text *t, struct buf *value)
{
	const char *start = t->s, *p = start;

	while (p < t->end && *p != '\n' &&
	       !(*p == '#' && (p == start || is_blank(p[-1]))))
		p++;
	skip_line(t);
	while (p > start && is_blank(p[-1]))
		p--;
	buf_add(value, start, (size_t)(p - start));
}

bool dotenv_get(const char *text, size_t len, const char *name,
		struct buf *value)
{
	struct text t = { text, text + len };
	struct buf other = {0}, *to;
	const char *found;
	size_t n;
	bool met = false, this;

	while (t.s < t.end) {
		if (!read_name(&t, &found, &n)) {
			skip_line(&t);
			continue;
		}
		this = n == strlen(name) && !memcmp(found, name, n);
		met |= this;
		to = this ? value : &other;
		buf_clear(to);
		if (t.s < t.end && (*t.s == '"' || *t.s == '\''))
			read_quoted(&t, to);
		else
			read_bare(&t, to);
	}
	buf_release(&other);
	return met;
}
