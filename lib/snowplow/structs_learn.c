/*
 * structs_learn -- what follows from an answer: pages, children, versions.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "json/str.h"
#include "snowplow/api.h"
#include "snowplow/structs_in.h"

/* Missing versions that are asked for or wait for their turn: 4 x P, or so. */
enum { AT_ONCE = 64 };

/* The part of a parent's line, and what to ask for it. */
struct child {
	struct run *run;
	enum kind kind;
	const char *parent_name;
	const char *path;
	const char *endpoint;
};

static int ask_child(void *arg, struct span line)
{
	const struct child *c = arg;
	struct span raw = object_member(line, "id");
	struct buf id = {0}, url = {0};
	struct part *p;

	if (!object_text(line, "id", &id)) {
		buf_release(&id);
		return 0;
	}
	p = part_new(c->kind);
	p->parent_name = c->parent_name;
	p->parent = mem_dup(raw.s, raw.len);
	p->id = buf_cstr(&id);		/* now owned by p */
	run_add(c->run, p);
	api_url(&url, c->run->opts->console, c->path,
		(const char *const[]){p->id, NULL});
	run_ask(c->run, p, buf_cstr(&url), c->endpoint, HTTP_CONSOLE, NULL);
	buf_release(&url);
	return 0;
}

static void learn_parents(struct run *run, struct part *p)
{
	struct child models = {
		run, KIND_DATA_MODEL, "trackingPlanId",
		"/data-products/v2/%s/data-models/v1", "data-models"
	};
	struct child enrichments = {
		run, KIND_ENRICHMENT, "pipelineId",
		"/pipelines/v1/%s/enrichments", "enrichments"
	};
	struct child *c = p->kind == KIND_PIPELINE ? &enrichments : &models;

	if (run_needs(run, c->kind))
		spool_lines(&p->spool, ask_child, c);
	run->queues[c->kind].closed = true;
}

static int learn_structure(void *arg, struct span line)
{
	struct run *run = arg;

	wanted_data_structure(&run->wanted, line);
	return 0;
}

static int learn_spec(void *arg, struct span line)
{
	struct run *run = arg;

	wanted_event_spec(&run->wanted, line);
	return 0;
}

/* Lines of a part whose data structures, or schemas, come for the first time */
struct sieve {
	struct run *run;
	enum kind kind;
	struct spool kept;
	uint64_t lines, dropped;
};

static bool is_new(struct run *run, enum kind kind, struct span line)
{
	struct buf hash = {0};
	bool added = true;

	if (kind == KIND_SCHEMA)
		return wanted_have(&run->wanted, line);
	if (object_text(line, "hash", &hash))
		nameset_add(&run->hashes, hash.s, hash.len, &added);
	buf_release(&hash);
	return added;
}

static int sift(void *arg, struct span line)
{
	struct sieve *s = arg;

	if (!is_new(s->run, s->kind, line)) {
		s->dropped++;
		return 0;
	}
	s->lines++;
	spool_add(&s->kept, line.s, line.len);
	return spool_add(&s->kept, "\n", 1);
}

/* Leaves in the part what has not come before. */
static uint64_t drop_known(struct run *run, struct part *p)
{
	struct sieve s = {
		.run = run, .kind = p->kind, .kept = {.fd = -1}
	};

	if (spool_lines(&p->spool, sift, &s))
		p->spool.failed = true;
	if (s.dropped) {
		s.kept.failed |= p->spool.failed;
		spool_release(&p->spool);
		p->spool = s.kept;
		p->lines = s.lines;
	} else {
		spool_release(&s.kept);
	}
	return s.lines;
}

static void learn_page(struct run *run, struct part *p)
{
	uint64_t size = run->opts->page_size, lines = p->lines, fresh;

	run->pages_open--;
	if (run->pages_over) {
		/* asked for before it was known that there are no more */
		spool_clear(&p->spool);
		p->lines = 0;
		p->failed = p->stopped = false;
		return;
	}
	fresh = drop_known(run, p);
	if (p->failed || p->stopped || lines != size || !fresh) {
		run->pages_over = true;
		run->queues[p->kind].closed = true;
	} else if (run->pages_at_once < run->opts->max_procs) {
		run->pages_at_once *= 2;
	}
}

void run_pages(struct run *run)
{
	uint64_t most = run->opts->max_procs;
	struct buf url = {0};
	struct part *p;

	if (run->pages_at_once < most)
		most = run->pages_at_once;
	while (!run->pages_over && run->pages_open < most) {
		p = part_new(KIND_DATA_STRUCTURE);
		run_add(run, p);
		buf_clear(&url);
		api_url(&url, run->opts->console, "/data-structures/v1", NULL);
		buf_addf(&url, "?from=%llu&size=%llu",
			 (unsigned long long)(run->pages *
					      run->opts->page_size),
			 (unsigned long long)run->opts->page_size);
		run->pages++;
		run->pages_open++;
		run_ask(run, p, buf_cstr(&url), "data-structures",
			HTTP_CONSOLE, NULL);
	}
	buf_release(&url);
}

static void ask_registry(struct run *run, struct part *p, const char *base,
			 const char *path, enum http_auth auth)
{
	struct schema_ref ref;
	struct buf url = {0};
	char *part[5] = {NULL};

	schema_ref_parse(&ref, p->want_key.s, p->want_key.len);
	part[0] = mem_dup(ref.vendor.s, ref.vendor.len);
	part[1] = mem_dup(ref.name.s, ref.name.len);
	part[2] = mem_dup(ref.format.s, ref.format.len);
	part[3] = mem_dup(ref.version.s, ref.version.len);
	api_url(&url, base, path, (const char *const *)part);
	run_ask(run, p, buf_cstr(&url), auth == HTTP_PLAIN ? "iglu-central"
							   : "iglu-schema",
		auth, NULL);
	for (int i = 0; i < 4; i++)
		free(part[i]);
	buf_release(&url);
}

