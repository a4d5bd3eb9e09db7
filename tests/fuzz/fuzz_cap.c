/*
 * Fuzz target for the reader of proposals and what is done with them: any bytes
 * as one line, cut with small limits.  Promised: what the index and the walk
 * take is what json_check() takes; what comes out is JSON, is no longer than
 * the limit, has the length that was worked out, and keeps the limits of edges;
 * everything is the same with every kernel.
 */
#include <stdint.h>
#include <stdlib.h>

#include "datahub/cap_cut.h"
#include "datahub/pysize.h"
#include "json/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int promise)
{
	if (!promise)
		abort();
}

/* The new aspect, read again. */
static void check_after(const struct cutter *c, const struct mcp *m,
			const struct outcome *o, int kernel)
{
	const struct cap_limits *l = &c->opts->limits;
	struct doc d;
	struct mcp after = *m;

	doc_init(&d, kernel);
	must(doc_read_text(&d, c->body.s, c->body.len, CAP_DEPTH,
			   &after.body));
	after.doc = &d;
	after.added_known = false;
	after.added = 0;
	must(aspect_size(&after) == o->after.bytes);
	must(o->after.bytes < l->bytes);
	if (o->lineage && c->opts->policy != CAP_ALL) {
		must(o->after.edges <= l->fine_grained);
		must(o->after.inputs <= l->inputs);
		must(o->after.outputs <= l->outputs);
		must(!l->total || o->after.inputs + o->after.outputs +
				  o->after.edges <= l->total);
	}
	doc_release(&d);
}

static void cut(struct cap_opts *opts, struct mcp *m, int kernel,
		struct buf *body)
{
	struct cutter c;
	struct outcome o;

	cutter_init(&c, opts, NULL);
	cutter_cut(&c, m, (struct place){0}, &o);
	if (o.action == CAP_CHANGED) {
		check_after(&c, m, &o, kernel);
		buf_add(body, c.body.s, c.body.len);
	}
	buf_addc(body, (char)('0' + o.action));
	cutter_release(&c);
}

/* What becomes of the line; every kernel has to say the same. */
static void run(const char *text, size_t size, int kernel, struct buf *body)
{
	struct cap_opts opts;
	struct json_fault fault;
	struct doc d, inner;
	struct val line;
	struct mcp m;
	const char *at;
	bool good;

	doc_init(&d, kernel);
	doc_init(&inner, kernel);
	good = doc_read_text(&d, text, size, CAP_DEPTH, &line);
	must(good == !json_check(text, size, CAP_DEPTH, &fault));
	if (good)
		must(pysize_value(&d, line) <= pysize_bound(size, size));
	if (good && !mcp_read(&m, &d, line, &inner, &at) && m.body.s) {
		cap_opts_init(&opts);
		cutter_needed(&opts, &m);
		must(!pysize_is_ascii(m.body.s, m.body.len) ||
		     aspect_size(&m) <= aspect_bound(&m));
		opts.limits = (struct cap_limits){300, 2, 1, 3, 2, 6};
		for (opts.policy = 0; opts.policy <= CAP_TRUNCATE;
		     opts.policy++) {
			opts.fold = opts.policy % 3;
			cut(&opts, &m, kernel, body);
		}
		opts.limits = (struct cap_limits){600, 9, 9, 99, 9, 0};
		opts.policy = CAP_SAMPLE;
		cut(&opts, &m, kernel, body);
		opts.split = true;
		for (opts.policy = 0; opts.policy <= CAP_TRUNCATE;
		     opts.policy++)
			cut(&opts, &m, kernel, body);
	}
	doc_release(&d);
	doc_release(&inner);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf first = {0}, other = {0};

	/* a line has no line end in it */
	if (memchr(data, '\n', size))
		return 0;
	run((const char *)data, size, KERNEL_portable_id, &first);
	for (int k = 1; k < KERNELS; k++) {
		if (!kernel_runs(k))
			continue;
		buf_clear(&other);
		run((const char *)data, size, k, &other);
		must(first.len == other.len &&
		     (!first.len || !memcmp(first.s, other.s, first.len)));
	}
	buf_release(&first);
	buf_release(&other);
	return 0;
}
