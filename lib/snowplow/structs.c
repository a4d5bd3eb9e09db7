/*
 * structs -- all of an organisation, each thing once.
 */
#include <stdlib.h>

#include "base/err.h"
#include "snowplow/api.h"
#include "snowplow/structs_in.h"

static const struct listing {
	enum kind kind;
	const char *path;
	const char *endpoint;	/* in reports */
} listings[] = {
	{KIND_ORGANIZATION, "", "organization"},
	{KIND_DATA_STRUCTURE, "/data-structures/v1", "data-structures"},
	{KIND_SCHEMA, "/data-structures/v1/schemas/versions?latest=true",
	 "schemas-latest"},
	{KIND_EVENT_SPEC, "/event-specs/v1", "event-specs"},
	{KIND_TRACKING_PLAN, "/data-products/v2", "data-products"},
	{KIND_SOURCE_APP, "/source-apps/v1", "source-apps"},
	{KIND_PIPELINE, "/pipelines/v1", "pipelines"},
	{KIND_DESTINATION, "/destinations/v3", "destinations"},
	{KIND_USER, "/users", "users"}
};

void run_add(struct run *run, struct part *p)
{
	struct queue *q = &run->queues[p->kind];

	if (q->tail)
		q->tail->next = p;
	else
		q->head = p;
	q->tail = p;
	if (!q->learn)
		q->learn = p;
}

/* What follows from it is looked at after the wait, in order. */
static void ready(void *arg, struct part *p)
{
	run_elsewhere(arg, p);
}

void run_ask(struct run *run, struct part *p, const char *url,
	     const char *endpoint, enum http_auth auth,
	     const char *content_hash)
{
	struct part_request request = {
		.url = url, .endpoint = endpoint, .auth = auth,
		.order = p->kind, .content_hash = content_hash,
		.single = p->kind == KIND_ORGANIZATION || p->want_key.s,
		.ready = ready, .arg = run
	};

	part_submit(p, run->http, &request);
}

bool run_needs(const struct run *run, enum kind kind)
{
	const bool *kinds = run->opts->kinds;

	if (run->opts->iglu_only)
		return kind == KIND_SCHEMA;
	return kinds[kind] ||
	       (kind == KIND_DATA_STRUCTURE && kinds[KIND_SCHEMA]) ||
	       (kind == KIND_EVENT_SPEC && kinds[KIND_SCHEMA]) ||
	       (kind == KIND_TRACKING_PLAN && kinds[KIND_DATA_MODEL]) ||
	       (kind == KIND_PIPELINE && kinds[KIND_ENRICHMENT]);
}

static void ask_listing(struct run *run, const struct listing *l)
{
	struct part *p = part_new(l->kind);
	struct buf url = {0};

	p->from = "console";
	run_add(run, p);
	api_url(&url, run->opts->console, l->path, NULL);
	run_ask(run, p, buf_cstr(&url), l->endpoint, HTTP_CONSOLE, NULL);
	buf_release(&url);
}

static void ask_iglu(struct run *run)
{
	struct part *p = part_new(KIND_SCHEMA);
	struct buf url = {0};

	p->from = "iglu";
	run_add(run, p);
	api_url(&url, run->opts->iglu, "/api/schemas?repr=canonical", NULL);
	run_ask(run, p, buf_cstr(&url), "iglu-schemas", HTTP_IGLU, NULL);
	buf_release(&url);
}

static void start(struct run *run)
{
	for (int k = 0; k < KIND_END; k++) {
		run->queues[k].closed = k != KIND_SCHEMA &&
			k != KIND_DATA_MODEL && k != KIND_ENRICHMENT;
		run->tally->asked[k] = run->opts->iglu_only ?
			k == KIND_SCHEMA : run->opts->kinds[k];
	}
	if (run->opts->iglu_only) {
		ask_iglu(run);
		return;
	}
	for (size_t i = 0; i < sizeof(listings) / sizeof(*listings); i++) {
		const struct listing *l = &listings[i];

		if (l->kind == KIND_DATA_STRUCTURE && run->opts->page_size &&
		    run_needs(run, l->kind)) {
			run->queues[l->kind].closed = false;
			run->pages_at_once = 1;
			run_pages(run);
		} else if (run_needs(run, l->kind)) {
			ask_listing(run, l);
		}
	}
}

