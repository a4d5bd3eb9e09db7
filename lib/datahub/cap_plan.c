/*
 * cap_plan -- what stays of a lineage that is over a limit.
 *
 * Datasets are put into an order (by rank, or as they are written), and a cut
 * keeps the first n as inputs and the field edges of the first m.  What each
 * place of the order adds in bytes and edges is added up once; then any (n, m)
 * is judged in no time, and the largest that fit are found by bisection: first
 * m is lowered, then n.  Where not even the first dataset's field edges fit,
 * as many of them as do are kept: the columns of one wide table are worth more
 * than none.
 */
#include "datahub/cap_plan.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/cap_plan_in.h"

static bool over(uint64_t value, uint64_t limit)
{
	return limit && value > limit;
}

static uint64_t widest(const struct links *l)
{
	uint64_t most = 0;

	for (size_t i = 0; i < l->nfgls; i++) {
		const struct fgl *f = &l->fgls[i];
		uint64_t n = 0;

		if (f->folded || f->dropped || f->nup <= most)
			continue;
		for (uint32_t k = f->up; k < f->up + f->nup; k++)
			n += keeps_up(l, l->ids[k]) != 0;
		most = n > most ? n : most;
	}
	return most;
}

static size_t count_role(const struct links *l, const uint32_t *ids, size_t n,
			 uint8_t role)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		kept += (l->urns.items[ids[i]].role & role) != 0;
	return kept;
}

unsigned plan_over(const struct links *l, const struct cap_limits *limits,
		   uint64_t size)
{
	uint64_t inputs = count_role(l, l->inputs, l->ninputs, KEEP_INPUT);
	uint64_t outputs = count_role(l, l->outputs, l->noutputs, KEEP_OUTPUT);
	uint64_t edges = links_edges(l);
	unsigned rules = 0;

	if (limits->bytes && size >= limits->bytes)
		rules |= RULE_BYTES;
	if (over(inputs, limits->inputs))
		rules |= RULE_INPUTS;
	if (over(outputs, limits->outputs))
		rules |= RULE_OUTPUTS;
	if (over(edges, limits->fine_grained))
		rules |= RULE_FINE;
	if (over(widest(l), limits->fields))
		rules |= RULE_FIELDS;
	if (over(inputs + outputs + edges, limits->total))
		rules |= RULE_TOTAL;
	return rules;
}

/* "fineGrainedLineages": and the ", " in front of it. */
#define FGLS_SIZE 25

/* What places of the order add up to. */
struct sums {
	struct links *l;
	const struct cap_opts *opts;
	struct cap_limits limits;
	uint32_t *order;	/* inputs, then other sources of fields */
	size_t n;		/* of these; one place more is for groups
				   without upstreams */
	uint64_t *bytes, *edges;	/* of field edges before place i */
	size_t fields_end;	/* m that --max-fields allows */
	uint64_t outputs;
};

/* Where the datasets of a group stand; its first place, and its fields. */
static size_t add_group(struct sums *s, const struct fgl *f, uint64_t downs)
{
	const struct links *l = s->l;
	size_t first = s->n;

	for (uint32_t k = f->up; k < f->up + f->nup; k++) {
		const struct urn *u = &l->urns.items[l->ids[k]];
		size_t at = l->urns.items[u->dataset].rank;

		s->edges[at + 1] += downs;
		s->bytes[at + 1] += u->size + 2;
		first = at < first ? at : first;
	}
	return first;
}

static int by_number(const void *va, const void *vb)
{
	const uint32_t *a = va, *b = vb;

	return *a < *b ? -1 : *a > *b;
}

/* How far m may go so that the group has at most limits.fields upstreams. */
static void bound_fields(struct sums *s, const struct fgl *f)
{
	const struct links *l = s->l;
	uint32_t *at;

	if (!s->limits.fields || f->nup <= s->limits.fields)
		return;
	at = mem_alloc(f->nup * sizeof(*at));
	for (uint32_t k = 0; k < f->nup; k++)
		at[k] = l->urns.items[l->urns.items[l->ids[f->up + k]].dataset]
			.rank;
	qsort(at, f->nup, sizeof(*at), by_number);
	if (at[s->limits.fields] < s->fields_end)
		s->fields_end = at[s->limits.fields];
	free(at);
}

