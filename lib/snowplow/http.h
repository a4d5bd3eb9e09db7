/*
 * http -- GET requests to an API, many at once and never too many.
 *
 * One event loop in the caller's thread: http_submit() queues, http_wait() lets
 * everything go on and calls back.  Inside, and of no concern to the caller:
 * at most -P transfers, --rate, pauses that the host asked for, retries, the
 * token, redirects within the origin, the cache, and the breaker
 * (http_opts.h).  Only GET is made, so that everything may be repeated.
 *
 *	h = http_new(&settings);
 *	http_submit(h, &request);
 *	while (!http_idle(h))
 *		http_wait(h, NULL, 0, -1);
 *	rc = rc_join(rc, http_rc(h));
 *	http_report(h, &report);
 *	http_free(h);
 *
 * Once only: of requests with the same URL (and hash) only one is made in a
 * run; the others get its body.  That holds for whole bodies, and for streams
 * where there is a cache.
 *
 * Memory: -P transfers with their bodies, and 1 KiB a queued request.  A
 * caller keeps the queue short: 4 x P is plenty.
 *
 * Callbacks are made from http_wait() alone, never from http_submit(); they may
 * submit.  Thread rule: one thread, but for http_progress().
 */
#ifndef SNOWPLOW_HTTP_H
#define SNOWPLOW_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/progress.h"
#include "base/report.h"
#include "snowplow/credentials.h"
#include "snowplow/http_opts.h"

/* What goes into the header, and only to the origin that it belongs to. */
enum http_auth {
	HTTP_PLAIN,	/* nothing */
	HTTP_CONSOLE,	/* the token, fetched when first needed */
	HTTP_IGLU	/* apikey, where .iglu_key was given */
};

enum http_outcome {
	HTTP_OK,	/* a 2xx body, from the host or the cache */
	HTTP_STATUS,	/* .status says: 404, 403, 503 after retries ... */
	HTTP_NETWORK,	/* no host, no connection, bad certificate, reset */
	HTTP_TIMEOUT,	/* none in time, after retries */
	HTTP_BODY,	/* no valid JSON, cut or damaged, after retries */
	HTTP_OFFLINE,	/* --offline, and not in the cache */
	HTTP_STOPPED,	/* the run ended first: nothing is known about it */
	HTTP_PLANNED	/* --dry-run: counted and not made */
};

/* "ok" "http" "network" "timeout" "body" "offline" "stopped" "planned". */
const char *http_outcome_name(enum http_outcome);

struct http_answer {
	enum http_outcome outcome;
	int status;		/* of the last try; 0: there was none */
	const char *url;	/* without secrets; until the callback ends */
	const char *reason;	/* for people: "Not Found", "no such host" */
	/*
	 * The body, a whole valid JSON text (HTTP_OK, not of a stream).  The
	 * callback may take it: move it and set *.body to {0}.
	 */
	struct buf *body;
	bool cached;		/* no body came over the network */
	unsigned tries;		/* requests that were made for it */
};

struct http_request {
	const char *url;	/* absolute, http or https; copied */
	/* Where metrics count it: "deployments".  Static text. */
	const char *endpoint;
	enum http_auth auth;
	/* Smaller starts first; equal ones in the order of submission. */
	uint64_t order;
	/*
	 * The body is the one of this hash for ever and never ages in the
	 * cache (the contentHash of a version).  NULL: it ages.  Copied.
	 */
	const char *content_hash;
	/*
	 * A stream gets its body in pieces and needs no memory for it.  NULL:
	 * whole.  stream() is called with ${text} as it comes, then once with
	 * NULL at the end.  What is not NULL that it returns (static text) says
	 * why the body is damaged: it is then asked for again, like after a
	 * reset, up to --retries times; restart() is called before, and the
	 * text begins at its first byte, so what was handed on already has to
	 * be skipped.  A body that differs there is HTTP_BODY's business:
	 * return HTTP_CHANGED, and no more tries are made.
	 */
	const char *(*stream)(void *arg, const char *text, size_t len);
	void (*restart)(void *arg);
	/* Exactly once for each request. */
	void (*done)(void *arg, struct http_answer *);
	void *arg;
};

extern const char HTTP_CHANGED[];

struct http_settings {
	const struct http_opts *opts;	/* lives as long as http */
	/* For HTTP_CONSOLE; NULL: there is none.  Lives as long as http. */
	const struct credentials *credentials;
	const char *iglu;	/* base URL for HTTP_IGLU, or NULL */
	const struct buf *iglu_key;	/* or NULL; lives as long as http */
};

struct http;

/*
 * Opens the cache and the state shared with other processes.  NULL after a
 * message (exit 2: a cache that cannot be made, a CA file that is not there,
 * a URL that is none).
 */
struct http *http_new(const struct http_settings *);

/*
 * Requests that are not over get no callback.  NULL is fine.
 */
void http_free(struct http *);

void http_submit(struct http *, const struct http_request *);

/* No request waits or runs. */
bool http_idle(const struct http *);

/* Requests submitted and not yet done. */
uint64_t http_pending(const struct http *);

/*
 * Waits until something happened (at least one callback was made, one of ${fds}
 * is ready, ${timeout_ms} is over, -1: no limit) and returns.  With ${fds}
 * (poll(2): input, a slow output) it also waits when there is nothing pending.
 * TERM and --time-limit (base/stop.h) are looked after: everything pending is
 * then done with HTTP_STOPPED.
 */
void http_wait(struct http *, struct pollfd *fds, size_t n, int timeout_ms);

/*
 * RC_DONE, or how the run ended: RC_STOPPED (TERM, --time-limit), RC_FAILED
 * (credentials refused, host dead; the message was given).  From then on every
 * request is done with HTTP_STOPPED.
 */
int http_rc(const struct http *);

/* The caller ends the run (its output failed): as TERM, but with ${rc}. */
void http_stop(struct http *, int rc);

/* Adds the metrics of DESIGN section 5, and "endpoints". */
void http_report(const struct http *, struct report *);

/* Fills .note, e.g. "120 calls, 38/s, 3 retries".  Any thread. */
void http_progress(const struct http *, struct progress_now *);

/*
 * --dry-run: appends "CALLS\tENDPOINT\n" for each endpoint with its calls, and
 * the sum.
 */
void http_plan(const struct http *, struct buf *);

#endif