/*
 * The last answer was 404, or there was none: the next registry is asked.
 * False: there is none.
 */
static bool ask_elsewhere(struct run *run, struct part *p)
{
	bool console = !strcmp(p->from, "console");

	if (console && run->opts->iglu) {
		p->from = "iglu";
		ask_registry(run, p, run->opts->iglu,
			     "/api/schemas/%s/%s/%s/%s", HTTP_IGLU);
		return true;
	}
	if (!strcmp(p->from, "iglu-central") || !run->opts->central)
		return false;
	p->from = "iglu-central";
	ask_registry(run, p, run->opts->central, "/schemas/%s/%s/%s/%s",
		     HTTP_PLAIN);
	return true;
}

static void ask_version(struct run *run, const struct want *want)
{
	struct part *p = part_new(KIND_SCHEMA);
	struct schema_ref ref;
	struct buf url = {0};

	p->want_key = want->key;
	p->from = "console";
	run_add(run, p);
	schema_ref_parse(&ref, want->key.s, want->key.len);
	if (!want->hash.s) {
		if (!ask_elsewhere(run, p))
			part_refuse(p, "the Console has no such data "
				    "structure, and there is no other "
				    "registry to ask");
		return;
	}
	/* the version is the last part of the key, which ends with NUL */
	api_url(&url, run->opts->console, "/data-structures/v1/%s/versions/%s",
		(const char *const[]){want->hash.s, ref.version.s, NULL});
	run_ask(run, p, buf_cstr(&url), "schema-version", HTTP_CONSOLE,
		want->content_hash.s);
	buf_release(&url);
}

/* All listings that name versions were learnt. */
static bool names_known(const struct run *run)
{
	const struct queue *q = run->queues;

	return q[KIND_DATA_STRUCTURE].closed &&
	       !q[KIND_DATA_STRUCTURE].learn && !q[KIND_EVENT_SPEC].learn &&
	       !q[KIND_SCHEMA].learn;
}

static uint64_t waiting(const struct queue *q)
{
	uint64_t n = 0;

	for (const struct part *p = q->head; p; p = p->next)
		n++;
	return n;
}

void run_missing(struct run *run)
{
	struct queue *q = &run->queues[KIND_SCHEMA];
	uint64_t n, most = AT_ONCE;

	if (q->closed)
		return;
	if (!run->missing_known && !names_known(run))
		return;
	if (!run->missing_known && run_needs(run, KIND_SCHEMA))
		run->missing = wanted_missing(&run->wanted, &run->nmissing);
	run->missing_known = true;
	if (4 * run->opts->max_procs > most)
		most = 4 * run->opts->max_procs;
	for (n = waiting(q); n < most && run->asked < run->nmissing; n++)
		ask_version(run, &run->missing[run->asked++]);
	if (run->asked == run->nmissing)
		q->closed = true;
}

void run_elsewhere(struct run *run, struct part *p)
{
	struct buf url = {0};

	if (!p->failed || p->error.status != 404 || http_rc(run->http))
		return;
	if (p->want_key.s) {
		ask_elsewhere(run, p);
	} else if (p->kind == KIND_ENRICHMENT && !p->from) {
		p->from = "deprecated";
		api_url(&url, run->opts->console, "/resources/v1/pipelines/%s"
			"/configuration/enrichments",
			(const char *const[]){p->id, NULL});
		run_ask(run, p, buf_cstr(&url), "enrichments-deprecated",
			HTTP_CONSOLE, NULL);
		buf_release(&url);
	} else if (p->parent) {
		/* as DataHub's connector has it: there are none */
		p->failed = false;
	}
}

static void learn_part(struct run *run, struct part *p)
{
	bool versions = run_needs(run, KIND_SCHEMA);

	if (p->kind == KIND_DATA_STRUCTURE && run->opts->page_size)
		learn_page(run, p);
	if (p->kind == KIND_DATA_STRUCTURE && versions)
		spool_lines(&p->spool, learn_structure, run);
	if (p->kind == KIND_EVENT_SPEC && versions)
		spool_lines(&p->spool, learn_spec, run);
	if (p->kind == KIND_SCHEMA && !p->want_key.s)
		drop_known(run, p);
	if (p->kind == KIND_TRACKING_PLAN || p->kind == KIND_PIPELINE)
		learn_parents(run, p);
	p->state = PART_LEARNT;
}

static void learn_queue(struct run *run, struct queue *q)
{
	while (q->learn && q->learn->state == PART_READY) {
		learn_part(run, q->learn);
		q->learn = q->learn->next;
	}
}

void run_learn(struct run *run)
{
	for (int k = 0; k < KIND_END; k++)
		learn_queue(run, &run->queues[k]);
	if (http_rc(run->http))
		return;
	if (run->opts->page_size && run_needs(run, KIND_DATA_STRUCTURE))
		run_pages(run);
	if (!run_needs(run, KIND_TRACKING_PLAN))
		run->queues[KIND_DATA_MODEL].closed = true;
	if (!run_needs(run, KIND_PIPELINE))
		run->queues[KIND_ENRICHMENT].closed = true;
	run_missing(run);
}
