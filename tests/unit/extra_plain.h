/*
 * extra_plain -- registers, histogram, values and samples once more, in the
 * plainest way: sorted lists of all values, registers in an array, products of
 * 128 bits.  What extra.c writes has to be the same bytes.
 */
#ifndef UNIT_EXTRA_PLAIN_H
#define UNIT_EXTRA_PLAIN_H

#include <stdlib.h>
#include <xxhash.h>

#include "attrs/extra.h"
#include "attrs/siphash.h"
#include "json/str.h"

__extension__ typedef unsigned __int128 u128;

struct plain_value {
	const char *text;
	size_t len;
	unsigned bucket;	/* of the histogram, said by who made it */
};

struct plain_sample {
	uint64_t hash;
	char text[260];
	size_t len;
};

static int plain_by_text(const void *a, const void *b)
{
	const struct plain_value *x = a, *y = b;
	int c = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);

	return c ? c : (x->len > y->len) - (x->len < y->len);
}

static int plain_by_hash(const void *a, const void *b)
{
	const struct plain_sample *x = a, *y = b;
	int c;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	c = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);
	return c ? c : (x->len > y->len) - (x->len < y->len);
}

static void plain_registers(unsigned char r[4096], const struct plain_value *v,
			    size_t n)
{
	memset(r, 0, 4096);
	for (size_t i = 0; i < n; i++) {
		uint64_t h = XXH3_64bits(v[i].text, v[i].len);
		unsigned char rank = 1;

		for (int bit = 51; bit >= 0 && !(h >> bit & 1); bit--)
			rank++;
		if (r[h >> 52] < rank)
			r[h >> 52] = rank;
	}
}

static uint64_t plain_estimate(const unsigned char r[4096])
{
	u128 sum, x;
	uint64_t c[54] = {0};

	for (int i = 0; i < 4096; i++)
		c[r[i]]++;
	if (c[0] == 4096)
		return 0;
	sum = (u128)c[0] << 38;
	x = (u128)c[0] << 52;
	for (int k = 1; (x = x * x >> 64) != 0; k++)
		sum += k <= 15 ? x >> (15 - k) : x << (k - 15);
	for (int k = 1; k < 54; k++)
		sum += k <= 38 ? (u128)c[k] << (38 - k) : c[k] >> (k - 38);
	if (sum == 0)
		sum = 1;
	return (uint64_t)((3326628274461080622 + sum / 2) / sum);
}

static void plain_write_full(struct buf *b, const struct plain_value *v,
			     size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789-_";
	unsigned char r[4096];
	uint64_t estimate, counts[66] = {0};
	int set = 0, last = -1;

	plain_registers(r, v, n);
	estimate = plain_estimate(r);
	buf_addf(b, ",\"distinct\":%llu,\"registers\":\"",
		 (unsigned long long)(estimate < n ? estimate : n));
	for (int i = 0; i < 4096; i++)
		set += r[i] != 0;
	for (int i = 0; i < 4096; i++) {
		if (set < 512 && r[i])
			buf_addf(b, "%c%c", digits[i / 64], digits[i % 64]);
		if (set >= 512 || r[i])
			buf_addc(b, digits[r[i]]);
	}
	buf_adds(b, "\",\"histogram\":[");
	for (size_t i = 0; i < n; i++) {
		counts[v[i].bucket]++;
		if ((int)v[i].bucket > last)
			last = (int)v[i].bucket;
	}
	for (int i = 0; i <= last; i++)
		buf_addf(b, "%s%llu", i ? "," : "",
			 (unsigned long long)counts[i]);
	buf_addc(b, ']');
}

/* ${v} is sorted by text. */
static void plain_write_values(struct buf *b, const struct plain_value *v,
			       size_t n, size_t limit)
{
	size_t start = b->len, different = 0, same;

	buf_adds(b, ",\"values\":{");
	for (size_t i = 0; i < n; i += same) {
		for (same = 1; i + same < n; same++)
			if (plain_by_text(&v[i], &v[i + same]))
				break;
		if (++different > limit || v[i].len > 256) {
			b->len = start;
			buf_adds(b, ",\"values\":\"more\"");
			return;
		}
		if (i)
			buf_addc(b, ',');
		str_write(b, v[i].text, v[i].len);
		buf_addf(b, ":%zu", same);
	}
	buf_addc(b, '}');
}

/* Shows a value as attr(5) says; a code point at a time. */
static void plain_show(struct plain_sample *s, const struct plain_value *v,
		       bool unmasked, bool number)
{
	size_t next;

	s->len = 0;
	for (size_t i = 0; i < v->len; i = next) {
		unsigned char c = (unsigned char)v->text[i];

		next = i + (c < 0x80 ? 1U : c < 0xe0 ? 2U : c < 0xf0 ? 3U : 4U);
		if (next > 256)
			break;
		if (unmasked) {
			memcpy(s->text + i, v->text + i, next - i);
			s->len = next;
			continue;
		}
		if (c >= 0x80)
			c = 'x';
		else if (strchr("0123456789", c) && c)
			c = '9';
		else if (!number && c >= 'A' && c <= 'Z')
			c = 'A';
		else if (!number && c >= 'a' && c <= 'z')
			c = 'a';
		s->text[s->len++] = (char)c;
	}
}

static uint64_t plain_hash(const struct plain_sample *shown,
			   const struct plain_value *v,
			   const struct extra_opts *o)
{
	struct siphash_key key;

	if (o->unmasked)
		return XXH3_64bits(v->text, v->len);
	if (!o->key)
		return XXH3_64bits(shown->text, shown->len);
	key.k0 = XXH3_64bits(o->key, o->key_len);
	key.k1 = XXH3_64bits_withSeed(o->key, o->key_len, 1);
	return siphash(&key, v->text, v->len);
}

static void plain_write_samples(struct buf *b, const struct plain_value *v,
				size_t n, const struct extra_opts *o,
				enum extra_kind kind)
{
	struct plain_sample *all = calloc(n + 1, sizeof(*all));
	unsigned given = 0;

	for (size_t i = 0; i < n; i++) {
		plain_show(&all[i], &v[i], o->unmasked, kind != EXTRA_STR);
		all[i].hash = plain_hash(&all[i], &v[i], o);
	}
	qsort(all, n, sizeof(*all), plain_by_hash);
	buf_adds(b, ",\"samples\":[");
	for (size_t i = 0; i < n && given < o->samples; i++) {
		if (i && all[i].hash == all[i - 1].hash)
			continue;
		buf_addf(b, "%s{\"hash\":\"%016llx\",\"text\":",
			 given++ ? "," : "", (unsigned long long)all[i].hash);
		str_write(b, all[i].text, all[i].len);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
	free(all);
}

/* Sorts ${v}. */
static inline void plain_write(struct buf *b, struct plain_value *v, size_t n,
			const struct extra_opts *o, enum extra_kind kind)
{
	qsort(v, n, sizeof(*v), plain_by_text);
	if (o->full)
		plain_write_full(b, v, n);
	if (o->values)
		plain_write_values(b, v, n, o->values);
	if (o->samples)
		plain_write_samples(b, v, n, o, kind);
}

#endif
