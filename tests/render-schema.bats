#!/usr/bin/env bats
# render-attrs: JSON Schema, and Iglu's with their versions.

load helper
load render/helper

attrs() {
	printf '%s\n' "$@" >f.ndjson
	discover-attrs -q f.ndjson >f.attrs
}

@test "json-schema: real records are valid, broken ones are not" {
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson
	not_under valgrind "the library is what takes the time"
	need_python jsonschema
	"$PY" "$TOP/tests/render/schema_check.py" \
		"$DATA"/{tweets,github-events,amazon-cellphones}.ndjson
}

@test "json-schema: 15,000 attributes" {
	need_data iglu-schemas.ndjson
	not_under valgrind asan tsan "the library is what takes the time"
	need_python jsonschema
	"$PY" "$TOP/tests/render/schema_check.py" --once \
		"$DATA/iglu-schemas.ndjson"
}

@test "json-schema: ajv takes the schema and every record" {
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson \
		iglu-schemas.ndjson
	not_under valgrind asan tsan "the library is what takes the time"
	need_npm
	printf '%s\n' '{"a":{"b":1},"j":"[1,2]","p":"{\"k\":[1.5,\"x\"],\"e\":\"[{}]\"}","d":"2020-01-02","t":"01:02:03Z"}' \
		'{"a":[1],"o d":{"q\"":true},"j":"{\"k\":\"[3]\"}","p":"plain","d":"2021-01-02","t":"23:59:60Z"}' \
		'{"a":null,"o d":"","j":"[]","p":"","d":"2020-02-29","t":"00:00:00.5+02:00"}' \
		>odd
	node "$TOP/tests/render/ajv_check.mjs" odd \
		"$DATA"/{tweets,github-events,amazon-cellphones}.ndjson
	node --stack-size=4000 "$TOP/tests/render/ajv_check.mjs" --once \
		"$DATA/iglu-schemas.ndjson"
}

@test "json-schema: mixed types, embedded JSON, odd keys, huge numbers" {
	need_python jsonschema
	printf '%s\n' '{"a":{"b":1},"o d":[1,[2,{"x":null}]],"j":"[1,2]","p":"{\"k\":[1.5,\"x\"],\"e\":\"[{}]\"}","d":"2020-01-02","n":1}' \
		'{"a":[1],"o d":{"q\"":true},"j":"{\"k\":\"[3]\"}","p":"plain","d":"2021-01-02","n":1.5}' \
		'{"a":null,"o d":"","j":"[]","p":"","d":"2020-02-29","n":123456789012345678901234567890}' \
		>odd
	"$PY" "$TOP/tests/render/schema_check.py" odd
	discover-attrs -q odd | render-attrs --to=json-schema >s
	jq -e '.properties | .d == {"type":"string","format":"date"} and
		.n.type == "number" and .j.contentMediaType and
		(.p.anyOf[0].contentSchema.properties.e.contentSchema.type
			== "array")' s
	discover-attrs -q odd | render-attrs --to=json-schema --ranges |
		grep -qF '"maximum":123456789012345678901234567890'
}

@test "json-schema: a map's values are additionalProperties" {
	printf '{"m":{"a":{"v":1},"b":{"v":2}}}\n' >f
	discover-attrs -q --map=.m f >f.attrs
	render-attrs --to=json-schema f.attrs | jq -e '.properties.m ==
		{"type":"object","additionalProperties":{"type":"object",
		"properties":{"v":{"type":"integer"}},"required":["v"]}}'
	render-attrs --to=json-schema --closed f.attrs | jq -e '
		(.properties.m.additionalProperties | type) == "object" and
		.additionalProperties == false'
	attrs ''
	render-attrs --to=json-schema f.attrs | jq -e 'keys == ["$schema"]'
	discover-attrs -q --private <<<'{"n":5}' |
		render-attrs --to=json-schema --ranges |
		jq -e '.properties.n == {"type":"integer"}'
}

@test "iglu: Iglu's metaschema and the records" {
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson
	not_under valgrind "the library is what takes the time"
	need_python jsonschema
	printf '%s\n' '{"a":{"b":"[1]"},"c":[null,1.5]}' '{"a":{}}' >odd
	"$PY" "$TOP/tests/render/iglu_check.py" "$DATA/iglu-schemas.ndjson" \
		odd "$DATA"/{tweets,github-events}.ndjson
}

