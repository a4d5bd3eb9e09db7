/*
 * fetch-deploys -- adds the deployments of data structures to a stream of
 * Snowplow objects; fetch-deploys(1).
 */
#include <string.h>

#include "base/common_opts.h"
#include "base/err.h"
#include "base/out.h"
#include "base/report.h"
#include "base/stop.h"
#include "snowplow/credentials.h"
#include "snowplow/deploys.h"
#include "snowplow/http.h"
#include "stream/feeder.h"
#include "stream/lines_in.h"
#include "stream/names.h"

enum {
	MAX_RECORD = 64 * 1024 * 1024,	/* as --max-record elsewhere */
	BATCH = 64 * 1024	/* read at a time */
};

struct opts {
	struct common_opts common;
	struct http_opts http;
	struct filter_opts filter;
	const char *resume, *files0;
	int schemas;
	bool unordered;
};

#define AT(member) .offset = offsetof(struct opts, member)

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "What to fetch"},
	{.name = "schemas", .arg = "WHICH", .kind = OPT_CHOICE, AT(schemas),
	 .choices = "none|all", .help = "all: the body of every version that "
		 "was ever deployed too (default none)."},
	{.name = "resume", .arg = "OUTPUT", .kind = OPT_TEXT, AT(resume),
	 .help = "Copy what an earlier run wrote to the file OUTPUT and fetch "
		 "the rest."},
	{.name = "unordered", AT(unordered), .help = "Write each line when it "
		 "is ready, not in the order of the input."},
	{.name = "files0-from", .arg = "FILE", .kind = OPT_TEXT, AT(files0),
	 .help = "Read the files' names, each ended by NUL, from FILE."},
	FILTER_OPTIONS(struct opts, filter),
	HTTP_OPTIONS(struct opts, http),
	{.kind = OPT_HEADING, .help = "Running"},
	COMMON_OUTPUT,
	COMMON_ERRORS,
	COMMON_REPORT,
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[OPTION]... [FILE]...",
	.summary = "Adds to each data structure of a Snowplow organisation all "
		   "its deployments.",
	.examples =
		"fetch-structs | fetch-deploys >all.ndjson\n"
		"fetch-structs | fetch-deploys -P20 --rate=20/s "
		"--schemas=all -o all.ndjson\n"
		"fetch-deploys --resume=all.ndjson.partial structs.ndjson "
		"-o all.ndjson\n"
		"fetch-deploys --dry-run structs.ndjson",
	.see = "fetch-structs(1), build-lineage(1), structs(5)",
	.table = table,
	.operands = true
};

struct run {
	struct opts o;
	struct credentials credentials;
	struct filter filter;
	struct earlier earlier;
	struct names names;
	struct lines_in input;
	struct deploys *deploys;
	struct http *http;
	struct out out, errors, lines;	/* .lines: -o, or with --dry-run none */
	struct rejects rejects;
	struct failures failures;
	struct tally tally;
	struct report report;
};

static int check_options(struct run *r)
{
	struct opts *o = &r->o;

	if (http_opts_check(&o->http) || filter_init(&r->filter, &o->filter))
		return RC_USAGE;
	if (o->resume &&
	    earlier_open(&r->earlier, o->resume, o->schemas == 1))
		return RC_USAGE;
	if (o->http.offline ? credentials_place(&r->credentials) :
	    credentials_read(&r->credentials, o->http.api_key_file))
		return RC_USAGE;
	return RC_DONE;
}

static int start(struct run *r, char **operands, size_t n)
{
	struct reader_opts reader = {
		.form = INPUT_AUTO, .max_record = MAX_RECORD,
		.batch_bytes = BATCH, .hints = !r->o.common.quiet
	};
	struct http_settings settings = {
		.opts = &r->o.http, .credentials = &r->credentials
	};

	if (names_read(&r->names, r->o.files0, operands, n))
		return RC_USAGE;
	r->http = http_new(&settings);
	if (!r->http)
		return RC_USAGE;
	rejects_init(&r->rejects, r->o.common.errors ? &r->errors : NULL, 0);
	if (lines_in_open(&r->input, &reader, &r->names, &r->rejects))
		return RC_USAGE;
	return RC_DONE;
}

static int open_outputs(struct run *r)
{
	const struct common_opts *c = &r->o.common;

	if (out_open(&r->out, c->output) ||
	    (c->errors && out_open(&r->errors, c->errors)))
		return -1;
	r->failures.errors = c->errors ? &r->errors : NULL;
	return r->o.http.dry_run ? out_open(&r->lines, "/dev/null") : 0;
}

/* Takes lines in while there is room and lines are there. */
static void pump(struct run *r)
{
	struct span line;

	while (deploys_room(r->deploys) && lines_in_next(&r->input, &line))
		if (*line.s != '{')
			lines_in_reject(&r->input, FAULT_CONFIG, "not an "
					"object, as lines of structs(5) are");
		else if (deploys_add(r->deploys, line) == DEPLOYS_ODD)
			lines_in_reject(&r->input, FAULT_CONFIG, "a data "
					"structure without hash, or vendor, "
					"name and format");
}

