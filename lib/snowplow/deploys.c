/*
 * deploys -- histories for the data structures of a structs(5) stream.
 *
 * The lines that are held stand in a list in the order of the input.  Those
 * from its head on that are ready are written; with .unordered all that are.
 */
#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"
#include "json/compact.h"
#include "snowplow/deploys.h"
#include "snowplow/history.h"

enum { MAX_HELD = 8 * 1024 * 1024 };

struct slot {
	struct slot *prev, *next;
	struct deploys *d;
	struct buf line;	/* the input's, then what to write */
	enum kind kind;
	bool ready, gone;	/* .gone: nothing is to be written */
	struct history *history;
	bool passed_error;	/* a fetch_error that came with the input */
	bool whole_listing;
};

struct deploys {
	struct deploys_opts o;
	struct http *http;
	struct out *out;
	struct failures *failures;
	struct tally *tally;
	struct slot *head, *tail;
	uint64_t slots, held;	/* lines, and bytes of those that are ready */
	uint64_t serial, resumed;
	bool ended;
};

struct deploys *deploys_new(const struct deploys_opts *o, struct http *http,
			    struct out *out, struct failures *failures,
			    struct tally *tally)
{
	struct deploys *d = mem_zalloc(1, sizeof(*d));

	d->o = *o;
	d->http = http;
	d->out = out;
	d->failures = failures;
	d->tally = tally;
	return d;
}

static void slot_drop(struct slot *s)
{
	struct deploys *d = s->d;

	if (s->prev)
		s->prev->next = s->next;
	else
		d->head = s->next;
	if (s->next)
		s->next->prev = s->prev;
	else
		d->tail = s->prev;
	d->slots--;
	if (s->ready)
		d->held -= s->line.len;
	history_free(s->history);
	buf_release(&s->line);
	free(s);
}

void deploys_free(struct deploys *d)
{
	while (d && d->head)
		slot_drop(d->head);
	free(d);
}

bool deploys_room(const struct deploys *d)
{
	return d->slots < 4 * d->o.max_procs && d->held < MAX_HELD;
}

bool deploys_idle(const struct deploys *d)
{
	return !d->slots;
}

uint64_t deploys_resumed(const struct deploys *d)
{
	return d->resumed;
}

bool deploys_ended(const struct deploys *d)
{
	return d->ended;
}

static struct slot *slot_new(struct deploys *d, struct span line)
{
	struct slot *s = mem_zalloc(1, sizeof(*s));

	s->d = d;
	buf_add(&s->line, line.s, line.len);
	s->prev = d->tail;
	if (d->tail)
		d->tail->next = s;
	else
		d->head = s;
	d->tail = s;
	d->slots++;
	return s;
}

static void slot_ready(struct slot *s)
{
	s->ready = true;
	s->d->held += s->line.len;
}

static bool is_name(struct span key, const char *name)
{
	return key.len == strlen(name) && !memcmp(key.s, name, key.len);
}

/*
 * The line up to where ours begin: a line of this format, even if what came in
 * was the API's own (then it has no kind, and members like ours are its own).
 */
static void add_members(struct buf *b, struct span line)
{
	struct value_iter it;
	struct span key, value;

	object_begin(b, KIND_DATA_STRUCTURE);
	if (!object_member(line, "kind").s) {
		object_members(b, KIND_DATA_STRUCTURE, line);
		return;
	}
	value_iter_start(&it, line);
	while (value_next(&it, &key, &value)) {
		if (is_name(key, "kind") || is_name(key, "history") ||
		    is_name(key, "versions") || is_name(key, "fetch_error"))
			continue;
		buf_adds(b, ",\"");
		buf_add(b, key.s, key.len);
		buf_adds(b, "\":");
		json_compact(b, value);
	}
}

/* Replaces the slot's line by one with what was found out. */
static void rewrite(struct slot *s, struct span history, struct span versions,
		    const struct fetch_error *error)
{
	struct buf b = {0};

	add_members(&b, (struct span){s->line.s, s->line.len});
	if (history.len)
		object_add(&b, "history", history);
	if (versions.len)
		object_add(&b, "versions", versions);
	if (error)
		object_fetch_error(&b, error);
	buf_addc(&b, '}');
	buf_release(&s->line);
	s->line = b;
}

/* "vendor/name" of a line, for messages. */
static void name_of(struct span line, struct buf *name)
{
	struct buf part = {0};

	object_text(line, "vendor", &part);
	buf_add(name, part.s, part.len);
	buf_addc(name, '/');
	object_text(line, "name", &part);
	buf_add(name, part.s, part.len);
	buf_cstr(name);
	buf_release(&part);
}

static void fetched(void *arg, struct history *h)
{
	struct slot *s = arg;
	struct deploys *d = s->d;
	struct buf name = {0};

	s->gone = h->stopped || h->planned;
	if (!s->gone) {
		name_of((struct span){s->line.s, s->line.len}, &name);
		if (h->failed)
			failures_add(d->failures, KIND_DATA_STRUCTURE, name.s,
				     &h->error);
		history_tell(h, d->failures, name.s);
		d->tally->fetch_errors += h->failed + h->bad_versions;
		if (h->failed || h->bad_versions)
			d->tally->complete = false;
		rewrite(s, h->failed ? (struct span){NULL, 0} :
			(struct span){h->deployments.s, h->deployments.len},
			(struct span){h->versions.s, h->versions.len},
			h->failed ? &h->error : NULL);
	}
	if (h->stopped)
		d->tally->complete = false;
	history_free(h);
	s->history = NULL;
	buf_release(&name);
	slot_ready(s);
}

