/*
 * enrich_rules -- what enrichments read and write, by the configurations that
 * Snowplow's documentation shows.  A rule is shown as
 * "SOURCE,... -> TARGET,... OPERATION".
 */
#include "datahub/enrich_rules.h"
#include "unit.h"

#define PLAIN "iglu:com.snowplowanalytics.snowplow/"
#define MORE "iglu:com.snowplowanalytics.snowplow.enrichments/"

static struct buf text;
static struct pool pool;

static void show_end(const struct enrich_end *e)
{
	static const char *const parts[] = {"event", "contexts", "derived"};

	if (e->kind == ENRICH_ATOMIC) {
		buf_adds(&text, e->name);
		return;
	}
	if (e->kind == ENRICH_FIELD)
		buf_addf(&text, "%s:", parts[e->part]);
	if (!e->schema) {
		buf_addc(&text, '*');
		return;
	}
	buf_adds(&text, strncmp(e->schema, "iglu:", 5) ? e->schema
						      : e->schema + 5);
	for (const struct enrich_step *s = e->path; s; s = s->next)
		buf_addf(&text, "#%s", s->name);
}

static void show_ends(const struct enrich_end *e)
{
	for (; e; e = e->next) {
		show_end(e);
		if (e->next)
			buf_addc(&text, ',');
	}
}

static void show(const struct enrich_rules *r)
{
	buf_clear(&text);
	if (!r->known)
		buf_adds(&text, "?");
	for (const struct enrich_rule *x = r->first; x; x = x->next) {
		show_ends(x->from);
		buf_adds(&text, " -> ");
		show_ends(x->to);
		buf_addf(&text, " %s\n", x->operation);
	}
	for (const struct enrich_problem *p = r->problems; p; p = p->next)
		buf_addf(&text, "! %s\n", p->text);
}

static bool is(const char *schema, const char *parameters, const char *want)
{
	struct enrich_rules r;

	enrich_rules(&r, &pool, schema,
		     dom_parse(&pool, parameters, strlen(parameters)));
	show(&r);
	return same(&text, want);
}

static bool upstream(const char *schema, const char *parameters,
		     const char *want)
{
	struct enrich_rules r;

	enrich_rules_upstream(&r, &pool, schema,
			      dom_parse(&pool, parameters,
					strlen(parameters)));
	show(&r);
	return same(&text, want);
}

static void atomic(void)
{
	CHECK(is(PLAIN "ip_lookups/jsonschema/2-0-0",
		 "{\"geo\":{\"uri\":\"x\"},\"isp\":null}",
		 "user_ipaddress -> geo_city,geo_country,geo_latitude,"
		 "geo_longitude,geo_region,geo_region_name,geo_timezone,"
		 "geo_zipcode DERIVED\n"));
	CHECK(is(PLAIN "ip_lookups/jsonschema/2-0-1",
		 "{\"domain\":{},\"connectionType\":{},\"asn\":{},"
		 "\"isp\":{}}",
		 "user_ipaddress -> ip_isp,ip_organization,ip_domain,"
		 "ip_netspeed,com.snowplowanalytics.snowplow/asn/jsonschema/"
		 "1-0-0 DERIVED\n"));
	CHECK(is(PLAIN "ip_lookups/jsonschema/2-0-0", "{}", ""));
	CHECK(is(PLAIN "referer_parser/jsonschema/2-0-0", "{}",
		 "page_referrer -> refr_medium,refr_source,refr_term "
		 "DERIVED\n"));
	CHECK(is(PLAIN "anon_ip/jsonschema/1-0-1", "{\"anonOctets\":1}",
		 "user_ipaddress -> user_ipaddress IN_PLACE\n"));
	CHECK(is(PLAIN "campaign_attribution/jsonschema/1-0-1",
		 "{\"mapping\":\"static\",\"fields\":{\"mktMedium\":[\"m\"],"
		 "\"mktTerm\":[],\"mktCampaign\":[\"c\"]}}",
		 "page_urlquery -> mkt_medium,mkt_campaign,mkt_clickid,"
		 "mkt_network DERIVED\n"));
	CHECK(is(PLAIN "currency_conversion_config/jsonschema/1-0-0", "{}",
		 "tr_total,tr_currency -> tr_total_base DERIVED\n"
		 "tr_tax,tr_currency -> tr_tax_base DERIVED\n"
		 "tr_shipping,tr_currency -> tr_shipping_base DERIVED\n"
		 "ti_price,ti_currency -> ti_price_base DERIVED\n"
		 " -> base_currency DERIVED\n"));
	CHECK(is("iglu:com.acme/unheard_of/jsonschema/1-0-0", "{}", "?"));
	CHECK(is("no uri", "{}", "?"));
}

