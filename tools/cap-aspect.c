/*
 * cap-aspect -- keeps every aspect within byte and edge limits; cap-aspect(1).
 */
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "base/common_opts.h"
#include "base/err.h"
#include "base/out.h"
#include "base/report.h"
#include "base/stop.h"
#include "datahub/cap.h"
#include "datahub/restore.h"
#include "json/kernel.h"
#include "stream/fan.h"
#include "stream/names.h"

#define MESSAGES 10		/* rejects, and warnings, told one by one */
#define MAX_LINE 0x7fff0000ULL	/* offsets in a batch have 32 bits */
#define DATASET "urn:li:dataset:("

struct opts {
	struct common_opts common;
	struct cap_opts cap;
	struct reader_opts reader;
	const char *files0, *receipts, *restore;
	int form, gms;
	bool array;
};

static int bytes_parse(void *dst, const char *value, char *why)
{
	uint64_t *bytes = dst;

	if (!strcmp(value, "kafka"))
		*bytes = CAP_KAFKA_BYTES;
	else if (opt_bytes(value, bytes)) {
		snprintf(why, 200, "want bytes, like 15M, or kafka");
		return -1;
	}
	return 0;
}

#define AT(member) .offset = offsetof(struct opts, member)
#define LIMIT(name_, member, text) \
	{.name = name_, .arg = "N", .kind = OPT_COUNT, \
	 AT(cap.limits.member), .help = text}

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "Limits (0: none)"},
	{.name = "max-bytes", .arg = "BYTES", .kind = OPT_CALL,
	 .call = bytes_parse, AT(cap.limits.bytes),
	 .help = "Keep an aspect while its Python JSON is shorter (15728640). "
		 "kafka is 2M."},
	LIMIT("max-inputs", inputs,
	      "Keep at most N input datasets, or upstreams (50)."),
	LIMIT("max-outputs", outputs, "Keep at most N output datasets (0)."),
	LIMIT("max-fine-grained", fine_grained,
	      "Keep at most N field edges of an aspect (1000)."),
	LIMIT("max-fields", fields,
	      "Keep at most N upstream fields of one lineage (200)."),
	LIMIT("max-total-edges", total,
	      "Keep at most N edges of all kinds of an aspect (0)."),
	{.kind = OPT_HEADING, .help = "What goes"},
	{.name = "fold", .arg = "WHAT", .kind = OPT_CHOICE, AT(cap.fold),
	 .choices = "jobs|all|none", .help = "Fold field lineages that differ "
		 "only in what they lead to: of jobs (default), also of "
		 "datasets, or none. Loses nothing."},
	{.name = "policy", .arg = "POLICY", .kind = OPT_CHOICE, AT(cap.policy),
	 .choices = "sample|fields|group|all|truncate",
	 .help = "sample (default) keeps representative datasets and their "
		 "field edges; fields drops dataset edges; group puts one "
		 "dataset in place of the inputs; all ignores counts, not "
		 "bytes; truncate cuts in the order written."},
	{.name = "group-urn", .arg = "URN", .kind = OPT_TEXT,
	 AT(cap.group_urn), .help = "The dataset of --policy=group (Snowplow's "
		 "atomic event)."},
	{.name = "oversize", .arg = "HOW", .kind = OPT_CHOICE,
	 AT(cap.oversize), .choices = "error|drop|pass",
	 .help = "What to do with an aspect that is too long and cannot be "
		 "cut: reject it and end with status 1 (default), drop it, or "
		 "pass it on."},
	{.kind = OPT_HEADING, .help = "Output"},
	MCP_OUT_OPTIONS(AT(array), AT(gms)),
	{.name = "annotate", AT(cap.annotate),
	 .help = "Say what was cut in a custom property of the job or dataset "
		 "(a PATCH)."},
	{.name = "split", AT(cap.split),
	 .help = "Write what was cut as PATCH proposals of bounded size. "
		 "Implies --fold=none."},
	{.name = "receipts", .arg = "FILE", .kind = OPT_TEXT, AT(receipts),
	 .help = "Write a line to FILE for each aspect changed, with the line "
		 "it was."},
	{.name = "restore", .arg = "FILE", .kind = OPT_TEXT, AT(restore),
	 .help = "Put back the lines that the receipts in FILE hold; lines "
		 "edited since are refused."},
	{.kind = OPT_HEADING, .help = "Input"},
	{.name = "input", .arg = "FORM", .kind = OPT_CHOICE, AT(form),
	 .choices = "auto|lines|json|array|seq",
	 .help = "What the proposals are in. auto (default) looks at the "
		 "first 64 KiB."},
	{.name = "files0-from", .arg = "FILE", .kind = OPT_TEXT, AT(files0),
	 .help = "Read the files' names, each ended by NUL, from FILE."},
	{.name = "max-record", .arg = "BYTES", .kind = OPT_BYTES,
	 AT(reader.max_record), .min = 1, .max = MAX_LINE,
	 .help = "Reject longer proposals (1G)."},
	{.kind = OPT_HEADING, .help = "Running"},
	COMMON_THREADS,
	COMMON_OUTPUT,
	COMMON_ERRORS,
	COMMON_REPORT,
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[OPTION]... [FILE]...",
	.summary = "Keeps the aspects of DataHub's metadata change proposals "
		   "within limits.",
	.examples =
		"cap-aspect --max-inputs=50 --array -o mcps.json lineage.ndjson\n"
		"build-lineage structs.ndjson | cap-aspect --gms=batch\n"
		"cap-aspect --receipts=r.ndjson big.ndjson >small.ndjson\n"
		"cap-aspect --restore=r.ndjson small.ndjson | cmp - big.ndjson",
	.see = "cap-aspect(1), build-lineage(1), error(5)",
	.table = table,
	.operands = true
};

