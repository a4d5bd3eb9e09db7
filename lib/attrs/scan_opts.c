/*
 * scan_opts -- the `options` object of a scan line: what differs from the
 * default, in a fixed order.
 */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "json/check.h"
#include "json/str.h"
#include "json/value.h"
#include "attrs/scan.h"

void scan_opts_init(struct scan_opts *opts)
{
	*opts = (struct scan_opts){
		.max_record = SCAN_MAX_RECORD, .max_depth = SCAN_MAX_DEPTH,
		.max_embedded = SCAN_MAX_EMBEDDED, .max_keys = SCAN_MAX_KEYS,
		.max_attrs = SCAN_MAX_ATTRS
	};
}

/* ${name} with its quotes and colon. */
static void add_name(struct buf *b, const char *name)
{
	if (b->s[b->len - 1] != '{')
		buf_addc(b, ',');
	buf_adds(b, name);
}

static void add_number(struct buf *b, const char *name, uint64_t value,
		       uint64_t normal)
{
	if (value == normal)
		return;
	add_name(b, name);
	buf_addu(b, value);
}

static void add_true(struct buf *b, const char *name, bool value)
{
	if (!value)
		return;
	add_name(b, name);
	buf_adds(b, "true");
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_map(struct buf *b, const struct scan_opts *opts)
{
	const char **sorted;

	if (!opts->nmap)
		return;
	sorted = mem_alloc(opts->nmap * sizeof(*sorted));
	memcpy(sorted, opts->map, opts->nmap * sizeof(*sorted));
	qsort(sorted, opts->nmap, sizeof(*sorted), compare_texts);
	add_name(b, "\"map\":[");
	for (size_t i = 0; i < opts->nmap; i++) {
		if (i && !strcmp(sorted[i], sorted[i - 1]))
			continue;
		if (i)
			buf_addc(b, ',');
		str_write(b, sorted[i], strlen(sorted[i]));
	}
	buf_addc(b, ']');
	free(sorted);
}

/*
 * 32 bits of a hash: enough to see that two partials were not sampled with the
 * same key, too little to tell the key.
 */
static void add_sample_key(struct buf *b, const struct scan_opts *opts)
{
	const struct extra_opts *x = &opts->extra;

	if (!opts->sample_key[0] && !x->key)
		return;
	add_name(b, "\"sample_key\":\"");
	if (opts->sample_key[0])
		buf_adds(b, opts->sample_key);
	else
		buf_addf(b, "%08lx", (unsigned long)
			 extra_key_id(x->key, x->key_len));
	buf_addc(b, '"');
}

void scan_write_options(struct buf *b, const struct scan_opts *o)
{
	buf_addc(b, '{');
	if (o->where) {
		add_name(b, "\"where\":");
		str_write(b, o->where, strlen(o->where));
	}
	add_number(b, "\"limit\":", o->limit, 0);
	add_number(b, "\"max_record\":", o->max_record, SCAN_MAX_RECORD);
	add_number(b, "\"max_depth\":", o->max_depth, SCAN_MAX_DEPTH);
	add_number(b, "\"max_embedded\":", o->max_embedded, SCAN_MAX_EMBEDDED);
	add_number(b, "\"max_keys\":", o->max_keys, SCAN_MAX_KEYS);
	add_number(b, "\"max_attrs\":", o->max_attrs, SCAN_MAX_ATTRS);
	add_map(b, o);
	if (o->extra.full) {
		add_name(b, "\"stats\":");
		buf_adds(b, "\"full\"");
	}
	add_number(b, "\"values\":", o->extra.values, 0);
	add_number(b, "\"samples\":", o->extra.samples, 0);
	add_true(b, "\"unmasked\":", o->extra.unmasked);
	add_sample_key(b, o);
	add_true(b, "\"private\":", o->private);
	add_true(b, "\"no_first\":", o->no_first);
	buf_addc(b, '}');
}

/* What scan_read_options() works on. */
struct reading {
	struct scan_opts *opts;
	struct buf *arena;	/* large enough from the start: never moves */
	struct span value;
};

/* The string as C text in the arena; NULL: none, or a NUL in it. */
static const char *get_text(struct reading *r, struct span v)
{
	size_t start = r->arena->len;

	if (v.s[0] != '"')
		return NULL;
	str_unescape(r->arena, v.s + 1, v.len - 2);
	buf_addc(r->arena, 0);
	if (memchr(r->arena->s + start, 0, r->arena->len - start - 1))
		return NULL;
	return r->arena->s + start;
}

static int get_number(const struct span *v, uint64_t max, uint64_t *to)
{
	uint64_t value = 0;

	for (size_t i = 0; i < v->len; i++) {
		if (v->s[i] < '0' || v->s[i] > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(v->s[i] - '0'),
					   &value))
			return -1;
	}
	*to = value;
	return value <= max ? 0 : -1;
}

