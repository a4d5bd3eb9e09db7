/*
 * values -- each different value with its count, while there are few.
 */
#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "attrs/cursor.h"
#include "attrs/values.h"
#include "base/mem.h"
#include "json/str.h"

#define SLOTS_MIN 8

struct value_slot {
	char *text;		/* NULL: free; owned */
	uint32_t len;
	uint64_t hash, count;
};

void values_release(struct values *v)
{
	for (uint32_t i = 0; v->slots && i <= v->mask; i++)
		free(v->slots[i].text);
	free(v->slots);
	*v = (struct values){0};
}

static void become_more(struct values *v)
{
	values_release(v);
	v->more = true;
}

/* The slot of the value, or the free one where it would go. */
static struct value_slot *find_slot(const struct values *v, const char *text,
				    size_t len, uint64_t hash)
{
	uint64_t at = hash;

	for (;; at++) {
		struct value_slot *s = &v->slots[at & v->mask];

		if (!s->text || (s->hash == hash && s->len == len &&
				 memcmp(s->text, text, len) == 0))
			return s;
	}
}

/* Room for one more value, a quarter always being free. */
static void make_room(struct values *v)
{
	struct value_slot *old = v->slots;
	uint32_t old_n = old ? v->mask + 1 : 0;
	uint32_t n = old ? 2 * old_n : SLOTS_MIN;

	if (old && v->used + 1 <= old_n / 4 * 3)
		return;
	v->slots = mem_zalloc(n, sizeof(*v->slots));
	v->mask = n - 1;
	for (uint32_t i = 0; i < old_n; i++)
		if (old[i].text)
			*find_slot(v, old[i].text, old[i].len, old[i].hash) =
				old[i];
	free(old);
}

void values_observe(struct values *v, uint32_t limit, const char *text,
		    size_t len, uint64_t hash, uint64_t count)
{
	struct value_slot *s;

	if (v->more)
		return;
	if (len > VALUES_TEXT_MAX) {
		become_more(v);
		return;
	}
	make_room(v);
	s = find_slot(v, text, len, hash);
	if (s->text) {
		s->count += count;
	} else if (v->used == limit) {
		become_more(v);
	} else {
		*s = (struct value_slot){mem_dup(text, len), (uint32_t)len,
					 hash, count};
		v->used++;
	}
}

void values_add(struct values *v, uint32_t limit, const struct values *from)
{
	if (from->more)
		become_more(v);
	for (uint32_t i = 0; from->slots && i <= from->mask; i++) {
		const struct value_slot *s = &from->slots[i];

		if (s->text)
			values_observe(v, limit, s->text, s->len, s->hash,
				       s->count);
	}
}

static int compare_texts(const void *a, const void *b)
{
	const struct value_slot *x = *(const struct value_slot *const *)a;
	const struct value_slot *y = *(const struct value_slot *const *)b;
	int c = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);

	return c ? c : (x->len > y->len) - (x->len < y->len);
}

void values_write(struct buf *b, const struct values *v)
{
	const struct value_slot **list;
	uint32_t n = 0;

	if (v->more) {
		buf_adds(b, "\"more\"");
		return;
	}
	list = mem_alloc((v->used + 1) * sizeof(*list));
	for (uint32_t i = 0; v->slots && i <= v->mask; i++)
		if (v->slots[i].text)
			list[n++] = &v->slots[i];
	qsort(list, n, sizeof(*list), compare_texts);
	buf_addc(b, '{');
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_addc(b, ',');
		str_write(b, list[i]->text, list[i]->len);
		buf_addc(b, ':');
		buf_addu(b, list[i]->count);
	}
	buf_addc(b, '}');
	free(list);
}

/* A member; ${text} is for its name, unescaped. */
static int read_member(struct values *v, uint32_t limit, struct cursor *c,
		       struct buf *text)
{
	struct span name;
	uint64_t count;

	if (cursor_name(c, &name) || cursor_u64(c, &count) || count == 0)
		return -1;
	buf_clear(text);
	buf_reserve(text, 1);
	str_unescape(text, name.s, name.len);
	values_observe(v, limit, text->s, text->len,
		       XXH3_64bits(text->s, text->len), count);
	return 0;
}

int values_read(struct values *v, uint32_t limit, const char *text,
		size_t len)
{
	struct cursor c;
	struct buf name = {0};
	int more = 1;

	if (len == 6 && memcmp(text, "\"more\"", 6) == 0) {
		become_more(v);
		return 0;
	}
	cursor_start(&c, text, len);
	if (cursor_byte(&c, '{', "expected an object"))
		return -1;
	if (cursor_peek(&c) == '}') {
		c.p++;
		more = 0;
	}
	while (more > 0)
		more = read_member(v, limit, &c, &name) ? -1
							: cursor_more(&c, '}');
	buf_release(&name);
	return more || cursor_end(&c) ? -1 : 0;
}
