/*
 * split_opts -- the table of split-batches, and what does not go together.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "stream/calls.h"
#include "stream/fan.h"
#include "stream/split_opts.h"

/* "0,1,5": 0 is always fine. */
static int ok_status_parse(void *dst, const char *value, char *why)
{
	bool *ok = dst;
	char *end;

	do {
		unsigned long n = strtoul(value, &end, 10);

		if (end == value || *value < '0' || *value > '9' || n > 255 ||
		    (*end && *end != ',')) {
			snprintf(why, 200, "want statuses like 0,1");
			return -1;
		}
		ok[n] = true;
		value = end + 1;
	} while (*end);
	return 0;
}

/* Without FILE the plan is printed. */
static int plan_parse(void *dst, const char *value, char *why)
{
	struct split_opts *o = dst;

	o->plan = !value;
	o->by_plan = value;
	if (!value || *value)
		return 0;
	snprintf(why, 200, "want a file that --plan was printed to");
	return -1;
}

#define AT(member) .offset = offsetof(struct split_opts, member)

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "Input"},
	{.name = "input", .arg = "FORM", .kind = OPT_CHOICE, AT(form),
	 .choices = "auto|lines|json|array|seq",
	 .help = "What the records are in; see discover-attrs(1)."},
	{.name = "where", .arg = "EXPR", .kind = OPT_TEXT, AT(where),
	 .help = "Only records for which the jq expression is true, and what "
		 "cannot be judged."},
	{.name = "limit", .arg = "N", .kind = OPT_COUNT, AT(limit),
	 .help = "Stop after N records, good or bad, counted after --where."},
	{.name = "range", .arg = "I/N", .kind = OPT_CALL,
	 .call = reader_range_option,
	 AT(reader), .help = "Only the I-th of N parts of the files, cut at "
		 "record boundaries."},
	{.name = "files0-from", .arg = "FILE", .kind = OPT_TEXT, AT(files0),
	 .help = "Read the files' names, each ended by NUL, from FILE."},
	{.name = "source-prefix", .arg = "TEXT", .kind = OPT_TEXT,
	 AT(reader.prefix), .help = "Put TEXT before the names of sources, to "
		 "tell hosts apart."},

	{.kind = OPT_HEADING, .help = "Batches"},
	{.name = "batch-records", .letter = 'n', .arg = "N",
	 .kind = OPT_COUNT, AT(batch_records), .min = 1,
	 .help = "At most N records a batch (1000)."},
	{.name = "batch-bytes", .letter = 'b', .arg = "BYTES",
	 .kind = OPT_BYTES, AT(batch_bytes), .min = 1,
	 .help = "At most BYTES a batch (16M), unless one record is longer."},
	{.name = "batch-files", .arg = "PATTERN", .kind = OPT_TEXT,
	 AT(batch_files), .help = "Write each batch, or what its worker makes "
		 "of it, to a file like part-%05d.ndjson.gz."},

	{.kind = OPT_HEADING, .help = "Workers"},
	{.name = "max-procs", .letter = 'P', .arg = "N", .kind = OPT_COUNT,
	 AT(common.max_procs), .max = 65536,
	 .help = "Run N workers at once. Default and 0: as many as there are "
		 "cores."},
	{.name = "dispatch", .arg = "HOW", .kind = OPT_CHOICE, AT(dispatch),
	 .choices = "round-robin|free", .help = "round-robin (default): slot t "
		 "of T gets batches t, t+T, t+2T; free: whoever is free."},
	{.name = "keep-order", .letter = 'k', AT(keep_order),
	 .help = "Outputs in the order of the batches."},
	{.name = "ok-status", .arg = "LIST", .kind = OPT_CALL,
	 .call = ok_status_parse, AT(ok_status),
	 .help = "These exit statuses of a worker are success too; grep wants "
		 "0,1."},
	{.name = "allow-unread", AT(allow_unread),
	 .help = "A worker need not read its batch to the end, as head does."},
	{.name = "persist", AT(persist),
	 .help = "Keep the workers and stream batches into them: faster, but "
		 "all that a worker was given stands or falls together."},

	{.kind = OPT_HEADING, .help = "Order and calls"},
	{.name = "order-by", .arg = "EXPR[,EXPR...]", .kind = OPT_TEXT,
	 AT(order_by), .help = "Records in the order of these jq expressions, "
		 "ties as they come; numbers are exact."},
	{.name = "calls", .arg = "N", .kind = OPT_COUNT, AT(calls), .min = 1,
	 .max = UINT32_MAX, .help = "Divide the ordered records into N calls "
		 "that run one after the other."},
	{.name = "rows", .arg = "R", .kind = OPT_COUNT, AT(rows), .min = 1,
	 .help = "Records of a call; N calls of R must hold them all."},
	{.name = "call", .arg = "K", .kind = OPT_COUNT, AT(call), .min = 1,
	 .help = "Run the K-th call only."},
	{.name = "where-first", AT(where_first),
	 .help = "Select by --where before the records are divided into "
		 "calls."},
	{.name = "plan", .arg = "[=FILE]", .kind = OPT_CALL,
	 .call = plan_parse, AT(common),
	 .help = "Print what would be done, as NDJSON, and run nothing. With "
		 "FILE, such a plan, run it, unless files or settings are "
		 "others now."},

	{.kind = OPT_HEADING, .help = "What was read before"},
	{.name = "state", .arg = "FILE", .kind = OPT_TEXT, AT(state),
	 .help = "Read what is new since the last run, and remember in FILE "
		 "how far that was."},
	{.name = "final", AT(final),
	 .help = "Take a last line without its end too."},
	{.name = "watermark", .arg = "EXPR", .kind = OPT_TEXT, AT(watermark),
	 .help = "Remember the greatest value of the jq expression: it is "
		 "$since in --where of the next run, null in the first."},

	{.kind = OPT_HEADING, .help = "Faults"},
	{.name = "retries", .arg = "K", .kind = OPT_COUNT, AT(retries),
	 .max = 1000000, .help = "Run a batch that failed K times more (0); "
		 "then halve it, down to the record that is to blame."},
	{.name = "max-poison", .arg = "N", .kind = OPT_COUNT, AT(max_poison),
	 .help = "End with status 3 at more than N such records (100)."},
	{.name = "timeout", .arg = "TIME", .kind = OPT_TIME, AT(timeout_ms),
	 .help = "End a worker that takes longer for its batch; it failed."},
	{.name = "grace", .arg = "TIME", .kind = OPT_TIME, AT(grace_ms),
	 .help = "After TERM, INT or --time-limit workers may finish their "
		 "batch for so long (10s)."},
	{.name = "halt", .arg = "WHEN", .kind = OPT_CHOICE, AT(halt),
	 .choices = "never|soon|now", .help = "When a batch fails for good: "
		 "never (default) halves it; soon starts no more; now ends "
		 "all."},
	{.name = "joblog", .arg = "FILE", .kind = OPT_TEXT, AT(joblog),
	 .help = "A line for each batch, in the columns of GNU parallel."},
	{.name = "resume", AT(resume),
	 .help = "Go on where the --joblog says the last run ended."},

	{.kind = OPT_HEADING, .help = "Running"},
	{.name = "time-limit", .arg = "TIME", .kind = OPT_TIME,
	 AT(time_limit_ms), .help = "Start no batch after TIME and end with "
		 "status 75; 30s, 5m, 2h. For each of --calls (60m)."},
	{.name = "max-memory", .arg = "BYTES", .kind = OPT_BYTES,
	 AT(max_memory), .min = 1, .help = "Refuse what would take more "
		 "(default: what the machine or cgroup has left), and order "
		 "records within it."},
	COMMON_OUTPUT,
	COMMON_ERRORS,
	{.name = "max-raw", .arg = "BYTES", .kind = OPT_BYTES, AT(max_raw),
	 .help = "Cut the raw text in error lines to BYTES."},
	COMMON_REPORT,
	OPTS_END
};