static int get_number32(const struct span *v, uint32_t *to)
{
	uint64_t value;

	if (get_number(v, UINT32_MAX, &value))
		return -1;
	*to = (uint32_t)value;
	return 0;
}

static int get_true(const struct span *v, bool *to)
{
	*to = v->len == 4 && v->s[0] == 't';
	return *to ? 0 : -1;
}

static int get_map(struct reading *r)
{
	struct value_iter it;
	struct span item;
	size_t n = 0;

	if (r->value.s[0] != '[')
		return -1;
	value_iter_start(&it, r->value);
	while (value_next(&it, NULL, &item)) {
		r->opts->map[n] = get_text(r, item);
		if (!r->opts->map[n++])
			return -1;
	}
	r->opts->nmap = n;
	return 0;
}

static int get_sample_key(struct reading *r)
{
	const char *text = get_text(r, r->value);

	if (!text || strlen(text) != 8 ||
	    strspn(text, "0123456789abcdef") != 8)
		return -1;
	memcpy(r->opts->sample_key, text, 9);
	return 0;
}

static int get_where(struct reading *r)
{
	r->opts->where = get_text(r, r->value);
	return r->opts->where ? 0 : -1;
}

static int get_stats(struct reading *r)
{
	r->opts->extra.full = r->value.len == 6 &&
			      !memcmp(r->value.s, "\"full\"", 6);
	return r->opts->extra.full ? 0 : -1;
}

static bool is_name(struct span name, const char *text)
{
	return name.len == strlen(text) && !memcmp(name.s, text, name.len);
}

/* 0, -1 when the value is none of this setting, 1 when there is no such. */
static int get_option(struct reading *r, struct span name)
{
	struct scan_opts *o = r->opts;
	const struct span *v = &r->value;

	if (is_name(name, "where"))
		return get_where(r);
	if (is_name(name, "limit"))
		return get_number(v, UINT64_MAX, &o->limit);
	if (is_name(name, "max_record"))
		return get_number(v, UINT64_MAX, &o->max_record);
	if (is_name(name, "max_depth"))
		return get_number(v, UINT64_MAX, &o->max_depth);
	if (is_name(name, "max_embedded"))
		return get_number(v, UINT64_MAX, &o->max_embedded);
	if (is_name(name, "max_keys"))
		return get_number(v, UINT64_MAX, &o->max_keys);
	if (is_name(name, "max_attrs"))
		return get_number(v, UINT64_MAX, &o->max_attrs);
	if (is_name(name, "map"))
		return get_map(r);
	if (is_name(name, "stats"))
		return get_stats(r);
	if (is_name(name, "values"))
		return get_number32(v, &o->extra.values);
	if (is_name(name, "samples"))
		return get_number32(v, &o->extra.samples);
	if (is_name(name, "unmasked"))
		return get_true(v, &o->extra.unmasked);
	if (is_name(name, "sample_key"))
		return get_sample_key(r);
	if (is_name(name, "private"))
		return get_true(v, &o->private);
	if (is_name(name, "no_first"))
		return get_true(v, &o->no_first);
	return 1;
}

int scan_read_options(struct scan_opts *opts, const char *text, size_t len,
		      struct buf *arena, struct buf *why)
{
	struct reading r = {opts, arena, {0}};
	struct value_iter it;
	struct json_fault fault;
	struct span name;
	int rc = 0;

	scan_opts_init(opts);
	if (json_check(text, len, 8, &fault) || text[0] != '{') {
		buf_adds(why, "options is not an object");
		return -1;
	}
	/*
	 * First the pointers of map: an item takes two bytes of text or more.
	 * Then strings, which are never longer than their text; a bit
	 * more, so that str_unescape() never finds it too small.
	 */
	buf_clear(arena);
	buf_reserve(arena, (len / 2 + 1) * sizeof(*opts->map) + len + 256);
	opts->map = (const char **)(void *)arena->s;
	arena->len = (len / 2 + 1) * sizeof(*opts->map);
	value_iter_start(&it, (struct span){text, len});
	while (rc == 0 && value_next(&it, &name, &r.value))
		rc = get_option(&r, name);
	if (rc == 0)
		return 0;
	buf_adds(why, rc > 0 ? "unknown member of options: " :
		 "not a value of the option ");
	buf_add(why, name.s, name.len);
	return -1;
}
