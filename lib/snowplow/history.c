/*
 * history -- all deployments of one data structure.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "json/compact.h"
#include "json/str.h"
#include "snowplow/api.h"
#include "snowplow/history.h"

struct version {
	struct history *history;
	char *name;		/* "1-0-0", unescaped */
	char *content_hash;	/* or NULL */
	struct buf body;
	bool failed;
	struct fetch_error error;
};

static char *copy(const char *s)
{
	return mem_dup(s, strlen(s));
}

static void free_text(const char *s)
{
	union {
		const char *in;
		char *out;
	} text = {s};

	free(text.out);
}

static void set_error(struct fetch_error *e, struct fetch_error from)
{
	free_text(e->url);
	free_text(e->reason);
	*e = from;
	e->url = copy(from.url);
	e->reason = copy(from.reason);
}

void history_free(struct history *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->n; i++) {
		free(h->list[i].name);
		free(h->list[i].content_hash);
		buf_release(&h->list[i].body);
		free_text(h->list[i].error.url);
		free_text(h->list[i].error.reason);
	}
	free(h->list);
	nameset_release(&h->page);
	nameset_release(&h->before);
	buf_release(&h->deployments);
	buf_release(&h->versions);
	free_text(h->error.url);
	free_text(h->error.reason);
	free(h->hash);
	free(h);
}

static void finish(struct history *h)
{
	h->r.done(h->r.arg, h);
}

static void fail(struct history *h, struct fetch_error e)
{
	set_error(&h->error, e);
	h->failed = true;
	finish(h);
}

/* Keeps the version of a deployment, the first time it is met. */
static void note_version(struct history *h, struct span deployment)
{
	struct buf name = {0}, content = {0};
	size_t i;

	if (!h->r.versions || !object_text(deployment, "version", &name) ||
	    !name.len) {
		buf_release(&name);
		return;
	}
	for (i = 0; i < h->n; i++)
		if (strlen(h->list[i].name) == name.len &&
		    !memcmp(h->list[i].name, name.s, name.len))
			break;
	if (i == h->n) {
		mem_grow(&h->list, &h->cap, ++h->n, sizeof(*h->list));
		h->list[i] = (struct version){.history = h};
		h->list[i].name = mem_dup(name.s, name.len);
		if (object_text(deployment, "contentHash", &content))
			h->list[i].content_hash =
				mem_dup(content.s, content.len);
	}
	buf_release(&name);
	buf_release(&content);
}

/*
 * A deployment of the page, unless the page before ended with it.  ${full}:
 * there will be another page.
 */
static void add_deployment(struct history *h, struct span item, bool full)
{
	struct buf text = {0};

	json_compact(&text, item);
	if (nameset_find(&h->before, text.s, text.len) < 0) {
		if (full)
			nameset_add(&h->page, text.s, text.len, NULL);
		if (h->deployments.len > 1)
			buf_addc(&h->deployments, ',');
		buf_add(&h->deployments, text.s, text.len);
		note_version(h, item);
	}
	buf_release(&text);
}

/* Takes the listing in ${body}; returns its length, or -1: none. */
static int64_t take_page(struct history *h, struct span body)
{
	struct span list = body, item;
	struct value_iter it;
	int64_t n = 0;

	if (body.len && *body.s == '{')
		list = object_member(body, "data");
	if (!list.s || !list.len || *list.s != '[')
		return -1;
	value_iter_start(&it, list);
	while (value_next(&it, NULL, &item))
		n++;
	value_iter_start(&it, list);
	while (value_next(&it, NULL, &item))
		add_deployment(h, item, n == HISTORY_PAGE);
	return n;
}

static int by_version(const void *a, const void *b)
{
	const struct version *x = a, *y = b;

	return version_order((struct span){x->name, strlen(x->name)},
			     (struct span){y->name, strlen(y->name)});
}

static void write_versions(struct history *h)
{
	struct buf *b = &h->versions;

	buf_addc(b, '{');
	for (size_t i = 0; i < h->n; i++) {
		struct version *v = &h->list[i];

		if (i)
			buf_addc(b, ',');
		str_write(b, v->name, strlen(v->name));
		buf_addc(b, ':');
		if (v->failed) {
			h->bad_versions++;
			buf_adds(b, "{\"fetch_error\":");
			fetch_error_write(b, &v->error);
			buf_addc(b, '}');
		} else {
			buf_add(b, v->body.s, v->body.len);
		}
	}
	buf_addc(b, '}');
}

