/*
 * formats -- which formats a string has, compiled for each kernel.
 *
 * Called for every string of a scan.  A table on the first byte turns away
 * what no format begins with (most text that is not English, for one).  One
 * look at 64 bytes then tells whether there is a colon or an "@": without
 * them, a string that begins with a letter can only be a uuid or a boolean,
 * which their lengths decide.  What is left goes by its digits.
 *
 * Up to 64 bytes behind the text are read, and masked away.
 */
#include "attrs/formats.h"

#include "attrs/formats_in.h"
#include "json/simd.h"

/*
 * Kept out of the one function that runs for every string, which then needs no
 * stack and saves no registers.
 */
#define RARE __attribute__((noinline))

/* A bit for each of the first 64 bytes that is the text's; ${len} is not 0. */
static inline uint64_t text_bits(size_t len)
{
	return ~0ULL >> (64 - (len < 64 ? len : 64));
}

static inline uint64_t digit_bits(struct block b)
{
	return block_below(b, '9' + 1) & ~block_below(b, '0');
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
static bool percent_ok(const unsigned char *s, size_t len, uint64_t percent)
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
static bool uri_text(const unsigned char *s, size_t len)
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

/*
 * As format_uri_head(), for what nearly all uris are: http or https, and an
 * authority of a name alone that ends in the first 64 bytes.  (An address in
 * brackets has colons.)
 */
static inline size_t uri_head(const unsigned char *s, size_t len,
			      uint64_t colons)
{
	const uint64_t http = WORD6('h', 't', 't', 'p', 0, 0);
	const uint64_t https = WORD6('h', 't', 't', 'p', 's', 0);
	size_t colon = first_bit(colons), from = colon + 3;
	struct block b = block_load(s);
	uint64_t ends, named;

	if ((colon != 4 && colon != 5) ||
	    lower_word(s, colon) != (colon == 4 ? http : https) ||
	    from >= len || s[from - 2] != '/' || s[from - 1] != '/')
		return format_uri_head(s, len, colon);
	named = colons | block_eq(b, '@');
	ends = (block_eq(b, '/') | block_eq(b, '?') | block_eq(b, '#')) &
	       text_bits(len) & ~bits_low(from);
	if (ends)
		named &= (ends - 1) & ~ends;
	else if (len > 64)
		return format_uri_head(s, len, colon);
	named &= text_bits(len) & ~bits_low(from);
	return named ? format_uri_head(s, len, colon) : from;
}

static inline bool is_uri(const unsigned char *s, size_t len, uint64_t colons)
{
	size_t head = uri_head(s, len, colons);

	return head && uri_text(s + head, len - head);
}

static uint64_t ipv6(const unsigned char *s, size_t len, uint64_t colons)
{
	unsigned n = bits_count(colons);

	/* "::" or all groups: turns times of day away. */
	if (len > 45 || n < 2 || (!(colons & colons >> 1) && n < 6))
		return 0;
	return format_is_ipv6(s, len) ? BIT(IPV6) : 0;
}

/* 36 bytes. */
static RARE uint64_t uuid(const unsigned char *s)
{
	static const char letters[16] = {
		0, 'a', 'b', 'c', 'd', 'e', 'f'
	};
	const uint64_t hyphens = 1ULL << 8 | 1ULL << 13 | 1ULL << 18 |
				 1ULL << 23;
	const uint64_t in = (1ULL << 36) - 1;
	struct block b = block_load(s);
	uint64_t hex;

	if ((block_eq(b, '-') & in) != hyphens)
		return 0;
	hex = digit_bits(b) | block_in(b, letters, 0x20);
	return (hex & in) == (in & ~hyphens) ? BIT(UUID) : 0;
}

/* 2 to 5 bytes. */
static RARE uint64_t boolean(const unsigned char *s, size_t len)
{
	uint64_t w = lower_word(s, len);

	return w == WORD6('t', 'r', 'u', 'e', 0, 0) ||
		w == WORD6('f', 'a', 'l', 's', 'e', 0) ||
		w == WORD3('y', 'e', 's') || w == WORD3('n', 'o', 0) ||
		w == WORD3('o', 'n', 0) || w == WORD3('o', 'f', 'f') ?
		BIT(BOOLEAN_STRING) : 0;
}

/* ${ats}: each "@" among the first 64 bytes. */
static RARE uint64_t email(const unsigned char *s, size_t len, uint64_t ats)
{
	size_t at = ats ? first_bit(ats) : 64;

	return s[at] == '@' && format_is_email(s, len, at) ? BIT(EMAIL) : 0;
}

/* At most 64 digits, and nothing else. */
static inline uint64_t digits_alone(const unsigned char *s, size_t len)
{
	uint64_t mask = BIT(INTEGER_STRING) | BIT(NUMBER_STRING);

	if (s[0] == '0' && len > 1)
		return 0;
	return len == 8 ? mask | format_ymd(s) : mask;
}

/* A digit or '-' comes first. */
static RARE uint64_t begins_as_number(const unsigned char *s, size_t len)
{
	struct block b = block_load(s);
	uint64_t in = text_bits(len), digits = digit_bits(b) & in, mask = 0;
	uint64_t colons = block_eq(b, ':') & in;

	if (digits == in && len <= 64)
		return digits_alone(s, len);
	if (digits & 1)
		mask = format_digit_date(s, len, digits);
	if (mask)
		return mask;
	if (colons)
		return ipv6(s, len, colons);
	if (len <= 64)
		mask = format_number(s, len, digits);
	if (mask)
		return mask;
	if (format_is_ipv4(s, len))
		return BIT(IPV4);
	return email(s, len, block_eq(b, '@') & in) |
	       (len == 36 ? uuid(s) : 0);
}

/* A colon is in the first 64 bytes, and no digit comes first. */
static RARE uint64_t has_colon(const unsigned char *s, size_t len,
			       uint64_t colons)
{
	size_t colon = first_bit(colons);
	uint64_t mask;

	if (is_class(s[0], C_ALPHA)) {
		if (is_uri(s, len, colons))
			return BIT(URI);
		if (len >= 29 && len <= 31 && colon >= 13 && colon <= 19) {
			mask = digit_bits(block_load(s)) & text_bits(len);
			return format_weekday_date(s, len, mask);
		}
	}
	return colon <= 4 ? ipv6(s, len, colons) : 0;
}

uint64_t KERNEL_FN(format_mask)(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned class = format_class[s[0]];
	uint64_t colons, ats;
	struct block b;

	if (!(class & C_START) || len == 0)
		return 0;
	if (class & C_NUMBER)
		return begins_as_number(s, len);
	b = block_load(s);
	colons = block_eq(b, ':') & text_bits(len);
	if (colons)
		return has_colon(s, len, colons);
	ats = block_eq(b, '@') & text_bits(len);
	if (ats || (len > 64 && s[64] == '@'))
		return email(s, len, ats);
	if (len < 8 && class / C_BOOL >> len & 1)
		return boolean(s, len);
	return len == 36 ? uuid(s) : 0;
}
