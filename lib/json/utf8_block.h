/*
 * utf8_block -- is a block of 64 bytes valid UTF-8, given the bytes before it?
 *
 * Vector kernels classify each byte with its predecessor by three table
 * look-ups of four bits each, whose conjunction is not 0 exactly where a pair
 * of bytes is wrong (method: Keiser and Lemire, "Validating UTF-8 in less than
 * one instruction per byte", 2020).  The bytes before the block are read from
 * memory: the text is in one piece.  A sequence cut by the block's end is
 * judged with the next block, therefore ${*wide} says whether the last three
 * bytes were ASCII.
 *
 * The portable form judges whole sequences that begin in the block, reading
 * on behind its end, and keeps in ${*wide} how many bytes of the next block
 * were judged already.
 */
#ifndef JSON_UTF8_BLOCK_H
#define JSON_UTF8_BLOCK_H

#include <stdbool.h>
#include "json/simd.h"

#if defined(SIMD_AVX512) || defined(SIMD_AVX2)

enum {
	U_SHORT = 1,		/* a lead without its continuation */
	U_LONG = 2,		/* a continuation without lead */
	U_OVER3 = 4,
	U_LARGE = 8,		/* over U+10FFFF */
	U_SURROGATE = 16,
	U_OVER2 = 32,
	U_OVER4 = 64,		/* and over U+13FFFF: never both possible */
	U_TWO = 128,		/* two continuations: right only after a lead */
	U_ANY = U_SHORT | U_LONG | U_TWO
};

#define U_CONTINUES (U_LONG | U_OVER2 | U_TWO)

/* By the high and the low half of the byte before, and the high half. */
static const unsigned char utf8_lead_high[16] = {
	U_LONG, U_LONG, U_LONG, U_LONG, U_LONG, U_LONG, U_LONG, U_LONG,
	U_TWO, U_TWO, U_TWO, U_TWO,
	U_SHORT | U_OVER2, U_SHORT, U_SHORT | U_OVER3 | U_SURROGATE,
	U_SHORT | U_LARGE | U_OVER4
};
static const unsigned char utf8_lead_low[16] = {
	U_ANY | U_OVER3 | U_OVER2 | U_OVER4, U_ANY | U_OVER2, U_ANY, U_ANY,
	U_ANY | U_LARGE,
	U_ANY | U_LARGE | U_OVER4, U_ANY | U_LARGE | U_OVER4,
	U_ANY | U_LARGE | U_OVER4, U_ANY | U_LARGE | U_OVER4,
	U_ANY | U_LARGE | U_OVER4, U_ANY | U_LARGE | U_OVER4,
	U_ANY | U_LARGE | U_OVER4, U_ANY | U_LARGE | U_OVER4,
	U_ANY | U_LARGE | U_OVER4 | U_SURROGATE,
	U_ANY | U_LARGE | U_OVER4, U_ANY | U_LARGE | U_OVER4
};
static const unsigned char utf8_second[16] = {
	U_SHORT, U_SHORT, U_SHORT, U_SHORT, U_SHORT, U_SHORT, U_SHORT, U_SHORT,
	U_CONTINUES | U_OVER3 | U_OVER4,
	U_CONTINUES | U_OVER3 | U_LARGE,
	U_CONTINUES | U_SURROGATE | U_LARGE, U_CONTINUES | U_SURROGATE | U_LARGE,
	U_SHORT, U_SHORT, U_SHORT, U_SHORT
};

#endif

#if defined(SIMD_AVX512)

static inline __m512i utf8_look(const unsigned char *table, __m512i nibbles)
{
	return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(
		_mm_loadu_si128((const void *)table)), nibbles);
}

static inline bool utf8_block_valid(const char *p, uint64_t *wide_end,
				    uint64_t wide)
{
	const __m512i low = _mm512_set1_epi8(15);
	__m512i now = _mm512_loadu_si512(p);
	__m512i one = _mm512_loadu_si512(p - 1);
	__m512i two = _mm512_loadu_si512(p - 2);
	__m512i three = _mm512_loadu_si512(p - 3);
	__m512i pair = _mm512_and_si512(_mm512_and_si512(
		utf8_look(utf8_lead_high, _mm512_and_si512(
			_mm512_srli_epi16(one, 4), low)),
		utf8_look(utf8_lead_low, _mm512_and_si512(one, low))),
		utf8_look(utf8_second, _mm512_and_si512(
			_mm512_srli_epi16(now, 4), low)));
	__m512i must = _mm512_or_si512(
		_mm512_subs_epu8(two, _mm512_set1_epi8(0x60)),
		_mm512_subs_epu8(three, _mm512_set1_epi8(0x70)));
	__m512i wrong = _mm512_xor_si512(pair, _mm512_and_si512(must,
		_mm512_set1_epi8(-128)));

	*wide_end = wide >> 61;
	return _mm512_test_epi8_mask(wrong, wrong) == 0;
}

#elif defined(SIMD_AVX2)

static inline __m256i utf8_look(const unsigned char *table, __m256i nibbles)
{
	return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(
		_mm_loadu_si128((const void *)table)), nibbles);
}

static inline __m256i utf8_wrong(const char *p)
{
	const __m256i low = _mm256_set1_epi8(15);
	__m256i now = _mm256_loadu_si256((const void *)p);
	__m256i one = _mm256_loadu_si256((const void *)(p - 1));
	__m256i two = _mm256_loadu_si256((const void *)(p - 2));
	__m256i three = _mm256_loadu_si256((const void *)(p - 3));
	__m256i pair = _mm256_and_si256(_mm256_and_si256(
		utf8_look(utf8_lead_high, _mm256_and_si256(
			_mm256_srli_epi16(one, 4), low)),
		utf8_look(utf8_lead_low, _mm256_and_si256(one, low))),
		utf8_look(utf8_second, _mm256_and_si256(
			_mm256_srli_epi16(now, 4), low)));
	__m256i must = _mm256_or_si256(
		_mm256_subs_epu8(two, _mm256_set1_epi8(0x60)),
		_mm256_subs_epu8(three, _mm256_set1_epi8(0x70)));

	return _mm256_xor_si256(pair, _mm256_and_si256(must,
		_mm256_set1_epi8(-128)));
}

static inline bool utf8_block_valid(const char *p, uint64_t *wide_end,
				    uint64_t wide)
{
	__m256i wrong = _mm256_or_si256(utf8_wrong(p), utf8_wrong(p + 32));

	*wide_end = wide >> 61;
	return _mm256_testz_si256(wrong, wrong);
}

#else

/* Length of the valid sequence at ${s}, or 0. */
static inline unsigned utf8_sequence(const unsigned char *s)
{
	unsigned char lo = 0x80, hi = 0xBF;
	unsigned n;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xC2 || s[0] > 0xF4)
		return 0;
	n = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	lo = s[0] == 0xE0 ? 0xA0 : s[0] == 0xF0 ? 0x90 : lo;
	hi = s[0] == 0xED ? 0x9F : s[0] == 0xF4 ? 0x8F : hi;
	if (s[1] < lo || s[1] > hi)
		return 0;
	for (unsigned i = 2; i < n; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	return n;
}

static inline bool utf8_block_valid(const char *p, uint64_t *ahead,
				    uint64_t wide)
{
	const unsigned char *s = (const unsigned char *)p;
	unsigned i = (unsigned)*ahead, n = 1;

	(void)wide;
	*ahead = 0;
	for (; i < 64 && n; i += n)
		n = utf8_sequence(s + i);
	if (n)
		*ahead = i - 64;
	return n != 0;
}

#endif
#endif
