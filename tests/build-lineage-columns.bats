#!/usr/bin/env bats
# build-lineage: from Iglu fields to warehouse columns.

load helper
load lineage

# loader [OPTION...] : the loader's groups of com.acme, one a line:
# UPSTREAM,... > DOWNSTREAM,...; made from org.ndjson.
loader() {
	build-lineage -q "$@" org.ndjson >mcps.ndjson
	jq -r "$SHORT"'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",loader)")))
	  | .aspect.json.fineGrainedLineages[]?
	  | select(.upstreams[0] | contains("com.acme"))
	  | [(.upstreams | map(short) | join(",")), ">",
	     (.downstreams | map(short) | join(","))] | join(" ")' mcps.ndjson
}

# with TYPE CONFIG : the organisation with that destination.
with() {
	{ org; specs; pipeline; destination "$1" "$2"; end; } >org.ndjson
}

CHECKOUT='com.acme.checkout#[version=2.0].customer,com.acme.checkout#[version=2.0].customer.[type=record].email,com.acme.checkout#[version=2.0].customer.[type=record].phone,com.acme.checkout#[version=2.0].orderLines,com.acme.checkout#[version=2.0].orderLines.[type=array].skuCode,com.acme.checkout#amount'
CARD='com.acme.userCard#[version=2.0].tags,com.acme.userCard#[version=2.0].tags.[type=array].label,com.acme.userCard#firstName'

@test "the naming rules agree with regular expressions on random names" {
	need python3
	python3 "$TOP/tests/oracle/columnnames.py" "$B/helpers/columnnames"
}

@test "Snowflake: a VARIANT column a model, names in small letters" {
	with 'Snowflake DB' '{"database":"DB","schema":"ATOMIC"}'
	loader >out
	diff - out <<-END
	$CHECKOUT > events#unstruct_event_com_acme_checkout_1
	$CARD > events#contexts_com_acme_user_card_1
	END
	grep -q '"urn:li:dataset:(urn:li:dataPlatform:snowflake,db.atomic.events,PROD)"' mcps.ndjson
}

@test "the loader reads the datasets whose fields it loads; atomic fields are columns" {
	with snowflake '{"database":"DB","schema":"ATOMIC"}'
	loader >/dev/null
	jq -c "$SHORT"'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",loader)"))) | .aspect.json
		| [.inputDatasets, .outputDatasets] | map(map(short))' \
		mcps.ndjson >sets
	diff - sets <<-'END'
	[["atomic_event","com.acme.checkout","com.acme.userCard","spec-a","spec-b"],["events"]]
	END
	jq -c "$SHORT"'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",loader)")))
		| .aspect.json.fineGrainedLineages[]
		| [.upstreams, .downstreams] | map(map(short))
		| select(.[0][0] == "atomic_event#app_id")' mcps.ndjson >atomic
	diff - atomic <<-'END'
	[["atomic_event#app_id"],["events#app_id"]]
	END
}

@test "BigQuery: structs and arrays as DataHub's connector lists them" {
	with bigquery '{"projectId":"acme-Prod","datasetId":"Snow"}'
	loader >out
	diff - out <<-END
	$CHECKOUT > acme-Prod.Snow.events#[version=2.0].[type=struct].[type=struct].unstruct_event_com_acme_checkout_1
	$CARD > acme-Prod.Snow.events#[version=2.0].[type=struct].[type=array].[type=struct].contexts_com_acme_user_card_1
	END
	loader --bigquery-loader=1 | sed 's/.* > //' >out
	diff - out <<-END
	acme-Prod.Snow.events#[version=2.0].[type=struct].[type=struct].unstruct_event_com_acme_checkout_1_1_0
	acme-Prod.Snow.events#[version=2.0].[type=struct].[type=array].[type=struct].contexts_com_acme_user_card_1_0_0
	END
}

@test "Databricks: catalog and schema" {
	with databricks '{"catalog":"Main","schema":"ATOMIC"}'
	loader | sed 's/.* > //' >out
	diff - out <<-END
	main.atomic.events#[version=2.0].[type=struct].[type=struct].unstruct_event_com_acme_checkout_1
	main.atomic.events#[version=2.0].[type=struct].[type=array].[type=struct].contexts_com_acme_user_card_1
	END
}

