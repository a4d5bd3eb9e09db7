/*
 * http_opts -- the options of programs that fetch, as lines for their tables.
 *
 *	struct opts { struct common_opts common; struct http_opts http; };
 *	static const struct opt table[] = {
 *		HTTP_OPTIONS(struct opts, http),
 *		...
 *	struct opts o = { .http = HTTP_OPTS_DEFAULT };
 *
 * --time-limit is stop_watch()'s: give it .time_limit_ms.
 */
#ifndef SNOWPLOW_HTTP_OPTS_H
#define SNOWPLOW_HTTP_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/opts.h"
#include "snowplow/rate.h"

struct http_opts {
	uint64_t max_procs;	/* transfers at once */
	struct rate rate;	/* .n 0: no limit */
	uint64_t burst;		/* 0: a tenth of a second's worth */
	uint64_t retries;
	uint64_t timeout_ms;	/* of a request; 0: none */
	uint64_t time_limit_ms;	/* of the run; 0: none */
	uint64_t give_up;	/* failures in a row; 0: never */
	uint64_t dead_ms;	/* 0: never */
	bool adaptive;
	bool dry_run;
	const char *cache;	/* folder, or NULL */
	uint64_t max_age_ms;
	bool offline;
	const char *cacert;	/* file, or NULL */
	const char *api_key_file;
};

#define HTTP_OPTS_DEFAULT { .max_procs = 10, .retries = 3, \
	.timeout_ms = 60000, .give_up = 20, .dead_ms = 60000, \
	.max_age_ms = 15 * 60000 }

/* .call of --rate: "20", "20/s", "100/m", "5000/h". */
int rate_parse(void *rate, const char *value, char *why);

/*
 * What the table cannot check: returns 0, or -1 after a message (exit 2), e.g.
 * --offline without --cache.
 */
int http_opts_check(const struct http_opts *);

#define HTTP_AT(type, member, what) \
	.offset = offsetof(type, member) + offsetof(struct http_opts, what)

#define HTTP_OPTIONS(type, member) \
	{ .kind = OPT_HEADING, .help = "Fetching" }, \
	{ .name = "max-procs", .letter = 'P', .arg = "N", .kind = OPT_COUNT, \
	  HTTP_AT(type, member, max_procs), .min = 1, .max = 1000, \
	  .help = "At most N transfers at once (default 10)." }, \
	{ .name = "rate", .arg = "N/s", .kind = OPT_CALL, \
	  .call = rate_parse, HTTP_AT(type, member, rate), \
	  .help = "At most N requests a second (/m: minute, /h: hour), " \
		  "retries included." }, \
	{ .name = "burst", .arg = "N", .kind = OPT_COUNT, \
	  HTTP_AT(type, member, burst), .min = 1, .max = 1000000, \
	  .help = "After a rest, N requests may follow at once. Default: a " \
		  "tenth of a second's worth, at least 1." }, \
	{ .name = "adaptive", HTTP_AT(type, member, adaptive), \
	  .help = "Find out how many at once are best, up to -P: more while " \
		  "answers keep their speed, half when they do not." }, \
	{ .name = "retries", .arg = "N", .kind = OPT_COUNT, \
	  HTTP_AT(type, member, retries), .max = 100, \
	  .help = "Try again N times (default 3) after a status of 5xx, a " \
		  "reset, a timeout or a damaged body." }, \
	{ .name = "timeout", .arg = "TIME", .kind = OPT_TIME, \
	  HTTP_AT(type, member, timeout_ms), \
	  .help = "For one request (default 60s; 0: none)." }, \
	{ .name = "time-limit", .arg = "TIME", .kind = OPT_TIME, \
	  HTTP_AT(type, member, time_limit_ms), \
	  .help = "For the run: it stops then, with status 75." }, \
	{ .name = "give-up", .arg = "N", .kind = OPT_COUNT, \
	  HTTP_AT(type, member, give_up), \
	  .help = "After N failures in a row (default 20; 0: never) ask with " \
		  "one request at a time whether the host is back." }, \
	{ .name = "dead", .arg = "TIME", .kind = OPT_TIME, \
	  HTTP_AT(type, member, dead_ms), \
	  .help = "End the run, with status 3, when nothing was answered for " \
		  "TIME (default 60s; 0: never)." }, \
	{ .name = "dry-run", HTTP_AT(type, member, dry_run), \
	  .help = "Print how many calls of each endpoint there would be, as " \
		  "far as is known, and make none." }, \
	{ .kind = OPT_HEADING, .help = "Cache" }, \
	{ .name = "cache", .arg = "FOLDER", .kind = OPT_TEXT, \
	  HTTP_AT(type, member, cache), \
	  .help = "Keep answers there. Programs with the same one share the " \
		  "rate, pauses and the token." }, \
	{ .name = "max-age", .arg = "TIME", .kind = OPT_TIME, \
	  HTTP_AT(type, member, max_age_ms), \
	  .help = "Use what is in the cache without asking for TIME (default " \
		  "15m; 0: always ask whether it changed)." }, \
	{ .name = "offline", HTTP_AT(type, member, offline), \
	  .help = "Answer from the cache alone, whatever its age." }, \
	{ .kind = OPT_HEADING, .help = "Access" }, \
	{ .name = "api-key-file", .arg = "FILE", .kind = OPT_TEXT, \
	  HTTP_AT(type, member, api_key_file), \
	  .help = "Read the API key from FILE (mode 0600) and not from " \
		  "SNOWPLOW_CONSOLE_API_KEY." }, \
	{ .name = "cacert", .arg = "FILE", .kind = OPT_TEXT, \
	  HTTP_AT(type, member, cacert), \
	  .help = "Trust the certificates in FILE (PEM) and no others." }

#endif