static void version_done(void *arg, struct http_answer *a)
{
	struct version *v = arg;
	struct history *h = v->history;

	if (a->outcome == HTTP_STOPPED) {
		h->stopped = true;
	} else if (a->outcome == HTTP_OK) {
		json_compact(&v->body, value_trim(a->body->s, a->body->len));
		if (!v->body.len || *v->body.s != '{') {
			v->failed = true;
			set_error(&v->error, (struct fetch_error){
				"body", a->status, a->url, "no object"});
		}
	} else {
		v->failed = true;
		set_error(&v->error, fetch_error_of(a));
	}
	if (--h->open)
		return;
	if (!h->stopped)
		write_versions(h);
	finish(h);
}

/* The list does not move from here on: requests point into it. */
static void ask_versions(struct history *h)
{
	struct buf url = {0};

	qsort(h->list, h->n, sizeof(*h->list), by_version);
	h->open = h->n;
	for (size_t i = 0; i < h->n; i++) {
		struct version *v = &h->list[i];
		struct http_request request = {
			.endpoint = "schema-version", .auth = HTTP_CONSOLE,
			.order = h->r.order, .done = version_done, .arg = v,
			.content_hash = v->content_hash
		};

		buf_clear(&url);
		api_url(&url, h->r.console,
			"/data-structures/v1/%s/versions/%s",
			(const char *const[]){h->hash, v->name, NULL});
		request.url = buf_cstr(&url);
		http_submit(h->r.http, &request);
	}
	buf_release(&url);
}

static void ask_page(struct history *h);

static void end_pages(struct history *h)
{
	buf_addc(&h->deployments, ']');
	if (!h->r.versions || !h->n) {
		if (h->r.versions)
			buf_adds(&h->versions, "{}");
		finish(h);
		return;
	}
	ask_versions(h);
}

static void page_done(void *arg, struct http_answer *a)
{
	struct history *h = arg;
	int64_t n;

	h->stopped = a->outcome == HTTP_STOPPED;
	h->planned = a->outcome == HTTP_PLANNED;
	if (h->stopped || h->planned) {
		finish(h);
	} else if (a->outcome == HTTP_STATUS && a->status == 404 &&
		   h->r.may_be_missing) {
		end_pages(h);
	} else if (a->outcome != HTTP_OK) {
		fail(h, fetch_error_of(a));
	} else {
		n = take_page(h, value_trim(a->body->s, a->body->len));
		if (n < 0)
			fail(h, (struct fetch_error){"body", a->status, a->url,
						     "no list of deployments"});
		/* a page without anything new ends too: no paging there */
		else if (n != HISTORY_PAGE || !h->page.n)
			end_pages(h);
		else
			ask_page(h);
	}
}

static void ask_page(struct history *h)
{
	struct http_request request = {
		.endpoint = "deployments", .auth = HTTP_CONSOLE,
		.order = h->r.order, .done = page_done, .arg = h
	};
	struct buf url = {0};

	nameset_release(&h->before);
	h->before = h->page;
	h->page = (struct nameset){0};
	api_url(&url, h->r.console, "/data-structures/v1/%s/deployments",
		(const char *const[]){h->hash, NULL});
	buf_addf(&url, "?from=%llu&size=%d", (unsigned long long)h->asked,
		 HISTORY_PAGE);
	h->asked += HISTORY_PAGE;
	request.url = buf_cstr(&url);
	http_submit(h->r.http, &request);
	buf_release(&url);
}

struct history *history_start(const struct history_request *r)
{
	struct history *h = mem_zalloc(1, sizeof(*h));

	h->r = *r;
	h->hash = copy(r->hash);
	buf_addc(&h->deployments, '[');
	ask_page(h);
	return h;
}

void history_tell(const struct history *h, struct failures *f, const char *what)
{
	struct buf b = {0};

	for (size_t i = 0; i < h->n; i++) {
		if (!h->list[i].failed)
			continue;
		buf_clear(&b);
		buf_addf(&b, "%s %s", what, h->list[i].name);
		failures_add(f, KIND_DATA_STRUCTURE, buf_cstr(&b),
			     &h->list[i].error);
	}
	buf_release(&b);
}
