/*
 * seek_scan -- the members of one object, the items of one array, at speed.
 *
 * Blocks of 64 bytes, each turned into bit masks (simd.h): quotes that are not
 * escaped, and by them what lies inside strings; brackets outside strings.  A
 * block whose closing brackets are too few to come back up to the level
 * searched costs a population count and no more.  In the others the brackets
 * are followed one by one, and at depth 1 the colons and commas seen.
 *
 * Compiled once per kernel.
 */
#include <string.h>

#include "json/seek.h"
#include "json/simd.h"

struct scan {
	const char *base;	/* the block looked at */
	const char *next;	/* the one behind it */
	const char *end;
	uint64_t marks;		/* its structural characters still to visit */
	uint64_t in_string;	/* all ones: the next block begins in one */
	uint64_t escaped;	/* 1: its first byte is escaped */
	size_t depth;
};

/*
 * The bytes behind a backslash that is not itself escaped.  One turn for each
 * such backslash; most blocks have none.
 */
static inline uint64_t find_escaped(uint64_t slashes, uint64_t *carry)
{
	uint64_t escaped = *carry, left = slashes & ~escaped;

	*carry = 0;
	while (left) {
		uint64_t slash = left & (0 - left);

		*carry = slash >> 63;
		escaped |= slash << 1;
		left &= ~(slash | slash << 1);
	}
	return escaped;
}

/* Takes the block ${b} in; sets the marks to visit, perhaps none. */
static inline void scan_take(struct scan *x, struct block b)
{
	uint64_t slashes = block_eq(b, '\\'), quotes = block_eq(b, '"');
	uint64_t text, open, shut;

	if (slashes | x->escaped)
		quotes &= ~find_escaped(slashes, &x->escaped);
	text = bits_prefix_xor(quotes) ^ x->in_string;
	x->in_string = 0 - (text >> 63);
	open = (block_eq(b, '{') | block_eq(b, '[')) & ~text;
	shut = (block_eq(b, '}') | block_eq(b, ']')) & ~text;
	if (x->depth > bits_count(shut) + 1) {
		x->depth = x->depth + bits_count(open) - bits_count(shut);
		return;
	}
	x->marks = open | shut |
		   ((block_eq(b, ':') | block_eq(b, ',')) & ~text);
}

/* Goes on to a block with marks to visit; false at the end. */
static inline bool scan_fill(struct scan *x)
{
	char tail[64];

	while (!x->marks) {
		size_t left = (size_t)(x->end - x->next);

		if (!left)
			return false;
		x->base = x->next;
		if (left >= 64) {
			scan_take(x, block_load(x->base));
			x->next += 64;
			continue;
		}
		memset(tail, ' ', sizeof(tail));
		memcpy(tail, x->base, left);
		scan_take(x, block_load(tail));
		x->next = x->end;
	}
	return true;
}

/*
 * The next colon or comma at depth 1, or the bracket that ends the container
 * (also ${end}, which a valid text never reaches).
 */
static inline const char *scan_next(struct scan *x)
{
	while (x->marks || scan_fill(x)) {
		const char *p = x->base + __builtin_ctzll(x->marks);

		x->marks &= x->marks - 1;
		switch (*p) {
		case '{':
		case '[':
			x->depth++;
			break;
		case '}':
		case ']':
			if (!--x->depth)
				return p;
			break;
		default:
			if (x->depth == 1)
				return p;
		}
	}
	return x->end;
}

static inline struct scan scan_start(struct span text)
{
	return (struct scan){.base = text.s + 1, .next = text.s + 1,
			     .end = text.s + text.len, .depth = 1};
}

/*
 * The key between ${p} and its colon.  Escapes make a key longer than its
 * text, so that one of the right length is compared as it stands; if the bytes
 * are the same, they must not be an escape that only looks like ${key}.
 */
static inline bool key_is(const char *p, const char *colon, const char *key,
			  size_t len)
{
	const char *q = colon;
	size_t raw;

	p = value_blank(p, colon) + 1;
	while (value_is_blank(*--q))
		;
	raw = (size_t)(q - p);
	if (raw == len)
		return !memcmp(p, key, len) && !memchr(p, '\\', len);
	return raw > len && raw <= 6 * len &&
	       seek_key_escaped((struct span){p, raw}, key, len);
}

bool KERNEL_FN(seek_member)(struct span text, const char *key, size_t len,
			    struct span *value)
{
	struct scan x = scan_start(text);
	const char *from = text.s + 1, *p;
	bool inside = false, found = false;

	for (;;) {
		p = scan_next(&x);
		if (p < x.end && *p == ':') {
			inside = key_is(from, p, key, len);
			if (inside) {
				value->s = p + 1;
				found = true;
			}
			continue;
		}
		if (inside)
			value->len = (size_t)(p - value->s);
		inside = false;
		if (p == x.end || *p != ',')
			return found;
		from = p + 1;
	}
}

bool KERNEL_FN(seek_item)(struct span text, uint64_t item, struct span *value,
			  uint64_t *count)
{
	struct scan x = scan_start(text);
	const char *from = text.s + 1, *p;

	*count = 0;
	from = value_blank(from, x.end);
	if (from == x.end || *from == ']')
		return false;
	for (;;) {
		p = scan_next(&x);
		if (*count == item) {
			*value = (struct span){from, (size_t)(p - from)};
			return true;
		}
		++*count;
		if (p == x.end || *p != ',')
			return false;
		from = p + 1;
	}
}
