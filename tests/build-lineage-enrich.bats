#!/usr/bin/env bats
# build-lineage: what enrichments read and write.  Expected values are
# Snowplow's behaviour, written down by hand; those of --compat=upstream are
# the connector's own.

load helper
load lineage

# edges : of each enrichment, the groups of its dataJobInputOutput, one a line:
# JOB UPSTREAM,... > DOWNSTREAM,... OPERATION, with short names.
edges() {
	jq -r "$SHORT"'
	  select(.aspectName == "dataJobInputOutput")
	  | (.entityUrn | capture(",(?<j>[^,]*)\\)$").j) as $job
	  | .aspect.json.fineGrainedLineages[]?
	  | [$job, ((.upstreams // []) | map(short) | join(",")), ">",
	     (.downstreams | map(short) | join(",")),
	     .transformOperation] | join(" ")' "$@"
}

# rules NAME SCHEMA PARAMETERS : the edges of one enrichment.
rules() {
	{ org; specs; pipeline; destination snowflake \
		'{"database":"DB","schema":"ATOMIC"}'; enrichment "$@"; end; } \
		>org.ndjson
	build-lineage -q "${FLAGS[@]}" org.ndjson >mcps.ndjson
	edges mcps.ndjson | grep "^$1 " >edges.txt || true
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	FLAGS=()
}

PLAIN=iglu:com.snowplowanalytics.snowplow
MORE=iglu:com.snowplowanalytics.snowplow.enrichments

@test "an atomic field of every event spec is read" {
	rules ip $PLAIN/ip_lookups/jsonschema/2-0-0 \
		'{"isp":{"uri":"u"},"asn":{"uri":"u"}}'
	diff - edges.txt <<-'END'
	ip spec-a#user_ipaddress,spec-b#user_ipaddress > events#contexts_com_snowplowanalytics_snowplow_asn_1,events#ip_isp,events#ip_organization DERIVED
	END
	jq -c "$SHORT"'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",ip)"))) | .aspect.json
		| [.inputDatasets, .outputDatasets] | map(map(short))' \
		mcps.ndjson >sets.txt
	diff - sets.txt <<-'END'
	[["spec-a","spec-b"],["events"]]
	END
}

@test "without event specs atomic fields are the atomic event's" {
	{ org; pipeline; destination snowflake \
		'{"database":"DB","schema":"ATOMIC"}'; enrichment ip \
		$PLAIN/ip_lookups/jsonschema/2-0-0 '{"isp":{"uri":"u"}}'; end; } \
		>org.ndjson
	build-lineage -q org.ndjson >mcps.ndjson
	edges mcps.ndjson | grep '^ip ' >edges.txt
	diff - edges.txt <<-'END'
	ip atomic_event#user_ipaddress > events#ip_isp,events#ip_organization DERIVED
	END
	jq -c "$SHORT"'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",ip)"))) | .aspect.json.inputDatasets
		| map(short)' mcps.ndjson >sets.txt
	diff - sets.txt <<-'END'
	["atomic_event","com.acme.checkout"]
	END
}

@test "entities that enrichments add are columns of the events table" {
	rules ua $PLAIN/ua_parser_config/jsonschema/1-0-1 '{}'
	grep -x 'ua spec-a#useragent,spec-b#useragent > events#contexts_com_snowplowanalytics_snowplow_ua_parser_context_1 DERIVED' edges.txt
	rules yauaa $MORE/yauaa_enrichment_config/jsonschema/1-0-0 '{}'
	grep -x 'yauaa spec-a#useragent,spec-b#useragent > events#contexts_nl_basjes_yauaa_context_1 DERIVED' edges.txt
	rules iab $MORE/iab_spiders_and_robots_enrichment/jsonschema/1-0-1 '{}'
	grep 'spec-a#derived_tstamp,spec-a#user_ipaddress,spec-a#useragent,spec-b#.* > events#contexts_com_iab_snowplow_spiders_and_robots_1 DERIVED' edges.txt
}

@test "what comes from the request has no upstream field" {
	rules cookies $MORE/cookie_extractor_config/jsonschema/1-0-0 \
		'{"cookies":["sp"]}'
	jq -c 'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",cookies)")))
		| .aspect.json.fineGrainedLineages | map(del(.downstreams, .confidenceScore))' \
		mcps.ndjson >group.txt
	diff - group.txt <<-'END'
	[{"upstreamType":"NONE","downstreamType":"FIELD_SET","transformOperation":"DERIVED"}]
	END
}

@test "a real PII configuration: fields of events and of schemas, in place" {
	rules pii $MORE/pii_enrichment_config/jsonschema/2-0-0 '{"pii":[
		{"pojo":{"field":"user_id"}},
		{"json":{"field":"unstruct_event","schemaCriterion":
		 "iglu:com.acme/checkout/jsonschema/1-*-*",
		 "jsonPath":"$.customer.['\''email'\'','\''phone'\'']"}},
		{"json":{"field":"contexts","schemaCriterion":
		 "iglu:com.acme/userCard/jsonschema/1-*-*",
		 "jsonPath":"$.tags[*].label"}}],
		"strategy":{"pseudonymize":{"hashFunction":"MD5"}}}'
	diff - edges.txt <<-'END'
	pii spec-a#[version=2.0].customer.[type=record].email > events#unstruct_event_com_acme_checkout_1 IN_PLACE
	pii spec-a#[version=2.0].customer.[type=record].phone > events#unstruct_event_com_acme_checkout_1 IN_PLACE
	pii spec-a#[version=2.0].tags.[type=array].label,spec-b#[version=2.0].tags.[type=array].label > events#contexts_com_acme_user_card_1 IN_PLACE
	pii spec-a#user_id,spec-b#user_id > events#user_id IN_PLACE
	END
}