static void sum_groups(struct sums *s)
{
	const struct links *l = s->l;
	const struct fgl *before = NULL;

	for (size_t i = 0; i < l->nfgls; i++) {
		const struct fgl *f = &l->fgls[i];
		uint64_t downs = 0, size = 0;
		size_t first;

		for (uint32_t k = f->down; k < f->down + f->ndown; k++) {
			if (!keeps_down(l, l->ids[k]))
				continue;
			downs++;
			size += l->urns.items[l->ids[k]].size + 2;
		}
		if (f->folded || (f->ndown && !downs))
			continue;
		first = add_group(s, f, downs);
		/* fixed has "[]" twice, and a comma follows; of what has
		   fields, the last ", " is one too many */
		s->bytes[first + 1] += f->fixed + 2 + size -
				       (downs ? 2 : 0) - (f->nup ? 2 : 0);
		if (!before || before->up != f->up || before->nup != f->nup)
			bound_fields(s, f);
		before = f;
	}
}

static void add_up(uint64_t *sums, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sums[i + 1] += sums[i];
}

/* The order of the datasets: inputs by rank or as written, then the others. */
static void put_in_order(struct sums *s, bool by_rank, struct strata *strata,
			 struct place place)
{
	struct links *l = s->l;
	size_t others;

	s->order = mem_alloc((l->urns.n + 1) * sizeof(*s->order));
	if (l->ninputs)
		memcpy(s->order, l->inputs, l->ninputs * sizeof(*s->order));
	s->n = l->ninputs;
	for (uint32_t i = 0; i < l->urns.n; i++) {
		uint8_t role = l->urns.items[i].role;

		if ((role & ROLE_SOURCE) && !(role & ROLE_INPUT))
			s->order[s->n++] = i;
	}
	others = s->n - l->ninputs;
	if (by_rank) {
		rank_urns(&l->urns, s->order, l->ninputs, strata, place);
		rank_urns(&l->urns, s->order + l->ninputs, others, strata,
			  place);
	}
	for (size_t i = 0; i < s->n; i++)
		l->urns.items[s->order[i]].rank = (uint32_t)i;
}

static void mark(struct sums *s, size_t from, uint8_t bit, size_t n)
{
	for (size_t i = from; i < s->n; i++) {
		struct urn *u = &s->l->urns.items[s->order[i]];

		if (i < n)
			u->role |= bit;
		else
			u->role &= (uint8_t)~bit;
	}
}

static void drop_all_groups(struct links *l, bool dropped)
{
	for (size_t i = 0; i < l->nfgls; i++)
		l->fgls[i].dropped = dropped;
}

/* The first n of the inputs, no field edges. */
static uint64_t mark_inputs(struct sums *s, size_t n)
{
	mark(s, 0, KEEP_INPUT, n);
	return links_size(s->l);
}

static bool fits(const struct sums *s, uint64_t base, size_t n, size_t m)
{
	const struct cap_limits *limits = &s->limits;
	uint64_t bytes = s->bytes[m] ? s->bytes[m] + FGLS_SIZE : 0;

	return !over(s->edges[m], limits->fine_grained) &&
	       !over(n + s->outputs + s->edges[m], limits->total) &&
	       (!limits->bytes || base + bytes < limits->bytes);
}

/* The largest m up to ${most} that fits with n inputs; -1: none, not even 0. */
static ptrdiff_t largest_m(struct sums *s, size_t n, size_t most)
{
	uint64_t base = mark_inputs(s, n);
	size_t low = 0, high = most;

	if (!fits(s, base, n, 0))
		return -1;
	while (low < high) {
		size_t middle = high - (high - low) / 2;

		if (fits(s, base, n, middle))
			low = middle;
		else
			high = middle - 1;
	}
	return (ptrdiff_t)low;
}

/* The largest n up to ${most} that fits without field edges. */
static size_t largest_n(struct sums *s, size_t most)
{
	size_t low = 0, high = most;

	while (low < high) {
		size_t middle = high - (high - low) / 2;

		if (fits(s, mark_inputs(s, middle), middle, 0))
			low = middle;
		else
			high = middle - 1;
	}
	mark_inputs(s, low);
	return low;
}

/* Field edges of the first m places; groups without upstreams come last. */
static void mark_fields(struct sums *s, size_t m)
{
	struct links *l = s->l;

	drop_all_groups(l, false);
	mark(s, 0, KEEP_FIELDS, m);
	for (size_t i = 0; i < l->nfgls; i++)
		if (!l->fgls[i].nup)
			l->fgls[i].dropped = m <= s->n;
}

