/*
 * merge-attrs -- adds partial results up, exactly; merge-attrs(1).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attrs/attrio.h"
#include "attrs/maps.h"
#include "base/common_opts.h"
#include "base/err.h"
#include "base/hadoop.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/report.h"
#include "base/stop.h"
#include "stream/names.h"

struct opts {
	struct common_opts common;
	struct attr_reader_opts reader;
	struct opt_list map, no_map;
	const char *files0;
	bool detect_maps, hadoop;
};

#define AT(member) .offset = offsetof(struct opts, member)

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "Input"},
	{.name = "allow-cut", AT(reader.allow_cut),
	 .help = "Take what is there of a stream that was cut."},
	{.name = "allow-overlap", AT(reader.allow_overlap),
	 .help = "Count parts of a source twice that two partials have both."},
	{.name = "files0-from", .arg = "FILE", .kind = OPT_TEXT, AT(files0),
	 .help = "Read the files' names, each ended by NUL, from FILE."},
	{.kind = OPT_HEADING, .help = "Shape"},
	{.name = "detect-maps", AT(detect_maps),
	 .help = "Fold attributes that look like maps: more than 200 keys, "
		 "each in few objects, nearly all of the same types."},
	{.name = "map", .arg = "PATH", .kind = OPT_LIST, AT(map),
	 .help = "Fold the keys at PATH into one {} step. Repeatable."},
	{.name = "no-map", .arg = "PATH", .kind = OPT_LIST, AT(no_map),
	 .help = "Do not fold PATH for --detect-maps or --map. Repeatable."},
	{.kind = OPT_HEADING, .help = "Limits"},
	{.name = "max-attrs", .arg = "N", .kind = OPT_COUNT,
	 AT(reader.max_attrs), .min = 1, .max = UINT32_MAX - 1,
	 .help = "End with status 3 at more than N attributes. Default: what "
		 "the partials were made with (1000000)."},
	{.kind = OPT_HEADING, .help = "Running"},
	COMMON_OUTPUT,
	{.name = "hadoop", .kind = OPT_FLAG, AT(hadoop),
	 .help = "For Hadoop Streaming: the sum is one line of key and value, "
		 "and a counter goes to stderr."},
	COMMON_REPORT,
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[OPTION]... [FILE]...",
	.summary = "Adds partial results of discover-attrs up, exactly.",
	.examples =
		"merge-attrs -o all.attrs monday.attrs tuesday.attrs\n"
		"split-batches -P8 -- discover-attrs -P1 <big.ndjson | "
		"merge-attrs\n"
		"merge-attrs --detect-maps all.attrs | render-attrs",
	.see = "merge-attrs(1), discover-attrs(1), attr(5)",
	.table = table,
	.operands = true
};

/* Everything one run has open. */
struct run {
	struct opts o;
	struct names names;
	struct map_path *maps, *kept;
	size_t nmaps, nkept;
	struct scan scan;
	struct scan_opts scan_opts;
	struct buf arena;
	struct attr_reader *reader;
	struct out out;
	struct report report;
};

static int read_paths(const struct opt_list *list, struct map_path **paths,
		      size_t *n)
{
	struct buf why = {0};
	int rc = RC_DONE;

	*paths = mem_zalloc(list->n + 1, sizeof(**paths));
	for (size_t i = 0; i < list->n && rc == RC_DONE; i++) {
		if (map_path_read(&(*paths)[(*n)++], list->items[i], &why)) {
			err_msg("%s", buf_cstr(&why));
			rc = RC_USAGE;
		}
	}
	buf_release(&why);
	return rc;
}

static int by_steps(const void *va, const void *vb)
{
	const struct map_path *a = va, *b = vb;

	return a->n < b->n ? -1 : a->n > b->n;
}

/* The paths of --map less those of --no-map, outer ones first. */
static int read_maps(struct run *r)
{
	int rc = read_paths(&r->o.map, &r->maps, &r->nmaps);
	size_t n = 0;

	if (rc == RC_DONE)
		rc = read_paths(&r->o.no_map, &r->kept, &r->nkept);
	if (rc != RC_DONE)
		return rc;
	for (size_t i = 0; i < r->nmaps; i++) {
		bool kept = false;

		for (size_t k = 0; k < r->nkept; k++)
			kept |= !strcmp(r->maps[i].path.s, r->kept[k].path.s);
		if (kept)
			map_path_release(&r->maps[i]);
		else
			r->maps[n++] = r->maps[i];
	}
	r->nmaps = n;
	qsort(r->maps, n, sizeof(*r->maps), by_steps);
	return RC_DONE;
}

struct file_id {
	dev_t dev;
	ino_t ino;
	const char *name;
};

static int by_id(const void *va, const void *vb)
{
	const struct file_id *a = va, *b = vb;

	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	return a->ino < b->ino ? -1 : a->ino > b->ino;
}

/*
 * The same file twice would be counted twice; partials without sources
 * (--no-first) would not tell.
 */