static void entities(void)
{
	CHECK(is(PLAIN "ua_parser_config/jsonschema/1-0-1", "{}",
		 "useragent -> com.snowplowanalytics.snowplow/"
		 "ua_parser_context/jsonschema/1-0-0 DERIVED\n"));
	CHECK(is(MORE "yauaa_enrichment_config/jsonschema/1-0-0", "{}",
		 "useragent -> nl.basjes/yauaa_context/jsonschema/1-0-4 "
		 "DERIVED\n"));
	CHECK(is(MORE "iab_spiders_and_robots_enrichment/jsonschema/1-0-0",
		 "{}", "useragent,user_ipaddress,derived_tstamp -> "
		 "com.iab.snowplow/spiders_and_robots/jsonschema/1-0-0 "
		 "DERIVED\n"));
	CHECK(is(MORE "cookie_extractor_config/jsonschema/1-0-0",
		 "{\"cookies\":[\"sp\"]}",
		 " -> org.ietf/http_cookie/jsonschema/1-0-0 DERIVED\n"));
	CHECK(is(MORE "http_header_extractor_config/jsonschema/1-0-0", "{}",
		 " -> org.ietf/http_header/jsonschema/1-0-0 DERIVED\n"));
	CHECK(is(MORE "cross_navigation_config/jsonschema/1-0-0", "{}",
		 "page_urlquery -> com.snowplowanalytics.snowplow/"
		 "cross_navigation/jsonschema/1-0-0 DERIVED\n"));
	CHECK(is(MORE "asn_lookups/jsonschema/1-0-0",
		 "{\"bypassPlatforms\":[\"srv\"]}",
		 "user_ipaddress,platform -> com.snowplowanalytics.snowplow/"
		 "asn/jsonschema/1-0-0 DERIVED\n"));
	CHECK(is(MORE "bot_detection_enrichment_config/jsonschema/1-0-0",
		 "{\"useYauaa\":true,\"useIab\":false,"
		 "\"useAsnLookups\":true}",
		 "useragent,user_ipaddress -> com.snowplowanalytics.snowplow/"
		 "bot_detection/jsonschema/1-0-0 DERIVED\n"));
	CHECK(is(MORE "bot_detection_enrichment_config/jsonschema/1-0-0",
		 "{\"useIab\":true}",
		 "useragent,user_ipaddress,derived_tstamp -> "
		 "com.snowplowanalytics.snowplow/bot_detection/jsonschema/"
		 "1-0-0 DERIVED\n"));
}

/* What the rules are goes into ${text}. */
static void make(const char *schema, const char *parameters)
{
	struct enrich_rules r;

	enrich_rules(&r, &pool, schema,
		     dom_parse(&pool, parameters, strlen(parameters)));
	show(&r);
	buf_cstr(&text);
}

/* All that a tracker sends, but what is excluded. */
static void fingerprint(void)
{
	static const char name[] = PLAIN "event_fingerprint_config/jsonschema/"
					 "1-0-1";

	make(name, "{\"excludeParameters\":[\"cv\",\"eid\",\"nuid\","
		   "\"stm\"]}");
	CHECK(strstr(text.s, ",network_userid,"));	/* by tnuid */
	CHECK(!strstr(text.s, ",event_id,"));
	CHECK(!strstr(text.s, "v_collector"));
	CHECK(!strstr(text.s, "dvce_sent_tstamp"));
	CHECK(!strncmp(text.s, "app_id,", 7));
	CHECK(strstr(text.s, ",event:*,contexts:* -> event_fingerprint "
			     "DERIVED\n"));
	make(name, "{\"excludeParameters\":[\"ue_pr\",\"ue_px\",\"cx\"]}");
	CHECK(strstr(text.s, ",contexts:* -> ") && !strstr(text.s, "event:*"));
	make(name, "{\"excludeParameters\":[\"co\",\"ue_px\",\"cx\"]}");
	CHECK(strstr(text.s, ",event:* -> ") && !strstr(text.s, "contexts:*"));
	make(name, "{\"excludeParameters\":[\"nuid\",\"tnuid\",\"res\"]}");
	CHECK(!strstr(text.s, "network_userid"));
	CHECK(!strstr(text.s, "dvce_screen"));
	CHECK(strstr(text.s, ",event_id,"));
}

