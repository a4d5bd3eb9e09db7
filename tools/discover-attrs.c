/*
 * discover-attrs -- finds every attribute of every record; discover-attrs(1).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attrs/attrio.h"
#include "attrs/discover.h"
#include "attrs/resume.h"
#include "base/common_opts.h"
#include "base/err.h"
#include "base/out.h"
#include "base/report.h"
#include "base/secret.h"
#include "base/stop.h"
#include "stream/fan.h"
#include "stream/names.h"

#define MESSAGES 10		/* rejects told one by one */
#define KEY_MIN 16		/* bytes of --sample-key-file */
#define KEY_MAX 4096
#define MAX_LINE 0x7fff0000ULL	/* offsets in a batch have 32 bits */

struct opts {
	struct common_opts common;
	struct scan_opts scan;
	struct reader_opts reader;
	struct opt_list map;
	const char *files0, *resume, *sample_key_file;
	uint64_t values, samples, time_limit_ms, max_raw;
	int form, stats;
};

static int range_parse(void *dst, const char *value, char *why)
{
	struct reader_opts *r = dst;
	char *end = NULL;

	r->range_i = strtoull(value, &end, 10);
	r->range_n = end && *end == '/' ? strtoull(end + 1, &end, 10) : 0;
	if (*value >= '0' && *value <= '9' && end && !*end && r->range_i >= 1 &&
	    r->range_i <= r->range_n)
		return 0;
	snprintf(why, 200, "want I/N with 1 <= I <= N, like 2/8");
	return -1;
}

