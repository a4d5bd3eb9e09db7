/*
 * expr_parse -- the parser of the expressions evaluated without libjq.
 *
 * By descent, with one rule for all doubts: give up, and let libjq judge the
 * source.  Depth and size are bounded, so that neither this parser nor the
 * evaluation of what it made can run out of stack.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/expr_plain.h"
#include "json/num.h"
#include "json/str.h"

#define NONE UINT32_MAX
#define MAX_DEPTH 200
#define MAX_NODES 4000
#define MAX_STEPS 1000

struct parser {
	struct plain *plain;
	const char *p;
	const char *end;
	struct span since;
	unsigned depth;
};

/* What jq 1.6 skips; a carriage return is an error there. */
static void skip(struct parser *ps)
{
	while (ps->p < ps->end &&
	       (*ps->p == ' ' || *ps->p == '\n' || *ps->p == '\t'))
		ps->p++;
}

/* The byte at ${at} from here, 0 behind the end. */
static char peek(const struct parser *ps, size_t at)
{
	return at < (size_t)(ps->end - ps->p) ? ps->p[at] : '\0';
}

static bool begins_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t name_length(const struct parser *ps, size_t at)
{
	size_t n = at;

	if (begins_name(peek(ps, n)))
		while (begins_name(peek(ps, n)) || is_digit(peek(ps, n)))
			n++;
	return n - at;
}

/* Takes ${word} if it comes next, whole. */
static bool take_word(struct parser *ps, const char *word)
{
	size_t n;

	skip(ps);
	n = name_length(ps, 0);
	if (n != strlen(word) || memcmp(ps->p, word, n) || peek(ps, n) == ':')
		return false;
	ps->p += n;
	return true;
}

static bool take(struct parser *ps, char c)
{
	skip(ps);
	if (peek(ps, 0) != c)
		return false;
	ps->p++;
	return true;
}

static uint32_t add_node(struct parser *ps, struct node node)
{
	struct plain *x = ps->plain;

	if (x->n == MAX_NODES)
		return NONE;
	mem_grow(&x->nodes, &x->cap, x->n + 1, sizeof(*x->nodes));
	x->nodes[x->n] = node;
	return (uint32_t)x->n++;
}

static uint32_t join(struct parser *ps, enum node_kind kind, uint32_t left,
		     uint32_t right)
{
	if (left == NONE || right == NONE)
		return NONE;
	return add_node(ps, (struct node){.kind = kind, .left = left,
					  .right = right});
}

/*
 * A string, with its quotes.  Raw control characters, which jq accepts in a
 * program and JSON does not, and \( are left to jq.
 */
static bool take_string(struct parser *ps, struct span *s)
{
	const char *q = value_string_end(ps->p, ps->end);
	size_t chars, lone;

	*s = (struct span){ps->p, (size_t)(q - ps->p)};
	if (s->len < 2 || q[-1] != '"' ||
	    !str_escapes(s->s + 1, s->len - 2, &chars, &lone))
		return false;
	for (size_t i = 0; i < s->len; i++)
		if ((unsigned char)s->s[i] < 0x20)
			return false;
	ps->p = q;
	return true;
}

static void add_key(struct seek_step *step, struct span raw)
{
	struct buf text = {0};

	str_unescape(&text, raw.s, raw.len);
	step->key = mem_dup(text.s ? text.s : "", text.len);
	step->len = text.len;
	buf_release(&text);
}

/* "k"] or -12], behind the opening bracket; an index beyond int is jq's. */
static bool take_bracket(struct parser *ps, struct seek_step *step)
{
	struct span s;
	bool minus;
	int64_t item = 0;
	size_t n = 0;

	skip(ps);
	if (peek(ps, 0) == '"') {
		if (!take_string(ps, &s) || !take(ps, ']'))
			return false;
		add_key(step, (struct span){s.s + 1, s.len - 2});
		return true;
	}
	minus = peek(ps, 0) == '-';
	ps->p += minus;
	for (; is_digit(peek(ps, n)); n++)
		if (n < 10)
			item = item * 10 + (peek(ps, n) - '0');
	ps->p += n;
	if (!n || n > 9 || !take(ps, ']'))
		return false;
	step->item = minus ? -item : item;
	return true;
}

