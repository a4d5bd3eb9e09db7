/*
 * part -- one answer on its way into structs(5) lines.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "snowplow/api.h"
#include "snowplow/part.h"

static const char not_object[] = "an item is no object";
static const char no_room[] = "the temporary file cannot be written";

struct part *part_new(enum kind kind)
{
	struct part *p = mem_zalloc(1, sizeof(*p));

	p->kind = kind;
	p->spool.fd = -1;
	return p;
}

static char *copy(const char *s)
{
	return mem_dup(s, strlen(s));
}

static void error_release(struct fetch_error *e)
{
	union {
		const char *in;
		char *out;
	} url = {e->url}, reason = {e->reason};

	free(url.out);
	free(reason.out);
	*e = (struct fetch_error){0};
}

void part_free(struct part *p)
{
	if (!p)
		return;
	spool_release(&p->spool);
	items_release(&p->items);
	buf_release(&p->line);
	error_release(&p->error);
	free(p->parent);
	free(p->id);
	free(p);
}

/* vendor, name, format and version out of a body's "self". */
static bool add_self(struct buf *b, struct span self)
{
	static const char *const names[] = {
		"vendor", "name", "format", "version"
	};

	for (int i = 0; i < 4; i++) {
		struct span value = object_member(self, names[i]);

		if (!value.s || *value.s != '"')
			return false;
		object_add(b, names[i], value);
	}
	return true;
}

static void bad_line(struct part *p, const char *reason)
{
	struct fetch_error e = {"body", 200, "", reason};

	buf_clear(&p->line);
	object_begin(&p->line, p->kind);
	object_fetch_error(&p->line, &e);
	p->bad++;
}

static void schema_line(struct part *p, struct span body)
{
	struct buf *b = &p->line;

	if (!add_self(b, object_member(body, "self"))) {
		bad_line(p, "a schema without vendor, name, format and "
			    "version in \"self\"");
		return;
	}
	object_add_text(b, "from", p->from, strlen(p->from));
	object_add(b, "body", body);
}

/* An item of a listing, or the one object. */
static int take_item(void *arg, struct span item)
{
	struct part *p = arg;
	struct buf *b = &p->line;

	if (*item.s != '{') {
		p->why = not_object;
		return -1;
	}
	buf_clear(b);
	object_begin(b, p->kind);
	if (p->parent)
		object_add(b, p->parent_name,
			   (struct span){p->parent, strlen(p->parent)});
	if (p->kind == KIND_SCHEMA)
		schema_line(p, item);
	else
		object_members(b, p->kind, item);
	object_close(b);
	p->lines++;
	if (!spool_add(&p->spool, b->s, b->len))
		return 0;
	p->why = no_room;
	return -1;
}

static void restart(void *arg)
{
	struct part *p = arg;

	items_release(&p->items);
	items_start(&p->items, take_item, p);
	spool_clear(&p->spool);
	p->lines = p->bad = 0;
	p->why = NULL;
}

static const char *stream(void *arg, const char *text, size_t len)
{
	struct part *p = arg;
	int rc = text ? items_feed(&p->items, text, len)
		      : items_end(&p->items);

	if (!rc)
		return NULL;
	return p->why ? p->why : p->items.why;
}

static void fail(struct part *p, const char *error, long status,
		 const char *url, const char *reason)
{
	error_release(&p->error);
	p->failed = true;
	p->error.error = error;
	p->error.status = status;
	p->error.url = copy(url);
	p->error.reason = copy(reason);
}

/* The API's own list of errors, in an answer that is fine otherwise. */
static void api_errors(struct part *p, const char *url, int status)
{
	struct buf b = {0};

	buf_adds(&b, "the API reports errors: ");
	buf_add_visible(&b, p->items.errors.s, p->items.errors.len);
	fail(p, "body", status, url, buf_cstr(&b));
	buf_release(&b);
}

/* Is the line the schema that was asked for by name? */
static bool is_wanted(const struct part *p)
{
	static const char *const names[] = {
		"vendor", "name", "format", "version"
	};
	struct span line = {p->line.s, p->line.len};
	struct buf key = {0}, text = {0};
	bool same;

	for (int i = 0; i < 4; i++) {
		if (i)
			buf_addc(&key, '/');
		if (object_text(line, names[i], &text))
			buf_add(&key, text.s, text.len);
	}
	same = key.len == p->want_key.len &&
	       !memcmp(key.s, p->want_key.s, key.len);
	buf_release(&key);
	buf_release(&text);
	return same;
}

static void single(struct part *p, struct http_answer *a)
{
	struct span text = value_trim(a->body->s, a->body->len);

	if (take_item(p, text))
		fail(p, "body", a->status, a->url, "no object");
	else if (p->want_key.s && !is_wanted(p))
		fail(p, "body", a->status, a->url, "not the schema asked for");
	if (p->failed) {
		spool_clear(&p->spool);
		p->lines = p->bad = 0;
	}
}

static void done(void *arg, struct http_answer *a)
{
	struct part *p = arg;

	p->failed = false;
	if (a->outcome == HTTP_STOPPED) {
		p->stopped = true;
		spool_clear(&p->spool);
		p->lines = 0;
	} else if (a->outcome == HTTP_OK && p->single) {
		single(p, a);
	} else if (a->outcome == HTTP_OK && p->items.errors.len) {
		api_errors(p, a->url, a->status);
	} else if (a->outcome != HTTP_OK && a->outcome != HTTP_PLANNED) {
		fail(p, http_outcome_name(a->outcome), a->status, a->url,
		     a->reason ? a->reason : "");
	}
	p->state = PART_READY;
	p->ready(p->arg, p);
}

void part_submit(struct part *p, struct http *http,
		 const struct part_request *r)
{
	struct http_request request = {
		.url = r->url, .endpoint = r->endpoint, .auth = r->auth,
		.order = r->order, .content_hash = r->content_hash,
		.stream = r->single ? NULL : stream,
		.restart = r->single ? NULL : restart,
		.done = done, .arg = p
	};

	p->http = http;
	p->ready = r->ready;
	p->arg = r->arg;
	p->single = r->single;
	p->state = PART_ASKED;
	restart(p);
	http_submit(http, &request);
}

void part_refuse(struct part *p, const char *reason)
{
	struct buf url = {0};

	buf_adds(&url, "iglu:");
	buf_add(&url, p->want_key.s, p->want_key.len);
	fail(p, "config", 0, buf_cstr(&url), reason);
	p->state = PART_READY;
	buf_release(&url);
}

/* The parts of "vendor/name/format/version". */
static void add_key(struct buf *b, struct span key)
{
	struct schema_ref ref;

	if (!schema_ref_parse(&ref, key.s, key.len))
		return;
	object_add_text(b, "vendor", ref.vendor.s, ref.vendor.len);
	object_add_text(b, "name", ref.name.s, ref.name.len);
	object_add_text(b, "format", ref.format.s, ref.format.len);
	object_add_text(b, "version", ref.version.s, ref.version.len);
}

void part_failure_line(const struct part *p, struct buf *b)
{
	object_begin(b, p->kind);
	if (p->parent)
		object_add(b, p->parent_name,
			   (struct span){p->parent, strlen(p->parent)});
	if (p->want_key.s)
		add_key(b, p->want_key);
	object_fetch_error(b, &p->error);
	object_close(b);
}