/* Everything one run has open. */
struct run {
	struct opts o;
	struct names names;
	struct cap cap;
	struct mcp_out to;
	struct out out, errors, receipts;
	struct report report;
};

static int check_options(struct run *r)
{
	struct opts *o = &r->o;
	int form = mcp_out_form(o->array, o->gms);

	if (form < 0)
		return RC_USAGE;
	if (strncmp(o->cap.group_urn, DATASET, sizeof(DATASET) - 1)) {
		err_msg("--group-urn=%s: not the URN of a dataset "
			"(urn:li:dataset:(...))", o->cap.group_urn);
		return RC_USAGE;
	}
	if (o->cap.split && (o->cap.policy == CAP_GROUP ||
			     o->cap.policy == CAP_FIELDS)) {
		err_msg("--split goes with --policy=sample, all or truncate "
			"(the others leave edges out on purpose)");
		return RC_USAGE;
	}
	if (o->restore && (o->receipts || form == MCP_GMS_BATCH)) {
		err_msg("--restore goes with neither --receipts nor --gms");
		return RC_USAGE;
	}
	if (o->cap.split)
		o->cap.fold = CAP_FOLD_NONE;
	o->reader.form = (enum input_form)o->form;
	o->reader.hints = !o->common.quiet;
	mcp_out_init(&r->to, &r->out, (enum mcp_form)form);
	return RC_DONE;
}

static void snapshot(void *arg, struct progress_now *now)
{
	struct run *r = arg;

	reader_progress(r->cap.reader, &now->bytes, &now->total_bytes);
	now->records = r->cap.seen;
	now->errors = r->cap.rejected;
}

static int open_outs(struct run *r)
{
	const struct opts *o = &r->o;

	if (out_open(&r->out, o->common.output) ||
	    (o->common.errors && out_open(&r->errors, o->common.errors)) ||
	    (o->receipts && out_open(&r->receipts, o->receipts)))
		return RC_FAILED;
	r->cap.to = &r->to;
	r->cap.errors = o->common.errors ? &r->errors : NULL;
	r->cap.receipts = o->receipts ? &r->receipts : NULL;
	return RC_DONE;
}

static int run(struct run *r)
{
	const struct common_opts *c = &r->o.common;
	struct cap_stats *s = &r->cap.stats;
	struct progress *p;
	int rc = open_outs(r);

	if (rc)
		return rc;
	r->cap.opts = &r->o.cap;
	r->cap.max_messages = MESSAGES;
	r->cap.quiet = c->quiet;
	r->o.cap.receipts = r->o.receipts != NULL;
	p = progress_start(c->progress, c->quiet, snapshot, r);
	if (r->o.restore)
		rc = restore_run(&r->cap, r->o.restore);
	else
		cap_run(&r->cap);
	progress_stop(p);
	mcp_out_end(&r->to);
	if (reader_failed(r->cap.reader))
		rc = rc_join(rc, RC_FAILED);
	if (tolerance_exceeded(&c->max_errors, s->rejected,
			       s->records + s->rejected))
		rc = rc_join(rc, RC_FINDING);
	if (!c->quiet && s->cut)
		err_msg("%llu aspects cut: %llu inputs, %llu field edges left "
			"out; %llu made shorter without loss",
			(unsigned long long)s->cut,
			(unsigned long long)s->inputs_dropped,
			(unsigned long long)s->edges_dropped,
			(unsigned long long)s->folded);
	return rc;
}

