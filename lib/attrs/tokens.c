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
	size_t depth, max;
	unsigned wrong;		/* not 0: a string without its last quote */
};

enum outcome { WALK_ON, WALK_CLOSED, WALK_DONE, WALK_WRONG };

/*
 * The member that came behind the last one before the guessed one did, if its
 * key is at ${p}, else 0: two kinds of records often take turns.  What is noted
 * there may be stale, so the parent is looked at.
 */
static __attribute__((noinline)) uint32_t
other_guess(const struct walk *w, uint32_t last, const char *p)
{
	const struct tree *t = &w->l->o->tree;
	uint32_t node = w->f->node;
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
 * The members from w->pos on that are just as foreseen: the guessed key, a
 * value that is no container, no white space, nothing rare.  Most members are,
 * so this is the loop that counts; it is a function of its own to keep its few
 * variables in registers.  A scalar may keep white space at its end (numbers.c
 * takes it off).  Returns the position of the token behind the last member of
 * the object (its bracket, if all is well), or 0 when the member at w->pos
 * needs a closer look.
 */
static __attribute__((noinline)) size_t run_members(struct walk *w)
{
	struct level *l = w->l;
	const char *text = w->text;
	struct hot *hot = l->o->tree.hot;
	const uint32_t *t = w->t;
	uint32_t members = w->f->members, serial = w->f->serial;
	uint32_t last = w->f->last, guess = w->f->guess;
	size_t pos = w->pos, v, next, end = 0;
	const struct first_byte *c;
	struct value **put, *to;

	for (;;) {
		struct hot *h = &hot[guess];

		if (unlikely(!key_matches(h, text + pos))) {
			guess = other_guess(w, last, text + pos);
			if (!guess)
				break;
			h = &hot[guess];
		}
		v = h->length;
		if (unlikely(h->flags & NODE_LONG)) {
			v = long_key(w, h, text + pos);
			if (!v)
				break;
		}
		v += pos;
		next = t[1];
		c = &first_bytes[(unsigned char)text[v]];
		/* also where v is next: a token is J_WRONG */
		if (c->journal == J_WRONG ||
		    unlikely(c->quoted & (text[next - 1] ^ '"')) ||
		    unlikely(h->seen == serial) ||
		    unlikely(members < h->order))
			break;
		/* attributes lie in the order they were first met in */
		__builtin_prefetch(h + 5);
		h->seen = serial;
		last = guess;
		guess = h->next;
		members++;
		t += 2;
		put = &l->journals[c->journal].end;
		to = *put;
		*put = to + 1;
		to->node = last;
		to->at = (uint32_t)v;
		to->len = (uint32_t)(next - v);
		pos = next + 1;
		if (text[next] != ',') {
			end = next;
			break;
		}
	}
	w->t = t;
	w->pos = pos;
	w->f->members = members;
	if (last != w->f->last)
		w->f->guess = hot[last].next;
	w->f->last = last;
	return end;
}

/* The container whose bracket is the next token, at ${at}, as a ${node}. */
static enum outcome open_box(struct walk *w, uint32_t node, size_t at)
{
	struct level *l = w->l;
	const struct hot *h = &l->o->tree.hot[node];
	bool object = w->text[at] == '{';

	if (unlikely(w->depth >= w->max) || (!object && w->text[at] != '['))
		return WALK_WRONG;
	if (unlikely(++w->depth >= l->frames_cap))
		mem_grow(&l->frames, &l->frames_cap, w->depth + 64,
			 sizeof(*l->frames));
	w->f = &l->frames[w->depth];
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

/* Members up to a container in them or the object's end. */
static enum outcome walk_members(struct walk *w)
{
	uint32_t node = 0;
	size_t v = 0;
	int found;

	for (;;) {
		w->end = run_members(w);
		if (w->end)
			break;
		found = find_member(w, &node, &v);
		w->end = *w->t++;
		if (found == KEY_NONE)
			break;
		if (found == KEY_WRONG)
			return WALK_WRONG;
		v = skip_space(w->text, v);
		if (*w->t == v)
			return open_box(w, node, v);
		w->wrong |= put_leaf(w->l, w->text, node, v, *w->t);
		w->end = *w->t++;
		w->pos = w->end + 1;
		if (w->text[w->end] != ',')
			break;
	}
	return w->text[w->end] == '}' ? WALK_CLOSED : WALK_WRONG;
}

/* Items up to a container in them or the array's end. */
static enum outcome walk_items(struct walk *w)
{
	const char *text = w->text;
	size_t v;

	for (;;) {
		v = w->pos;
		if (maybe_space(text[v]))
			v = skip_space(text, v);
		w->end = *w->t;
		if (v == w->end && text[v] == ']' && !w->f->members) {
			w->t++;
			return WALK_CLOSED;
		}
		if (unlikely(w->f->item == NODE_NONE))
			w->f->item = key_item(w->l, w->f->node);
		w->f->members++;
		w->f->kinds |= first_bytes[(unsigned char)text[v]].kind;
		if (v == w->end)
			return open_box(w, w->f->item, v);
		w->wrong |= put_leaf(w->l, text, w->f->item, v, w->end);
		w->t++;
		w->pos = w->end + 1;
		if (text[w->end] != ',')
			return text[w->end] == ']' ? WALK_CLOSED : WALK_WRONG;
	}
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
	w->depth--;
	if (unlikely(!only_space(w->text, w->end + 1, next)))
		return WALK_WRONG;
	w->t++;
	w->end = next;
	w->pos = next + 1;
	if (!w->depth)
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
		.l = l, .text = l->text, .t = *tokens,
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
		if (next == WALK_CLOSED)
			next = close_box(&w);
		else if (w.f->kinds & BOX_IS_OBJECT)
			next = walk_members(&w);
		else
			next = walk_items(&w);
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
