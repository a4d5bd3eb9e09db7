/*
 * render-attrs -- attributes as what people look at and systems load;
 * render-attrs(1).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "attrs/attrio.h"
#include "attrs/rename.h"
#include "attrs/render.h"
#include "attrs/render_opts.h"
#include "base/common_opts.h"
#include "base/err.h"
#include "base/report.h"
#include "base/stop.h"

#define AT(member) .offset = offsetof(struct render_opts, member)

#define X(name, function, uses) "|" name
static const char formats[] = "" RENDER_FORMATS(X);
#undef X

static const struct opt table[] = {
	{.kind = OPT_HEADING, .help = "Output"},
	{.name = "to", .arg = "FORMAT", .kind = OPT_CHOICE,
	 .choices = formats + 1, AT(to),
	 .help = "What to write: tree (default), summary, html, jq, markdown, "
		 "json-schema, iglu, sql, avro, typescript, dot, mermaid, "
		 "datahub."},
	COMMON_OUTPUT,
	{.kind = OPT_HEADING, .help = "Which attributes"},
	{.name = "select", .arg = "PATTERN", .kind = OPT_LIST,
	 AT(filter.select),
	 .help = "Only what lies at paths that match, and below; * is any "
		 "text in a step, ** any text. Repeatable."},
	{.name = "exclude", .arg = "PATTERN", .kind = OPT_LIST,
	 AT(filter.exclude),
	 .help = "Not what lies at paths that match, and below. Repeatable."},
	{.name = "min-presence", .arg = "P%", .kind = OPT_CALL,
	 .call = share_parse, AT(filter.min_presence),
	 .help = "Only keys that P percent of their objects have, or more."},
	{.name = "rename", .arg = "s/REGEX/TEXT/", .kind = OPT_LIST,
	 AT(rename),
	 .help = "Change paths, as sed does; what comes to stand at one path "
		 "is added up. Repeatable."},
	{.name = "allow-cut", AT(allow_cut),
	 .help = "Take what is there of a stream that was cut."},
	RENDER_FORMAT_OPTIONS,
	{.kind = OPT_HEADING, .help = "Running"},
	COMMON_REPORT,
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[--to=FORMAT] [OPTION]... [FILE]",
	.summary = "Turns attributes into what people and systems use.",
	.examples =
		"discover-attrs events.ndjson | render-attrs\n"
		"render-attrs --to=jq all.attrs\n"
		"render-attrs --under=.payload --sort=bytes all.attrs",
	.see = "render-attrs(1), discover-attrs(1), attr(5)",
	.table = table,
	.operands = true
};

struct run {
	struct render_opts o;
	struct scan scan;
	struct scan_opts scan_opts;
	struct buf arena;
	struct tree renamed;
	struct rename_rules *rules;
	struct view view;
	struct out out;
	struct report report;
	const char *source;		/* name of the input, as shown */
};

static int read_rules(struct run *r)
{
	struct buf why = {0};

	if (!r->o.rename.n)
		return RC_DONE;
	r->rules = rename_rules_new(&r->o.rename, &why);
	if (!r->rules)
		err_msg("%s", buf_cstr(&why));
	buf_release(&why);
	return r->rules ? RC_DONE : RC_USAGE;
}

static int read_input(struct run *r, const char *name)
{
	struct attr_reader_opts how = {
		.allow_folded = true, .allow_cut = r->o.allow_cut,
		.max_attrs = UINT32_MAX - 1
	};

	r->source = strcmp(name, "-") ? name : "<stdin>";
	return attr_file(&r->scan, &r->scan_opts, &r->arena, &how, name);
}

static int rename_input(struct run *r)
{
	struct buf why = {0};
	int rc = RC_DONE;

	if (!r->rules)
		return rc;
	tree_init(&r->renamed, 0, 0);
	r->renamed.extra = r->scan.tree.extra;
	if (tree_rename(&r->renamed, &r->scan.tree, r->rules, &why)) {
		err_msg("%s", buf_cstr(&why));
		rc = RC_USAGE;
	}
	buf_release(&why);
	return rc;
}

/* Columns and colour: the terminal's when that is where it goes. */
static void look_at_terminal(const struct run *r, struct render *to)
{
	const char *no = getenv("NO_COLOR");
	const char *file = r->o.common.output;
	bool terminal = (!file || !strcmp(file, "-")) && isatty(STDOUT_FILENO);
	struct winsize size;

	to->columns = 80;
	if (r->o.width != SIZE_UNSET)
		to->columns = (unsigned)r->o.width;
	else if (terminal && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) &&
		 size.ws_col >= 40)
		to->columns = size.ws_col;
	to->colour = r->o.color == COLOR_ALWAYS ||
		     (r->o.color == COLOR_AUTO && terminal && !(no && *no));
}

static int write_output(struct run *r)
{
	struct render to = {
		.scan = &r->scan, .scan_opts = &r->scan_opts,
		.view = &r->view, .opts = &r->o,
		.tree = r->rules ? &r->renamed : &r->scan.tree,
		.out = &r->out, .source = r->source
	};
	int rc;

	view_make(&r->view, to.tree, &r->o.filter);
	look_at_terminal(r, &to);
	rc = render_formats[r->o.to].run(&to);
	buf_release(&to.text);
	return rc;
}

static int run(struct run *r, const char *name)
{
	int rc;

	if (out_open(&r->out, r->o.common.output))
		return RC_FAILED;
	rc = read_input(r, name);
	if (rc == RC_DONE)
		rc = rename_input(r);
	if (rc == RC_DONE)
		rc = write_output(r);
	else	/* nothing was written: nothing is to be left of it */
		out_close(&r->out, RC_USAGE);
	report_u64(&r->report, "max_procs", 1);
	report_u64(&r->report, "records", r->scan.totals.records);
	report_u64(&r->report, "bytes", r->scan.totals.bytes);
	report_u64(&r->report, "rejected", r->scan.totals.rejected);
	report_u64(&r->report, "attributes", r->view.n);
	return out_close(&r->out, rc);
}

static void release(struct run *r)
{
	view_release(&r->view);
	if (r->rules)
		tree_release(&r->renamed);
	rename_rules_free(r->rules);
	scan_release(&r->scan);
	buf_release(&r->arena);
	opt_list_release(&r->o.filter.select);
	opt_list_release(&r->o.filter.exclude);
	opt_list_release(&r->o.rename);
	opt_list_release(&r->o.key);
}

int main(int argc, char **argv)
{
	struct run r = {
		.out = {.fd = -1},
		.o = {.depth = SIZE_UNSET, .rows = SIZE_UNSET,
		      .width = SIZE_UNSET}
	};
	int first, rc;

	err_init(argv[0]);
	report_begin(&r.report);
	first = opts_parse(&spec, &r.o, argc, argv, &rc);
	if (first < 0)
		return rc;
	scan_opts_init(&r.scan_opts);
	scan_init(&r.scan, &r.scan_opts);
	rc = render_check(&r.o);
	if (!rc && argc - first > 1) {
		err_msg("%s: one file at a time (merge-attrs adds several up)",
			argv[first + 1]);
		rc = RC_USAGE;
	}
	if (!rc)
		rc = read_rules(&r);
	if (!rc && stop_ignore_first())
		rc = RC_FAILED;
	if (!rc)
		rc = run(&r, first < argc ? argv[first] : "-");
	if (report_write(&r.report, r.o.common.report))
		rc = rc_join(rc, RC_FAILED);
	release(&r);
	return rc;
}
