/*
 * discover_opts -- the command line of discover-attrs.
 */
#include "attrs/discover_opts.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/secret.h"

#define KEY_MIN 16		/* bytes of --sample-key-file */
#define KEY_MAX 4096
#define MAX_LINE 0x7fff0000ULL	/* offsets in a batch have 32 bits */

#define AT(member) .offset = offsetof(struct discover_opts, member)

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "Input"},
	{.name = "input", .arg = "FORM", .kind = OPT_CHOICE, AT(form),
	 .choices = "auto|lines|json|array|seq",
	 .help = "What the records are in. auto (default) looks at the first "
		 "64 KiB; lines is NDJSON, json documents of any layout, array "
		 "one top-level array, seq RFC 7464."},
	{.name = "where", .arg = "EXPR", .kind = OPT_TEXT, AT(scan.where),
	 .help = "Only records for which the jq expression is true. Paths and "
		 "comparisons like '.user.id > 9007199254740993' are exact."},
	{.name = "limit", .arg = "N", .kind = OPT_COUNT, AT(scan.limit),
	 .help = "Stop after N records, good or bad, counted after --where "
		 "(one thread)."},
	{.name = "range", .arg = "I/N", .kind = OPT_CALL, .call = reader_range_option,
	 AT(reader), .help = "Only the I-th of N parts of the files, cut at "
		 "record boundaries; merging all N gives the whole."},
	{.name = "resume", .arg = "PARTIAL", .kind = OPT_TEXT, AT(resume),
	 .help = "Scan what the partial result in this file left pending."},
	{.name = "files0-from", .arg = "FILE", .kind = OPT_TEXT, AT(files0),
	 .help = "Read the files' names, each ended by NUL, from FILE."},
	{.name = "allow-overlap", .kind = OPT_FLAG, AT(reader.allow_overlap),
	 .help = "Count a file that is named twice as often as it is named."},
	{.name = "source-prefix", .arg = "TEXT", .kind = OPT_TEXT,
	 AT(reader.prefix), .help = "Put TEXT before the names of sources, to "
		 "tell hosts apart."},
	{.kind = OPT_HEADING, .help = "Statistics"},
	{.name = "stats", .arg = "WHICH", .kind = OPT_CHOICE, AT(stats),
	 .choices = "basic|full", .help = "full adds distinct values "
		 "(estimated) and histograms."},
	{.name = "values", .arg = "N", .kind = OPT_COUNT, AT(values),
	 .max = 1000000, .help = "Count each value of an attribute while "
		 "there are at most N."},
	{.name = "samples", .arg = "N", .kind = OPT_COUNT, AT(samples),
	 .max = 1000000, .help = "Keep N values of each version, masked "
		 "(Aa9x)."},
	{.name = "unmasked", .kind = OPT_FLAG, AT(scan.extra.unmasked),
	 .help = "Leave samples as they are."},
	{.name = "sample-key-file", .arg = "FILE", .kind = OPT_TEXT,
	 AT(sample_key_file), .help = "Choose masked samples by a hash keyed "
		 "with the contents of FILE (mode 0600)."},
	{.name = "private", .kind = OPT_FLAG, AT(scan.private),
	 .help = "Leave out the minimum and maximum of numbers."},
	{.name = "no-first", .kind = OPT_FLAG, AT(scan.no_first),
	 .help = "Leave out where things were met first, and the sources."},
	{.name = "map", .arg = "PATH", .kind = OPT_LIST, AT(map),
	 .help = "Treat the objects at PATH as maps: all keys are one {} step. "
		 "Repeatable."},
	{.kind = OPT_HEADING, .help = "Limits"},
	{.name = "max-keys", .arg = "N", .kind = OPT_COUNT, AT(scan.max_keys),
	 .max = UINT32_MAX - 1, .help = "Fold an attribute with more than N "
		 "different keys (10000) into a map; 0 never."},
	{.name = "max-attrs", .arg = "N", .kind = OPT_COUNT,
	 AT(scan.max_attrs), .max = UINT32_MAX - 1,
	 .help = "End with status 3 at more than N attributes (1000000)."},
	{.name = "max-depth", .arg = "N", .kind = OPT_COUNT,
	 AT(scan.max_depth), .max = 1000000, .help = "Reject records nested "
		 "deeper than N (1000)."},
	{.name = "max-embedded", .arg = "N", .kind = OPT_COUNT,
	 AT(scan.max_embedded), .max = 1000, .help = "Decode JSON in strings "
		 "in JSON in strings N times (8)."},
	{.name = "max-record", .arg = "BYTES", .kind = OPT_BYTES,
	 AT(scan.max_record), .min = 1, .max = MAX_LINE,
	 .help = "Reject longer records (64M)."},
	{.name = "time-limit", .arg = "TIME", .kind = OPT_TIME,
	 AT(time_limit_ms), .help = "Stop then, write the valid partial and "
		 "end with status 75; 30s, 5m, 2h."},
	{.kind = OPT_HEADING, .help = "Running"},
	COMMON_THREADS,
	{.name = "batch-bytes", .letter = 'b', .arg = "BYTES",
	 .kind = OPT_BYTES, AT(reader.batch_bytes), .max = MAX_LINE,
	 .help = "What a thread takes at a time (512K)."},
	COMMON_OUTPUT,
	{.name = "hadoop", .kind = OPT_FLAG, AT(hadoop),
	 .help = "For Hadoop Streaming: the result is one line of key and "
		 "value, and counters go to stderr. Implies --no-first."},
	COMMON_ERRORS,
	{.name = "max-raw", .arg = "BYTES", .kind = OPT_BYTES, AT(max_raw),
	 .help = "Cut the raw text in error lines to BYTES."},
	COMMON_REPORT,
	OPTS_END
};

