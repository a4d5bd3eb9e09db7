/*
 * hll -- HyperLogLog: about how many different values there were.
 */
#include <stdlib.h>
#include <string.h>

#include "attrs/hll.h"
#include "base/mem.h"

#define SLOTS_MIN 8
#define SLOTS_MAX 256	/* 1 KiB; half full, 4096 bytes are better */

void hll_release(struct hll *h)
{
	free(h->dense);
	free(h->slots);
	*h = (struct hll){0};
}

/* The slot of ${index}, or the free one where it would go. */
static uint32_t *find_slot(const struct hll *h, unsigned index)
{
	uint32_t at = index;

	for (;; at++) {
		uint32_t *slot = &h->slots[at & h->mask];

		if (*slot == 0 || *slot >> 8 == index)
			return slot;
	}
}

static void make_dense(struct hll *h)
{
	h->dense = mem_zalloc(HLL_REGISTERS, 1);
	for (uint32_t i = 0; h->slots && i <= h->mask; i++)
		if (h->slots[i])
			h->dense[h->slots[i] >> 8] =
				(unsigned char)h->slots[i];
	free(h->slots);
	h->slots = NULL;
	h->used = h->mask = 0;
}

static void make_slots(struct hll *h, uint32_t n)
{
	uint32_t *old = h->slots, old_n = old ? h->mask + 1 : 0;

	h->slots = mem_zalloc(n, sizeof(*h->slots));
	h->mask = n - 1;
	for (uint32_t i = 0; i < old_n; i++)
		if (old[i])
			*find_slot(h, old[i] >> 8) = old[i];
	free(old);
}

void hll_raise_sparse(struct hll *h, unsigned index, unsigned rank)
{
	uint32_t *slot;

	if (!h->slots)
		make_slots(h, SLOTS_MIN);
	slot = find_slot(h, index);
	if (*slot) {
		if ((*slot & 0xff) < rank)
			*slot = index << 8 | rank;
		return;
	}
	*slot = index << 8 | rank;
	if (++h->used <= h->mask / 2)
		return;
	if (h->mask + 1 < SLOTS_MAX)
		make_slots(h, 2 * (h->mask + 1));
	else
		make_dense(h);
}

static void raise_all(unsigned char *restrict to,
		      const unsigned char *restrict from)
{
	for (unsigned i = 0; i < HLL_REGISTERS; i++)
		to[i] = to[i] > from[i] ? to[i] : from[i];
}

void hll_add(struct hll *to, const struct hll *from)
{
	if (from->dense && !to->dense)
		make_dense(to);
	if (from->dense)
		raise_all(to->dense, from->dense);
	for (uint32_t i = 0; from->slots && i <= from->mask; i++)
		if (from->slots[i])
			hll_raise(to, from->slots[i] >> 8,
				  from->slots[i] & 0xff);
}

/* base64url (RFC 4648) */
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_";

/* 0 to 63, -1: none */
static int digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

static int compare_slots(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/*
 * Registers that are set, by index, as in slots; returns how many.  ${out} has
 * room for HLL_REGISTERS.
 */
static size_t list_set(const struct hll *h, uint32_t *out)
{
	size_t n = 0;

	if (h->dense) {
		for (uint32_t i = 0; i < HLL_REGISTERS; i++)
			if (h->dense[i])
				out[n++] = i << 8 | h->dense[i];
		return n;
	}
	for (uint32_t i = 0; h->slots && i <= h->mask; i++)
		if (h->slots[i])
			out[n++] = h->slots[i];
	qsort(out, n, sizeof(*out), compare_slots);
	return n;
}

void hll_write(struct buf *b, const struct hll *h)
{
	uint32_t set[HLL_REGISTERS];
	size_t n = list_set(h, set);
	char *p;

	if (n < HLL_SPARSE_BELOW) {
		p = buf_reserve(b, 3 * n);
		for (size_t i = 0; i < n; i++) {
			*p++ = digits[set[i] >> 14];
			*p++ = digits[set[i] >> 8 & 63];
			*p++ = digits[set[i] & 63];
		}
		b->len += 3 * n;
		return;
	}
	/* So many stand in bytes. */
	p = buf_reserve(b, HLL_REGISTERS);
	for (size_t i = 0; i < HLL_REGISTERS; i++)
		p[i] = digits[h->dense[i]];
	b->len += HLL_REGISTERS;
}

static int read_sparse(struct hll *h, const char *text, size_t len)
{
	int last = -1, high, low, rank;

	for (size_t i = 0; i < len; i += 3) {
		high = digit_value(text[i]);
		low = digit_value(text[i + 1]);
		rank = digit_value(text[i + 2]);
		if (high < 0 || low < 0 || rank < 1 || rank > HLL_RANK_MAX ||
		    high * 64 + low <= last)
			return -1;
		last = high * 64 + low;
		hll_raise(h, (unsigned)last, (unsigned)rank);
	}
	return 0;
}

static int read_dense(struct hll *h, const char *text)
{
	unsigned set = 0;
	int rank;

	if (!h->dense)
		make_dense(h);
	for (unsigned i = 0; i < HLL_REGISTERS; i++) {
		rank = digit_value(text[i]);
		if (rank < 0 || rank > HLL_RANK_MAX)
			return -1;
		set += rank > 0;
		hll_raise(h, i, (unsigned)rank);
	}
	return set < HLL_SPARSE_BELOW ? -1 : 0;
}

int hll_read(struct hll *h, const char *text, size_t len)
{
	if (len == HLL_REGISTERS)
		return read_dense(h, text);
	if (len % 3 || len / 3 >= HLL_SPARSE_BELOW)
		return -1;
	return read_sparse(h, text, len);
}

/* How many registers have each rank. */
static void count_ranks(const struct hll *h, uint64_t count[64])
{
	uint64_t set = 0;

	memset(count, 0, 64 * sizeof(*count));
	for (unsigned i = 0; h->dense && i < HLL_REGISTERS; i++)
		count[h->dense[i] & 63]++;
	if (h->dense)
		return;
	for (uint32_t i = 0; h->slots && i <= h->mask; i++)
		if (h->slots[i]) {
			count[h->slots[i] & 63]++;
			set++;
		}
	count[0] = HLL_REGISTERS - set;
}

/*
 * The improved raw estimator of Otmar Ertl, "New cardinality estimation
 * algorithms for HyperLogLog sketches" (arXiv:1702.01284, algorithm 6), in
 * fixed point: sums have 38 bits behind the point, x has 64.  Its term for
 * registers that are full is left out: it would need 2^50 values.  attr(5) has
 * these steps, for others to repeat bit for bit.
 */
uint64_t hll_estimate(const struct hll *h)
{
	const uint64_t numerator = 3326628274461080622;	/* 2^62 / (2 ln 2) */
	uint64_t count[64], sum, x;
	unsigned k;

	count_ranks(h, count);
	if (count[0] == HLL_REGISTERS)
		return 0;
	sum = count[0] << 38;
	x = count[0] << 52;
	for (k = 1; (x = hll_square_high(x)) != 0; k++)
		sum += k <= 15 ? x >> (15 - k) : x << (k - 15);
	for (k = 1; k <= HLL_RANK_MAX; k++)
		sum += k <= 38 ? count[k] << (38 - k) : count[k] >> (k - 38);
	if (sum == 0)
		sum = 1;
	return (numerator + (sum >> 1)) / sum;
}