/*
 * The hash of a data structure, as the API makes it where the line has none.
 */
static bool find_hash(const struct deploys *d, struct span line,
		      struct buf *hash)
{
	static const char *const names[] = {"vendor", "name", "format"};
	struct buf text = {0}, part = {0};
	char hex[SHA256_HEX];
	bool whole = true;

	if (object_text(line, "hash", hash) && hash->len)
		return true;
	if (!object_text(line, "organizationId", &text))
		buf_adds(&text, d->o.org);
	for (int i = 0; i < 3; i++) {
		whole &= object_text(line, names[i], &part) && part.len;
		buf_addc(&text, '-');
		buf_add(&text, part.s, part.len);
	}
	if (whole) {
		digest_sha256(text.s, text.len, hex);
		buf_clear(hash);
		buf_adds(hash, hex);
	}
	buf_release(&text);
	buf_release(&part);
	return whole;
}

/* The Console listed it, with no deployment. */
static bool never_deployed(struct span line)
{
	struct span list = object_member(line, "deployments");

	return list.s && *list.s == '[' &&
	       *value_blank(list.s + 1, list.s + list.len) == ']';
}

static bool resume(struct slot *s, const char *hash)
{
	struct deploys *d = s->d;
	struct buf old = {0};
	struct span text, none = {NULL, 0};
	bool found = earlier_find(d->o.earlier, hash,
				  (struct span){s->line.s, s->line.len}, &old);

	if (found) {
		text = (struct span){old.s, old.len};
		rewrite(s, object_member(text, "history"),
			d->o.versions ? object_member(text, "versions") : none,
			NULL);
		d->resumed++;
		slot_ready(s);
	}
	buf_release(&old);
	return found;
}

static enum deploys_added add_structure(struct deploys *d, struct span line)
{
	struct history_request r = {
		.http = d->http, .console = d->o.console,
		.versions = d->o.versions, .done = fetched,
		.may_be_missing = never_deployed(line)
	};
	struct buf hash = {0};
	struct slot *s;
	bool known;

	if (!filter_wants(d->o.filter, line))
		return DEPLOYS_ADDED;
	known = find_hash(d, line, &hash);
	s = slot_new(d, line);
	s->kind = KIND_DATA_STRUCTURE;
	if (!known) {
		d->tally->complete = false;
		slot_ready(s);
	} else if (!resume(s, buf_cstr(&hash))) {
		r.hash = hash.s;
		r.order = d->serial++;
		r.arg = s;
		s->history = history_start(&r);
	}
	buf_release(&hash);
	return known ? DEPLOYS_ADDED : DEPLOYS_ODD;
}

/* A line that only says that a listing could not be fetched. */
static bool is_failed_listing(struct span line)
{
	struct value_iter it;
	struct span key, value;

	value_iter_start(&it, line);
	while (value_next(&it, &key, &value))
		if (!is_name(key, "kind") && !is_name(key, "pipelineId") &&
		    !is_name(key, "trackingPlanId") &&
		    !is_name(key, "fetch_error"))
			return false;
	return true;
}

static void pass(struct deploys *d, struct span line, enum kind kind)
{
	struct slot *s = slot_new(d, line);

	s->kind = kind;
	s->passed_error = object_member(line, "fetch_error").s != NULL;
	s->whole_listing = s->passed_error && is_failed_listing(line);
	slot_ready(s);
}

/* A structure as the API lists it, without our "kind", is welcome too. */
static bool is_structure(struct span line)
{
	return object_member(line, "hash").s ||
	       (object_member(line, "vendor").s &&
		object_member(line, "name").s &&
		object_member(line, "format").s);
}

enum deploys_added deploys_add(struct deploys *d, struct span line)
{
	struct buf name = {0};
	bool has_kind = object_text(line, "kind", &name);
	enum kind kind = has_kind ? kind_find(name.s, name.len) : KINDS;

	buf_release(&name);
	if (!has_kind && is_structure(line))
		kind = KIND_DATA_STRUCTURE;
	d->ended = kind == KIND_END;
	if (kind == KIND_END) {
		tally_input(d->tally, line);
		return DEPLOYS_ADDED;
	}
	if (kind == KIND_DATA_STRUCTURE &&
	    !(object_member(line, "fetch_error").s && is_failed_listing(line)))
		return add_structure(d, line);
	pass(d, line, kind);
	return DEPLOYS_ADDED;
}

static int write_slot(struct slot *s)
{
	struct deploys *d = s->d;

	if (s->gone)
		return 0;
	if (!s->whole_listing)
		tally_add(d->tally, s->kind);
	d->tally->fetch_errors += s->passed_error;
	if (out_add(d->out, s->line.s, s->line.len))
		return -1;
	return out_add(d->out, "\n", 1);
}

int deploys_write(struct deploys *d)
{
	struct slot *s, *next;

	/* after a stop there is nothing to wait for: what is ready goes out */
	bool any = d->o.unordered || http_rc(d->http);

	for (s = d->head; s && (s->ready || any); s = next) {
		next = s->next;
		if (!s->ready)
			continue;
		if (write_slot(s))
			return -1;
		slot_drop(s);
	}
	return 0;
}
