/*
 * build-lineage -- DataHub metadata of a Snowplow organisation;
 * build-lineage(1).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/common_opts.h"
#include "base/err.h"
#include "base/report.h"
#include "base/stop.h"
#include "datahub/emit.h"
#include "datahub/input.h"
#include "datahub/settings_opts.h"
#include "datahub/recovered.h"
#include "datahub/stale.h"
#include "stream/names.h"

struct opts {
	struct common_opts common;
	struct settings_opts settings;
	const char *files0, *changed_since, *stale;
	uint64_t max_record, max_removed;
	int gms, form;
	bool array;
};

#define AT(member) .offset = offsetof(struct opts, member)
#define IN(member) AT(settings.member)

/* "25" or "25%" */
static int percent(void *dst, const char *value, char *why)
{
	uint64_t n = 0;
	const char *p = value;

	for (; *p >= '0' && *p <= '9' && n <= 100; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (p > value && n <= 100 && (!*p || !strcmp(p, "%"))) {
		*(uint64_t *)dst = n;
		return 0;
	}
	strcpy(why, "want a percentage, 0 to 100");
	return -1;
}

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "Input"},
	{.name = "input", .arg = "FORM", .kind = OPT_CHOICE, AT(form),
	 .choices = "auto|lines|json|array|seq",
	 .help = "What the objects are in (auto)."},
	{.name = "files0-from", .arg = "FILE", .kind = OPT_TEXT, AT(files0),
	 .help = "Read the files' names, each ended by NUL, from FILE."},
	{.name = "max-record", .arg = "BYTES", .kind = OPT_BYTES,
	 AT(max_record), .min = 1, .help = "Reject longer objects (64M)."},
	SETTINGS_NAMES(IN),
	SETTINGS_FILTERS(IN),
	SETTINGS_MARKS(IN),
	SETTINGS_WAREHOUSE(IN),
	{.kind = OPT_HEADING, .help = "Against an earlier output"},
	{.name = "changed-since", .arg = "FILE", .kind = OPT_TEXT,
	 AT(changed_since), .help = "Write only aspects that FILE does not "
		 "have like that."},
	{.name = "stale", .arg = "FILE", .kind = OPT_TEXT, AT(stale),
	 .help = "Mark as removed what FILE has and the input has not."},
	{.name = "max-removed", .arg = "P%", .kind = OPT_CALL,
	 .call = percent, AT(max_removed), .help = "Mark nothing, when more "
		 "than P percent would be (25)."},
	{.kind = OPT_HEADING, .help = "Running"},
	MCP_OUT_OPTIONS(AT(array), AT(gms)),
	COMMON_OUTPUT,
	COMMON_ERRORS,
	COMMON_REPORT,
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[OPTION]... [FILE]...",
	.summary = "Makes DataHub metadata and lineage of a Snowplow "
		   "organization's objects.",
	.examples =
		"fetch-structs | fetch-deploys | build-lineage | "
		"cap-aspect --array >mcps.json\n"
		"build-lineage --field-versions -o mcps.ndjson structs.ndjson\n"
		"build-lineage --schema='com\\.acme/' structs.ndjson\n"
		"build-lineage --changed-since=old.ndjson --stale=old.ndjson "
		"structs.ndjson",
	.see = "build-lineage(1), cap-aspect(1), structs(5)",
	.table = table,
	.operands = true
};

/* Everything one run has open. */
struct run {
	struct opts o;
	struct settings settings;
	struct names names;
	struct input input;
	struct org org;
	struct findings findings;
	struct previous *changed_since, *stale;
	struct recovered *recovered;
	struct out out, errors;
	struct mcp_out mcp_out;
	struct mcp mcp;
	struct lineage lineage;
	struct emit_counts counts;
	struct report report;
	uint64_t removed;
	int form;
};

static int take(void *arg, const char *text, size_t len,
		const struct place *where, const char **why)
{
	return org_add(arg, text, len, where, why);
}

static int check_options(struct run *r, int argc, char **argv, int first)
{
	struct opts *o = &r->o;

	r->form = mcp_out_form(o->array, o->gms);
	if (r->form < 0 || settings_make(&r->settings, &o->settings))
		return RC_USAGE;
	if (o->stale && r->settings.upstream) {
		err_msg("--stale goes not with --compat=upstream, which leaves "
			"pipelines out");
		return RC_USAGE;
	}
	if (names_read(&r->names, o->files0, argv + first,
		       (size_t)(argc - first)))
		return RC_USAGE;
	return RC_DONE;
}

/* Before the output is opened: it may be the same file. */
static int read_previous(struct run *r)
{
	const struct opts *o = &r->o;

	if (r->settings.warehouse) {
		r->recovered = recovered_read(r->settings.warehouse);
		if (!r->recovered)
			return RC_USAGE;
	}
	if (o->changed_since) {
		r->changed_since = previous_read(o->changed_since);
		if (!r->changed_since)
			return RC_USAGE;
	}
	if (!o->stale)
		return RC_DONE;
	r->stale = o->changed_since && !strcmp(o->stale, o->changed_since) ?
		r->changed_since : previous_read(o->stale);
	return r->stale ? RC_DONE : RC_USAGE;
}

static void snapshot(void *arg, struct progress_now *now)
{
	struct run *r = arg;

	reader_progress(r->input.reader, &now->bytes, &now->total_bytes);
}

