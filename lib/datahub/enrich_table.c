/*
 * What Snowplow's Enrich does, one line an enrichment.
 *
 * Sources: snowplow/enrich, common/enrichments/EnrichmentManager.scala and
 * registry/NAME.scala (6.x; asn_lookups and bot_detection are new there).
 * Versions of the entities are those that it writes; only the columns of
 * BigQuery's loader 1 show more of them than the model.
 */
#include "datahub/enrich_in.h"

#include <string.h>

#define CENTRAL "iglu:com.snowplowanalytics.snowplow/"
#define ASN CENTRAL "asn/jsonschema/1-0-0"

static const struct known {
	const char *schema;		/* name in the enrichment's schemaKey */
	const char *what;
	const char *from, *to;		/* atomic fields */
	const char *entity;		/* URI of what it adds */
	const char *operation;		/* NULL: derived */
	enrich_make *make;		/* by configuration, instead or after */
} *find(const char *schema);

static bool has(const struct dom *parameters, const char *key)
{
	return !dom_is_null(dom_get(parameters, key));
}

static void ip_lookups(struct enrich_rules *r, struct pool *pool,
		       const struct dom *parameters)
{
	static const char *const files[][2] = {
		{"geo", "geo_city geo_country geo_latitude geo_longitude "
			"geo_region geo_region_name geo_timezone "
			"geo_zipcode"},
		{"isp", "ip_isp ip_organization"},
		{"domain", "ip_domain"},
		{"connectionType", "ip_netspeed"},
	};
	struct enrich_rule *rule = NULL;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		if (!has(parameters, files[i][0]))
			continue;
		if (!rule)
			rule = enrich_add(r, pool, ENRICH_DERIVED_BY);
		enrich_atomics(&rule->to, pool, files[i][1]);
	}
	if (has(parameters, "asn")) {
		if (!rule)
			rule = enrich_add(r, pool, ENRICH_DERIVED_BY);
		enrich_entity(&rule->to, pool, ASN);
	}
	if (rule)
		enrich_atomics(&rule->from, pool, "user_ipaddress");
}

/* It marks the entity that ip_lookups adds; some platforms pass unmarked. */
static void asn_lookups(struct enrich_rules *r, struct pool *pool,
			const struct dom *parameters)
{
	struct enrich_rule *rule = enrich_add(r, pool, ENRICH_DERIVED_BY);

	enrich_atomics(&rule->from, pool, "user_ipaddress");
	if (dom_first(dom_get(parameters, "bypassPlatforms")))
		enrich_atomics(&rule->from, pool, "platform");
	enrich_entity(&rule->to, pool, ASN);
}

/*
 * It reads entities that other enrichments add; their sources are named, since
 * an event does not have the entities yet when it comes in.
 */
static void bot_detection(struct enrich_rules *r, struct pool *pool,
			  const struct dom *parameters)
{
	bool iab = dom_bool(dom_get(parameters, "useIab"), false);
	struct enrich_rule *rule;

	rule = enrich_add(r, pool, ENRICH_DERIVED_BY);
	if (iab || dom_bool(dom_get(parameters, "useYauaa"), false))
		enrich_atomics(&rule->from, pool, "useragent");
	if (iab || dom_bool(dom_get(parameters, "useAsnLookups"), false))
		enrich_atomics(&rule->from, pool, "user_ipaddress");
	if (iab)
		enrich_atomics(&rule->from, pool, "derived_tstamp");
	enrich_entity(&rule->to, pool,
		      CENTRAL "bot_detection/jsonschema/1-0-0");
}

static void currency(struct enrich_rules *r, struct pool *pool,
		     const struct dom *parameters)
{
	static const char *const sums[][2] = {
		{"tr_total tr_currency", "tr_total_base"},
		{"tr_tax tr_currency", "tr_tax_base"},
		{"tr_shipping tr_currency", "tr_shipping_base"},
		{"ti_price ti_currency", "ti_price_base"},
	};
	struct enrich_rule *rule;

	(void)parameters;
	for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++) {
		rule = enrich_add(r, pool, ENRICH_DERIVED_BY);
		enrich_atomics(&rule->from, pool, sums[i][0]);
		enrich_atomics(&rule->to, pool, sums[i][1]);
	}
	/* The currency of the configuration, whatever the event says. */
	rule = enrich_add(r, pool, ENRICH_DERIVED_BY);
	enrich_atomics(&rule->to, pool, "base_currency");
}

/*
 * gclid, msclkid and dclid are click identifiers without configuration
 * (DefaultNetworkMap), mktClickId only adds to them: so mkt_clickid and
 * mkt_network always are targets.
 */
