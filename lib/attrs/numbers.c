/*
 * numbers -- checking and counting numbers and literals, for each kernel.
 *
 * Most numbers are ints of at most 18 digits: their value is made from 16
 * digits at once and compared as an integer.  All others keep to their text and
 * are compared exactly (json/num.h); for decimals two guards save most of
 * these comparisons: a value that is clearly between them, however badly
 * rounded, is neither minimum nor maximum.
 */
#include "attrs/observe_impl.h"

#include "attrs/apply.h"
#include "base/mem.h"
#include "json/num.h"
#include "json/simd.h"

#define LONG_NUMBER 4096	/* bytes; longer ones take no part (attr(5)) */
#define SMALL_DIGITS 18

#if defined(SIMD_AVX512) || defined(SIMD_AVX2)

/* The value of ${n} (1 to 16) digits that end at ${end}; false: no digits. */
static inline bool digits_value(const char *end, unsigned n, uint64_t *value)
{
	const __m128i ten = _mm_set1_epi16(0x010A);
	const __m128i hundred = _mm_set1_epi32(0x00010064);
	const __m128i myriad = _mm_set1_epi32(0x00012710);
	const __m128i iota = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
					   11, 12, 13, 14, 15);
	__m128i in = _mm_cmpgt_epi8(iota, _mm_set1_epi8((char)(15 - (int)n)));
	__m128i v = _mm_sub_epi8(_mm_loadu_si128((const void *)(end - 16)),
				 _mm_set1_epi8('0'));
	uint64_t two;

	v = _mm_and_si128(v, in);
	if (_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8(10)),
					     v)))
		return false;
	v = _mm_madd_epi16(_mm_maddubs_epi16(v, ten), hundred);
	v = _mm_madd_epi16(_mm_packus_epi32(v, v), myriad);
	two = (uint64_t)_mm_cvtsi128_si64(v);
	*value = (two & 0xFFFFFFFF) * 100000000 + (two >> 32);
	return true;
}

#else

static inline bool digits_value(const char *end, unsigned n, uint64_t *value)
{
	uint64_t v = 0;

	for (const char *p = end - n; p < end; p++) {
		unsigned d = (unsigned)*p - '0';

		if (d > 9)
			return false;
		v = v * 10 + d;
	}
	*value = v;
	return true;
}

#endif

/* An int of at most 18 digits that is not -0. */
static inline bool small_value(const char *s, size_t len, int64_t *value)
{
	bool minus = *s == '-';
	size_t n = len - minus;
	uint64_t v, high = 0;

	if (n - 1 >= SMALL_DIGITS || (s[minus] == '0' && len > 1))
		return false;
	if (!digits_value(s + len, n < 16 ? (unsigned)n : 16, &v))
		return false;
	for (size_t i = minus; i + 16 < len; i++) {
		if ((unsigned char)(s[i] - '0') > 9)
			return false;
		high = high * 10 + (uint64_t)(s[i] - '0');
	}
	v += high * 10000000000000000U;
	*value = minus ? -(int64_t)v : (int64_t)v;
	return true;
}

/* ${in} checked, into ${out}; false: it is no number. */
static inline bool take_number(const char *text, struct value in,
			       struct number *out)
{
	const char *s = text + in.at;
	bool is_int;

	out->kind = NUM_SMALL;
	out->v = in;
	if (__builtin_expect(small_value(s, in.len, &out->small), 1))
		return true;
	while (is_space(s[in.len - 1]))
		in.len--;
	out->v = in;
	if (small_value(s, in.len, &out->small))
		return true;
	if (num_length(s, in.len) != in.len)
		return false;
	is_int = num_is_int(s, in.len);
	if (in.len > LONG_NUMBER)
		out->kind = is_int ? NUM_LONG_INT : NUM_LONG_FLOAT;
	else
		out->kind = is_int ? NUM_INT : NUM_FLOAT;
	return true;
}

static bool check_numbers(struct level *l)
{
	struct journal *j = &l->journals[J_NUMBER];
	size_t n = journal_count(j);
	bool good = true;

	mem_grow(&l->numbers, &l->numbers_cap, l->nnumbers + n,
		 sizeof(*l->numbers));
	for (size_t i = 0; i < n; i++)
		good &= take_number(l->text, j->items[i],
				    &l->numbers[l->nnumbers + i]);
	l->nnumbers += n;
	j->end = j->items;
	return good;
}

/* Literals of the record; .len becomes LITERAL_*. */
static bool check_literals(struct level *l)
{
	struct journal *j = &l->journals[J_LITERAL];

	for (struct value *v = j->items + j->good; v < j->end; v++) {
		const char *s = l->text + v->at;

		while (__builtin_expect(is_space(s[v->len - 1]), 0))
			v->len--;
		if (v->len == 4 && !memcmp(s, "null", 4))
			v->len = LITERAL_NULL;
		else if (v->len == 4 && !memcmp(s, "true", 4))
			v->len = LITERAL_TRUE;
		else if (v->len == 5 && !memcmp(s, "false", 5))
			v->len = LITERAL_FALSE;
		else
			return false;
	}
	return true;
}

bool KERNEL_FN(check_record)(struct level *l)
{
	bool numbers = check_numbers(l);

	return check_literals(l) && numbers;
}

static inline void add_small(struct int_stat *st, const struct number *n,
			     bool minus)
{
	uint32_t digits = n->v.len - minus;

	if (st->min.kind != EXT_SMALL || n->small < st->min.small ||
	    st->max.kind != EXT_SMALL || n->small > st->max.small) {
		extreme_small(&st->min, n->small, -1);
		extreme_small(&st->max, n->small, 1);
	}
	st->digits = digits > st->digits ? digits : st->digits;
	st->epoch_s += (uint64_t)n->small - EPOCH_S_MIN <
		       EPOCH_S_MAX - EPOCH_S_MIN;
	st->epoch_ms += (uint64_t)n->small - EPOCH_S_MIN * 1000 <
			(EPOCH_S_MAX - EPOCH_S_MIN) * 1000;
}

void KERNEL_FN(apply_numbers)(struct level *l)
{
	struct observer *o = l->o;
	struct tree *t = &o->tree;

	for (size_t i = 0; i < l->numbers_good; i++) {
		const struct number *n = &l->numbers[i];
		uint32_t num = t->hot[n->v.node].num;
		struct num_stat *st = __builtin_expect(num != 0, 1) ?
			&t->nums[num] : tree_num(t, n->v.node);

		if (__builtin_expect(n->kind != NUM_SMALL, 0)) {
			apply_number_text(l, st, n);
			continue;
		}
		st->i.count++;
		st->i.bytes += n->v.len;
		if (__builtin_expect(st->i.first.epoch > o->epoch, 0))
			apply_first(l, &st->i.first, n->v.at);
		add_small(&st->i, n, l->text[n->v.at] == '-');
		if (__builtin_expect(o->extra, 0))
			apply_extra(o, &st->i.extra, EXTRA_INT,
				    l->text + n->v.at, n->v.len, 0);
	}
}
