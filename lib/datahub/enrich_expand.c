#include "datahub/enrich_upstream.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/urn.h"

/* Atomic fields that are not in its list of standard columns. */
static const char *const others[] = {
	"base_currency", "derived_tstamp", "domain_sessionid",
	"dvce_sent_tstamp", "etl_tags", "event_fingerprint", "event_format",
	"event_name", "event_vendor", "event_version", "geo_timezone",
	"mkt_clickid", "mkt_network", "refr_domain_userid",
	"refr_dvce_tstamp", "ti_currency", "ti_price_base", "tr_currency",
	"tr_shipping_base", "tr_tax_base", "tr_total_base", "true_tstamp",
};

static bool is_standard(struct span name)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (span_is(name, others[i]))
			return false;
	return enrich_is_atomic(name.s, name.len);
}

/* The name itself, or a path that ends with a dot and it. */
static bool ends_with(struct span path, struct span name)
{
	size_t before = path.len - name.len;

	return path.len >= name.len &&
	       !memcmp(path.s + before, name.s, name.len) &&
	       (!before || path.s[before - 1] == '.');
}

static bool schema_has(const struct schema_set *set, struct span name)
{
	for (size_t i = 0; set && i < set->fields.n; i++)
		if (ends_with(set->fields.items[i].path, name))
			return true;
	return false;
}

static bool spec_has(const struct spec_set *spec, struct span name)
{
	for (size_t i = 0; i < spec->nschemas; i++)
		if (schema_has(spec->schemas[i], name))
			return true;
	return false;
}

/* The name on every event spec that it is repeated on. */
static size_t repeat(const struct lineage *l, const struct span *name,
		     struct edge_source *to)
{
	bool standard = is_standard(*name);
	size_t n = 0;

	for (size_t i = 0; i < l->nspecs; i++)
		if (standard || spec_has(&l->specs[i], *name))
			to[n++] = (struct edge_source){l->specs[i].urn, name,
						       1};
	if (!n && l->nspecs)
		to[n++] = (struct edge_source){l->specs[0].urn, name, 1};
	return n;
}

void enrich_upstream_edges(struct lineage *l, struct pool *pool,
			   const struct enrich_rules *rules, struct span table,
			   struct edges *edges)
{
	const struct enrich_rule *r;
	const struct enrich_end *e;
	struct edge_source *sources;
	struct edge_list to = {0};
	struct span *name;
	size_t n, count;

	for (r = rules->first; r; r = r->next) {
		for (count = 0, e = r->from; e; e = e->next)
			count++;
		sources = mem_zalloc(count * l->nspecs + 1, sizeof(*sources));
		for (n = 0, e = r->from; e; e = e->next) {
			name = pool_take(pool, sizeof(*name));
			*name = edge_path(pool, span_of(e->name));
			n += repeat(l, name, sources + n);
		}
		to.n = 0;
		for (e = r->to; e; e = e->next)
			edge_list_add(&to, edge_field(pool, table,
						      edge_path(pool, span_of(
								e->name))));
		edges_add(edges, sources, n, &to, r->operation);
		free(sources);
	}
	edge_list_release(&to);
}
