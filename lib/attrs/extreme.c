/*
 * extreme -- the smallest and the greatest number, as written.
 *
 * Nearly all are ints of a few digits: those are kept as a value.  -0 is not,
 * since its text differs from that of the 0 it equals.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "json/num.h"
#include "attrs/tree.h"

static bool is_small(const char *text, size_t len, int64_t *value)
{
	return num_is_int(text, len) && num_small(text, len, value) &&
	       (*value || text[0] != '-');
}

static void set_text(struct extreme *e, const char *text, size_t len)
{
	/* ${text} may be what ${e} holds */
	char *copy = mem_dup(text, len);

	free(e->text);
	*e = (struct extreme){
		.kind = EXT_TEXT, .len = (uint32_t)len, .text = copy
	};
}

static void set_small(struct extreme *e, int64_t value)
{
	free(e->text);
	*e = (struct extreme){.kind = EXT_SMALL, .small = value};
}

/* Does ${text} replace what ${e} has? */
static bool wins(const struct extreme *e, const char *text, size_t len,
		 int want)
{
	char small[24];
	const char *old;
	size_t old_len = extreme_text(e, &old, small);
	int c = num_compare(text, len, old, old_len);

	if (c)
		return c < 0 ? want < 0 : want > 0;
	return num_order(text, len, old, old_len) < 0;
}

void extreme_add(struct extreme *e, const char *text, size_t len, int want)
{
	int64_t value;
	bool small = is_small(text, len, &value);

	if (e->kind == EXT_SMALL && small) {
		if (want < 0 ? value < e->small : value > e->small)
			e->small = value;
	} else if (e->kind == EXT_NONE || wins(e, text, len, want)) {
		if (small)
			set_small(e, value);
		else
			set_text(e, text, len);
	}
}

size_t extreme_text(const struct extreme *e, const char **text, char out[24])
{
	*text = out;
	switch (e->kind) {
	case EXT_SMALL:
		return (size_t)snprintf(out, 24, "%lld", (long long)e->small);
	case EXT_TEXT:
		*text = e->text;
		return e->len;
	case EXT_NONE:
		break;
	}
	return 0;
}

void extreme_release(struct extreme *e)
{
	free(e->text);
	*e = (struct extreme){0};
}
