/*
 * scan_head -- a scan line, read by its shape.
 */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "attrs/ranges.h"
#include "attrs/scan_head.h"
#include "stream/source_name.h"

static struct scan_head *head_of(struct cursor *c)
{
	return (struct scan_head *)(void *)c;
}

static int read_format(struct cursor *c, void *base)
{
	struct scan_head *h = base;

	if (cursor_u64(c, &h->format))
		return -1;
	h->is_other = h->format != 1;
	return h->is_other ? cursor_fail(c, "unknown format: this program "
					 "reads format 1") : 0;
}

static int read_options(struct cursor *c, void *base)
{
	struct scan_head *h = base;

	if (cursor_peek(c) != '{')
		return cursor_fail(c, "expected an object");
	return cursor_value(c, &h->options);
}

/* A source's name, owned by the caller. */
static int read_name(struct cursor *c, char **name)
{
	struct buf *b = &head_of(c)->name;
	struct span text;
	const char *read;

	if (cursor_string(c, &text))
		return -1;
	read = source_name_read(b, text);
	if (!read)
		return cursor_fail(c, "a 0 byte in the name of a source");
	free(*name);
	*name = mem_dup(read, b->len);
	return 0;
}

static int read_pending_source(struct cursor *c, void *base)
{
	struct pending *p = base;

	return read_name(c, &p->source);
}

static int read_to(struct cursor *c, void *base)
{
	struct pending *p = base;

	cursor_peek(c);
	p->to = UINT64_MAX;
	return cursor_skip(c, "null", 4) ? 0 : cursor_u64(c, &p->to);
}

static int read_mtime(struct cursor *c, void *base)
{
	struct pending *p = base;
	uint64_t size;
	bool negative;

	cursor_peek(c);
	negative = cursor_skip(c, "-", 1);
	if (cursor_u64(c, &size))
		return -1;
	if (size > INT64_MAX)
		return cursor_fail(c, "mtime_ns is too large");
	p->mtime_ns = negative ? -(int64_t)size : (int64_t)size;
	return 0;
}

static const struct field pending_fields[] = {
	FIELD_BY("source", read_pending_source),
	FIELD("from", FIELD_U64, offsetof(struct pending, from)),
	FIELD_BY("to", read_to),
	FIELD("size", FIELD_U64, offsetof(struct pending, size)),
	FIELD_BY("mtime_ns", read_mtime)
};
static const struct shape pending_shape = {pending_fields, 5, 7};

static int read_pending_item(struct cursor *c, void *list)
{
	struct pending_list *l = list;
	struct pending *item = &head_of(c)->item;
	uint32_t seen;

	*item = (struct pending){0};
	if (cursor_object(c, &pending_shape, item, &seen))
		return -1;
	if (item->from >= item->to)
		return cursor_fail(c, "an empty range");
	mem_grow(&l->items, &l->cap, l->n + 1, sizeof(*l->items));
	l->items[l->n++] = *item;
	*item = (struct pending){0};
	return 0;
}

static int read_pending(struct cursor *c, void *base)
{
	struct scan_head *h = base;

	return cursor_array(c, read_pending_item, &h->pending);
}

static int read_resumed(struct cursor *c, void *base)
{
	struct scan_head *h = base;

	return cursor_array(c, read_pending_item, &h->resumed);
}

static int read_range(struct cursor *c, void *base)
{
	struct source_ranges *s = base;
	struct range r, overlap;

	if (cursor_byte(c, '[', "expected [from,to]") ||
	    cursor_u64(c, &r.from) ||
	    cursor_byte(c, ',', "expected [from,to]") ||
	    cursor_u64(c, &r.to) ||
	    cursor_byte(c, ']', "expected [from,to]"))
		return -1;
	if (r.from >= r.to || (s->n && r.from < s->items[s->n - 1].to))
		return cursor_fail(c, "ranges are out of order");
	s->ranged = true;
	ranges_add(s, r, false, &overlap);
	return 0;
}

