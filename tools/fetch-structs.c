/*
 * fetch-structs -- all of a Snowplow organisation, each thing once;
 * fetch-structs(1).
 */
#include <stdlib.h>
#include <string.h>

#include "base/common_opts.h"
#include "base/err.h"
#include "base/out.h"
#include "base/report.h"
#include "base/secret.h"
#include "base/stop.h"
#include "snowplow/api.h"
#include "snowplow/credentials.h"
#include "snowplow/http.h"
#include "snowplow/structs.h"

struct opts {
	struct common_opts common;
	struct http_opts http;
	const char *iglu, *central, *iglu_key_file;
	uint64_t page_size;
	bool iglu_only;
};

#define AT(member) .offset = offsetof(struct opts, member)

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "Source"},
	{.name = "page-size", .arg = "N", .kind = OPT_COUNT, AT(page_size),
	 .max = 1000000, .help = "List data structures in pages of N, several "
		 "at once. Default and 0: all in one answer."},
	{.name = "iglu", .arg = "URL", .kind = OPT_TEXT, AT(iglu),
	 .help = "An Iglu server that has schemas which the Console has not."},
	{.name = "iglu-key-file", .arg = "FILE", .kind = OPT_TEXT,
	 AT(iglu_key_file), .help = "Read the Iglu server's API key from FILE "
		 "(mode 0600) and not from IGLU_API_KEY."},
	{.name = "iglu-only", AT(iglu_only), .help = "Take all schemas from "
		 "the Iglu server and ask no Console."},
	{.name = "iglu-central", .arg = "URL", .kind = OPT_TEXT, AT(central),
	 .help = "Where schemas that neither has are looked for (default "
		 IGLU_CENTRAL "); none: nowhere."},
	HTTP_OPTIONS(struct opts, http),
	{.kind = OPT_HEADING, .help = "Running"},
	COMMON_OUTPUT,
	COMMON_ERRORS,
	COMMON_REPORT,
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[OPTION]... [KIND]...",
	.summary = "Lists what a Snowplow organisation consists of, each thing "
		   "fetched once.\nKinds: organization data_structure schema "
		   "event_spec tracking_plan data_model\nsource_app pipeline "
		   "enrichment destination user. None: all of them.",
	.examples =
		"fetch-structs >structs.ndjson\n"
		"fetch-structs --cache=$HOME/.cache/snowplow | fetch-deploys\n"
		"fetch-structs data_structure schema -o schemas.ndjson\n"
		"fetch-structs --iglu-only --iglu=https://iglu.example.com",
	.see = "fetch-structs(1), fetch-deploys(1), structs(5)",
	.table = table
};

struct run {
	struct opts o;
	struct structs_opts structs;
	struct credentials credentials;
	struct buf iglu_key;
	struct http *http;
	struct out out, errors;
	struct failures failures;
	struct tally tally;
	struct report report;
	char *iglu, *central;
};

static int choose_kinds(struct run *r, char **names, size_t n)
{
	struct buf value = {0};
	bool all = n == 0;

	for (int k = 0; k < KIND_END; k++)
		r->structs.kinds[k] = all;
	for (size_t i = 0; i < n; i++) {
		enum kind kind = kind_find(names[i], strlen(names[i]));

		if (kind >= KIND_END) {
			err_msg("%s: no such kind (see --help)", names[i]);
			buf_release(&value);
			return RC_USAGE;
		}
		r->structs.kinds[kind] = true;
	}
	for (int k = 0; k < KIND_END && !all; k++)
		if (r->structs.kinds[k])
			buf_addf(&value, "%s%s", value.len ? " " : "",
				 kind_name((enum kind)k));
	if (!all)
		tally_filter(&r->tally, "fetch-structs", "KIND",
			     buf_cstr(&value), NULL);
	buf_release(&value);
	return RC_DONE;
}

/* The Iglu server's key, from its file or the environment; may be missing. */
static int read_iglu_key(struct run *r)
{
	const char *key = getenv("IGLU_API_KEY");

	if (r->o.iglu_key_file) {
		if (secret_read(&r->iglu_key, r->o.iglu_key_file, "Iglu key",
				1, 4096))
			return RC_USAGE;
		while (r->iglu_key.len &&
		       strchr("\r\n \t", r->iglu_key.s[r->iglu_key.len - 1]))
			r->iglu_key.len--;
	} else if (key && *key) {
		buf_adds(&r->iglu_key, key);
	}
	buf_cstr(&r->iglu_key);
	return RC_DONE;
}