@test "a PII configuration that cannot be understood is a finding, the rest goes on" {
	{ org; specs; pipeline; destination snowflake \
		'{"database":"DB","schema":"ATOMIC"}'
	  enrichment pii $MORE/pii_enrichment_config/jsonschema/2-0-0 '{"pii":[
		{"pojo":{"field":"nobody"}},{"pojo":{"field":"user_id"}},
		{"json":{"field":"contexts","schemaCriterion":
		 "iglu:com.acme/userCard/jsonschema/1-*-*",
		 "jsonPath":"$.nothing"}},
		{"json":{"field":"contexts","schemaCriterion":
		 "iglu:com.acme/unknown/jsonschema/1-*-*",
		 "jsonPath":"$.x"}}]}'; end; } >org.ndjson
	status 1 build-lineage --errors=errors org.ndjson >mcps.ndjson 2>said
	grep 'org.ndjson:.*no field of an event: nobody' said
	grep 'com.acme/userCard/jsonschema/1-\*-\* has no field $.nothing' said
	grep 'com.acme/unknown/jsonschema/1-\*-\* is not among the schemas' said
	[ "$(wc -l <errors)" = 3 ]
	edges mcps.ndjson | grep '^pii ' >edges.txt
	diff - edges.txt <<-'END'
	pii spec-a#user_id,spec-b#user_id > events#user_id IN_PLACE
	END
}

@test "SQL, API and JavaScript: the fields they declare" {
	rules sql $MORE/sql_query_enrichment_config/jsonschema/1-0-1 '{
		"inputs":[{"placeholder":1,"pojo":{"field":"user_id"}},
		{"placeholder":2,"json":{"field":"unstruct_event",
		 "schemaCriterion":"iglu:com.acme/checkout/jsonschema/1-*-*",
		 "jsonPath":"$.amount"}}],"output":{"json":{"schema":
		 "iglu:com.acme/profileRow/jsonschema/2-0-1"}}}'
	diff - edges.txt <<-'END'
	sql spec-a#amount,spec-a#user_id,spec-b#user_id > events#contexts_com_acme_profile_row_2 DERIVED
	END
	rules api $MORE/api_request_enrichment_config/jsonschema/1-0-0 '{
		"inputs":[{"key":"k","pojo":{"field":"app_id"}}],
		"outputs":[{"schema":"iglu:a.b/c/jsonschema/1-0-0"}]}'
	grep -x 'api spec-a#app_id,spec-b#app_id > events#contexts_a_b_c_1 DERIVED' edges.txt
	script=$(printf '%s' 'function process(event) {
		// event.getPage_url()
		event.setApp_id(event.getPlatform());
		return [{schema: "iglu:a.b/d/jsonschema/3-0-0", data: {}}]; }' |
		base64 -w0)
	rules js $PLAIN/javascript_script_config/jsonschema/1-0-0 \
		"{\"script\":\"$script\"}"
	grep -x 'js spec-a#platform,spec-b#platform > events#app_id,events#contexts_a_b_d_3 DERIVED' edges.txt
}

