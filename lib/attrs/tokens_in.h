/*
 * tokens_in -- what the two parts of stage two share; private to them.
 *
 * foreseen.c goes as far as all is as it was in the records before; tokens.c
 * takes the steps that need a closer look, and drives both.
 */
#ifndef ATTRS_TOKENS_IN_H
#define ATTRS_TOKENS_IN_H

#include "attrs/observe_impl.h"
#include "json/simd.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/*
 * By the first byte of a value: its journal (J_WRONG is 0), what it is to an
 * array it is an item of, and 255 where it has to end with a quote.  A table,
 * because a branch on the type of a value is one that cannot be foreseen.
 */
struct first_byte {
	unsigned char journal, kind, quoted, spare;
};
extern const struct first_byte first_bytes[256];

/* A value on the way: the container at hand, and those around it. */
struct walk {
	struct level *l;
	const char *text;
	const uint32_t *t;	/* the next token */
	size_t pos;		/* behind the bracket or comma at hand */
	size_t end;		/* the token that ended a container */
	struct frame *f;	/* the container at hand, in l->frames; those
				   around it are before it, [0] is none */
	size_t max;		/* depth */
	unsigned wrong;		/* not 0: a string without its last quote */
};

enum outcome { WALK_ON, WALK_CLOSED, WALK_DONE, WALK_WRONG };

/* Do the bytes at ${p} begin with the "key": of ${h}? */
static inline bool key_matches(const struct hot *h, const char *p)
{
#if defined(SIMD_AVX512)
	__mmask32 want = (__mmask32)_bzhi_u32(~0U, h->length);

	return !_mm256_mask_cmpneq_epi8_mask(want,
		_mm256_loadu_si256((const void *)p),
		_mm256_load_si256((const void *)h->pattern));
#elif defined(SIMD_AVX2)
	uint32_t same = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(
		_mm256_loadu_si256((const void *)p),
		_mm256_load_si256((const void *)h->pattern)));

	return !_bzhi_u32(~same, h->length);
#else
	return !memcmp(p, h->pattern, h->length);
#endif
}

#define TOKENS_KERNEL(k) \
	enum outcome run_foreseen_##k(struct walk *); \
	enum outcome open_box_##k(struct walk *, uint32_t node, size_t at);
/*
 * run_foreseen: as far as all is just as foreseen: guessed keys, values with at
 * most one space before them, containers closed right behind their last value.
 * WALK_ON: the member or item at w->pos needs a closer look.  WALK_CLOSED: the
 * bracket at w->end does.
 * open_box: into the container whose bracket is the next token, at ${at}, as a
 * ${node}.
 */
TOKENS_KERNEL(portable)
TOKENS_KERNEL(avx2)
TOKENS_KERNEL(avx512)

#endif