static void count_failures(struct run *run, const struct part *p)
{
	struct fetch_error bad = {
		"body", 200, "latest schemas", "a schema without vendor, "
		"name, format and version in \"self\""
	};
	struct buf what = {0};

	if (p->failed) {
		buf_add(&what, p->want_key.s, p->want_key.len);
		if (p->id)
			buf_addf(&what, "of %s", p->id);
		failures_add(run->failures, p->kind,
			     what.len ? buf_cstr(&what) : NULL, &p->error);
		run->tally->fetch_errors++;
	}
	for (uint64_t i = 0; i < p->bad; i++)
		failures_add(run->failures, p->kind, NULL, &bad);
	run->tally->fetch_errors += p->bad;
	if (p->failed || p->bad || p->stopped)
		run->tally->complete = false;
	buf_release(&what);
}

static int write_part(struct run *run, struct part *p)
{
	struct buf line = {0};
	int rc = 0;

	count_failures(run, p);
	if (p->spool.failed)
		return -1;
	if (run_needs(run, p->kind) && run->tally->asked[p->kind]) {
		rc = spool_write(&p->spool, run->out);
		run->tally->counts[p->kind] += p->lines;
	}
	if (!rc && p->failed) {
		part_failure_line(p, &line);
		rc = out_add(run->out, line.s, line.len);
		run->tally->counts[p->kind] += p->want_key.s != NULL;
	}
	buf_release(&line);
	return rc;
}

/* Writes what is next in order and there. */
static int write_ready(struct run *run)
{
	while (run->writing < KIND_END) {
		struct queue *q = &run->queues[run->writing];
		struct part *p = q->head;

		if (!p && !q->closed)
			return 0;
		if (!p) {
			run->writing++;
			continue;
		}
		if (p->state != PART_LEARNT)
			return 0;
		if (write_part(run, p))
			return -1;
		q->head = p->next;
		if (!q->head)
			q->tail = NULL;
		part_free(p);
	}
	return 0;
}

/* After a stop nothing more is asked for. */
static void close_all(struct run *run)
{
	run->pages_over = true;
	run->tally->complete = false;
	for (int k = 0; k < KIND_END; k++)
		run->queues[k].closed = true;
}

static void release(struct run *run)
{
	struct part *p, *next;

	for (int k = 0; k < KIND_END; k++)
		for (p = run->queues[k].head; p; p = next) {
			next = p->next;
			part_free(p);
		}
	wanted_release(&run->wanted);
	nameset_release(&run->hashes);
	free(run->missing);
}

int structs_fetch(struct http *http, const struct structs_opts *opts,
		  struct out *out, struct failures *failures,
		  struct tally *tally)
{
	struct run run = {
		.http = http, .opts = opts, .out = out, .failures = failures,
		.tally = tally
	};
	bool stopped = false;

	start(&run);
	for (;;) {
		run_learn(&run);
		if (http_rc(http) && !stopped) {
			stopped = true;
			close_all(&run);
		}
		if (!run.out_failed && write_ready(&run)) {
			run.out_failed = true;
			http_stop(http, RC_FAILED);
		}
		if (http_idle(http))
			break;
		http_wait(http, NULL, 0, -1);
	}
	/* What failed or was stopped at the end. */
	if (!run.out_failed) {
		if (http_rc(http))
			close_all(&run);
		run_learn(&run);
		run.out_failed = write_ready(&run) != 0;
	}
	release(&run);
	return run.out_failed ? -1 : 0;
}
