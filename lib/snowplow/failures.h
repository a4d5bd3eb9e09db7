/*
 * failures -- what could not be fetched: counted, told, and listed.
 *
 * The first ten are told on stderr, all of them go to --errors (error(5), class
 * fetch).  One thread.
 */
#ifndef SNOWPLOW_FAILURES_H
#define SNOWPLOW_FAILURES_H

#include <stdint.h>
#include "base/out.h"
#include "snowplow/http.h"
#include "snowplow/object.h"

struct failures {
	struct out *errors;	/* --errors, or NULL */
	uint64_t n;
};

/*
 * ${what} names the object, or is NULL: "com.acme/cart 1-0-3".  The pointers in
 * ${e} need to live during the call only.
 */
void failures_add(struct failures *, enum kind, const char *what,
		  const struct fetch_error *e);

/* "N more" where there were more than were told. */
void failures_end(const struct failures *);

/* What went wrong with an answer, as structs(5) has it. */
struct fetch_error fetch_error_of(const struct http_answer *);

#endif
