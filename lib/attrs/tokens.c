/*
 * tokens -- stage two, compiled for each kernel: from tokens to journals.
 *
 * A recursive grammar written as jumps: the state of the container at hand is
 * in local variables, those around it are on a stack of frames.  The members
 * of an object mostly come in the order of the last object at that place, so
 * the next key is guessed, and one compare of 32 bytes accepts "key": whole.
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

/* Is the key at ${p} that of ${h}?  Then its length with quotes and colon. */
static inline size_t guessed(const struct level *l, const struct hot *h,
			     const char *p)
{
	const struct tree *t = &l->o->tree;
	const struct attr *a;

	if (unlikely(!key_matches(h, p)))
		return 0;
	if (likely(!(h->flags & NODE_LONG)))
		return h->length;
	a = &t->attrs[h - t->hot];
	if (memcmp(p + 1, a->key, a->key_len) || p[a->key_len + 1] != '"' ||
	    p[a->key_len + 2] != ':')
		return 0;
	return a->key_len + 3;
}

/* A run of members; what walk_tokens() has in its frame and locals. */
struct run {
	const uint32_t *t;
	size_t pos;
	uint32_t node, guess, last, members, serial;
	unsigned wrong;
};

/*
 * The member that came behind ${last} before the guessed one did, if its key
 * is at ${p}, else 0: two kinds of records often take turns.  What is noted
 * there may be stale, so the parent is looked at.
 */
static __attribute__((noinline)) uint32_t
other_guess(const struct level *l, uint32_t node, uint32_t last, const char *p)
{
	const struct tree *t = &l->o->tree;
	uint32_t other = last == NODE_NONE ? t->attrs[node].other_child
					   : t->attrs[last].other_next;

	return other < t->nodes && t->attrs[other].parent == node &&
	       key_matches(&t->hot[other], p) ? other : 0;
}

/*
 * The members from ${r}->pos on that are just as foreseen: the guessed key, a
 * value that is no container, no white space, nothing rare.  Most members are,
 * so this is the loop that counts; it is a function of its own to keep its few
 * variables in registers.  Returns the position of the token that ended the
 * object's last member, or 0 when the member at ${r}->pos needs a closer look.
 */
static __attribute__((noinline)) size_t run_members(struct level *l,
						    struct run *r)
{
	const char *text = l->text;
	struct hot *hot = l->o->tree.hot;
	const uint32_t *t = r->t;
	uint32_t members = r->members, serial = r->serial, last = r->last;
	uint32_t guess = r->guess;
	size_t pos = r->pos, end = 0;
	unsigned wrong = 0;

	for (;;) {
		struct hot *h = &hot[guess];
		const struct first_byte *c;
		struct value **put, *to;
		size_t v, next;

		if (unlikely(!key_matches(h, text + pos))) {
			guess = other_guess(l, r->node, last, text + pos);
			if (!guess)
				break;
			h = &hot[guess];
		}
		if (unlikely(h->flags & NODE_LONG))
			break;
		v = pos + h->length;
		next = t[1];
		if (v == next || maybe_space(text[v]) ||
		    maybe_space(text[next - 1]) || unlikely(h->seen == serial) ||
		    unlikely(members < h->order))
			break;
		h->seen = serial;
		last = guess;
		guess = h->next;
		members++;
		t += 2;
		c = &first_bytes[(unsigned char)text[v]];
		put = &l->journals[c->journal].end;
		to = *put;
		*put = to + 1;
		to->node = last;
		to->at = (uint32_t)v;
		to->len = (uint32_t)(next - v);
		wrong |= c->quoted & (unsigned char)(text[next - 1] ^ '"');
		pos = next + 1;
		if (text[next] != ',') {
			end = next;
			break;
		}
	}
	r->t = t;
	r->pos = pos;
	r->members = members;
	r->last = last;
	r->wrong |= wrong;
	return end;
}

static inline bool only_space(const char *text, size_t from, size_t to)
{
	while (from < to && is_space(text[from]))
		from++;
	return from == to;
}

static inline void push(struct level *l, size_t depth, const struct frame *f)
{
	if (unlikely(depth >= l->frames_cap))
		mem_grow(&l->frames, &l->frames_cap, depth + 64,
			 sizeof(*l->frames));
	l->frames[depth] = *f;
}

/* Rare things about the member ${node} of the object at hand. */
static inline void note_member(struct level *l, struct hot *h, uint32_t node,
			       const struct frame *f)
{
	if (unlikely(h->seen == f->serial))
		key_event(l, node, EVENT_DUPLICATE, 1);
	h->seen = f->serial;
	if (unlikely(f->members < h->order))
		key_event(l, node, EVENT_ORDER, f->members);
}

