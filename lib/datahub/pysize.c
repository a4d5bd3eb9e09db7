/*
 * pysize -- how long a JSON value is as DataHub's guard measures it.
 */
#include "datahub/pysize.h"

#include "json/value.h"

#define HIGH 0x8080808080808080ULL
#define ONES 0x0101010101010101ULL

/* The high bit of a byte that is ${c}; exact when no byte is over 7F. */
static inline uint64_t has(uint64_t w, unsigned char c)
{
	uint64_t x = w ^ (ONES * c);

	return ~((x & ~HIGH) + ~HIGH) & HIGH;
}

/* Is there a byte among these eight that does not count as one? */
static inline bool odd_bytes(const char *s)
{
	uint64_t w;

	memcpy(&w, s, 8);
	return ((w & HIGH) | has(w, '\\') | has(w, 0x7f)) != 0;
}

/* A block at a time, so that compilers make vectors of it. */
bool pysize_is_ascii(const char *s, size_t len)
{
	unsigned char wrong = 0;
	size_t i = 0;

	/* DEL is the only one that adding one takes over 7F */
	for (; len - i >= 256; i += 256) {
		for (size_t k = i; k < i + 256; k++)
			wrong |= (unsigned char)(s[k] | (s[k] + 1));
		if (wrong & 0x80)
			return false;
	}
	for (; i < len; i++)
		wrong |= (unsigned char)(s[i] | (s[i] + 1));
	return !(wrong & 0x80);
}

/* Are all bytes such that strings are as long as they are written? */
static bool all_plain(const char *s, size_t len)
{
	return pysize_is_ascii(s, len) && !memchr(s, '\\', len);
}

static unsigned hex(const char *s)
{
	unsigned v = 0;

	for (int i = 0; i < 4; i++) {
		unsigned c = (unsigned char)s[i];

		v = v * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return v;
}

/* Characters Python writes for the code unit ${c} in a string. */
static unsigned unit_size(unsigned c)
{
	if (c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v'))
		return 2;
	return c >= ' ' && c < 0x7f ? 1 : 6;
}

/* One character at ${s}, or an escape; its length goes to ${*len}. */
static unsigned step(const char *s, bool escapes, size_t *len)
{
	unsigned c = (unsigned char)*s;

	if (c == '\\' && escapes) {
		*len = s[1] == 'u' ? 6 : 2;
		/* \/ is the only one that gets shorter */
		return s[1] == 'u' ? unit_size(hex(s + 2)) :
				     s[1] == '/' ? 1 : 2;
	}
	*len = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	if (c < 0x80)
		return unit_size(c);
	return c < 0xF0 ? 6 : 12;
}

/* One character that is written as it is. */
static inline bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '\\' && c != '"';
}

static uint64_t size_inside(const char *s, const char *end, bool escapes)
{
	uint64_t n = 0;
	size_t len;

	while (s < end) {
		while (end - s >= 8 && !odd_bytes(s)) {
			if (!escapes)
				break;
			s += 8;
			n += 8;
		}
		while (s < end && is_plain((unsigned char)*s)) {
			s++;
			n++;
		}
		if (s == end)
			break;
		n += step(s, escapes, &len);
		s += len;
	}
	return n;
}

uint64_t pysize_string(const char *s, size_t len)
{
	return 2 + size_inside(s + 1, s + len - 1, true);
}

uint64_t pysize_text(const char *s, size_t len)
{
	return 2 + size_inside(s, s + len, false);
}

static uint64_t size_scalar(const char *s, size_t len)
{
	return *s == '"' ? pysize_string(s, len) : len;
}

/* What lies between token ${i} and the next one, without blanks around. */
static inline struct span slot_behind(const struct doc *d, uint32_t i)
{
	const char *from = d->index.text + d->index.at[i] + 1;
	const char *end = d->index.text + d->index.at[i + 1];

	return value_trim_one(from, (size_t)(end - from));
}

/* Is the member with the colon ${i} null? */
static inline bool null_member(const struct doc *d, uint32_t i,
			       struct span slot)
{
	return slot.len == 4 && *slot.s == 'n' && doc_token(d, i) == ':';
}

/* Are all members of an object null, from the first one's colon ${i} on? */
static bool all_null(const struct doc *d, uint32_t i)
{
	for (;;) {
		if (!null_member(d, i, slot_behind(d, i)))
			return false;
		if (doc_token(d, i + 1) == '}')
			return true;
		i += 2;
	}
}

/*
 * What leaving out the member with the colon ${i} takes away: the key, ": ",
 * null and ", ".  An object of nulls alone has one separator less than members.
 */
static uint64_t null_size(const struct doc *d, uint32_t i)
{
	struct span key = slot_behind(d, i - 1);
	uint64_t n = pysize_string(key.s, key.len) + 2 + 4 + 2;

	return doc_token(d, i - 1) == '{' && all_null(d, i) ? n - 2 : n;
}

/* All tokens of a container in one loop, whatever is in it. */
uint64_t pysize_value(const struct doc *d, struct val v)
{
	uint32_t last;
	uint64_t n = 1;
	bool plain;

	if (*v.s != '{' && *v.s != '[')
		return size_scalar(v.s, v.len);
	last = d->jump[v.tok];
	plain = all_plain(v.s, v.len);
	for (uint32_t i = v.tok; i < last; i++) {
		struct span slot = slot_behind(d, i);
		char c = doc_token(d, i + 1);

		if (slot.len) {
			n += plain ? slot.len : size_scalar(slot.s, slot.len);
			if (null_member(d, i, slot))
				n -= null_size(d, i);
		}
		n += c == ',' || c == ':' ? 2 : 1;
	}
	return n;
}
