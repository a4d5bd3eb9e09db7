/*
 * mem -- memory that is there or ends the program.
 *
 * Every call either returns memory or prints one message and ends the process
 * with status 3 (RC_FAILED).  This is the one place in lib/ that may exit: no
 * caller in this suite could go on without the memory, and recovery code that
 * never runs is wrong code.  What a program wants done first (naming a partial
 * output) it says with mem_on_failure().
 *
 * Thread rule: all calls may be made from any thread; mem_on_failure() is for
 * main() before threads start.  Release with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* ${size} bytes, undefined contents; ${size} 0 gives a unique pointer. */
void *mem_alloc(size_t size) __attribute__((malloc, returns_nonnull));

/* ${count} zeroed items of ${size} bytes; the product is checked. */
void *mem_zalloc(size_t count, size_t size)
	__attribute__((malloc, returns_nonnull));

/* As realloc(), for ${count} items of ${size} bytes. */
void *mem_resize(void *old, size_t count, size_t size)
	__attribute__((returns_nonnull));

/*
 * Makes room for ${need} items of ${size} bytes behind ${*array}: when ${*cap}
 * is smaller, grows by half or more.  New room is not cleared.
 */
void mem_grow(void *array, size_t *cap, size_t need, size_t size);

/* A copy of ${len} bytes at ${data} with a NUL behind them. */
char *mem_dup(const void *data, size_t len)
	__attribute__((malloc, returns_nonnull));

/* Memory aligned to ${align} (a power of two); for vectors and cache lines. */
void *mem_aligned(size_t align, size_t size)
	__attribute__((malloc, returns_nonnull));

/*
 * Whole pages of their own, for texts that grow to many megabytes: ${size}
 * bytes, page-aligned, those behind the first ${old_size} zero.  ${old} (NULL:
 * none) comes from an earlier call with ${old_size}; its bytes are moved by
 * moving page tables, not by copying, and pages that nobody touches cost
 * nothing.  Huge pages are asked for.  Release with mem_pages_free().
 */
void *mem_pages(void *old, size_t old_size, size_t size)
	__attribute__((returns_nonnull));
void mem_pages_free(void *pages, size_t size);

/* ${hook} runs once, before the message, when memory runs out. */
void mem_on_failure(void (*hook)(void));

#endif
