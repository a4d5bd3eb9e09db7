/*
 * line_version -- the versions of an attribute line, each read by its shape.
 */
#include "json/num.h"
#include "attrs/line.h"

static struct attr_line *line_of(struct cursor *c)
{
	return (struct attr_line *)(void *)c;
}

/* min and max, and sum where there is one. */
static const struct field range_fields[] = {
	FIELD("min", FIELD_U64, offsetof(struct line_range, min)),
	FIELD("max", FIELD_U64, offsetof(struct line_range, max)),
	FIELD("sum", FIELD_U64, offsetof(struct line_range, sum))
};
const struct shape line_range_shape = {range_fields, 3, 7};
static const struct shape keys_shape = {range_fields, 2, 3};

static const struct field embedded_fields[] = {
	FIELD("object", FIELD_U64, offsetof(struct line_embedded, object)),
	FIELD("array", FIELD_U64, offsetof(struct line_embedded, array))
};
static const struct shape embedded_shape = {embedded_fields, 2, 3};

/* Not checked here: who looks it up compares it with names seen before. */
static int read_source(struct cursor *c, void *base)
{
	struct line_first *first = base;

	return cursor_string(c, &first->source);
}

static const struct field first_fields[] = {
	FIELD_BY("source", read_source),
	FIELD("byte", FIELD_U64, offsetof(struct line_first, byte))
};
static const struct shape first_shape = {first_fields, 2, 3};

static void add_str_format(struct attr_line *l, int format, uint64_t count)
{
	size_t max = sizeof(l->formats) / sizeof(*l->formats);

	if (l->nformats < max)
		l->formats[l->nformats++] = (struct format_count){
			(unsigned)format, count
		};
}

/* False when the version has no such format. */
static bool add_format(struct attr_line *l, const struct line_version *v,
		       int format, uint64_t count)
{
	bool is_int = v == &l->versions[VERSION_INT];

	if (format >= 0 && v == &l->versions[VERSION_STR])
		add_str_format(l, format, count);
	else if (is_int && format == format_epoch_s)
		l->epochs[0] += count;
	else if (is_int && format == format_epoch_ms)
		l->epochs[1] += count;
	else
		return false;
	return true;
}

static int read_formats(struct cursor *c, void *base)
{
	struct span name;
	uint64_t count;
	int more = 0, format;

	if (cursor_byte(c, '{', "expected an object"))
		return -1;
	if (cursor_peek(c) == '}') {
		c->p++;
		return 0;
	}
	do {
		if (cursor_string(c, &name) ||
		    cursor_byte(c, ':', "expected a colon") ||
		    cursor_u64(c, &count))
			return -1;
		format = format_index(name.s, name.len);
		if (!add_format(line_of(c), base, format, count)) {
			c->unknown = name;
			if (cursor_check(c))
				return -1;
		}
		more = cursor_more(c, '}');
	} while (more > 0);
	return more;
}

static int read_extreme(struct cursor *c, const struct line_version *v,
			struct span *text)
{
	bool is_int = v == &line_of(c)->versions[VERSION_INT];

	cursor_peek(c);
	if (cursor_skip(c, "null", 4)) {
		*text = (struct span){0};
		return 0;
	}
	if (cursor_string(c, text))
		return -1;
	if (!text->len || num_length(text->s, text->len) != text->len ||
	    num_is_int(text->s, text->len) != is_int)
		return cursor_fail(c, is_int ? "expected an int in a string" :
				   "expected a float in a string");
	return 0;
}

static int read_min(struct cursor *c, void *base)
{
	struct line_version *v = base;

	return read_extreme(c, v, &v->min);
}

static int read_max(struct cursor *c, void *base)
{
	struct line_version *v = base;

	return read_extreme(c, v, &v->max);
}

#define AT(member) offsetof(struct line_version, member)
#define BEGINNING \
	FIELD("name", FIELD_STRING, AT(name)), \
	FIELD("active", FIELD_BOOL, AT(active)), \
	FIELD("count", FIELD_U64, AT(count))
#define ENTRY_BITS 7		/* of the three */
#define ENTRIES 3
/* The estimate is made anew from the registers. */
#define EXTRAS \
	FIELD("distinct", FIELD_U64, AT(ignored)), \
	FIELD("registers", FIELD_VALUE, AT(registers)), \
	FIELD("histogram", FIELD_VALUE, AT(histogram)), \
	FIELD("values", FIELD_VALUE, AT(values)), \
	FIELD("samples", FIELD_VALUE, AT(samples))
#define END FIELD_OF("first", AT(first), &first_shape)

static const struct field str_fields[] = {
	BEGINNING,
	FIELD("empty", FIELD_U64, AT(empty)),
	FIELD_OF("chars", AT(chars), &line_range_shape),
	FIELD_BY("formats", read_formats),
	FIELD_OF("embedded", AT(embedded), &embedded_shape),
	EXTRAS, END
};
static const struct field int_fields[] = {
	BEGINNING,
	FIELD_BY("min", read_min), FIELD_BY("max", read_max),
	FIELD("digits", FIELD_U64, AT(digits)),
	FIELD_BY("formats", read_formats),
	EXTRAS, END
};
static const struct field float_fields[] = {
	BEGINNING,
	FIELD_BY("min", read_min), FIELD_BY("max", read_max),
	FIELD("digits", FIELD_U64, AT(digits)),
	FIELD("scale", FIELD_U64, AT(scale)),
	FIELD("exponent", FIELD_U64, AT(exponent)),
	FIELD_BY("formats", read_formats),
	EXTRAS, END
};
static const struct field bool_fields[] = {
	BEGINNING, FIELD("true", FIELD_U64, AT(trues)), END
};
static const struct field object_fields[] = {
	BEGINNING, FIELD_OF("keys", AT(keys), &keys_shape), END
};
static const struct field array_fields[] = {BEGINNING, END};

