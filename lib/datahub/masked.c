/*
 * masked -- a configuration as JSON, without what opens doors.
 */
#include "datahub/masked.h"

#include <strings.h>

#include "datahub/mcp.h"

/* Deeper than this nothing is written of a configuration. */
#define DEPTH 200

static bool is_secret(struct span key)
{
	static const char *const words[] = {
		"password", "secret", "token", "apikey", "api_key",
		"accesskey", "access_key", "credential", "salt"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		for (size_t k = 0; k + n <= key.len; k++)
			if (!strncasecmp(key.s + k, words[i], n))
				return true;
	}
	return false;
}

static void write_value(struct buf *b, const struct dom *d, bool secret,
			unsigned depth)
{
	bool object = dom_is(d, VALUE_OBJECT);

	if (!object && !dom_is(d, VALUE_ARRAY)) {
		if (secret && (dom_is(d, VALUE_STRING) ||
			       dom_is(d, VALUE_NUMBER)))
			buf_adds(b, "\"***\"");
		else
			buf_add(b, d->text.s, d->text.len);
		return;
	}
	if (depth == DEPTH) {
		buf_adds(b, "null");
		return;
	}
	buf_addc(b, object ? '{' : '[');
	for (const struct dom *x = d->child; x; x = x->next) {
		put_item(b);
		if (object) {
			put_string(b, x->key);
			buf_addc(b, ':');
		}
		write_value(b, x, secret || (object && is_secret(x->key)),
			    depth + 1);
	}
	buf_addc(b, object ? '}' : ']');
}

void masked_write(struct buf *b, const struct dom *d)
{
	if (d)
		write_value(b, d, false, 0);
}
