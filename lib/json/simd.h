/*
 * simd -- the few vector operations the kernels need, one form for all.
 *
 * struct block is 64 bytes; comparisons give one bit a byte, bit 0 the first.
 * Included only by files of the KERNEL list.  The portable form works on eight
 * words; it is for machines without AVX2 and to test the others against.
 */
#ifndef JSON_SIMD_H
#define JSON_SIMD_H

#include <stdint.h>
#include <string.h>

#if defined(__AVX512VBMI2__) && defined(__AVX512BW__)
#define SIMD_AVX512 1
#include <immintrin.h>
#elif defined(__AVX2__) && defined(__PCLMUL__)
#define SIMD_AVX2 1
#include <immintrin.h>
#endif

#if defined(SIMD_AVX512)

struct block {
	__m512i v;
};

static inline struct block block_load(const void *p)
{
	return (struct block){_mm512_loadu_si512(p)};
}

static inline void block_store(void *p, struct block b)
{
	_mm512_storeu_si512(p, b.v);
}

static inline uint64_t block_eq(struct block b, char c)
{
	return _mm512_cmpeq_epi8_mask(b.v, _mm512_set1_epi8(c));
}

static inline uint64_t block_below(struct block b, char c)
{
	return _mm512_cmplt_epu8_mask(b.v, _mm512_set1_epi8(c));
}

static inline uint64_t block_wide(struct block b)
{
	return _mm512_movepi8_mask(b.v);
}

/* Bytes 80..BF: those that continue a UTF-8 sequence. */
static inline uint64_t block_continues(struct block b)
{
	return _mm512_cmplt_epi8_mask(b.v, _mm512_set1_epi8(-64));
}

/*
 * Bytes that are the entry of ${table} for their low four bits, after setting
 * ${bits} in each.
 */
static inline uint64_t block_in(struct block b, const char table[16],
				char bits)
{
	__m512i t = _mm512_broadcast_i32x4(
		_mm_loadu_si128((const void *)table));
	__m512i w = _mm512_or_si512(b.v, _mm512_set1_epi8(bits));

	return _mm512_cmpeq_epi8_mask(w, _mm512_shuffle_epi8(t, b.v));
}

#elif defined(SIMD_AVX2)

struct block {
	__m256i lo, hi;
};

static inline uint64_t simd_join(__m256i lo, __m256i hi)
{
	return (uint32_t)_mm256_movemask_epi8(lo) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(hi) << 32;
}

static inline struct block block_load(const void *p)
{
	const __m256i *v = p;

	return (struct block){_mm256_loadu_si256(v),
			      _mm256_loadu_si256(v + 1)};
}

static inline void block_store(void *p, struct block b)
{
	__m256i *v = p;

	_mm256_storeu_si256(v, b.lo);
	_mm256_storeu_si256(v + 1, b.hi);
}

static inline uint64_t block_eq(struct block b, char c)
{
	__m256i k = _mm256_set1_epi8(c);

	return simd_join(_mm256_cmpeq_epi8(b.lo, k),
			 _mm256_cmpeq_epi8(b.hi, k));
}

static inline uint64_t block_below(struct block b, char c)
{
	__m256i k = _mm256_set1_epi8((char)(c - 1));

	return simd_join(_mm256_cmpeq_epi8(_mm256_min_epu8(b.lo, k), b.lo),
			 _mm256_cmpeq_epi8(_mm256_min_epu8(b.hi, k), b.hi));
}

static inline uint64_t block_wide(struct block b)
{
	return simd_join(b.lo, b.hi);
}

static inline uint64_t block_continues(struct block b)
{
	__m256i k = _mm256_set1_epi8(-64);

	return simd_join(_mm256_cmpgt_epi8(k, b.lo),
			 _mm256_cmpgt_epi8(k, b.hi));
}

static inline uint64_t block_in(struct block b, const char table[16],
				char bits)
{
	__m256i t = _mm256_broadcastsi128_si256(
		_mm_loadu_si128((const void *)table));
	__m256i k = _mm256_set1_epi8(bits);

	return simd_join(
		_mm256_cmpeq_epi8(_mm256_or_si256(b.lo, k),
				  _mm256_shuffle_epi8(t, b.lo)),
		_mm256_cmpeq_epi8(_mm256_or_si256(b.hi, k),
				  _mm256_shuffle_epi8(t, b.hi)));
}

#else

struct block {
	const unsigned char *p;
};

#define SIMD_ONES 0x0101010101010101ULL
#define SIMD_HIGH 0x8080808080808080ULL

/* The high bits of eight bytes as eight bits. */
static inline uint64_t simd_gather(uint64_t high)
{
	return ((high & SIMD_HIGH) >> 7) * 0x0102040810204080ULL >> 56;
}

static inline uint64_t simd_word(const unsigned char *p)
{
	uint64_t w;

	memcpy(&w, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

/* High bit of each byte that is 0, exact in every byte. */
static inline uint64_t simd_zero(uint64_t w)
{
	return ~(((w & ~SIMD_HIGH) + ~SIMD_HIGH) | w | ~SIMD_HIGH);
}

static inline struct block block_load(const void *p)
{
	return (struct block){p};
}

static inline void block_store(void *p, struct block b)
{
	memcpy(p, b.p, 64);
}

static inline uint64_t block_eq(struct block b, char c)
{
	uint64_t k = SIMD_ONES * (unsigned char)c, m = 0;

	for (int i = 0; i < 8; i++)
		m |= simd_gather(simd_zero(simd_word(b.p + 8 * i) ^ k))
		     << 8 * i;
	return m;
}

/* ${c} at most 0x80. */
static inline uint64_t block_below(struct block b, char c)
{
	uint64_t k = SIMD_ONES * (0x80U - (unsigned char)c), m = 0, w;

	for (int i = 0; i < 8; i++) {
		w = simd_word(b.p + 8 * i);
		m |= simd_gather(~(((w & ~SIMD_HIGH) + k) | w)) << 8 * i;
	}
	return m;
}

static inline uint64_t block_wide(struct block b)
{
	uint64_t m = 0;

	for (int i = 0; i < 8; i++)
		m |= simd_gather(simd_word(b.p + 8 * i)) << 8 * i;
	return m;
}

static inline uint64_t block_continues(struct block b)
{
	uint64_t m = 0, w;

	for (int i = 0; i < 8; i++) {
		w = simd_word(b.p + 8 * i);
		m |= simd_gather(w & ~(w << 1)) << 8 * i;
	}
	return m;
}

static inline uint64_t block_in(struct block b, const char table[16],
				char bits)
{
	uint64_t m = 0;

	for (int i = 0; i < 64; i++) {
		unsigned char c = b.p[i];
		unsigned char t = c & 0x80 ? 0 : (unsigned char)table[c & 15];

		m |= (uint64_t)((c | (unsigned char)bits) == t) << i;
	}
	return m;
}

#endif

/* Bit i of the result is the exclusive or of bits 0..i. */
static inline uint64_t bits_prefix_xor(uint64_t m)
{
#if defined(SIMD_AVX512) || defined(SIMD_AVX2)
	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(
		_mm_set_epi64x(0, (long long)m), _mm_set1_epi8(-1), 0));
#else
	for (int i = 1; i < 64; i *= 2)
		m ^= m << i;
	return m;
#endif
}

/* The lowest ${n} bits; 64 and more give all. */
static inline uint64_t bits_low(size_t n)
{
	return n >= 64 ? ~0ULL : (1ULL << n) - 1;
}

static inline unsigned bits_count(uint64_t m)
{
	return (unsigned)__builtin_popcountll(m);
}

#endif