@test "campaigns, fingerprints, currencies, masked addresses" {
	rules mkt $PLAIN/campaign_attribution/jsonschema/1-0-1 \
		'{"fields":{"mktMedium":["m"],"mktTerm":[]}}'
	grep -x 'mkt spec-a#page_urlquery,spec-b#page_urlquery > events#mkt_clickid,events#mkt_medium,events#mkt_network DERIVED' edges.txt
	rules fp $PLAIN/event_fingerprint_config/jsonschema/1-0-1 \
		'{"excludeParameters":["eid"],"hashAlgorithm":"MD5"}'
	grep -q 'spec-a#app_id,.*spec-b#v_tracker > events#event_fingerprint' \
		edges.txt
	run ! grep -q '#event_id' edges.txt
	grep -q 'spec-a#\[version=2.0\].customer,spec-a#\[version=2.0\].orderLines,spec-a#\[version=2.0\].tags,spec-a#amount,spec-a#app_id,' edges.txt
	grep -q 'spec-b#\[version=2.0\].tags,spec-b#app_id,.*spec-b#firstName' \
		edges.txt
	rules fp $PLAIN/event_fingerprint_config/jsonschema/1-0-1 \
		'{"excludeParameters":["ue_pr","ue_px","cx","co"]}'
	run ! grep -q -e amount -e firstName edges.txt
	# No event specs: the schemas' own datasets, as inputs too.
	{ org; pipeline; destination snowflake \
		'{"database":"DB","schema":"ATOMIC"}'; enrichment fp \
		$PLAIN/event_fingerprint_config/jsonschema/1-0-1 '{}'; end; } \
		>org.ndjson
	build-lineage -q org.ndjson >mcps.ndjson
	edges mcps.ndjson | grep '^fp .*com.acme.checkout#amount,com.acme.userCard#.*atomic_event\|^fp atomic_event#.*com.acme.checkout#amount,.*userCard#firstName > '
	jq -c "$SHORT"'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",fp)"))) | .aspect.json.inputDatasets
		| map(short)' mcps.ndjson >sets.txt
	diff - sets.txt <<-'END'
	["atomic_event","com.acme.checkout","com.acme.userCard"]
	END
	rules cur $PLAIN/currency_conversion_config/jsonschema/1-0-0 '{}'
	[ "$(wc -l <edges.txt)" = 5 ]
	grep -x 'cur spec-a#ti_currency,spec-a#ti_price,spec-b#ti_currency,spec-b#ti_price > events#ti_price_base DERIVED' edges.txt
	grep -x 'cur  > events#base_currency DERIVED' edges.txt
	rules anon $PLAIN/anon_ip/jsonschema/1-0-1 '{"anonOctets":1}'
	grep -x 'anon spec-a#user_ipaddress,spec-b#user_ipaddress > events#user_ipaddress IN_PLACE' edges.txt
}

@test "Redshift: an entity is a table of its own, which is an output" {
	{ org; specs; pipeline; destination redshift \
		'{"database":"DB","schema":"atomic"}'
	  enrichment ua $PLAIN/ua_parser_config/jsonschema/1-0-1 '{}'
	  enrichment pii $MORE/pii_enrichment_config/jsonschema/2-0-0 '{"pii":[
		{"json":{"field":"unstruct_event","schemaCriterion":
		 "iglu:com.acme/checkout/jsonschema/1-*-*",
		 "jsonPath":"$.customer.email"}}]}'; end; } >org.ndjson
	build-lineage -q org.ndjson >mcps.ndjson
	jq -r 'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",ua)")))
		| .aspect.json.outputDatasets[]' mcps.ndjson >out.txt
	diff - out.txt <<-'END'
	urn:li:dataset:(urn:li:dataPlatform:redshift,db.atomic.com_snowplowanalytics_snowplow_ua_parser_context_1,PROD)
	urn:li:dataset:(urn:li:dataPlatform:redshift,db.atomic.events,PROD)
	END
	edges mcps.ndjson | grep '^pii ' >edges.txt
	diff - edges.txt <<-'END'
	pii spec-a#[version=2.0].customer.[type=record].email > com_acme_checkout_1#customer.email IN_PLACE
	END
}

