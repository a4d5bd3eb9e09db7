#!/usr/bin/env bats
# build-lineage: what is written, options, findings.
load helper

REFERENCE=$DATA/../reference/snowplow
ORACLE=$TOP/tests/oracle

# one JQ-FILTER FILE... : what the filter gives, one value a line.
one() {
	jq -c "$@"
}

# aspect URN-PART ASPECT FILE : the value of that aspect.
aspect() {
	jq -c --arg u "$1" --arg a "$2" \
		'select(.aspectName == $a and (.entityUrn | contains($u)))
		| .aspect.json' "$3"
}

small() {
	python3 "$ORACLE/organization.py" --schemas=12 --enrichments=8 \
		--pipelines=2 --versions "$@"
}

END='{"kind":"end","complete":true,"counts":{},"filters":[]}'

# A data structure of com.acme with this body: structure NAME BODY.
structure() {
	printf '%s\n' '{"kind":"organization","id":"o","name":"O"}' \
		'{"kind":"data_structure","hash":"h","vendor":"com.acme","name":"'"$1"'","format":"jsonschema","meta":{"schemaType":"event"},"deployments":[{"version":"1-0-0","env":"PROD","ts":"2024-01-01T00:00:00Z","initiator":"Ada"}]}' \
		'{"kind":"schema","vendor":"com.acme","name":"'"$1"'","format":"jsonschema","version":"1-0-0","from":"console","body":'"$2"'}' \
		"$END"
}

paths() {
	aspect "com.acme.x," schemaMetadata "$1" | jq -r '.fields[].fieldPath'
}

@test "golden events, as the connector gives them" {
	[ -d "$REFERENCE/mcps" ] || skip "no reference/snowplow"
	python3 "$ORACLE/structs_golden.py" "$REFERENCE/fixtures" >in
	status 0 build-lineage --compat=upstream -o out in
	python3 "$ORACLE/golden.py" "$REFERENCE/mcps" out
}

@test "golden events, by default, but for what is better" {
	[ -d "$REFERENCE/mcps" ] || skip "no reference/snowplow"
	python3 "$ORACLE/structs_golden.py" "$REFERENCE/fixtures" >in
	status 0 build-lineage -o out in
	python3 "$ORACLE/golden.py" "$REFERENCE/mcps" out --default
}

@test "empty input: no end line, nothing but what is always there" {
	status 1 build-lineage </dev/null >out 2>err
	grep 'no end line' err
	jq -e . out >/dev/null
	run ! grep -v '"entityType":"structuredProperty"' out
}

@test "the order of the input's lines does not matter" {
	small >in
	status 0 build-lineage -o a in
	for seed in 1 2 3; do
		small --permute=$seed >permuted
		run ! cmp -s in permuted
		status 0 build-lineage -o b permuted
		cmp a b
	done
}

@test "sections in order, URNs by bytes, each aspect once" {
	small >in
	build-lineage -o out in
	python3 "$ORACLE/lineage_order.py" out
}

@test "lines, array and bodies say the same; also pretty-printed input" {
	small >in
	build-lineage in >lines
	build-lineage --array in | jq -c '.[]' | diff - <(jq -c . lines)
	build-lineage --gms=batch in |
		jq -c '.proposals[] | .aspect |= {json: (.value | fromjson)}' |
		diff - <(jq -c . lines)
	jq . in | build-lineage | cmp - lines
	jq -s . in | build-lineage | cmp - lines
	gzip -c in | build-lineage | cmp - lines
	run -2 build-lineage --array --gms=batch in
}

