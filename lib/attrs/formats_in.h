/*
 * formats_in -- what the parts of formats.h share; private to them.
 *
 * formats.c looks at the first 64 bytes of a string with vectors and turns
 * most away.  What is left goes to one of the parsers here, each for one
 * family, compiled once.  All get the whole text and its length, and may read
 * 64 bytes behind it.
 */
#ifndef ATTRS_FORMATS_IN_H
#define ATTRS_FORMATS_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* In the order of the output; attr(5) has the grammar of each. */
#define FORMAT_LIST(X) \
	X(DATE, "date") \
	X(TIME, "time") \
	X(DATE_TIME, "date-time") \
	X(HTTP_DATE, "http-date") \
	X(Y_M_D_SLASH, "YYYY/MM/DD") \
	X(M_D_Y_SLASH, "MM/DD/YYYY") \
	X(D_M_Y_SLASH, "DD/MM/YYYY") \
	X(M_D_Y_DASH, "MM-DD-YYYY") \
	X(D_M_Y_DASH, "DD-MM-YYYY") \
	X(D_M_Y_DOT, "DD.MM.YYYY") \
	X(D_MON_Y, "DD-MON-YYYY") \
	X(YMD, "YYYYMMDD") \
	X(CLOCK_FF, "HH24:MI:SS.FF") \
	X(CLOCK_SS, "HH24:MI:SS") \
	X(CLOCK_MI, "HH24:MI") \
	X(T_FF, "YYYY-MM-DDTHH24:MI:SS.FF") \
	X(T_SS, "YYYY-MM-DDTHH24:MI:SS") \
	X(T_MI, "YYYY-MM-DDTHH24:MI") \
	X(BLANK_FF_TZ, "YYYY-MM-DD HH24:MI:SS.FFTZH:TZM") \
	X(BLANK_SS_TZ, "YYYY-MM-DD HH24:MI:SSTZH:TZM") \
	X(BLANK_SS_BLANK_TZ, "YYYY-MM-DD HH24:MI:SS TZHTZM") \
	X(BLANK_FF, "YYYY-MM-DD HH24:MI:SS.FF") \
	X(BLANK_SS, "YYYY-MM-DD HH24:MI:SS") \
	X(BLANK_MI, "YYYY-MM-DD HH24:MI") \
	X(M_D_Y_SLASH_SS, "MM/DD/YYYY HH24:MI:SS") \
	X(D_M_Y_SLASH_SS, "DD/MM/YYYY HH24:MI:SS") \
	X(M_D_Y_DASH_SS, "MM-DD-YYYY HH24:MI:SS") \
	X(YMD_HMS, "YYYYMMDDTHH24MISS") \
	X(RFC_DATE, "DY, DD MON YYYY HH24:MI:SS TZHTZM") \
	X(DY_MON_DD, "DY MON DD HH24:MI:SS TZHTZM YYYY") \
	X(UUID, "uuid") \
	X(EMAIL, "email") \
	X(URI, "uri") \
	X(IPV4, "ipv4") \
	X(IPV6, "ipv6") \
	X(INTEGER_STRING, "integer-string") \
	X(NUMBER_STRING, "number-string") \
	X(BOOLEAN_STRING, "boolean-string") \
	X(EPOCH_S, "epoch-s") \
	X(EPOCH_MS, "epoch-ms")

enum format {
#define X(id, name) FMT_##id,
	FORMAT_LIST(X)
#undef X
	FMT_COUNT
};

#define BIT(id) (1ULL << FMT_##id)

/* What a byte may be; format_class[] by byte value. */
enum {
	C_START = 1,	/* first byte of any format at all */
	C_DIGIT = 2,
	C_ALPHA = 4,
	C_ATEXT = 8,	/* RFC 5322, local part of an email address */
	C_LABEL = 16,	/* letter, digit, hyphen */
	C_HEX = 32,
	C_SCHEME = 64,	/* RFC 3986 */
	C_NUMBER = 128,	/* digit, '-' */
	C_BOOL = 256	/* << n: first byte of a boolean-string of n bytes */
};
extern const uint16_t format_class[256];

static inline bool is_class(unsigned char c, unsigned class)
{
	return (format_class[c] & class) != 0;
}

/* Set bits from bit ${at} (below 64) on, without a gap. */
static inline unsigned bits_run(uint64_t mask, unsigned at)
{
	uint64_t gaps = ~(mask >> at);

	return gaps ? (unsigned)__builtin_ctzll(gaps) : 64;
}

/* Up to 8 bytes, the first one lowest, letters in lower case. */
static inline uint64_t lower_word(const unsigned char *s, size_t len)
{
	uint64_t w;

	memcpy(&w, s, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return (w | 0x2020202020202020ULL) & ~0ULL >> (64 - 8 * len);
}

#define WORD3(a, b, c) \
	((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16)
#define WORD6(a, b, c, d, e, f) (WORD3(a, b, c) | WORD3(d, e, f) << 24)

/*
 * ${digits} has a bit for each of the first 64 bytes of the text that is a
 * digit (none behind its end).
 */

/* The text begins with a digit and has others than digits in it. */
uint64_t format_digit_date(const unsigned char *s, size_t len,
			   uint64_t digits);
/* Eight digits. */
uint64_t format_ymd(const unsigned char *s);
/* The text begins with a letter. */
uint64_t format_weekday_date(const unsigned char *s, size_t len,
			     uint64_t digits);
/* The text begins with a digit or '-' and has at most 64 bytes. */
uint64_t format_number(const unsigned char *s, size_t len, uint64_t digits);
bool format_is_ipv4(const unsigned char *s, size_t len);
bool format_is_ipv6(const unsigned char *s, size_t len);
/* ${at}: where the first '@' is. */
bool format_is_email(const unsigned char *s, size_t len, size_t at);

/*
 * The part of a uri up to the end of its scheme or authority: how many bytes
 * that is, when it is right, else 0.  ${colon} is the first one.
 */
size_t format_uri_head(const unsigned char *s, size_t len, size_t colon);

#endif
