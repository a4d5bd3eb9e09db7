/*
 * index -- stage one, compiled for each kernel; see index.h.
 *
 * The loop carries four bits of state from block to block: in a string, first
 * byte escaped, first byte after a token, last bytes not ASCII.  Everything
 * that is rare (backslashes, control characters, white space between tokens,
 * non-ASCII text) is behind a branch, so that compact ASCII costs one load,
 * four comparisons, one multiplication and one store of positions.
 */
#include "json/index.h"

#include "base/mem.h"
#include "json/simd.h"
#include "json/utf8_block.h"

#define ODD_BITS 0xAAAAAAAAAAAAAAAAULL

/* 1: may stand behind a backslash; 2: 'u'; 4: a hexadecimal digit. */
static const unsigned char escape_class[256] = {
	['"'] = 1, ['\\'] = 1, ['/'] = 1, ['b'] = 5, ['f'] = 5, ['n'] = 1,
	['r'] = 1, ['t'] = 1, ['u'] = 3,
	['0'] = 4, ['1'] = 4, ['2'] = 4, ['3'] = 4, ['4'] = 4, ['5'] = 4,
	['6'] = 4, ['7'] = 4, ['8'] = 4, ['9'] = 4,
	['a'] = 4, ['c'] = 4, ['d'] = 4, ['e'] = 4,
	['A'] = 4, ['B'] = 4, ['C'] = 4, ['D'] = 4, ['E'] = 4, ['F'] = 4,
};

/* { and [ differ from } and ] in bits that | 0x20 makes the same: 7B, 7D. */
static const char token_table[16] = {
	[0xA] = ':', [0xB] = '{', [0xC] = ',', [0xD] = '}'
};

/* Characters behind a backslash: legal ones, and four digits behind \u. */
static __attribute__((noinline)) bool
escapes_valid(const char *p, uint64_t escaped)
{
	const unsigned char *s;
	unsigned char ok = 1;

	for (; escaped; escaped &= escaped - 1) {
		s = (const unsigned char *)p + __builtin_ctzll(escaped);
		ok &= escape_class[*s];
		if (escape_class[*s] & 2)
			ok &= (unsigned char)((escape_class[s[1]] &
					       escape_class[s[2]] &
					       escape_class[s[3]] &
					       escape_class[s[4]]) >> 2);
	}
	return ok & 1;
}

/*
 * Bits of escaped characters, from those of the backslashes: a backslash
 * escapes the next character unless it is escaped itself, so in a run of them
 * every second one does.  Subtraction finds the parity of all runs at once.
 */
static inline uint64_t find_escaped(uint64_t back, uint64_t *carry,
				    uint64_t *escapes)
{
	uint64_t starts = back & ~*carry;
	uint64_t parity = (((starts << 1) | ODD_BITS) - starts) ^ ODD_BITS;
	uint64_t escaped = parity ^ (back | *carry);

	*escapes = parity & back;
	*carry = *escapes >> 63;
	return escaped;
}

/* Is the last byte before ${p} that is not white space a token or line end? */
static bool follows_token(const char *text, const char *p)
{
	while (p > text && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\r'))
		p--;
	return p == text || (p[-1] && strchr(",:{[\n}]", p[-1]));
}

/*
 * Opening quotes that are not right behind a token may still be, with white
 * space between.  Adding a bit to the start of a run of white space carries it
 * to the first byte behind the run.
 */
static __attribute__((noinline)) bool
quotes_follow(const char *text, const char *p, uint64_t follows, uint64_t open)
{
	struct block b = block_load(p);
	uint64_t space = block_eq(b, ' ') | block_eq(b, '\t') |
			 block_eq(b, '\r');

	if (!(follows & 1) && follows_token(text, p))
		follows |= 1;
	follows |= ((follows & space) + space) & ~space;
	return !(open & ~follows);
}

/* Positions of the bits of ${m} behind ${out}; may write 64 more than that. */
static inline void put_tokens(uint32_t *out, uint32_t base, uint64_t m)
{
#if defined(SIMD_AVX512)
	static const unsigned char iota[64] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
		16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
		32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
		48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63
	};
	__m512i at = _mm512_maskz_compress_epi8(m, _mm512_loadu_si512(iota));
	__m512i add = _mm512_set1_epi32((int)base);
	unsigned n = bits_count(m);

	_mm512_storeu_si512(out, _mm512_add_epi32(add, _mm512_cvtepu8_epi32(
		_mm512_castsi512_si128(at))));
	if (__builtin_expect(n <= 16, 1))
		return;
	_mm512_storeu_si512(out + 16, _mm512_add_epi32(add,
		_mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(at, 1))));
	if (n <= 32)
		return;
	_mm512_storeu_si512(out + 32, _mm512_add_epi32(add,
		_mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(at, 2))));
	_mm512_storeu_si512(out + 48, _mm512_add_epi32(add,
		_mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(at, 3))));
