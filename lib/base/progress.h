/*
 * progress -- one line on a terminal that says how far a long run is.
 *
 * A thread of its own wakes four times a second, after the first second, and
 * rewrites one line on stderr from a snapshot that the program's callback
 * fills; it never delays the work.  WHEN auto: only if stderr is a terminal.
 * progress_stop() erases the line; err_msg() in between erases and lets it
 * come back.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

struct progress_now {
	uint64_t bytes, total_bytes;	/* total 0: not known */
	uint64_t records, errors;
	char note[80];			/* shown behind the figures */
};

struct progress;

/* NULL when nothing will be shown (also where no thread could be started). */
struct progress *progress_start(int when, bool quiet,
				void (*snapshot)(void *, struct progress_now *),
				void *arg);
void progress_stop(struct progress *);

#endif
