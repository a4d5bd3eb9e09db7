/*
 * latency -- counts in classes of equal ratio.
 */
#include "snowplow/latency.h"

enum { SHIFT = 5, SUB = 1 << SHIFT };

/* Below 64 each number is a class; from there 32 to each power of two. */
static uint32_t class_of(uint64_t us)
{
	uint32_t power, i;

	if (us < SUB)
		return (uint32_t)us;
	power = 63 - (uint32_t)__builtin_clzll(us);
	i = (power - SHIFT) * SUB + (uint32_t)(us >> (power - SHIFT));
	return i < LATENCY_CLASSES ? i : LATENCY_CLASSES - 1;
}

static uint64_t upper_end(uint32_t i)
{
	uint32_t shift = i < 2 * SUB ? 0 : i / SUB - 1;

	if (!shift)
		return i;
	return ((uint64_t)(i % SUB + SUB + 1) << shift) - 1;
}

void latency_add(struct latency *l, uint64_t us)
{
	l->count++;
	l->sum_us += us;
	l->classes[class_of(us)]++;
}

uint64_t latency_us(const struct latency *l, unsigned percent)
{
	uint64_t rank = (l->count * percent + 99) / 100, seen = 0;
	uint32_t i = 0;

	if (!l->count)
		return 0;
	for (; i < LATENCY_CLASSES - 1; i++) {
		seen += l->classes[i];
		if (seen >= rank)
			break;
	}
	return upper_end(i);
}
