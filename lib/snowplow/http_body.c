/*
 * http_body -- what comes in for a job, from the network or the cache.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "json/check.h"
#include "snowplow/http_in.h"

enum { PIECE = 256 * 1024, MAX_DEPTH = 1000 };

/* "HTTP/1.1 200 OK" begins an answer: what came before it was a 1xx. */
static int status_of(const char *line, size_t len)
{
	const char *blank = memchr(line, ' ', len);

	if (len < 5 || memcmp(line, "HTTP/", 5) || !blank ||
	    line + len - blank < 4)
		return 0;
	for (int i = 1; i <= 3; i++)
		if (blank[i] < '0' || blank[i] > '9')
			return 0;
	return 100 * (blank[1] - '0') + 10 * (blank[2] - '0') + blank[3] - '0';
}

static void on_line(void *arg, const char *line, size_t len)
{
	struct job *j = arg;
	int status = status_of(line, len);

	if (status) {
		head_clear(&j->head);
		j->head.status = status;
	} else {
		head_line(&j->head, line, len);
	}
}

/*
 * Hands a piece of a stream on.  The caller's time is not the host's: the
 * clocks are looked at before and after.
 */
const char *feed(struct http *h, struct job *j, const char *text, size_t len)
{
	const char *damage;

	http_tick(h, false);
	if (!j->fed && j->handed && j->request.restart)
		j->request.restart(j->request.arg);
	j->fed = true;
	damage = j->request.stream(j->request.arg, text, len);
	http_tick(h, true);
	return damage;
}

static void keep(struct http *h, struct job *j, const char *text, size_t len)
{
	if (!h->cache || j->is_token)
		return;
	if (!j->writer) {
		cache_key(&h->key, j->request.url, j->request.content_hash);
		j->writer = cache_write_begin(h->cache, &h->key,
			j->head.etag.len ? buf_cstr(&j->head.etag) : NULL);
	}
	cache_write(j->writer, text, len);
}

static int on_body(void *arg, const char *text, size_t len);
static void on_done(void *arg, enum transfer_end end, const char *reason);

const struct transfer_calls http_calls = {
	.line = on_line, .body = on_body, .done = on_done
};

static bool is_good(const struct job *j)
{
	return j->head.status >= 200 && j->head.status < 300;
}

/* Bodies of other statuses tell people something at most: dropped. */
static int on_body(void *arg, const char *text, size_t len)
{
	struct job *j = arg;
	struct http *h = j->http;

	atomic_fetch_add(&h->counters.bytes, len);
	if (!is_good(j))
		return 0;
	j->host->quiet_since = h->now - h->lost;
	if (j->request.stream && !j->is_token) {
		keep(h, j, text, len);
		j->damage = feed(h, j, text, len);
	} else if (j->body.len + len > MAX_BODY) {
		j->damage = "longer than any answer should be";
	} else {
		buf_add(&j->body, text, len);
	}
	return j->damage != NULL;
}

static void on_done(void *arg, enum transfer_end end, const char *reason)
{
	struct job *j = arg;
	struct http *h = j->http;

	http_tick(h, false);	/* the wait for it is over since */
	j->transfer = NULL;
	take_back(h, j);
	job_ended(h, j, end, reason);
}

/* The end of a good answer: is it what it should be?  NULL, or why not. */
const char *body_end(struct http *h, struct job *j)
{
	struct json_fault fault;

	if (j->damage)
		return j->damage;
	if (j->request.stream && !j->is_token)
		return feed(h, j, NULL, 0);
	if (!json_check(j->body.s ? j->body.s : "", j->body.len, MAX_DEPTH,
			&fault))
		return NULL;
	return j->body.len ? fault.reason : "an empty answer";
}

/* A body that is right, whole, goes into the cache. */
void body_keep(struct http *h, struct job *j)
{
	if (!j->request.stream || j->is_token)
		keep(h, j, j->body.s, j->body.len);
	cache_write_end(j->writer, true);
	j->writer = NULL;
}

static int stream_from_cache(struct http *h, struct job *j)
{
	char *piece = mem_alloc(PIECE);
	long n = 0;

	while (!j->damage && (n = cache_read(j->entry, piece, PIECE)) > 0)
		j->damage = feed(h, j, piece, (size_t)n);
	free(piece);
	if (!j->damage && !n)
		j->damage = feed(h, j, NULL, 0);
	return j->damage || n ? -1 : 0;
}

int body_from_cache(struct http *h, struct job *j)
{
	uint64_t len = cache_length(j->entry);
	long n;

	j->damage = NULL;
	j->cached = true;
	cache_rewind(j->entry);
	if (j->request.stream)
		return stream_from_cache(h, j);
	if (len > MAX_BODY)
		return -1;
	buf_clear(&j->body);
	n = cache_read(j->entry, buf_reserve(&j->body, (size_t)len + 1),
		       (size_t)len);
	if (n < 0 || (uint64_t)n != len)
		return -1;
	j->body.len = (size_t)len;
	return 0;
}
