/*
 * fetching -- the parts of the fetchers' engine that need no network: bucket,
 * waits, window and breaker, header, latencies, queue.
 */
#include "base/opts.h"
#include "snowplow/backoff.h"
#include "snowplow/head.h"
#include "snowplow/heap.h"
#include "snowplow/http_opts.h"
#include "snowplow/latency.h"
#include "snowplow/pace.h"
#include "snowplow/transfer.h"
#include "unit.h"

static const uint64_t second = 1000000000;

/* ---- the bucket ---- */

/* Takes as fast as it is let, for ${n}: in no window more than R*t + B. */
static bool obeys(struct rate r, uint64_t burst, uint64_t step, size_t n)
{
	rate_bucket bucket = 0;
	uint64_t now = 5 * second, *at = calloc(n, sizeof(*at)), wait, most;
	bool ok = at != NULL;

	for (size_t i = 0; ok && i < n; ) {
		wait = rate_take(&bucket, &r, burst, now);
		if (!wait)
			at[i++] = now;
		now += wait ? wait : step;
	}
	for (size_t i = 0; ok && i < n; i++)
		for (size_t j = i; ok && j < n; j++) {
			most = (at[j] - at[i]) / (r.per_ns / r.n) + burst;
			ok = j - i + 1 <= most;
		}
	free(at);
	return ok;
}

static void test_bucket(void)
{
	struct rate r = { 20, second }, none = {0}, slow = { 1, 60 * second };
	rate_bucket b = 0;

	CHECK(obeys(r, 1, 1, 300));
	CHECK(obeys(r, 7, 3000000, 300));
	CHECK(obeys(slow, 2, 1, 50));
	CHECK(rate_take(&b, &none, 0, 1) == 0);
	/* a tenth of a second's worth: 2 at once, then one each 50 ms */
	CHECK(!rate_take(&b, &r, 0, second) && !rate_take(&b, &r, 0, second));
	CHECK(rate_take(&b, &r, 0, second) == 50000000);
	/* after a rest no more than a bucket */
	CHECK(!rate_take(&b, &r, 0, 100 * second));
	CHECK(!rate_take(&b, &r, 0, 100 * second));
	CHECK(rate_take(&b, &r, 0, 100 * second) > 0);
	/* a bucket left far in the future by another rate is cut down */
	b = 1000 * second;
	CHECK(rate_take(&b, &r, 1, 200 * second) <= second);
}

static bool is_rate(const char *text, uint64_t n, uint64_t per_s)
{
	struct rate r = {0};
	char why[200];

	return !rate_parse(&r, text, why) && r.n == n &&
	       r.per_ns == per_s * second;
}

static void test_rate_parse(void)
{
	static const char *const bad[] = { "", "/s", "0", "x", "5/d", "5 /s",
		"-1", "5/s/s", "99999999999999999999999", "2000000000/s" };
	struct rate r;
	char why[200];

	CHECK(is_rate("20", 20, 1) && is_rate("20/s", 20, 1));
	CHECK(is_rate("100/m", 100, 60) && is_rate("5/h", 5, 3600));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(rate_parse(&r, bad[i], why) == -1);
}

/* ---- waits ---- */

static void test_backoff(void)
{
	struct backoff b = { .random = 7 };
	uint64_t most = 0, sum = 0, w;

	for (int i = 0; i < 10000; i++) {
		w = backoff_ns(&b, 100, 1000, 2);
		CHECK(w <= 400);
		most = w > most ? w : most;
		sum += w;
	}
	CHECK(most == 400);
	CHECK(sum > 10000 * 190 && sum < 10000 * 210);
	for (unsigned tries = 0; tries < 200; tries++)
		CHECK(backoff_ns(&b, 100, 1000, tries) <= 1000);
	CHECK(backoff_ns(&b, 0, 1000, 5) == 0);
	CHECK(backoff_ns(&b, UINT64_MAX / 2, UINT64_MAX, 70) <= UINT64_MAX);
	CHECK(backoff_random(&b, 0) == 0);
	backoff_init(&b);
}

/* ---- window and breaker ---- */

static uint64_t room(const struct pace *p, uint64_t now)
{
	uint64_t n = 0;

	while (n < 1000 && pace_allows(p, n, now))
		n++;
	return n;
}

static void test_window(void)
{
	struct pace p;

	pace_init(&p, 10, false, 20);
	CHECK(room(&p, 0) == 10);
	pace_throttled(&p, second);
	CHECK(room(&p, second) == 5);
	pace_throttled(&p, second + 1);		/* of the same round */
	CHECK(room(&p, second) == 5);
	for (int i = 0; i < 7; i++)
		pace_good(&p, 1000, room(&p, 0), 2 * second);
	CHECK(room(&p, 0) == 6);
	for (int i = 0; i < 200; i++)
		pace_good(&p, 1000, room(&p, 0), 2 * second);
	CHECK(room(&p, 0) == 10);
	for (uint64_t i = 3; i < 30; i++)
		pace_throttled(&p, i * second);
	CHECK(room(&p, 0) == 1);
}

