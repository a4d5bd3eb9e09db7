/*
 * split-batches -- divides records into batches and fans them out to worker
 * processes; split-batches(1).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/out.h"
#include "base/report.h"
#include "base/stop.h"
#include "stream/call_plan.h"
#include "stream/input.h"
#include "stream/split.h"

/* Everything one run has open. */
struct run {
	struct split_opts o;
	struct input input;
	struct rejects rejects;
	struct sink sink;
	struct joblog log;
	struct split split;
	struct out errors;
	struct report report;
};

/*
 * With a log the list of rejects grows beside it: those of batches that are
 * done must be there after any sudden end, and when the run goes on.
 */
static int open_errors(struct run *r)
{
	const char *path = r->o.common.errors;
	int fd;

	if (!path)
		return RC_DONE;
	if (!r->o.joblog)
		return out_open(&r->errors, path) ? RC_FAILED : RC_DONE;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC |
		  (r->o.resume ? 0 : O_TRUNC), 0666);
	if (fd < 0) {
		err_msg("%s: cannot be written: %s", path, strerror(errno));
		return RC_FAILED;
	}
	r->errors = (struct out){ .fd = fd, .path = strdup(path) };
	r->rejects.at_once = true;
	return RC_DONE;
}

static int open_outputs(struct run *r)
{
	const struct split_opts *o = &r->o;
	struct sink_opts s = {
		.output = o->common.output, .pattern = o->batch_files,
		.logged = o->joblog, .resume = o->resume
	};
	uint64_t plan = split_plan(o, &r->input.names);
	int rc = o->resume ? split_check_resume(&r->input.names) : RC_DONE;

	if (!rc)
		rc = joblog_open(&r->log, o->joblog, plan, o->command,
				 o->resume);
	if (rc)
		return rc;
	s.end = r->log.end;
	rc = sink_open(&r->sink, &s);
	return rc ? rc : open_errors(r);
}

static void snapshot(void *arg, struct progress_now *now)
{
	struct run *r = arg;
	struct split *s = &r->split;
	double seconds = report_elapsed(&r->report);
	int n = 0;

	s->supplier->progress(s->supplier, &now->bytes, &now->total_bytes);
	now->records = s->records;
	now->errors = r->rejects.n;
	if (r->o.calls > 1)
		n = snprintf(now->note, sizeof(now->note),
			     "call %llu of %llu, ",
			     (unsigned long long)r->input.call,
			     (unsigned long long)r->o.calls);
	snprintf(now->note + n, sizeof(now->note) - (size_t)n,
		 "%.0f records/s, %llu batches, %llu busy, %llu retries",
		 seconds > 0 ? (double)s->records / seconds : 0,
		 (unsigned long long)s->batches, (unsigned long long)s->busy,
		 (unsigned long long)s->retries);
}

static int write_report(struct run *r)
{
	const struct split *s = &r->split;
	double seconds = report_elapsed(&r->report);

	report_u64(&r->report, "max_procs", r->o.common.max_procs);
	if (r->o.calls)
		report_u64(&r->report, "calls", r->o.call ? 1 :
			   r->input.call);
	report_u64(&r->report, "batches", s->batches);
	report_u64(&r->report, "batches_skipped", s->skipped);
	report_u64(&r->report, "records", s->records);
	report_u64(&r->report, "bytes", s->bytes);
	report_u64(&r->report, "records_per_minute", seconds > 0 ?
		   (uint64_t)((double)s->records * 60 / seconds) : 0);
	report_u64(&r->report, "rejected", r->rejects.n);
	report_u64(&r->report, "retry_count", s->retries);
	report_u64(&r->report, "poison", s->poison);
	if (r->input.where)
		report_u64(&r->report, "inexact",
			   where_inexact(r->input.where));
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

/* One after the other; without --calls there is one. */
static int run_calls(struct run *r)
{
	int rc = RC_DONE, more;

	while ((more = input_call(&r->input)) == 1 &&
	       (rc == RC_DONE || rc == RC_FINDING)) {
		if (r->input.ordered)
			r->split.first = ordered_batches(r->input.ordered);
		rc = rc_join(rc, split_run(&r->split));
	}
	if (more < 0)
		rc = rc_join(rc, RC_FAILED);
	return rc;
}

static int print_plan(struct run *r)
{
	struct out out;
	struct buf text = {0};

	if (out_open(&out, r->o.common.output))
		return RC_FAILED;
	call_plan_write(&text, &r->input);
	out_add(&out, text.s, text.len);
	buf_release(&text);
	return out_close(&out, RC_DONE);
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
	s->supplier = r->input.supplier;
	p = progress_start(o->common.progress, o->common.quiet, snapshot, r);
	rc = run_calls(r);
	progress_stop(p);
	if (tolerance_exceeded(&o->common.max_errors, r->rejects.n,
			       s->records + r->rejects.n))
		rc = rc_join(rc, RC_FINDING);
	tell(r, rc);
	return rc_join(rc, write_report(r));
}

static void release(struct run *r)
{
	input_release(&r->input);
	rejects_release(&r->rejects);
}

static int run_all(struct run *r)
{
	int rc = open_outputs(r);

	return rc ? rc : run(r);
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
		rc = input_open(&r.input, &r.o, argv + first, (size_t)nfiles,
				&r.rejects);
	if (!rc && stop_watch(r.o.time_limit_ms))
		rc = RC_FAILED;
	if (!rc)
		rc = input_prepare(&r.input);
	if (!rc && r.o.plan)
		rc = print_plan(&r);
	else if (!rc)
		rc = run_all(&r);
	rc = rc_join(rc, out_close(&r.errors, rc == RC_USAGE ? rc : RC_DONE));
	rc = sink_close(&r.sink, rc);
	if (joblog_close(&r.log))
		rc = rc_join(rc, RC_FAILED);
	if (!r.o.plan)
		rc = input_done(&r.input, rc);
	release(&r);
	return rc;
}
