/*
 * cap_cut -- one aspect that may be over a limit: measured, and cut.
 */
#include "datahub/cap_cut.h"

#include "datahub/guard.h"
#include "datahub/pysize.h"

void cutter_init(struct cutter *c, const struct cap_opts *opts,
		 struct strata *strata)
{
	*c = (struct cutter){.opts = opts, .strata = strata};
	links_init(&c->lineage);
}

void cutter_release(struct cutter *c)
{
	links_release(&c->lineage);
	buf_release(&c->body);
}

static bool is_lineage(const struct mcp *m)
{
	return m->kind == ASPECT_JOB_IO || m->kind == ASPECT_UPSTREAMS;
}

/* Members an array may have at most; 0 for what is none. */
static uint64_t count_of(const struct doc *d, struct val v)
{
	return val_is(v, '[') ? doc_count(d, v) : 0;
}

/* What the FGLs of a lineage come to, at most. */
struct bounds {
	uint64_t edges, widest, no_score;
};

static void bound_fgl(const struct doc *d, struct val f, struct bounds *b)
{
	struct doc_iter it;
	struct val key, v;
	uint64_t ups = 0, downs = 0;
	bool score = false;

	doc_iter(&it, d, f);
	while (doc_next(&it, &key, &v)) {
		if (VAL_IS(key, "upstreams"))
			ups = count_of(d, v);
		else if (VAL_IS(key, "downstreams"))
			downs = count_of(d, v);
		else if (VAL_IS(key, "confidenceScore"))
			score = !val_null(v);
	}
	b->edges += ups * downs;
	b->widest = ups > b->widest ? ups : b->widest;
	b->no_score += !score;
}

static void bound_fgls(const struct doc *d, struct val fgls, struct bounds *b)
{
	struct doc_iter it;
	struct val f;

	if (!val_is(fgls, '['))
		return;
	doc_iter(&it, d, fgls);
	while (doc_next(&it, NULL, &f))
		if (*f.s == '{')
			bound_fgl(d, f, b);
}

static uint64_t no_stamps(const struct doc *d, struct val upstreams)
{
	struct doc_iter it;
	struct val u;
	uint64_t n = 0;

	if (!val_is(upstreams, '['))
		return 0;
	doc_iter(&it, d, upstreams);
	while (doc_next(&it, NULL, &u))
		n += *u.s == '{' && !doc_member(d, u, "auditStamp").s;
	return n;
}

/* The members of a lineage that are counted; of two of a name, the last. */
struct counted {
	struct val inputs, input_edges, outputs, output_edges, fgls;
};

static void find_counted(const struct mcp *m, struct counted *c)
{
	const char *inputs = m->kind == ASPECT_UPSTREAMS ? "\"upstreams\"" :
							   "\"inputDatasets\"";
	size_t len = strlen(inputs);
	struct doc_iter it;
	struct val key, v;

	*c = (struct counted){0};
	doc_iter(&it, m->doc, m->body);
	while (doc_next(&it, &key, &v)) {
		if (val_same(key, inputs, len))
			c->inputs = v;
		else if (VAL_IS(key, "inputDatasetEdges"))
			c->input_edges = v;
		else if (VAL_IS(key, "outputDatasets"))
			c->outputs = v;
		else if (VAL_IS(key, "outputDatasetEdges"))
			c->output_edges = v;
		else if (VAL_IS(key, "fineGrainedLineages"))
			c->fgls = v;
	}
}

static void note_added(struct mcp *m, const struct counted *c,
		       const struct bounds *b)
{
	m->added = PYSIZE_NO_SCORE * b->no_score;
	if (m->kind == ASPECT_UPSTREAMS)
		m->added += PYSIZE_NO_STAMP * no_stamps(m->doc, c->inputs);
	m->added_known = true;
}

uint64_t aspect_size(struct mcp *m)
{
	struct bounds b = {0};
	struct counted c;

	if (!m->body.s)
		return 0;
	if (!m->added_known && is_lineage(m) && *m->body.s == '{') {
		find_counted(m, &c);
		bound_fgls(m->doc, c.fgls, &b);
		note_added(m, &c, &b);
	}
	return pysize_value(m->doc, m->body) + m->added;
}

/* Commas and colons, and blanks behind tokens. */
struct spacing {
	uint64_t apart, blanks;
};

/* Adds those of the tokens [${from}, ${to}). */
static void add_spacing(const struct doc *d, uint32_t from, uint32_t to,
			struct spacing *s)
{
	for (uint32_t i = from; i < to; i++) {
		const char *at = d->index.text + d->index.at[i];

		s->apart += *at == ',' || *at == ':';
		s->blanks += at[1] == ' ';
	}
}

/* doc_walk() counted for the whole line; around the body are few tokens. */
uint64_t aspect_bound(const struct mcp *m)
{
	const struct doc *d = m->doc;
	uint32_t close;
	uint64_t all = d->behind - d->first;
	struct spacing around = {0};

	if (*m->body.s != '{' && *m->body.s != '[')
		return m->body.len;
	close = d->jump[m->body.tok];
	around.blanks = 1;	/* at the line's start */
	add_spacing(d, d->first, m->body.tok, &around);
	add_spacing(d, close, d->behind, &around);
	if (around.blanks > d->blanks)
		around.blanks = d->blanks;
	return m->body.len + (all - 2 * (uint64_t)d->opened - around.apart) -
	       (d->blanks - around.blanks) + m->added;
}

