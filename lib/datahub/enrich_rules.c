/* What rules are made of. */
#include "datahub/enrich_in.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct enrich_rule *enrich_add(struct enrich_rules *r, struct pool *pool,
			       const char *operation)
{
	struct enrich_rule *rule = pool_zero(pool, 1, sizeof(*rule));

	rule->operation = operation;
	*r->last = rule;
	r->last = &rule->next;
	return rule;
}

static struct enrich_end *append(struct enrich_end **list, struct pool *pool,
				 enum enrich_kind kind)
{
	struct enrich_end *end = pool_zero(pool, 1, sizeof(*end));

	end->kind = kind;
	while (*list)
		list = &(*list)->next;
	*list = end;
	return end;
}

void enrich_atomic(struct enrich_end **list, struct pool *pool,
		   const char *name)
{
	append(list, pool, ENRICH_ATOMIC)->name = name;
}

void enrich_entity(struct enrich_end **list, struct pool *pool,
		   const char *uri)
{
	append(list, pool, ENRICH_ENTITY)->schema = uri;
}

void enrich_field(struct enrich_end **list, struct pool *pool,
		  enum enrich_part part, const char *criterion,
		  const struct enrich_step *path)
{
	struct enrich_end *end = append(list, pool, ENRICH_FIELD);

	end->part = part;
	end->schema = criterion;
	end->path = path;
}

void enrich_atomics(struct enrich_end **list, struct pool *pool,
		    const char *names)
{
	size_t n;

	for (; *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		enrich_atomic(list, pool, pool_dup(pool, names, n));
	}
}

void enrich_problem(struct enrich_rules *r, struct pool *pool, const char *fmt,
		    ...)
{
	struct enrich_problem *p = pool_zero(pool, 1, sizeof(*p));
	struct enrich_problem **last = &r->problems;
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	p->text = pool_dup(pool, text, strlen(text));
	while (*last)
		last = &(*last)->next;
	*last = p;
}

const char *enrich_text(struct pool *pool, const struct dom *d)
{
	struct span s = dom_string(pool, d);

	return s.s && !memchr(s.s, 0, s.len) ? pool_dup(pool, s.s, s.len)
					     : NULL;
}

/* Does the text from ${c} match that of ${u}, "*" for one part of it? */
static bool version_matches(const char *c, const char *u)
{
	size_t n, m;

	for (;;) {
		n = strcspn(c, "-");
		m = strcspn(u, "-");
		if (!(n == 1 && *c == '*') && (n != m || memcmp(c, u, n)))
			return false;
		if (!c[n] || !u[m])
			return !c[n] && !u[m];
		c += n + 1;
		u += m + 1;
	}
}

bool enrich_matches(const char *criterion, const char *uri)
{
	const char *slash = strrchr(criterion, '/'), *other = strrchr(uri, '/');

	return slash && other && slash - criterion == other - uri &&
	       !memcmp(criterion, uri, (size_t)(slash - criterion)) &&
	       version_matches(slash + 1, other + 1);
}

/*
 * Fields of the enriched event, in byte order for bsearch().  Snowplow's
 * canonical event model; contexts, unstruct_event and derived_contexts are
 * left out, because warehouses have columns of their own instead of them.
 */
static const char *const atomic_fields[] = {
	"app_id", "base_currency", "br_colordepth", "br_cookies", "br_family",
	"br_features_director", "br_features_flash", "br_features_gears",
	"br_features_java", "br_features_pdf", "br_features_quicktime",
	"br_features_realplayer", "br_features_silverlight",
	"br_features_windowsmedia", "br_lang", "br_name", "br_renderengine",
	"br_type", "br_version", "br_viewheight", "br_viewwidth",
	"collector_tstamp", "derived_tstamp", "doc_charset", "doc_height",
	"doc_width", "domain_sessionid", "domain_sessionidx",
	"domain_userid", "dvce_created_tstamp", "dvce_ismobile",
	"dvce_screenheight", "dvce_screenwidth", "dvce_sent_tstamp",
	"dvce_type", "etl_tags", "etl_tstamp", "event", "event_fingerprint",
	"event_format", "event_id", "event_name", "event_vendor",
	"event_version", "geo_city", "geo_country", "geo_latitude",
	"geo_longitude", "geo_region", "geo_region_name", "geo_timezone",
	"geo_zipcode", "ip_domain", "ip_isp", "ip_netspeed",
	"ip_organization", "mkt_campaign", "mkt_clickid", "mkt_content",
	"mkt_medium", "mkt_network", "mkt_source", "mkt_term",
	"name_tracker", "network_userid", "os_family", "os_manufacturer",
	"os_name", "os_timezone", "page_referrer", "page_title", "page_url",
	"page_urlfragment", "page_urlhost", "page_urlpath", "page_urlport",
	"page_urlquery", "page_urlscheme", "platform", "pp_xoffset_max",
	"pp_xoffset_min", "pp_yoffset_max", "pp_yoffset_min",
	"refr_domain_userid", "refr_dvce_tstamp", "refr_medium",
	"refr_source", "refr_term", "refr_urlfragment", "refr_urlhost",
	"refr_urlpath", "refr_urlport", "refr_urlquery", "refr_urlscheme",
	"se_action", "se_category", "se_label", "se_property", "se_value",
	"ti_category", "ti_currency", "ti_name", "ti_orderid", "ti_price",
	"ti_price_base", "ti_quantity", "ti_sku", "tr_affiliation",
	"tr_city", "tr_country", "tr_currency", "tr_orderid", "tr_shipping",
	"tr_shipping_base", "tr_state", "tr_tax", "tr_tax_base", "tr_total",
	"tr_total_base", "true_tstamp", "txn_id", "user_fingerprint",
	"user_id", "user_ipaddress", "useragent", "v_collector", "v_etl",
	"v_tracker",
};

static int by_span(const void *key, const void *item)
{
	const struct span *k = key;
	const char *s = *(const char *const *)item;
	size_t len = strlen(s);
	int c = memcmp(k->s, s, k->len < len ? k->len : len);

	return c ? c : (k->len > len) - (k->len < len);
}

bool enrich_is_atomic(const char *name, size_t len)
{
	struct span key = {name, len};

	return bsearch(&key, atomic_fields,
		       sizeof(atomic_fields) / sizeof(*atomic_fields),
		       sizeof(*atomic_fields), by_span);
}
