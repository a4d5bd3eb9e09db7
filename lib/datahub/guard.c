/*
 * guard -- aspects cut by the rules of DataHub's guard.
 */
#include "datahub/guard.h"

#include "datahub/guard_in.h"
#include "datahub/pysize.h"

/* What the edits made of it; true when it is under ${limit} now. */
static bool finish(struct guard *g, struct buf *body, uint64_t limit,
		   struct outcome *o)
{
	const struct doc *d = g->m->doc;
	struct doc after;
	struct val v;

	buf_clear(body);
	edits_write(&g->edits, d, g->m->body, body);
	doc_init(&after, d->kernel);
	if (doc_read_text(&after, body->s, body->len, CAP_DEPTH, &v))
		o->after.bytes = pysize_value(&after, v);
	doc_release(&after);
	return o->after.bytes < limit;
}

static uint64_t limit_of(enum aspect_kind kind, uint64_t limit)
{
	if (kind == ASPECT_SCHEMA)
		return guard_schema_limit(limit);
	if (kind == ASPECT_QUERY && limit > GUARD_QUERY_BYTES)
		return GUARD_QUERY_BYTES;
	return limit;
}

static void edit(struct guard *g)
{
	switch (g->m->kind) {
	case ASPECT_SCHEMA:
		guard_schema(g);
		break;
	case ASPECT_PROFILE:
		guard_profile(g);
		break;
	case ASPECT_SUBJECTS:
		guard_subjects(g);
		break;
	case ASPECT_QUERY:
		guard_query(g);
		break;
	case ASPECT_VIEW:
		guard_text(g, doc_member(g->m->doc, g->m->body,
					 "formattedViewLogic"), false);
		if (g->size >= g->limit)
			guard_text(g, doc_member(g->m->doc, g->m->body,
						 "viewLogic"), false);
		break;
	case ASPECT_SEMANTIC:
		guard_text(g, doc_member(g->m->doc, g->m->body,
					 "nativeDefinition"), false);
		break;
	case ASPECT_OTHER:
	case ASPECT_JOB_IO:
	case ASPECT_UPSTREAMS:
	case ASPECT_CONTAINER:
		break;
	}
}

void guard_cut(const struct mcp *m, uint64_t limit, struct buf *body,
	       struct outcome *o)
{
	struct guard g = {.m = m, .limit = limit_of(m->kind, limit),
			  .size = o->before.bytes};

	if (!limit || o->before.bytes < g.limit)
		return;
	o->rules = RULE_BYTES;
	o->action = CAP_TOO_LONG;
	if (m->kind != ASPECT_OTHER && *m->body.s == '{')
		edit(&g);
	if (g.edits.n && finish(&g, body, g.limit, o)) {
		o->action = CAP_CHANGED;
		o->cut = true;
		o->method = "guard";
		o->dropped_fields = g.dropped;
	}
	edits_release(&g.edits);
	pool_release(&g.pool);
}