#define AT(member) .offset = offsetof(struct opts, member)

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "Input"},
	{.name = "input", .arg = "FORM", .kind = OPT_CHOICE, AT(form),
	 .choices = "auto|lines|json|array|seq",
	 .help = "What the records are in. auto (default) looks at the first "
		 "64 KiB; lines is NDJSON, json documents of any layout, array "
		 "one top-level array, seq RFC 7464."},
	{.name = "where", .arg = "EXPR", .kind = OPT_TEXT, AT(scan.where),
	 .help = "Only records for which the jq expression is true. Paths and "
		 "comparisons like '.user.id > 9007199254740993' are exact."},
	{.name = "limit", .arg = "N", .kind = OPT_COUNT, AT(scan.limit),
	 .help = "Stop after N records, good or bad, counted after --where "
		 "(one thread)."},
	{.name = "range", .arg = "I/N", .kind = OPT_CALL, .call = range_parse,
	 AT(reader), .help = "Only the I-th of N parts of the files, cut at "
		 "record boundaries; merging all N gives the whole."},
	{.name = "resume", .arg = "PARTIAL", .kind = OPT_TEXT, AT(resume),
	 .help = "Scan what the partial result in this file left pending."},
	{.name = "files0-from", .arg = "FILE", .kind = OPT_TEXT, AT(files0),
	 .help = "Read the files' names, each ended by NUL, from FILE."},
	{.name = "source-prefix", .arg = "TEXT", .kind = OPT_TEXT,
	 AT(reader.prefix), .help = "Put TEXT before the names of sources, to "
		 "tell hosts apart."},
	{.kind = OPT_HEADING, .help = "Statistics"},
	{.name = "stats", .arg = "WHICH", .kind = OPT_CHOICE, AT(stats),
	 .choices = "basic|full", .help = "full adds distinct values "
		 "(estimated) and histograms."},
	{.name = "values", .arg = "N", .kind = OPT_COUNT, AT(values),
	 .max = 1000000, .help = "Count each value of an attribute while "
		 "there are at most N."},
	{.name = "samples", .arg = "N", .kind = OPT_COUNT, AT(samples),
	 .max = 1000000, .help = "Keep N values of each version, masked "
		 "(Aa9x)."},
	{.name = "unmasked", .kind = OPT_FLAG, AT(scan.extra.unmasked),
	 .help = "Leave samples as they are."},
	{.name = "sample-key-file", .arg = "FILE", .kind = OPT_TEXT,
	 AT(sample_key_file), .help = "Choose masked samples by a hash keyed "
		 "with the contents of FILE (mode 0600)."},
	{.name = "private", .kind = OPT_FLAG, AT(scan.private),
	 .help = "Leave out the minimum and maximum of numbers."},
	{.name = "no-first", .kind = OPT_FLAG, AT(scan.no_first),
	 .help = "Leave out where things were met first, and the sources."},
	{.name = "map", .arg = "PATH", .kind = OPT_LIST, AT(map),
	 .help = "Treat the objects at PATH as maps: all keys are one {} step. "
		 "Repeatable."},
	{.kind = OPT_HEADING, .help = "Limits"},
	{.name = "max-keys", .arg = "N", .kind = OPT_COUNT, AT(scan.max_keys),
	 .max = UINT32_MAX - 1, .help = "Fold an attribute with more than N "
		 "different keys (10000) into a map; 0 never."},
	{.name = "max-attrs", .arg = "N", .kind = OPT_COUNT,
	 AT(scan.max_attrs), .max = UINT32_MAX - 1,
	 .help = "End with status 3 at more than N attributes (1000000)."},
	{.name = "max-depth", .arg = "N", .kind = OPT_COUNT,
	 AT(scan.max_depth), .max = 1000000, .help = "Reject records nested "
		 "deeper than N (1000)."},
	{.name = "max-embedded", .arg = "N", .kind = OPT_COUNT,
	 AT(scan.max_embedded), .max = 1000, .help = "Decode JSON in strings "
		 "in JSON in strings N times (8)."},
	{.name = "max-record", .arg = "BYTES", .kind = OPT_BYTES,
	 AT(scan.max_record), .min = 1, .max = MAX_LINE,
	 .help = "Reject longer records (64M)."},
	{.name = "time-limit", .arg = "TIME", .kind = OPT_TIME,
	 AT(time_limit_ms), .help = "Stop then, write the valid partial and "
		 "end with status 75; 30s, 5m, 2h."},
	{.kind = OPT_HEADING, .help = "Running"},
	COMMON_THREADS,
	{.name = "batch-bytes", .letter = 'b', .arg = "BYTES",
	 .kind = OPT_BYTES, AT(reader.batch_bytes), .max = MAX_LINE,
	 .help = "What a thread takes at a time (512K)."},
	COMMON_OUTPUT,
	COMMON_ERRORS,
	{.name = "max-raw", .arg = "BYTES", .kind = OPT_BYTES, AT(max_raw),
	 .help = "Cut the raw text in error lines to BYTES."},
	COMMON_REPORT,
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[OPTION]... [FILE]...",
	.summary = "Finds every attribute of JSON records, with all its types "
		   "and statistics.",
	.examples =
		"discover-attrs events.ndjson\n"
		"discover-attrs -o week.attrs logs/*.ndjson.gz\n"
		"curl -s https://example.com/api | discover-attrs --stats=full\n"
		"discover-attrs --errors=bad.ndjson --where '.type == \"click\"' "
		"big.ndjson\n"
		"discover-attrs --time-limit=5m -o part.attrs huge.ndjson",
	.see = "discover-attrs(1), merge-attrs(1), attr(5), error(5)",
	.table = table,
	.operands = true
};

/* Everything one run has open. */
struct run {
	struct opts o;
	struct names names;
	struct resume resume;
	struct discover d;
	struct scan scan;
	struct out out, errors;
	struct report report;
	struct buf sample_key;
	struct places *places;
	bool resuming;
};

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* --map paths in one order, each once: they are part of the result. */
static void sort_maps(struct opts *o)
{
	size_t n = 0;

	if (!o->map.n)
		return;
	qsort(o->map.items, o->map.n, sizeof(*o->map.items), by_bytes);
	for (size_t i = 0; i < o->map.n; i++)
		if (!n || strcmp(o->map.items[n - 1], o->map.items[i]))
			o->map.items[n++] = o->map.items[i];
	o->scan.map = o->map.items;
	o->scan.nmap = n;
}

static int read_sample_key(struct run *r)
{
	const char *path = r->o.sample_key_file;

	if (!path)
		return RC_DONE;
	if (secret_read(&r->sample_key, path, "key", KEY_MIN, KEY_MAX))
		return RC_USAGE;
	r->o.scan.extra.key = (const unsigned char *)r->sample_key.s;
	r->o.scan.extra.key_len = r->sample_key.len;
	return RC_DONE;
}

