/*
 * render_facts -- what is known about one attribute, as plain fields.
 */
#include "attrs/render_facts.h"

__extension__ typedef unsigned __int128 wide;

static const struct str_stat no_str;
static const struct int_stat no_int;
static const struct float_stat no_float;
static const struct box_stat no_box;

const char *version_name(enum version v)
{
	static const char *const names[VERSIONS] = {
		"str", "int", "float", "bool", "object", "array_primitive",
		"array_object", "array_array"
	};

	return names[v];
}

/* Which statistics there are. */
static void find_stats(struct facts *f, const struct tree *t, uint32_t node)
{
	const struct hot *h = &t->hot[node];

	f->attr = &t->attrs[node];
	f->str = h->str ? &t->strs[h->str] : &no_str;
	f->i = h->num ? &t->nums[h->num].i : &no_int;
	f->f = h->num ? &t->nums[h->num].f : &no_float;
	f->box = h->box ? &t->boxes[h->box] : &no_box;
}

static void count_versions(struct facts *f)
{
	f->counts[VERSION_STR] = f->str->count;
	f->counts[VERSION_INT] = f->i->count;
	f->counts[VERSION_FLOAT] = f->f->count;
	f->counts[VERSION_BOOL] = f->box->boolean.count;
	f->counts[VERSION_OBJECT] = f->box->object.count;
	f->counts[VERSION_ARRAY_PRIMITIVE] = f->box->array_primitive.count;
	f->counts[VERSION_ARRAY_OBJECT] = f->box->array_object.count;
	f->counts[VERSION_ARRAY_ARRAY] = f->box->array_array.count;
	f->active = f->versions = 0;
	for (unsigned v = 0; v < VERSIONS; v++) {
		if (!f->counts[v])
			continue;
		f->active |= 1u << v;
		f->versions++;
	}
}

void facts_read(struct facts *f, const struct tree *t, uint32_t node)
{
	uint32_t parent = t->attrs[node].parent;

	find_stats(f, t, node);
	count_versions(f);
	f->count = tree_count(t, node);
	f->bytes = tree_bytes(t, node);
	f->nulls = f->box->nulls;
	f->embedded = f->str->embedded_object + f->str->embedded_array;
	f->present = f->objects = f->count;
	if (f->attr->kind == STEP_KEY && parent != NODE_NONE) {
		uint32_t box = t->hot[parent].box;

		f->objects = box ? t->boxes[box].object.count : 0;
		f->present = f->count - f->attr->duplicates;
		if (f->present > f->objects)
			f->present = f->objects;
	}
}

void facts_add_types(struct buf *b, const struct facts *f)
{
	bool any = false;

	for (unsigned v = 0; v < VERSIONS; v++) {
		if (!facts_has(f, v))
			continue;
		if (any)
			buf_addc(b, ',');
		buf_adds(b, version_name(v));
		any = true;
	}
	if (!any)
		buf_adds(b, f->box->arrays ? "[]" : "null");
}

uint64_t share_of(uint64_t part, uint64_t all, uint64_t scale)
{
	return all ? (uint64_t)((wide)part * scale / all) : 0;
}

void share_add(struct buf *b, uint64_t part, uint64_t all)
{
	uint64_t mille = share_of(part, all, 1000);

	if (part && !mille)
		buf_adds(b, "<0.1%");
	else if (mille % 10 && (mille < 100 || mille > 990))
		buf_addf(b, "%llu.%llu%%", (unsigned long long)(mille / 10),
			 (unsigned long long)(mille % 10));
	else
		buf_addf(b, "%llu%%", (unsigned long long)(mille / 10));
}

int facts_format(const struct facts *f, bool strict)
{
	uint64_t want = f->str->count - (strict ? 0 : f->str->empty);
	int n = f->str->formats && want ? (int)format_count() : 0;

	for (int i = 0; i < n; i++)
		if (f->str->formats[i] == want)
			return i;
	return -1;
}

int facts_top_format(const struct facts *f, uint64_t *count)
{
	int best = -1, n = f->str->formats ? (int)format_count() : 0;

	*count = 0;
	for (int i = 0; i < n; i++) {
		if (f->str->formats[i] > *count) {
			*count = f->str->formats[i];
			best = i;
		}
	}
	if (f->i->epoch_s > *count) {
		*count = f->i->epoch_s;
		best = format_epoch_s;
	}
	if (f->i->epoch_ms > *count) {
		*count = f->i->epoch_ms;
		best = format_epoch_ms;
	}
	return best;
}

const char *extreme_string(const struct extreme *e, char *small, size_t *len)
{
	const char *text;

	*len = 0;
	if (e->kind == EXT_NONE)
		return NULL;
	*len = extreme_text(e, &text, small);
	return text;
}

/* Digits before the point; 0: not known. */
static uint32_t whole_digits(const struct extreme *e)
{
	char small[24];
	size_t len, n = 0;
	const char *s = extreme_string(e, small, &len);

	for (size_t i = s && s[0] == '-'; i < len && s[i] != '.'; i++) {
		if (s[i] == 'e' || s[i] == 'E')
			return 0;
		n++;
	}
	return (uint32_t)n;
}

bool facts_decimal(const struct facts *f, enum version v, uint32_t *whole,
		   uint32_t *scale)
{
	bool is_float = v == VERSION_FLOAT;
	uint32_t low = whole_digits(is_float ? &f->f->min : &f->i->min);
	uint32_t high = whole_digits(is_float ? &f->f->max : &f->i->max);

	*whole = low > high ? low : high;
	*scale = is_float ? f->f->scale : 0;
	return low && high && !(is_float && f->f->exponent);
}

const struct first *facts_first(const struct facts *f, enum version v)
{
	switch (v) {
	case VERSION_STR:
		return &f->str->first;
	case VERSION_INT:
		return &f->i->first;
	case VERSION_FLOAT:
		return &f->f->first;
	case VERSION_BOOL:
		return &f->box->boolean.first;
	case VERSION_OBJECT:
		return &f->box->object.first;
	case VERSION_ARRAY_PRIMITIVE:
		return &f->box->array_primitive.first;
	case VERSION_ARRAY_OBJECT:
		return &f->box->array_object.first;
	case VERSION_ARRAY_ARRAY:
		return &f->box->array_array.first;
	case VERSIONS:
		break;
	}
	return NULL;
}