@test "field paths: what the connector has, and what it leaves out" {
	structure x '{"type":"object","required":["a"],"properties":{
		"a":{"type":["null","string"]},"b":{"type":["string","integer"]},
		"c":{"type":["array","null"],"items":{"type":"array","items":{"type":"object","properties":{"d":{"type":"string"}}}}},
		"e":{"oneOf":[{"type":"object","properties":{"f":{"type":"string"}}},{"type":"object","properties":{"f":{"type":"integer"},"g":{"type":"string"}}},{"type":"null"}]},
		"h":{"$ref":"#/definitions/node"},"i":{"$ref":"iglu:com.x/y/jsonschema/1-0-0"},
		"j":{"allOf":[{"type":"object","properties":{"k":{"type":"string"}},"required":["k"]},{"properties":{"l":{}}}]},
		"m":{"type":"array","items":[{"type":"object","properties":{"n":{"type":"string"}}},{"type":"object","properties":{"n":{},"o":{}}}]},
		"p, (q)":{"type":"object","properties":{"r,s":{"enum":["x"]}}}},
		"definitions":{"node":{"type":"object","properties":{"next":{"$ref":"#/definitions/node"},"v":{"type":"string","format":"date"}}}}}' |
		tr -d '\n\t' | sed 's/}{"kind"/}\n{"kind"/g' >in
	status 1 build-lineage --errors=errors -o out in
	paths out >have
	diff - have <<-'EOF'
	a
	b
	[version=2.0].c
	[version=2.0].c.[type=array].[type=array].d
	e
	e.[type=record].f
	e.[type=record].g
	h
	h.[type=record].next
	h.[type=record].v
	i
	j
	j.[type=record].k
	j.[type=record].l
	[version=2.0].m
	[version=2.0].m.[type=array].n
	[version=2.0].m.[type=array].o
	[version=2.0].p, (q)
	[version=2.0].p, (q).[type=record].r,s
	EOF
	aspect "com.acme.x," schemaMetadata out >meta
	jq -e '.fields | map({(.fieldPath): .}) | add |
		.a.nullable and .a.nativeDataType == "string" and
		.b.nativeDataType == "string|integer" and
		(.b.type.type | has("com.linkedin.schema.UnionType")) and
		.e.nullable and .["e.[type=record].f"].nullable and
		.["h.[type=record].next"].recursive and
		(.["h.[type=record].v"].type.type | has("com.linkedin.schema.DateType")) and
		(.["j.[type=record].k"].nullable | not) and
		.["j.[type=record].l"].nullable and
		.["[version=2.0].m.[type=array].n"].nullable and
		(.["[version=2.0].p, (q).[type=record].r,s"].type.type | has("com.linkedin.schema.EnumType")) and
		.i.nativeDataType == "string"' meta
	grep 'com.x/y' errors
	grep -F 'PROD),[version=2.0].p%2C %28q%29.[type=record].r%2Cs)' out
	build-lineage -q --field-paths=v2 in 2>/dev/null >v2 || true
	paths v2 | head -3 | diff - <(printf '%s\n' \
		'[version=2.0].[type=object].[type=string].a' \
		'[version=2.0].[type=object].[type=union].b' \
		'[version=2.0].[type=object].[type=array].[type=array].[type=object].c')
}

@test "fields of real schemas: paths of the connector, unique, parents first" {
	need_data iglu-schemas.ndjson
	python3 "$ORACLE/field_paths.py" structs \
		"$DATA/iglu-schemas.ndjson" >in
	# Some refer to schemas elsewhere, which is a finding.
	run build-lineage -q -o out in
	[ "$status" -le 1 ]
	python3 "$ORACLE/field_paths.py" check \
		"$DATA/iglu-schemas.ndjson" out
}

