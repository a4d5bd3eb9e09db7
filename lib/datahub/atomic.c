/*
 * atomic -- the fields of an event before it is enriched.
 *
 * The names are those that DataHub's connector lists, in its order; they are
 * properties of iglu:com.snowplowanalytics.snowplow/atomic/jsonschema/1-0-0.
 * tr_*, ti_*, se_* and what enrichments add are not among them.
 */
#include "datahub/atomic.h"

#include "datahub/urn.h"

static const struct {
	const char *name, *description;
} known[] = {
	{"app_id", "The application that the event is from (required)"},
	{"platform", "The platform: web, mob, srv, ... (required)"},
	{"event_id", "UUID of the event (required)"},
	{"event", "Kind of event: page_view, struct, unstruct, ... "
		"(required)"},
	{"event_name", "Name of the event's schema (required)"},
	{"event_vendor", "Vendor of the event's schema (required)"},
	{"event_format", "Format of the event's schema (required)"},
	{"event_version", "Version of the event's schema (required)"},
	{"collector_tstamp", "When the collector received it (required)"},
	{"name_tracker", "Namespace of the tracker"},
	{"v_tracker", "Version of the tracker (required)"},
	{"v_collector", "Version of the collector (required)"},
	{"v_etl", "Version of the enrichment process (required)"},
	{"etl_tstamp", "When enrichment began"},
	{"dvce_created_tstamp", "When it happened by the device's clock"},
	{"dvce_sent_tstamp", "When it was sent by the device's clock"},
	{"derived_tstamp", "When it happened, corrected for the device's "
		"clock"},
	{"true_tstamp", "When it happened, as the application says"},
	{"user_id", "The user, as the application knows them"},
	{"user_ipaddress", "IP address of the user; IP lookups read it"},
	{"user_fingerprint", "Fingerprint of the user's browser"},
	{"domain_userid", "The user, by a first-party cookie"},
	{"domain_sessionid", "UUID of the session"},
	{"domain_sessionidx", "How many sessions the user has had"},
	{"network_userid", "The user, by the collector's cookie"},
	{"page_url", "URL of the page"},
	{"page_urlquery", "Query of the page's URL; campaign attribution "
		"reads it"},
	{"page_referrer", "URL of the referrer; the referer parser reads it"},
	{"page_title", "Title of the page"},
	{"page_urlscheme", "Scheme of the page's URL"},
	{"page_urlhost", "Host of the page's URL"},
	{"page_urlport", "Port of the page's URL"},
	{"page_urlpath", "Path of the page's URL"},
	{"page_urlfragment", "Fragment of the page's URL"},
	{"refr_urlscheme", "Scheme of the referrer's URL"},
	{"refr_urlhost", "Host of the referrer's URL"},
	{"refr_urlport", "Port of the referrer's URL"},
	{"refr_urlpath", "Path of the referrer's URL"},
	{"refr_urlquery", "Query of the referrer's URL"},
	{"refr_urlfragment", "Fragment of the referrer's URL"},
	{"useragent", "User agent; the parsers of user agents read it"},
	{"br_lang", "Language of the browser"},
	{"br_cookies", "Whether the browser takes cookies"},
	{"br_colordepth", "Colour depth of the browser"},
	{"br_viewwidth", "Width of the viewport, in pixels"},
	{"br_viewheight", "Height of the viewport, in pixels"},
	{"refr_domain_userid", "domain_userid of the referring website"},
	{"refr_dvce_tstamp", "When the referring website's link was made"},
	{"dvce_screenwidth", "Width of the screen, in pixels"},
	{"dvce_screenheight", "Height of the screen, in pixels"}
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

const struct field *atomic_fields(struct pool *pool, enum field_paths style,
				  size_t *n)
{
	struct field *f = pool_zero(pool, KNOWN, sizeof(*f));
	struct buf b = {0};

	for (size_t i = 0; i < KNOWN; i++) {
		buf_clear(&b);
		if (style == FIELD_PATHS_V2)
			buf_adds(&b, "[version=2.0].[type=object]."
				 "[type=string].");
		buf_adds(&b, known[i].name);
		f[i] = (struct field){
			.path = {pool_dup(pool, b.s, b.len), b.len},
			.name = span_of(known[i].name),
			.native = span_of("string"),
			.description = span_of(known[i].description),
			.parent = -1, .type = FIELD_STRING, .nullable = true
		};
	}
	buf_release(&b);
	*n = KNOWN;
	return f;
}