@test "Redshift and Postgres: a table a schema, a column a field" {
	for type in redshift postgres; do
		with $type '{"database":"db","schema":"atomic"}'
		loader >out
		diff - out <<-END
		com.acme.checkout#[version=2.0].customer.[type=record].email > com_acme_checkout_1#customer.email
		com.acme.checkout#[version=2.0].customer.[type=record].phone > com_acme_checkout_1#customer.phone
		com.acme.checkout#[version=2.0].orderLines,com.acme.checkout#[version=2.0].orderLines.[type=array].skuCode > com_acme_checkout_1#order_lines
		com.acme.checkout#amount > com_acme_checkout_1#amount
		com.acme.userCard#[version=2.0].tags,com.acme.userCard#[version=2.0].tags.[type=array].label > com_acme_user_card_1#tags
		com.acme.userCard#firstName > com_acme_user_card_1#first_name
		END
		jq -c "$SHORT"'select(.aspectName == "dataJobInputOutput" and
			(.entityUrn | endswith(",loader)")))
			| .aspect.json.outputDatasets | map(short)' \
			mcps.ndjson >sets
		diff - sets <<-'END'
		["com_acme_checkout_1","com_acme_user_card_1","events"]
		END
	done
}

@test "--snake-case where the rules differ" {
	{ org | sed 's/userCard/URLClick/g'; pipeline; destination redshift \
		'{"database":"db","schema":"atomic"}'; end; } >org.ndjson
	loader | grep -q 'com_acme_url_click_1#tags'
	loader --snake-case=sdk | grep -q 'com_acme_urlclick_1#tags'
	{ org | sed 's/userCard/URLClick/g'; pipeline; destination snowflake \
		'{"database":"db","schema":"atomic"}'; end; } >org.ndjson
	loader | grep -q 'events#contexts_com_acme_urlclick_1'
	loader --snake-case=ddl | grep -q 'events#contexts_com_acme_url_click_1'
}

@test "a missing name is a finding and no URN" {
	with snowflake '{"database":"DB"}'
	status 1 build-lineage org.ndjson >mcps.ndjson 2>said
	grep 'org.ndjson:.*dest-snowflake.*has no schema' said
	run ! grep -q unknown_ mcps.ndjson
	run ! grep -q dataPlatform:snowflake mcps.ndjson
	with bigquery '{"database":"DB","schema":"S"}'
	status 1 build-lineage org.ndjson >mcps.ndjson 2>said
	grep 'has no project' said
	grep 'has no dataset' said
}

@test "--compat=upstream: the connector's table, with words for what is missing" {
	with 'Snowflake DB' '{"database":"DB"}'
	build-lineage --compat=upstream org.ndjson >mcps.ndjson
	grep -q '"outputDatasets":\["urn:li:dataset:(urn:li:dataPlatform:snowflake,db.unknown_schema.events,PROD)"\]' mcps.ndjson
	jq -e -s 'map(select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",loader)")))) | length == 1 and
		(.[0].aspect.json | has("fineGrainedLineages") | not)' \
		mcps.ndjson
}

@test "where warehouses stand in DataHub: instance and environment" {
	with snowflake '{"database":"DB","schema":"ATOMIC"}'
	build-lineage -q --platform-instance=own --warehouse-instance=wh \
		--warehouse-env=DEV org.ndjson >mcps.ndjson
	grep -q '"urn:li:dataset:(urn:li:dataPlatform:snowflake,wh.db.atomic.events,DEV)"' mcps.ndjson
	build-lineage -q --destination=dest-snowflake=two,QA org.ndjson \
		>mcps.ndjson
	grep -q '"urn:li:dataset:(urn:li:dataPlatform:snowflake,two.db.atomic.events,QA)"' mcps.ndjson
}