@test "version, owners and time: production first, DEV before PROD" {
	cat >in <<-EOF
	{"kind":"organization","id":"o"}
	{"kind":"user","id":"u1","email":"a@x.org","name":"Ada"}
	{"kind":"user","id":"u2","email":"b@x.org","name":"Bob"}
	{"kind":"user","id":"u3","email":"c@x.org","name":"Bob"}
	{"kind":"data_structure","hash":"h","vendor":"v","name":"x","format":"jsonschema","meta":{"schemaType":"entity"},"deployments":[{"version":"1-0-1","env":"PROD","ts":"2024-03-01T00:00:00Z","initiator":"Bob"},{"version":"1-0-2","env":"DEV","ts":"2024-04-01T00:00:00Z","initiator":"Zoe","initiatorId":"u1"}]}
	{"kind":"data_structure","hash":"h2","vendor":"v","name":"y","format":"jsonschema","meta":{"schemaType":"event"},"deployments":[{"version":"1-0-1","env":"PROD","ts":"2024-03-01T00:00:00Z","initiator":"Bob"}],"history":[{"version":"1-0-0","env":"PROD","ts":"2024-01-01T01:00:00+01:00","initiator":"Ada"},{"version":"1-0-0","env":"DEV","ts":"2024-01-01T00:00:00Z","initiator":"Zoe"},{"version":"1-0-1","env":"PROD","ts":"2024-03-01T00:00:00Z","initiator":"Ada"}]}
	$END
	EOF
	status 1 build-lineage -q in >out 2>err
	grep 'no body of version 1-0-1' err
	# Without a history the owner is not known, only who was last; two Bobs
	# are nobody's name.
	aspect v.x, ownership out | jq -c '.owners[] | [.owner, .type]' |
		diff - <(echo '["urn:li:corpuser:a@x.org","PRODUCER"]')
	aspect v.x, datasetProperties out | jq -e \
		'.customProperties.schemaVersion == "1-0-1"'
	aspect v.y, ownership out | jq -c '.owners[] | [.owner, .type]' >owners
	printf '%s\n' '["urn:li:corpuser:Zoe","DATAOWNER"]' \
		'["urn:li:corpuser:a@x.org","PRODUCER"]' | diff - owners
	status 1 build-lineage -q --deployment-environment=dev in >dev 2>&1
	grep -c '"aspectName":"schemaMetadata"' dev | grep -x 1 # the atomic event
	aspect v.x, datasetProperties dev | jq -e \
		'.customProperties.schemaVersion == "1-0-2"'
	[ -z "$(aspect v.y, status dev)" ]
}

@test "versions of fields: nested ones, and none after a body that is missing" {
	cat >in <<-EOF
	{"kind":"organization","id":"o"}
	{"kind":"data_structure","hash":"h","vendor":"v","name":"x","format":"jsonschema","meta":{"schemaType":"event"},"deployments":[{"version":"1-0-10","env":"PROD","ts":"2024-05-01T00:00:00Z","initiator":"eve@x.org"}],"history":[{"version":"1-0-10","env":"PROD","ts":"2024-05-01T00:00:00Z","initiator":"eve@x.org"},{"version":"1-0-2","env":"PROD","ts":"2024-03-01T00:00:00Z","initiator":"jane.doe@x.org"},{"version":"1-0-1","env":"PROD","ts":"2024-02-01T00:00:00Z","initiator":"Bob"},{"version":"1-0-0","env":"PROD","ts":"2024-01-01T00:00:00Z","initiator":"Ada"},{"version":"1-0-3","env":"DEV","ts":"2024-03-02T00:00:00Z","initiator":"Dan"},{"version":"1-0-9","env":"PROD","ts":"2024-04-02T00:00:00Z","initiator":"Dan"}],"versions":{"1-0-0":{"properties":{"a":{},"o":{"type":"object","properties":{"p":{}}}}},"1-0-1":{"properties":{"a":{},"o":{"type":"object","properties":{"p":{},"q":{}}}}},"1-0-2":{"properties":{"a":{},"b":{"description":"B"},"o":{"type":"object","properties":{"p":{},"q":{}}}}},"1-0-3":{"properties":{"c":{}}},"1-0-9":{"fetch_error":{"error":"http"}},"1-0-10":{"properties":{"a":{},"b":{"description":"B"},"c":{},"o":{"type":"object","properties":{"p":{},"q":{}}}}}}}
	$END
	EOF
	status 0 build-lineage --field-versions in >out
	jq -r 'select(.aspectName == "structuredProperties") |
		[.entityUrn, (.aspect.json.properties[:3][] |
		.values[0].string)] | join(" ")' out |
		sed 's/.*PROD),//' >have
	diff - have <<-'EOF'
	[version=2.0].o) Ada 1-0-0 2024-01-01T00:00:00Z
	[version=2.0].o.[type=record].p) Ada 1-0-0 2024-01-01T00:00:00Z
	[version=2.0].o.[type=record].q) Bob 1-0-1 2024-02-01T00:00:00Z
	a) Ada 1-0-0 2024-01-01T00:00:00Z
	b) Jane Doe 1-0-2 2024-03-01T00:00:00Z
	c) internal self_describing
	EOF
	aspect v.x, schemaMetadata out |
		jq -r '.fields[] | .description // "-"' | paste -sd' ' | grep -x -- \
		'- B (Added in version 1-0-2) - - - Added in version 1-0-1'
}

