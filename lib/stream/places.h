/*
 * places -- the other side of place.h: a worker that finds out where the bytes
 * on its standard input come from.
 *
 * Any thread: the lines are read, and grow, under a lock.  Memory: 72 bytes a
 * run and the sources' names.
 */
#ifndef STREAM_PLACES_H
#define STREAM_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct places;

/* One run; bytes [start, end) of standard input. */
struct place {
	const char *source;	/* prefix included; lives as long as places */
	uint64_t start, end;
	uint64_t byte;		/* of .start in the source */
	uint64_t from, to;	/* what it stands for in the source */
	uint64_t record;	/* 1-based, of its first record; 0: not known */
	size_t number;		/* 0, 1, ... in order */
	bool stream;		/* makes no ranges */
};

/*
 * The file that PENSTOCK_INDEX_FD names, ${prefix} (or NULL) before its
 * sources.  NULL where the variable is not set, or, after a warning, names no
 * such file.
 */
struct places *places_open(const char *prefix);
void places_free(struct places *);

/* The run that byte ${at} of standard input is in; false: there is none. */
bool places_find(struct places *, uint64_t at, struct place *);
/* Run ${number}; false: there are not so many. */
bool places_get(struct places *, size_t number, struct place *);

/* Does the last run there is end at ${end}? */
bool places_end_at(struct places *, uint64_t end);

/*
 * Where byte ${byte} of ${source} came on standard input; UINT64_MAX: it is in
 * no run.  Once all runs have been read (places_end_at()).
 */
uint64_t places_back(struct places *, const char *source, uint64_t byte);

#endif
