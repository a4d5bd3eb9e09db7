/*
 * diff-attrs -- what changed between two scans; diff-attrs(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attrs/attrio.h"
#include "attrs/diff.h"
#include "attrs/diff_history.h"
#include "attrs/diff_write.h"
#include "base/common_opts.h"
#include "base/err.h"
#include "base/out.h"
#include "base/report.h"
#include "base/stop.h"

struct opts {
	struct common_opts common;
	struct diff_opts diff;
	bool allow_cut;
	int to;
	unsigned fail_on;	/* a bit for each class */
	unsigned ignored;	/* a bit for each change */
	const char *history, *date;
};

#define AT(member) .offset = offsetof(struct opts, member)

/* Comma-separated words of ${names}, as bits. */
static int read_words(unsigned *bits, const char *value,
		      const char *const *names, unsigned n, char *why)
{
	while (*value) {
		size_t len = strcspn(value, ",");
		unsigned i = 0;

		while (i < n && (strlen(names[i]) != len ||
				 memcmp(names[i], value, len) != 0))
			i++;
		if (i == n) {
			snprintf(why, 200, "'%.*s' is none (see diff-attrs(1))",
				 len < 100 ? (int)len : 100, value);
			return -1;
		}
		*bits |= 1u << i;
		value += len + (value[len] == ',');
	}
	return 0;
}

static int set_fail_on(void *dst, const char *value, char *why)
{
	return read_words(dst, value, drift_class_names, DRIFT_CLASSES, why);
}

static int set_ignored(void *dst, const char *value, char *why)
{
	return read_words(dst, value, drift_names, DRIFT_COUNT, why);
}

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "Output"},
	{.name = "to", .kind = OPT_CHOICE,
	 .choices = "ndjson|text|markdown|github", AT(to),
	 .help = "Lines of JSON (the default), of text, a table, or "
		 "annotations for GitHub's workflows."},
	COMMON_OUTPUT,
	{.kind = OPT_HEADING, .help = "What counts"},
	{.name = "fail-on", .arg = "CLASSES", .kind = OPT_CALL,
	 .call = set_fail_on, AT(fail_on),
	 .help = "Exit with 1 when there are changes of one of these classes: "
		 "breaking, additive, patch, with commas between."},
	{.name = "threshold", .arg = "P%", .kind = OPT_CALL,
	 .call = share_parse, AT(diff.threshold),
	 .help = "Tell when presence or the share of nulls moved by more than "
		 "P points of percent. Default 5%."},
	{.name = "ignore", .arg = "CHANGES", .kind = OPT_CALL,
	 .call = set_ignored, AT(ignored),
	 .help = "Do not tell of these changes, such as range,length."},
	{.name = "partial", AT(diff.partial),
	 .help = "NEW is only a part: what it lacks is not gone."},
	{.name = "allow-cut", AT(allow_cut),
	 .help = "Take what is there of a stream that was cut."},
	{.kind = OPT_HEADING, .help = "History"},
	{.name = "history", .arg = "FILE", .kind = OPT_TEXT, AT(history),
	 .help = "Keep in FILE since when each version has been active or is "
		 "no longer."},
	{.name = "date", .arg = "TEXT", .kind = OPT_TEXT, AT(date),
	 .help = "The date to write there. Default: now."},
	{.kind = OPT_HEADING, .help = "Running"},
	COMMON_REPORT,
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[OPTION]... OLD NEW",
	.summary = "Tells what changed between two results of discover-attrs.",
	.examples =
		"diff-attrs --to=text monday.attrs tuesday.attrs\n"
		"diff-attrs --to=github --fail-on=breaking main.attrs "
		"branch.attrs\n"
		"discover-attrs today.ndjson | diff-attrs --partial "
		"all.attrs -\n"
		"diff-attrs --history=versions.ndjson all.attrs new.attrs",
	.see = "diff-attrs(1), discover-attrs(1), attr(5)",
	.table = table,
	.operands = true
};

struct side {
	struct scan scan;
	struct scan_opts opts;
	struct buf arena;
};

struct run {
	struct opts o;
	struct side old, now;
	struct history *kept;
	struct out out;
	struct buf text;
	uint64_t n[DRIFT_CLASSES];
	bool failed;
	struct report report;
};

static int read_side(const struct run *r, struct side *s, const char *name)
{
	struct attr_reader_opts how = {
		.allow_folded = true, .allow_cut = r->o.allow_cut,
		.max_attrs = UINT32_MAX - 1
	};

	scan_opts_init(&s->opts);
	scan_init(&s->scan, &s->opts);
	return attr_file(&s->scan, &s->opts, &s->arena, &how, name);
}

