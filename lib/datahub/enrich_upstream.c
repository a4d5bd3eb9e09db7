/*
 * What DataHub's connector says that enrichments read and write: the table of
 * acryl-datahub 1.7 (snowplow/enrichment_lineage/extractors), looked through
 * in the order in which it registers them.  For --compat=upstream.
 */
#include "datahub/enrich_in.h"

#include <stdlib.h>
#include <string.h>

static enrich_make ip_lookups, currency, pii;

static const struct known {
	const char *part;	/* of the schemaKey, anywhere in it */
	const char *what;
	/* Each of ${to} by itself is derived from all of ${from}. */
	const char *from, *to;
	enrich_make *make;
	/* Of entities, which it lists but draws no edges to. */
	const char *listed_from, *listed_to;
} table[] = {
	{.part = "ip_lookups", .make = ip_lookups,
	 .what = "IP geolocation and ISP lookup via MaxMind"},
	{.part = "ua_parser_config", .listed_from = "useragent",
	 .listed_to = "useragent_family useragent_major useragent_minor "
		      "os_family os_major os_minor device_family",
	 .what = "Parses user agent string (outputs to context table)"},
	{.part = "yauaa_enrichment_config", .from = "useragent",
	 .to = "br_family br_name br_version br_type os_family os_name "
	       "os_version device_class device_name device_brand agent_class "
	       "agent_name agent_version layout_engine_class "
	       "layout_engine_name layout_engine_version",
	 .what = "Parses user agent for browser, OS, and device info"},
	{.part = "iab_spiders_and_robots",
	 .listed_from = "useragent user_ipaddress",
	 .listed_to = "spiderOrRobot category reason primaryImpact",
	 .what = "Detects bot/spider traffic (outputs to context table)"},
	{.part = "pii_enrichment_config", .make = pii,
	 .what = "Pseudonymizes PII fields via hashing/encryption"},
	{.part = "referer_parser", .from = "page_referrer",
	 .to = "refr_medium refr_source refr_term",
	 .what = "Parses HTTP referer to extract traffic source"},
	{.part = "currency_conversion", .make = currency,
	 .what = "Converts transaction amounts to base currency"},
	{.part = "campaign_attribution", .from = "page_urlquery",
	 .to = "mkt_medium mkt_source mkt_term mkt_content mkt_campaign "
	       "mkt_clickid mkt_network",
	 .what = "Extracts marketing campaign parameters from URL query "
		 "string"},
	{.part = "event_fingerprint",
	 .from = "event_id event_name domain_userid network_userid user_id "
		 "user_ipaddress domain_sessionid collector_tstamp "
		 "dvce_created_tstamp event platform app_id",
	 .to = "event_fingerprint",
	 .what = "Generates hash fingerprint for event deduplication"},
};

/* A rule for each of ${to}. */
static void each(struct enrich_rules *r, struct pool *pool, const char *from,
		 const char *to)
{
	struct enrich_rule *rule;
	size_t n;

	for (; *to; to += n + (to[n] == ' ')) {
		n = strcspn(to, " ");
		rule = enrich_add(r, pool, ENRICH_DERIVED_BY);
		enrich_atomics(&rule->from, pool, from);
		enrich_atomic(&rule->to, pool, pool_dup(pool, to, n));
	}
}