static void test_adaptive(void)
{
	struct pace p;
	uint64_t now = second;

	pace_init(&p, 64, true, 20);
	CHECK(room(&p, now) == 1);
	for (int i = 0; i < 7; i++)
		pace_good(&p, 100000, room(&p, now), now);
	CHECK(room(&p, now) == 8);
	pace_good(&p, 100000, 2, now);		/* it was no limit */
	CHECK(room(&p, now) == 8);
	for (int i = 0; i < 100; i++)
		pace_good(&p, 100000, room(&p, now), now);
	CHECK(room(&p, now) == 64);
	for (int i = 0; i < 40; i++) {		/* three times as slow */
		now += second / 10;
		pace_good(&p, 300000, room(&p, now), now);
	}
	CHECK(room(&p, now) < 40);
}

static void test_breaker(void)
{
	struct backoff b = { .random = 3 };
	struct pace p;

	pace_init(&p, 10, false, 3);
	pace_failed(&p, &b, second);
	pace_failed(&p, &b, second);
	pace_good(&p, 1000, 1, second);
	pace_failed(&p, &b, second);
	pace_failed(&p, &b, second);
	CHECK(!p.open && room(&p, second) == 10);
	pace_failed(&p, &b, second);
	CHECK(p.open && !pace_allows(&p, 0, second));
	CHECK(pace_next(&p, 0) > second && !pace_next(&p, 1));
	CHECK(room(&p, pace_next(&p, 0)) == 1);
	pace_good(&p, 1000, 1, 20 * second);
	CHECK(!p.open && room(&p, 20 * second) == 10);
	pace_init(&p, 10, false, 0);
	for (int i = 0; i < 1000; i++)
		pace_failed(&p, &b, second);
	CHECK(!p.open);
}

/* ---- the header ---- */

static void lines(struct head *h, const char *text)
{
	const char *end;

	head_clear(h);
	for (; *text; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		head_line(h, text, (size_t)(end - text));
	}
}

static int64_t pause_of(int status, const char *text, int64_t now_s)
{
	struct head h = {0};
	int64_t ns;

	lines(&h, text);
	h.status = status;
	ns = head_pause_ns(&h, now_s * (int64_t)second);
	head_release(&h);
	return ns < 0 ? ns : ns / (int64_t)second;
}

/* The values are the RFC's example, and Python's calendar.timegm(). */
static void test_dates(void)
{
	static const struct {
		const char *text;
		int64_t want;
	} dates[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "Thu, 29 Feb 2024 23:59:60 GMT", 1709251200 },
		{ "Fri, 01 Jan 2100 00:00:00 GMT", 4102444800 },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "Sun, 06 Nov 1994", -1 }, { "", -1 }, { "Sun,", -1 },
		{ "tomorrow", -1 }, { "Sun, 06 Foo 1994 08:49:37 GMT", -1 },
		{ "Sun, 06 Nov 1994 25:49:37 GMT", -1 },
		{ "Sun, 06 Nov 1994 08:49", -1 }
	};

	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		CHECK(http_date(dates[i].text, strlen(dates[i].text),
				1700000000) == dates[i].want);
		/* no byte behind it is looked at */
		for (size_t n = 0; n < strlen(dates[i].text); n++) {
			char *part = malloc(n ? n : 1);

			memcpy(part, dates[i].text, n);
			(void)http_date(part, n, 1700000000);
			free(part);
		}
	}
}