static bool passes(uint64_t n, uint64_t limit, uint64_t warning)
{
	return n > warning || (limit && n > limit);
}

/* Of a lineage: by counts that may be too high. */
static bool counts_needed(const struct cap_limits *limits, struct mcp *m)
{
	const struct doc *d = m->doc;
	struct bounds b = {0};
	struct counted c;
	uint64_t in, out;

	find_counted(m, &c);
	in = count_of(d, c.inputs) + count_of(d, c.input_edges);
	out = count_of(d, c.outputs) + count_of(d, c.output_edges);
	bound_fgls(d, c.fgls, &b);
	note_added(m, &c, &b);
	return passes(in, limits->inputs, MANY_INPUTS) ||
	       (limits->outputs && out > limits->outputs) ||
	       passes(b.edges, limits->fine_grained, MANY_EDGES) ||
	       (limits->fields && b.widest > limits->fields) ||
	       (limits->total && in + out + b.edges > limits->total);
}

static uint64_t byte_limit(const struct cap_opts *opts, const struct mcp *m)
{
	uint64_t limit = opts->limits.bytes;

	if (m->kind == ASPECT_SCHEMA)
		limit = guard_schema_limit(limit);
	else if (m->kind == ASPECT_QUERY && limit > GUARD_QUERY_BYTES)
		limit = GUARD_QUERY_BYTES;
	return limit && limit < CAP_MB ? limit : CAP_MB;
}

bool cutter_needed(const struct cap_opts *opts, struct mcp *m)
{
	uint64_t tokens;

	if (!m->body.s)
		return false;
	tokens = *m->body.s == '{' || *m->body.s == '[' ?
		 m->doc->jump[m->body.tok] - m->body.tok : 0;
	if (pysize_bound(m->body.len, tokens) >= byte_limit(opts, m))
		return true;
	return is_lineage(m) && *m->body.s == '{' &&
	       counts_needed(&opts->limits, m);
}

static void measure(const struct links *l, uint64_t bytes, struct cap_size *s)
{
	*s = (struct cap_size){.bytes = bytes, .edges = links_edges(l)};
	for (size_t i = 0; i < l->ninputs; i++)
		s->inputs += (l->urns.items[l->inputs[i]].role & KEEP_INPUT) !=
			     0;
	for (size_t i = 0; i < l->noutputs; i++)
		s->outputs += (l->urns.items[l->outputs[i]].role &
			       KEEP_OUTPUT) != 0;
	if (l->group_urn)
		s->inputs = 1;
	for (size_t i = 0; i < l->nfgls; i++)
		s->groups += !l->fgls[i].folded && !l->fgls[i].dropped;
}

static const char *const methods[] = {
	[CAP_SAMPLE] = "sample", [CAP_FIELDS] = "fields",
	[CAP_GROUP] = "group", [CAP_ALL] = "all", [CAP_TRUNCATE] = "truncate"
};

/* --policy=all ignores counts. */
static struct cap_limits limits_of(const struct cap_opts *opts)
{
	struct cap_limits limits = opts->limits;

	if (opts->policy == CAP_ALL)
		limits = (struct cap_limits){.bytes = limits.bytes};
	return limits;
}

static bool folds(const struct cap_opts *opts, const struct links *l)
{
	return !opts->split && (opts->fold == CAP_FOLD_ALL ||
				(opts->fold == CAP_FOLD_JOBS && l->job));
}

/* Lossless first; what is still over a limit is cut. */
static void shrink(struct cutter *c, const struct cap_limits *limits,
		   struct place place, struct outcome *o)
{
	struct links *l = &c->lineage;
	uint64_t edges;

	if (c->opts->split)
		links_unfold(l);
	links_fold(l, folds(c->opts, l));
	o->whole = links_size(l);
	o->edges_folded = l->edges_folded;
	o->groups_folded = l->groups_folded;
	o->duplicates = l->duplicates;
	edges = links_edges(l);
	if (plan_over(l, limits, o->whole)) {
		o->cut = true;
		o->method = methods[c->opts->policy];
		if (!plan_cut(l, c->opts, c->strata, place))
			o->action = CAP_TOO_LONG;
	}
	measure(l, links_size(l), &o->after);
	o->edges_lost = edges - o->after.edges;
}

static void cut_lineage(struct cutter *c, struct mcp *m,
			struct place place, struct outcome *o)
{
	struct links *l = &c->lineage;
	struct cap_limits limits = limits_of(c->opts);

	o->reason = links_read(l, m, &o->at);
	if (o->reason) {
		o->action = CAP_WRONG;
		return;
	}
	o->lineage = true;
	links_keep_all(l);
	measure(l, aspect_size(m), &o->before);
	o->after = o->before;
	o->no_input = l->no_input;
	o->no_output = l->no_output;
	o->rules = plan_over(l, &limits, o->before.bytes);
	if (!o->rules)
		return;
	o->action = CAP_CHANGED;
	shrink(c, &limits, place, o);
	if (o->action == CAP_TOO_LONG)
		return;
	buf_clear(&c->body);
	links_write(l, &c->body);
}

void cutter_cut(struct cutter *c, struct mcp *m, struct place place,
		struct outcome *o)
{
	*o = (struct outcome){.at = m->body.s};
	if (is_lineage(m)) {
		cut_lineage(c, m, place, o);
		return;
	}
	o->before.bytes = aspect_size(m);
	o->after = o->before;
	guard_cut(m, c->opts->limits.bytes, &c->body, o);
}