/* 0, or -1 when the output cannot be written. */
static int loop(struct run *r, struct out *out)
{
	struct pollfd fd = {.fd = lines_in_fd(&r->input), .events = POLLIN};
	bool more;

	for (;;) {
		do {
			pump(r);
			if (deploys_write(r->deploys))
				return -1;
			more = deploys_room(r->deploys) &&
			       !http_rc(r->http) && !r->input.end;
		} while (more && r->input.ready);
		if ((r->input.end || http_rc(r->http)) &&
		    deploys_idle(r->deploys) && http_idle(r->http))
			return 0;
		/* who reads this need not wait for the answers to come */
		if (out_flush(out))
			return -1;
		http_wait(r->http, &fd, more, -1);
	}
}

static void snapshot(void *arg, struct progress_now *now)
{
	struct run *r = arg;

	http_progress(r->http, now);
}

static int fetch(struct run *r)
{
	struct deploys_opts o = {
		.max_procs = r->o.http.max_procs, .unordered = r->o.unordered,
		.versions = r->o.schemas == 1, .filter = &r->filter,
		.console = r->credentials.base, .org = r->credentials.org,
		.earlier = &r->earlier
	};
	struct out *out = r->o.http.dry_run ? &r->lines : &r->out;
	struct progress *progress;
	int rc = RC_DONE;

	r->deploys = deploys_new(&o, r->http, out, &r->failures, &r->tally);
	progress = progress_start(r->o.common.progress, r->o.common.quiet,
				  snapshot, r);
	if (loop(r, out)) {
		http_stop(r->http, RC_FAILED);
		rc = RC_FAILED;
	}
	progress_stop(progress);
	rc = rc_join(rc, http_rc(r->http));
	if (rc)
		stop_request();		/* the thread that reads */
	if (lines_in_close(&r->input))
		rc = rc_join(rc, RC_FAILED);
	return rc;
}

static void tell(const struct run *r, int rc)
{
	failures_end(&r->failures);
	if (r->rejects.n > 10)
		err_msg("%llu more rejected",
			(unsigned long long)r->rejects.n - 10);
	if (r->o.common.quiet)
		return;
	if (r->o.resume)
		err_msg("%llu histories were taken from %s",
			(unsigned long long)deploys_resumed(r->deploys),
			r->o.resume);
	if (rc == RC_STOPPED)
		err_msg("stopped: the output is a valid partial "
			"(go on with --resume=FILE)");
}

/* The last line, or with --dry-run the plan. */
static int finish(struct run *r, int rc)
{
	struct tally *t = &r->tally;
	struct buf b = {0};

	if (rc || r->rejects.n || !deploys_ended(r->deploys))
		t->complete = false;
	filter_tally(&r->filter, "fetch-deploys", t);
	if (r->o.http.dry_run)
		http_plan(r->http, &b);
	else
		tally_write(t, &b);
	if (out_add(&r->out, b.s, b.len))
		rc = rc_join(rc, RC_FAILED);
	buf_release(&b);
	return rc;
}

static int write_report(struct run *r)
{
	tally_report(&r->tally, &r->report, r->rejects.n + r->failures.n);
	report_u64(&r->report, "resumed", deploys_resumed(r->deploys));
	http_report(r->http, &r->report);
	return report_write(&r->report, r->o.common.report) ? RC_FAILED
							    : RC_DONE;
}

static int run(struct run *r)
{
	uint64_t bad;
	int rc;

	if (open_outputs(r))
		return RC_FAILED;
	rc = fetch(r);
	bad = r->rejects.n + r->failures.n;
	tell(r, rc);
	if (tolerance_exceeded(&r->o.common.max_errors, bad,
			       lines_in_records(&r->input)))
		rc = rc_join(rc, RC_FINDING);
	rc = finish(r, rc);
	return rc_join(rc, write_report(r));
}

static void release(struct run *r)
{
	deploys_free(r->deploys);
	http_free(r->http);
	lines_in_release(&r->input);
	earlier_close(&r->earlier);
	filter_release(&r->filter);
	credentials_release(&r->credentials);
	names_release(&r->names);
	rejects_release(&r->rejects);
	tally_release(&r->tally);
	opt_list_release(&r->o.filter.allow);
	opt_list_release(&r->o.filter.deny);
	opt_list_release(&r->o.filter.types);
}

int main(int argc, char **argv)
{
	struct run r = {
		.o = {.http = HTTP_OPTS_DEFAULT,
		      .common.max_errors = {.kind = TOLERATE_COUNT}},
		.out = {.fd = -1}, .errors = {.fd = -1}, .lines = {.fd = -1},
		.tally = {.complete = true}, .earlier = {.fd = -1}
	};
	int first, rc;

	err_init(argv[0]);
	report_begin(&r.report);
	first = opts_parse(&spec, &r.o, argc, argv, &rc);
	if (first < 0)
		return rc;
	rc = check_options(&r);
	if (!rc && stop_watch(r.o.http.time_limit_ms))
		rc = RC_FAILED;
	if (!rc)
		rc = start(&r, argv + first, (size_t)(argc - first));
	if (!rc)
		rc = run(&r);
	rc = rc_join(rc, out_close(&r.errors, rc == RC_USAGE ? rc : RC_DONE));
	out_close(&r.lines, RC_DONE);
	rc = out_close(&r.out, rc);
	release(&r);
	return rc;
}
