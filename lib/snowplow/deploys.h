/*
 * deploys -- histories for the data structures of a structs(5) stream.
 *
 * Lines go in one by one and come out in the same order, each exactly once:
 * data structures with their history, all others as they are.  A line that
 * waits for its own answer, or for that of one before it, is held; while there
 * are 4 x P of them, or 8 MiB, there is no room for another one and the caller
 * stops reading.  So a slow answer at the head stops new transfers in the end,
 * and memory stays bounded.
 *
 *	d = deploys_new(&opts, http, out, failures, tally);
 *	while (...) {
 *		while (deploys_room(d) && there is a line)
 *			deploys_add(d, line);
 *		deploys_write(d);
 *		http_wait(...);
 *	}
 *	deploys_end(d);
 *
 * One thread.
 */
#ifndef SNOWPLOW_DEPLOYS_H
#define SNOWPLOW_DEPLOYS_H

#include "base/out.h"
#include "snowplow/earlier.h"
#include "snowplow/failures.h"
#include "snowplow/filter.h"
#include "snowplow/http.h"
#include "snowplow/tally.h"

struct deploys_opts {
	uint64_t max_procs;
	bool unordered;		/* write each line when it is ready */
	bool versions;		/* bodies of all versions too */
	const char *console;	/* base URL with the organisation */
	const char *org;	/* where a line has no organizationId */
	struct filter *filter;	/* counts what it drops */
	struct earlier *earlier;	/* .fd -1: none */
};

struct deploys;

struct deploys *deploys_new(const struct deploys_opts *, struct http *,
			    struct out *, struct failures *, struct tally *);
void deploys_free(struct deploys *);

bool deploys_room(const struct deploys *);

enum deploys_added {
	DEPLOYS_ADDED,
	DEPLOYS_ODD	/* passed on, but nothing can be asked for it: a data
			   structure without hash or names */
};

/* ${line} is one valid JSON object without blanks around it; copied. */
enum deploys_added deploys_add(struct deploys *, struct span line);

/*
 * Writes what is ready.  0, or -1 when the output cannot be written (message
 * given).
 */
int deploys_write(struct deploys *);

/* Nothing is held. */
bool deploys_idle(const struct deploys *);

/* Data structures whose history was taken from the earlier run. */
uint64_t deploys_resumed(const struct deploys *);

/* The last line of the input was an end line. */
bool deploys_ended(const struct deploys *);

#endif