static int check_options(struct run *r)
{
	struct opts *o = &r->o;

	if (o->iglu_only && !o->iglu) {
		err_msg("--iglu-only needs the server's --iglu=URL");
		return RC_USAGE;
	}
	if (o->iglu_key_file && !o->iglu) {
		err_msg("--iglu-key-file goes with --iglu=URL");
		return RC_USAGE;
	}
	if (http_opts_check(&o->http))
		return RC_USAGE;
	r->iglu = o->iglu ? api_iglu_base(o->iglu) : NULL;
	if (!o->central || strcmp(o->central, "none"))
		r->central = api_iglu_base(o->central ? o->central
						      : IGLU_CENTRAL);
	if (o->iglu && read_iglu_key(r))
		return RC_USAGE;
	if (o->iglu_only)
		return RC_DONE;
	if (o->http.offline ? credentials_place(&r->credentials) :
	    credentials_read(&r->credentials, o->http.api_key_file))
		return RC_USAGE;
	return RC_DONE;
}

static int start(struct run *r)
{
	struct http_settings settings = {
		.opts = &r->o.http,
		.credentials = r->o.iglu_only ? NULL : &r->credentials,
		.iglu = r->iglu,
		.iglu_key = r->iglu_key.len ? &r->iglu_key : NULL
	};

	r->structs.page_size = r->o.page_size;
	r->structs.max_procs = r->o.http.max_procs;
	r->structs.console = r->credentials.base;
	r->structs.iglu = r->iglu;
	r->structs.central = r->central;
	r->structs.iglu_only = r->o.iglu_only;
	r->http = http_new(&settings);
	return r->http ? RC_DONE : RC_USAGE;
}

static void snapshot(void *arg, struct progress_now *now)
{
	struct run *r = arg;

	http_progress(r->http, now);
}

/* The last line, or with --dry-run the plan. */
static int finish(struct run *r)
{
	struct buf b = {0};
	int rc;

	if (r->o.http.dry_run)
		http_plan(r->http, &b);
	else
		tally_write(&r->tally, &b);
	rc = out_add(&r->out, b.s, b.len) ? RC_FAILED : RC_DONE;
	buf_release(&b);
	return rc;
}

static int write_report(struct run *r)
{
	tally_report(&r->tally, &r->report, r->failures.n);
	http_report(r->http, &r->report);
	return report_write(&r->report, r->o.common.report) ? RC_FAILED
							    : RC_DONE;
}

static int fetch(struct run *r)
{
	const struct common_opts *c = &r->o.common;
	struct progress *progress;
	int rc = RC_DONE;

	if (out_open(&r->out, c->output) ||
	    (c->errors && out_open(&r->errors, c->errors)))
		return RC_FAILED;
	r->failures.errors = c->errors ? &r->errors : NULL;
	progress = progress_start(c->progress, c->quiet, snapshot, r);
	if (structs_fetch(r->http, &r->structs, &r->out, &r->failures,
			  &r->tally))
		rc = RC_FAILED;
	progress_stop(progress);
	failures_end(&r->failures);
	rc = rc_join(rc, http_rc(r->http));
	if (tolerance_exceeded(&c->max_errors, r->failures.n,
			       tally_lines(&r->tally) + r->failures.n))
		rc = rc_join(rc, RC_FINDING);
	if (finish(r))
		rc = RC_FAILED;
	return rc_join(rc, write_report(r));
}

static void release(struct run *r)
{
	http_free(r->http);
	credentials_release(&r->credentials);
	secret_release(&r->iglu_key);
	tally_release(&r->tally);
	free(r->iglu);
	free(r->central);
}

int main(int argc, char **argv)
{
	struct run r = {
		.o = {.http = HTTP_OPTS_DEFAULT,
		      .common.max_errors = {.kind = TOLERATE_COUNT}},
		.out = {.fd = -1}, .errors = {.fd = -1},
		.tally = {.complete = true}
	};
	int first, rc;

	err_init(argv[0]);
	report_begin(&r.report);
	first = opts_parse(&spec, &r.o, argc, argv, &rc);
	if (first < 0)
		return rc;
	rc = choose_kinds(&r, argv + first, (size_t)(argc - first));
	if (!rc)
		rc = check_options(&r);
	if (!rc && stop_watch(r.o.http.time_limit_ms))
		rc = RC_FAILED;
	if (!rc)
		rc = start(&r);
	if (!rc)
		rc = fetch(&r);
	rc = rc_join(rc, out_close(&r.errors, rc == RC_USAGE ? rc : RC_DONE));
	rc = out_close(&r.out, rc);
	release(&r);
	return rc;
}
