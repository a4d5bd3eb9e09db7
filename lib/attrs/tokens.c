/*
 * tokens -- stage two, compiled for each kernel: from tokens to journals.
 *
 * The container at hand is in struct walk, those around it are on a stack of
 * frames.  What comes as it came in the records before is left to foreseen.c;
 * here are the single steps in between.
 *
 * Between two tokens lies at most one value, and the index made sure that a
 * quote stands only behind a token; so a slot that begins and ends with a quote
 * is one string.  Numbers and literals are checked at the end of the record
 * (numbers.c).
 */
#include "attrs/tokens_in.h"

#include "base/mem.h"

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

enum outcome KERNEL_FN(open_box)(struct walk *w, uint32_t node, size_t at)
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
			return KERNEL_FN(open_box)(w, node, v);
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
		return KERNEL_FN(open_box)(w, w->f->item, v);
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
		next = KERNEL_FN(open_box)(&w, root, v);
	}
	while (next <= WALK_CLOSED) {
		if (next == WALK_ON)
			next = KERNEL_FN(run_foreseen)(&w);
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