static void campaign(struct enrich_rules *r, struct pool *pool,
		     const struct dom *parameters)
{
	static const char *const targets[][2] = {
		{"mktMedium", "mkt_medium"}, {"mktSource", "mkt_source"},
		{"mktTerm", "mkt_term"}, {"mktContent", "mkt_content"},
		{"mktCampaign", "mkt_campaign"},
	};
	const struct dom *fields = dom_get(parameters, "fields");
	struct enrich_rule *rule = enrich_add(r, pool, ENRICH_DERIVED_BY);

	enrich_atomics(&rule->from, pool, "page_urlquery");
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++)
		if (dom_first(dom_get(fields, targets[i][0])))
			enrich_atomics(&rule->to, pool, targets[i][1]);
	enrich_atomics(&rule->to, pool, "mkt_clickid mkt_network");
}

static const struct known table[] = {
	{.schema = "ip_lookups", .make = ip_lookups,
	 .what = "Looks up places and networks of IP addresses"},
	{.schema = "asn_lookups", .make = asn_lookups,
	 .what = "Marks networks that bots use"},
	{.schema = "ua_parser_config", .from = "useragent",
	 .entity = CENTRAL "ua_parser_context/jsonschema/1-0-0",
	 .what = "Parses the user agent"},
	{.schema = "yauaa_enrichment_config", .from = "useragent",
	 .entity = "iglu:nl.basjes/yauaa_context/jsonschema/1-0-4",
	 .what = "Analyses the user agent"},
	{.schema = "iab_spiders_and_robots_enrichment",
	 .from = "useragent user_ipaddress derived_tstamp",
	 .entity = "iglu:com.iab.snowplow/spiders_and_robots/jsonschema/1-0-0",
	 .what = "Looks up known spiders and robots"},
	{.schema = "pii_enrichment_config", .make = enrich_pii,
	 .what = "Pseudonymises personal data"},
	{.schema = "referer_parser", .from = "page_referrer",
	 .to = "refr_medium refr_source refr_term",
	 .what = "Finds out the kind of referrer"},
	{.schema = "currency_conversion_config", .make = currency,
	 .what = "Converts sums to the base currency"},
	{.schema = "campaign_attribution", .make = campaign,
	 .what = "Takes marketing parameters from the page's address"},
	{.schema = "event_fingerprint_config", .make = enrich_fingerprint,
	 .what = "Adds a hash of the event's parameters"},
	{.schema = "anon_ip", .from = "user_ipaddress",
	 .to = "user_ipaddress", .operation = ENRICH_IN_PLACE,
	 .what = "Masks IP addresses"},
	{.schema = "bot_detection_enrichment_config", .make = bot_detection,
	 .what = "Sums up what other enrichments say of bots"},
	{.schema = "cookie_extractor_config",
	 .entity = "iglu:org.ietf/http_cookie/jsonschema/1-0-0",
	 .what = "Adds cookies of the request"},
	{.schema = "http_header_extractor_config",
	 .entity = "iglu:org.ietf/http_header/jsonschema/1-0-0",
	 .what = "Adds headers of the request"},
	{.schema = "cross_navigation_config", .from = "page_urlquery",
	 .entity = CENTRAL "cross_navigation/jsonschema/1-0-0",
	 .what = "Takes cross-navigation data from the page's address"},
	{.schema = "api_request_enrichment_config", .make = enrich_api,
	 .what = "Asks an API"},
	{.schema = "sql_query_enrichment_config", .make = enrich_sql,
	 .what = "Asks a database"},
	{.schema = "javascript_script_config", .make = enrich_javascript,
	 .what = "Runs a script"},
	{.schema = "user_agent_utils_config", .from = "useragent",
	 .to = "br_name br_family br_version br_type br_renderengine os_name "
	       "os_family os_manufacturer dvce_type dvce_ismobile",
	 .what = "Parses the user agent"},
	{.schema = "weather_enrichment_config",
	 .from = "geo_latitude geo_longitude derived_tstamp",
	 .entity = "iglu:org.openweathermap/weather/jsonschema/1-0-0",
	 .what = "Looks up the weather"},
};

/* By the name between the first two slashes of a schemaKey. */
static const struct known *find(const char *schema)
{
	const char *name = strchr(schema, '/');
	size_t len;

	if (!name)
		return NULL;
	len = strcspn(++name, "/");
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strlen(table[i].schema) == len &&
		    !memcmp(table[i].schema, name, len))
			return &table[i];
	return NULL;
}

void enrich_rules(struct enrich_rules *r, struct pool *pool, const char *schema,
		  const struct dom *parameters)
{
	const struct known *k = schema ? find(schema) : NULL;
	struct enrich_rule *rule;

	*r = (struct enrich_rules){.last = &r->first, .known = k};
	if (!k)
		return;
	r->what = k->what;
	if (k->make) {
		k->make(r, pool, parameters);
		return;
	}
	rule = enrich_add(r, pool, k->operation ? k->operation
						: ENRICH_DERIVED_BY);
	if (k->from)
		enrich_atomics(&rule->from, pool, k->from);
	if (k->to)
		enrich_atomics(&rule->to, pool, k->to);
	if (k->entity)
		enrich_entity(&rule->to, pool, k->entity);
}
