/*
 * head -- what an answer's header says that matters here.
 */
#include <stdbool.h>
#include <strings.h>

#include "snowplow/head.h"

/* Resets above are moments, not spans: 2001 as Unix time, 31 years as span. */
static const int64_t moment = 1000000000;
static const int64_t second_ns = 1000000000;

/* More is nonsense, and must not overflow as nanoseconds. */
static const int64_t longest_s = (int64_t)400 * 86400;

void head_clear(struct head *h)
{
	struct buf location = h->location, etag = h->etag;

	buf_clear(&location);
	buf_clear(&etag);
	*h = (struct head){ .location = location, .etag = etag, .date = -1,
		.retry_s = -1, .retry_at = -1, .remaining = -1, .reset = -1,
		.reset_at = -1 };
}

void head_release(struct head *h)
{
	buf_release(&h->location);
	buf_release(&h->etag);
}

/* Seconds, a fraction ignored upwards; -1: no number. */
static int64_t seconds(const char *s, size_t len)
{
	int64_t n = 0;
	size_t i = 0;

	for (; i < len && s[i] >= '0' && s[i] <= '9'; i++)
		if (n < moment * 1000)
			n = 10 * n + (s[i] - '0');
	if (!i)
		return -1;
	return i < len && s[i] == '.' ? n + 1 : n;
}

static void set_reset(struct head *h, int64_t value)
{
	if (value < moment)
		h->reset = value;
	else	/* some give milliseconds */
		h->reset_at = value < moment * 100 ? value : value / 1000;
}

/* ${name}=number in "limit=100, remaining=0;reset=5". */
static int64_t parameter(const char *s, size_t len, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i + n < len; i++)
		if ((!i || strchr(" ,;", s[i - 1])) && s[i + n] == '=' &&
		    !strncasecmp(s + i, name, n))
			return seconds(s + i + n + 1, len - i - n - 1);
	return -1;
}

static void rate_limit(struct head *h, const char *s, size_t len)
{
	int64_t left = parameter(s, len, "remaining");
	int64_t reset = parameter(s, len, "reset");

	if (left < 0)
		left = parameter(s, len, "r");
	if (reset < 0)
		reset = parameter(s, len, "t");
	if (left < 0 || reset < 0)
		return;
	/* of several limits the one that is used up */
	if (h->remaining < 0 || left <= h->remaining) {
		h->remaining = left;
		set_reset(h, reset);
	}
}

static bool is(const char *line, size_t len, const char *name)
{
	return len == strlen(name) && !strncasecmp(line, name, len);
}

static void retry_after(struct head *h, const char *s, size_t len)
{
	h->retry_s = seconds(s, len);
	if (h->retry_s < 0)
		h->retry_at = http_date(s, len, h->date);
}

static void copy(struct buf *b, const char *s, size_t len)
{
	buf_clear(b);
	buf_add(b, s, len);
}

void head_line(struct head *h, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len), *s, *end = line + len;
	size_t name, n;

	if (!colon)
		return;
	name = (size_t)(colon - line);
	for (s = colon + 1; s < end && (*s == ' ' || *s == '\t'); s++)
		;
	while (end > s && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	n = (size_t)(end - s);
	if (is(line, name, "location"))
		copy(&h->location, s, n);
	else if (is(line, name, "etag"))
		copy(&h->etag, s, n);
	else if (is(line, name, "date"))
		h->date = http_date(s, n, 0);
	else if (is(line, name, "retry-after"))
		retry_after(h, s, n);
	else if (is(line, name, "ratelimit"))
		rate_limit(h, s, n);
	else if (is(line, name, "ratelimit-remaining") ||
		 is(line, name, "x-ratelimit-remaining"))
		h->remaining = seconds(s, n);
	else if (is(line, name, "ratelimit-reset") ||
		 is(line, name, "x-ratelimit-reset"))
		set_reset(h, seconds(s, n));
}

static int64_t span_ns(int64_t s)
{
	return (s < longest_s ? s : longest_s) * second_ns;
}

/* Until the moment ${at}. */
static int64_t until_ns(const struct head *h, int64_t at, int64_t unix_ns)
{
	int64_t left;

	if (h->date >= 0)
		return at > h->date ? span_ns(at - h->date) : 0;
	left = at - unix_ns / second_ns;
	if (left > longest_s)
		return span_ns(left);
	left = at * second_ns - unix_ns;
	return left > 0 ? left : 0;
}

int64_t head_pause_ns(const struct head *h, int64_t unix_ns)
{
	if (h->status == 429 || h->status >= 500) {
		if (h->retry_s >= 0)
			return span_ns(h->retry_s);
		if (h->retry_at >= 0)
			return until_ns(h, h->retry_at, unix_ns);
	}
	if (h->remaining == 0 && h->reset >= 0)
		return span_ns(h->reset);
	if (h->remaining == 0 && h->reset_at >= 0)
		return until_ns(h, h->reset_at, unix_ns);
	return -1;
}
