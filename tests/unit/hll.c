/*
 * hll -- the parts that distinct values, samples and histograms are made of:
 * SipHash against its paper, magnitudes, the estimate, registers as text.
 */
#include "unit.h"

#include "attrs/hll.h"
#include "attrs/magnitude.h"
#include "extra_plain.h"
#include "gen.h"

/* Key 00 01 .. 0f, data 00 01 .. 0e: appendix A of the paper. */
static void test_siphash(void)
{
	static const struct siphash_key key = {
		0x0706050403020100, 0x0f0e0d0c0b0a0908
	};
	unsigned char data[15];

	for (unsigned char i = 0; i < 15; i++)
		data[i] = i;
	CHECK(siphash(&key, data, 15) == 0xa129ca6149be45e5);
	/* From the reference implementation's vectors: 0 and 8 bytes. */
	CHECK(siphash(&key, data, 0) == 0x726fdb47dd0e0e31);
	CHECK(siphash(&key, data, 8) == 0x93f5f5799a932462);
	CHECK(extra_key_id(data, 15) != extra_key_id(data, 14));
}

static void test_magnitude(void)
{
	static const struct {
		const char *text;
		unsigned bits;
	} cases[] = {
		{"0", 0}, {"-0", 0}, {"1", 1}, {"-1", 1}, {"2", 2}, {"3", 2},
		{"4", 3}, {"7", 3}, {"8", 4}, {"255", 8}, {"-256", 9},
		{"9223372036854775807", 63}, {"9223372036854775808", 64},
		{"18446744073709551615", 64}, {"18446744073709551616", 65},
		{"999999999999999999", 60}, {"1000000000000000000", 60},
		{"-99999999999999999999999999999", 65},
		{"0.0", 0}, {"0.999", 0}, {"1.0", 1}, {"-1.999", 1},
		{"255.9", 8}, {"256.0", 9}, {"0.05e3", 6}, {"5e-1", 0},
		{"123456e-3", 7}, {"123456E-6", 0}, {"1e0", 1}, {"1E+2", 7},
		{"0e999999999999999999999", 0}, {"1e999999999999999999999", 65},
		{"1e-999999999999999999999", 0}, {"0.00001e5", 1},
		{"18446744073709551615.9", 64}, {"18446744073709551616.0", 65},
		{"1844674407370955161599e-2", 64}, {"1e19", 64}, {"1e20", 65},
		{"0.000000000000000000000000000001e30", 1},
		{"100000000000000000000000000000e-29", 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned bits = magnitude_of_number(cases[i].text,
						    strlen(cases[i].text));

		CHECK(bits == cases[i].bits);
		if (bits != cases[i].bits)
			printf("  %s: %u\n", cases[i].text, bits);
	}
	CHECK(magnitude_of(0) == 0 && magnitude_of(1) == 1 &&
	      magnitude_of(UINT64_MAX) == 64);
}

/* Numbers 0 to n-1 as texts: the estimate is near, exact where few. */
static void test_estimate(void)
{
	static const uint64_t counts[] = {
		0, 1, 2, 3, 5, 10, 30, 100, 300, 1000, 3000, 10000, 30000,
		100000, 300000, 1000000
	};
	struct hll h = {0};
	uint64_t done = 0, n, off;
	char text[24];

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		for (; done < counts[i]; done++) {
			int len = snprintf(text, sizeof(text), "%llu",
					   (unsigned long long)done);

			hll_observe(&h, XXH3_64bits(text, (size_t)len));
		}
		n = hll_estimate(&h);
		off = n > done ? n - done : done - n;
		/* Five standard errors of 1.6 % and half a value. */
		CHECK(off * 100 <= done * 8 + 50);
		if (done <= 5)
			CHECK(n == done);
	}
	hll_release(&h);
	for (unsigned i = 0; i < HLL_REGISTERS; i++)
		hll_raise(&h, i, HLL_RANK_MAX);
	CHECK(hll_estimate(&h) > UINT64_C(1) << 60);	/* no division by 0 */
	hll_release(&h);
	hll_observe(&h, UINT64_C(4095) << 52);
	CHECK(h.slots && h.slots[4095 & h.mask] ==
	      (4095U << 8 | HLL_RANK_MAX));
	hll_release(&h);
}

static void test_square(void)
{
	uint64_t x = 0;

	for (int i = 0; i < 100000; i++) {
		CHECK(hll_square_high(x) == (uint64_t)((u128)x * x >> 64));
		x = (uint64_t)gen(UINT32_MAX) << 33 ^ gen(UINT32_MAX);
		x = i % 3 ? x : i % 2 ? ~x >> i % 64 : ~0ULL << i % 64;
	}
}

/* The same estimate as with 128 bits, whatever the registers are. */
static void test_registers(void)
{
	unsigned char plain[HLL_REGISTERS];

	for (unsigned set = 1; set <= HLL_REGISTERS; set += 1 + set % 7) {
		struct hll h = {0}, again = {0};
		struct buf text = {0};
		unsigned start = (unsigned)gen(HLL_REGISTERS);
		size_t most = 1 + gen(HLL_RANK_MAX);

		memset(plain, 0, sizeof(plain));
		for (unsigned i = 0; i < set; i++) {
			unsigned at = (start + i * 5) % HLL_REGISTERS;

			plain[at] = (unsigned char)(1 + gen(most));
			hll_raise(&h, at, plain[at]);
		}
		CHECK(hll_estimate(&h) == plain_estimate(plain));
		hll_write(&text, &h);
		CHECK(text.len == (set < 512 ? 3 * set : HLL_REGISTERS));
		CHECK(hll_read(&again, text.s, text.len) == 0);
		CHECK(hll_estimate(&again) == plain_estimate(plain));
		buf_release(&text);
		hll_release(&h);
		hll_release(&again);
	}
}

/* 511 are the last to be written one by one. */
static void test_sparse_end(void)
{
	struct hll h = {0};
	struct buf text = {0};

	for (unsigned i = 0; i < 512; i++) {
		buf_clear(&text);
		hll_write(&text, &h);
		CHECK(text.len == 3 * i);
		hll_raise(&h, i * 8, 1);
	}
	buf_clear(&text);
	hll_write(&text, &h);
	CHECK(text.len == HLL_REGISTERS);
	buf_release(&text);
	hll_release(&h);
}

int main(void)
{
	test_siphash();
	test_magnitude();
	test_estimate();
	test_square();
	test_registers();
	test_sparse_end();
	return unit_end("hll");
}
