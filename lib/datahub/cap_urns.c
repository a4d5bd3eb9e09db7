/*
 * cap_urns -- the strings of one aspect, each once, by number.
 */
#include "datahub/cap_urns.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/mem.h"
#include "datahub/pysize.h"
#include "json/str.h"

#define FIELD "urn:li:schemaField:("
#define KEEP_SLOTS (1 << 16)	/* a bigger table is not kept for the next */

void urns_clear(struct urns *u)
{
	u->n = 0;
	u->last_stamp = 0;
	pool_clear(&u->pool);
	if (u->mask >= KEEP_SLOTS) {
		free(u->slots);
		free(u->items);
		u->slots = NULL;
		u->items = NULL;
		u->mask = u->cap = 0;
	}
	if (u->slots)
		memset(u->slots, 0, (u->mask + 1) * sizeof(*u->slots));
}

void urns_release(struct urns *u)
{
	free(u->items);
	free(u->slots);
	pool_release(&u->pool);
	*u = (struct urns){0};
}

static void put_slot(uint64_t *slots, size_t mask, uint64_t hash, uint32_t id)
{
	size_t i = hash & mask;

	while (slots[i])
		i = (i + 1) & mask;
	slots[i] = (hash & 0xffffffff00000000ULL) | (id + 1);
}

static void grow(struct urns *u)
{
	size_t mask = u->mask ? 2 * u->mask + 1 : 1023;
	uint64_t *slots = mem_zalloc(mask + 1, sizeof(*slots));

	for (size_t i = 0; i < u->n; i++)
		put_slot(slots, mask,
			 XXH3_64bits(u->items[i].s, u->items[i].len),
			 (uint32_t)i);
	free(u->slots);
	u->slots = slots;
	u->mask = mask;
}

/* The number of ${s}; NO_URN with ${*hash} when it is new. */
static uint32_t find(const struct urns *u, const char *s, size_t len,
		     uint64_t *hash)
{
	*hash = XXH3_64bits(s, len);
	if (!u->mask)
		return NO_URN;
	for (size_t i = *hash & u->mask; u->slots[i]; i = (i + 1) & u->mask) {
		const struct urn *item;

		if ((u->slots[i] ^ *hash) >> 32)
			continue;
		item = &u->items[(uint32_t)u->slots[i] - 1];
		if (item->len == len && !memcmp(item->s, s, len))
			return (uint32_t)u->slots[i] - 1;
	}
	return NO_URN;
}

static uint32_t add(struct urns *u, const char *s, size_t len, uint64_t hash)
{
	if (4 * u->n >= 3 * u->mask)
		grow(u);
	mem_grow(&u->items, &u->cap, u->n + 1, sizeof(*u->items));
	u->items[u->n] = (struct urn){
		.s = s, .len = (uint32_t)len, .dataset = NO_URN,
		.rank = NO_URN
	};
	put_slot(u->slots, u->mask, hash, (uint32_t)u->n);
	return (uint32_t)u->n++;
}

uint32_t urns_text(struct urns *u, const char *s, size_t len)
{
	uint64_t hash;
	uint32_t id = find(u, s, len, &hash);

	if (id != NO_URN)
		return id;
	id = add(u, s, len, hash);
	u->items[id].size = (uint32_t)pysize_text(s, len);
	return id;
}

uint32_t urns_string(struct urns *u, struct val v)
{
	const char *s = v.s + 1;
	size_t len = v.len - 2;
	struct buf plain = {0};
	uint64_t hash;
	uint32_t id;

	if (memchr(s, '\\', len)) {
		str_unescape(&plain, s, len);
		s = buf_cstr(&plain);
		len = plain.len;
	}
	id = find(u, s, len, &hash);
	if (id == NO_URN) {
		if (plain.s)
			s = pool_dup(&u->pool, s, len);
		id = add(u, s, len, hash);
		u->items[id].size = (uint32_t)pysize_string(v.s, v.len);
	}
	if (!u->items[id].raw) {
		u->items[id].raw = v.s;
		u->items[id].raw_len = (uint32_t)v.len;
	}
	if (plain.s)
		buf_release(&plain);
	return id;
}

/* Behind the URN at ${s}: the first comma outside brackets, or NULL. */
static const char *outer_comma(const char *s, const char *end)
{
	unsigned depth = 0;

	for (; s < end; s++) {
		if (*s == '(')
			depth++;
		else if (*s == ')' && depth)
			depth--;
		else if (*s == ',' && !depth)
			return s;
	}
	return NULL;
}

uint32_t urns_dataset(struct urns *u, uint32_t id)
{
	const struct urn *item = &u->items[id];
	const char *from = item->s + sizeof(FIELD) - 1;
	const char *end = item->s + item->len, *comma;
	uint32_t dataset = id;

	if (item->dataset != NO_URN)
		return item->dataset;
	if (item->len > sizeof(FIELD) &&
	    !memcmp(item->s, FIELD, sizeof(FIELD) - 1)) {
		/* commas of field paths are escaped; where one is not, the
		   brackets tell */
		comma = memrchr(from, ',', (size_t)(end - from));
		if (!comma || comma[-1] != ')')
			comma = outer_comma(from, end);
		if (comma)
			dataset = urns_text(u, from, (size_t)(comma - from));
	}
	u->items[id].dataset = dataset;
	return dataset;
}

uint32_t urns_stamp(struct urns *u)
{
	return ++u->last_stamp;
}

int urns_compare(const struct urn *a, const struct urn *b)
{
	int c = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);

	return c ? c : a->len < b->len ? -1 : a->len > b->len;
}
