/*
 * http_end -- what becomes of a job when a try is over.
 *
 * A refusal for being too many (429, and 503 with Retry-After) pauses the host
 * and is no failure of the request: it is repeated as often as it takes, while
 * MAX_THROTTLES bounds how often the host may say so without one good answer
 * between.  Failures are repeated --retries times; while the breaker is open,
 * the one request that probes is repeated without counting.
 */
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "snowplow/http_in.h"

static const uint64_t ms_ns = 1000000;

/* Reason phrases of RFC 9110, and 429 of RFC 6585. */
static const char *phrase(int status)
{
	switch (status) {
	case 400: return "Bad Request";
	case 401: return "Unauthorized";
	case 403: return "Forbidden";
	case 404: return "Not Found";
	case 405: return "Method Not Allowed";
	case 406: return "Not Acceptable";
	case 407: return "Proxy Authentication Required";
	case 408: return "Request Timeout";
	case 410: return "Gone";
	case 414: return "URI Too Long";
	case 429: return "Too Many Requests";
	case 500: return "Internal Server Error";
	case 501: return "Not Implemented";
	case 502: return "Bad Gateway";
	case 503: return "Service Unavailable";
	case 504: return "Gateway Timeout";
	default: return "unexpected status";
	}
}

static void call_back(struct http *h, struct job *j, struct http_answer *a)
{
	h->callbacks++;
	h->pending--;
	http_tick(h, false);
	j->request.done(j->request.arg, a);
	http_tick(h, true);
}

/* Those with the same URL get copies of the body. */
static void finish_same(struct http *h, struct job *j,
			const struct http_answer *answer)
{
	struct job *same = j->same, *next;
	struct http_answer a;

	for (; same; same = next) {
		next = same->same;
		a = *answer;
		a.body = &same->body;
		a.cached = true;
		a.tries = 0;
		if (answer->body)
			buf_add(&same->body, answer->body->s,
				answer->body->len);
		else
			a.body = NULL;
		atomic_fetch_add(&h->counters.same, 1);
		call_back(h, same, &a);
		job_free(same);
	}
	j->same = NULL;
}

void finish(struct http *h, struct job *j, enum http_outcome outcome,
	    const char *reason)
{
	struct http_answer a = { .outcome = outcome, .status = j->head.status,
		.url = j->request.url, .reason = reason, .tries = j->tries,
		.cached = j->cached };

	if (outcome == HTTP_OK && !j->request.stream)
		a.body = &j->body;
	if (outcome == HTTP_OK && j->cached)
		a.status = 200;
	if (!reason)
		a.reason = outcome == HTTP_OK ? "OK" :
			   outcome == HTTP_STOPPED ? "the run was stopped" :
			   phrase(a.status);
	if (j->is_token) {
		token_done(h, j, &a);
	} else {
		if (outcome != HTTP_OK && outcome != HTTP_PLANNED)
			atomic_fetch_add(&h->counters.failed, 1);
		seen_done(h, j, &a);
		finish_same(h, j, &a);
		call_back(h, j, &a);
	}
	job_free(j);
}

static void again_after(struct http *h, struct job *j, uint64_t ns)
{
	job_reset(j);
	if (ns)
		heap_push(&h->delayed, h->now + ns, j->serial, j);
	else
		ready_push(h, j);
}

/* A failure that another try may mend. */
static void failed(struct http *h, struct job *j, enum http_outcome outcome,
		   const char *reason)
{
	struct pace *pace = &j->host->pace;

	j->fresh = outcome == HTTP_NETWORK || outcome == HTTP_TIMEOUT;
	if (outcome != HTTP_BODY && pace->open) {
		pace_failed(pace, &h->backoff, h->now);
		again_after(h, j, 0);
	} else if (j->failures < h->opts->retries) {
		atomic_fetch_add(&h->counters.retries, 1);
		again_after(h, j, 1 + backoff_ns(&h->backoff, 250 * ms_ns,
						 30000 * ms_ns, j->failures++));
	} else {
		if (outcome != HTTP_BODY)
			pace_failed(pace, &h->backoff, h->now);
		finish(h, j, outcome, reason);
	}
}

static int64_t unix_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ${pause} -1: the host did not say for how long. */
static void throttled(struct http *h, struct job *j, int64_t pause)
{
	struct host *host = j->host;
	bool new = h->now >= host->pause_seen;

	atomic_fetch_add(&h->counters.throttled, 1);
	pace_throttled(&host->pace, h->now);
	if (pause < (int64_t)(100 * ms_ns))
		pause = (int64_t)(100 * ms_ns +
			backoff_ns(&h->backoff, 1000 * ms_ns, 60000 * ms_ns,
				   (unsigned)host->throttles));
	host_pause(h, host, pause);
	host_look(h, host);
	if (new && ++host->throttles > MAX_THROTTLES && h->opts->dead_ms) {
		err_msg("%s: nothing but 'too many requests' in %d tries "
			"(lower --rate or -P)", host->origin, MAX_THROTTLES);
		http_over(h, RC_FAILED);
	}
	again_after(h, j, 0);
}

