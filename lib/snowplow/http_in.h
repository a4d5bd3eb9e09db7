/*
 * http_in -- what the files of http share.
 *
 * A job is a request on its way: ready (in its host's heap), delayed (until a
 * retry), running (a transfer), or instant (to be answered without the
 * network).  It belongs to exactly one of them, or waits for another job with
 * the same URL; finish() calls back and frees it.
 *
 * Two clocks: .now is CLOCK_BOOTTIME, for what is shared with others.  .lost is
 * the time spent in the caller's code; what remains without it is how long the
 * network really had, and timeouts go by that.
 */
#ifndef SNOWPLOW_HTTP_IN_H
#define SNOWPLOW_HTTP_IN_H

#include <stdatomic.h>
#include "snowplow/backoff.h"
#include "snowplow/cache.h"
#include "snowplow/head.h"
#include "snowplow/heap.h"
#include "snowplow/http.h"
#include "snowplow/latency.h"
#include "snowplow/pace.h"
#include "snowplow/shared.h"
#include "snowplow/token.h"
#include "snowplow/transfer.h"

enum {
	MAX_REDIRECTS = 5,
	MAX_REFUSALS = 2,	/* 401 on so many new tokens */
	MAX_THROTTLES = 20,	/* pauses without a good answer between */
	HASH = 16		/* bytes of XXH3-128 */
};

/* Bodies that are not streams: more is damage, not data. */
#define MAX_BODY ((size_t)256 << 20)

struct host {
	char *origin;		/* as the URLs begin: "https://host" */
	struct shared *shared;
	bool common;		/* shared with other processes */
	struct heap ready;
	struct pace pace;
	uint64_t running;
	uint64_t throttles;	/* pauses without a good answer */
	uint64_t pause_seen;	/* the pause that was acted on */
	uint64_t quiet_since;	/* first request since an answer; 0 */
};

struct endpoint {
	const char *name;
	struct latency latency;
	uint64_t calls, planned, cached;
};

struct job {
	struct http *http;
	struct http_request request;	/* .url, .content_hash are ours */
	struct host *host;
	struct endpoint *endpoint;
	char *url;			/* after redirects; else NULL */
	uint64_t serial;
	bool is_token;			/* our own: done is inside */
	/* one URL once */
	struct job *same;		/* waits for us; a list */
	long seen;			/* index, -1: not looked after */
	bool again;			/* answered before in this run */
	/* tries */
	unsigned tries, failures, redirects, refusals;
	bool fresh;			/* over a new connection */
	bool prepared;			/* looked up in the cache */
	bool cached;			/* answered from it */
	/* this try */
	struct transfer *transfer;
	size_t slot;			/* in http.running */
	uint64_t start, deadline;	/* by the two clocks; 0: none */
	uint64_t token_number;
	struct head head;
	struct buf body;
	const char *damage;		/* what was wrong with the body */
	bool fed, handed;		/* stream: in this try, in one before */
	struct cache_entry *entry;
	struct cache_writer *writer;
	struct job *next;		/* instant */
};

struct counters {
	_Atomic uint64_t calls, retries, throttled, hits, misses, same,
			 parallel, bytes, failed, total_us;
};

struct seen;

struct http {
	const struct http_opts *opts;
	struct http_settings settings;
	struct transfers *transfers;
	struct cache *cache;
	struct token token;
	struct host **hosts;
	size_t n_hosts, hosts_cap;
	struct heap delayed;
	struct job **running;
	size_t n_running, running_cap;
	struct job *instant, **instant_end;
	struct endpoint **endpoints;
	size_t n_endpoints, endpoints_cap;
	struct seen *seen;
	struct counters counters;
	struct backoff backoff;
	struct buf key;			/* for the cache */
	uint64_t serial, pending;
	uint64_t callbacks;		/* made so far */
	uint64_t now, lost, left;	/* left: when http_wait() returned */
	uint64_t wake;			/* the next moment to look; 0: none */
	bool token_planned;
	int rc;
};

/* http.c */
void job_free(struct job *);
void ready_push(struct http *, struct job *);
/* Looks at the clock; time since the last look was the caller's if ${lost}. */
void http_tick(struct http *, bool lost);
/* The run is over; the first reason counts. */
void http_over(struct http *, int rc);

/* http_start.c */
void start_jobs(struct http *);
void take_back(struct http *, struct job *);	/* from running */
void job_reset(struct job *);			/* what a try left behind */

/* http_body.c */
extern const struct transfer_calls http_calls;
/* The body in the cache: 0, or -1 (job->damage, or it cannot be read). */
int body_from_cache(struct http *, struct job *);
const char *feed(struct http *, struct job *, const char *text, size_t len);
const char *body_end(struct http *, struct job *);
void body_keep(struct http *, struct job *);

/* http_end.c */
void job_ended(struct http *, struct job *, enum transfer_end,
	       const char *reason);
void job_timed_out(struct http *, struct job *);
/* Calls back, and frees it.  ${reason} NULL: by the status. */
void finish(struct http *, struct job *, enum http_outcome,
	    const char *reason);

/* http_seen.c */
struct seen *seen_new(void);
void seen_free(struct seen *);
/*
 * True: the job waits for another, or for an answer of before (instant).
 */
bool seen_submit(struct http *, struct job *);
/* What came of it, for those that come later. */
void seen_done(struct http *, struct job *, const struct http_answer *);
/* Fills the body; false where it is gone: the job has to be done. */
bool seen_body(struct http *, struct job *, struct http_answer *);

/* http_token.c */
enum auth {
	AUTH_READY,	/* the header is set */
	AUTH_WAIT,	/* no token yet */
	AUTH_FIRST,	/* the job that fetches it is ready: that one first */
	AUTH_OVER	/* the job may not have it, and is over */
};
enum auth auth_header(struct http *, struct job *, struct buf *header,
		      struct buf *second);
void token_done(struct http *, struct job *, const struct http_answer *);
void job_refused(struct http *, struct job *);

/* http_hosts.c */
struct host *host_of(struct http *, const char *url);
struct endpoint *endpoint_of(struct http *, const char *name);
void hosts_free(struct http *);
/* Acts on pauses and looks for hosts that are dead. */
void host_look(struct http *, struct host *);
void host_pause(struct http *, struct host *, int64_t ns);

#endif
