/*
 * sql_names -- names of columns and tables.
 */
#include <stdlib.h>
#include <xxhash.h>
#include "base/mem.h"
#include "attrs/sql_names.h"

#define NAME_MAX_BYTES 63
#define NUMBER_BYTES 6		/* "_99999" */

void sql_names_clear(struct sql_names *n)
{
	if (n->slots)
		memset(n->slots, 0, n->cap * sizeof(*n->slots));
	n->used = 0;
}

void sql_names_release(struct sql_names *n)
{
	free(n->slots);
	*n = (struct sql_names){0};
}

static uint64_t hash_of(const struct buf *name)
{
	char lower[NAME_MAX_BYTES + NUMBER_BYTES + 1];
	size_t len = name->len < sizeof(lower) ? name->len : sizeof(lower);
	uint64_t hash;

	for (size_t i = 0; i < len; i++) {
		char c = name->s[i];

		lower[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	hash = XXH3_64bits(lower, len);
	return hash ? hash : 1;
}

static bool insert(struct sql_names *n, uint64_t hash)
{
	size_t at = hash & (n->cap - 1);

	while (n->slots[at] && n->slots[at] != hash)
		at = (at + 1) & (n->cap - 1);
	if (n->slots[at])
		return false;
	n->slots[at] = hash;
	n->used++;
	return true;
}

static void grow(struct sql_names *n)
{
	struct sql_names old = *n;

	if (n->cap && n->used < n->cap / 2)
		return;
	n->cap = old.cap ? 2 * old.cap : 64;
	n->slots = mem_zalloc(n->cap, sizeof(*n->slots));
	n->used = 0;
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i])
			insert(n, old.slots[i]);
	free(old.slots);
}

/* Two names of one hash would be one more number: harmless. */
void sql_names_add(struct sql_names *n, struct buf *name)
{
	size_t len = name->len;

	grow(n);
	for (unsigned k = 2; !insert(n, hash_of(name)); k++) {
		size_t keep = len < NAME_MAX_BYTES - NUMBER_BYTES ? len :
			      NAME_MAX_BYTES - NUMBER_BYTES;

		name->len = keep;
		buf_addf(name, "_%u", k);
	}
}

static void add_plain(struct buf *to, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = s[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9');

		/* one for a character of several bytes */
		if (plain)
			buf_addc(to, c);
		else if (((unsigned char)c & 0xc0) != 0x80)
			buf_addc(to, '_');
	}
}

/* The keys from ${from} to ${i}, each with "_" before it. */
static void add_keys(struct buf *to, const struct view *v, uint32_t from,
		     uint32_t i)
{
	uint32_t chain[NAME_MAX_BYTES], n = 0;

	/* what is far down is cut off anyway */
	for (; i != from && i != VIEW_NONE; i = v->nodes[i].parent)
		if (view_attr(v, i)->kind == STEP_KEY) {
			if (n == NAME_MAX_BYTES)
				memmove(chain, chain + 1, --n * sizeof(*chain));
			chain[n++] = i;
		}
	while (n) {
		const struct attr *a = view_attr(v, chain[--n]);

		buf_addc(to, '_');
		add_plain(to, a->key, a->key_len);
	}
}

void sql_name_of(struct buf *to, const struct view *v, uint32_t from,
		 uint32_t i, const char *suffix)
{
	size_t room = NAME_MAX_BYTES - NUMBER_BYTES - strlen(suffix) - 1;
	struct buf keys = {0};

	add_keys(&keys, v, from, i);
	buf_clear(to);
	if (keys.len > 1)
		buf_add(to, keys.s + 1, keys.len - 1);
	else
		buf_adds(to, keys.len ? "_" : "value");
	if (to->len > room)
		to->len = room;
	buf_addc(to, '_');
	buf_adds(to, suffix);
	buf_release(&keys);
}

void sql_table_name(struct buf *to, const struct view *v, uint32_t i,
		    const char *root)
{
	size_t room = NAME_MAX_BYTES - NUMBER_BYTES;

	buf_clear(to);
	buf_adds(to, root ? root : "records");
	add_keys(to, v, 0, i);
	if (to->len > room)
		to->len = room;
}
