/*
 * tokens -- stage two, compiled for each kernel: from tokens to journals.
 *
 * The container at hand is in struct walk, those around it are on a stack of
 * frames.  The members of an object mostly come in the order of the last object
 * at that place, so the next key is guessed, and one compare of 32 bytes accepts
 * "key": whole.
 *
 * Between two tokens lies at most one value, and the index made sure that a
 * quote stands only behind a token; so a slot that begins and ends with a quote
 * is one string.  Numbers and literals are checked at the end of the record
 * (numbers.c).
 */
#include "attrs/observe_impl.h"

#include "base/mem.h"
#include "json/simd.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/*
 * By the first byte of a value: its journal (J_WRONG is 0), what it is to an
 * array it is an item of, and 255 where it has to end with a quote.  A table,
 * because a branch on the type of a value is one that cannot be foreseen.
 */
static const struct first_byte {
	unsigned char journal, kind, quoted, spare;
} first_bytes[256] = {
	['"'] = {J_STRING, KIND_SCALAR, 255, 0},
	['-'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['0'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['1'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['2'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['3'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['4'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['5'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['6'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['7'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['8'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['9'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['t'] = {J_LITERAL, KIND_SCALAR, 0, 0},
	['f'] = {J_LITERAL, KIND_SCALAR, 0, 0}, ['n'] = {J_LITERAL, KIND_NULL, 0, 0},
	['{'] = {J_WRONG, KIND_OBJECT, 0, 0}, ['['] = {J_WRONG, KIND_ARRAY, 0, 0}
};

/* Do the bytes at ${p} begin with the "key": of ${h}? */
static inline bool key_matches(const struct hot *h, const char *p)
{
#if defined(SIMD_AVX512)
	__mmask32 want = (__mmask32)_bzhi_u32(~0U, h->length);

	return !_mm256_mask_cmpneq_epi8_mask(want,
		_mm256_loadu_si256((const void *)p),
		_mm256_load_si256((const void *)h->pattern));
#elif defined(SIMD_AVX2)
	uint32_t same = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(
		_mm256_loadu_si256((const void *)p),
		_mm256_load_si256((const void *)h->pattern)));

	return !_bzhi_u32(~same, h->length);
#else
	return !memcmp(p, h->pattern, h->length);
#endif
}

/* White space or a control character: rare where values are. */
static inline bool maybe_space(char c)
{
	return unlikely((unsigned char)c <= ' ');
}

/*
 * Puts a scalar or string that lies in [v, e) into its journal.  Not 0 when it
 * begins with a quote and does not end with one.
 */
static inline unsigned put_leaf(struct level *l, const char *text,
				uint32_t node, size_t v, size_t e)
{
	const struct first_byte *c = &first_bytes[(unsigned char)text[v]];
	struct value **put = &l->journals[c->journal].end;
	struct value *to = *put;

	if (maybe_space(text[e - 1]))
		while (e > v && is_space(text[e - 1]))
			e--;
	to->node = node;
	to->at = (uint32_t)v;
	to->len = (uint32_t)(e - v);
	*put = to + 1;
	return c->quoted & (unsigned char)(text[e - 1] ^ '"');
}

static inline uint32_t put_box(struct level *l, uint32_t node, size_t at)
{
	if (unlikely(l->nboxes == l->boxes_cap))
		mem_grow(&l->boxes, &l->boxes_cap, l->nboxes + 256,
			 sizeof(*l->boxes));
	l->boxes[l->nboxes].v.node = node;
	l->boxes[l->nboxes].v.at = (uint32_t)at;
	return (uint32_t)l->nboxes++;
}

static inline size_t skip_space(const char *text, size_t at)
{
	while (is_space(text[at]))
		at++;
	return at;
}

/* White space up to ${to}. */
static inline bool only_space(const char *text, size_t from, size_t to)
{
	return from == to || skip_space(text, from) == to;
}

/* A value on the way: the container at hand, and those around it. */
struct walk {
	struct level *l;
	const char *text;
	const uint32_t *t;	/* the next token */
	size_t pos;		/* behind the bracket or comma at hand */
	size_t end;		/* the token that ended a container */
	struct frame *f;	/* the container at hand, in l->frames; those
				   around it are before it, [0] is none */
	size_t max;		/* depth */
	unsigned wrong;		/* not 0: a string without its last quote */
};

enum outcome { WALK_ON, WALK_CLOSED, WALK_DONE, WALK_WRONG };

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

/* The container whose bracket is the next token, at ${at}, as a ${node}. */
static enum outcome open_box(struct walk *w, uint32_t node, size_t at)
{
	struct level *l = w->l;
	const struct hot *h = &l->o->tree.hot[node];
	bool object = w->text[at] == '{';
	size_t depth = (size_t)(w->f - l->frames);

	if (unlikely(depth >= w->max) || (!object && w->text[at] != '['))
		return WALK_WRONG;
	if (unlikely(++depth >= l->frames_cap))
		mem_grow(&l->frames, &l->frames_cap, depth + 64,
			 sizeof(*l->frames));
	w->f = &l->frames[depth];
	*w->f = (struct frame){
		.node = node, .box = put_box(l, node, at),
		.kinds = object ? BOX_IS_OBJECT : 0,
		.serial = object ? ++l->o->serial : 0,
		.guess = h->child, .last = NODE_NONE, .item = h->item
	};
	w->t++;
	w->pos = at + 1;
	return WALK_ON;
}

/*
 * What run() keeps in registers: the container at hand out of its frame, and
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
 * As far as all is just as foreseen: guessed keys, values with at most one
 * space before them, containers closed right behind their last value.  Most of
 * most texts is, so this is the loop that counts: one function without calls,
 * for its few variables to stay in registers, and that is why it is so long.
 * WALK_ON: the member or item at w->pos needs a closer look.  WALK_CLOSED: the
 * bracket at w->end does.
 */
static __attribute__((noinline)) enum outcome run(struct walk *w)
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
		return open_box(w, node, v);
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

/* Finds out which member is at w->pos; then its value is at ${*v}. */
static int find_member(struct walk *w, uint32_t *node, size_t *v)
{
	struct level *l = w->l;
	struct key_place k;
	struct hot *h;
	int found = KEY_FOUND;

	w->pos = skip_space(w->text, w->pos);
	h = &l->o->tree.hot[w->f->guess];
	*node = w->f->guess;
	if (key_matches(h, w->text + w->pos) && !(h->flags & NODE_LONG)) {
		*v = w->pos + h->length;
	} else {
		k = (struct key_place){w->f->node, w->f->serial, w->f->members,
				       w->f->guess, w->f->last, w->pos, *w->t};
		found = key_slow(l, &k, node, v);
		if (found != KEY_FOUND)
			return found;
		h = &l->o->tree.hot[*node];
	}
	if (h->seen == w->f->serial)
		key_event(l, *node, EVENT_DUPLICATE, 1);
	h->seen = w->f->serial;
	if (w->f->members < h->order)
		key_event(l, *node, EVENT_ORDER, w->f->members);
	w->f->last = *node;
	w->f->guess = h->next;
	w->f->members++;
	return found;
}

/* The member at w->pos, or the end of an empty object. */
static enum outcome walk_member(struct walk *w)
{
	uint32_t node = 0;
	size_t v = 0;
	int found = find_member(w, &node, &v);

	w->end = *w->t++;
	if (found == KEY_WRONG)
		return WALK_WRONG;
	if (found == KEY_FOUND) {
		v = skip_space(w->text, v);
		if (*w->t == v)
			return open_box(w, node, v);
		w->wrong |= put_leaf(w->l, w->text, node, v, *w->t);
		w->end = *w->t++;
		w->pos = w->end + 1;
		if (w->text[w->end] == ',')
			return WALK_ON;
	}
	return w->text[w->end] == '}' ? WALK_CLOSED : WALK_WRONG;
}

/* The item at w->pos, or the end of an empty array. */
static enum outcome walk_item(struct walk *w)
{
	const char *text = w->text;
	size_t v = skip_space(text, w->pos);

	w->end = *w->t;
	if (v == w->end && text[v] == ']' && !w->f->members) {
		w->t++;
		return WALK_CLOSED;
	}
	if (w->f->item == NODE_NONE)
		w->f->item = key_item(w->l, w->f->node);
	w->f->members++;
	w->f->kinds |= first_bytes[(unsigned char)text[v]].kind;
	if (v == w->end)
		return open_box(w, w->f->item, v);
	w->wrong |= put_leaf(w->l, text, w->f->item, v, w->end);
	w->t++;
	w->pos = w->end + 1;
	if (text[w->end] == ',')
		return WALK_ON;
	return text[w->end] == ']' ? WALK_CLOSED : WALK_WRONG;
}

/* The bracket at w->end closes the container at hand; what is behind it? */
static enum outcome close_box(struct walk *w)
{
	struct box *b = &w->l->boxes[w->f->box];
	size_t next = *w->t;

	b->v.len = (uint32_t)(w->end + 1) - b->v.at;
	b->members = w->f->members;
	b->kinds = w->f->kinds;
	w->f--;
	if (unlikely(!only_space(w->text, w->end + 1, next)))
		return WALK_WRONG;
	w->t++;
	w->end = next;
	w->pos = next + 1;
	if (w->f == w->l->frames)
		return w->text[next] == '\n' ? WALK_DONE : WALK_WRONG;
	if (w->text[next] == ',')
		return WALK_ON;
	return w->text[next] == (w->f->kinds & BOX_IS_OBJECT ? '}' : ']') ?
		WALK_CLOSED : WALK_WRONG;
}

/*
 * One value from ${from} to the line end, as values of ${root}.  ${*tokens}
 * moves behind the line end.  False: something is wrong, and ${*tokens} is
 * anywhere.
 */
static bool walk_tokens(struct level *l, uint32_t root, size_t from,
			const uint32_t **tokens)
{
	struct walk w = {
		.l = l, .text = l->text, .t = *tokens, .f = l->frames,
		.max = l->o->opts->max_depth - l->base_depth
	};
	size_t v = skip_space(w.text, from);
	enum outcome next;

	if (v != *w.t) {
		w.wrong = put_leaf(l, w.text, root, v, *w.t);
		next = w.text[*w.t++] == '\n' ? WALK_DONE : WALK_WRONG;
	} else {
		next = open_box(&w, root, v);
	}
	while (next <= WALK_CLOSED) {
		if (next == WALK_ON)
			next = run(&w);
		if (next == WALK_CLOSED)
			next = close_box(&w);
		else if (next == WALK_ON && w.f->kinds & BOX_IS_OBJECT)
			next = walk_member(&w);
		else if (next == WALK_ON)
			next = walk_item(&w);
	}
	*tokens = w.t;
	return next == WALK_DONE && !w.wrong;
}

bool KERNEL_FN(walk_value)(struct level *l, uint32_t node)
{
	const uint32_t *t = l->index.at;

	journals_reserve(l, l->index.n);
	return l->index.n && walk_tokens(l, node, 0, &t) &&
	       (size_t)(t - l->index.at) == l->index.n;
}

/* All whole lines that are indexed; their tokens are dropped. */
void KERNEL_FN(walk_lines)(struct level *l)
{
	const uint32_t *t = l->index.at, *stop = t + l->index.line_end;
	size_t from = l->line, end;
	bool good;

	journals_reserve(l, l->index.line_end);
	while (t < stop && l->o->left) {
		const uint32_t *begin = t;

		if (l->text[*t] == '\n' && only_space(l->text, from, *t)) {
			l->o->totals.blank++;
			from = *t++ + 1;
			continue;
		}
		record_begin(l);
		good = walk_tokens(l, NODE_ROOT, from, &t) &&
		       !journal_count(&l->journals[J_WRONG]) && KERNEL_FN(check_record)(l);
		if (!good)
			for (t = begin; l->text[*t++] != '\n';)
				;
		end = t[-1];
		if (good)
			record_accept(l, from, end);
		else
			record_reject(l, from, end);
		from = end + 1;
	}
	l->line = from;
	index_drop(&l->index, (size_t)(t - l->index.at));
}
