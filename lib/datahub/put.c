/*
 * put -- writing JSON members; the put_ functions of mcp.h.
 */
#include "datahub/mcp.h"
#include "json/str.h"

static void comma(struct buf *b)
{
	char last = b->len ? b->s[b->len - 1] : '{';

	if (last != '{' && last != '[' && last != ':')
		buf_addc(b, ',');
}

void put_key(struct buf *b, const char *key)
{
	comma(b);
	buf_addc(b, '"');
	buf_adds(b, key);
	buf_adds(b, "\":");
}

void put_item(struct buf *b)
{
	comma(b);
}

void put_string(struct buf *b, struct span text)
{
	str_write(b, text.s, text.len);
}

void put_span(struct buf *b, const char *key, struct span text)
{
	put_key(b, key);
	put_string(b, text);
}

void put_text(struct buf *b, const char *key, const char *text)
{
	put_key(b, key);
	str_write(b, text, strlen(text));
}

void put_flag(struct buf *b, const char *key, bool value)
{
	put_key(b, key);
	buf_adds(b, value ? "true" : "false");
}

void put_u64(struct buf *b, const char *key, uint64_t value)
{
	put_key(b, key);
	buf_addu(b, value);
}

void put_span_if(struct buf *b, const char *key, struct span text)
{
	if (text.s && text.len)
		put_span(b, key, text);
}

void put_open(struct buf *b, const char *key, char bracket)
{
	put_key(b, key);
	buf_addc(b, bracket);
}