static int check_twice(const struct run *r)
{
	struct file_id *ids = mem_alloc((r->names.n + 1) * sizeof(*ids));
	size_t n = 0;
	int rc = RC_DONE;

	for (size_t i = 0; i < r->names.n; i++) {
		const char *name = r->names.items[i];
		struct stat st;

		if (strcmp(name, "-") && !stat(name, &st) &&
		    S_ISREG(st.st_mode))
			ids[n++] = (struct file_id){st.st_dev, st.st_ino, name};
	}
	qsort(ids, n, sizeof(*ids), by_id);
	for (size_t i = 1; i < n && rc == RC_DONE; i++) {
		if (by_id(&ids[i - 1], &ids[i]))
			continue;
		err_msg("%s is the same file as %s (--allow-overlap counts it "
			"twice)", ids[i].name, ids[i - 1].name);
		rc = RC_USAGE;
	}
	free(ids);
	return rc;
}

/* All of them, so that all that is wrong is told at once. */
static int read_all(struct run *r)
{
	struct buf why = {0};
	bool full = false;
	int rc = RC_DONE;

	for (size_t i = 0; i < r->nmaps; i++)
		map_path_apply(&r->maps[i], &r->scan);
	for (size_t i = 0; i < r->names.n && !full; i++) {
		rc = rc_join(rc, attr_reader_file(r->reader,
						    r->names.items[i]));
		full = rc == RC_FAILED && scan_over_limit(&r->scan, &why);
	}
	buf_release(&why);
	return rc;
}

/* What the result is to look like. */
static void shape(struct run *r)
{
	for (size_t i = 0; i < r->nmaps; i++)
		if (map_path_settle(&r->maps[i], &r->scan, &r->scan_opts))
			err_msg("--map=%s: there is no such attribute",
				r->maps[i].text);
	if (r->o.detect_maps)
		maps_detect(&r->scan, r->kept, r->nkept);
}

static void snapshot(void *arg, struct progress_now *now)
{
	const struct run *r = arg;

	now->bytes = attr_reader_bytes(r->reader);
	now->records = attr_reader_scans(r->reader);
}

static void fill_report(struct run *r)
{
	const struct scan_totals *t = &r->scan.totals;

	report_u64(&r->report, "max_procs", 1);
	report_u64(&r->report, "records", t->records);
	report_u64(&r->report, "bytes", t->bytes);
	report_u64(&r->report, "rejected", t->rejected);
	report_u64(&r->report, "scans", attr_reader_scans(r->reader));
	report_u64(&r->report, "input_bytes", attr_reader_bytes(r->reader));
	report_u64(&r->report, "attributes",
		   tree_walk(&r->scan.tree, NULL, NULL));
}

static int write_sum(struct run *r)
{
	if (!r->o.hadoop)
		return attr_write(&r->out, &r->scan, &r->scan_opts);
	hadoop_count("results merged", attr_reader_scans(r->reader));
	return attr_write_keyed(&r->out, &r->scan, &r->scan_opts);
}

/* Reads everything, then writes: what cannot be added up gives no output. */
static int run(struct run *r)
{
	const struct common_opts *c = &r->o.common;
	struct progress *p;
	int rc;

	if (out_open(&r->out, c->output))
		return RC_FAILED;
	r->reader = attr_reader_new(&r->scan, &r->scan_opts, &r->arena,
				    &r->o.reader);
	p = progress_start(c->progress, c->quiet, snapshot, r);
	rc = read_all(r);
	progress_stop(p);
	if (rc != RC_DONE) {
		/* RC_USAGE: nothing is left of the output */
		out_close(&r->out, RC_USAGE);
		return rc;
	}
	shape(r);
	if (write_sum(r))
		rc = RC_FAILED;
	rc = out_close(&r->out, rc);
	fill_report(r);
	return rc;
}

static void release_paths(struct map_path *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		map_path_release(&paths[i]);
	free(paths);
}

static void release(struct run *r)
{
	attr_reader_free(r->reader);
	scan_release(&r->scan);
	buf_release(&r->arena);
	release_paths(r->maps, r->nmaps);
	release_paths(r->kept, r->nkept);
	names_release(&r->names);
	opt_list_release(&r->o.map);
	opt_list_release(&r->o.no_map);
}

int main(int argc, char **argv)
{
	struct run r = {.out = {.fd = -1}};
	int first, rc;

	err_init(argv[0]);
	report_begin(&r.report);
	first = opts_parse(&spec, &r.o, argc, argv, &rc);
	if (first < 0)
		return rc;
	scan_opts_init(&r.scan_opts);
	scan_init(&r.scan, &r.scan_opts);
	rc = read_maps(&r);
	if (!rc && names_read(&r.names, r.o.files0, argv + first,
			      (size_t)(argc - first)))
		rc = RC_USAGE;
	if (!rc && !r.o.reader.allow_overlap)
		rc = check_twice(&r);
	if (!rc && stop_ignore_first())
		rc = RC_FAILED;
	if (!rc)
		rc = run(&r);
	if (report_write(&r.report, r.o.common.report))
		rc = rc_join(rc, RC_FAILED);
	release(&r);
	return rc;
}