#define SHAPE(fields) {fields, sizeof(fields) / sizeof(*fields), ENTRY_BITS}
static const struct shape version_shapes[VERSIONS] = {
	SHAPE(str_fields), SHAPE(int_fields), SHAPE(float_fields),
	SHAPE(bool_fields), SHAPE(object_fields), SHAPE(array_fields),
	SHAPE(array_fields), SHAPE(array_fields)
};

/* Must an active version have it? */
static bool is_needed(const struct field *f, const struct scan_opts *o)
{
	struct span name = {f->name + 1, f->len - 3};

#define IS(text) (name.len == sizeof(text) - 1 && \
		  !memcmp(name.s, text, name.len))
	if (IS("first"))
		return !o->no_first;
	if (IS("min") || IS("max"))
		return !o->private;
	if (IS("registers") || IS("histogram"))
		return o->extra.full;
	if (IS("values"))
		return o->extra.values;
	if (IS("samples"))
		return o->extra.samples;
	return !IS("distinct");
#undef IS
}

void attr_line_expect(struct attr_line *l, const struct scan_opts *opts)
{
	for (int v = 0; v < VERSIONS; v++) {
		const struct shape *s = &version_shapes[v];

		l->need[v] = 0;
		for (unsigned i = 0; i < s->n; i++)
			if (is_needed(&s->fields[i], opts))
				l->need[v] |= UINT32_C(1) << i;
	}
}

/*
 * Goes over what the version ${v} begins with in our own lines, to its count.
 * 1: it is inactive and over, 2: it is active, 0: it looks different.
 */
static int skip_entries(struct attr_line *l, int v)
{
	const struct version_text *t = &version_texts[v];
	struct cursor *c = &l->cursor;
	const char *start = c->p;
	size_t skip = !l->name.len;

	if (cursor_skip(c, t->open + 1, t->open_len - 1) &&
	    cursor_skip(c, l->name.s, l->name.len)) {
		if (cursor_skip(c, t->off + skip, t->off_len - skip))
			return 1;
		if (cursor_skip(c, t->on + skip, t->on_len - skip))
			return 2;
	}
	c->p = start;
	return 0;
}

static int find_version(struct span name)
{
	for (int v = 0; v < VERSIONS; v++) {
		/* ,"TYPE":{"name":" */
		const struct version_text *t = &version_texts[v];

		if (t->open_len == name.len + 13 &&
		    !memcmp(t->open + 2, name.s, name.len))
			return v;
	}
	return VERSIONS;
}

/* Takes note of version ${v}, of which the members ${seen} were read. */
static int met_version(struct attr_line *l, int v, uint32_t seen)
{
	struct line_version *version = &l->versions[v];

	if (l->met & 1U << v)
		return cursor_fail(&l->cursor, "a version twice");
	l->met |= 1U << v;
	if (version->active != (version->count > 0))
		return cursor_fail(&l->cursor, "active, and none counted, "
				   "or the other way round");
	if (!version->active)
		return 0;
	if ((seen & l->need[v]) != l->need[v])
		return cursor_fail(&l->cursor, "a member of an active version "
				   "is missing");
	l->active |= 1U << v;
	return 0;
}

static int read_any_version(struct attr_line *l, int *next)
{
	struct span name, value;
	uint32_t seen;
	int v;

	if (cursor_name(&l->cursor, &name))
		return -1;
	v = find_version(name);
	if (v == VERSIONS) {
		l->cursor.unknown = name;
		return cursor_value(&l->cursor, &value);
	}
	*next = v + 1;
	l->versions[v] = (struct line_version){0};
	if (cursor_object(&l->cursor, &version_shapes[v], &l->versions[v],
			  &seen))
		return -1;
	return met_version(l, v, seen);
}

static int read_version(struct attr_line *l, int *next)
{
	int v = *next, kind = v < VERSIONS ? skip_entries(l, v) : 0;
	uint32_t seen = ENTRY_BITS;

	cursor_peek(&l->cursor);
	if (kind == 0)
		return read_any_version(l, next);
	*next = v + 1;
	if (kind == 1) {
		if (l->met & 1U << v)
			return cursor_fail(&l->cursor, "a version twice");
		l->met |= 1U << v;
		return 0;
	}
	l->versions[v] = (struct line_version){.active = true};
	if (cursor_u64(&l->cursor, &l->versions[v].count) ||
	    cursor_members(&l->cursor, &version_shapes[v], &l->versions[v],
			   &seen, ENTRIES))
		return -1;
	return met_version(l, v, seen);
}

int line_versions(struct cursor *c, void *base)
{
	struct attr_line *l = base;
	int next = 0, more;

	if (cursor_byte(c, '{', "expected an object"))
		return -1;
	do {
		if (read_version(l, &next))
			return -1;
		more = cursor_more(c, '}');
	} while (more > 0);
	if (more == 0 && (l->met & 127) != 127)
		return cursor_fail(c, "a version is missing");
	return more;
}