const struct opts_spec split_spec = {
	.usage = "[OPTION]... [FILE]... [-- COMMAND [ARG]...]",
	.summary = "Divides records into batches and fans them out to worker "
		   "processes, with nothing lost.",
	.examples =
		"split-batches -P8 -- discover-attrs -P1 <big.ndjson | "
		"merge-attrs\n"
		"split-batches -k -n 100 events.ndjson -- jq -c .user\n"
		"split-batches --ok-status=0,1 logs/*.gz -- grep needle\n"
		"split-batches -n 1000000 --batch-files=part-%05d.ndjson.gz "
		"big.ndjson\n"
		"split-batches --joblog=log --resume -o out big.ndjson -- load",
	.see = "split-batches(1), discover-attrs(1), merge-attrs(1), error(5)",
	.table = table,
	.operands = true
};

void split_opts_init(struct split_opts *o)
{
	*o = (struct split_opts){
		.batch_records = 1000, .batch_bytes = 16 << 20,
		.max_poison = 100, .grace_ms = 10000
	};
	/* What is passed on is passed on whole, however long. */
	o->reader.max_record = UINT64_MAX;
	o->common.max_errors.kind = TOLERATE_COUNT;
	o->ok_status[0] = true;
}

int split_opts_parse(struct split_opts *o, int argc, char **argv, int *nfiles,
		     int *status)
{
	int i = 1, first;

	while (i < argc && strcmp(argv[i], "--"))
		i++;
	first = opts_parse(&split_spec, o, i, argv, status);
	if (first < 0)
		return -1;
	*nfiles = i - first;
	if (i < argc && i + 1 == argc) {
		err_msg("no command after --");
		*status = RC_USAGE;
		return -1;
	}
	o->command = i < argc ? argv + i + 1 : NULL;
	o->reader.form = (enum input_form)o->form;
	o->reader.hints = !o->common.quiet;
	if (!o->common.max_procs)
		o->common.max_procs = fan_cores();
	return first;
}

/* Options that say what happens with workers, where there are none. */
static const char *needs_command(const struct split_opts *o)
{
	if (o->persist)
		return "--persist";
	if (o->retries)
		return "--retries";
	if (o->timeout_ms)
		return "--timeout";
	return o->allow_unread ? "--allow-unread" : NULL;
}

static const char *no_persist(const struct split_opts *o)
{
	if (o->keep_order)
		return "-k";
	if (o->resume)
		return "--resume";
	if (o->batch_files)
		return "--batch-files";
	return o->timeout_ms ? "--timeout" : NULL;
}

int split_opts_check(struct split_opts *o)
{
	const char *wrong = o->command ? NULL : needs_command(o);

	if (wrong)
		err_msg("%s is about workers (give their command after --)",
			wrong);
	else if (o->persist && (wrong = no_persist(o)))
		err_msg("--persist makes one output of all that a worker is "
			"given: it does not go with %s (leave one of them "
			"out)", wrong);
	else if (o->resume && !o->joblog)
		err_msg("--resume reads what was done from the log (name it "
			"with --joblog=FILE)");
	else if (o->batch_files && o->common.output)
		err_msg("--batch-files and --output both say where results go "
			"(leave one of them out)");
	else
		return calls_check(o);
	return RC_USAGE;
}