#else
	/* Eight at a time, needed or not: fewer branches than one by one. */
	while (m) {
		for (int i = 0; i < 8; i++) {
			out[i] = base + (uint32_t)__builtin_ctzll(m | 1ULL << 63);
			m &= m - 1;
		}
		out += 8;
	}
#endif
}

/* What the loop carries from block to block; in registers, not in the index. */
struct carry {
	uint64_t in_string, escaped, follows, wide;
	bool fault;
};

/* One block at ${p}; returns its tokens' bits. */
static inline uint64_t index_block(struct carry *x, const char *text,
				   const char *p)
{
	struct block b = block_load(p);
	uint64_t back = block_eq(b, '\\'), quote = block_eq(b, '"');
	uint64_t control = block_below(b, 0x20), wide = block_wide(b);
	uint64_t token = block_in(b, token_table, 0x20);
	uint64_t inside, escapes = 0, open, follows;

	if (__builtin_expect((back | x->escaped) != 0, 0)) {
		uint64_t escaped = find_escaped(back, &x->escaped, &escapes);

		quote &= ~escaped;
		x->fault |= !escapes_valid(p, escaped);
	}
	inside = bits_prefix_xor(quote) ^ x->in_string;
	x->in_string = (uint64_t)((int64_t)inside >> 63);
	token &= ~inside;
	if (control) {
		x->fault |= (control & inside) != 0;
		token |= block_eq(b, '\n') & ~inside;
	}
	x->fault |= (escapes & ~inside) != 0;
	open = quote & inside;
	follows = token << 1 | x->follows;
	x->follows = token >> 63;
	if (open & ~follows)
		x->fault |= !quotes_follow(text, p, follows, open);
	if (wide | x->wide)
		x->fault |= !utf8_block_valid(p, &x->wide, wide);
	return token;
}

/* Blocks from x->pos up to ${end}; there is room for all their tokens. */
static void index_blocks(struct json_index *x, size_t end)
{
	struct carry c = {x->in_string, x->escaped, x->follows, x->wide,
			  x->fault};
	const char *text = x->text;
	uint32_t *put = x->at + x->n;
	size_t pos = x->pos;

	for (; pos < end; pos += 64) {
		uint64_t m = index_block(&c, text, text + pos);

		if (__builtin_expect(x->len - pos < 64, 0))
			m &= bits_low(x->len - pos);
		put_tokens(put, (uint32_t)pos, m);
		put += bits_count(m);
	}
	x->n = (size_t)(put - x->at);
	x->pos = pos < x->len ? pos : x->len;
	x->in_string = c.in_string;
	x->escaped = c.escaped;
	x->follows = c.follows;
	x->wide = c.wide;
	x->fault = c.fault;
}

void KERNEL_FN(index_fill)(struct json_index *x, size_t bytes)
{
	size_t stop = x->pos + bytes;

	do {
		size_t end = stop < x->len ? stop : x->len;

		mem_grow(&x->at, &x->cap, x->n + (end - x->pos) + 192,
			 sizeof(*x->at));
		index_blocks(x, end);
		x->line_end = x->n;
		while (x->line_end > 0 &&
		       x->text[x->at[x->line_end - 1]] != '\n')
			x->line_end--;
		stop = x->pos + bytes;
	} while (!x->line_end && !x->fault && x->pos < x->len);
}
