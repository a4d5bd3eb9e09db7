/*
 * keys -- the slow way to an object's next member, when the guess was wrong:
 * white space, another order of keys, a key never met, escapes, maps.
 */
#include "attrs/observe_impl.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/mem.h"
#include "json/str.h"

struct raw_key {
	const char *s;		/* between the quotes */
	size_t len;
};

void key_event(struct level *l, uint32_t node, enum event_kind what,
	       uint32_t value)
{
	mem_grow(&l->events, &l->events_cap, l->nevents + 1,
		 sizeof(*l->events));
	l->events[l->nevents].node = node;
	l->events[l->nevents].what = what;
	l->events[l->nevents++].value = value;
}

uint32_t key_item(struct level *l, uint32_t node)
{
	return tree_child(&l->o->tree, node, STEP_ITEM, NULL, 0);
}

/* Remembers what the record changes, for the case that it is bad. */
static void set_guess(struct level *l, uint32_t node, bool child, uint32_t to)
{
	struct hot *h = &l->o->tree.hot[node];
	struct attr *a = &l->o->tree.attrs[node];
	uint32_t *guess = child ? &h->child : &h->next;

	if (*guess == to)
		return;
	*(child ? &a->other_child : &a->other_next) = *guess;
	mem_grow(&l->guesses, &l->guesses_cap, l->nguesses + 1,
		 sizeof(*l->guesses));
	l->guesses[l->nguesses++] = (struct guess){node, *guess, child};
	*guess = to;
}

/* The slot up to the colon holds one string: its inside. */
static bool slot_key(const char *text, size_t from, size_t colon,
		     struct raw_key *k)
{
	while (is_space(text[from]))
		from++;
	while (colon > from && is_space(text[colon - 1]))
		colon--;
	if (colon < from + 2 || text[from] != '"' || text[colon - 1] != '"')
		return false;
	*k = (struct raw_key){text + from + 1, colon - from - 2};
	return true;
}

/* Is ${node} the child of its object that ${k}, free of escapes, names? */
static bool is_key(const struct tree *t, uint32_t node, const struct raw_key *k)
{
	const struct hot *h = &t->hot[node];

	if (h->length == PATTERN_NEVER || t->attrs[node].key_len != k->len)
		return false;
	if (h->flags & NODE_LONG)
		return !memcmp(t->attrs[node].key, k->s, k->len);
	return !memcmp(h->pattern + 1, k->s, k->len);
}

/* The text of the key without escapes; counts lone surrogates. */
static struct raw_key plain_key(struct level *l, struct raw_key k,
				uint32_t node)
{
	size_t lone;

	if (!memchr(k.s, '\\', k.len))
		return k;
	buf_clear(&l->o->key);
	lone = str_unescape(&l->o->key, k.s, k.len);
	if (lone)
		key_event(l, node, EVENT_LONE, (uint32_t)lone);
	return (struct raw_key){l->o->key.s, l->o->key.len};
}

/* Two raw keys of one text, by what they mean. */
static bool same_key(struct level *l, const struct folded_key *f,
		     struct raw_key plain)
{
	struct raw_key old = {l->text + f->at, f->len};
	struct buf copy = {0};
	bool same;

	if (memchr(old.s, '\\', old.len)) {
		str_unescape(&copy, old.s, old.len);
		old = (struct raw_key){copy.s, copy.len};
	}
	same = old.len == plain.len && !memcmp(old.s, plain.s, plain.len);
	buf_release(&copy);
	return same;
}

static void folded_grow(struct observer *o)
{
	size_t old_n = o->folded ? o->folded_mask + 1 : 0;
	size_t n = old_n ? 2 * old_n : 1024;
	struct folded_key *old = o->folded;

	o->folded = mem_zalloc(n, sizeof(*old));
	o->folded_mask = n - 1;
	for (size_t i = 0; i < old_n; i++) {
		size_t at = old[i].hash & o->folded_mask;

		if (!old[i].used)
			continue;
		while (o->folded[at].used)
			at = (at + 1) & o->folded_mask;
		o->folded[at] = old[i];
	}
	free(old);
}

/*
 * Has this object, which is treated as a map, had the key before?  The keys of
 * all such objects of a record are in one table, told apart by the object's
 * number; it is emptied with the record.
 */
static bool folded_again(struct level *l, uint32_t serial, struct raw_key raw,
			 struct raw_key plain)
{
	struct observer *o = l->o;
	uint64_t hash = XXH3_64bits_withSeed(plain.s, plain.len,
					     o->tree.seed ^ serial);
	struct folded_key *f;

	if (!o->folded || o->folded_used >= o->folded_mask / 2)
		folded_grow(o);
	for (size_t i = hash;; i++) {
		f = &o->folded[i & o->folded_mask];
		if (!f->used)
			break;
		if (f->hash == hash && f->serial == serial &&
		    same_key(l, f, plain))
			return true;
	}
	*f = (struct folded_key){hash, serial, (uint32_t)(raw.s - l->text),
				 (uint32_t)raw.len, 1};
	o->folded_used++;
	return false;
}

static uint32_t map_child(struct level *l, const struct key_place *k,
			  struct raw_key raw)
{
	uint32_t map = tree_child(&l->o->tree, k->node, STEP_MAP, NULL, 0);
	struct raw_key plain = plain_key(l, raw, map);

	if (folded_again(l, k->serial, raw, plain))
		key_event(l, map, EVENT_DUPLICATE, 1);
	/* members of one object are no duplicates of each other here */
	l->o->tree.hot[map].seen = 0;
	return map;
}

/*
 * By guess, by the guess before that (places where two kinds of records
 * alternate), by the guess behind it, by hash; makes it if it is new.
 */
static uint32_t find_child(struct level *l, const struct key_place *k,
			   struct raw_key raw)
{
	struct tree *t = &l->o->tree;
	uint32_t behind = t->hot[k->guess].next, child;
	uint32_t other = k->last == NODE_NONE ? t->attrs[k->node].other_child
					      : t->attrs[k->last].other_next;
	struct raw_key plain;

	if (is_key(t, k->guess, &raw))
		return k->guess;
	if (other < t->nodes && t->attrs[other].parent == k->node &&
	    is_key(t, other, &raw)) {
		child = other;
	} else if (is_key(t, behind, &raw)) {
		child = behind;
	} else {
		plain = plain_key(l, raw, k->node);
		child = tree_child(t, k->node, STEP_KEY, plain.s, plain.len);
	}
	if (k->last == NODE_NONE)
		set_guess(l, k->node, true, child);
	else
		set_guess(l, k->last, false, child);
	return child;
}

int key_slow(struct level *l, const struct key_place *k, uint32_t *child,
	     size_t *value)
{
	struct raw_key raw;

	if (l->text[k->token] == '}' && k->token == k->pos && !k->members)
		return KEY_NONE;
	if (l->text[k->token] != ':' ||
	    !slot_key(l->text, k->pos, k->token, &raw))
		return KEY_WRONG;
	if (l->o->tree.hot[k->node].flags & NODE_FOLDED)
		*child = map_child(l, k, raw);
	else
		*child = find_child(l, k, raw);
	*value = k->token + 1;
	return KEY_FOUND;
}