/*
 * One step from here: 1 taken, 0 none comes (what does is not part of a path),
 * -1 not plain.  A dot may stand alone only where the path begins: ${first}.
 */
static int take_step(struct parser *ps, struct seek_step *step, bool first)
{
	struct span s;
	size_t n;

	*step = (struct seek_step){0};
	skip(ps);
	if (peek(ps, 0) == '[' && !first) {
		ps->p++;
		return take_bracket(ps, step) ? 1 : -1;
	}
	if (peek(ps, 0) == '?')
		return -1;
	if (peek(ps, 0) != '.')
		return 0;
	n = name_length(ps, 1);
	if (n) {
		add_key(step, (struct span){ps->p + 1, n});
		ps->p += 1 + n;
		return 1;
	}
	ps->p++;
	if (peek(ps, 0) == '.' || is_digit(peek(ps, 0)))
		return -1;
	skip(ps);
	if (peek(ps, 0) != '"')
		return first ? 0 : -1;
	if (!take_string(ps, &s))
		return -1;
	add_key(step, (struct span){s.s + 1, s.len - 2});
	return 1;
}

static void release_path(struct plain_path *path)
{
	for (size_t i = 0; i < path->n; i++)
		free((void *)(uintptr_t)path->steps[i].key);
	free(path->steps);
	free(path->shown);
}

static bool same_path(const struct plain_path *a, const struct plain_path *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct seek_step *x = &a->steps[i], *y = &b->steps[i];

		if (!x->key != !y->key || x->len != y->len ||
		    x->item != y->item ||
		    (x->key && memcmp(x->key, y->key, x->len)))
			return false;
	}
	return true;
}

/* Keeps ${path}, or releases it where there is one like it. */
static uint32_t keep_path(struct plain *x, struct plain_path *path)
{
	for (size_t i = 0; i < x->n_paths; i++) {
		if (same_path(&x->paths[i], path)) {
			release_path(path);
			return (uint32_t)i;
		}
	}
	mem_grow(&x->paths, &x->paths_cap, x->n_paths + 1, sizeof(*x->paths));
	x->paths[x->n_paths] = *path;
	return (uint32_t)x->n_paths++;
}

static uint32_t parse_path(struct parser *ps)
{
	struct plain_path path = {0};
	const char *start = ps->p;
	struct seek_step step;
	int r;

	r = take_step(ps, &step, true);
	if (!r)			/* the dot alone, or before a bracket */
		r = take_step(ps, &step, false);
	for (; r > 0; r = take_step(ps, &step, false)) {
		mem_grow(&path.steps, &path.cap, path.n + 1,
			 sizeof(*path.steps));
		mem_grow(&path.shown, &path.shown_cap, path.n + 1,
			 sizeof(*path.shown));
		path.shown[path.n] =
			(struct span){start, (size_t)(ps->p - start)};
		path.steps[path.n++] = step;
		if (path.n > MAX_STEPS)
			r = -1;
	}
	if (r < 0) {
		release_path(&path);
		return NONE;
	}
	return add_node(ps, (struct node){.kind = NODE_PATH,
					  .path = keep_path(ps->plain, &path)});
}

/* The text of a literal, or nothing. */
static struct span take_literal(struct parser *ps)
{
	static const char *const words[] = {"true", "false", "null"};
	struct span s = {ps->p, 0};

