/*
 * Unit test of datahub/cap_plan.h: what fits is left alone, one beyond is cut;
 * what is cut fits, says nothing new, is consistent, has the size that was
 * computed, and could not be one dataset more.
 */
#include "datahub/pysize.h"
#include "jobs_text.h"

static struct jt_job job, again;
static struct buf line, out;

static const char head[] = "{\"entityType\":\"dataJob\",\"entityUrn\":\"j\","
	"\"changeType\":\"UPSERT\",\"aspectName\":\"dataJobInputOutput\","
	"\"aspect\":{\"json\":";

/* The aspect as it is marked, as a line of its own in ${out}. */
static struct jt_says written(void)
{
	buf_clear(&out);
	buf_adds(&out, head);
	links_write(&job.l, &out);
	buf_adds(&out, "}}");
	return jt_read(&out);
}

/* Every edge of ${a} is one of ${b}. */
static bool subset(const struct jt_says *a, const struct jt_says *b)
{
	const bool *x = &a->edge[0][0][0][0], *y = &b->edge[0][0][0][0];

	for (size_t i = 0; i < sizeof(a->edge) / sizeof(bool); i++)
		if (x[i] && !y[i])
			return false;
	for (size_t i = 0; i < JT_INPUTS; i++)
		if (a->input[i] && !b->input[i])
			return false;
	return true;
}

/* Numbers as the plan counts them: an edge of two groups is two. */
static uint64_t count(uint64_t *inputs, uint64_t *bytes)
{
	*inputs = 0;
	for (size_t i = 0; i < job.l.ninputs; i++)
		*inputs += (job.l.urns.items[job.l.inputs[i]].role &
			    KEEP_INPUT) != 0;
	*bytes = links_size(&job.l);
	return links_edges(&job.l);
}

static bool reload(void)
{
	if (!jt_load(&job, &line))
		return false;
	links_fold(&job.l, false);
	return true;
}

static void cut(struct cap_opts *opts, bool *done)
{
	*done = plan_cut(&job.l, opts, NULL, (struct place){0, 0});
}

/* Limits at what there is, and one below. */
static void test_limits(void)
{
	uint64_t inputs, bytes, edges;
	struct cap_limits at;

	for (unsigned i = 0; i < 300; i++) {
		jt_line(&line, 1 + (unsigned)gen(20), 1 + (unsigned)gen(9));
		CHECK(reload());
		edges = count(&inputs, &bytes);
		at = (struct cap_limits){
			.bytes = bytes + 1, .inputs = inputs, .outputs = 1,
			.fine_grained = edges, .total = inputs + 1 + edges
		};
		CHECK(!plan_over(&job.l, &at, bytes));
		at.bytes--;
		CHECK(plan_over(&job.l, &at, bytes) == RULE_BYTES);
		at.bytes = 0;
		at.fine_grained = edges - 1;
		CHECK(plan_over(&job.l, &at, bytes) ==
		      (edges > 1 ? RULE_FINE : 0));
		at.fine_grained = 0;
		at.total--;
		CHECK(plan_over(&job.l, &at, bytes) == RULE_TOTAL);
		at.total = 0;
		at.inputs = inputs - 1;
		CHECK(plan_over(&job.l, &at, bytes) ==
		      (inputs > 1 ? RULE_INPUTS : 0));
	}
}

/* Does the outcome keep within each limit? */
static bool within(const struct cap_limits *l, uint64_t inputs,
		   uint64_t edges, uint64_t bytes, unsigned widest)
{
	return (!l->bytes || bytes < l->bytes) &&
	       (!l->inputs || inputs <= l->inputs) &&
	       (!l->fine_grained || edges <= l->fine_grained) &&
	       (!l->fields || widest <= l->fields) &&
	       (!l->total || inputs + 1 + edges <= l->total);
}

static void random_limits(struct cap_limits *l)
{
	*l = (struct cap_limits){0};
	while (!l->bytes && !l->inputs && !l->fine_grained && !l->fields &&
	       !l->total) {
		l->bytes = gen(2) ? 300 + gen(6000) : 0;
		l->inputs = gen(2) ? 1 + gen(20) : 0;
		l->fine_grained = gen(2) ? 1 + gen(60) : 0;
		l->fields = gen(3) ? 0 : 1 + gen(8);
		l->total = gen(3) ? 0 : 8 + gen(60);
	}
}

/* The Python size of what was written, as a new aspect. */
static uint64_t size_of_written(void)
{
	return jt_load(&again, &out) ? aspect_size(&again.m) : 0;
}

static void test_random(int policy)
{
	struct cap_opts opts = {.policy = policy};
	struct jt_says before, after;
	uint64_t inputs, bytes, edges;
	bool done;

	for (unsigned i = 0; i < 1000; i++) {
		jt_line(&line, 1 + (unsigned)gen(25), 1 + (unsigned)gen(9));
		random_limits(&opts.limits);
		CHECK(reload());
		bytes = links_size(&job.l);
		if (!plan_over(&job.l, &opts.limits, bytes))
			continue;
		before = jt_read(&line);
		cut(&opts, &done);
		edges = count(&inputs, &bytes);
		after = written();
		CHECK(size_of_written() == bytes);
		CHECK(subset(&after, &before));
		CHECK(!done || within(&opts.limits, inputs, edges, bytes,
				      after.widest));
		CHECK(done || bytes >= opts.limits.bytes);
		if (policy != CAP_FIELDS)
			CHECK(after.consistent);
		else
			CHECK(!inputs);
	}
}

/*
 * sample keeps beginnings of the rank, the longest that fit: as many inputs as
 * are allowed, and with the next one's field edges it is over.
 */
static void test_largest(void)
{
	struct cap_opts opts = {.policy = CAP_SAMPLE};
	uint64_t inputs, bytes, edges, m;
	bool done;

	for (unsigned i = 0; i < 600; i++) {
		unsigned n = 2 + (unsigned)gen(25);

		jt_line(&line, n, 1 + (unsigned)gen(6));
		opts.limits = (struct cap_limits){
			.inputs = 1 + gen(n), .fine_grained = 20 + gen(80)
		};
		CHECK(reload());
		if (!plan_over(&job.l, &opts.limits, 0))
			continue;
		cut(&opts, &done);
		edges = count(&inputs, &bytes);
		CHECK(inputs == (n < opts.limits.inputs ? n :
						opts.limits.inputs));
		/* m: the first place whose fields did not stay */
		for (m = 0; m < inputs; m++)
			for (size_t k = 0; k < job.l.urns.n; k++) {
				struct urn *u = &job.l.urns.items[k];

				if (u->rank == m && (u->role & ROLE_INPUT) &&
				    !(u->role & KEEP_FIELDS))
					goto found;
			}
found:
		if (m == inputs)
			continue;
		for (size_t k = 0; k < job.l.urns.n; k++) {
			struct urn *u = &job.l.urns.items[k];

			if ((u->role & ROLE_INPUT) && u->rank == m)
				u->role |= KEEP_FIELDS;
		}
		for (size_t k = 0; k < job.l.nfgls; k++)
			if (job.l.fgls[k].narrowed)
				edges = 0;	/* a part of the first one */
		CHECK(!edges || links_edges(&job.l) >
				opts.limits.fine_grained);
	}
}

int main(void)
{
	gen_state = 23;
	jt_init(&job);
	jt_init(&again);
	test_limits();
	test_random(CAP_SAMPLE);
	test_random(CAP_TRUNCATE);
	test_random(CAP_FIELDS);
	test_largest();
	jt_release(&job);
	jt_release(&again);
	buf_release(&line);
	buf_release(&out);
	return unit_end("cap_plan");
}
