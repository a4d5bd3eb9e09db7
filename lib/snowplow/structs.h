/*
 * structs -- all of an organisation, each thing once, as structs(5) lines.
 *
 * Every listing is asked for at once.  What follows from another answer (the
 * data models of each tracking plan, the enrichments of each pipeline, versions
 * of schemas that are in use and not the latest) is asked for when that answer
 * is there.  Lines wait in spools until all that comes before them is written.
 *
 * Memory: 256 KiB a listing that waits, some 300 bytes a data structure, and
 * the longest object.
 */
#ifndef SNOWPLOW_STRUCTS_H
#define SNOWPLOW_STRUCTS_H

#include "base/out.h"
#include "snowplow/failures.h"
#include "snowplow/http.h"
#include "snowplow/tally.h"

struct structs_opts {
	bool kinds[KIND_END];	/* what to write */
	uint64_t page_size;	/* of data structures; 0: all in one answer */
	uint64_t max_procs;	/* pages asked for at once */
	const char *console;	/* base URL with the organisation, or NULL */
	const char *iglu;	/* base URL of an Iglu server, or NULL */
	const char *central;	/* base URL of Iglu Central, or NULL */
	/*
	 * Schemas alone, all that the Iglu server has; the Console is not
	 * asked.
	 */
	bool iglu_only;
};

/*
 * Fetches and writes, all but the end line.  ${tally} gets what was written;
 * .complete is false then when something is missing.  Returns 0, or -1 when the
 * output cannot be written (message given).
 */
int structs_fetch(struct http *, const struct structs_opts *, struct out *,
		  struct failures *, struct tally *);

#endif