/* The cache's copy is right, said the host. */
static void not_modified(struct http *h, struct job *j)
{
	cache_confirm(j->entry);
	if (!body_from_cache(h, j)) {
		atomic_fetch_add(&h->counters.hits, 1);
		j->endpoint->cached++;
		finish(h, j, HTTP_OK, NULL);
		return;
	}
	cache_discard(h->cache, j->entry);
	j->entry = NULL;
	j->cached = false;
	failed(h, j, HTTP_BODY, "the cache's copy cannot be read");
}

static void damaged(struct http *h, struct job *j, const char *damage)
{
	if (damage == HTTP_CHANGED)
		finish(h, j, HTTP_BODY, damage);
	else
		failed(h, j, HTTP_BODY, damage);
}

static void good(struct http *h, struct job *j)
{
	const char *damage = body_end(h, j);

	if (damage) {
		damaged(h, j, damage);
		return;
	}
	if (j->head.status == 200)
		body_keep(h, j);
	if (!j->is_token && h->cache)
		atomic_fetch_add(&h->counters.misses, 1);
	finish(h, j, HTTP_OK, NULL);
}

/* Within the origin only: elsewhere nobody is to see a key, or be trusted. */
static void redirected(struct http *h, struct job *j)
{
	const char *from = j->url ? j->url : j->request.url;
	struct buf url = {0}, here = {0}, there = {0}, why = {0};

	if (url_resolve(&url, from, buf_cstr(&j->head.location)) ||
	    url_origin(&there, url.s) || url_origin(&here, from)) {
		finish(h, j, HTTP_STATUS, "redirects to no URL");
	} else if (strcmp(here.s, there.s)) {
		buf_addf(&why, "redirects to another host, %s, which is not "
			 "followed", there.s);
		finish(h, j, HTTP_STATUS, buf_cstr(&why));
	} else if (j->redirects++ >= MAX_REDIRECTS) {
		finish(h, j, HTTP_STATUS, "redirects without end");
	} else {
		free(j->url);
		j->url = buf_cstr(&url);
		url = (struct buf){0};
		again_after(h, j, 0);
	}
	buf_release(&url);
	buf_release(&here);
	buf_release(&there);
	buf_release(&why);
}

static bool is_redirect(const struct job *j)
{
	int s = j->head.status;

	return (s == 301 || s == 302 || s == 303 || s == 307 || s == 308) &&
	       j->head.location.len;
}

/* The host is alive, and answered this one. */
static void host_answered(struct http *h, struct job *j)
{
	struct host *host = j->host;

	host->quiet_since = host->running ? h->now - h->lost : 0;
	host->throttles = 0;
	pace_good(&host->pace, (h->now - j->start) / 1000, host->running + 1,
		  h->now);
}

static void answered(struct http *h, struct job *j)
{
	int status = j->head.status;
	int64_t pause = head_pause_ns(&j->head, unix_ns());

	if (status == 429 || (status == 503 && pause >= 0)) {
		throttled(h, j, pause);
		return;
	}
	if (pause > 0)
		host_pause(h, j->host, pause);
	if (status >= 500 || status == 408) {
		failed(h, j, HTTP_STATUS, phrase(status));
		return;
	}
	host_answered(h, j);
	if (status >= 200 && status < 300)
		good(h, j);
	else if (status == 304 && j->entry)
		not_modified(h, j);
	else if (status == 401 && j->request.auth == HTTP_CONSOLE &&
		 !j->is_token)
		job_refused(h, j);
	else if (is_redirect(j))
		redirected(h, j);
	else
		finish(h, j, HTTP_STATUS, NULL);
}

void job_ended(struct http *h, struct job *j, enum transfer_end end,
	       const char *reason)
{
	uint64_t us = (h->now - j->start) / 1000;

	latency_add(&j->endpoint->latency, us);
	atomic_fetch_add(&h->counters.total_us, us);
	switch (end) {
	case TRANSFER_WHOLE:
		answered(h, j);
		break;
	case TRANSFER_UNWANTED:
		damaged(h, j, j->damage);
		break;
	case TRANSFER_REFUSED:
		finish(h, j, HTTP_NETWORK, reason);
		break;
	case TRANSFER_BROKEN:
	case TRANSFER_NONE:
		failed(h, j, HTTP_NETWORK, reason);
		break;
	}
}

void job_timed_out(struct http *h, struct job *j)
{
	latency_add(&j->endpoint->latency, (h->now - j->start) / 1000);
	atomic_fetch_add(&h->counters.total_us, (h->now - j->start) / 1000);
	failed(h, j, HTTP_TIMEOUT, "no answer in time (--timeout)");
}
