/*
 * report -- the metrics object of --report (DESIGN section 5).
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/out.h"
#include "base/report.h"
#include "base/version.h"

void report_begin(struct report *r)
{
	*r = (struct report){ .start_ns = clock_now_ns() };
}

static void add_name(struct report *r, const char *name)
{
	if (!r->text.len) {
		buf_addc(&r->text, '{');
		report_text(r, "program", err_program());
		report_text(r, "version", PENSTOCK_VERSION);
	}
	if (r->text.s[r->text.len - 1] != '{')
		buf_addc(&r->text, ',');
	buf_addf(&r->text, "\"%s\":", name);
}

void report_u64(struct report *r, const char *name, uint64_t value)
{
	add_name(r, name);
	buf_addu(&r->text, value);
}

void report_seconds(struct report *r, const char *name, double value)
{
	add_name(r, name);
	buf_addf(&r->text, "%.3f", value);
}

void report_text(struct report *r, const char *name, const char *value)
{
	add_name(r, name);
	buf_addc(&r->text, '"');
	for (; *value; value++)
		if (*value == '"' || *value == '\\')
			buf_addf(&r->text, "\\%c", *value);
		else if ((unsigned char)*value < 0x20)
			buf_addf(&r->text, "\\u%04x", (unsigned)*value);
		else
			buf_addc(&r->text, *value);
	buf_addc(&r->text, '"');
}

double report_elapsed(const struct report *r)
{
	return (double)(clock_now_ns() - r->start_ns) / 1e9;
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void add_tail(struct report *r)
{
	struct rusage u = {0};

	getrusage(RUSAGE_SELF, &u);
	report_seconds(r, "elapsed_seconds", report_elapsed(r));
	report_seconds(r, "cpu_seconds",
		       seconds(&u.ru_utime) + seconds(&u.ru_stime));
	report_u64(r, "max_rss_bytes", (uint64_t)u.ru_maxrss * 1024);
	buf_adds(&r->text, "}\n");
}

/* out_close() closes its descriptor: stderr is needed further on. */
static int open_report(struct out *o, const char *path)
{
	if (strcmp(path, "-"))
		return out_open(o, path);
	*o = (struct out){ .fd = dup(STDERR_FILENO) };
	if (o->fd >= 0)
		return 0;
	err_msg("the report cannot be written: stderr is closed");
	return -1;
}

int report_write(struct report *r, const char *path)
{
	struct out o;
	int rc = RC_DONE;

	if (path) {
		add_tail(r);
		if (open_report(&o, path)) {
			rc = RC_FAILED;
		} else {
			out_add(&o, r->text.s, r->text.len);
			rc = out_close(&o, RC_DONE);
		}
	}
	buf_release(&r->text);
	return rc == RC_DONE ? 0 : -1;
}
