/*
 * seek -- the value at a path, found in the bytes of a valid record.
 *
 * No tree is built and nothing is tokenised that is not on the path: the
 * record is looked at in blocks of 64 bytes, of which only the structural
 * characters at the level searched are visited (seek_scan.c, one of the
 * kernels).  A whole object is gone through even when the key was met, because
 * of several members of the same key the last one counts, as in jq.
 *
 * No state, no memory bound but that of a key written with escapes; any
 * thread.
 */
#ifndef JSON_SEEK_H
#define JSON_SEEK_H

#include <stdint.h>
#include "json/kernel.h"
#include "json/value.h"

struct seek_step {
	const char *key;	/* unescaped, not owned; NULL: an item */
	size_t len;
	int64_t item;		/* from 0; negative: -1 is the last */
};

/*
 * Finds the value at ${steps} in ${text}, which has no white space around it.
 * ${kernel}: of kernel_choose().  Returns
 *	1	${*value} is it, without white space around it;
 *	0	there is none: a missing member or item, or a step into null;
 *	-1	${*value} is a value that step ${*failed} cannot go into (a key
 *		only into objects, an item only into arrays).
 */
int seek_path(int kernel, struct span text, const struct seek_step *steps,
	      size_t n, struct span *value, size_t *failed);

/* Is a key written as ${raw} the unescaped ${key}?  (The slow form.) */
bool seek_key_escaped(struct span raw, const char *key, size_t len);

/*
 * The kernels.  member: the last value of ${key} in the object at ${text}.
 * item: number ${item} of the array at ${text}; where there are fewer, false
 * with their number in ${*count}.  Values come with white space around them.
 */
#define SEEK_KERNEL(name) \
	bool seek_member_##name(struct span text, const char *key, \
				size_t len, struct span *value); \
	bool seek_item_##name(struct span text, uint64_t item, \
			      struct span *value, uint64_t *count);
SEEK_KERNEL(portable)
SEEK_KERNEL(avx2)
SEEK_KERNEL(avx512)
#undef SEEK_KERNEL

#endif
