/*
 * kernel -- the same source compiled for several instruction sets.
 *
 * Files on the Makefile's KERNEL list are compiled three times, with -DKERNEL=
 * portable, avx2 (x86-64-v3 and pclmul) or avx512 (x86-64-v4, VBMI, VBMI2), and
 * every external function in them is named by KERNEL_FN(name), which appends
 * the suffix.  The tables below pick one set at run time.  All kernels give the
 * same results on every input; tests and fuzzers compare them.
 *
 * Elsewhere than on x86-64 there is only "portable", as the compiler
 * vectorises it.
 */
#ifndef JSON_KERNEL_H
#define JSON_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#define KERNEL_PASTE2(a, b) a##_##b
#define KERNEL_PASTE(a, b) KERNEL_PASTE2(a, b)
#define KERNEL_FN(name) KERNEL_PASTE(name, KERNEL)

enum kernel_id { KERNEL_portable_id, KERNEL_avx2_id, KERNEL_avx512_id, KERNELS };

/*
 * The best kernel of this machine, or the one PENSTOCK_KERNEL names (portable,
 * avx2, avx512).  Returns -1 after a message when that one is unknown or not
 * possible here.
 */
int kernel_choose(void);
/* Can this machine run it? */
bool kernel_runs(int kernel);
const char *kernel_name(int kernel);

#endif
