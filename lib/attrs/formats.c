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
#include "attrs/uri_block.h"

/*
 * Kept out of the one function that runs for every string, which then needs no
 * stack and saves no registers.
 */
#define RARE __attribute__((noinline))

static inline uint64_t digit_bits(struct block b)
{
	return block_below(b, '9' + 1) & ~block_below(b, '0');
}

static inline bool is_uri(const unsigned char *s, size_t len, uint64_t colons)
{
	struct block b = block_load(s);
	uint64_t ats = block_eq(b, '@') & text_bits(len);
	size_t head = 0;

	if (!plain_head(s, len, b, colons | ats)) {
		head = format_uri_head(s, len, first_bit(colons));
		if (!head)
			return false;
	}
	return uri_text(s + head, len - head);
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
