/*
 * foreseen -- the part of stage two that most records never leave, compiled for
 * each kernel.
 *
 * The members of an object mostly come in the order of the last object at that
 * place, so the next key is guessed, and one compare of 32 bytes accepts "key":
 * whole.  What is not so is left as it was found, for tokens.c.
 */
#include "attrs/tokens_in.h"

/*
 * The member that came behind the last one before the guessed one did, if its
 * key is at ${p}, else 0: two kinds of records often take turns.  What is noted
 * there may be stale, so the parent is looked at.
 */
static __attribute__((noinline)) uint32_t
other_guess(const struct observer *o, uint32_t node, uint32_t last,
	    const char *p)
{
	const struct tree *t = &o->tree;
	uint32_t other = last == NODE_NONE ? t->attrs[node].other_child
					   : t->attrs[last].other_next;

	return other < t->nodes && t->attrs[other].parent == node &&
	       key_matches(&t->hot[other], p) ? other : 0;
}

/* Length of the long key of ${h} with quotes and colon, if it is at ${p}. */
static __attribute__((noinline)) size_t
long_key(const struct walk *w, const struct hot *h, const char *p)
{
	const struct tree *t = &w->l->o->tree;
	const struct attr *a = &t->attrs[h - t->hot];

	if (memcmp(p + 1, a->key, a->key_len) || p[a->key_len + 1] != '"' ||
	    p[a->key_len + 2] != ':')
		return 0;
	return a->key_len + 3;
}

/*
 * What the loop keeps in registers: the container at hand out of its frame, and
 * the rest of struct walk that changes.
 */
struct run {
	const uint32_t *t;
	size_t pos, end;
	struct frame *f;
	uint32_t members, serial, last, guess;
};

/* The frame's part of it, on the way in and out of a container. */
static inline void run_load(struct run *r)
{
	r->members = r->f->members;
	r->serial = r->f->serial;
	r->last = r->f->last;
	r->guess = r->f->guess;
}

static inline void run_store(const struct run *r)
{
	r->f->members = r->members;
	r->f->last = r->last;
	r->f->guess = r->guess;
}

static inline void run_leave(struct walk *w, const struct run *r)
{
	run_store(r);
	w->t = r->t;
	w->pos = r->pos;
	w->end = r->end;
	w->f = r->f;
}

/* The member of ${h}, at hand, is counted. */
static inline void run_member(struct run *r, struct hot *h)
{
	/* attributes lie in the order they were first met in */
	__builtin_prefetch(h + 5);
	h->seen = r->serial;
	r->last = r->guess;
	r->guess = h->next;
	r->members++;
}

/* A scalar or string in [v, e); spaces at its end are left to numbers.c. */
static inline void run_leaf(struct level *l, const struct first_byte *c,
			    uint32_t node, size_t v, size_t e)
{
	struct value **put = &l->journals[c->journal].end;
	struct value *to = *put;

	*put = to + 1;
	to->node = node;
	to->at = (uint32_t)v;
	to->len = (uint32_t)(e - v);
}

/*
 * Into the container at ${at}, whose bracket is the next token; its frame and
 * box have room.
 */
static inline void run_open(struct level *l, struct run *r, uint32_t node,
			    size_t at)
{
	const struct hot *h = &l->o->tree.hot[node];
	bool object = l->text[at] == '{';
	struct box *b = &l->boxes[l->nboxes];

	run_store(r);
	b->v.node = node;
	b->v.at = (uint32_t)at;
	r->f++;
	r->f->node = node;
	r->f->box = (uint32_t)l->nboxes++;
	r->f->kinds = object ? BOX_IS_OBJECT : 0;
	r->f->item = h->item;
	r->f->serial = r->serial = l->o->serial += object;
	r->members = 0;
	r->last = NODE_NONE;
	r->guess = h->child;
	r->pos = at + 1;
	r->t++;
}

/* Out of the container at hand, whose bracket is at r->end. */
static inline void run_close(struct level *l, struct run *r)
{
	struct box *b = &l->boxes[r->f->box];

	b->v.len = (uint32_t)(r->end + 1) - b->v.at;
	b->members = r->members;
	b->kinds = r->f->kinds;
	r->f--;
	run_load(r);
}

