/*
 * common_opts -- the options that mean the same in every program (DESIGN
 * section 2), as lines for the programs' tables.
 *
 * struct common_opts is the first member of a program's struct of options, so
 * that the offsets here are right there; all zero are the defaults of a scan.
 *
 *	struct opts { struct common_opts common; uint64_t max_depth; };
 *	static const struct opt table[] = {
 *		{ .kind = OPT_HEADING, .help = "Running" },
 *		COMMON_THREADS,
 *		COMMON_OUTPUT,
 *		COMMON_ERRORS,
 *		COMMON_REPORT,
 *		OPTS_END
 *	};
 *
 * -h, -V and --completion need no line (opts.h).
 */
#ifndef BASE_COMMON_OPTS_H
#define BASE_COMMON_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/opts.h"
#include "base/progress.h"

/* --max-errors: how many rejects are no finding yet. */
struct tolerance {
	enum { TOLERATE_ALL, TOLERATE_COUNT, TOLERATE_SHARE } kind;
	uint64_t n;		/* records, or millionths of all records */
};

struct common_opts {
	uint64_t max_procs;	/* 0: all cores (fan_threads()) */
	bool oversubscribe;
	const char *output;	/* NULL: stdout */
	const char *errors;	/* NULL: nowhere */
	struct tolerance max_errors;
	const char *report;	/* NULL: none; "-": stderr */
	int progress;		/* PROGRESS_... */
	bool quiet;
};

/* .call of --max-errors: "N" or "P%", with up to four decimals. */
int tolerance_parse(void *tolerance, const char *value, char *why);
/* .call of an option that takes "P%" alone: uint64_t, millionths. */
int share_parse(void *millionths, const char *value, char *why);

/* Are ${rejected} of ${all} records (accepted and rejected) a finding? */
bool tolerance_exceeded(const struct tolerance *, uint64_t rejected,
			uint64_t all);

#define COMMON_AT(member) .offset = offsetof(struct common_opts, member)

#define COMMON_THREADS \
	{ .name = "max-procs", .letter = 'P', .arg = "N", .kind = OPT_COUNT, \
	  COMMON_AT(max_procs), .max = 65536, \
	  .help = "Use N threads. Default and 0: all cores; 1: plain " \
		  "sequential code." }, \
	{ .name = "oversubscribe", COMMON_AT(oversubscribe), \
	  .help = "Accept more threads than there are cores." }

#define COMMON_OUTPUT \
	{ .name = "output", .letter = 'o', .arg = "FILE", .kind = OPT_TEXT, \
	  COMMON_AT(output), \
	  .help = "Write to FILE, put in place when complete; otherwise it " \
		  "stays as FILE.partial." }

#define COMMON_ERRORS \
	{ .name = "errors", .arg = "FILE", .kind = OPT_TEXT, \
	  COMMON_AT(errors), \
	  .help = "Write an error line to FILE for all that was rejected; " \
		  "see error(5)." }, \
	{ .name = "max-errors", .arg = "N|P%", .kind = OPT_CALL, \
	  .call = tolerance_parse, COMMON_AT(max_errors), \
	  .help = "Tolerate N rejects, or P percent of all; more make the " \
		  "exit status 1. Never ends the run early." }

#define COMMON_REPORT \
	{ .name = "report", .arg = "FILE", .kind = OPT_TEXT, \
	  COMMON_AT(report), \
	  .help = "Write metrics to FILE at the end, as a JSON object; " \
		  "- is stderr." }, \
	{ .name = "progress", .arg = "[=WHEN]", .kind = OPT_CHOICE, \
	  .choices = "auto|always|never", .min = PROGRESS_ALWAYS, \
	  COMMON_AT(progress), \
	  .help = "Show how far it is, on stderr after one second. WHEN is " \
		  "auto (only on a terminal; the default), always or " \
		  "never." }, \
	{ .name = "quiet", .letter = 'q', COMMON_AT(quiet), \
	  .help = "No progress and no summary; errors are still shown." }

#endif
