/*
 * index_base -- the part of the index that needs no kernel, and their choice.
 */
#include "json/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

void index_release(struct json_index *x)
{
	free(x->at);
	memset(x, 0, sizeof(*x));
}

void index_start(struct json_index *x, const char *text, size_t len, size_t pos)
{
	x->text = text;
	x->len = len;
	x->pos = pos;
	x->in_string = x->escaped = x->wide = 0;
	x->follows = 1;
	x->fault = false;
	x->n = x->line_end = 0;
}

void index_drop(struct json_index *x, size_t n)
{
	x->n -= n;
	x->line_end = x->line_end > n ? x->line_end - n : 0;
	memmove(x->at, x->at + n, x->n * sizeof(*x->at));
}

static const char *const names[KERNELS] = {"portable", "avx2", "avx512"};

bool kernel_runs(int kernel)
{
#if defined(__x86_64__)
	if (kernel == KERNEL_avx512_id)
		return __builtin_cpu_supports("avx512f") &&
		       __builtin_cpu_supports("avx512bw") &&
		       __builtin_cpu_supports("avx512vl") &&
		       __builtin_cpu_supports("avx512dq") &&
		       __builtin_cpu_supports("avx512cd") &&
		       __builtin_cpu_supports("avx512vbmi") &&
		       __builtin_cpu_supports("avx512vbmi2") &&
		       __builtin_cpu_supports("bmi2") &&
		       __builtin_cpu_supports("pclmul");
	if (kernel == KERNEL_avx2_id)
		return __builtin_cpu_supports("avx2") &&
		       __builtin_cpu_supports("bmi") &&
		       __builtin_cpu_supports("bmi2") &&
		       __builtin_cpu_supports("fma") &&
		       __builtin_cpu_supports("pclmul");
#endif
	return kernel == KERNEL_portable_id;
}

const char *kernel_name(int kernel)
{
	return names[kernel];
}

int kernel_choose(void)
{
	const char *want = getenv("PENSTOCK_KERNEL");

	for (int k = KERNELS - 1; k >= 0; k--) {
		if (want && *want && strcmp(want, names[k]))
			continue;
		if (kernel_runs(k))
			return k;
		if (want && *want) {
			err_msg("PENSTOCK_KERNEL=%s: this machine cannot run it "
				"(leave it unset for the best one)", want);
			return -1;
		}
	}
	err_msg("PENSTOCK_KERNEL=%s: no such kernel "
		"(portable, avx2 or avx512)", want);
	return -1;
}