@test "--compat=upstream: the connector's edges" {
	FLAGS=(--compat=upstream)
	rules yauaa $MORE/yauaa_enrichment_config/jsonschema/1-0-0 '{}'
	[ "$(wc -l <edges.txt)" = 16 ]
	grep -x 'yauaa spec-a#useragent,spec-b#useragent > events#device_class DERIVED' edges.txt
	rules ua $PLAIN/ua_parser_config/jsonschema/1-0-1 '{}'
	[ ! -s edges.txt ]
	rules cur $PLAIN/currency_conversion_config/jsonschema/1-0-0 '{}'
	grep -x 'cur spec-a#tr_total,spec-b#tr_total,spec-a#tr_currency > events#tr_total_base DERIVED' edges.txt
	rules pii $MORE/pii_enrichment_config/jsonschema/2-0-0 \
		'{"pii":[{"pojo":{"field":"user_id"}}]}'
	[ ! -s edges.txt ]
	rules fp $PLAIN/event_fingerprint_config/jsonschema/1-0-1 '{}'
	jq -c 'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",fp)")))
		| .aspect.json.fineGrainedLineages | map(.upstreams | length)' \
		mcps.ndjson >counts.txt
	diff - counts.txt <<-'END'
	[22]
	END
}

@test "no destination: no field edges, as no table is known" {
	{ org; specs; pipeline; enrichment ip \
		$PLAIN/ip_lookups/jsonschema/2-0-0 '{"isp":{"uri":"u"}}'; end; } \
		>org.ndjson
	build-lineage -q org.ndjson >mcps.ndjson
	jq -c "$SHORT"'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",ip)"))) | .aspect.json
		| [.inputDatasets, .outputDatasets, .fineGrainedLineages]
		| map(if . then map(short) else . end)' mcps.ndjson >sets.txt
	diff - sets.txt <<-'END'
	[["spec-a","spec-b"],[],null]
	END
}

@test "golden: enrichment jobs' inputs and outputs" {
	need_golden 05_pipeline_dataflow_and_enrichment_datajobs.json
	{ fixture event_specifications_response.json \
		'.data[] | {kind:"event_spec"} + .'
	  fixture pipelines_response.json \
		'.pipelines[] | {kind:"pipeline"} + .'
	  fixture legacy_enrichment_item.json '{kind:"enrichment",
		pipelineId:"a44e4bc8-6948-4844-91c4-96bfb1f7f3dc"} + del(._note)'
	} >org.ndjson
	end >>org.ndjson
	build-lineage --compat=upstream --organization=test-org-uuid \
		org.ndjson >mcps.ndjson
	jq -S 'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | contains("07409eac"))) |
		.aspect.json.inputDatasets |= sort | .aspect' mcps.ndjson >ours
	jq -S '.[] | select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | contains("07409eac"))) |
		.aspect.json.inputDatasets |= sort | .aspect' "$GOLDEN" >theirs
	[ -s ours ]
	diff theirs ours
}

@test "damaged configurations cost their own edges only" {
	need python3
	for type in snowflake redshift; do
		{ org; specs; pipeline; destination $type \
			'{"database":"DB","schema":"ATOMIC"}'
		  python3 "$TOP/tests/oracle/oddconfigs.py" 1500
		  enrichment good $PLAIN/anon_ip/jsonschema/1-0-1 '{}'; end; } \
			>org.ndjson
		for how in none upstream; do
			build-lineage -q --compat=$how org.ndjson \
				>mcps.ndjson 2>said || [ $? = 1 ]
			jq -e -s 'map(select(.aspectName ==
				"dataJobInputOutput")) | length == 1503' \
				mcps.ndjson
			# Each edge has its datasets.
			jq -e -s '[.[] | select(.aspectName ==
				"dataJobInputOutput").aspect.json
				| (.inputDatasets + .outputDatasets) as $all
				| .fineGrainedLineages[]?
				| (.upstreams // []) + .downstreams | .[]
				| .[20:] | .[:rindex("),") + 1]
				| select(. as $d | $all | index($d) | not)]
				| length == 0' mcps.ndjson
		done
		edges mcps.ndjson | wc -l
	done
}