static int check_options(struct run *r)
{
	struct opts *o = &r->o;

	o->scan.extra.full = o->stats == 1;
	o->scan.extra.values = (uint32_t)o->values;
	o->scan.extra.samples = (uint32_t)o->samples;
	o->reader.form = (enum input_form)o->form;
	o->reader.max_record = o->scan.max_record;
	o->reader.hints = !o->common.quiet;
	sort_maps(o);
	if (o->scan.extra.unmasked && o->sample_key_file) {
		err_msg("--unmasked samples need no --sample-key-file "
			"(leave one of them out)");
		return RC_USAGE;
	}
	if (o->resume && (o->reader.range_n || o->scan.limit)) {
		err_msg("--resume goes with neither --range nor --limit");
		return RC_USAGE;
	}
	return read_sample_key(r);
}

/*
 * Sources are read in the order of their names, so that error lines come
 * sorted; with --limit the operands' order says which records count.
 */
static int open_reader(struct run *r)
{
	struct opts *o = &r->o;

	if (r->resuming)
		r->d.reader = reader_open(&o->reader, r->resume.names,
					  r->resume.nnames, r->resume.extents,
					  r->resume.n);
	else
		r->d.reader = reader_open(&o->reader, r->names.items,
					  r->names.n, NULL, 0);
	return r->d.reader ? RC_DONE : RC_USAGE;
}

/* A worker of split-batches learns where its bytes come from. */
static void open_places(struct run *r)
{
	struct opts *o = &r->o;

	if (r->resuming || o->reader.range_n || r->names.n != 1 ||
	    strcmp(r->names.items[0], "-"))
		return;
	r->places = places_open(o->reader.prefix);
	if (r->places && o->reader.form == INPUT_AUTO) {
		o->reader.form = INPUT_LINES;
		o->reader.parcels = true;
	}
	r->d.places = r->places;
}

static int open_input(struct run *r, char **operands, size_t n)
{
	struct opts *o = &r->o;
	int rc;

	if (o->resume) {
		if (n || o->files0) {
			err_msg("--resume takes its files from the partial "
				"(leave the operands out)");
			return RC_USAGE;
		}
		r->resuming = true;
		rc = resume_read(&r->resume, o->resume, &o->scan,
				 o->reader.prefix);
		if (rc)
			return rc;
	} else if (names_read(&r->names, o->files0, operands, n)) {
		return RC_USAGE;
	} else if (!o->scan.limit) {
		qsort(r->names.items, r->names.n, sizeof(*r->names.items),
		      by_bytes);
	}
	open_places(r);
	return open_reader(r);
}

static void snapshot(void *arg, struct progress_now *now)
{
	struct run *r = arg;

	reader_progress(r->d.reader, &now->bytes, &now->total_bytes);
	now->records = r->d.records;
	now->errors = r->d.rejected;
}

static int scan(struct run *r)
{
	struct progress *p;
	struct buf why = {0};
	int rc;

	p = progress_start(r->o.common.progress, r->o.common.quiet, snapshot, r);
	rc = discover_run(&r->d, &r->scan, &why);
	progress_stop(p);
	if (rc)
		err_msg("%s", buf_cstr(&why));
	buf_release(&why);
	return rc ? RC_USAGE : RC_DONE;
}

/* What is left to do, and what the run amounts to. */
static int settle(struct run *r)
{
	const struct tolerance *tolerated = &r->o.common.max_errors;
	struct scan_totals *t = &r->scan.totals;
	struct buf why = {0};
	int rc = RC_DONE;

	if (r->resuming)
		scan_resume(&r->scan, &r->resume.partial, &r->o.scan);
	if (!r->d.limited && !r->d.placed)
		resume_add_pending(&r->scan, r->d.reader, r->o.reader.prefix);
	scan_settle(&r->scan, &r->o.scan);
	if (r->scan.pending.n)
		rc = rc_join(rc, RC_STOPPED);
	if (tolerance_exceeded(tolerated, t->rejected, t->records + t->rejected))
		rc = rc_join(rc, RC_FINDING);
	if (reader_failed(r->d.reader))
		rc = rc_join(rc, RC_FAILED);
	if (r->d.too_many || scan_over_limit(&r->scan, &why)) {
		if (!why.len)
			scan_over_limit(&r->scan, &why);
		err_msg("%s", buf_cstr(&why));
		rc = rc_join(rc, RC_FAILED);
	}
	buf_release(&why);
	return rc;
}

