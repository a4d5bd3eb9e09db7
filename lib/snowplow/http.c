/*
 * http -- GET requests to an API: the queue and the loop.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "snowplow/http_in.h"

const char HTTP_CHANGED[] = "the listing changed while it was read again";

/* How often to look for what other processes put into shared memory. */
static const uint64_t common_ns = 50 * UINT64_C(1000000);

/* Longer waits are cut into such. */
static const uint64_t longest_ns = 3600 * UINT64_C(1000000000);

static const char *const outcomes[] = {
	[HTTP_OK] = "ok", [HTTP_STATUS] = "http", [HTTP_NETWORK] = "network",
	[HTTP_TIMEOUT] = "timeout", [HTTP_BODY] = "body",
	[HTTP_OFFLINE] = "offline", [HTTP_STOPPED] = "stopped",
	[HTTP_PLANNED] = "planned"
};

const char *http_outcome_name(enum http_outcome outcome)
{
	return outcomes[outcome];
}

static int open_parts(struct http *h)
{
	const struct http_opts *o = h->opts;
	struct transfers_settings t = { .max = o->max_procs,
		.cacert = o->cacert, .calls = &http_calls };

	if (o->cache && !(h->cache = cache_open(o->cache)))
		return -1;
	h->transfers = transfers_new(&t);
	if (!h->transfers)
		return -1;
	if (h->settings.credentials &&
	    !host_of(h, h->settings.credentials->base))
		return -1;
	if (h->settings.iglu && !host_of(h, h->settings.iglu))
		return -1;
	return 0;
}

struct http *http_new(const struct http_settings *s)
{
	struct http *h = mem_zalloc(1, sizeof(*h));

	h->settings = *s;
	h->opts = s->opts;
	h->instant_end = &h->instant;
	h->seen = seen_new();
	backoff_init(&h->backoff);
	h->now = shared_now_ns();
	token_init(&h->token, s->credentials,
		   s->credentials ? s->opts->cache : NULL);
	if (!open_parts(h))
		return h;
	http_free(h);
	return NULL;
}

void job_free(struct job *j)
{
	job_reset(j);
	cache_release(j->entry);
	head_release(&j->head);
	buf_release(&j->body);
	free((void *)(uintptr_t)j->request.url);
	free((void *)(uintptr_t)j->request.content_hash);
	free(j->url);
	free(j);
}

static void instant_push(struct http *h, struct job *j)
{
	j->next = NULL;
	*h->instant_end = j;
	h->instant_end = &j->next;
}

static struct job *instant_pop(struct http *h)
{
	struct job *j = h->instant;

	if (!j)
		return NULL;
	h->instant = j->next;
	if (!h->instant)
		h->instant_end = &h->instant;
	j->next = NULL;
	return j;
}

/* A job and those that wait for it. */
static void free_all(struct job *j)
{
	struct job *same;

	for (; j; j = same) {
		same = j->same;
		job_free(j);
	}
}

static void free_jobs(struct http *h)
{
	struct job *j;

	while (h->n_running) {
		j = h->running[0];
		take_back(h, j);
		free_all(j);
	}
	while ((j = heap_pop(&h->delayed)))
		free_all(j);
	for (size_t i = 0; i < h->n_hosts; i++)
		while ((j = heap_pop(&h->hosts[i]->ready)))
			free_all(j);
	while ((j = instant_pop(h)))
		free_all(j);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	free_jobs(h);
	transfers_free(h->transfers);
	hosts_free(h);
	heap_release(&h->delayed);
	cache_close(h->cache);
	token_release(&h->token);
	seen_free(h->seen);
	buf_release(&h->key);
	free(h->running);
	free(h);
}

void ready_push(struct http *h, struct job *j)
{
	heap_push(&j->host->ready, j->request.order, j->serial, j);
	(void)h;
}

void http_submit(struct http *h, const struct http_request *r)
{
	struct job *j = mem_zalloc(1, sizeof(*j));

	j->http = h;
	j->request = *r;
	j->request.url = mem_dup(r->url, strlen(r->url));
	if (r->content_hash)
		j->request.content_hash = mem_dup(r->content_hash,
						  strlen(r->content_hash));
	j->endpoint = endpoint_of(h, r->endpoint);
	j->serial = ++h->serial;
	j->seen = -1;
	h->pending++;
	j->host = host_of(h, j->request.url);
	if (!j->host) {
		instant_push(h, j);
		return;
	}
	if (seen_submit(h, j)) {
		if (j->again)
			instant_push(h, j);
		return;
	}
	ready_push(h, j);
}

bool http_idle(const struct http *h)
{
	return !h->pending;
}

uint64_t http_pending(const struct http *h)
{
	return h->pending;
}

int http_rc(const struct http *h)
{
	return h->rc;
}

