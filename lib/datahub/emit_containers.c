/*
 * emit_containers -- the organisation, vendors, tracking plans.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "datahub/emit_in.h"
#include "datahub/scope.h"

/* The key of every container, as DataHub's gen_containers() tells it. */
static void key_props(struct emit *e, struct props *p)
{
	props_text(p, "platform", span_of("snowplow"));
	if (e->s->instance)
		props_text(p, "instance", span_of(e->s->instance));
	props_text(p, "env", span_of(e->s->env));
	props_text(p, "organization_id", e->l->org_id);
}

static void put_properties(struct emit *e, struct span urn,
			   const struct props *p, struct span name,
			   struct span description)
{
	struct buf *b = mcp_begin(e->m, "container", urn,
				  "containerProperties");

	props_put(b, p);
	put_span(b, "name", name.s ? name : span_of(""));
	put_span_if(b, "description", description);
	put_text(b, "env", e->s->env);
	mcp_end(e->m);
}

static void put_rest(struct emit *e, struct span urn, const char *subtype)
{
	mcp_status(e->m, "container", urn, false);
	emit_platform_instance(e, "container", urn);
	emit_subtype(e, "container", urn, subtype);
	e->counts->containers++;
}

void emit_organization(struct emit *e)
{
	struct lineage *l = e->l;
	struct props p = {0};
	struct buf name = {0}, scope = {0};

	if (!l->org_urn.s)
		return;
	key_props(e, &p);
	props_text(&p, "connection_mode", span_of("bdp"));
	if (!e->s->upstream)
		scope_write(&scope, e->s, l->org);
	if (scope.len)
		props_text(&p, SCOPE_PROPERTY,
			   (struct span){scope.s, scope.len});
	if (l->org->name.len && !e->s->upstream) {
		buf_add(&name, l->org->name.s, l->org->name.len);
	} else {
		struct span own = l->org->name.len ? l->org->name : l->org_id;

		buf_adds(&name, "Snowplow Organization (");
		buf_add(&name, own.s, own.len);
		buf_addc(&name, ')');
	}
	put_properties(e, l->org_urn, &p, (struct span){name.s, name.len},
		       span_of("Snowplow BDP organization containing event "
			       "and entity schemas"));
	put_rest(e, l->org_urn, "Database");
	emit_browse_path(e, "container", l->org_urn, NULL, 0);
	buf_release(&name);
	buf_release(&scope);
	props_release(&p);
}

static void emit_vendor(struct emit *e, struct span vendor)
{
	struct span path[VENDOR_PARTS], urn, name = vendor;
	size_t n = emit_vendor_path(e, vendor, path) - 1;
	struct props p = {0};

	urn = path[n];
	for (size_t i = 0; i < vendor.len; i++)
		if (vendor.s[i] == '.')
			name = (struct span){vendor.s + i + 1,
				vendor.len - i - 1};
	emit_container_of(e, "container", urn, path[n - 1]);
	key_props(e, &p);
	props_text(&p, "vendor", vendor);
	put_properties(e, urn, &p, name, (struct span){NULL, 0});
	put_rest(e, urn, "Schema");
	emit_browse_path(e, "container", urn, path, n);
	props_release(&p);
}

struct by_urn {
	struct span urn, vendor;
};

static int urn_order(const void *va, const void *vb)
{
	const struct by_urn *a = va, *b = vb;

	return span_compare(a->urn, b->urn);
}

void emit_vendors(struct emit *e)
{
	struct by_urn *all = mem_alloc((e->nvendors + 1) * sizeof(*all));
	struct buf b = {0};

	if (e->l->org_urn.s) {
		for (size_t i = 0; i < e->nvendors; i++) {
			urn_container(&b, e->s, e->l->org_id, "vendor",
				      e->vendors[i]);
			all[i] = (struct by_urn){lineage_keep(e->l, &b),
				e->vendors[i]};
		}
		if (e->nvendors)
			qsort(all, e->nvendors, sizeof(*all), urn_order);
		for (size_t i = 0; i < e->nvendors; i++)
			emit_vendor(e, all[i].vendor);
	}
	free(all);
}

static void plan_props(struct emit *e, struct props *p,
		       const struct org_plan *x)
{
	key_props(e, p);
	props_text(p, "plan_id", x->id);
	props_text(p, "status", x->status.len ? x->status :
		   span_of("unknown"));
	props_text(p, "created_at", x->created);
	props_text(p, "updated_at", x->updated);
	props_count(p, "num_event_specs", x->nspec_ids);
	props_text_if(p, "accessInstructions", x->access);
	props_joined(p, "sourceApplications", x->apps, x->napps);
	props_text_if(p, "type", x->type);
	props_text_if(p, "lockStatus", x->lock);
}

static void emit_plan(struct emit *e, struct span urn,
		      const struct org_plan *x)
{
	struct owner owner = {.type = "DATAOWNER", .source = "SERVICE"};
	struct props p = {0};
	struct buf b = {0};

	emit_container_of(e, "container", urn, e->l->org_urn);
	plan_props(e, &p, x);
	put_properties(e, urn, &p, x->name.s ? x->name : x->id,
		       x->description);
	put_rest(e, urn, "snowplow_tracking_plan");
	if (x->owner.len) {
		urn_user(&b, x->owner);
		owner.urn = (struct span){b.s, b.len};
		emit_ownership(e, "container", urn, &owner, 1);
	}
	emit_browse_path(e, "container", urn, &e->l->org_urn, 1);
	buf_release(&b);
	props_release(&p);
}

struct plan_urn {
	struct span urn;
	const struct org_plan *plan;
};

static int plan_order(const void *va, const void *vb)
{
	const struct plan_urn *a = va, *b = vb;
	int order = span_compare(a->urn, b->urn);

	return order ? order : a->plan < b->plan ? -1 : a->plan > b->plan;
}

void emit_plans(struct emit *e)
{
	const struct org *o = e->l->org;
	struct plan_urn *all = mem_alloc((o->nplans + 1) * sizeof(*all));
	struct buf b = {0};
	size_t n = 0;

	for (size_t i = 0; e->l->org_urn.s && i < o->nplans; i++) {
		if (!lineage_wants_plan(e->s, &o->plans[i]))
			continue;
		urn_container(&b, e->s, e->l->org_id, "plan_id",
			      o->plans[i].id);
		all[n++] = (struct plan_urn){lineage_keep(e->l, &b),
			&o->plans[i]};
	}
	if (n)
		qsort(all, n, sizeof(*all), plan_order);
	for (size_t i = 0; i < n; i++)
		if (!i || span_compare(all[i - 1].urn, all[i].urn))
			emit_plan(e, all[i].urn, all[i].plan);
	free(all);
}
