/*
 * samples -- the values of smallest hash, masked unless told otherwise.
 */
#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "attrs/cursor.h"
#include "attrs/samples.h"
#include "base/mem.h"
#include "json/str.h"

struct sample {
	uint64_t hash;
	char *text;		/* as shown; owned */
	size_t len;
};

void samples_release(struct samples *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		free(s->items[i].text);
	free(s->items);
	*s = (struct samples){0};
}

/* Where ${hash} stands, or would. */
static uint32_t find_hash(const struct samples *s, uint64_t hash)
{
	uint32_t from = 0, to = s->n;

	while (from < to) {
		uint32_t mid = from + (to - from) / 2;

		if (s->items[mid].hash < hash)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/* Not among the smallest, and all places are taken. */
static bool is_too_large(const struct samples *s, uint32_t limit,
			 uint64_t hash)
{
	return limit == 0 || (s->n == limit && hash > s->items[limit - 1].hash);
}

static int compare_texts(const char *a, size_t alen, const char *b, size_t blen)
{
	int c = memcmp(a, b, alen < blen ? alen : blen);

	return c ? c : (alen > blen) - (alen < blen);
}

/* A hash that is there already; of two texts the smaller one stays. */
static void meet(struct sample *item, const char *text, size_t len)
{
	if (compare_texts(text, len, item->text, item->len) >= 0)
		return;
	free(item->text);
	item->text = mem_dup(text, len);
	item->len = len;
}

static void keep(struct samples *s, uint32_t limit, uint64_t hash,
		 const char *text, size_t len)
{
	uint32_t at;

	if (is_too_large(s, limit, hash))
		return;
	at = find_hash(s, hash);
	if (at < s->n && s->items[at].hash == hash) {
		meet(&s->items[at], text, len);
		return;
	}
	if (s->n == limit)
		free(s->items[--s->n].text);
	mem_grow(&s->items, &s->cap, (size_t)s->n + 1, sizeof(*s->items));
	memmove(s->items + at + 1, s->items + at,
		(s->n - at) * sizeof(*s->items));
	s->items[at] = (struct sample){hash, mem_dup(text, len), len};
	s->n++;
}

static inline bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Length of the beginning that is shown: no code point is cut in two. */
static size_t shown_length(const char *text, size_t len)
{
	if (len <= SAMPLE_TEXT_MAX)
		return len;
	len = SAMPLE_TEXT_MAX;
	while (len && continues(text[len]))
		len--;
	return len;
}

/*
 * By class, and without branches: text gives no rule for guessing them.
 * Numbers keep their letters.
 */
static inline char mask_char(char c, unsigned letters)
{
	unsigned char u = (unsigned char)c;

	c = u - (unsigned)'0' < 10 ? '9' : c;
	c = u - (unsigned)'A' < letters ? 'A' : c;
	c = u - (unsigned)'a' < letters ? 'a' : c;
	return u < 0x80 ? c : 'x';
}

/* One byte for each code point; ${out} has room for ${len}. */
static size_t mask(char *out, const char *text, size_t len, bool number)
{
	const unsigned letters = number ? 0 : 26;
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		out[n] = mask_char(text[i], letters);
		n += !continues(text[i]);
	}
	return n;
}

static struct siphash_key make_key(const unsigned char *key, size_t len)
{
	return (struct siphash_key){XXH3_64bits_withSeed(key, len, 0),
				    XXH3_64bits_withSeed(key, len, 1)};
}

uint32_t extra_key_id(const unsigned char *key, size_t len)
{
	struct siphash_key k = make_key(key, len);

	return (uint32_t)(siphash(&k, "", 0) >> 32);
}

void samples_observe(struct samples *s, const struct extra_opts *opts,
		     enum extra_kind kind, const char *text, size_t len,
		     uint64_t hash)
{
	char out[SAMPLE_TEXT_MAX];
	size_t shown;

	if (opts->unmasked) {
		keep(s, opts->samples, hash, text, shown_length(text, len));
		return;
	}
	if (opts->key) {
		if (!s->keyed)
			s->key = make_key(opts->key, opts->key_len);
		s->keyed = true;
		hash = siphash(&s->key, text, len);
		if (is_too_large(s, opts->samples, hash))
			return;
	}
	shown = mask(out, text, shown_length(text, len), kind != EXTRA_STR);
	if (!opts->key)
		hash = XXH3_64bits(out, shown);
	keep(s, opts->samples, hash, out, shown);
}

void samples_add(struct samples *s, uint32_t limit, const struct samples *from)
{
	for (uint32_t i = 0; i < from->n; i++)
		keep(s, limit, from->items[i].hash, from->items[i].text,
		     from->items[i].len);
}

void samples_write(struct buf *b, const struct samples *s)
{
	buf_addc(b, '[');
	for (uint32_t i = 0; i < s->n; i++) {
		buf_addf(b, "%s{\"hash\":\"%016llx\",\"text\":", i ? "," : "",
			 (unsigned long long)s->items[i].hash);
		str_write(b, s->items[i].text, s->items[i].len);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
}

/* 16 digits in lower case; false: it is none. */
static bool read_hash(struct span text, uint64_t *hash)
{
	*hash = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.s[i];

		if (c >= '0' && c <= '9')
			*hash = *hash << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*hash = *hash << 4 | (uint64_t)(c - 'a' + 10);
		else
			return false;
	}
	return text.len == 16;
}

struct sample_reader {
	struct samples *to;
	uint32_t limit;
	struct buf text;
};

struct sample_member {
	struct span hash, text;
};

static int read_sample(struct cursor *c, void *base)
{
	static const struct field fields[] = {
		FIELD("hash", FIELD_STRING,
		      offsetof(struct sample_member, hash)),
		FIELD("text", FIELD_STRING,
		      offsetof(struct sample_member, text))
	};
	static const struct shape shape = {fields, 2, 3};
	struct sample_reader *r = base;
	struct sample_member m;
	uint32_t seen;
	uint64_t hash;

	if (cursor_object(c, &shape, &m, &seen))
		return -1;
	buf_clear(&r->text);
	buf_reserve(&r->text, 1);
	str_unescape(&r->text, m.text.s, m.text.len);
	if (!read_hash(m.hash, &hash) || r->text.len > SAMPLE_TEXT_MAX)
		return cursor_fail(c, "not a sample");
	keep(r->to, r->limit, hash, r->text.s, r->text.len);
	return 0;
}

int samples_read(struct samples *s, uint32_t limit, const char *text,
		 size_t len)
{
	struct sample_reader r = {.to = s, .limit = limit};
	struct cursor c;
	int rc;

	cursor_start(&c, text, len);
	rc = cursor_array(&c, read_sample, &r) || cursor_end(&c) ? -1 : 0;
	buf_release(&r.text);
	return rc;
}
