/*
 * reject -- text that the reader itself finds not to be a record.
 */
#ifndef STREAM_REJECT_H
#define STREAM_REJECT_H

#include "stream/batch.h"

/* Levels that json_check() follows here; deeper records are rejected later. */
#define REJECT_DEPTH (1 << 20)

/*
 * Adds a fault for the ${len} bytes at ${text}, blanks around them trimmed,
 * that stand at ${byte} in the source: with the reason and place json_check()
 * gives or, where it finds nothing, ${reason} at its end.  At most ${max} bytes
 * of it are kept.
 */
struct batch_fault *reject_text(struct batch *, const char *text, size_t len,
				uint64_t byte, const char *reason,
				uint64_t max);

#endif