static void personal(void)
{
	static const char name[] = MORE "pii_enrichment_config/jsonschema/"
					"2-0-0";

	CHECK(is(name,
		 "{\"pii\":[{\"pojo\":{\"field\":\"user_id\"}},{\"json\":{"
		 "\"field\":\"unstruct_event\",\"schemaCriterion\":"
		 "\"iglu:com.mailchimp/subscribe/jsonschema/1-*-*\","
		 "\"jsonPath\":\"$.data.['email','ip_opt']\"}}],"
		 "\"strategy\":{}}",
		 "user_id -> user_id IN_PLACE\n"
		 "event:com.mailchimp/subscribe/jsonschema/1-*-*#data#email -> "
		 "event:com.mailchimp/subscribe/jsonschema/1-*-*#data#email "
		 "IN_PLACE\n"
		 "event:com.mailchimp/subscribe/jsonschema/1-*-*#data#ip_opt "
		 "-> event:com.mailchimp/subscribe/jsonschema/1-*-*#data"
		 "#ip_opt IN_PLACE\n"));
	CHECK(is(name, "{\"pii\":{\"pojo\":[{\"field\":\"user_id\"}]}}",
		 "user_id -> user_id IN_PLACE\n"));
	CHECK(is(name, "{}", "! the configuration has no list pii\n"));
	CHECK(is(name, "{\"pii\":[{\"pojo\":{\"field\":\"nobody\"}},{},"
		       "{\"json\":{\"field\":\"x\"}},"
		       "{\"pojo\":{\"field\":\"se_label\"}}]}",
		 "se_label -> se_label IN_PLACE\n"
		 "! no field of an event: nobody\n"
		 "! a field reference with neither pojo nor json\n"
		 "! a json reference needs field (unstruct_event, contexts or "
		 "derived_contexts), schemaCriterion and jsonPath\n"));
}

static void asked(void)
{
	CHECK(is(MORE "sql_query_enrichment_config/jsonschema/1-0-1",
		 "{\"inputs\":[{\"placeholder\":1,\"pojo\":{\"field\":"
		 "\"user_id\"}},{\"placeholder\":2,\"json\":{\"field\":"
		 "\"contexts\",\"schemaCriterion\":\"iglu:com.acme/user/"
		 "jsonschema/1-*-*\",\"jsonPath\":\"$.a[0].b\"}}],"
		 "\"output\":{\"expectedRows\":\"AT_MOST_ONE\",\"json\":{"
		 "\"schema\":\"iglu:com.acme/profile/jsonschema/1-0-0\"}}}",
		 "user_id,contexts:com.acme/user/jsonschema/1-*-*#a#b -> "
		 "com.acme/profile/jsonschema/1-0-0 DERIVED\n"));
	CHECK(is(MORE "api_request_enrichment_config/jsonschema/1-0-0",
		 "{\"inputs\":[{\"key\":\"k\",\"pojo\":{\"field\":"
		 "\"app_id\"}}],\"outputs\":[{\"schema\":\"iglu:a/b/jsonschema/"
		 "1-0-0\"},{\"schema\":\"iglu:a/c/jsonschema/2-0-0\"}]}",
		 "app_id -> a/b/jsonschema/1-0-0,a/c/jsonschema/2-0-0 "
		 "DERIVED\n"));
	CHECK(is(MORE "api_request_enrichment_config/jsonschema/1-0-0",
		 "{\"inputs\":[{\"key\":\"k\",\"pojo\":{\"field\":\"x\"}}],"
		 "\"outputs\":[{\"schema\":\"iglu:a/b/jsonschema/1-0-0\"}]}",
		 " ->  DERIVED\n! no field of an event: x\n"));
	CHECK(is(MORE "api_request_enrichment_config/jsonschema/1-0-0", "{}",
		 " ->  DERIVED\n! an output without an Iglu URI\n"));
}

/*
 * The scripts, in base64:
 * // event.getPage_url()
 * function process(event) { var a = event.getApp_id(); if (a == "iglu:no/x")
 * { event.setPlatform ("x" + event.getUser_id()); } event.getNothing();
 * return [{ schema: "iglu:com.acme/derived/jsonschema/1-0-0", data: {} }]; }
 */
static void script(void)
{
	static const char name[] = PLAIN "javascript_script_config/jsonschema/"
					 "1-0-0";

	CHECK(is(name,
		 "{\"script\":\"Ly8gZXZlbnQuZ2V0UGFnZV91cmwoKQpmdW5jdGlvbiBwc"
		 "m9jZXNzKGV2ZW50KSB7IHZhciBhID0gZXZlbnQuZ2V0QXBwX2lkKCk7IGlm"
		 "IChhID09ICJpZ2x1Om5vL3giKSB7IGV2ZW50LnNldFBsYXRmb3JtICgieCI"
		 "gKyBldmVudC5nZXRVc2VyX2lkKCkpOyB9IGV2ZW50LmdldE5vdGhpbmcoKT"
		 "sgcmV0dXJuIFt7IHNjaGVtYTogImlnbHU6Y29tLmFjbWUvZGVyaXZlZC9qc"
		 "29uc2NoZW1hLzEtMC0wIiwgZGF0YToge30gfV07IH0=\"}",
		 "app_id,user_id -> platform,com.acme/derived/jsonschema/1-0-0 "
		 "DERIVED\n"));
	CHECK(is(name, "{\"script\":\"%\"}",
		 "! the script is not in base64\n"));
	CHECK(is(name, "{}", "! there is no script\n"));
	CHECK(is(name, "{\"script\":\"\"}", ""));
}