static void tell(const struct run *r, int rc)
{
	const struct scan_totals *t = &r->scan.totals;
	unsigned long long more = r->d.faults > MESSAGES ?
		r->d.faults - MESSAGES : 0;

	if (more)
		err_msg("%llu more rejected (%s)", more, r->o.common.errors ?
			"all are in the --errors file" :
			"--errors=FILE lists them");
	if (r->o.common.quiet)
		return;
	if (rc == RC_STOPPED)
		err_msg("stopped: the result is a valid partial "
			"(go on with --resume=FILE, add up with merge-attrs)");
	if (isatty(STDERR_FILENO))
		err_msg("%llu records, %llu rejected, %.1f MB in %.2f s",
			(unsigned long long)t->records,
			(unsigned long long)t->rejected,
			(double)t->bytes / 1e6, report_elapsed(&r->report));
}

static int write_report(struct run *r)
{
	const struct scan_totals *t = &r->scan.totals;
	double seconds = report_elapsed(&r->report);
	uint64_t all = t->records + t->rejected;

	report_u64(&r->report, "max_procs", r->d.threads);
	report_u64(&r->report, "records", t->records);
	report_u64(&r->report, "bytes", t->bytes);
	report_u64(&r->report, "records_per_minute",
		   seconds > 0 ? (uint64_t)((double)all * 60 / seconds) : 0);
	report_u64(&r->report, "rejected", t->rejected);
	report_text(&r->report, "kernel", kernel_name(r->d.kernel));
	return report_write(&r->report, r->o.common.report) ? RC_FAILED
							    : RC_DONE;
}

static int run(struct run *r)
{
	struct opts *o = &r->o;
	int rc = RC_DONE;

	scan_init(&r->scan, &o->scan);
	if (stop_watch(o->time_limit_ms)) {
		err_msg("cannot watch for signals: %s", strerror(errno));
		return RC_FAILED;
	}
	if (out_open(&r->out, o->common.output) ||
	    (o->common.errors && out_open(&r->errors, o->common.errors)))
		return RC_FAILED;
	r->d.opts = &o->scan;
	r->d.errors = o->common.errors ? &r->errors : NULL;
	r->d.max_raw = o->max_raw;
	r->d.max_messages = MESSAGES;
	r->d.whole = !r->resuming && !o->reader.range_n;
	rc = scan(r);
	if (rc)
		return rc;
	rc = settle(r);
	if (attr_write(&r->out, &r->scan, &o->scan))
		rc = RC_FAILED;
	tell(r, rc);
	return rc_join(rc, write_report(r));
}

static void release(struct run *r)
{
	reader_free(r->d.reader);
	places_free(r->places);
	if (r->resuming)
		resume_release(&r->resume);
	scan_release(&r->scan);
	names_release(&r->names);
	opt_list_release(&r->o.map);
	secret_release(&r->sample_key);
}

int main(int argc, char **argv)
{
	struct run r = {.out = {.fd = -1}, .errors = {.fd = -1}};
	int first, rc;

	err_init(argv[0]);
	/* libjq would read ~/.jq, and results depend on the machine */
	unsetenv("HOME");
	scan_opts_init(&r.o.scan);
	report_begin(&r.report);
	first = opts_parse(&spec, &r.o, argc, argv, &rc);
	if (first < 0)
		return rc;
	rc = check_options(&r);
	if (!rc) {
		r.d.kernel = kernel_choose();
		r.d.threads = fan_threads(r.o.common.max_procs,
					  r.o.common.oversubscribe);
		if (r.d.kernel < 0 || !r.d.threads)
			rc = RC_USAGE;
	}
	if (!rc)
		rc = open_input(&r, argv + first, (size_t)(argc - first));
	if (!rc)
		rc = run(&r);
	/* whatever the result is: the list of what was rejected is whole */
	rc = rc_join(rc, out_close(&r.errors, rc == RC_USAGE ? rc : RC_DONE));
	rc = out_close(&r.out, rc);
	release(&r);
	return rc;
}
