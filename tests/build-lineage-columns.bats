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

# seen URN FIELD... : what a connector of the warehouse writes about a table.
seen() {
	jq -nc --arg urn "$1" '{entityType: "dataset", entityUrn: $urn,
		changeType: "UPSERT", aspectName: "schemaMetadata",
		aspect: {json: {fields: $ARGS.positional | map({fieldPath: .})}}}' \
		--args "${@:2}"
}

# broken TYPE CONFIG : a history of checkout whose version 1-0-1 broke the rules
# (amount became a string, orderLines was not there).
broken() {
	{ org; pipeline; destination "$1" "$2"
	  jq -nc '{kind: "schema", vendor: "com.acme", name: "checkout",
		format: "jsonschema", version: "1-0-1", from: "console", body:
		{type: "object", properties: {amount: {type: "array"}, gone: {},
		customer: {type: "object", properties: {email: {}}}}}}'
	  end; } >org.ndjson
}

@test "recovered columns: as the warehouse has them, from the fields of their version" {
	local events='urn:li:dataset:(urn:li:dataPlatform:databricks,main.atomic.events,PROD)'
	local way='[version=2.0].[type=struct].[type=struct].'
	broken databricks '{"catalog":"Main","schema":"ATOMIC"}'
	{ seen "$events" \
		"${way}unstruct_event_com_acme_checkout_1" \
		"${way}unstruct_event_com_acme_checkout_1_recovered_1_0_1_9aF0" \
		"${way}unstruct_event_com_acme_checkout_1_0_1_recovered_77" \
		"${way}unstruct_event_com_acme_checkout_1_recovered_1_0_1_9.[type=string].inner" \
		"${way}unstruct_event_com_acme_checkout_2_recovered_2_0_1_5" \
		"${way}unstruct_event_com_acme_checkout_12_recovered_12_0_1_5" \
		"${way}unstruct_event_com_acme_checkout_1_recovered_1_0_1_" \
		"${way}unstruct_event_com_acme_checkout_1_recovered_x_0_1_5"
	  seen "${events/events/others}" \
		"${way}unstruct_event_com_acme_checkout_1_recovered_1_0_1_3"
	  echo '{"entityType":"dataset","entityUrn":"u","changeType":"UPSERT","aspectName":"status","aspect":{"json":{}}}'
	} >seen.ndjson
	local fields='com.acme.checkout#[version=2.0].customer,com.acme.checkout#[version=2.0].customer.[type=record].email,com.acme.checkout#amount'
	jq -s . seen.ndjson >seen.json
	for form in ndjson json; do
		loader --warehouse=seen.$form >out
		sed -i 's/main.atomic.events#\[version=2.0\].\[type=struct\].//' out
		grep -v userCard out | diff - <(cat <<-END
		$CHECKOUT > [type=struct].unstruct_event_com_acme_checkout_1
		$fields > [type=struct].unstruct_event_com_acme_checkout_1_0_1_recovered_77
		$fields > [type=struct].unstruct_event_com_acme_checkout_1_recovered_1_0_1_9aF0
		END
		)
	done
	# The very version described has one: its fields go there alone.
	seen "$events" "${way}unstruct_event_com_acme_checkout_1_recovered_1_1_0_4" >seen.ndjson
	loader --warehouse=seen.ndjson | sed 's/.* > //; s/.*struct\]\.//' >out
	diff - out <<-'END'
	unstruct_event_com_acme_checkout_1_recovered_1_1_0_4
	contexts_com_acme_user_card_1
	END
	loader --warehouse=seen.ndjson --inner-columns | grep checkout >out
	[ "$(wc -l <out)" = 1 ]
	loader --warehouse=seen.ndjson --column-lineage=patch >/dev/null
	grep PATCH mcps.ndjson | grep -q 'checkout_1_recovered_1_1_0_4'
	run ! grep -q 'checkout_1)' mcps.ndjson
	# No body of that version: a finding, no edge.
	seen "$events" "${way}unstruct_event_com_acme_checkout_1_recovered_1_0_7_4" >seen.ndjson
	status 1 build-lineage --warehouse=seen.ndjson org.ndjson >mcps.ndjson 2>said
	grep 'holds version 1-0-7 of com.acme/checkout, whose body is not there' said
	run ! grep -q _recovered_ mcps.ndjson
	echo '{"not":"a proposal"' >bad
	run -2 build-lineage --warehouse=bad org.ndjson
	run -2 build-lineage --warehouse=missing org.ndjson
}

@test "recovered tables of Redshift: outputs, with the columns of their version" {
	local table='urn:li:dataset:(urn:li:dataPlatform:redshift,db.atomic.com_acme_checkout_1'
	broken redshift '{"database":"db","schema":"atomic"}'
	{ seen "$table,PROD)" amount
	  seen "${table}_1_0_recovered_123,PROD)" amount
	  seen "${table/atomic/other}_1_0_recovered_5,PROD)" amount
	} >seen.ndjson
	loader --warehouse=seen.ndjson | grep recovered >out
	diff - out <<-'END'
	com.acme.checkout#[version=2.0].customer.[type=record].email > com_acme_checkout_1_1_0_recovered_123#customer.email
	com.acme.checkout#amount > com_acme_checkout_1_1_0_recovered_123#amount
	END
	jq -c "$SHORT"'select(.aspectName == "dataJobInputOutput" and
		(.entityUrn | endswith(",loader)")))
		| .aspect.json.outputDatasets | map(short)' mcps.ndjson >sets
	diff - sets <<-'END'
	["com_acme_checkout_1","com_acme_checkout_1_1_0_recovered_123","com_acme_user_card_1","events"]
	END
	loader --warehouse=seen.ndjson --column-lineage=patch >/dev/null
	[ "$(grep -c '"PATCH".*_1_0_recovered_123' mcps.ndjson)" = 1 ]
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