static int read_input(struct run *r)
{
	struct reader_opts opts = {
		.form = (enum input_form)r->o.form,
		.max_record = r->o.max_record, .hints = !r->o.common.quiet
	};
	struct progress *p;
	int rc = RC_DONE;

	r->input = (struct input){
		.findings = &r->findings, .take = take, .arg = &r->org,
		.reader = reader_open(&opts, r->names.items, r->names.n, NULL,
				      0)
	};
	if (!r->input.reader)
		return RC_USAGE;
	p = progress_start(r->o.common.progress, r->o.common.quiet, snapshot,
			   r);
	input_run(&r->input);
	progress_stop(p);
	if (reader_failed(r->input.reader))
		rc = RC_FAILED;
	return rc;
}

/* Without a word that all is there, not all may be. */
static int check_end(struct run *r)
{
	if (r->input.rejected || reader_failed(r->input.reader))
		r->org.complete = false;
	if (r->org.ended && r->org.complete)
		return RC_DONE;
	err_msg("%s", !r->org.ended ? "the input has no end line: it may be "
		"cut (see structs(5))" : "the input is not complete, as its "
		"end line or what was rejected says");
	return RC_FINDING;
}

static int build(struct run *r)
{
	struct lineage *l = &r->lineage;

	mcp_out_init(&r->mcp_out, &r->out, (enum mcp_form)r->form);
	mcp_init(&r->mcp, &r->mcp_out, r->settings.run_id);
	r->mcp.previous = r->changed_since;
	r->mcp.keep_described = r->stale != NULL;
	*l = (struct lineage){
		.settings = &r->settings, .recovered = r->recovered,
		.org = &r->org,
		.findings = &r->findings, .mcp = &r->mcp
	};
	org_finish(&r->org);
	lineage_prepare(l);
	emit_all(l, &r->counts);
	if (r->stale)
		r->removed = stale_remove(l, r->stale, r->o.max_removed);
	lineage_release(l);
	return mcp_out_end(&r->mcp_out) || r->mcp.failed ? RC_FAILED : RC_DONE;
}

static void fill_report(struct run *r)
{
	const struct {
		const char *name;
		uint64_t value;
	} all[] = {
		{"max_procs", 1}, {"records", r->input.records},
		{"bytes", r->input.bytes}, {"rejected", r->input.rejected},
		{"findings", r->findings.count},
		{"unknown_kinds", r->org.counts.unknown},
		{"fetch_errors", r->org.counts.fetch_errors},
		{"containers", r->counts.containers},
		{"schemas", r->counts.schemas},
		{"event_specs", r->counts.specs},
		{"pipelines", r->counts.pipelines},
		{"enrichments", r->counts.enrichments},
		{"loaders", r->counts.loaders},
		{"aspects", r->mcp.written},
		{"aspects_unchanged", r->mcp.unchanged},
		{"entities_removed", r->removed},
		{"max_aspect_size_bytes", r->mcp.max_bytes},
		{"aspects_over_1mb", r->mcp.over_1mb},
		{"aspects_over_10mb", r->mcp.over_10mb}
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		report_u64(&r->report, all[i].name, all[i].value);
}

static int run(struct run *r)
{
	const struct common_opts *c = &r->o.common;
	int rc = read_previous(r), ended;

	if (rc)
		return rc;
	if (c->errors && out_open(&r->errors, c->errors))
		return RC_FAILED;
	findings_init(&r->findings, c->errors ? &r->errors : NULL);
	if (out_open(&r->out, c->output))
		return RC_FAILED;
	rc = read_input(r);
	if (rc != RC_USAGE) {
		ended = check_end(r);
		rc = rc_join(rc, rc_join(ended, build(r)));
		if (tolerance_exceeded(&c->max_errors, r->findings.count,
				       r->findings.count + r->input.records))
			rc = rc_join(rc, RC_FINDING);
	}
	findings_end(&r->findings);
	rc = out_close(&r->out, rc);
	return rc_join(rc, out_close(&r->errors, rc == RC_USAGE ? rc :
				     RC_DONE));
}

static void release(struct run *r)
{
	reader_free(r->input.reader);
	names_release(&r->names);
	mcp_release(&r->mcp);
	mcp_out_release(&r->mcp_out);
	org_release(&r->org);
	findings_release(&r->findings);
	if (r->stale != r->changed_since)
		previous_free(r->stale);
	previous_free(r->changed_since);
	recovered_free(r->recovered);
	settings_release(&r->settings, &r->o.settings);
}

int main(int argc, char **argv)
{
	struct run r = {.out = {.fd = -1}, .errors = {.fd = -1}};
	int first, rc;

	err_init(argv[0]);
	report_begin(&r.report);
	settings_defaults(&r.o.settings);
	r.o.max_record = (uint64_t)64 << 20;
	r.o.max_removed = 25;
	r.o.common.max_errors.kind = TOLERATE_COUNT;
	first = opts_parse(&spec, &r.o, argc, argv, &rc);
	if (first < 0)
		return rc;
	rc = check_options(&r, argc, argv, first);
	if (!rc && stop_ignore_first())
		rc = RC_FAILED;
	if (!rc) {
		rc = run(&r);
		fill_report(&r);
	}
	if (report_write(&r.report, r.o.common.report))
		rc = rc_join(rc, RC_FAILED);
	release(&r);
	return rc;
}
