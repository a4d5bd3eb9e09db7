/*
 * http_opts -- what the table of options cannot check.
 */
#include "base/err.h"
#include "snowplow/http_opts.h"

int http_opts_check(const struct http_opts *o)
{
	if (o->offline && !o->cache) {
		err_msg("--offline answers from the cache alone (give --cache)");
		return -1;
	}
	if (o->burst && !o->rate.n) {
		err_msg("--burst is a matter of --rate (give both)");
		return -1;
	}
	if (o->offline && o->dry_run) {
		err_msg("--offline makes no calls anyway (leave out --dry-run)");
		return -1;
	}
	return 0;
}