static void test_pauses(void)
{
	const char *date = "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT";
	const char *both = "Date: Sun, 06 Nov 1994 08:49:07 GMT\n"
		"retry-after:Sun, 06 Nov 1994 08:49:37 GMT";

	CHECK(pause_of(429, "Retry-After: 120", 0) == 120);
	CHECK(pause_of(503, "RETRY-AFTER:\t7 ", 0) == 7);
	CHECK(pause_of(200, "Retry-After: 120", 0) == -1);
	CHECK(pause_of(429, "Retry-After: soon", 0) == -1);
	CHECK(pause_of(429, "Retry-After: 99999999999999999999", 0) ==
	      400 * 86400);
	CHECK(pause_of(429, date, 784111770) == 7);
	CHECK(pause_of(429, date, 784111790) == 0);
	CHECK(pause_of(429, both, 5) == 30);	/* a wrong clock here */
	CHECK(pause_of(200, "", 0) == -1);
	CHECK(pause_of(200, "X-RateLimit-Remaining: 0\n"
		       "X-RateLimit-Reset: 42", 0) == 42);
	CHECK(pause_of(200, "X-RateLimit-Remaining: 0\n"
		       "X-RateLimit-Reset: 1700000030", 1700000000) == 30);
	CHECK(pause_of(200, "X-RateLimit-Remaining: 0\n"
		       "X-RateLimit-Reset: 1700000030000", 1700000000) == 30);
	CHECK(pause_of(200, "X-RateLimit-Remaining: 1\n"
		       "X-RateLimit-Reset: 42", 0) == -1);
	CHECK(pause_of(200, "RateLimit-Remaining: 0\n"
		       "RateLimit-Reset: 3.5", 0) == 4);
	CHECK(pause_of(200, "RateLimit: limit=10, remaining=0, reset=5", 0) ==
	      5);
	CHECK(pause_of(200, "RateLimit: \"default\";r=0;t=9", 0) == 9);
	CHECK(pause_of(200, "RateLimit: \"default\";r=3;t=9", 0) == -1);
	CHECK(pause_of(429, "Retry-After: 2\nRateLimit-Remaining: 0\n"
		       "RateLimit-Reset: 60", 0) == 2);
}

static void test_head(void)
{
	struct head h = {0};

	lines(&h, "ETag:  W/\"a b\" \nLocation: /x\nno colon\n: empty\n");
	CHECK(same(&h.etag, "W/\"a b\""));
	CHECK(same(&h.location, "/x"));
	head_clear(&h);
	CHECK(!h.etag.len && !h.location.len && h.date == -1);
	head_release(&h);
}

/* ---- the rest ---- */

static void test_latency(void)
{
	static struct latency l;
	uint64_t us;

	CHECK(latency_us(&l, 50) == 0);
	for (us = 1; us <= 100000; us++)
		latency_add(&l, us);
	for (unsigned p = 1; p <= 100; p++) {
		us = latency_us(&l, p);
		CHECK(us >= 1000 * p && us <= 1000 * p + 1000 * p / 32 + 1);
	}
	CHECK(l.count == 100000 && l.sum_us == 5000050000);
	memset(&l, 0, sizeof(l));
	latency_add(&l, UINT64_MAX);
	latency_add(&l, 0);
	CHECK(latency_us(&l, 50) == 0 && latency_us(&l, 99) > second);
}

static void test_heap(void)
{
	struct heap h = {0};
	struct backoff b = { .random = 1 };
	uint64_t last = 0, lasts = 0, first;
	size_t n = 0;
	bool ordered = true;

	CHECK(!heap_pop(&h) && !heap_top(&h));
	for (uint64_t i = 0; i < 2000; i++)
		heap_push(&h, backoff_random(&b, 50), i, &h);
	while (heap_top(&h)) {
		first = heap_top(&h)->first;
		ordered &= first > last ||
			   (first == last && heap_top(&h)->second >= lasts);
		last = first;
		lasts = heap_top(&h)->second;
		CHECK(heap_pop(&h) == &h);
		n++;
	}
	CHECK(ordered && n == 2000);
	heap_release(&h);
}

static bool origin(const char *url, const char *want)
{
	struct buf b = {0};
	bool ok = url_origin(&b, url) ? !want : want && same(&b, want);

	buf_release(&b);
	return ok;
}

static bool resolves(const char *location, const char *want)
{
	struct buf b = {0};
	bool ok = url_resolve(&b, "https://a.b/c/d?e=f", location) ? !want :
		  want && same(&b, want);

	buf_release(&b);
	return ok;
}

static void test_urls(void)
{
	CHECK(origin("https://A.b/c", "https://a.b:443"));
	CHECK(origin("https://a.b:443/c", "https://a.b:443"));
	CHECK(origin("http://a.b:8080?x", "http://a.b:8080"));
	CHECK(origin("http://u:p@evil.c/", "http://evil.c:80"));
	CHECK(origin("ftp://a.b/", NULL) && origin("a", NULL));
	CHECK(resolves("/x", "https://a.b/x"));
	CHECK(resolves("x", "https://a.b/c/x"));
	CHECK(resolves("//evil.c/x", "https://evil.c/x"));
	CHECK(resolves("http://a.b/x", "http://a.b/x"));
}

int main(void)
{
	test_bucket();
	test_rate_parse();
	test_backoff();
	test_window();
	test_adaptive();
	test_breaker();
	test_dates();
	test_pauses();
	test_head();
	test_latency();
	test_heap();
	test_urls();
	return unit_end("fetching");
}
