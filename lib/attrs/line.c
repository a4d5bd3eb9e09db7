/*
 * line -- one attribute line, read by its shape.
 */
#include <stdlib.h>
#include "base/mem.h"
#include "json/str.h"
#include "attrs/line.h"

void attr_line_release(struct attr_line *l)
{
	free(l->steps);
	buf_release(&l->keys);
	*l = (struct attr_line){0};
}

/* One of "key", [], {}, null.  The key's place is kept until all are there. */
static int read_step(struct cursor *c, void *base)
{
	struct attr_line *l = base;
	struct span key;
	struct step s = {0};

	switch (cursor_peek(c)) {
	case '"':
		if (cursor_string(c, &key))
			return -1;
		s.kind = STEP_KEY;
		s.len = l->keys.len;
		str_unescape(&l->keys, key.s, key.len);
		s.len = l->keys.len - s.len;
		break;
	case '[':
		s.kind = STEP_ITEM;
		c->p++;
		if (cursor_byte(c, ']', "expected [], the step of an item"))
			return -1;
		break;
	case '{':
		s.kind = STEP_MAP;
		c->p++;
		if (cursor_byte(c, '}', "expected {}, the step of a map"))
			return -1;
		break;
	default:
		s.kind = STEP_NULL;
		if (!cursor_skip(c, "null", 4))
			return cursor_fail(c, "expected a step: a string, "
					   "[], {} or null");
	}
	mem_grow(&l->steps, &l->steps_cap, l->nsteps + 1, sizeof(*l->steps));
	l->steps[l->nsteps++] = s;
	return 0;
}

static int read_steps(struct cursor *c, void *base)
{
	struct attr_line *l = base;
	size_t at = 0;

	/* attr_line_read() has checked the line: strings can be unescaped */
	buf_clear(&l->keys);
	l->nsteps = 0;
	if (cursor_array(c, read_step, l))
		return -1;
	for (size_t i = 0; i < l->nsteps; i++) {
		if (l->steps[i].kind == STEP_KEY)
			l->steps[i].key = buf_cstr(&l->keys) + at;
		at += l->steps[i].len;
	}
	return 0;
}

static int read_level(struct cursor *c, void *base)
{
	uint64_t level;

	(void)base;
	cursor_peek(c);
	return cursor_skip(c, "-1", 2) ? 0 : cursor_u64(c, &level);
}

static int read_order(struct cursor *c, void *base)
{
	struct attr_line *l = base;

	cursor_peek(c);
	l->head = c->straight ? (size_t)(c->p - c->start) : 0;
	if (cursor_u64(c, &l->order))
		return -1;
	if (l->order >= UINT32_MAX)
		return cursor_fail(c, "order is too large");
	l->middle_start = (size_t)(c->p - c->start);
	return 0;
}

static int read_count(struct cursor *c, void *base)
{
	struct attr_line *l = base;

	cursor_peek(c);
	l->middle_end = (size_t)(c->p - c->start);
	if (!c->straight)
		l->head = 0;
	return cursor_u64(c, &l->count);
}

static int read_items(struct cursor *c, void *base)
{
	struct attr_line *l = base;
	uint32_t seen;

	l->has_items = true;
	return cursor_object(c, &line_range_shape, &l->items, &seen);
}

static int read_parent(struct cursor *c, void *base)
{
	struct span path;

	(void)base;
	cursor_peek(c);
	return cursor_skip(c, "null", 4) ? 0 : cursor_string(c, &path);
}

#define IN(member) offsetof(struct attr_line, member)
enum {
	AT_PATH, AT_STEPS, AT_NAME, AT_LEVEL, AT_ORDER, AT_PARENT_OBJECT,
	AT_PARENT_ARRAY, AT_COUNT, AT_DUPLICATES, AT_NULLS, AT_EMPTY_ARRAYS,
	AT_BYTES, AT_ITEMS, AT_MAP_REASON, AT_VERSIONS
};
#define BITS_TO_COUNT ((1U << (AT_COUNT + 1)) - 1)

static const struct field line_fields[] = {
	[AT_PATH] = FIELD("path", FIELD_STRING, IN(ignored)),
	[AT_STEPS] = FIELD_BY("steps", read_steps),
	[AT_NAME] = FIELD("name", FIELD_STRING, IN(name)),
	[AT_LEVEL] = FIELD_BY("level", read_level),
	[AT_ORDER] = FIELD_BY("order", read_order),
	[AT_PARENT_OBJECT] = FIELD_BY("parent_object", read_parent),
	[AT_PARENT_ARRAY] = FIELD_BY("parent_array", read_parent),
	[AT_COUNT] = FIELD_BY("count", read_count),
	[AT_DUPLICATES] = FIELD("duplicates", FIELD_U64, IN(duplicates)),
	[AT_NULLS] = FIELD("nulls", FIELD_U64, IN(nulls)),
	[AT_EMPTY_ARRAYS] = FIELD("empty_arrays", FIELD_U64, IN(empty_arrays)),
	[AT_BYTES] = FIELD("bytes", FIELD_U64, IN(bytes)),
	[AT_ITEMS] = FIELD_BY("items", read_items),
	[AT_MAP_REASON] = FIELD("map_reason", FIELD_STRING, IN(map_reason)),
	[AT_VERSIONS] = FIELD_BY("versions", line_versions)
};
static const struct shape line_shape = {
	line_fields, sizeof(line_fields) / sizeof(*line_fields),
	BITS_TO_COUNT | 1U << AT_NULLS | 1U << AT_BYTES | 1U << AT_VERSIONS
};

static void start(struct attr_line *l, const char *line, size_t len)
{
	cursor_start(&l->cursor, line, len);
	l->name = (struct span){"", 0};
	l->map_reason = (struct span){0};
	l->duplicates = l->empty_arrays = 0;
	l->has_items = false;
	l->met = l->active = 0;
	l->nformats = 0;
	l->epochs[0] = l->epochs[1] = 0;
	l->head = 0;
}

int attr_line_read(struct attr_line *l, const char *line, size_t len)
{
	uint32_t seen;

	start(l, line, len);
	if (cursor_check(&l->cursor) ||
	    cursor_object(&l->cursor, &line_shape, l, &seen) ||
	    cursor_end(&l->cursor))
		return -1;
	return 0;
}

int attr_line_read_known(struct attr_line *l, const char *line, size_t len,
			 uint64_t order, size_t count, struct span name)
{
	uint32_t seen = BITS_TO_COUNT;

	start(l, line, len);
	l->cursor.p = line + count;
	l->order = order;
	l->name = name;
	if (cursor_u64(&l->cursor, &l->count) ||
	    cursor_members(&l->cursor, &line_shape, l, &seen, AT_DUPLICATES) ||
	    cursor_end(&l->cursor))
		return -1;
	return 0;
}