static int read_source_name(struct cursor *c, void *base)
{
	struct source_ranges *s = base;

	return read_name(c, &s->name);
}

static int read_ranges(struct cursor *c, void *base)
{
	return cursor_array(c, read_range, base);
}

static const struct field source_fields[] = {
	FIELD_BY("source", read_source_name),
	FIELD_BY("ranges", read_ranges)
};
static const struct shape source_shape = {source_fields, 2, 3};

static int read_source(struct cursor *c, void *base)
{
	struct scan_head *h = base;
	struct source_ranges *s;
	uint32_t seen;

	mem_grow(&h->sources, &h->sources_cap, h->nsources + 1,
		 sizeof(*h->sources));
	s = &h->sources[h->nsources++];
	*s = (struct source_ranges){0};
	if (cursor_object(c, &source_shape, s, &seen))
		return -1;
	if (h->nsources > 1 && strcmp(s[-1].name, s->name) >= 0)
		return cursor_fail(c, "sources are out of order");
	return 0;
}

static int read_sources(struct cursor *c, void *base)
{
	return cursor_array(c, read_source, base);
}

#define IN(member) offsetof(struct scan_head, member)
#define TOTAL(name) FIELD(#name, FIELD_U64, IN(totals.name))

enum { OPTIONAL_INEXACT = 10, OPTIONAL_RESUMED = 13, OPTIONAL_FOLDED = 15 };

static const struct field head_fields[] = {
	FIELD_BY("format", read_format),
	FIELD_BY("options", read_options),
	FIELD("attributes", FIELD_U64, IN(attributes)),
	TOTAL(records), TOTAL(bytes), TOTAL(rejected), TOTAL(blank),
	TOTAL(duplicate_keys), TOTAL(lone_surrogates), TOTAL(long_numbers),
	[OPTIONAL_INEXACT] = TOTAL(inexact),
	FIELD("complete", FIELD_BOOL, IN(complete)),
	FIELD_BY("pending", read_pending),
	[OPTIONAL_RESUMED] = FIELD_BY("resumed", read_resumed),
	FIELD_BY("sources", read_sources),
	[OPTIONAL_FOLDED] = FIELD("folded", FIELD_BOOL, IN(folded))
};
static const struct shape head_shape = {
	head_fields, OPTIONAL_FOLDED + 1,
	((1U << OPTIONAL_FOLDED) - 1) & ~(1U << OPTIONAL_INEXACT) &
	~(1U << OPTIONAL_RESUMED)
};

static const struct field line_fields[] = {
	FIELD_OF("scan", 0, &head_shape)
};
static const struct shape line_shape = {line_fields, 1, 1};

bool scan_head_is(const char *line, size_t len)
{
	struct cursor c;
	struct span name;

	cursor_start(&c, line, len);
	return !cursor_byte(&c, '{', "") && !cursor_string(&c, &name) &&
	       name.len == 4 && !memcmp(name.s, "scan", 4);
}

int scan_head_read(struct scan_head *h, const char *line, size_t len)
{
	uint32_t seen;

	cursor_start(&h->cursor, line, len);
	if (cursor_check(&h->cursor) ||
	    cursor_object(&h->cursor, &line_shape, h, &seen) ||
	    cursor_end(&h->cursor))
		return -1;
	return 0;
}

static void pending_release(struct pending_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->items[i].source);
	free(list->items);
}

void scan_head_release(struct scan_head *h)
{
	pending_release(&h->pending);
	pending_release(&h->resumed);
	for (size_t i = 0; i < h->nsources; i++) {
		free(h->sources[i].name);
		free(h->sources[i].items);
	}
	free(h->sources);
	free(h->item.source);
	buf_release(&h->name);
	*h = (struct scan_head){0};
}

bool scan_head_is_nothing(const struct scan_head *h)
{
	static const struct scan_totals none;

	return h->options.len == 2 && !h->attributes && !h->folded &&
	       !memcmp(&h->totals, &none, sizeof(none)) && !h->pending.n &&
	       !h->resumed.n && !h->nsources;
}