static bool path(const char *text_of, const char *want)
{
	char parameters[300];
	struct enrich_rules r;

	snprintf(parameters, sizeof(parameters),
		 "{\"inputs\":[{\"json\":{\"field\":\"contexts\","
		 "\"schemaCriterion\":\"c\",\"jsonPath\":\"%s\"}}],"
		 "\"output\":{\"json\":{\"schema\":\"iglu:o\"}}}", text_of);
	enrich_rules(&r, &pool, MORE "sql_query_enrichment_config/jsonschema/1",
		     dom_parse(&pool, parameters, strlen(parameters)));
	buf_clear(&text);
	for (const struct enrich_end *e = r.first->from; e; e = e->next) {
		for (const struct enrich_step *s = e->path; s; s = s->next)
			buf_addf(&text, "#%s", s->name);
		buf_addc(&text, ';');
	}
	return same(&text, want);
}

static void paths(void)
{
	CHECK(path("$.a", "#a;"));
	CHECK(path("$.a.b.c", "#a#b#c;"));
	CHECK(path("$['a']['b c']", "#a#b c;"));
	CHECK(path("$.['a', 'b']", "#a;#b;"));
	CHECK(path("$.x.y['a','b','c'].z", "#x#y#a#z;#x#y#b#z;#x#y#c#z;"));
	CHECK(path("$.a[*].b[0][1:3].c", "#a#b#c;"));
	CHECK(path("$", ";"));
	CHECK(path("$.*", ";"));
	CHECK(path("$..a", ";"));
	CHECK(path("$.a..b", "#a;"));
	CHECK(path("$.a[?(@.b)].c", "#a;"));
	CHECK(path("a.b", ""));
	CHECK(path("$.", ""));
	CHECK(path("$['a", ""));
	CHECK(path("$[", ""));
	CHECK(path("$x", ""));
}

static void matching(void)
{
	static const char uri[] = "iglu:com.acme/x/jsonschema/1-2-10";

	CHECK(enrich_matches("iglu:com.acme/x/jsonschema/1-*-*", uri));
	CHECK(enrich_matches("iglu:com.acme/x/jsonschema/1-2-10", uri));
	CHECK(enrich_matches("iglu:com.acme/x/jsonschema/*-*-*", uri));
	CHECK(!enrich_matches("iglu:com.acme/x/jsonschema/2-*-*", uri));
	CHECK(!enrich_matches("iglu:com.acme/x/jsonschema/1-2-1", uri));
	CHECK(!enrich_matches("iglu:com.acme/xy/jsonschema/1-2-10", uri));
	CHECK(!enrich_matches("iglu:com.acme/x/jsonschema/1-*", uri));
	CHECK(enrich_is_atomic("app_id", 6));
	CHECK(!enrich_is_atomic("app_i", 5));
	CHECK(!enrich_is_atomic("", 0));
}

/* The pinned connector's table, as its extractors give it. */
static void connector(void)
{
	CHECK(upstream(MORE "iab_spiders_and_robots_enrichment/jsonschema/1-0-0",
		       "{}", ""));
	CHECK(upstream(PLAIN "anon_ip/jsonschema/1-0-1", "{}", "?"));
	CHECK(upstream(PLAIN "ip_lookups/jsonschema/2-0-0",
		       "{\"isp\":{},\"asn\":{}}",
		       "user_ipaddress -> ip_isp DERIVED\n"
		       "user_ipaddress -> ip_organization DERIVED\n"));
	CHECK(upstream(MORE "pii_enrichment_config/jsonschema/2-0-0",
		       "{\"pii\":[{\"pojo\":{\"field\":\"user_id\"}}]}", ""));
	CHECK(upstream(MORE "pii_enrichment_config/jsonschema/2-0-0",
		       "{\"pii\":{\"pojo\":[{\"field\":\"user_id\"}],\"json\":["
		       "{\"field\":\"contexts\",\"schemaCriterion\":\"c\","
		       "\"jsonPath\":\"$.data.['a', 'b']\"},"
		       "{\"field\":\"contexts\",\"schemaCriterion\":\"c\","
		       "\"jsonPath\":\"$.x.y\"}],\"fieldNames\":[\"z\"]}}",
		       "user_id -> user_id IN_PLACE\nz -> z IN_PLACE\n"
		       "data.a -> a IN_PLACE\ndata.b -> b IN_PLACE\n"
		       "x.y -> y IN_PLACE\n"));
}

int main(void)
{
	atomic();
	entities();
	fingerprint();
	personal();
	asked();
	script();
	paths();
	matching();
	connector();
	buf_release(&text);
	pool_release(&pool);
	return unit_end("enrich_rules");
}