const struct opts_spec discover_spec = {
	.usage = "[OPTION]... [FILE]...",
	.summary = "Finds every attribute of JSON records, with all its types "
		   "and statistics.",
	.examples =
		"discover-attrs events.ndjson\n"
		"discover-attrs -o week.attrs logs/*.ndjson.gz\n"
		"curl -s https://example.com/api | discover-attrs --stats=full\n"
		"discover-attrs --errors=bad.ndjson --where '.type == \"click\"' "
		"big.ndjson\n"
		"discover-attrs --time-limit=5m -o part.attrs huge.ndjson",
	.see = "discover-attrs(1), merge-attrs(1), attr(5), error(5)",
	.table = table,
	.operands = true
};

void discover_opts_init(struct discover_opts *o)
{
	scan_opts_init(&o->scan);
}

void discover_opts_release(struct discover_opts *o)
{
	opt_list_release(&o->map);
	secret_release(&o->sample_key);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* --map paths in one order, each once: they are part of the result. */
static void sort_maps(struct discover_opts *o)
{
	size_t n = 0;

	if (!o->map.n)
		return;
	qsort(o->map.items, o->map.n, sizeof(*o->map.items), by_bytes);
	for (size_t i = 0; i < o->map.n; i++)
		if (!n || strcmp(o->map.items[n - 1], o->map.items[i]))
			o->map.items[n++] = o->map.items[i];
	o->scan.map = o->map.items;
	o->scan.nmap = n;
}

static int read_sample_key(struct discover_opts *o)
{
	const char *path = o->sample_key_file;

	if (!path)
		return RC_DONE;
	if (secret_read(&o->sample_key, path, "key", KEY_MIN, KEY_MAX))
		return RC_USAGE;
	o->scan.extra.key = (const unsigned char *)o->sample_key.s;
	o->scan.extra.key_len = o->sample_key.len;
	return RC_DONE;
}

int discover_opts_check(struct discover_opts *o)
{
	o->scan.extra.full = o->stats == 1;
	o->scan.extra.values = (uint32_t)o->values;
	o->scan.extra.samples = (uint32_t)o->samples;
	o->reader.form = (enum input_form)o->form;
	o->reader.max_record = o->scan.max_record;
	o->reader.hints = !o->common.quiet;
	o->scan.no_first |= o->hadoop;
	sort_maps(o);
	if (o->scan.extra.unmasked && o->sample_key_file) {
		err_msg("--unmasked samples need no --sample-key-file "
			"(leave one of them out)");
		return RC_USAGE;
	}
	if (o->resume && (o->reader.range_n || o->scan.limit)) {
		err_msg("--resume goes with neither --range nor --limit");
		return RC_USAGE;
	}
	return read_sample_key(o);
}
