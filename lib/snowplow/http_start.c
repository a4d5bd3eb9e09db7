/*
 * http_start -- which job is next, and its way onto the wire.
 *
 * A job is looked up in the cache when its turn comes; what is fresh is
 * answered at once.  For the rest, in this order: the host may be asked (pause,
 * window, breaker), there is a token, the bucket gives one.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "snowplow/http_in.h"

static const uint64_t token_wait_ns = 50 * UINT64_C(1000000);

/* Answers from the cache before the network is looked after again. */
enum { IN_A_ROW = 64, MAX_HEADERS = 4 };

static void wake_at(struct http *h, uint64_t at)
{
	if (!h->wake || at < h->wake)
		h->wake = at;
}

/* Everything of a try that is over; what was learnt before it stays. */
void job_reset(struct job *j)
{
	cache_write_end(j->writer, false);
	j->writer = NULL;
	buf_clear(&j->body);
	head_clear(&j->head);
	j->damage = NULL;
	j->handed |= j->fed;
	j->fed = false;
}

void take_back(struct http *h, struct job *j)
{
	if (j->transfer)
		transfer_cancel(h->transfers, j->transfer);
	j->transfer = NULL;
	h->running[j->slot] = h->running[--h->n_running];
	h->running[j->slot]->slot = j->slot;
	j->host->running--;
}

static void planned(struct http *h, struct job *j)
{
	if (j->request.auth == HTTP_CONSOLE && !h->token_planned) {
		h->token_planned = true;
		endpoint_of(h, "token")->planned++;
	}
	j->endpoint->planned++;
	/* what is known of it helps to plan the rest */
	if (j->entry && !body_from_cache(h, j))
		finish(h, j, HTTP_OK, NULL);
	else
		finish(h, j, HTTP_PLANNED, "not made: --dry-run");
}

static bool is_fresh(const struct http *h, const struct job *j)
{
	return h->opts->offline || j->request.content_hash || j->again ||
	       cache_age_ms(j->entry) < h->opts->max_age_ms;
}

/* From the cache, where that is enough: true when the job is done. */
static bool prepare(struct http *h, struct job *j)
{
	j->prepared = true;
	if (h->cache && !j->is_token) {
		cache_key(&h->key, j->request.url, j->request.content_hash);
		j->entry = cache_find(h->cache, &h->key);
	}
	if (j->entry && is_fresh(h, j)) {
		if (!body_from_cache(h, j)) {
			atomic_fetch_add(&h->counters.hits, 1);
			j->endpoint->cached++;
			finish(h, j, HTTP_OK, NULL);
			return true;
		}
		job_reset(j);
		j->cached = false;
		cache_discard(h->cache, j->entry);
		j->entry = NULL;
	}
	if (h->opts->offline)
		finish(h, j, HTTP_OFFLINE, "not in the cache (run it once "
		       "without --offline)");
	else if (h->opts->dry_run)
		planned(h, j);
	else
		return false;
	return true;
}

/* 0 now; else when it is worth a look, UINT64_MAX: after an answer. */
static uint64_t host_ready_at(const struct http *h, const struct host *host)
{
	uint64_t end = atomic_load(&host->shared->pause_until), at;

	if (h->n_running >= h->opts->max_procs)
		return UINT64_MAX;
	if (end > h->now)
		return end;
	if (pace_allows(&host->pace, host->running, h->now))
		return 0;
	at = pace_next(&host->pace, host->running);
	return at ? at : UINT64_MAX;
}

static void add_running(struct http *h, struct job *j)
{
	mem_grow(&h->running, &h->running_cap, h->n_running + 1,
		 sizeof(struct job *));
	j->slot = h->n_running;
	h->running[h->n_running++] = j;
	if (j->host->running++ || h->n_running > 1)
		atomic_fetch_add(&h->counters.parallel, 1);
}

static void launch(struct http *h, struct job *j, const struct buf *auth,
		   const struct buf *second)
{
	const char *headers[MAX_HEADERS];
	struct buf match = {0};
	size_t n = 0;

	headers[n++] = "Accept: application/json";
	if (auth->len)
		headers[n++] = auth->s;
	if (second->len)
		headers[n++] = second->s;
	if (j->entry && cache_etag(j->entry)) {
		buf_addf(&match, "If-None-Match: %s", cache_etag(j->entry));
		headers[n++] = buf_cstr(&match);
	}
	j->tries++;
	j->endpoint->calls++;
	atomic_fetch_add(&h->counters.calls, 1);
	j->start = h->now;
	j->deadline = h->opts->timeout_ms ?
		      h->now - h->lost + h->opts->timeout_ms * 1000000 : 0;
	if (!j->host->quiet_since)
		j->host->quiet_since = h->now - h->lost;
	head_clear(&j->head);
	add_running(h, j);
	j->transfer = transfer_start(h->transfers,
				     j->url ? j->url : j->request.url, headers,
				     n, j->fresh, j);
	buf_release(&match);
}

static enum auth start(struct http *h, struct job *j)
{
	struct buf auth = {0}, second = {0};
	enum auth is = auth_header(h, j, &auth, &second);
	uint64_t wait;

	if (is == AUTH_READY) {
		wait = rate_take(&j->host->shared->bucket, &h->opts->rate,
				 h->opts->burst, h->now);
		if (wait) {
			wake_at(h, h->now + wait);
			is = AUTH_WAIT;
		} else {
			launch(h, j, &auth, &second);
		}
	} else if (is == AUTH_WAIT) {
		wake_at(h, h->now + token_wait_ns);
	}
	secret_release(&auth);
	secret_release(&second);
	return is;
}

/*
 * The next job of a host.  False when there is none, or it has to wait; then
 * it is back in its place.
 */
static bool start_next(struct http *h, struct host *host)
{
	struct job *j = heap_pop(&host->ready);
	enum auth started;
	uint64_t at;

	if (!j)
		return false;
	if (!j->prepared && prepare(h, j))
		return true;
	at = host_ready_at(h, host);
	if (at && at != UINT64_MAX)
		wake_at(h, at);
	started = at ? AUTH_WAIT : start(h, j);
	if (started == AUTH_WAIT || started == AUTH_FIRST)
		ready_push(h, j);
	return started != AUTH_WAIT;
}

void start_jobs(struct http *h)
{
	uint64_t before = h->callbacks;

	for (size_t i = 0; i < h->n_hosts; i++)
		while (h->rc == RC_DONE &&
		       h->callbacks - before < IN_A_ROW &&
		       start_next(h, h->hosts[i]))
			;
}
