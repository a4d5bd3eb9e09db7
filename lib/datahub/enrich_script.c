/*
 * The JavaScript enrichment: what its script names.
 *
 * A script reads fields of the event by getters (event.getApp_id()), changes
 * them by setters (event.setApp_id(...)) and returns entities
 * ({schema: "iglu:...", data: ...}).  Which of them go into which only running
 * it would tell: every field that it reads is taken as a source of all that it
 * writes.  Fields of other schemas, which scripts parse out of JSON texts, are
 * not followed.
 *
 * docs.snowplow.io: custom JavaScript enrichment, "Writing"; the script stands
 * in the configuration in base64.
 */
#include "datahub/enrich_in.h"

#include <string.h>

static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Base64 in both alphabets (RFC 4648), line ends passed; NULL for no such. */
static char *decode(struct pool *pool, const char *s)
{
	char *text = pool_take(pool, strlen(s) / 4 * 3 + 4), *to = text;
	unsigned bits = 0, have = 0;
	int d;

	for (; *s && *s != '='; s++) {
		if (strchr("\r\n \t", *s))
			continue;
		d = digit(*s);
		if (d < 0)
			return NULL;
		bits = bits << 6 | (unsigned)d;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		*to++ = (char)(bits >> have & 0xff);
	}
	*to = 0;
	return strlen(text) == (size_t)(to - text) ? text : NULL;
}

/* Behind the string that begins with the quote at ${s}. */
static char *string_end(char *s)
{
	char quote = *s++;

	while (*s && *s != quote)
		s += *s == '\\' && s[1] ? 2 : 1;
	return *s ? s + 1 : s;
}

/* Comments become blanks.  A slash in a regular expression may begin none. */
static void uncomment(char *s)
{
	char *end;

	while (*s) {
		if (*s == '"' || *s == '\'' || *s == '`') {
			s = string_end(s);
		} else if (s[0] == '/' && (s[1] == '/' || s[1] == '*')) {
			end = strstr(s + 2, s[1] == '/' ? "\n" : "*/");
			if (!end)
				end = s + strlen(s);
			else if (s[1] == '*')
				end += 2;
			memset(s, ' ', (size_t)(end - s));
			s = end;
		} else {
			s++;
		}
	}
}

static bool listed(const struct enrich_end *list, const char *text)
{
	for (; list; list = list->next)
		if (!strcmp(list->name ? list->name : list->schema, text))
			return true;
	return false;
}

/* The fields in calls of ".get" or ".set" with a field's name behind. */
static void calls(struct enrich_end **list, struct pool *pool, const char *s,
		  const char *verb)
{
	size_t len;
	char *name;

	while ((s = strstr(s, verb))) {
		s += 4;
		len = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"abcdefghijklmnopqrstuvwxyz_0123456789");
		if (!len || s[len + strspn(s + len, " \t\r\n")] != '(' ||
		    *s < 'A' || *s > 'Z')
			continue;
		name = pool_dup(pool, s, len);
		name[0] = (char)(name[0] - 'A' + 'a');
		if (enrich_is_atomic(name, len) && !listed(*list, name))
			enrich_atomic(list, pool, name);
	}
}

/* Does "schema" and a colon stand before the quote at ${s}? */
static bool is_schema(const char *text, const char *s)
{
	while (s > text && strchr(" \t\r\n", s[-1]))
		s--;
	if (s == text || *--s != ':')
		return false;
	while (s > text && strchr(" \t\r\n\"'", s[-1]))
		s--;
	return s - text >= 6 && !memcmp(s - 6, "schema", 6);
}

static void entities(struct enrich_end **list, struct pool *pool,
		     const char *text)
{
	const char *s = text, *uri;

	while ((s = strstr(s, "iglu:"))) {
		size_t len = strcspn(s, "\"'`\n");

		if (s > text && strchr("\"'`", s[-1]) && s[len] == s[-1] &&
		    is_schema(text, s - 1)) {
			uri = pool_dup(pool, s, len);
			if (!listed(*list, uri))
				enrich_entity(list, pool, uri);
		}
		s += len;
	}
}

void enrich_javascript(struct enrich_rules *r, struct pool *pool,
		       const struct dom *parameters)
{
	const char *script = enrich_text(pool, dom_get(parameters, "script"));
	char *text = script ? decode(pool, script) : NULL;
	struct enrich_end *to = NULL;
	struct enrich_rule *rule;

	if (!text) {
		enrich_problem(r, pool, script ? "the script is not in base64"
					       : "there is no script");
		return;
	}
	uncomment(text);
	calls(&to, pool, text, ".set");
	entities(&to, pool, text);
	if (!to)
		return;
	rule = enrich_add(r, pool, ENRICH_DERIVED_BY);
	rule->to = to;
	calls(&rule->from, pool, text, ".get");
}
