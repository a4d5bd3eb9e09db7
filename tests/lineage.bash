# shellcheck shell=bash
# An organisation of two event specs, for the bats files of build-lineage:
# "load lineage", then for example
#
#	{ org; specs; pipeline; destination snowflake CONFIG
#	  enrichment NAME SCHEMA PARAMETERS; end; } >org.ndjson
#
# org: a checkout event (1-1-0) and a userCard entity (1-0-0), with bodies.

# jq: URNs by the last part of their name, fields as DATASET#PATH.
# shellcheck disable=SC2034 # for those who load this
SHORT='def name: capture(",(?<n>[^,]*),[A-Z]+\\)$").n
	  | sub("^event_spec\\."; "") | sub("^db\\.[a-z]+\\."; "");
	def short: if startswith("urn:li:schemaField:(")
	  then .[20:-1] | capture("^(?<d>.*\\)),(?<f>[^,]*)$")
	    | (.d | name) + "#" + .f
	  else name end; '
REFERENCE=$(realpath -m "${PENSTOCK_SHARED:-$TOP/../shared}")/reference/snowplow

org() {
	jq -c . <<-'END'
	{"kind":"organization","id":"org-1","name":"Acme"}
	{"kind":"data_structure","hash":"h1","vendor":"com.acme",
	 "name":"checkout","format":"jsonschema","description":"",
	 "meta":{"hidden":false,"schemaType":"event","customData":{}},
	 "deployments":[{"version":"1-1-0","env":"PROD",
	 "ts":"2024-01-01T00:00:00Z","initiator":"A"}]}
	{"kind":"data_structure","hash":"h2","vendor":"com.acme",
	 "name":"userCard","format":"jsonschema","description":"",
	 "meta":{"hidden":false,"schemaType":"entity","customData":{}},
	 "deployments":[{"version":"1-0-0","env":"PROD",
	 "ts":"2024-01-01T00:00:00Z","initiator":"A"}]}
	{"kind":"schema","vendor":"com.acme","name":"checkout",
	 "format":"jsonschema","version":"1-1-0","from":"console","body":{
	 "self":{"vendor":"com.acme","name":"checkout",
	  "format":"jsonschema","version":"1-1-0"},"type":"object",
	 "properties":{"amount":{"type":"number"},"customer":{"type":"object",
	  "properties":{"email":{"type":"string"},"phone":{"type":"string"}}},
	  "orderLines":{"type":"array","items":{"type":"object",
	  "properties":{"skuCode":{"type":"string"}}}}}}}
	{"kind":"schema","vendor":"com.acme","name":"userCard",
	 "format":"jsonschema","version":"1-0-0","from":"console","body":{
	 "self":{"vendor":"com.acme","name":"userCard",
	  "format":"jsonschema","version":"1-0-0"},"type":"object",
	 "properties":{"firstName":{"type":"string"},
	  "tags":{"type":"array","items":{"type":"object",
	  "properties":{"label":{"type":"string"}}}}}}}
	END
}

specs() {
	jq -c . <<-'END'
	{"kind":"event_spec","id":"spec-a","name":"A","status":"published",
	 "event":{"source":"iglu:com.acme/checkout/jsonschema/1-1-0"},
	 "entities":{"tracked":[
	 {"source":"iglu:com.acme/userCard/jsonschema/1-0-0"}]}}
	{"kind":"event_spec","id":"spec-b","name":"B","status":"published",
	 "entities":{"tracked":[
	 {"source":"iglu:com.acme/userCard/jsonschema/1-0-0"}]}}
	END
}

pipeline() {
	echo '{"kind":"pipeline","id":"pipe-1","name":"Main","status":"ready"}'
}

# destination TYPE CONFIG
destination() {
	jq -nc --arg type "$1" --argjson config "$2" '{kind: "destination",
		id: ("dest-" + $type), pipelineId: "pipe-1",
		destinationType: $type, target: {config: $config}}'
}

# enrichment NAME SCHEMA PARAMETERS
enrichment() {
	jq -nc --arg name "$1" --arg schema "$2" --argjson data "$3" '{
		kind: "enrichment", pipelineId: "pipe-1", name: $name,
		enabled: true, schemaKey: $schema, userData: $data}'
}

end() {
	echo '{"kind":"end","complete":true,"counts":{},"filters":[]}'
}

# need_golden NAME : skips where DataHub's golden file is missing; $GOLDEN.
need_golden() {
	GOLDEN=$REFERENCE/mcps/$1
	[ -r "$GOLDEN" ] || skip "no $1 (PENSTOCK_SHARED/reference)"
}

# fixture NAME FILTER : lines made of an answer of the API.
fixture() {
	jq -c "$2" "$REFERENCE/fixtures/$1"
}
