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

static void bound_fgls(const struct doc *d, struct val body, struct bounds *b)
{
	struct val v = doc_member(d, body, "fineGrainedLineages"), f;
	struct doc_iter it;

	if (!val_is(v, '['))
		return;
	doc_iter(&it, d, v);
	while (doc_next(&it, NULL, &f))
		if (*f.s == '{')
			bound_fgl(d, f, b);
}

static uint64_t no_stamps(const struct doc *d, struct val body)
{
	struct val v = doc_member(d, body, "upstreams"), u;
	struct doc_iter it;
	uint64_t n = 0;

	if (!val_is(v, '['))
		return 0;
	doc_iter(&it, d, v);
	while (doc_next(&it, NULL, &u))
		n += *u.s == '{' && !doc_member(d, u, "auditStamp").s;
	return n;
}

uint64_t aspect_size(const struct mcp *m)
{
	struct bounds b = {0};
	uint64_t n;

	if (!m->body.s)
		return 0;
	n = pysize_value(m->doc, m->body);
	if (!is_lineage(m) || *m->body.s != '{')
		return n;
	bound_fgls(m->doc, m->body, &b);
	n += PYSIZE_NO_SCORE * b.no_score;
	if (m->kind == ASPECT_UPSTREAMS)
		n += PYSIZE_NO_STAMP * no_stamps(m->doc, m->body);
	return n;
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
	uint64_t in, out;

	in = count_of(d, doc_member(d, m->body, m->kind == ASPECT_UPSTREAMS ?
				    "upstreams" : "inputDatasets")) +
	     count_of(d, doc_member(d, m->body, "inputDatasetEdges"));
	out = count_of(d, doc_member(d, m->body, "outputDatasets")) +
	      count_of(d, doc_member(d, m->body, "outputDatasetEdges"));
	bound_fgls(d, m->body, &b);
	m->added = PYSIZE_NO_STAMP * in + PYSIZE_NO_SCORE * b.no_score;
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

static void cut_lineage(struct cutter *c, const struct mcp *m,
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

void cutter_cut(struct cutter *c, const struct mcp *m, struct place place,
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
