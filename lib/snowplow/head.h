/*
 * head -- what an answer's header says that matters here.
 *
 * Fed line by line; knows Location, ETag, Date, Retry-After (seconds or a date,
 * RFC 9110 section 10.2.3), and the three families of rate-limit headers:
 * X-RateLimit-Remaining/-Reset, RateLimit-Remaining/-Reset
 * (draft-ietf-httpapi-ratelimit-headers-06) and RateLimit (drafts 07: remaining=
 * and reset=, 08 and later: r= and t=).
 *
 * No clock in here: the local time is given, so that tests can choose it.
 */
#ifndef SNOWPLOW_HEAD_H
#define SNOWPLOW_HEAD_H

#include <stdint.h>
#include "base/buf.h"

struct head {
	int status;
	struct buf location, etag;
	int64_t date;		/* Unix seconds; -1: none */
	int64_t retry_s;	/* Retry-After in seconds; -1: none */
	int64_t retry_at;	/* Retry-After as Unix seconds; -1: none */
	int64_t remaining;	/* requests still allowed; -1: not said */
	int64_t reset;		/* until when: seconds from now; -1 */
	int64_t reset_at;	/* or Unix seconds; -1 */
};

void head_clear(struct head *);		/* also the start of an answer */
void head_release(struct head *);

/* A line without its line end: "Name: value"; others are ignored. */
void head_line(struct head *, const char *line, size_t len);

/*
 * Nanoseconds for which the host asks not to be asked, at ${unix_ns} by the
 * local clock: -1 none.  A date counts from the answer's own Date where it has
 * one, so that a wrong clock here does no harm.
 */
int64_t head_pause_ns(const struct head *, int64_t unix_ns);

/*
 * An HTTP-date (RFC 9110 section 5.6.7: IMF-fixdate, and the obsolete RFC 850
 * and asctime forms) as Unix seconds; -1: it is none.
 */
int64_t http_date(const char *text, size_t len, int64_t now);

#endif