/*
 * Most of most texts is as foreseen, so this is the loop that counts: one
 * function without calls, for its few variables to stay in registers, and that
 * is why it is so long.
 */
enum outcome KERNEL_FN(run_foreseen)(struct walk *w)
{
	struct level *l = w->l;
	const char *text = w->text;
	struct hot *hot = l->o->tree.hot, *h;
	const struct frame *top = l->frames + (w->max < l->frames_cap ? w->max :
					       l->frames_cap - 1);
	struct run r = {.t = w->t, .pos = w->pos, .f = w->f};
	const struct first_byte *c;
	enum outcome how = WALK_ON;
	size_t v, next;
	uint32_t node;

	run_load(&r);
	if (!(r.f->kinds & BOX_IS_OBJECT))
		goto items;
members:
	h = &hot[r.guess];
	if (unlikely(!key_matches(h, text + r.pos))) {
		if (text[r.pos] == ' ' && text[r.pos + 1] == '"') {
			r.pos++;
			goto members;
		}
		node = other_guess(l->o, r.f->node, r.last, text + r.pos);
		if (!node)
			goto out;
		r.guess = node;
		h = &hot[node];
	}
	v = h->length;
	if (unlikely(h->flags & NODE_LONG)) {
		v = long_key(w, h, text + r.pos);
		if (!v)
			goto out;
	}
	v += r.pos;
	next = r.t[1];
	/* also where v is next: a token is J_WRONG */
	c = &first_bytes[(unsigned char)text[v]];
	if (unlikely(h->seen == r.serial) || unlikely(r.members < h->order))
		goto out;
	if (c->journal == J_WRONG) {
		if (text[v] == ' ')
			c = &first_bytes[(unsigned char)text[++v]];
		if (c->journal == J_WRONG) {
			if (next != v || !c->kind)
				goto out;
			node = r.guess;
			run_member(&r, h);
			r.t++;
			goto open;
		}
	}
	if (unlikely(c->quoted & (text[next - 1] ^ '"')))
		goto out;
	run_leaf(l, c, r.guess, v, next);
	run_member(&r, h);
	r.t += 2;
	r.pos = next + 1;
	if (text[next] == ',')
		goto members;
	r.end = next;
	if (unlikely(text[next] != '}'))
		goto wrong;
	goto close;
items:
	v = r.pos;
	next = *r.t;
	node = r.f->item;
	if (unlikely(node == NODE_NONE))
		goto out;
	c = &first_bytes[(unsigned char)text[v]];
	if (c->journal == J_WRONG) {
		if (text[v] == ' ')
			c = &first_bytes[(unsigned char)text[++v]];
		if (c->journal == J_WRONG) {
			if (next != v || !c->kind)
				goto out;
			r.f->kinds |= c->kind;
			r.members++;
			goto open;
		}
	}
	if (unlikely(c->quoted & (text[next - 1] ^ '"')))
		goto out;
	run_leaf(l, c, node, v, next);
	r.f->kinds |= c->kind;
	r.members++;
	r.t++;
	r.pos = next + 1;
	if (text[next] == ',')
		goto items;
	r.end = next;
	if (unlikely(text[next] != ']'))
		goto wrong;
close:
	next = *r.t;
	if (unlikely(next != r.end + 1) || r.f == l->frames + 1)
		goto closed;
	run_close(l, &r);
	r.t++;
	r.end = next;
	r.pos = next + 1;
	if (text[next] == ',') {
		if (r.f->kinds & BOX_IS_OBJECT)
			goto members;
		goto items;
	}
	if (text[next] == (r.f->kinds & BOX_IS_OBJECT ? '}' : ']'))
		goto close;
	goto wrong;
open:
	if (unlikely(r.f >= top) || unlikely(l->nboxes == l->boxes_cap)) {
		run_leave(w, &r);
		return KERNEL_FN(open_box)(w, node, v);
	}
	run_open(l, &r, node, v);
	if (text[r.pos] == text[v] + 2) {	/* {} or [] */
		r.end = r.pos;
		r.t++;
		goto close;
	}
	if (r.f->kinds & BOX_IS_OBJECT)
		goto members;
	goto items;
wrong:
	return WALK_WRONG;
closed:
	how = WALK_CLOSED;
out:
	run_leave(w, &r);
	return how;
}
