/*
 * jobs_text -- dataJobInputOutput aspects for the unit tests of cap_rank,
 * cap_plan and cap_fold: random ones as text, and what such a text says, found
 * by looking for the numbers in its names, not by the code that is tested.
 *
 * Inputs are s<stratum>.d<number>, their fields f0, f1, ...; the one output is
 * t, its fields c0, c1, ...
 */
#ifndef JOBS_TEXT_H
#define JOBS_TEXT_H

#include "base/mem.h"
#include "datahub/cap_cut.h"
#include "gen.h"
#include "json/kernel.h"
#include "unit.h"

#define JT_INPUTS 40
#define JT_FIELDS 4
#define JT_COLUMNS 12
#define JT_DATASET "urn:li:dataset:(urn:li:dataPlatform:"

struct jt_says {
	bool input[JT_INPUTS];
	bool edge[2][JT_INPUTS][JT_FIELDS][JT_COLUMNS];	/* [operation] */
	unsigned inputs, edges, groups;
	unsigned widest, most_downs;	/* upstreams, downstreams of a group */
	bool consistent;		/* each field's dataset is an input */
};

static inline void jt_urn(struct buf *b, unsigned d)
{
	buf_addf(b, JT_DATASET "x,s%u.d%02u,PROD)", d % 5, d);
}

/* A group of random fields of the first ${n} inputs. */
static inline void jt_group(struct buf *b, unsigned n, unsigned of_inputs)
{
	buf_adds(b, "{\"upstreamType\":\"FIELD_SET\",\"upstreams\":[");
	for (unsigned i = 0, k = 1 + (unsigned)gen(of_inputs); i < k; i++) {
		buf_adds(b, i ? ",\"urn:li:schemaField:(" :
			    "\"urn:li:schemaField:(");
		jt_urn(b, (unsigned)gen(n));
		buf_addf(b, ",f%u)\"", (unsigned)gen(JT_FIELDS));
	}
	buf_adds(b, "],\"downstreamType\":\"FIELD_SET\",\"downstreams\":[");
	for (unsigned i = 0, k = 1 + (unsigned)gen(3); i < k; i++)
		buf_addf(b, "%s\"urn:li:schemaField:(" JT_DATASET "y,t,PROD),"
			 "c%u)\"", i ? "," : "", (unsigned)gen(JT_COLUMNS));
	buf_adds(b, "]");
	if (gen(2))
		buf_adds(b, ",\"transformOperation\":\"DERIVED\"");
	if (gen(2))
		buf_adds(b, gen(2) ? ",\"confidenceScore\":1.0" :
				     ",\"confidenceScore\":1");
	buf_adds(b, "}");
}

/* One line with ${n} inputs; groups often stand twice, or nearly. */
static inline void jt_line(struct buf *b, unsigned n, unsigned groups)
{
	size_t from = 0, len = 0;

	buf_clear(b);
	buf_adds(b, "{\"entityType\":\"dataJob\",\"entityUrn\":\"urn:li:"
		 "dataJob:(j)\",\"changeType\":\"UPSERT\",\"aspectName\":"
		 "\"dataJobInputOutput\",\"aspect\":{\"json\":{"
		 "\"inputDatasets\":[");
	for (unsigned i = 0; i < n; i++) {
		buf_adds(b, i ? ",\"" : "\"");
		jt_urn(b, (i + n / 2) % n);
		buf_addc(b, '"');
	}
	buf_adds(b, "],\"outputDatasets\":[\"" JT_DATASET "y,t,PROD)\"],"
		 "\"fineGrainedLineages\":[");
	while (groups--) {
		if (len && !gen(4)) {
			char *copy = mem_dup(b->s + from, len);

			from = b->len;
			buf_add(b, copy, len);
			free(copy);
		} else {
			from = b->len;
			jt_group(b, n, n < 9 ? n : 9);
			len = b->len - from;
		}
		if (groups)
			buf_addc(b, ',');
	}
	buf_adds(b, "]}}}");
}

/* The fields between here and the next "]": inputs' or the output's. */
static inline unsigned jt_ids(const char *p, unsigned ids[], unsigned most)
{
	const char *end = strchr(p, ']');
	unsigned n = 0, d, f;

	for (; p && p < end && n < most; p = strstr(p, "schemaField:(")) {
		p += 13;
		if (sscanf(p, JT_DATASET "x,s%*u.d%u,PROD),f%u)", &d, &f) == 2)
			ids[n++] = d * JT_FIELDS + f;
		else if (sscanf(p, JT_DATASET "y,t,PROD),c%u)", &f) == 1)
			ids[n++] = f;
	}
	return n;
}

/* What the group that begins at ${p} says. */
static inline void jt_look(struct jt_says *s, const char *p, const char *end)
{
	unsigned up[400], down[400], nup, ndown;
	const char *close;
	bool derived;

	nup = jt_ids(strstr(p, "\"upstreams\":["), up, 400);
	ndown = jt_ids(strstr(p, "\"downstreams\":["), down, 400);
	close = strchr(strstr(p, "\"downstreams\":["), '}');
	derived = memmem(p, (size_t)((close < end ? close : end) - p),
			 "DERIVED", 7);
	s->groups++;
	s->widest = nup > s->widest ? nup : s->widest;
	s->most_downs = ndown > s->most_downs ? ndown : s->most_downs;
	for (unsigned i = 0; i < nup; i++) {
		unsigned d = up[i] / JT_FIELDS;

		s->consistent &= s->input[d];
		for (unsigned k = 0; k < ndown; k++)
			s->edge[derived][d][up[i] % JT_FIELDS][down[k]] =
				true;
	}
}

/* All that the aspect in ${text} says. */
static inline struct jt_says jt_read(const struct buf *b)
{
	struct jt_says s = {.consistent = true};
	char *text = mem_dup(b->s, b->len), *end = text + b->len, *p;
	const bool *edge = &s.edge[0][0][0][0];
	unsigned d;

	p = strstr(text, "\"inputDatasets\":[");
	for (char *close = strchr(p, ']'); p && p < close;
	     p = strstr(p, JT_DATASET "x,")) {
		if (sscanf(p, JT_DATASET "x,s%*u.d%u", &d) == 1)
			s.input[d] = true;
		p++;
	}
	for (d = 0; d < JT_INPUTS; d++)
		s.inputs += s.input[d];
	p = strstr(text, "\"fineGrainedLineages\":[");
	for (; p && (p = strstr(p, "\"upstreamType\"")); p++)
		jt_look(&s, p, end);
	for (size_t i = 0; i < sizeof(s.edge) / sizeof(bool); i++)
		s.edges += edge[i];
	free(text);
	return s;
}

/* A line as the programs read it. */
struct jt_job {
	struct doc doc, inner;
	struct mcp m;
	struct links l;
};

static inline void jt_init(struct jt_job *j)
{
	doc_init(&j->doc, KERNEL_portable_id);
	doc_init(&j->inner, KERNEL_portable_id);
	links_init(&j->l);
}

static inline void jt_release(struct jt_job *j)
{
	links_release(&j->l);
	doc_release(&j->doc);
	doc_release(&j->inner);
}

static inline bool jt_load(struct jt_job *j, const struct buf *line)
{
	const char *at;
	struct val v;

	if (!doc_read_text(&j->doc, line->s, line->len, CAP_DEPTH, &v) ||
	    mcp_read(&j->m, &j->doc, v, &j->inner, &at) ||
	    links_read(&j->l, &j->m, &at))
		return false;
	links_keep_all(&j->l);
	return true;
}

#endif
