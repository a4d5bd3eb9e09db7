/*
 * stale -- removing what is gone.
 */
#include "datahub/stale.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/scope.h"

static bool starts(struct span s, const struct buf *with)
{
	return s.len >= with->len && !memcmp(s.s, with->s, with->len);
}

static bool ends(struct span s, const struct buf *with)
{
	return s.len >= with->len &&
		!memcmp(s.s + s.len - with->len, with->s, with->len);
}

/* How URNs of ours begin and end. */
struct ours {
	struct buf dataset, flow, job;	/* beginnings */
	struct buf end, job_end;	/* ",PROD)" of datasets and flows */
};

static void ours_make(struct ours *o, const struct settings *s)
{
	struct buf instance = {0};

	if (s->instance) {
		urn_encode(&instance, span_of(s->instance));
		buf_addc(&instance, '.');
	}
	buf_addf(&o->dataset, "urn:li:dataset:(" URN_PLATFORM ",%s",
		 buf_cstr(&instance));
	buf_addf(&o->flow, "urn:li:dataFlow:(snowplow,%s",
		 buf_cstr(&instance));
	buf_addf(&o->job, "urn:li:dataJob:(urn:li:dataFlow:(snowplow,%s",
		 buf_cstr(&instance));
	buf_addf(&o->end, ",%s)", s->env);
	buf_addf(&o->job_end, ",%s),", s->env);
	buf_release(&instance);
}

static void ours_release(struct ours *o)
{
	buf_release(&o->dataset);
	buf_release(&o->flow);
	buf_release(&o->job);
	buf_release(&o->end);
	buf_release(&o->job_end);
}

static bool same_text(struct span a, struct span b)
{
	return (a.s ? a.len : 0) == (b.s ? b.len : 0) &&
		(!a.s || !a.len || !memcmp(a.s, b.s, a.len));
}

static bool is_ours(const struct lineage *l, const struct ours *o,
		    const struct previous_entity *e)
{
	const struct settings *s = l->settings;

	if (!strcmp(e->type, "container"))
		return e->org.s && same_text(e->org, l->org_id) &&
			same_text(e->env, span_of(s->env)) &&
			same_text(e->instance, span_of(s->instance ?
						       s->instance : ""));
	if (!strcmp(e->type, "dataset"))
		return starts(e->urn, &o->dataset) && ends(e->urn, &o->end);
	if (!strcmp(e->type, "dataFlow"))
		return starts(e->urn, &o->flow) && ends(e->urn, &o->end);
	return starts(e->urn, &o->job) &&
		memmem(e->urn.s, e->urn.len, o->job_end.s, o->job_end.len);
}

/* The organisation's own container in the earlier output, or NULL. */
static const struct previous_entity *organization(const struct lineage *l,
		const struct ours *o, const struct previous_entity *all,
		size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (l->org_urn.s && !span_compare(all[i].urn, l->org_urn) &&
		    is_ours(l, o, &all[i]))
			return &all[i];
	return NULL;
}

static bool same_scope(struct lineage *l, const struct previous_entity *e)
{
	struct buf now = {0};
	bool same;

	scope_write(&now, l->settings, l->org);
	same = same_text(e->scope, (struct span){buf_cstr(&now), now.len});
	if (!same)
		finding(l->findings, NULL, "--stale: nothing is removed, "
			"because filters differ: \"%.*s\" then, \"%s\" now",
			(int)(e->scope.s ? e->scope.len : 0),
			e->scope.s ? e->scope.s : "", buf_cstr(&now));
	buf_release(&now);
	return same;
}

static bool allowed(struct lineage *l, const struct ours *o,
		    const struct previous_entity *all, size_t n)
{
	const struct previous_entity *e;

	if (!l->org->ended || !l->org->complete) {
		finding(l->findings, NULL, "--stale: nothing is removed, "
			"because the input is not complete (see its end "
			"line)");
		return false;
	}
	e = organization(l, o, all, n);
	if (!e) {
		finding(l->findings, NULL, "--stale: nothing is removed, "
			"because the earlier output is not of this "
			"organization, instance and env");
		return false;
	}
	return same_scope(l, e);
}

uint64_t stale_remove(struct lineage *l, const struct previous *p,
		      uint64_t max_percent)
{
	const struct previous_entity *all, **gone;
	uint64_t there = 0, count = 0;
	struct ours o = {0};
	size_t n;

	all = previous_entities(p, &n);
	gone = mem_alloc((n + 1) * sizeof(struct previous_entity *));
	ours_make(&o, l->settings);
	if (!allowed(l, &o, all, n))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		if (all[i].removed || !is_ours(l, &o, &all[i]))
			continue;
		there++;
		if (!mcp_described(l->mcp, all[i].urn))
			gone[count++] = &all[i];
	}
	if (count * 100 > there * max_percent) {
		finding(l->findings, NULL, "--stale: nothing is removed, "
			"because %llu of %llu entities would be, more than "
			"%llu %% (--max-removed)", (unsigned long long)count,
			(unsigned long long)there,
			(unsigned long long)max_percent);
		count = 0;
	}
	for (uint64_t i = 0; i < count; i++)
		mcp_status(l->mcp, gone[i]->type, gone[i]->urn, true);
	ours_release(&o);
	free(gone);
	return count;
}
