/*
 * Unit test of links_fold() and links_unfold(): the field edges are the same
 * set, groups are as few as can be, or have one downstream each.
 */
#include "jobs_text.h"

static struct jt_job job;
static struct buf line, out;

/* The aspect as it is marked now. */
static struct jt_says written(void)
{
	buf_clear(&out);
	links_write(&job.l, &out);
	return jt_read(&out);
}

static bool same_edges(const struct jt_says *a, const struct jt_says *b)
{
	return a->edges == b->edges && a->inputs == b->inputs &&
	       !memcmp(a->edge, b->edge, sizeof(a->edge));
}

/* How many groups there must be: of different upstreams, by operation. */
static unsigned fewest(void)
{
	const struct links *l = &job.l;
	unsigned n = 0;

	for (size_t i = 0; i < l->nfgls; i++) {
		struct fgl *f = &l->fgls[i];
		bool is_new = true;

		for (size_t k = 0; k < i && is_new; k++) {
			struct fgl *g = &l->fgls[k];
			size_t found = 0;

			for (uint32_t a = f->up; a < f->up + f->nup; a++)
				for (uint32_t b = g->up; b < g->up + g->nup;
				     b++)
					if (l->ids[a] == l->ids[b]) {
						found++;
						break;
					}
			is_new = f->operation != g->operation ||
				 f->nup != g->nup || found != f->nup;
		}
		n += is_new;
	}
	return n;
}

static void test_random(void)
{
	struct jt_says before, after;
	uint64_t size;
	unsigned most;

	for (unsigned i = 0; i < 1500; i++) {
		jt_line(&line, 1 + (unsigned)gen(12), 1 + (unsigned)gen(12));
		CHECK(jt_load(&job, &line));
		before = jt_read(&line);
		links_fold(&job.l, false);
		size = links_size(&job.l);
		after = written();
		CHECK(same_edges(&before, &after));
		CHECK(after.groups <= before.groups);
		CHECK(links_edges(&job.l) >= after.edges);

		CHECK(jt_load(&job, &line));
		links_fold(&job.l, false);
		most = fewest();
		CHECK(jt_load(&job, &line));
		links_fold(&job.l, true);
		after = written();
		CHECK(same_edges(&before, &after));
		CHECK(after.groups == most);
		CHECK(links_size(&job.l) <= size);

		CHECK(jt_load(&job, &line));
		links_unfold(&job.l);
		links_fold(&job.l, false);
		after = written();
		CHECK(same_edges(&before, &after));
		CHECK(after.most_downs == 1);
	}
}

static const char head[] = "{\"entityType\":\"dataJob\",\"entityUrn\":\"j\","
	"\"changeType\":\"UPSERT\",\"aspectName\":\"dataJobInputOutput\","
	"\"aspect\":{\"json\":{\"inputDatasets\":[],\"outputDatasets\":[],"
	"\"fineGrainedLineages\":[";

/* What becomes of the groups ${text}. */
static const char *folded(const char *text)
{
	const char *p;

	buf_clear(&line);
	buf_addf(&line, "%s%s]}}}", head, text);
	if (!jt_load(&job, &line))
		return "?";
	links_fold(&job.l, true);
	buf_clear(&out);
	links_write(&job.l, &out);
	p = strstr(buf_cstr(&out), "fineGrainedLineages\":");
	return p ? p + 21 : "none";
}

/* What is equal, and what is not. */
static void test_equal(void)
{
	CHECK(!strcmp(folded("{\"upstreams\":[\"a\",\"b\"],\"downstreams\":"
			     "[\"x\"]},{\"downstreams\":[\"y\"],\"upstreams\":"
			     "[\"b\",\"a\"],\"confidenceScore\":1.00,"
			     "\"transformOperation\":\"NONE\"}"),
		      "[{\"upstreams\":[\"a\",\"b\"],\"downstreams\":[\"x\","
		      "\"y\"]}]}"));
	CHECK(!strcmp(folded("{\"upstreams\":[\"a\"],\"downstreams\":[\"x\"]},"
			     "{\"upstreams\":[\"a\"],\"downstreams\":[\"y\"],"
			     "\"confidenceScore\":0.5}"),
		      "[{\"upstreams\":[\"a\"],\"downstreams\":[\"x\"]},"
		      "{\"upstreams\":[\"a\"],\"downstreams\":[\"y\"],"
		      "\"confidenceScore\":0.5}]}"));
	CHECK(!strcmp(folded("{\"upstreams\":[\"a\"],\"downstreams\":[\"x\"],"
			     "\"query\":\"q\"},{\"upstreams\":[\"a\"],"
			     "\"downstreams\":[\"y\"]}"),
		      "[{\"upstreams\":[\"a\"],\"downstreams\":[\"x\"],"
		      "\"query\":\"q\"},{\"upstreams\":[\"a\"],"
		      "\"downstreams\":[\"y\"]}]}"));
	/* The same string, written otherwise; a field twice; a group twice. */
	CHECK(!strcmp(folded("{\"upstreams\":[\"\\u0061\",\"a\"],"
			     "\"downstreams\":[\"x\"]},{\"upstreams\":[\"a\"],"
			     "\"downstreams\":[\"x\"]}"),
		      "[{\"upstreams\":[\"\\u0061\"],\"downstreams\":"
		      "[\"x\"]}]}"));
}

int main(void)
{
	gen_state = 11;
	jt_init(&job);
	test_random();
	test_equal();
	jt_release(&job);
	buf_release(&line);
	buf_release(&out);
	return unit_end("cap_fold");
}
