/*
 * uri_block -- uris by blocks of 64 bytes (RFC 3986; attr(5)).
 *
 * Included only by files of the KERNEL list: formats.c for every uri, and
 * strings.c for those that most are, http(s) with a plain name.
 *
 * Up to 64 bytes behind the text are read, and masked away.
 */
#ifndef ATTRS_URI_BLOCK_H
#define ATTRS_URI_BLOCK_H

#include "attrs/formats_in.h"
#include "json/simd.h"

/* A bit for each of the first 64 bytes that is the text's; ${len} is not 0. */
static inline uint64_t text_bits(size_t len)
{
	return ~0ULL >> (64 - (len < 64 ? len : 64));
}

static inline uint64_t first_bit(uint64_t mask)
{
	return (uint64_t)__builtin_ctzll(mask);
}

/*
 * Characters of a uri behind its scheme, in ${*plain}; '%' and '#' in
 * ${*special}.  A row of ${by_low} has a bit for each upper half with which
 * that lower half is a character of a uri: bit 2 for 0x2_ to bit 7 for 0x7_;
 * bit 0 marks the two special ones.
 */
#define URI_BY_LOW \
	(char)0xb8, (char)0xfc, (char)0xf8, (char)0xfd, \
	(char)0xfc, (char)0xfd, (char)0xfc, (char)0xfc, \
	(char)0xfc, (char)0xfc, (char)0xfc, 0x5c, \
	0x54, 0x5c, (char)0xd4, 0x7c
#define URI_BY_HIGH \
	0, 0, 5, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0

#if defined(SIMD_AVX512)

static inline void uri_class(struct block b, uint64_t *plain,
			     uint64_t *special)
{
	const __m512i low = _mm512_broadcast_i32x4(_mm_setr_epi8(URI_BY_LOW));
	const __m512i high = _mm512_broadcast_i32x4(_mm_setr_epi8(URI_BY_HIGH));
	__m512i half = _mm512_and_si512(_mm512_srli_epi16(b.v, 4),
					_mm512_set1_epi8(15));
	__m512i is = _mm512_and_si512(_mm512_shuffle_epi8(low, b.v),
				      _mm512_shuffle_epi8(high, half));

	*plain = _mm512_test_epi8_mask(is, _mm512_set1_epi8((char)0xfc));
	*special = _mm512_test_epi8_mask(is, _mm512_set1_epi8(1));
}

#elif defined(SIMD_AVX2)

static inline __m256i uri_class_half(__m256i v)
{
	const __m256i low = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(URI_BY_LOW));
	const __m256i high = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(URI_BY_HIGH));
	__m256i half = _mm256_and_si256(_mm256_srli_epi16(v, 4),
					_mm256_set1_epi8(15));

	return _mm256_and_si256(_mm256_shuffle_epi8(low, v),
				_mm256_shuffle_epi8(high, half));
}

static inline void uri_class(struct block b, uint64_t *plain,
			     uint64_t *special)
{
	const __m256i one = _mm256_set1_epi8(1);
	__m256i lo = uri_class_half(b.lo), hi = uri_class_half(b.hi);

	/* Not 0 and not 1; an odd one becomes negative when shifted up. */
	*plain = ~simd_join(_mm256_cmpeq_epi8(_mm256_min_epu8(lo, one), lo),
			    _mm256_cmpeq_epi8(_mm256_min_epu8(hi, one), hi));
	*special = simd_join(_mm256_slli_epi16(lo, 7),
			     _mm256_slli_epi16(hi, 7));
}

#else

static inline void uri_class(struct block b, uint64_t *plain,
			     uint64_t *special)
{
	static const char low[16] = {URI_BY_LOW}, high[16] = {URI_BY_HIGH};
	uint64_t is;

	*plain = *special = 0;
	for (int i = 0; i < 64; i++) {
		is = (unsigned char)(low[b.p[i] & 15] & high[b.p[i] >> 4]);
		*plain |= (uint64_t)((is & 0xfc) != 0) << i;
		*special |= (is & 1) << i;
	}
}

#endif

/* Each '%' of the block at ${s} is followed by two hexadecimal digits. */
static inline bool percent_ok(const unsigned char *s, size_t len,
			      uint64_t percent)
{
	for (; percent; percent &= percent - 1) {
		size_t i = first_bit(percent);

		if (len - i < 3 || !is_class(s[i + 1], C_HEX) ||
		    !is_class(s[i + 2], C_HEX))
			return false;
	}
	return true;
}

/* All of it are characters of a uri; 0 bytes too. */
static inline bool uri_text(const unsigned char *s, size_t len)
{
	uint64_t plain, special, hash, in;
	unsigned hashes = 0;

	for (; len; s += 64, len -= 64) {
		struct block b = block_load(s);

		in = bits_low(len);
		uri_class(b, &plain, &special);
		if (~plain & in)
			return false;
		if (special & in) {
			hash = block_eq(b, '#') & in;
			hashes += bits_count(hash);
			if (hashes > 1 ||
			    !percent_ok(s, len, special & in & ~hash))
				return false;
		}
		if (len <= 64)
			break;
	}
	return true;
}

/* Length of "http://" or "https://", in any case, at ${s}; else 0. */
static inline size_t http_length(const unsigned char *s)
{
	uint64_t w;

	memcpy(&w, s, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	if ((w | 0x2020202020) ==
	    (WORD6('h', 't', 't', 'p', 's', ':') | (uint64_t)0x2f2f << 48))
		return 8;
	return (w | 0x20202020) << 8 ==
	       (WORD6('h', 't', 't', 'p', ':', '/') | (uint64_t)0x2f << 48)
	       << 8 ? 7 : 0;
}

/*
 * Is it what nearly all uris are: http or https, and an authority of a name
 * alone that ends in the first 64 bytes?  (An address in brackets has colons.)
 * ${names}: each colon and "@" in those; the first is the scheme's colon.
 */
static inline bool plain_head(const unsigned char *s, size_t len,
			      struct block b, uint64_t names)
{
	size_t from = http_length(s);
	uint64_t ends, in;

	if (!from || from >= len)
		return false;
	names &= names - 1;
	if (!names && len <= 64)
		return true;
	in = text_bits(len) & ~bits_low(from);
	ends = (block_eq(b, '/') | block_eq(b, '?') | block_eq(b, '#')) & in;
	if (!ends)
		return false;
	return !(names & (ends - 1) & ~ends);
}

/* Is it such a uri, and all of it right?  ${b} is its first block. */
static inline bool uri_is_plain(const unsigned char *s, size_t len,
				struct block b)
{
	uint64_t names = (block_eq(b, ':') | block_eq(b, '@')) &
			 text_bits(len);

	return plain_head(s, len, b, names) && uri_text(s, len);
}

#endif