	if (peek(ps, 0) == '"')
		return take_string(ps, &s) ? s : (struct span){ps->p, 0};
	if (peek(ps, 0) == '[' || peek(ps, 0) == '{') {
		char shut = *ps->p++ == '[' ? ']' : '}';

		if (take(ps, shut))
			s.len = (size_t)(ps->p - s.s);
		return s;
	}
	for (size_t i = 0; i < 3; i++) {
		if (take_word(ps, words[i])) {
			s.len = strlen(words[i]);
			return s;
		}
	}
	s.len = num_length(ps->p, (size_t)(ps->end - ps->p));
	ps->p += s.len;
	if (s.len && (is_digit(peek(ps, 0)) || begins_name(peek(ps, 0))))
		s.len = 0;
	return s;
}

static uint32_t parse_pipe(struct parser *ps);

/* Behind a literal, a variable or ")" jq could go on with a path. */
static uint32_t no_postfix(struct parser *ps, uint32_t node)
{
	skip(ps);
	if (peek(ps, 0) == '.' || peek(ps, 0) == '[' || peek(ps, 0) == '?')
		return NONE;
	return node;
}

static uint32_t parse_term(struct parser *ps)
{
	struct node text = {.kind = NODE_TEXT};
	uint32_t inside;

	skip(ps);
	if (peek(ps, 0) == '.')
		return parse_path(ps);
	if (take(ps, '(')) {
		if (++ps->depth > MAX_DEPTH)
			return NONE;
		inside = parse_pipe(ps);
		ps->depth--;
		return inside != NONE && take(ps, ')')
		       ? no_postfix(ps, inside) : NONE;
	}
	if (peek(ps, 0) == '$') {
		ps->p++;
		if (!name_length(ps, 0) || !take_word(ps, "since"))
			return NONE;
		text.text = ps->since;
	} else {
		text.text = take_literal(ps);
		if (!text.text.len)
			return NONE;
	}
	return no_postfix(ps, add_node(ps, text));
}

static bool take_operator(struct parser *ps, enum node_kind *kind)
{
	char c, next;

	skip(ps);
	c = peek(ps, 0);
	next = peek(ps, 1);
	if ((c == '=' || c == '!') && next == '=')
		*kind = c == '=' ? NODE_EQ : NODE_NE;
	else if (c == '<')
		*kind = next == '=' ? NODE_LE : NODE_LT;
	else if (c == '>')
		*kind = next == '=' ? NODE_GE : NODE_GT;
	else
		return false;
	ps->p += next == '=' ? 2 : 1;
	return true;
}

static uint32_t parse_compared(struct parser *ps)
{
	uint32_t left = parse_term(ps);
	enum node_kind kind;

	if (left == NONE || !take_operator(ps, &kind))
		return left;
	return join(ps, kind, left, parse_term(ps));
}

static uint32_t parse_and(struct parser *ps)
{
	uint32_t left = parse_compared(ps);

	while (left != NONE && take_word(ps, "and"))
		left = join(ps, NODE_AND, left, parse_compared(ps));
	return left;
}

static uint32_t parse_or(struct parser *ps)
{
	uint32_t left = parse_and(ps);

	while (left != NONE && take_word(ps, "or"))
		left = join(ps, NODE_OR, left, parse_and(ps));
	return left;
}

static uint32_t parse_pipe(struct parser *ps)
{
	uint32_t left = parse_or(ps);

	while (left != NONE && take(ps, '|'))
		left = take_word(ps, "not")
		       ? join(ps, NODE_NOT, left, left) : NONE;
	return left;
}

bool plain_parse(struct plain *x, const char *source, struct span since)
{
	struct parser ps = {.plain = x, .p = source, .since = since,
			    .end = source + strlen(source)};

	*x = (struct plain){0};
	x->root = parse_pipe(&ps);
	skip(&ps);
	if (x->root != NONE && ps.p == ps.end)
		return true;
	plain_release(x);
	return false;
}

void plain_release(struct plain *x)
{
	for (size_t i = 0; i < x->n_paths; i++)
		release_path(&x->paths[i]);
	free(x->paths);
	free(x->nodes);
	*x = (struct plain){0};
}