# iglu OPTION... : of f.attrs
iglu() {
	render-attrs -q --to=iglu --vendor=com.acme --name=x "$@" f.attrs
}

# raised OLD... -- NEW... : the version after 1-2-3, from these records
raised() {
	local old=()
	while [ "$1" != -- ]; do old+=("$1"); shift; done
	shift
	attrs "${old[@]}"
	iglu --schema-version=1-2-3 >old.json
	attrs "$@"
	iglu --previous=old.json | jq -r .self.version
}

@test "iglu: --previous raises the version as the change asks" {
	[ "$(raised '{"a":1}' -- '{"a":1}')" = 1-2-3 ]
	# an optional property comes or goes
	[ "$(raised '{"a":1}' '{"a":1}' -- '{"a":1}' '{"a":1,"b":2}')" = 1-2-4 ]
	[ "$(raised '{"a":1}' '{"a":1,"b":2}' -- '{"a":1}')" = 1-2-4 ]
	# a required one
	[ "$(raised '{"a":1}' -- '{"a":1,"b":2}')" = 2-0-0 ]
	[ "$(raised '{"a":1,"b":2}' -- '{"a":1}')" = 2-0-0 ]
	# required or not
	[ "$(raised '{"a":1}' '{"a":1}' -- '{"a":1}' '{}')" = 2-0-0 ]
	[ "$(raised '{"a":1}' '{}' -- '{"a":1}' '{"a":1}')" = 2-0-0 ]
	# type, null
	[ "$(raised '{"a":1}' -- '{"a":"x"}')" = 2-0-0 ]
	[ "$(raised '{"a":1}' '{"a":1}' -- '{"a":1}' '{"a":1.0}')" = 2-0-0 ]
	[ "$(raised '{"a":1}' '{"a":1}' -- '{"a":1}' '{"a":null}')" = 2-0-0 ]
	[ "$(raised '{"a":1}' '{}' '{}' -- '{"a":1}' '{"a":null}' '{}')" = \
		1-2-4 ]
	# sizes
	[ "$(raised '{"a":"xx"}' -- '{"a":"xx"}' '{"a":"xxx"}')" = 1-2-4 ]
	[ "$(raised '{"a":"xx"}' '{"a":"x"}' -- '{"a":"xx"}')" = 1-3-0 ]
	[ "$(raised '{"a":5}' -- '{"a":5}' '{"a":-50}')" = 1-2-4 ]
	[ "$(raised '{"a":[1]}' '{"a":[1,1]}' -- '{"a":[1]}')" = 1-3-0 ]
	# below
	[ "$(raised '{"a":[{"b":1}]}' -- '{"a":[{"b":1}]}' '{"a":[{}]}' \
		)" = 2-0-0 ]
	[ "$(raised '{"a":{"b":{"c":1}}}' -- '{"a":{"b":{"c":2}}}')" = 1-3-0 ]
}

@test "iglu: what is refused, and what is told" {
	attrs '{"a":1}'
	status 2 render-attrs --to=iglu f.attrs
	status 2 iglu --schema-version=1.0.0
	status 2 iglu --schema-version=0-0-1
	status 2 iglu --schema-version=1-01-0
	status 2 render-attrs --to=iglu --vendor=a --name=a.b f.attrs
	status 2 render-attrs --to=iglu --vendor='a b' --name=a f.attrs
	status 2 render-attrs --to=jq --vendor=a f.attrs
	iglu >p.json
	status 2 iglu --schema-version=1-0-0 --previous=p.json
	status 3 iglu --previous=nope.json
	echo '{"a":' >bad.json
	status 2 iglu --previous=bad.json
	echo '{}' >bad.json
	status 2 iglu --previous=bad.json
	attrs '{"a":"x"}'
	render-attrs --to=iglu --vendor=com.acme --name=x --previous=p.json \
		f.attrs 2>err | jq -e '.self.version == "2-0-0"'
	[ "$(cat err)" = "render-attrs: MODEL for .a" ]
	attrs '[1]'
	status 2 iglu
	attrs ''
	status 2 iglu
}