void http_over(struct http *h, int rc)
{
	if (h->rc == RC_DONE)
		h->rc = rc;
}

void http_stop(struct http *h, int rc)
{
	http_over(h, rc);
}

void http_tick(struct http *h, bool lost)
{
	uint64_t now = shared_now_ns();

	if (lost)
		h->lost += now - h->now;
	h->now = now;
}

/* Answers that need no network. */
static void answer_instantly(struct http *h)
{
	struct http_answer a;
	struct job *j;

	while (h->rc == RC_DONE && (j = instant_pop(h))) {
		a = (struct http_answer){ .url = j->request.url,
			.body = &j->body, .cached = true };
		if (!j->host) {
			finish(h, j, HTTP_NETWORK, "this is no URL of http or "
			       "https");
		} else if (seen_body(h, j, &a)) {
			atomic_fetch_add(&h->counters.same, 1);
			j->head.status = a.status;
			finish(h, j, a.outcome, a.reason);
		} else {	/* in the cache, or lost */
			ready_push(h, j);
		}
	}
}

/* Everything that waits, told that the run is over. */
static void stop_all(struct http *h)
{
	struct job *j;

	while (h->n_running) {
		j = h->running[0];
		take_back(h, j);
		finish(h, j, HTTP_STOPPED, NULL);
	}
	while ((j = heap_pop(&h->delayed)))
		finish(h, j, HTTP_STOPPED, NULL);
	for (size_t i = 0; i < h->n_hosts; i++)
		while ((j = heap_pop(&h->hosts[i]->ready)))
			finish(h, j, HTTP_STOPPED, NULL);
	while ((j = instant_pop(h)))
		finish(h, j, HTTP_STOPPED, NULL);
}

static void look_at_timeouts(struct http *h)
{
	uint64_t now = h->now - h->lost;
	struct job *j;

	for (size_t i = 0; i < h->n_running; ) {
		j = h->running[i];
		if (!j->deadline || now < j->deadline) {
			i++;
			continue;
		}
		take_back(h, j);
		job_timed_out(h, j);
	}
}

static void end_delays(struct http *h)
{
	const struct heap_item *top;

	while ((top = heap_top(&h->delayed)) && top->first <= h->now)
		ready_push(h, heap_pop(&h->delayed));
}

/* All that can go on without waiting. */
static void go_on(struct http *h)
{
	if (stop_asked())
		http_over(h, RC_STOPPED);
	answer_instantly(h);
	look_at_timeouts(h);
	for (size_t i = 0; i < h->n_hosts; i++)
		host_look(h, h->hosts[i]);
	end_delays(h);
	h->wake = 0;
	if (h->rc == RC_DONE)
		start_jobs(h);
	if (h->rc != RC_DONE)
		stop_all(h);
}

static uint64_t until(uint64_t at, uint64_t now, uint64_t limit)
{
	if (at <= now)
		return 0;
	return at - now < limit ? at - now : limit;
}

/* How long there is nothing to do but for the network. */
static uint64_t may_wait(struct http *h)
{
	const struct heap_item *top = heap_top(&h->delayed);
	uint64_t ns = longest_ns, now = h->now - h->lost;
	int ms = stop_timeout();

	if (h->wake)
		ns = until(h->wake, h->now, ns);
	if (top)
		ns = until(top->first, h->now, ns);
	for (size_t i = 0; i < h->n_running; i++)
		if (h->running[i]->deadline)
			ns = until(h->running[i]->deadline, now, ns);
	for (size_t i = 0; i < h->n_hosts; i++) {
		if (h->hosts[i]->common && h->hosts[i]->running)
			ns = until(common_ns, 0, ns);
		if (h->hosts[i]->quiet_since && h->opts->dead_ms)
			ns = until(h->hosts[i]->quiet_since +
				   h->opts->dead_ms * 1000000 + 1000000,
				   now, ns);
	}
	if (ms >= 0)
		ns = until((uint64_t)ms * 1000000, 0, ns);
	return ns;
}

static bool any_ready(const struct pollfd *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i].revents)
			return true;
	return false;
}

void http_wait(struct http *h, struct pollfd *fds, size_t n, int timeout_ms)
{
	uint64_t before = h->callbacks, end, ns;
	bool ready = false;

	http_tick(h, h->left != 0);
	end = timeout_ms < 0 ? UINT64_MAX :
	      h->now + (uint64_t)timeout_ms * 1000000;
	go_on(h);
	do {
		ns = h->callbacks != before ? 0 :
		     until(end, h->now, may_wait(h));
		transfers_step(h->transfers, fds, n, ns);
		http_tick(h, false);
		ready = any_ready(fds, n);
		go_on(h);
	} while (h->callbacks == before && !ready && h->now < end &&
		 (h->pending || n) && h->rc == RC_DONE);
	h->left = 1;
}