static int write_history(const struct run *r)
{
	time_t now = time(NULL);
	struct tm tm;
	char date[32] = "";

	if (!r->kept)
		return RC_DONE;
	if (gmtime_r(&now, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
	history_update(r->kept, &r->now.scan, r->o.date ? r->o.date : date,
		       r->o.diff.partial);
	return history_save(r->kept, r->o.history);
}

static void found(void *arg, const struct drift *d)
{
	struct run *r = arg;

	if (r->o.ignored & 1u << d->change)
		return;
	if (!r->n[DRIFT_PATCH] && !r->n[DRIFT_ADDITIVE] &&
	    !r->n[DRIFT_BREAKING])
		drift_write_head(&r->text, (enum drift_format)r->o.to);
	r->n[d->class]++;
	drift_write(&r->text, (enum drift_format)r->o.to, d);
	if (r->text.len > 65536) {
		r->failed |= out_add(&r->out, r->text.s, r->text.len) != 0;
		buf_clear(&r->text);
	}
}

static void warn_options(const struct run *r)
{
	const char *a = r->old.scan.options, *b = r->now.scan.options;

	if (a && b && strcmp(a, b) != 0)
		err_msg("the scans were made with other options: %s and %s "
			"(some changes may come from that)", a, b);
	if (r->now.scan.pending.n && !r->o.diff.partial)
		err_msg("the new scan is not complete (--partial does not "
			"take what it lacks for gone)");
}

static int compare(struct run *r)
{
	bool failed;
	int rc = RC_DONE;

	warn_options(r);
	diff_scans(&r->old.scan, &r->now.scan, &r->o.diff, found, r);
	drift_write_feet(&r->text, (enum drift_format)r->o.to, r->n);
	failed = r->failed || out_add(&r->out, r->text.s ? r->text.s : "",
				      r->text.len);
	for (unsigned c = 0; c < DRIFT_CLASSES; c++)
		if (r->n[c] && r->o.fail_on & 1u << c)
			rc = RC_FINDING;
	return failed ? RC_FAILED : rc;
}

static int run(struct run *r, char **names)
{
	int rc = RC_DONE;

	if (r->o.history)
		r->kept = history_load(r->o.history, &rc);
	if (rc)
		return rc;
	if (out_open(&r->out, r->o.common.output))
		return RC_FAILED;
	rc = read_side(r, &r->old, names[0]);
	if (rc == RC_DONE)
		rc = read_side(r, &r->now, names[1]);
	if (rc != RC_DONE) {
		out_close(&r->out, RC_USAGE);
		return rc;
	}
	rc = out_close(&r->out, compare(r));
	/* last: a run that failed can be done again with the same history */
	if (rc == RC_DONE || rc == RC_FINDING)
		rc = rc_join(rc, write_history(r));
	report_u64(&r->report, "max_procs", 1);
	report_u64(&r->report, "records", r->now.scan.totals.records);
	report_u64(&r->report, "breaking", r->n[DRIFT_BREAKING]);
	report_u64(&r->report, "additive", r->n[DRIFT_ADDITIVE]);
	report_u64(&r->report, "patch", r->n[DRIFT_PATCH]);
	return rc;
}

static int check_operands(int n, char **names)
{
	if (n != 2)
		err_msg("two files are needed, OLD and NEW, not %d", n);
	else if (!strcmp(names[0], "-") && !strcmp(names[1], "-"))
		err_msg("only one of OLD and NEW can be standard input");
	else
		return RC_DONE;
	return RC_USAGE;
}

/* The date is copied into JSON as it is. */
static int check_date(const char *date)
{
	for (const char *s = date; s && *s; s++) {
		if (*s >= ' ' && *s <= '~' && *s != '"' && *s != '\\')
			continue;
		err_msg("--date=%s: not a date", date);
		return RC_USAGE;
	}
	return RC_DONE;
}

static void release_side(struct side *s)
{
	scan_release(&s->scan);
	buf_release(&s->arena);
}

int main(int argc, char **argv)
{
	struct run r = {.out = {.fd = -1}, .o.diff.threshold = 50000};
	int first, rc;

	err_init(argv[0]);
	report_begin(&r.report);
	first = opts_parse(&spec, &r.o, argc, argv, &rc);
	if (first < 0)
		return rc;
	rc = check_operands(argc - first, argv + first);
	if (!rc)
		rc = check_date(r.o.date);
	if (!rc && stop_ignore_first())
		rc = RC_FAILED;
	if (!rc)
		rc = run(&r, argv + first);
	if (report_write(&r.report, r.o.common.report))
		rc = rc_join(rc, RC_FAILED);
	release_side(&r.old);
	release_side(&r.now);
	history_free(r.kept);
	buf_release(&r.text);
	return rc;
}
