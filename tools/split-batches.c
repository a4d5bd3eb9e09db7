/*
 * split-batches -- divides records into batches and fans them out to worker
 * processes; split-batches(1).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/out.h"
#include "base/report.h"
#include "base/stop.h"
#include "stream/cutter.h"
#include "stream/names.h"
#include "stream/split.h"
#include "stream/where.h"

/* Everything one run has open. */
struct run {
	struct split_opts o;
	struct names names;
	struct reader *reader;
	struct where *where;
	struct rejects rejects;
	struct sink sink;
	struct joblog log;
	struct split split;
	struct out errors;
	struct report report;
};

/*
 * Where records come from.  --where is checked here, before anything is
 * opened for writing.
 */
static int open_supplier(struct run *r, char **operands, size_t n)
{
	struct split_opts *o = &r->o;
	struct cutter_opts c = {
		.records = o->batch_records, .bytes = o->batch_bytes,
		.limit = o->limit, .whole = !o->reader.range_n,
		.rejects = &r->rejects
	};

	if (o->where) {
		r->where = where_new(o->where, NULL);
		if (!r->where)
			return RC_USAGE;
		c.select = where_select;
		c.arg = r->where;
	}
	if (names_read(&r->names, o->files0, operands, n))
		return RC_USAGE;
	r->reader = reader_open(&o->reader, r->names.items, r->names.n, NULL,
				0);
	if (!r->reader)
		return RC_USAGE;
	r->split.supplier = cutter_new(&c, r->reader);
	return RC_DONE;
}

static int open_outputs(struct run *r)
{
	const struct split_opts *o = &r->o;
	struct sink_opts s = {
		.output = o->common.output, .pattern = o->batch_files,
		.logged = o->joblog, .resume = o->resume
	};
	uint64_t plan = split_plan(o, &r->names);
	int rc = joblog_open(&r->log, o->joblog, plan, o->command, o->resume);

	if (rc)
		return rc;
	s.end = r->log.end;
	rc = sink_open(&r->sink, &s);
	if (!rc && o->common.errors && out_open(&r->errors, o->common.errors))
		rc = RC_FAILED;
	return rc;
}

static void snapshot(void *arg, struct progress_now *now)
{
	struct run *r = arg;
	struct split *s = &r->split;

	s->supplier->progress(s->supplier, &now->bytes, &now->total_bytes);
	now->records = s->records;
	now->errors = r->rejects.n;
	snprintf(now->note, sizeof(now->note),
		 "%llu batches, %llu busy, %llu retries",
		 (unsigned long long)s->batches, (unsigned long long)s->busy,
		 (unsigned long long)s->retries);
}

static int write_report(struct run *r)
{
	const struct split *s = &r->split;
	double seconds = report_elapsed(&r->report);

	report_u64(&r->report, "max_procs", r->o.common.max_procs);
	report_u64(&r->report, "batches", s->batches);
	report_u64(&r->report, "batches_skipped", s->skipped);
	report_u64(&r->report, "records", s->records);
	report_u64(&r->report, "bytes", s->bytes);
	report_u64(&r->report, "records_per_minute", seconds > 0 ?
		   (uint64_t)((double)s->records * 60 / seconds) : 0);
	report_u64(&r->report, "rejected", r->rejects.n);
	report_u64(&r->report, "retry_count", s->retries);
	report_u64(&r->report, "poison", s->poison);
	if (r->where)
		report_u64(&r->report, "inexact", where_inexact(r->where));
	return report_write(&r->report, r->o.common.report) ? RC_FAILED
							    : RC_DONE;
}

static void tell(const struct run *r, int rc)
{
	const struct split *s = &r->split;

	if (r->o.common.quiet)
		return;
	if (rc == RC_STOPPED)
		err_msg("stopped: what was written is whole%s", r->o.joblog ?
			" (go on with --resume)" :
			" (--joblog=FILE would let --resume go on)");
	if (isatty(STDERR_FILENO))
		err_msg("%llu batches, %llu records, %.1f MB in %.2f s",
			(unsigned long long)s->batches,
			(unsigned long long)s->records,
			(double)s->bytes / 1e6, report_elapsed(&r->report));
}

static int run(struct run *r)
{
	struct split_opts *o = &r->o;
	struct split *s = &r->split;
	struct progress *p;
	int rc;

	s->opts = o;
	s->rejects = &r->rejects;
	s->sink = &r->sink;
	s->log = &r->log;
	p = progress_start(o->common.progress, o->common.quiet, snapshot, r);
	rc = split_run(s);
	progress_stop(p);
	if (tolerance_exceeded(&o->common.max_errors, r->rejects.n,
			       s->records + r->rejects.n))
		rc = rc_join(rc, RC_FINDING);
	tell(r, rc);
	return rc_join(rc, write_report(r));
}

static void release(struct run *r)
{
	if (r->split.supplier)
		r->split.supplier->free(r->split.supplier);
	where_free(r->where);
	rejects_release(&r->rejects);
	names_release(&r->names);
}

int main(int argc, char **argv)
{
	struct run r = { .errors = {.fd = -1}, .sink = {.out = {.fd = -1}},
			 .log = {.fd = -1} };
	int first, nfiles, rc;

	err_init(argv[0]);
	split_opts_init(&r.o);
	report_begin(&r.report);
	first = split_opts_parse(&r.o, argc, argv, &nfiles, &rc);
	if (first < 0)
		return rc;
	rejects_init(&r.rejects, r.o.common.errors ? &r.errors : NULL,
		     r.o.max_raw);
	rc = split_opts_check(&r.o);
	if (!rc)
		rc = open_supplier(&r, argv + first, (size_t)nfiles);
	if (!rc && stop_watch(r.o.time_limit_ms)) {
		err_msg("cannot watch for signals: %s", strerror(errno));
		rc = RC_FAILED;
	}
	if (!rc)
		rc = open_outputs(&r);
	if (!rc)
		rc = run(&r);
	rc = rc_join(rc, out_close(&r.errors, rc == RC_USAGE ? rc : RC_DONE));
	rc = sink_close(&r.sink, rc);
	if (joblog_close(&r.log))
		rc = rc_join(rc, RC_FAILED);
	release(&r);
	return rc;
}