@test "marks: tags, both, classes of data" {
	small >in
	build-lineage --marks=tags in >tags
	run ! grep -e structuredProp tags
	grep -q 'urn:li:tag:PII' tags
	grep '"tagKey"' tags | jq -r .aspect.json.name >keys
	grep -x PII keys
	sort -c keys
	grep -o 'urn:li:tag:[^"]*' tags | sort -u | sed 's/urn:li:tag://' |
		diff keys -
	build-lineage --marks=pii-tags --no-event-tags in >pii
	jq -r 'select(.aspectName == "tagKey").aspect.json.name' pii |
		run ! grep -v -x -e PII -e Sensitive
	build-lineage --pii=colour --sensitive=WIDTH,x in |
		jq -r 'select(.aspectName == "structuredProperties") |
		.entityUrn + " " + (.aspect.json.properties[] |
		select(.propertyUrn | endswith("DataClass")).values[0].string)' |
		sed 's/.*[.,]\([a-z_]*\)) /\1 /' | sort -u >classes
	run ! grep -v -e colour -e 'width.*sensitive' -e internal classes
	run ! grep -e 'colour.* internal' classes
	build-lineage --no-field-marks in | run ! grep -e structuredProp -e tag:
}

@test "instance, env, run id, versions in URNs, domain, owner, patch" {
	small >in
	build-lineage --platform-instance=eu --env=DEV --run-id=r1 \
		--version-in-urn --domain='com\.acme.*=urn:li:domain:shop' \
		--enrichment-owner=data@x.org --patch=ownership,tags in >out
	run ! grep -v '"systemMetadata":{"lastObserved":0,"runId":"r1"' out
	run ! grep -F ',PROD)' <(grep -v warehouse out | grep -v snowflake)
	jq -r 'select(.entityType == "dataset").entityUrn' out |
		run ! grep -v -F '(urn:li:dataPlatform:snowplow,eu.'
	grep -q ',eu.com.acme.team1.[a-z_0-9]*.1-0-2,DEV)' out
	jq -r 'select(.aspectName == "dataPlatformInstance") |
		.aspect.json.instance' out | sort -u | diff - <(echo \
		'urn:li:dataPlatformInstance:(urn:li:dataPlatform:snowplow,eu)')
	jq -r 'select(.aspectName == "browsePathsV2").aspect.json.path[0].id' \
		out | sort -u | grep -c . | grep -x 1
	jq -r 'select(.aspectName == "domains") |
		.aspect.json.domains[0] + " " + .entityUrn' out >domains
	run ! grep -v 'urn:li:domain:shop.*com.acme' domains
	[ -s domains ]
	jq -c 'select(.aspectName == "ownership" and .entityType == "dataset")
		| .changeType, (.aspect.value | fromjson.patch[0].path)' out |
		head -2 >patch
	grep -x '"PATCH"' patch
	grep '"/owners/urn:li:corpuser:.*/[A-Z]*//"' patch
	run -0 jq -e -s 'map(select(.aspectName == "globalTags").changeType) |
		unique == ["PATCH"]' out
}

@test "filters, and what they say in the container" {
	small >in
	build-lineage --schema='com\.acme' --no-schema='.*_0001' \
		--no-event-specs --no-pipelines --schema-types=event in >out
	jq -r 'select(.entityType == "dataset" and .aspectName == "subTypes")
		| .aspect.json.typeNames[0]' out | sort | uniq -c | awk '{print $2}' |
		paste -sd' ' | grep -x 'atomic_event snowplow_event_schema'
	run ! grep -e _0001, -e org.example -e dataFlow out
	jq -r 'select(.aspectName == "containerProperties") |
		.aspect.json.customProperties.filters // empty' out >filters
	grep -F -- '--no-event-specs; build-lineage --no-pipelines' filters
	build-lineage in | run ! grep -F '"filters":'
	build-lineage --pipeline-label=PROD in |
		jq -r 'select(.aspectName == "dataFlowInfo").aspect.json.name' |
		diff - <(echo 'Snowplow Pipeline: Pipeline 0')
	build-lineage --event-spec-status=Published in |
		jq -r 'select(.aspectName == "datasetProperties") |
		.aspect.json.customProperties.status // empty' | sort -u |
		diff - <(echo published)
	build-lineage --deployed-since=2030-01-01 in |
		run ! grep snowplow_event_schema
	run -2 build-lineage --schema='(' in
	run -2 build-lineage --deployed-since=soon in
	run -2 build-lineage --patch=all in
	run -2 build-lineage --domain=x in
	run -2 build-lineage --max-removed=101 in
}