/* Outputs are few: their limit is its own. */
static void cut_outputs(struct links *l, const struct cap_limits *limits,
			bool by_rank, struct strata *strata, struct place place)
{
	size_t n = l->noutputs;

	if (limits->outputs && n > limits->outputs)
		n = limits->outputs;
	if (by_rank && n < l->noutputs)
		rank_urns(&l->urns, l->outputs, l->noutputs, strata, place);
	for (size_t i = n; i < l->noutputs; i++)
		l->urns.items[l->outputs[i]].role &= (uint8_t)~KEEP_OUTPUT;
}

static void sums_start(struct sums *s, struct links *l,
		       const struct cap_opts *opts)
{
	*s = (struct sums){.l = l, .opts = opts, .limits = opts->limits};
	if (opts->policy == CAP_ALL)
		s->limits = (struct cap_limits){.bytes = opts->limits.bytes};
	/* an upstreamLineage's bytes are cut in the order of DataHub's guard */
	if (!l->job)
		s->limits.bytes = 0;
}

static void sums_fill(struct sums *s)
{
	struct links *l = s->l;

	s->outputs = count_role(l, l->outputs, l->noutputs, KEEP_OUTPUT);
	s->bytes = mem_zalloc(s->n + 2, sizeof(*s->bytes));
	s->edges = mem_zalloc(s->n + 2, sizeof(*s->edges));
	s->fields_end = s->n + 1;
	sum_groups(s);
	add_up(s->bytes, s->n + 1);
	add_up(s->edges, s->n + 1);
}

static void sums_release(struct sums *s)
{
	free(s->order);
	free(s->bytes);
	free(s->edges);
}

/* sample, fields, all: prefixes of the rank. */
static void cut_by_rank(struct sums *s)
{
	struct links *l = s->l;
	size_t n = l->ninputs, allowed = s->n + 1, most;
	ptrdiff_t m;

	drop_all_groups(l, true);
	if (s->opts->policy == CAP_FIELDS)
		n = 0;
	else if (s->limits.inputs && n > s->limits.inputs)
		n = s->limits.inputs;
	/* no field edges to a dataset that was dropped */
	if (n < l->ninputs && s->opts->policy != CAP_FIELDS)
		allowed = n;
	most = s->fields_end < allowed ? s->fields_end : allowed;
	m = largest_m(s, n, most);
	mark_fields(s, m < 0 ? 0 : (size_t)m);
	if (m < 0)
		largest_n(s, n);
	else if (!s->edges[m] && (size_t)m < allowed && (size_t)m < s->n)
		plan_first_edges(l, &s->limits, s->order[m], n + s->outputs);
}

static void cut_to_group(struct links *l, const char *urn)
{
	for (size_t i = 0; i < l->ninputs; i++)
		l->urns.items[l->inputs[i]].role &= (uint8_t)~KEEP_INPUT;
	drop_all_groups(l, true);
	l->group_urn = urn;
}

/* truncate: the first ones as written; groups are plan_in_order()'s. */
static void cut_as_written(struct sums *s)
{
	const struct links *l = s->l;
	size_t n = l->ninputs;

	if (s->limits.inputs && n > s->limits.inputs)
		n = s->limits.inputs;
	if (over(n + s->outputs, s->limits.total))
		n = s->limits.total > s->outputs ?
		    (size_t)(s->limits.total - s->outputs) : 0;
	mark(s, 0, KEEP_INPUT, n);
	mark(s, 0, KEEP_FIELDS, n < l->ninputs ? n : s->n);
}

bool plan_cut(struct links *l, const struct cap_opts *opts,
	      struct strata *strata, struct place place)
{
	bool by_rank = opts->policy != CAP_TRUNCATE;
	uint64_t bytes = opts->limits.bytes;
	struct sums s;

	sums_start(&s, l, opts);
	cut_outputs(l, &s.limits, by_rank, strata, place);
	if (opts->policy == CAP_GROUP) {
		cut_to_group(l, opts->group_urn);
	} else {
		put_in_order(&s, by_rank, strata, place);
		sums_fill(&s);
		if (by_rank)
			cut_by_rank(&s);
		else
			cut_as_written(&s);
		sums_release(&s);
	}
	s.limits.bytes = bytes;
	if (!by_rank || (bytes && links_size(l) >= bytes))
		plan_in_order(l, &s.limits);
	return !bytes || links_size(l) < bytes;
}
