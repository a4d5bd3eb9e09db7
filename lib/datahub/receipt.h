/*
 * receipt -- one line for each aspect that was changed, from which the line can
 * be had back.
 *
 *	{"record":3,"output":3,"entityUrn":"...","aspectName":"...",
 *	 "action":"cut","policy":"sample","over":["inputs"],
 *	 "bytes":[123,45],"inputs":[60,50],"outputs":[1,1],"edges":[60,50],
 *	 "groups":[1,1],"edges_folded":0,"duplicates":0,"extra":1,
 *	 "sha256":["...","..."],"before":"..."}
 *
 * record: which line of its source it was, output: which line of the output it
 * became or, where none came out, stood before (its second sum is null); extra: how many lines follow that one for the same
 * aspect (--annotate, --split).  Pairs are before and after.  "before" is the
 * line without its end, compressed with zstd, in base64.  The sums are of the
 * line before without its end, and of the line after without blanks around it.
 */
#ifndef DATAHUB_RECEIPT_H
#define DATAHUB_RECEIPT_H

#include "datahub/cap_job.h"

/*
 * Appends a receipt but for its first two members: from "entityUrn" on, with
 * '\n'.  ${after} NULL: no line came out.  ${action}: "fold", "cut", "drop",
 * "error".
 */
void receipt_write(struct buf *out, const struct job *, const char *action,
		   const char *after, size_t after_len, uint64_t extra);

/* The line in base64 and zstd at ${text}; false: it is damaged. */
bool receipt_unpack(const char *text, size_t len, struct buf *line);

#endif
