#include "datahub/column_names.h"

#include <string.h>

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* "." and "-" as "_", small letters: a vendor, by both rules. */
static void add_vendor(struct buf *b, const char *s)
{
	for (; *s; s++)
		buf_addc(b, *s == '.' || *s == '-' ? '_' : lower(*s));
}

void snake_sdk(struct buf *b, const char *s, size_t len)
{
	char before = '_', c;

	for (size_t i = 0; i < len; i++) {
		c = s[i] == '.' || s[i] == '-' ? '_' : s[i];
		if (is_upper(c) && before != '_' && !is_upper(before))
			buf_addc(b, '_');
		buf_addc(b, lower(c));
		before = c;
	}
}

void snake_ddl(struct buf *b, const char *s, size_t len)
{
	char before = 0, after;

	for (size_t i = 0; i < len; before = s[i++]) {
		after = i + 1 < len ? s[i + 1] : 0;
		if (is_upper(s[i]) &&
		    (is_lower(before) || is_digit(before) ||
		     (is_upper(before) && is_lower(after))))
			buf_addc(b, '_');
		buf_addc(b, s[i] == '-' ? '_' : lower(s[i]));
	}
}

bool schema_name_parse(struct schema_name *out, struct buf *room,
		       const char *uri, size_t len)
{
	const char *end = uri + len, *part[5];
	size_t at[4], n = 1;

	if (len > 5 && !memcmp(uri, "iglu:", 5))
		uri += 5;
	part[0] = uri;
	for (const char *s = uri; s < end; s++) {
		if (*s != '/')
			continue;
		if (n == 4)
			return false;
		part[n++] = s + 1;
	}
	if (n != 4)
		return false;
	part[4] = end + 1;
	for (size_t i = 0; i < 4; i++)
		if (part[i + 1] - part[i] < 2)
			return false;
	for (size_t i = 0; i < 4; i++) {
		at[i] = room->len;
		buf_add(room, part[i], (size_t)(part[i + 1] - part[i]) - 1);
		buf_addc(room, 0);
	}
	out->vendor = room->s + at[0];
	out->name = room->s + at[1];
	out->version = room->s + at[3];
	return true;
}

bool warehouse_has_tables(enum warehouse w)
{
	return w == WAREHOUSE_REDSHIFT || w == WAREHOUSE_POSTGRES;
}

static void add_name(struct buf *b, enum snake rule, const char *name)
{
	if (rule == SNAKE_DDL)
		snake_ddl(b, name, strlen(name));
	else
		snake_sdk(b, name, strlen(name));
}

static void add_model(struct buf *b, const char *version)
{
	buf_add(b, version, strcspn(version, "-"));
}

void column_of_schema(struct buf *b, enum warehouse w, enum snake rule,
		      const struct schema_name *s)
{
	if (w == WAREHOUSE_NONE || warehouse_has_tables(w))
		return;
	buf_adds(b, s->entity ? "contexts_" : "unstruct_event_");
	add_vendor(b, s->vendor);
	buf_addc(b, '_');
	add_name(b, rule, s->name);
	buf_addc(b, '_');
	if (w != WAREHOUSE_BIGQUERY_V1) {
		add_model(b, s->version);
		return;
	}
	for (const char *v = s->version; *v; v++)
		buf_addc(b, *v == '-' ? '_' : *v);
}

void table_of_schema(struct buf *b, enum snake rule,
		     const struct schema_name *s)
{
	add_vendor(b, s->vendor);
	buf_addc(b, '_');
	add_name(b, rule == SNAKE_AUTO ? SNAKE_DDL : rule, s->name);
	buf_addc(b, '_');
	add_model(b, s->version);
}

/*
 * Bytes from ${at} on with one "_" for every character outside [a-z0-9_].
 * Java lowers before it replaces, and two characters become ASCII by that:
 * U+212A (Kelvin sign) is "k", U+0130 (capital I with dot) "i" and a mark.
 */
static void only_plain(struct buf *b, size_t at)
{
	size_t to = at, n;
	unsigned char c;

	for (size_t i = at; i < b->len; i += n) {
		c = (unsigned char)b->s[i];
		n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		if (n > b->len - i)
			n = b->len - i;
		if (n == 1 && (is_lower((char)c) || is_digit((char)c))) {
			b->s[to++] = (char)c;
		} else if (n == 3 && !memcmp(b->s + i, "\xe2\x84\xaa", 3)) {
			b->s[to++] = 'k';
		} else if (n == 2 && !memcmp(b->s + i, "\xc4\xb0", 2)) {
			b->s[to++] = 'i';
			b->s[to++] = '_';
		} else {
			b->s[to++] = '_';
		}
	}
	b->len = to;
}

void column_of_field(struct buf *b, enum warehouse w, const char *s, size_t len)
{
	size_t at = b->len;

	if (w == WAREHOUSE_NONE || w == WAREHOUSE_SNOWFLAKE) {
		buf_add(b, s, len);
		return;
	}
	snake_ddl(b, s, len);
	if (warehouse_has_tables(w))
		return;
	only_plain(b, at);
	if (b->len == at || !is_digit(b->s[at]))
		return;
	buf_addc(b, 0);
	memmove(b->s + at + 1, b->s + at, b->len - at - 1);
	b->s[at] = '_';
}

void column_path(struct buf *b, enum warehouse w, bool entity,
		 const char *column, size_t len)
{
	bool avro = w == WAREHOUSE_BIGQUERY || w == WAREHOUSE_BIGQUERY_V1 ||
		    w == WAREHOUSE_DATABRICKS;

	if (avro)
		buf_adds(b, entity ? "[version=2.0].[type=struct].[type=array]"
				     ".[type=struct]."
				   : "[version=2.0].[type=struct]"
				     ".[type=struct].");
	buf_add(b, column, len);
}
