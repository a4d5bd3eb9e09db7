/*
 * http_hosts -- hosts: their pauses, and when one is dead.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "snowplow/http_in.h"

static const int64_t second_ns = 1000000000;

/* A host that asks for more is not going to be asked in this run. */
static const int64_t longest_pause_ns = 15 * 60 * INT64_C(1000000000);

/* Where the path begins: behind "https://host:port"; 0: no such URL. */
static size_t origin_length(const char *url)
{
	size_t scheme = !strncmp(url, "https://", 8) ? 8 :
			!strncmp(url, "http://", 7) ? 7 : 0;
	size_t n = scheme ? strcspn(url + scheme, "/?#") : 0;

	return n && !memchr(url + scheme, '@', n) ? scheme + n : 0;
}

static struct host *new_host(struct http *h, const char *url, size_t len)
{
	const struct http_opts *o = h->opts;
	struct host *new = mem_zalloc(1, sizeof(*new));
	struct buf origin = {0};

	new->origin = mem_dup(url, len);
	if (url_origin(&origin, new->origin)) {
		err_msg("%s: this is no URL", new->origin);
		buf_release(&origin);
		free(new->origin);
		free(new);
		return NULL;
	}
	new->shared = shared_open(h->opts->cache, origin.s, &new->common);
	buf_release(&origin);
	pace_init(&new->pace, o->max_procs, o->adaptive, o->give_up);
	mem_grow(&h->hosts, &h->hosts_cap, h->n_hosts + 1,
		 sizeof(struct host *));
	h->hosts[h->n_hosts++] = new;
	return new;
}

struct host *host_of(struct http *h, const char *url)
{
	size_t len = origin_length(url);

	if (!len)
		return NULL;
	for (size_t i = 0; i < h->n_hosts; i++)
		if (strlen(h->hosts[i]->origin) == len &&
		    !memcmp(h->hosts[i]->origin, url, len))
			return h->hosts[i];
	return new_host(h, url, len);
}

struct endpoint *endpoint_of(struct http *h, const char *name)
{
	struct endpoint *e;

	for (size_t i = 0; i < h->n_endpoints; i++)
		if (!strcmp(h->endpoints[i]->name, name))
			return h->endpoints[i];
	e = mem_zalloc(1, sizeof(*e));
	e->name = name;
	mem_grow(&h->endpoints, &h->endpoints_cap, h->n_endpoints + 1,
		 sizeof(struct endpoint *));
	h->endpoints[h->n_endpoints++] = e;
	return e;
}

void hosts_free(struct http *h)
{
	for (size_t i = 0; i < h->n_hosts; i++) {
		heap_release(&h->hosts[i]->ready);
		shared_close(h->hosts[i]->shared, h->hosts[i]->common);
		free(h->hosts[i]->origin);
		free(h->hosts[i]);
	}
	for (size_t i = 0; i < h->n_endpoints; i++)
		free(h->endpoints[i]);
	free(h->hosts);
	free(h->endpoints);
}

void host_pause(struct http *h, struct host *host, int64_t ns)
{
	if (ns > longest_pause_ns) {
		err_msg("%s: wants not to be asked for %" PRId64 " s (try "
			"again then)", host->origin, ns / second_ns);
		http_over(h, RC_FAILED);
		return;
	}
	if (ns > 0)
		shared_pause(host->shared, h->now + (uint64_t)ns);
}

/*
 * Requests that libcurl has not sent yet (they wait for a connection) must not
 * go out in a pause.
 */
static void call_back_unsent(struct http *h, struct host *host)
{
	struct job *j;

	for (size_t i = 0; i < h->n_running; ) {
		j = h->running[i];
		if (j->host != host || transfer_sent(j->transfer)) {
			i++;
			continue;
		}
		take_back(h, j);
		job_reset(j);
		j->tries--;
		j->endpoint->calls--;
		atomic_fetch_sub(&h->counters.calls, 1);
		ready_push(h, j);
	}
}

/* Time in which the host wanted no requests is not its silence. */
static bool is_dead(const struct http *h, const struct host *host)
{
	uint64_t since = host->quiet_since, now = h->now - h->lost;
	uint64_t end = atomic_load(&host->shared->pause_until);

	if (!since || !h->opts->dead_ms || end > h->now)
		return false;
	if (end > h->lost && end - h->lost > since)
		since = end - h->lost;
	return now > since && (now - since) / 1000000 >= h->opts->dead_ms;
}

void host_look(struct http *h, struct host *host)
{
	uint64_t end = atomic_load(&host->shared->pause_until);

	if (end > h->now && end != host->pause_seen) {
		host->pause_seen = end;
		call_back_unsent(h, host);
	}
	if (h->rc != RC_DONE || !is_dead(h, host))
		return;
	err_msg("%s: no answer for %" PRIu64 " s (see --dead; what was not "
		"fetched can be asked for again)", host->origin,
		h->opts->dead_ms / 1000);
	http_over(h, RC_FAILED);
}