/*
 * One value from ${from} to the line end, as values of ${root}.  ${*tokens}
 * moves behind the line end.  False: something is wrong, and ${*tokens} is
 * not moved.  Longer than functions here should be: as jumps, the state stays
 * in registers.
 */
static bool walk_tokens(struct level *l, uint32_t root, size_t from,
			const uint32_t **tokens)
{
	const char *text = l->text;
	const uint32_t *t = *tokens;
	struct hot *hot = l->o->tree.hot;
	struct frame f = {0};	/* the container at hand */
	struct run r;
	size_t depth = 0, max = l->o->opts->max_depth - l->base_depth;
	size_t pos, v, end = *t, len;
	uint32_t node = root;
	unsigned wrong = 0;

	v = skip_space(text, from);
	if (v != end) {
		wrong = put_leaf(l, text, node, v, end);
		goto record_end;
	}
open:	/* v == end == *t: a bracket, or something wrong */
	if (unlikely(depth >= max))
		return false;
	if (text[v] == '{')
		goto object;
	if (text[v] == '[')
		goto array;
	return false;

object:
	push(l, depth++, &f);
	t++;
	f = (struct frame){.node = node, .box = put_box(l, node, v),
		.kinds = BOX_IS_OBJECT, .serial = ++l->o->serial,
		.guess = hot[node].child, .last = NODE_NONE};
	pos = v + 1;
member:	/* pos is behind { or , and *t the token behind that */
	r = (struct run){t, pos, f.node, f.guess, f.last, f.members, f.serial,
			 wrong};
	end = run_members(l, &r);
	t = r.t;
	pos = r.pos;
	f.guess = r.last == f.last ? f.guess : hot[r.last].next;
	f.last = r.last;
	f.members = r.members;
	wrong = r.wrong;
	if (end) {
		if (text[end] == '}')
			goto close;
		return false;
	}
	if (maybe_space(text[pos]))
		pos = skip_space(text, pos);
	len = guessed(l, &hot[f.guess], text + pos);
	if (likely(len)) {
		node = f.guess;
		v = pos + len;
	} else {
		struct key_place k = {f.node, f.serial, f.members, f.guess,
				      f.last, pos, *t};
		int found = key_slow(l, &k, &node, &v);

		hot = l->o->tree.hot;
		if (found == KEY_WRONG)
			return false;
		if (found == KEY_NONE) {
			end = *t++;
			goto close;
		}
	}
	t++;
	f.last = node;
	note_member(l, &hot[node], node, &f);
	f.guess = hot[node].next;
	f.members++;
	if (maybe_space(text[v]))
		v = skip_space(text, v);
	end = *t;
	if (v == end)
		goto open;
	wrong |= put_leaf(l, text, node, v, end);
member_end:	/* end == *t */
	t++;
	pos = end + 1;
	if (likely(text[end] == ','))
		goto member;
	if (text[end] == '}')
		goto close;
	return false;

array:
	push(l, depth++, &f);
	t++;
	f = (struct frame){.node = node, .box = put_box(l, node, v),
		.item = hot[node].item};
	pos = v + 1;
item:
	v = pos;
	if (maybe_space(text[v]))
		v = skip_space(text, v);
	end = *t;
	if (v == end && text[v] == ']' && !f.members) {
		t++;
		goto close;
	}
	if (unlikely(f.item == NODE_NONE)) {
		f.item = key_item(l, f.node);
		hot = l->o->tree.hot;
	}
	node = f.item;
	f.members++;
	f.kinds |= first_bytes[(unsigned char)text[v]].kind;
	if (v == end)
		goto open;
	wrong |= put_leaf(l, text, node, v, end);
item_end:
	t++;
	pos = end + 1;
	if (likely(text[end] == ','))
		goto item;
	if (text[end] != ']')
		return false;

close:	/* end is its closing bracket, *t the token behind that */
	l->boxes[f.box].v.len = (uint32_t)(end + 1) - l->boxes[f.box].v.at;
	l->boxes[f.box].members = f.members;
	l->boxes[f.box].kinds = f.kinds;
	f = l->frames[--depth];
	pos = end + 1;
	end = *t;
	if (unlikely(pos != end) && !only_space(text, pos, end))
		return false;
	if (depth && f.kinds & BOX_IS_OBJECT)
		goto member_end;
	if (depth)
		goto item_end;
record_end:
	*tokens = t + 1;
	return !wrong && text[end] == '\n';
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
