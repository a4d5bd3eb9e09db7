/*
 * fan -- the same work on N threads, and results put back in order.
 */
#ifndef STREAM_FAN_H
#define STREAM_FAN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Cores this process may use: affinity mask and cgroup (v1, v2) quota, rounded
 * up; at least 1.
 */
unsigned fan_cores(void);

/*
 * What -P means for threads: 0 is all cores; more than there are is refused
 * unless ${oversubscribe}.  Returns the number, or 0 after a message that names
 * the number there is.
 */
unsigned fan_threads(uint64_t asked, bool oversubscribe);

/*
 * Calls ${work}(${arg}, 0 .. n-1) on n threads and returns when all have
 * returned.  n 1 is a plain call on the caller's thread.  If a thread cannot
 * be started (errno), ${work} is not called for it and those that run do all:
 * fewer threads are a message, none of this program's results depend on it.
 */
void fan_run(unsigned n, void (*work)(void *arg, unsigned i), void *arg);

/*
 * order -- commits results in the order of their serial numbers.
 *
 * Each thread brings the result of one batch; whoever brings the lowest
 * missing one commits it and all that are ready behind it, one at a time.  A
 * thread waits only when it is ${window} serials ahead.
 */
struct order;
struct order *order_new(unsigned window, void (*commit)(void *arg, void *item),
			void *arg);
void order_put(struct order *, uint64_t serial, void *item);
void order_free(struct order *);

#endif
