/*
 * extra -- statistics that are asked for: --stats=full, --values, --samples.
 */
#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "attrs/cursor.h"
#include "attrs/extra.h"
#include "attrs/hll.h"
#include "attrs/magnitude.h"
#include "attrs/samples.h"
#include "attrs/values.h"
#include "base/mem.h"

struct extra {
	uint64_t *histogram;	/* as many buckets as needed; owned */
	unsigned buckets;
	struct hll hll;
	struct values values;
	struct samples samples;
};

struct extra *extra_new(const struct extra_opts *opts)
{
	(void)opts;
	return mem_zalloc(1, sizeof(struct extra));
}

void extra_free(struct extra *x)
{
	if (!x)
		return;
	free(x->histogram);
	hll_release(&x->hll);
	values_release(&x->values);
	samples_release(&x->samples);
	free(x);
}

/* Eight at a time: most lengths need no more. */
static void make_buckets(struct extra *x, unsigned bucket)
{
	unsigned n = bucket / 8 * 8 + 8;

	x->histogram = mem_resize(x->histogram, n, sizeof(*x->histogram));
	memset(x->histogram + x->buckets, 0,
	       (n - x->buckets) * sizeof(*x->histogram));
	x->buckets = n;
}

static inline void count_bucket(struct extra *x, unsigned bucket, uint64_t n)
{
	if (__builtin_expect(bucket >= x->buckets, 0))
		make_buckets(x, bucket);
	x->histogram[bucket] += n;
}

void extra_observe(struct extra *x, const struct extra_opts *opts,
		   enum extra_kind kind, const char *text, size_t len,
		   uint64_t chars)
{
	uint64_t hash = XXH3_64bits(text, len);

	if (opts->full) {
		hll_observe(&x->hll, hash);
		count_bucket(x, kind == EXTRA_STR ? magnitude_of(chars) :
			     magnitude_of_number(text, len), 1);
	}
	if (opts->values)
		values_observe(&x->values, opts->values, text, len, hash, 1);
	if (opts->samples)
		samples_observe(&x->samples, opts, kind, text, len, hash);
}

void extra_add(struct extra *x, const struct extra *from,
	       const struct extra_opts *opts)
{
	for (unsigned i = 0; i < from->buckets; i++)
		if (from->histogram[i])
			count_bucket(x, i, from->histogram[i]);
	hll_add(&x->hll, &from->hll);
	values_add(&x->values, opts->values, &from->values);
	samples_add(&x->samples, opts->samples, &from->samples);
}

uint64_t extra_distinct(const struct extra *x)
{
	uint64_t seen = 0, estimate = hll_estimate(&x->hll);

	for (unsigned i = 0; i < x->buckets; i++)
		seen += x->histogram[i];
	return estimate < seen ? estimate : seen;
}

static void write_histogram(struct buf *b, const struct extra *x)
{
	unsigned n = x->buckets;

	while (n && !x->histogram[n - 1])
		n--;
	buf_addc(b, '[');
	for (unsigned i = 0; i < n; i++) {
		if (i)
			buf_addc(b, ',');
		buf_addu(b, x->histogram[i]);
	}
	buf_addc(b, ']');
}

void extra_write(struct buf *b, const struct extra *x,
		 const struct extra_opts *opts, enum extra_kind kind)
{
	(void)kind;
	if (opts->full) {
		buf_adds(b, ",\"distinct\":");
		buf_addu(b, extra_distinct(x));
		buf_adds(b, ",\"registers\":\"");
		hll_write(b, &x->hll);
		buf_adds(b, "\",\"histogram\":");
		write_histogram(b, x);
	}
	if (opts->values) {
		buf_adds(b, ",\"values\":");
		values_write(b, &x->values);
	}
	if (opts->samples) {
		buf_adds(b, ",\"samples\":");
		samples_write(b, &x->samples);
	}
}

struct bucket_reader {
	struct extra *to;
	unsigned bucket;
	uint64_t last;
};

static int read_bucket(struct cursor *c, void *base)
{
	struct bucket_reader *r = base;

	if (r->bucket > MAGNITUDE_MAX)
		return cursor_fail(c, "too many buckets");
	if (cursor_u64(c, &r->last))
		return -1;
	if (r->last)
		count_bucket(r->to, r->bucket, r->last);
	r->bucket++;
	return 0;
}

static int read_histogram(struct extra *x, const char *text, size_t len)
{
	struct bucket_reader r = {.to = x, .last = 1};
	struct cursor c;

	cursor_start(&c, text, len);
	if (cursor_array(&c, read_bucket, &r) || cursor_end(&c))
		return -1;
	return r.last ? 0 : -1;		/* ends with one that is not empty */
}

static int read_registers(struct extra *x, const char *text, size_t len)
{
	if (len < 2 || text[0] != '"' || text[len - 1] != '"')
		return -1;
	return hll_read(&x->hll, text + 1, len - 2);
}

int extra_read(struct extra *x, const struct extra_opts *opts,
	       const char *member, size_t member_len, const char *text,
	       size_t len)
{
#define IS(name) (member_len == sizeof(name) - 1 && \
		  memcmp(member, name, sizeof(name) - 1) == 0)
	if (IS("registers"))
		return opts->full ? read_registers(x, text, len) : 0;
	if (IS("histogram"))
		return opts->full ? read_histogram(x, text, len) : 0;
	if (IS("values"))
		return opts->values ? values_read(&x->values, opts->values,
						  text, len) : 0;
	if (IS("samples"))
		return opts->samples ? samples_read(&x->samples, opts->samples,
						    text, len) : 0;
	return 0;
#undef IS
}