static int write_report(struct run *r)
{
	const struct cap_stats *s = &r->cap.stats;
	struct report *to = &r->report;
	double seconds = report_elapsed(to);
	uint64_t all = s->records + s->rejected;

	report_u64(to, "max_procs", r->cap.threads);
	report_u64(to, "records", s->records);
	report_u64(to, "bytes", s->bytes);
	report_u64(to, "records_per_minute",
		   seconds > 0 ? (uint64_t)((double)all * 60 / seconds) : 0);
	report_u64(to, "rejected", s->rejected);
	report_u64(to, "max_aspect_size_bytes", s->max_size);
	report_u64(to, "max_aspect_size_bytes_after", s->max_size_after);
	report_u64(to, "aspects_over_1mb", s->over_1mb);
	report_u64(to, "aspects_over_10mb", s->over_10mb);
	report_u64(to, "aspects_cut", s->cut);
	report_u64(to, "aspects_folded", s->folded);
	report_u64(to, "aspects_oversize", s->oversize);
	report_u64(to, "aspects_dropped", s->dropped);
	report_u64(to, "aspects_inconsistent", s->inconsistent);
	report_u64(to, "edges_folded", s->edges_folded);
	report_u64(to, "edges_dropped", s->edges_dropped);
	report_u64(to, "inputs_dropped", s->inputs_dropped);
	report_u64(to, "outputs_dropped", s->outputs_dropped);
	report_u64(to, "duplicates_dropped", s->duplicates_dropped);
	report_u64(to, "items_dropped", s->fields_dropped);
	report_u64(to, "patches", s->patches);
	report_u64(to, "warnings", s->warnings);
	return report_write(to, r->o.common.report) ? RC_FAILED : RC_DONE;
}

static int prepare(struct run *r, char **operands, size_t n)
{
	int rc = check_options(r);

	if (rc)
		return rc;
	r->cap.kernel = kernel_choose();
	r->cap.threads = fan_threads(r->o.common.max_procs,
				     r->o.common.oversubscribe);
	if (r->cap.kernel < 0 || !r->cap.threads ||
	    names_read(&r->names, r->o.files0, operands, n))
		return RC_USAGE;
	r->cap.reader = reader_open(&r->o.reader, r->names.items, r->names.n,
				    NULL, 0);
	if (!r->cap.reader)
		return RC_USAGE;
	return stop_ignore_first() ? RC_FAILED : RC_DONE;
}

int main(int argc, char **argv)
{
	struct run r = {.out = {.fd = -1}, .errors = {.fd = -1},
			.receipts = {.fd = -1}};
	int first, rc;

	err_init(argv[0]);
	/*
	 * A text that grew for one huge aspect goes back to the system when it
	 * is freed.  By itself, glibc puts texts of its size among the small
	 * things from then on, and the holes they leave are half of all memory.
	 */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	cap_opts_init(&r.o.cap);
	r.o.reader.max_record = 1U << 30;
	/* a proposal lost is metadata lost */
	r.o.common.max_errors.kind = TOLERATE_COUNT;
	report_begin(&r.report);
	first = opts_parse(&spec, &r.o, argc, argv, &rc);
	if (first < 0)
		return rc;
	rc = prepare(&r, argv + first, (size_t)(argc - first));
	if (!rc) {
		rc = run(&r);
		rc = rc_join(rc, write_report(&r));
	}
	rc = rc_join(rc, out_close(&r.errors, rc == RC_USAGE ? rc : RC_DONE));
	rc = out_close(&r.receipts, rc);
	rc = out_close(&r.out, rc);
	reader_free(r.cap.reader);
	mcp_out_release(&r.to);
	names_release(&r.names);
	return rc;
}
