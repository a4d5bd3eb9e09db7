/*
 * stop -- stopping early on purpose: TERM, INT and --time-limit.
 *
 * The first TERM or INT sets a flag that loops look at between batches; a
 * second one ends the process at once by the signal's default action.  Blocking
 * reads and polls are interrupted (no SA_RESTART), but only in the one thread
 * that took the signal, and not when it came just before them: who may wait
 * long polls stop_fd() beside its own descriptor.  A deadline sets the same
 * flag.  A signal that was ignored when the program started stays ignored.
 *
 * stop_watch() once, in main(), before threads; stop_asked() from any thread,
 * cheap enough for every batch.  stop_request() may be called from any thread
 * and makes all the others stop too (an error, --limit reached).
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>
#include <stdint.h>

/* ${limit_ms} 0: no deadline.  Returns 0, or -1 after a message. */
int stop_watch(uint64_t limit_ms);

/*
 * The time limit begins anew, from now on; 0: there is none any more.  Not while
 * other threads look.
 */
void stop_limit(uint64_t limit_ms);

bool stop_asked(void);
void stop_request(void);

/*
 * For poll(2) beside another descriptor: readable (POLLIN) once a signal or
 * stop_request() has asked to stop; never read it.  -1 (which poll ignores)
 * where stop_watch() was not called.
 */
int stop_fd(void);

/*
 * Milliseconds until the deadline, for poll(2): -1 for none, 0 when over.
 */
int stop_timeout(void);

/*
 * Instead of stop_watch(), for programs that go on to the end of their input:
 * the first TERM or INT changes nothing (reads are restarted), a second one
 * ends the process.  Returns 0, or -1 after a message.
 */
int stop_ignore_first(void);

#endif
