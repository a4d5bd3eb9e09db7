/*
 * shared -- what processes that ask one host have in common: the bucket and
 * the pause.
 *
 * With a cache folder it is a page of a small file in it (0600), mapped by all:
 * "host-" and 16 digits of the origin's SHA-256.  Both numbers are changed by
 * atomic operations alone, so there is no lock that a killed process could
 * keep.  Times are CLOCK_BOOTTIME's; a file of another boot starts anew.
 * Without a folder, or where the file cannot be had (a full disk: its blocks
 * are taken when it is made, so that a write cannot fail later), it is memory
 * of this process.
 */
#ifndef SNOWPLOW_SHARED_H
#define SNOWPLOW_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "snowplow/rate.h"

struct shared {
	char magic[16];
	char boot[48];			/* the boot's id */
	rate_bucket bucket;
	_Atomic uint64_t pause_until;	/* nanoseconds; 0: none */
};

/*
 * ${folder} may be NULL.  ${*common}: others see it too.  Never NULL.
 * Release with shared_close().
 */
struct shared *shared_open(const char *folder, const char *origin,
			   bool *common);
void shared_close(struct shared *, bool common);

/* Nanoseconds of CLOCK_BOOTTIME. */
uint64_t shared_now_ns(void);

/* Nobody asks before ${until}; an earlier moment than the present one is
 * ignored. */
void shared_pause(struct shared *, uint64_t until);

#endif