@test "pipelines: flows, enrichments, collector, loader" {
	small >in
	build-lineage -o out in
	jq -r 'select(.aspectName == "dataFlowInfo").aspect.json.name' out |
		sort | diff - <(printf 'Snowplow Pipeline: Pipeline %d\n' 0 1)
	jq -r 'select(.aspectName == "dataJobInfo").aspect.json.type.string' \
		out | sort | uniq -c | awk '{print $1, $2}' >types
	printf '8 ENRICHMENT\n2 STREAMING\n2 BATCH_SCHEDULED\n' | sort -k2 |
		diff - types
	jq -e 'select(.aspectName == "dataJobInputOutput") | .aspect.json |
		(.inputDatasets | . == (sort | unique)) and
		(.outputDatasets | . == (sort | unique))' out |
		run ! grep -v true
	# Nothing of a table is written.
	run ! grep '"entityUrn":"urn:li:dataset:(urn:li:dataPlatform:snowflake' \
		out
	build-lineage --compat=upstream in |
		jq -r 'select(.aspectName == "dataFlowInfo").aspect.json.name' |
		diff - <(echo 'Snowplow Pipeline: Pipeline 0')
}

@test "secrets in the parameters of enrichments are masked" {
	cat >in <<-EOF
	{"kind":"pipeline","id":"f","name":"P"}
	{"kind":"enrichment","pipelineId":"f","name":"sql","schemaKey":"iglu:com.snowplowanalytics.snowplow.enrichments/sql_query_enrichment_config/jsonschema/1-0-0","userData":{"database":{"postgresql":{"username":"u","Password":"hush","port":5432}},"apiKey":["hush",7,null],"strategy":{"salt":"hush"},"credentials":{"a":{"b":"hush"}}}}
	$END
	EOF
	status 1 build-lineage --organization=o --errors=e in >out
	run ! grep -r hush out e
	jq -r 'select(.aspectName == "dataJobInfo" and
		(.entityUrn | contains("sql"))) |
		.aspect.json.customProperties.parameters' out | diff - <(echo \
		'{"database":{"postgresql":{"username":"u","Password":"***","port":5432}},"apiKey":["***","***",null],"strategy":{"salt":"***"},"credentials":{"a":{"b":"***"}}}')
}

@test "an Iglu server alone: the newest version of each schema" {
	cat >in <<-EOF
	{"kind":"schema","vendor":"v","name":"a_context","format":"jsonschema","version":"1-0-2","from":"iglu","body":{"properties":{"x":{}}}}
	{"kind":"schema","vendor":"v","name":"a_context","format":"jsonschema","version":"1-0-10","from":"iglu","body":{"properties":{"y":{}}}}
	$END
	EOF
	status 0 build-lineage in >out
	jq -r 'select(.aspectName == "subTypes").aspect.json.typeNames[0]' out |
		diff - <(echo snowplow_entity_schema)
	aspect v.a_context, schemaMetadata out |
		jq -e '.fields | map(.fieldPath) == ["y"]'
	run ! grep container out
	build-lineage --version-in-urn in | grep -c '"schemaMetadata"' |
		grep -x 2
}

@test "report" {
	small >in
	build-lineage --report=r in >out
	jq -e --argjson n "$(wc -l <out)" '.program == "build-lineage" and
		.aspects == $n and .event_specs == 12 and .enrichments == 8 and
		.pipelines == 2 and .max_aspect_size_bytes > 1000 and
		.aspects_over_1mb == 0 and .rejected == 0' r
}