@test "a table we do not own gets no UPSERT and no status" {
	with redshift '{"database":"db","schema":"atomic"}'
	for how in job patch none; do
		build-lineage -q --column-lineage=$how org.ndjson >mcps.ndjson
		run ! jq -e 'select((.entityUrn
			| contains("dataPlatform:redshift"))
			and .changeType != "PATCH")' mcps.ndjson
	done
	run ! grep -q PATCH mcps.ndjson
	loader --column-lineage=none >out
	[ ! -s out ]
}

@test "--column-lineage=patch: operations on the tables instead" {
	with snowflake '{"database":"DB","schema":"ATOMIC"}'
	loader --column-lineage=patch >out
	[ ! -s out ]
	jq -c 'select(.changeType == "PATCH")' mcps.ndjson >patches
	jq -e -s 'length == 1 and .[0].aspectName == "upstreamLineage" and
		.[0].entityType == "dataset" and .[0].entityUrn ==
		"urn:li:dataset:(urn:li:dataPlatform:snowflake,db.atomic.events,PROD)"
		and .[0].aspect.contentType == "application/json-patch+json"' \
		patches
	jq -r '.aspect.value | fromjson[] | select(.path | contains("amount"))
		| [.op, .path, (.value | keys | tojson)] | join(" ")' patches \
		>ops
	diff - ops <<-'END'
	add /fineGrainedLineages/NONE/urn:li:schemaField:(urn:li:dataset:(urn:li:dataPlatform:snowflake,db.atomic.events,PROD),unstruct_event_com_acme_checkout_1)/NONE/urn:li:schemaField:(urn:li:dataset:(urn:li:dataPlatform:snowplow,com.acme.checkout,PROD),amount) ["confidenceScore"]
	END
	jq -r '.aspect.value | fromjson[] | select(.path
		| startswith("/upstreams/")) | .value.dataset' patches >up
	[ "$(wc -l <up)" = 3 ]
}

@test "names with reserved characters are encoded in field URNs" {
	{ org | sed 's/"amount"/"a,b(c)"/'; pipeline; destination redshift \
		'{"database":"db","schema":"atomic"}'; end; } >org.ndjson
	loader >out
	grep -x 'com.acme.checkout#a%2Cb%28c%29 > com_acme_checkout_1#a%2Cb%28c%29' out
}

@test "--inner-columns: members of BigQuery's and Databricks' columns" {
	with bigquery '{"projectId":"p","datasetId":"d"}'
	loader --inner-columns | sed -n 's/.*#amount > //p;
		s/.*\(customer\|email\|orderLines\|skuCode\|label\|firstName\) > /\1 /p' |
		sed 's/p.d.events#\[version=2.0\].\[type=struct\].//' >out
	event='[type=struct].unstruct_event_com_acme_checkout_1'
	card='[type=array].[type=struct].contexts_com_acme_user_card_1'
	sort >want <<-END
	$event.[type=double].amount
	customer $event.[type=struct].customer
	email $event.[type=struct].customer.[type=string].email
	orderLines $event.[type=array].[type=struct].order_lines
	skuCode $event.[type=array].[type=struct].order_lines.[type=string].sku_code
	label $card.[type=array].[type=struct].tags.[type=string].label
	firstName $card.[type=string].first_name
	END
	grep '_1\.\[' out | sort | diff want -
}

@test "every edge's datasets are inputs and outputs of its job" {
	{ org; specs; pipeline
	  for config in 'snowflake {"database":"a","schema":"s"}' \
		'bigquery {"project":"b","dataset":"s"}' \
		'databricks {"catalog":"c","schema":"s"}' \
		'redshift {"database":"d","schema":"s"}' \
		'postgres {"database":"e","schema":"s"}'; do
		destination "${config%% *}" "${config#* }"
	  done; end; } >org.ndjson
	build-lineage -q --inner-columns org.ndjson >mcps.ndjson
	jq -e -s 'def dataset: .[20:] | .[:rindex("),") + 1];
		[.[] | select(.aspectName == "dataJobInputOutput").aspect.json
		| .inputDatasets as $in | .outputDatasets as $out
		| .fineGrainedLineages[]?
		| (.upstreams[] | dataset | IN($in[])),
		  (.downstreams[] | dataset | IN($out[]))]
		| length > 200 and all' mcps.ndjson
}
