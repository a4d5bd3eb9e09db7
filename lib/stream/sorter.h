/*
 * sorter -- any number of small items, put into the order of their keys
 * within a bound of memory.
 *
 * Keys are compared by memcmp(3) (and length); equal ones keep the order they
 * were added in.  While the items fit ${max_bytes} they stay in memory; beyond
 * that, each load is sorted and written to one unnamed temporary file as a run,
 * and the runs are merged as they are read.
 *
 *	sorter_add() ...; sorter_finish(); sorter_next() until 0
 *
 * Memory: ${max_bytes} (at least SORTER_LEAST, or the longest item), all that
 * is needed to sort included.  While merging, a window for each run shares it:
 * at least SORTER_WINDOW a run.  One thread.
 *
 * GNU sort in a child process was the other choice: it takes three copies of
 * every key through pipes, wants the binary keys escaped, and its memory is
 * bounded only roughly (-S).
 */
#ifndef STREAM_SORTER_H
#define STREAM_SORTER_H

#include <stddef.h>
#include <stdint.h>

#define SORTER_LEAST (1 << 20)
#define SORTER_WINDOW 4096

struct sorter;

struct sorter *sorter_new(uint64_t max_bytes);
void sorter_free(struct sorter *);

/* Both are copied.  0, or -1 after a message (the temporary file). */
int sorter_add(struct sorter *, const void *key, size_t key_len,
	       const void *data, size_t len);

/* No more are added.  0, or -1 after a message. */
int sorter_finish(struct sorter *);

/*
 * The next item's data, which stays until the next call.  1; 0 at the end; -1
 * after a message.
 */
int sorter_next(struct sorter *, const void **data, size_t *len);

/* Starts again from the first item.  As sorter_finish(). */
int sorter_rewind(struct sorter *);

/* Runs that were written; 0 while all is in memory. */
size_t sorter_runs(const struct sorter *);

#endif
