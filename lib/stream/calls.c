/*
 * calls -- which settings of calls, order, selection and state go together.
 */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "stream/calls.h"
#include "stream/split_opts.h"

static int refuse(const char *what)
{
	err_msg("%s", what);
	return RC_USAGE;
}

static int check_calls(const struct split_opts *o)
{
	unsigned long long n = o->calls, k = o->call;

	if (!n && (o->rows || k))
		return refuse(k ? "--call needs --calls (how many there are)" :
			      "--rows needs --calls (of how many calls)");
	if (k > n) {
		err_msg("--call=%llu: there are %llu calls (--calls=%llu)", k,
			n, n);
		return RC_USAGE;
	}
	if (n > 1 && !o->order_by) {
		err_msg("--calls=%llu needs --order-by=EXPR (without an order "
			"it is not certain which records a call gets)", n);
		return RC_USAGE;
	}
	if (n > 1 && o->where && !o->where_first) {
		err_msg("--calls=%llu refuses --where=%s (--where-first "
			"selects in a pass before, so that all calls count "
			"the same records)", n, o->where);
		return RC_USAGE;
	}
	if (n > 1 && !o->rows) {
		err_msg("--calls=%llu needs --rows=R (records of each call)",
			n);
		return RC_USAGE;
	}
	if (o->where_first && !o->where)
		return refuse("--where-first needs --where");
	return RC_DONE;
}

static int check_state(const struct split_opts *o)
{
	bool since = o->where && strstr(o->where, "$since");

	if (!o->state && (o->watermark || o->final))
		return refuse(o->watermark ?
			"--watermark needs --state=FILE (where it is kept)" :
			"--final needs --state=FILE");
	if (since && !o->watermark)
		return refuse("$since in --where needs --watermark=EXPR "
			      "(the value that is remembered)");
	if (!o->state)
		return RC_DONE;
	if (o->reader.range_n)
		return refuse("--state does not go with --range (the other "
			      "parts would pass for read)");
	if (o->limit)
		return refuse("--state does not go with --limit (what is "
			      "behind it would pass for read)");
	if (o->call)
		return refuse("--state does not go with --call (the other "
			      "calls' records would pass for read)");
	if (o->resume)
		return refuse("--state does not go with --resume (a run that "
			      "failed leaves the state as it was; run it "
			      "again)");
	return RC_DONE;
}

int calls_check(struct split_opts *o)
{
	int rc = check_calls(o);

	if (!rc)
		rc = check_state(o);
	if (o->calls && !o->time_limit_ms)
		o->time_limit_ms = CALLS_TIME_MS;
	return rc;
}

static uint64_t parts(uint64_t records, uint64_t of)
{
	return records / of + (records % of > 0);
}

/* "give --calls=5", and rows for the same number of calls if that works. */
static void suggest(char out[96], uint64_t calls, uint64_t rows,
		    uint64_t records)
{
	unsigned long long n = parts(records, rows), r = parts(records, calls);
	int len = snprintf(out, 96, "give --calls=%llu", n);

	if ((calls - 1) * r < records && r != rows)
		snprintf(out + len, 96 - (size_t)len, ", or --rows=%llu", r);
}

int calls_fit(uint64_t calls, uint64_t rows, uint64_t records)
{
	unsigned long long n = calls, r = rows, all = records, reach;
	char fix[96];

	if (!rows)
		return RC_DONE;
	if (!records) {
		err_msg("--calls=%llu --rows=%llu: there are no records", n, r);
		return RC_USAGE;
	}
	if (rows > records) {
		err_msg("--rows=%llu: there are only %llu records (give at "
			"most --rows=%llu)", r, all, all);
		return RC_USAGE;
	}
	suggest(fix, calls, rows, records);
	if (!__builtin_mul_overflow(n, r, &reach) && reach < records) {
		err_msg("--calls=%llu of --rows=%llu reach %llu of %llu "
			"records (%s)", n, r, reach, all, fix);
		return RC_USAGE;
	}
	if (parts(records, rows) < calls) {
		err_msg("--calls=%llu of --rows=%llu: the last call would be "
			"empty, %llu hold all %llu records (%s)", n, r,
			(unsigned long long)parts(records, rows), all, fix);
		return RC_USAGE;
	}
	return RC_DONE;
}
