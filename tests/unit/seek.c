/*
 * Unit test of lib/json/seek.h: each kernel, at every place of a block.
 */
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "json/seek.h"
#include "unit.h"

static void repeat(struct buf *b, const char *s, size_t n)
{
	while (n--)
		buf_adds(b, s);
}

/* One kernel on one text, in memory of its exact size. */
static void seeks(int kernel, const struct buf *text,
		  const struct seek_step *steps, size_t n, const char *want)
{
	char *copy = mem_alloc(text->len);
	struct span value;
	size_t failed;

	memcpy(copy, text->s, text->len);
	checks++;
	if (seek_path(kernel, (struct span){copy, text->len}, steps, n, &value,
		      &failed) != 1 ||
	    value.len != strlen(want) || memcmp(value.s, want, value.len)) {
		failures++;
		printf("%s: not %s in %.*s\n", kernel_name(kernel), want,
		       (int)text->len, text->s);
	}
	free(copy);
}

/*
 * Everything that matters at every distance from a block's start: quotes,
 * escapes, brackets in strings, brackets that close several levels.
 */
static void test_blocks(int kernel)
{
	static const char *const fill[] = {
		"x", "\\\\", "\\\"", "\\u0022", "{", "]]]", "\303\251", ",", ":"
	};
	const struct seek_step key = {.key = "k", .len = 1};
	const struct seek_step last = {.item = -1};
	struct buf b = {0};

	for (size_t f = 0; f < sizeof(fill) / sizeof(fill[0]); f++) {
		for (size_t n = 0; n < 140; n++) {
			buf_clear(&b);
			buf_adds(&b, "{\"a\":\"");
			repeat(&b, fill[f], n);
			buf_adds(&b, "\",\"k\":0,\"b\":[[[[[{\"k\":\"");
			repeat(&b, fill[f], n % 67);
			buf_adds(&b, "\"}]]]]],\"\\u006b\" : [1,\"k\"] ,");
			buf_adds(&b, "\"c\":\"");
			repeat(&b, fill[f], n % 41);
			buf_adds(&b, "\"}");
			seeks(kernel, &b, &key, 1, "[1,\"k\"]");
			buf_clear(&b);
			buf_adds(&b, "[");
			repeat(&b, "[[[[", n % 50);
			buf_adds(&b, "\"");
			repeat(&b, fill[f], n);
			buf_adds(&b, "\"");
			repeat(&b, "]]]]", n % 50);
			buf_adds(&b, ",{\"k\":\"\\\"\"} ]");
			seeks(kernel, &b, &last, 1, "{\"k\":\"\\\"\"}");
		}
	}
	buf_release(&b);
}

int main(void)
{
	for (int k = 0; k < KERNELS; k++) {
		if (kernel_runs(k))
			test_blocks(k);
		else
			printf("skip: this machine has no %s\n",
			       kernel_name(k));
	}
	return unit_end("seek");
}
