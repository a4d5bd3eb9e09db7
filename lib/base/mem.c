/*
 * mem -- memory that is there or ends the program.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

static void (*failure_hook)(void);

void mem_on_failure(void (*hook)(void))
{
	failure_hook = hook;
}

/*
 * Several threads may run out at the same time.  The first one ends the
 * program; the others wait for that.  Failing once more on the way out (in the
 * hook, or in a function called by exit) ends it without further ado.
 */
static void out_of_memory(size_t size) __attribute__((noreturn));
static void out_of_memory(size_t size)
{
	static atomic_flag ending = ATOMIC_FLAG_INIT;
	static _Thread_local bool mine;

	if (mine)
		_exit(RC_FAILED);
	while (atomic_flag_test_and_set(&ending))
		pause();
	mine = true;
	if (failure_hook)
		failure_hook();
	err_die(RC_FAILED, "out of memory (%zu bytes more were needed)", size);
}

static size_t product(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory(SIZE_MAX);
	return bytes;
}

void *mem_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *mem_zalloc(size_t count, size_t size)
{
	size_t bytes = product(count, size);
	void *p = calloc(1, bytes ? bytes : 1);

	if (!p)
		out_of_memory(bytes);
	return p;
}

void *mem_resize(void *old, size_t count, size_t size)
{
	size_t bytes = product(count, size);
	void *p = realloc(old, bytes ? bytes : 1);

	if (!p)
		out_of_memory(bytes);
	return p;
}

void mem_grow(void *array, size_t *cap, size_t need, size_t size)
{
	size_t more = *cap + *cap / 2;
	void *p;

	if (need <= *cap)
		return;
	if (more < need)
		more = need < 8 ? 8 : need;
	/* Any object pointer: read and written as bytes, not as void *. */
	memcpy(&p, array, sizeof(p));
	p = mem_resize(p, more, size);
	memcpy(array, &p, sizeof(p));
	*cap = more;
}

char *mem_dup(const void *data, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		out_of_memory(len);
	copy = mem_alloc(len + 1);
	if (len)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

void *mem_aligned(size_t align, size_t size)
{
	void *p = NULL;

	if (align < sizeof(void *))
		align = sizeof(void *);
	if (posix_memalign(&p, align, size ? size : 1) || !p)
		out_of_memory(size);
	return p;
}

void *mem_pages(void *old, size_t old_size, size_t size)
{
	void *p;

	if (old)
		p = mremap(old, old_size, size, MREMAP_MAYMOVE);
	else
		p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		out_of_memory(size);
	/* only a hint: kernels without it are as right, and slower */
	(void)madvise(p, size, MADV_HUGEPAGE);
	return p;
}

void mem_pages_free(void *pages, size_t size)
{
	if (pages)
		munmap(pages, size);
}
