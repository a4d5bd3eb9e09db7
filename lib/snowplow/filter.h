/*
 * filter -- which data structures are wanted, as DataHub's connector lets one
 * choose: patterns, hidden, deployed since, environment, types.
 *
 * What a line does not say (it has no "deployments", no "meta") cannot be
 * judged, and passes.  One thread.
 */
#ifndef SNOWPLOW_FILTER_H
#define SNOWPLOW_FILTER_H

#include <stddef.h>
#include "base/opts.h"
#include "json/pattern.h"
#include "snowplow/tally.h"

struct filter_opts {
	struct opt_list allow, deny;	/* on "vendor/name" */
	struct opt_list types;		/* event, entity, none */
	const char *since;		/* 2025-01-31 or 2025-01-31T12:00:00Z */
	const char *environment;	/* PROD, DEV */
	bool no_hidden;
};

/* Lines for a program's table; ${type} holds the filter_opts as ${member}. */
#define FILTER_AT(type, member, what) \
	.offset = offsetof(type, member) + offsetof(struct filter_opts, what)

#define FILTER_OPTIONS(type, member) \
	{ .kind = OPT_HEADING, .help = "Data structures to leave out" }, \
	{ .name = "allow", .arg = "REGEX", .kind = OPT_LIST, \
	  FILTER_AT(type, member, allow), \
	  .help = "Only those whose vendor/name begins with a match; case " \
		  "does not matter. Repeatable." }, \
	{ .name = "deny", .arg = "REGEX", .kind = OPT_LIST, \
	  FILTER_AT(type, member, deny), \
	  .help = "Not those whose vendor/name begins with a match. " \
		  "Repeatable." }, \
	{ .name = "no-hidden", FILTER_AT(type, member, no_hidden), \
	  .help = "Not those that are hidden in the Console." }, \
	{ .name = "type", .arg = "TYPE", .kind = OPT_LIST, \
	  FILTER_AT(type, member, types), \
	  .help = "Only those of this type: event, entity or none. " \
		  "Repeatable." }, \
	{ .name = "environment", .arg = "ENV", .kind = OPT_TEXT, \
	  FILTER_AT(type, member, environment), \
	  .help = "Only those that are deployed there: PROD, DEV." }, \
	{ .name = "deployed-since", .arg = "TIME", .kind = OPT_TEXT, \
	  FILTER_AT(type, member, since), \
	  .help = "Only those with a current deployment at or after TIME: " \
		  "2025-01-31, or 2025-01-31T12:00:00Z." }

struct filter {
	const struct filter_opts *opts;
	struct patterns names;		/* of .opts->allow and .deny */
	char since[32];
	uint64_t by_pattern, by_hidden, by_since, by_environment, by_type;
};

/* 0, or -1 after a message (exit 2). */
int filter_init(struct filter *, const struct filter_opts *);
void filter_release(struct filter *);

/* Is the data structure of ${line} (valid JSON) wanted?  Counts what is not. */
bool filter_wants(struct filter *, struct span line);

/* What was asked for, and what it left out, for the end line. */
void filter_tally(const struct filter *, const char *program, struct tally *);

/*
 * A date-time of RFC 3339, or a date alone, as text that compares by bytes:
 * "2025-01-31T12:00:00.000000000" in UTC.  False where it is neither.
 */
bool filter_time(const char *text, size_t len, char out[32]);

#endif
