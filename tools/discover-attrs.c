/*
 * discover-attrs -- finds every attribute of every record; discover-attrs(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attrs/attrio.h"
#include "attrs/discover.h"
#include "attrs/discover_opts.h"
#include "attrs/resume.h"
#include "base/err.h"
#include "base/hadoop.h"
#include "base/out.h"
#include "base/report.h"
#include "base/stop.h"
#include "stream/fan.h"
#include "stream/names.h"

#define MESSAGES 10		/* rejects told one by one */

/* Everything one run has open. */
struct run {
	struct discover_opts o;
	struct names names;
	struct resume resume;
	struct discover d;
	struct scan scan;
	struct out out, errors;
	struct report report;
	struct places *places;
	bool resuming;
};

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/*
 * Sources are read in the order of their names, so that error lines come
 * sorted; with --limit the operands' order says which records count.
 */
static int open_reader(struct run *r)
{
	struct discover_opts *o = &r->o;

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
	struct discover_opts *o = &r->o;

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
	struct discover_opts *o = &r->o;
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

static int write_result(struct run *r)
{
	if (!r->o.hadoop)
		return attr_write(&r->out, &r->scan, &r->o.scan);
	hadoop_count("records", r->scan.totals.records);
	hadoop_count("bytes", r->scan.totals.bytes);
	hadoop_count("rejected", r->scan.totals.rejected);
	hadoop_count("blank", r->scan.totals.blank);
	return attr_write_keyed(&r->out, &r->scan, &r->o.scan);
}

static int run(struct run *r)
{
	struct discover_opts *o = &r->o;
	int rc = RC_DONE;

	scan_init(&r->scan, &o->scan);
	if (stop_watch(o->time_limit_ms))
		return RC_FAILED;
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
	if (write_result(r))
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
	discover_opts_release(&r->o);
}

int main(int argc, char **argv)
{
	struct run r = {.out = {.fd = -1}, .errors = {.fd = -1}};
	int first, rc;

	err_init(argv[0]);
	/* libjq would read ~/.jq, and results depend on the machine */
	unsetenv("HOME");
	discover_opts_init(&r.o);
	report_begin(&r.report);
	first = opts_parse(&discover_spec, &r.o, argc, argv, &rc);
	if (first < 0)
		return rc;
	rc = discover_opts_check(&r.o);
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
