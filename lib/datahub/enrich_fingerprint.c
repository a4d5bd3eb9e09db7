/*
 * The event fingerprint: a hash of all parameters that the tracker sent,
 * those of excludeParameters left out (EventFingerprintEnrichment.scala).
 *
 * The table says which field each parameter becomes (Transform.scala).  The
 * self-describing event (ue_pr, ue_px) and the entities (co, cx) take part as
 * well: all fields of their schemas.
 */
#include "datahub/enrich_in.h"

#include <string.h>

static const struct {
	const char *field, *parameters;
} sent[] = {
	{"app_id", "aid"}, {"br_colordepth", "cd"}, {"br_cookies", "cookie"},
	{"br_features_director", "f_dir"}, {"br_features_flash", "f_fla"},
	{"br_features_gears", "f_gears"}, {"br_features_java", "f_java"},
	{"br_features_pdf", "f_pdf"}, {"br_features_quicktime", "f_qt"},
	{"br_features_realplayer", "f_realp"},
	{"br_features_silverlight", "f_ag"},
	{"br_features_windowsmedia", "f_wma"}, {"br_lang", "lang"},
	{"br_viewheight", "vp"}, {"br_viewwidth", "vp"},
	{"doc_charset", "cs"}, {"doc_height", "ds"}, {"doc_width", "ds"},
	{"domain_sessionid", "sid"}, {"domain_sessionidx", "vid"},
	{"domain_userid", "duid"}, {"dvce_created_tstamp", "dtm"},
	{"dvce_screenheight", "res"}, {"dvce_screenwidth", "res"},
	{"dvce_sent_tstamp", "stm"}, {"event", "e"}, {"event_id", "eid"},
	{"name_tracker", "tna"}, {"network_userid", "nuid tnuid"},
	{"os_timezone", "tz"}, {"page_referrer", "refr"},
	{"page_title", "page"}, {"page_url", "url"}, {"platform", "p"},
	{"pp_xoffset_max", "pp_max"}, {"pp_xoffset_min", "pp_mix"},
	{"pp_yoffset_max", "pp_may"}, {"pp_yoffset_min", "pp_miy"},
	{"se_action", "se_ac ev_ac"}, {"se_category", "se_ca ev_ca"},
	{"se_label", "se_la ev_la"}, {"se_property", "se_pr ev_pr"},
	{"se_value", "se_va ev_va"}, {"ti_category", "ti_ca"},
	{"ti_currency", "ti_cu"}, {"ti_name", "ti_nm ti_na"},
	{"ti_orderid", "ti_id"}, {"ti_price", "ti_pr"},
	{"ti_quantity", "ti_qu"}, {"ti_sku", "ti_sk"},
	{"tr_affiliation", "tr_af"}, {"tr_city", "tr_ci"},
	{"tr_country", "tr_co"}, {"tr_currency", "tr_cu"},
	{"tr_orderid", "tr_id"}, {"tr_shipping", "tr_sh"},
	{"tr_state", "tr_st"}, {"tr_tax", "tr_tx"}, {"tr_total", "tr_tt"},
	{"true_tstamp", "ttm"}, {"txn_id", "tid"}, {"user_fingerprint", "fp"},
	{"user_id", "uid"}, {"user_ipaddress", "ip"}, {"useragent", "ua"},
	{"v_collector", "cv"}, {"v_tracker", "tv"},
};

static bool excluded(const struct dom *list, const char *name, size_t len)
{
	char text[16];

	memcpy(text, name, len);
	text[len] = 0;
	for (const struct dom *d = dom_first(list); d; d = d->next)
		if (dom_equals(d, text))
			return true;
	return false;
}

/* Is one of the parameters that become the field left? */
static bool takes_part(const struct dom *list, const char *names)
{
	size_t n;

	for (; *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		if (!excluded(list, names, n))
			return true;
	}
	return false;
}

void enrich_fingerprint(struct enrich_rules *r, struct pool *pool,
			const struct dom *parameters)
{
	const struct dom *list = dom_get(parameters, "excludeParameters");
	struct enrich_rule *rule = enrich_add(r, pool, ENRICH_DERIVED_BY);

	for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++)
		if (takes_part(list, sent[i].parameters))
			enrich_atomic(&rule->from, pool, sent[i].field);
	if (takes_part(list, "ue_pr ue_px"))
		enrich_field(&rule->from, pool, ENRICH_EVENT, NULL, NULL);
	if (takes_part(list, "co cx"))
		enrich_field(&rule->from, pool, ENRICH_CONTEXTS, NULL, NULL);
	enrich_atomic(&rule->to, pool, "event_fingerprint");
}
