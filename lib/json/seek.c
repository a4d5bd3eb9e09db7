/*
 * seek -- the value at a path, found in the bytes of a valid record.
 */
#include <string.h>

#include "base/buf.h"
#include "json/seek.h"
#include "json/str.h"

struct kernel {
	bool (*member)(struct span, const char *, size_t, struct span *);
	bool (*item)(struct span, uint64_t, struct span *, uint64_t *);
};

static const struct kernel kernels[KERNELS] = {
	[KERNEL_portable_id] = {seek_member_portable, seek_item_portable},
#if defined(__x86_64__)
	[KERNEL_avx2_id] = {seek_member_avx2, seek_item_avx2},
	[KERNEL_avx512_id] = {seek_member_avx512, seek_item_avx512},
#endif
};

bool seek_key_escaped(struct span raw, const char *key, size_t len)
{
	struct buf text = {0};
	bool same;

	if (!memchr(raw.s, '\\', raw.len))
		return false;
	str_unescape(&text, raw.s, raw.len);
	same = text.len == len && (!len || !memcmp(text.s, key, len));
	buf_release(&text);
	return same;
}

static bool find_item(const struct kernel *k, struct span in, int64_t item,
		      struct span *value)
{
	uint64_t count, back;

	if (item >= 0)
		return k->item(in, (uint64_t)item, value, &count);
	k->item(in, UINT64_MAX, value, &count);
	back = 0 - (uint64_t)item;
	return back <= count && k->item(in, count - back, value, &count);
}

int seek_path(int kernel, struct span text, const struct seek_step *steps,
	      size_t n, struct span *value, size_t *failed)
{
	const struct kernel *k = &kernels[kernel];
	struct span in = text;
	bool found;

	for (size_t i = 0; i < n; i++) {
		const struct seek_step *step = &steps[i];

		*value = in;
		*failed = i;
		if (*in.s == 'n')
			return 0;
		if (*in.s != (step->key ? '{' : '['))
			return -1;
		found = step->key ? k->member(in, step->key, step->len, value)
				  : find_item(k, in, step->item, value);
		if (!found)
			return 0;
		in = value_trim(value->s, value->len);
	}
	*value = in;
	return 1;
}
