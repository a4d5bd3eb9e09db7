/*
 * guard_schema -- lists that get shorter: fields of a schema, subjects of a
 * query, sample values of a profile.
 */
#include "datahub/guard_in.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/pysize.h"
#include "json/str.h"

/* An item of a list, and what it is sorted by. */
struct listed {
	struct val v;
	uint64_t depth;
	size_t at;
};

struct listing {
	struct listed *items;
	size_t n, cap;
};

static int by_depth(const void *va, const void *vb)
{
	const struct listed *a = va, *b = vb;

	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

static void list_items(struct listing *list, const struct doc *d, struct val v)
{
	struct doc_iter it;
	struct val item;

	doc_iter(&it, d, v);
	while (doc_next(&it, NULL, &item)) {
		mem_grow(&list->items, &list->cap, list->n + 1,
			 sizeof(*list->items));
		list->items[list->n] = (struct listed){.v = item,
						       .at = list->n};
		list->n++;
	}
}

/* The array ${v} with the first of the sorted items that fit. */
static void keep_first(struct guard *g, struct val v, struct listing *list)
{
	const struct doc *d = g->m->doc;
	uint64_t size = g->size - pysize_value(d, v) + 2;
	struct buf b = {0};
	size_t kept = 0;

	if (list->n)
		qsort(list->items, list->n, sizeof(*list->items), by_depth);
	buf_addc(&b, '[');
	for (; kept < list->n; kept++) {
		struct val item = list->items[kept].v;

		size += pysize_value(d, item) + (kept ? 2 : 0);
		if (size >= g->limit)
			break;
		if (kept)
			buf_addc(&b, ',');
		buf_add(&b, item.s, item.len);
	}
	buf_addc(&b, ']');
	if (kept < list->n) {
		edits_add(&g->edits, v, pool_dup(&g->pool, b.s, b.len), b.len);
		g->dropped += list->n - kept;
	}
	buf_release(&b);
}

/* Parts of a path between dots, with what is in square brackets taken out. */
static uint64_t depth_of(const struct doc *d, struct val field)
{
	struct val path = doc_member(d, field, "fieldPath");
	struct buf text = {0};
	uint64_t depth = 0;
	bool in_part = false;

	if (!val_is(path, '"'))
		return 0;
	str_unescape(&text, path.s + 1, path.len - 2);
	for (size_t i = 0; i < text.len; i++) {
		const char *close = text.s[i] != '[' ? NULL :
			memchr(text.s + i, ']', text.len - i);

		if (close) {
			i = (size_t)(close - text.s);
		} else if (text.s[i] == '.') {
			in_part = false;
		} else {
			depth += !in_part;
			in_part = true;
		}
	}
	buf_release(&text);
	return depth;
}

/* The texts of platformSchema's variants. */
static void drop_platform_schema(struct guard *g)
{
	static const char *const names[] = {
		"rawSchema", "tableSchema", "schema", "documentSchema",
		"keySchema", "valueSchema"
	};
	const struct doc *d = g->m->doc;
	struct val all = doc_member(d, g->m->body, "platformSchema");
	struct val variant, key;
	struct doc_iter it;

	if (!val_is(all, '{'))
		return;
	doc_iter(&it, d, all);
	if (!doc_next(&it, &key, &variant) || *variant.s != '{')
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct val v = doc_member(d, variant, names[i]);

		if (!val_is(v, '"') || v.len == 2)
			continue;
		edits_add(&g->edits, v, "\"\"", 2);
		g->size -= pysize_string(v.s, v.len) - 2;
	}
}

void guard_schema(struct guard *g)
{
	struct val fields = doc_member(g->m->doc, g->m->body, "fields");
	struct listing list = {0};

	drop_platform_schema(g);
	if (!val_is(fields, '['))
		return;
	list_items(&list, g->m->doc, fields);
	for (size_t i = 0; i < list.n; i++)
		list.items[i].depth = depth_of(g->m->doc, list.items[i].v);
	keep_first(g, fields, &list);
	free(list.items);
}

static bool is_field(const struct doc *d, struct val subject)
{
	static const char prefix[] = "\"urn:li:schemaField:";
	struct val urn = doc_member(d, subject, "entity");

	return urn.s && urn.len > sizeof(prefix) &&
	       !memcmp(urn.s, prefix, sizeof(prefix) - 1);
}

void guard_subjects(struct guard *g)
{
	struct val subjects = doc_member(g->m->doc, g->m->body, "subjects");
	struct listing list = {0};

	if (!val_is(subjects, '['))
		return;
	list_items(&list, g->m->doc, subjects);
	for (size_t i = 0; i < list.n; i++)
		list.items[i].depth = is_field(g->m->doc, list.items[i].v);
	keep_first(g, subjects, &list);
	free(list.items);
}

/*
 * The guard adds up lengths of values and drops those of the field that goes
 * over; here the aspect is measured without any values, and values are given
 * back while they fit.
 */
void guard_profile(struct guard *g)
{
	const struct doc *d = g->m->doc;
	struct val fields = doc_member(d, g->m->body, "fieldProfiles"), field;
	struct listing list = {0};
	struct doc_iter it;
	uint64_t all = 0, size;

	if (!val_is(fields, '['))
		return;
	doc_iter(&it, d, fields);
	while (doc_next(&it, NULL, &field)) {
		struct val v = doc_member(d, field, "sampleValues");

		if (!val_is(v, '[') || !doc_count(d, v))
			continue;
		mem_grow(&list.items, &list.cap, list.n + 1,
			 sizeof(*list.items));
		list.items[list.n++] = (struct listed){.v = v};
		all += pysize_value(d, v) - 2;
	}
	size = g->size - all;
	for (size_t i = 0; i < list.n; i++) {
		struct val v = list.items[i].v;
		uint64_t more = pysize_value(d, v) - 2;

		if (size + more < g->limit) {
			size += more;
			continue;
		}
		edits_add(&g->edits, v, "[]", 2);
		g->dropped++;
	}
	free(list.items);
}
