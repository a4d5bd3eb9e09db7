/*
 * http_report -- what was done, in figures.
 */
#include <inttypes.h>
#include <stdio.h>

#include "snowplow/http_in.h"

static uint64_t get(const _Atomic uint64_t *n)
{
	return atomic_load_explicit(n, memory_order_relaxed);
}

static void add_latency(struct report *r, const struct latency *l,
			const char *before)
{
	static const unsigned percents[] = { 50, 95, 99 };
	char name[32];

	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
		snprintf(name, sizeof(name), "%sp%u_seconds", before,
			 percents[i]);
		report_seconds(r, name,
			       (double)latency_us(l, percents[i]) / 1e6);
	}
}

/* One object of all endpoints that were asked, in the order of first use. */
static void add_endpoints(const struct http *h, struct report *r)
{
	const struct endpoint *e;
	bool first = true;

	buf_adds(&r->text, ",\"endpoints\":{");
	for (size_t i = 0; i < h->n_endpoints; i++) {
		e = h->endpoints[i];
		if (!e->calls && !e->cached)
			continue;
		buf_addf(&r->text, "%s\"%s\":{", first ? "" : ",", e->name);
		first = false;
		report_u64(r, "api_call_count", e->calls);
		report_u64(r, "cache_hit_count", e->cached);
		report_seconds(r, "api_total_time_seconds",
			       (double)e->latency.sum_us / 1e6);
		add_latency(r, &e->latency, "latency_");
		buf_addc(&r->text, '}');
	}
	buf_addc(&r->text, '}');
}

static void add_all(const struct http *h, struct latency *all)
{
	for (size_t i = 0; i < h->n_endpoints; i++) {
		const struct latency *l = &h->endpoints[i]->latency;

		all->count += l->count;
		for (size_t k = 0; k < LATENCY_CLASSES; k++)
			all->classes[k] += l->classes[k];
	}
}

void http_report(const struct http *h, struct report *r)
{
	const struct counters *c = &h->counters;
	struct latency all = {0};

	add_all(h, &all);
	report_u64(r, "max_procs", h->opts->max_procs);
	report_u64(r, "api_call_count", get(&c->calls));
	report_seconds(r, "api_total_time_seconds",
		       (double)get(&c->total_us) / 1e6);
	report_u64(r, "parallel_fetch_count", get(&c->parallel));
	report_u64(r, "cache_hit_count", get(&c->hits));
	report_u64(r, "cache_miss_count", get(&c->misses));
	report_u64(r, "same_url_count", get(&c->same));
	report_u64(r, "retry_count", get(&c->retries));
	report_u64(r, "throttled_count", get(&c->throttled));
	report_u64(r, "failed_count", get(&c->failed));
	report_u64(r, "received_bytes", get(&c->bytes));
	if (h->cache)
		report_u64(r, "cache_lost_count", cache_lost(h->cache));
	add_latency(r, &all, "latency_");
	add_endpoints(h, r);
}

void http_progress(const struct http *h, struct progress_now *now)
{
	const struct counters *c = &h->counters;
	uint64_t retries = get(&c->retries), throttled = get(&c->throttled);
	int n;

	n = snprintf(now->note, sizeof(now->note), "%" PRIu64 " calls, %"
		     PRIu64 " cached", get(&c->calls), get(&c->hits));
	if (n > 0 && (size_t)n < sizeof(now->note) && (retries || throttled))
		snprintf(now->note + n, sizeof(now->note) - (size_t)n, ", %"
			 PRIu64 " retries, %" PRIu64 " throttled", retries,
			 throttled);
}

void http_plan(const struct http *h, struct buf *out)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < h->n_endpoints; i++) {
		const struct endpoint *e = h->endpoints[i];

		sum += e->planned;
		if (e->planned)
			buf_addf(out, "%" PRIu64 "\t%s\n", e->planned,
				 e->name);
	}
	buf_addf(out, "%" PRIu64 "\tall\n", sum);
}
