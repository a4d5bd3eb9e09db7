/*
 * stop -- stopping early on purpose: TERM, INT and --time-limit.
 *
 * The first TERM or INT sets a flag that loops look at between batches; a
 * second one ends the process at once by the signal's default action.  Blocking
 * reads and polls are interrupted (no SA_RESTART).  A deadline sets the same
 * flag.
 *
 * stop_watch() once, in main(), before threads; stop_asked() from any thread,
 * cheap enough for every batch.  stop_request() may be called from any thread
 * and makes all the others stop too (an error, --limit reached).
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>
#include <stdint.h>

/* ${limit_ms} 0: no deadline.  Returns 0, or -1 with errno. */
int stop_watch(uint64_t limit_ms);

bool stop_asked(void);
void stop_request(void);

/*
 * Milliseconds until the deadline, for poll(2): -1 for none, 0 when over.
 */
int stop_timeout(void);

/* For programs that go on to the end of their input: first INT/TERM ignored. */
int stop_ignore_first(void);

#endif
