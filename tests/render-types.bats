#!/usr/bin/env bats
# render-attrs: avro and typescript, by those who read them.

load helper
load render/helper

odd() {
	cat >odd <<-'END'
	{"id":1,"tag":"x","o'r":[{"no":"A","it":[{"q\"":1},{}]},null],"p":"{\"k\":1}","d":{"a/b":{"~":1,"Straße":"ü"}},"A":1,"a":2,"mm":[[{"x":1},{"x":"y"}],[]],"n":123456789012345678901,"1":{},"empty":{}}
	{"id":2,"tag":5,"o'r":[],"p":"plain","d":{"a/b":"\\"},"A":"1","a":null,"mm":[[{"x":2.5}]],"n":-5,"e":2.5,"prims":[1,"a",null,{"in":1}],"mix":[{}],"":true}
	{"id":3,"tag":null,"d":[],"mm":null,"n":0,"e":1,"empty":{},"mix":{},"nulls":[null]}
	END
}

@test "avro: the library takes the schema, and the records" {
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson \
		iglu-schemas.ndjson
	not_under valgrind asan tsan "the library is what takes the time"
	need_python fastavro avro
	odd
	"$PY" "$TOP/tests/render/avro_check.py" odd "$DATA"/*.ndjson
}

@test "avro: maps, names, nothing" {
	discover-attrs -q --map=.m <<<'{"m":{"a":1,"b":"x"}}' |
		render-attrs --to=avro | jq -ce '.[0].fields[0].type ==
			[{"type":"map","values":["long","string"]}]'
	discover-attrs -q /dev/null | render-attrs --to=avro |
		jq -ce '. == ["null"]'
	odd
	discover-attrs -q odd >odd.attrs
	status 2 render-attrs --to=avro --name=1x odd.attrs
	status 2 render-attrs --to=avro --name='a b' odd.attrs
	render-attrs --to=avro --name=Row odd.attrs |
		jq -e '[.. | objects | select(.type == "record").name] |
			length == (unique | length) and .[0] == "Row"'
}

@test "dot: the drawing has a box for each object, and arrows between" {
	not_under valgrind asan tsan "the drawing is what takes the time"
	need dot jq
	need_data tweets.ndjson github-events.ndjson
	odd
	printf '%s\n' '{"<&>":{"\"]":1,"x|{}":[[{"\\":2}]]},"j":"{\"k\":1}"}' \
		>odder
	for f in odd odder "$DATA"/{tweets,github-events}.ndjson; do
		discover-attrs -q "$f" >f.attrs
		render-attrs --to=dot f.attrs >f.dot
		dot -Tsvg f.dot >f.svg 2>err
		[ ! -s err ]
		boxes=$(jq -n '[inputs | select(.steps) | .steps |
			select(last | type == "string")[:-1]] |
			unique | length' f.attrs)
		[ "$(grep -c 'class="node"' f.svg)" = "$boxes" ]
		[ "$(grep -c 'class="edge"' f.svg)" = $((boxes - 1)) ]
	done
	for i in {1..1001}; do printf '{"k%d":{"a":1}}\n' "$i"; done >f
	discover-attrs -q f >f.attrs
	status 2 render-attrs --to=dot f.attrs
	render-attrs --to=dot --exclude='.k1*' f.attrs >f.dot
	grep -q '"more">828 more<' f.dot
}

@test "mermaid: Mermaid draws a box for each object, and lines between" {
	not_under valgrind asan tsan "the drawing is what takes the time"
	need python3 chromium chromedriver
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson
	need_npm
	odd
	cat >odder <<-'END'
	{"pk":1,"a b":2,"":3,"%":{"x":1},"style: a#b;":{"k":1},"\"q\\":[{"1":2}],"direction TB":{"Straße":1,"日本":2},"e":"{\"z\":{\"y\":1}}","<b>":{"<i>":1},"end":{"class":1},"o":null,"em":[],"mm":[[{"z":1}]]}
	{"pk":"x","classDef x:#y;":{"k":{"k":1}},"%%{init: x}%%":{"b":1},"`t`":1,"accTitle: x":{"r":2},"x~y~":{"z":1},"_x_":{"__y__":[{"k":1}]},"*b*":{"u":1},"- a":{"x":1},"1. a":{"n":1},"$$x$$":{"m":1}}
	END
	for i in {1..61}; do printf '{"k%d":{"a":1}}\n' "$i"; done >wide
	python3 "$TOP/tests/render/mermaid_check.py" \
		"$NODE_MODULES/mermaid/dist/mermaid.min.js" odd odder wide \
		"$DATA"/{tweets,github-events,amazon-cellphones}.ndjson
}

@test "mermaid: what it would not draw is refused, with what to do" {
	for i in {1..501}; do printf '{"k%d":{"a":1}}\n' "$i"; done >f
	discover-attrs -q f >f.attrs
	status 2 render-attrs --to=mermaid f.attrs 2>err
	[ "$(cat err)" = "render-attrs: --to=mermaid: 501 lines between \
objects are more than the 500 that Mermaid draws (--select, --exclude and \
--min-presence leave some out)" ]
	head -n 500 f | discover-attrs -q >f.attrs
	render-attrs --to=mermaid f.attrs >f.mmd
	# by length: in characters as JavaScript counts them
	for i in {1..40}; do
		printf '{"%d%s":{"a":1}}\n' "$i" "$(printf '𝄞%.0s' {1..200})"
	done >f
	for n in 31 32 33 34 35 36 37 38 39 40; do
		head -n $n f | discover-attrs -q >f.attrs
		render-attrs --to=mermaid f.attrs >f.mmd 2>err || break
		[ "$(python3 -c 'import sys
print(len(sys.stdin.buffer.read().decode().encode("utf-16-le")) // 2)' \
			<f.mmd)" -le 50000 ]
	done
	[ "$n" -gt 31 ]
	grep -qE ': 5[0-9]{4} characters of text are more than the 50000 ' err
	render-attrs --to=mermaid --exclude='.*' f.attrs >f.mmd
}

@test "datahub: DataHub's classes take schema and profile" {
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson
	not_under valgrind asan tsan "the library is what takes the time"
	need_datahub
	odd
	printf '%s\n' '{"id":1,"a":{"x":1},"o":[{"k":[{"z":1}]}],"p":"{\"k\":1}","m":[[{"q":2}]],"n":null}' \
		'{"id":2,"a":[{"x":2}],"p":{"k":2},"o":[],"A b.c":1}' >odder
	"$DATAHUB" "$TOP/tests/render/datahub_check.py" odd odder \
		"$DATA"/{tweets,github-events}.ndjson
}

@test "datahub: what it is given" {
	odd
	discover-attrs -q odd >odd.attrs
	urn='urn:li:dataset:(urn:li:dataPlatform:file,a,b,PROD)'
	render-attrs --to=datahub --urn="$urn" odd.attrs >out
	[ "$(wc -l <out)" = 1 ]
	jq -e --arg urn "$urn" '.entityUrn == $urn and
		.aspect.json.schemaName == "a,b"' out
	status 2 render-attrs --to=datahub odd.attrs
	for urn in x 'urn:li:dataset:(urn:li:dataPlatform:file)' \
		'urn:li:dataset:(urn:li:dataPlatform:file,PROD)' \
		'urn:li:dataset:(urn:li:dataPlatform:file,a,)'; do
		status 2 render-attrs --to=datahub --urn="$urn" odd.attrs
	done
}

# typed FILE : its type, and its records as values of it
typed() {
	discover-attrs -q "$1" | render-attrs --to=typescript
	echo "export const records: Root[] = ["
	sed 's/$/,/' "$1"
	echo "];"
}

@test "typescript: the compiler accepts the records, and no others" {
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson \
		iglu-schemas.ndjson
	not_under valgrind asan tsan "the compiler is what takes the time"
	need_npm
	odd
	n=0
	for f in odd "$DATA"/*.ndjson; do
		n=$((n + 1))
		typed "$f" >part$n.ts
	done
	printf '%s\n' '{"a":1,"b":{"c":"x"}}' '{"a":2,"b":{}}' >f
	for wrong in '{a:"x",b:{}}' '{b:{}}' '{a:1,b:{c:5}}' '{a:1,b:null}' \
		'{a:1,b:{},x:1}' '[]'; do
		# an error where none is expected, and the reverse, are errors
		n=$((n + 1))
		printf '// @ts-expect-error\nexport const x%d: Root = %s;\n' \
			$n "$wrong"
	done >wrong
	typed f | cat - wrong >wrong.ts
	"$NODE_MODULES/.bin/tsc" --noEmit --strict --target es2022 part*.ts wrong.ts
}

@test "typescript: maps, and its name" {
	discover-attrs -q --map=.m <<<'{"m":{"a":1,"b":"x"}}' >f.attrs
	render-attrs --to=typescript --name=Row f.attrs >out
	printf 'export type Row = {\n\t"m": { [key: string]: string | number };\n};\n' |
		diff - out
	discover-attrs -q /dev/null | render-attrs --to=typescript |
		grep -qx 'export type Root = never;'
}