static void ip_lookups(struct enrich_rules *r, struct pool *pool,
		       const struct dom *parameters)
{
	static const char *const files[][2] = {
		{"geo", "geo_country geo_region geo_city geo_zipcode "
			"geo_latitude geo_longitude geo_region_name "
			"geo_timezone"},
		{"isp", "ip_isp ip_organization"},
		{"domain", "ip_domain"},
		{"connectionType", "ip_netspeed"},
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (dom_get(parameters, files[i][0]))
			each(r, pool, "user_ipaddress", files[i][1]);
}

static void currency(struct enrich_rules *r, struct pool *pool,
		     const struct dom *parameters)
{
	(void)parameters;
	each(r, pool, "tr_total tr_currency", "tr_total_base");
	each(r, pool, "tr_tax tr_currency", "tr_tax_base");
	each(r, pool, "tr_shipping tr_currency", "tr_shipping_base");
	each(r, pool, "ti_price ti_currency", "ti_price_base");
}

static void in_place(struct enrich_rules *r, struct pool *pool,
		     const char *from, const char *to)
{
	struct enrich_rule *rule = enrich_add(r, pool, ENRICH_IN_PLACE);

	enrich_atomic(&rule->from, pool, from);
	enrich_atomic(&rule->to, pool, to);
}

/* The first member of these names that is there. */
static const char *member(struct pool *pool, const struct dom *d,
			  const char *const *names)
{
	for (; *names; names++)
		if (dom_get(d, *names))
			return enrich_text(pool, dom_get(d, *names));
	return NULL;
}

/* A quoted name of ".['a', 'b']" at a time, behind what stands before it. */
static void bracket(struct enrich_rules *r, struct pool *pool,
		    const char *prefix, size_t len, const char *s)
{
	struct buf name = {0};
	const char *end, *text;

	for (; *s && *s != ']'; s = *s ? s + 1 : s) {
		if (*s != '\'' && *s != '"')
			continue;
		end = s + 1 + strcspn(s + 1, "'\"");
		if (!*end || end == s + 1)
			continue;
		buf_clear(&name);
		buf_add(&name, prefix, len);
		if (len)
			buf_addc(&name, '.');
		buf_add(&name, s + 1, (size_t)(end - s) - 1);
		text = pool_dup(pool, name.s, name.len);
		s = strrchr(text, '.');
		in_place(r, pool, text, s ? s + 1 : text);
		s = end;
	}
	buf_release(&name);
}

/* Its reading of a jsonPath: a list in brackets at the end, or all as is. */
static void json_path(struct enrich_rules *r, struct pool *pool,
		      const char *path)
{
	const char *open, *leaf;
	size_t len;

	if (*path++ != '$')
		return;
	len = strlen(path);
	open = len && path[len - 1] == ']' ? strstr(path, ".[") : NULL;
	while (open && strcspn(open, "]") != (size_t)(path + len - open) - 1)
		open = strstr(open + 1, ".[");
	if (open) {
		if (*path == '.' && path < open)
			path++;
		bracket(r, pool, path, (size_t)(open - path), open + 2);
		return;
	}
	path += *path == '.';
	if (!*path)
		return;
	leaf = strrchr(path, '.');
	in_place(r, pool, path, leaf ? leaf + 1 : path);
}

static void json_item(struct enrich_rules *r, struct pool *pool,
		      const struct dom *d)
{
	const char *field = enrich_text(pool, dom_get(d, "field"));
	const char *schema = enrich_text(pool, dom_get(d, "schemaCriterion"));
	const char *path = enrich_text(pool, dom_get(d, "jsonPath"));

	if (field && *field && schema && *schema && path && *path)
		json_path(r, pool, path);
}

/* Objects of lists, older lists of fieldName; the real form gives nothing. */
static void pii(struct enrich_rules *r, struct pool *pool,
		const struct dom *parameters)
{
	static const char *const in_object[] = {
		"field", "ppiField", "fieldName", NULL};
	static const char *const in_list[] = {"fieldName", NULL};
	const struct dom *conf = dom_get(parameters, "pii"), *d;
	bool list = dom_is(conf, VALUE_ARRAY);
	const char *name;

	d = dom_first(list ? conf : dom_get(conf, "pojo"));
	for (; d; d = d->next) {
		name = member(pool, d, list ? in_list : in_object);
		if (name)
			in_place(r, pool, name, name);
	}
	if (list)
		return;
	/* pojo fields all go before json ones, fieldNames count as pojo. */
	for (d = dom_first(dom_get(conf, "fieldNames")); d; d = d->next) {
		name = enrich_text(pool, d);
		if (name)
			in_place(r, pool, name, name);
	}
	for (d = dom_first(dom_get(conf, "json")); d; d = d->next)
		json_item(r, pool, d);
}

static const struct known *find(const char *schema)
{
	for (size_t i = 0; schema && i < sizeof(table) / sizeof(*table); i++)
		if (strstr(schema, table[i].part))
			return &table[i];
	return NULL;
}

void enrich_rules_upstream(struct enrich_rules *r, struct pool *pool,
			   const char *schema, const struct dom *parameters)
{
	const struct known *k = find(schema);

	*r = (struct enrich_rules){.last = &r->first, .known = k};
	if (!k)
		return;
	r->what = k->what;
	if (k->make)
		k->make(r, pool, parameters);
	else if (k->from)
		each(r, pool, k->from, k->to);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t sorted(const char **names, size_t n)
{
	size_t kept = 0;

	qsort(names, n, sizeof(*names), by_text);
	for (size_t i = 0; i < n; i++)
		if (!kept || strcmp(names[kept - 1], names[i]))
			names[kept++] = names[i];
	return kept;
}

/*
 * How an end is called: an entity by vendor/name, a field by its last name, all
 * of every event's or entity's by the enriched event's field that holds it.
 */
static const char *end_name(struct pool *pool, const struct enrich_end *e)
{
	const struct enrich_step *s = e->path;
	const char *uri = e->schema, *slash;

	if (e->kind == ENRICH_ATOMIC)
		return e->name;
	while (s && s->next)
		s = s->next;
	if (s)
		return s->name;
	if (!uri)
		return e->part == ENRICH_EVENT ? "unstruct_event" : "contexts";
	uri += strncmp(uri, "iglu:", 5) ? 0 : 5;
	slash = strchr(uri, '/');
	return pool_dup(pool, uri, slash ? (size_t)(slash - uri) + 1 +
						   strcspn(slash + 1, "/")
					 : strlen(uri));
}

static void ends(struct pool *pool, const struct enrich_rules *rules, bool from,
		 const char ***names, size_t *count)
{
	const struct enrich_rule *r;
	const struct enrich_end *e;
	size_t n = 0;

	for (r = rules->first; r; r = r->next)
		for (e = from ? r->from : r->to; e; e = e->next)
			n++;
	*names = pool_take(pool, n * sizeof(**names));
	n = 0;
	for (r = rules->first; r; r = r->next)
		for (e = from ? r->from : r->to; e; e = e->next)
			(*names)[n++] = end_name(pool, e);
	*count = sorted(*names, n);
}

void enrich_listing(struct enrich_listing *l, struct pool *pool,
		    const struct enrich_rules *r)
{
	*l = (struct enrich_listing){.what = r->what};
	ends(pool, r, true, &l->inputs, &l->input_count);
	ends(pool, r, false, &l->outputs, &l->output_count);
}

static void listed(struct pool *pool, const char *names, const char ***list,
		   size_t *count)
{
	size_t n = 0, len;

	*list = pool_take(pool, (strlen(names) / 2 + 1) * sizeof(**list));
	for (; *names; names += len + (names[len] == ' ')) {
		len = strcspn(names, " ");
		(*list)[n++] = pool_dup(pool, names, len);
	}
	*count = sorted(*list, n);
}

void enrich_listing_upstream(struct enrich_listing *l, struct pool *pool,
			     const char *schema, const struct dom *parameters)
{
	const struct known *k = find(schema);
	struct enrich_rules r;

	enrich_rules_upstream(&r, pool, schema, parameters);
	enrich_listing(l, pool, &r);
	if (k && k->listed_from) {
		listed(pool, k->listed_from, &l->inputs, &l->input_count);
		listed(pool, k->listed_to, &l->outputs, &l->output_count);
	}
	/* The last names of what is pseudonymised, on both sides. */
	if (k && k->make == pii) {
		l->inputs = l->outputs;
		l->input_count = l->output_count;
	}
	/* It lists the address even where no database is configured. */
	if (k && k->make == ip_lookups)
		listed(pool, "user_ipaddress", &l->inputs, &l->input_count);
}
