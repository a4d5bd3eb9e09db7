#!/usr/bin/env bats
# fetch-deploys, alone and behind fetch-structs, against tests/console.
load helper
load console/console

FULL=(--schemas 40 --older 5 --named-older 3 --long 2500)

expect() {
	python3 "$CONSOLE_DIR/expect.py" "$@"
}

# some FILE CONDITION : it holds for one of the lines.
some() {
	jq -se "any(.[]; $2)" "$1" >/dev/null
}

@test "histories of any length, byte for byte, in the order of the input" {
	console_start "${FULL[@]}"
	fetch-structs >in
	: >"$LOG"
	fetch-deploys in >out
	expect deploys "${FULL[@]}" >want
	cmp out want
	# one call each, and two more for the one with 2,500 deployments
	[ "$(requests)" = 42 ]
	for p in 1 3 50; do
		fetch-structs | fetch-deploys -P $p | cmp - want
	done
}

@test "both shapes of the answer, and compressed" {
	console_start "${FULL[@]}" --wrapped-pages --gzip
	fetch-structs | fetch-deploys >out
	expect deploys "${FULL[@]}" | cmp - out
}

@test "--schemas=all: the body of every version, in order of versions" {
	console_start --schemas 30 --versions 14 --deployments 30
	fetch-structs | fetch-deploys --schemas=all >out
	expect versions --schemas 30 --versions 14 --deployments 30 | cmp - out
	jq -c 'select(.versions) | .versions | keys_unsorted' out |
		grep -q '"1-0-9","1-2-0"\|"1-0-9","1-1-0"\|1-0-9","1-3-0'
}

@test "a version that cannot be fetched: its fetch_error, the others go on" {
	console_start --schemas 3 --faults '[{"match":"versions/1-0-0$",
		"do":"status","status":404}]'
	fetch-structs data_structure >in
	status 1 fetch-deploys --schemas=all --errors=errors in >out 2>err
	n=$(wc -l <errors)
	[ "$n" -ge 1 ]
	some out '.versions."1-0-0".fetch_error.status == 404 and .history'
	tail -n1 out | jq -e --argjson n "$n" \
		'.complete == false and .counts.fetch_error == $n'
}

@test "1000 schemas: at most 1,100 calls, and one for each other version" {
	big=(--schemas 1000 --enrichments 25 --deployments 3 --event-specs 200)
	console_start "${big[@]}"
	fetch-structs -P50 | fetch-deploys -P50 >out
	n=$(requests)
	echo "$n calls"
	[ "$n" -le 1100 ]
	expect deploys "${big[@]}" | cmp - out
	console_stop
	rm "$LOG"
	console_start "${big[@]}" --older 70
	fetch-structs -P50 | fetch-deploys -P50 >out
	[ "$(requests)" = $((n + 70)) ]
	expect deploys "${big[@]}" --older 70 | cmp - out
}

@test "a slow answer at the head: the order stays, few transfers start" {
	console_start --schemas 60 --faults '[{"match":"deployments",
		"from":1,"to":1,"do":"slow","seconds":1.5}]'
	fetch-structs data_structure >in
	: >"$LOG"
	fetch-deploys -P 5 in >out
	expect deploys --schemas 60 | grep data_structure >want
	grep -v '"kind":"end"' out | diff - <(grep '"kind":"data_s' want)
	# while the slow one was under way, at most 4 x P - 1 others came
	jq -s '([.[] | select(.fault == "slow" and .event == "out").t][0]) as $t
		| [.[] | select(.event == "in" and .t < $t and
		(.target | test("deployments")))] | length' "$LOG" >n
	[ "$(cat n)" -le 20 ]
	[ "$(cat n)" -ge 10 ]
	# unordered: the same lines, the end line last
	console_stop
	console_start --schemas 60 --faults '[{"match":"deployments",
		"from":1,"to":1,"do":"slow","seconds":1}]'
	fetch-deploys -P 5 --unordered in >any
	diff <(sort out) <(sort any)
	diff <(tail -n1 out) <(tail -n1 any)
	run ! cmp out any
}

@test "written by hand: names are enough; what the API lists needs no kind" {
	console_start --schemas 8 --iglu-schemas none
	printf '%s\n' '{"vendor":"com.acme3","name":"thing_3","format":"jsonschema"}' \
		'{ "kind": "data_structure", "vendor":"com.acme4", "name":"thing_4", "format":"jsonschema"}' \
		>in
	fetch-deploys in >out
	fetch-structs | fetch-deploys >all
	for i in 3 4; do
		diff <(jq -c "select(.name == \"thing_$i\").history" out) \
			<(jq -c "select(.name == \"thing_$i\" and .history)
				.history" all)
	done
	[ "$(head -n1 out | cut -c1-60)" = \
		'{"kind":"data_structure","vendor":"com.acme3","name":"thing_' ]
	# nobody knows such a thing: that is said
	echo '{"vendor":"com.acme3","name":"thing_33","format":"jsonschema"}' |
		status 1 fetch-deploys >out 2>err
	some out '.fetch_error.status == 404 and .name == "thing_33"'
}

@test "the end line is rewritten: complete only when all was, and is" {
	console_start --schemas 4
	fetch-structs >in
	end() {
		fetch-deploys -q "$@" | tail -n1 | jq -c .complete
	}
	[ "$(end in)" = true ]
	# no end line, one that says no, lines behind it
	grep -v '"kind":"end"' in | end | grep -qx false
	sed 's/"complete":true/"complete":false/' in | end | grep -qx false
	cat in <(echo '{"kind":"user"}') | end | grep -qx false
	: | end | grep -qx false
	# a line that was damaged on the way
	(head -n3 in; echo '{"kind":"us'; tail -n+4 in) >cut
	status 1 fetch-deploys cut >out 2>err
	tail -n1 out | jq -e '.complete == false'
	grep -q "cut:4: " err
	# two whole streams, one after the other, are whole
	[ "$(cat in in | end)" = true ]
}

@test "kinds and members that nobody knows pass byte for byte" {
	console_start --schemas 2
	printf '%s\n' '{"kind":"sink" , "n": 1.50 }' '{"n":1}' >odd
	printf '%s\n' '{"kind":"end","complete":true,"counts":{"sink":1,"user":0},"filters":[{"program":"x"}],"took":1.0}' >end
	cat odd end | fetch-deploys >out
	head -n2 out | cmp - odd
	tail -n1 out | diff - <(echo '{"kind":"end","complete":true,"counts":{"user":0,"sink":1,"fetch_error":0},"filters":[{"program":"x"}],"took":1.0}')
}

@test "input as gzip, as an array, with blank lines, without a line end" {
	console_start --schemas 5
	fetch-structs >in
	fetch-deploys in >want
	gzip -c in | fetch-deploys | cmp - want
	jq -s . in | fetch-deploys | jq -c . | diff - <(jq -c . want)
	(echo; cat in | head -c -1) | fetch-deploys | cmp - want
}

@test "filters: what was left out stands in the end line" {
	console_start --schemas 60 --iglu-schemas none
	fetch-structs data_structure >in
	check() {
		local jq=$1
		shift
		: >"$LOG"
		fetch-deploys "$@" in >out
		jq -c "select(.kind == \"data_structure\" and ($jq)).hash" in |
			diff - <(jq -c 'select(.kind == "data_structure").hash' out)
		# what is left out is not asked for
		[ "$(requests)" = "$(grep -c '"history"' out)" ]
		tail -n1 out | jq -e '.complete and (.filters | length) == 2 and
			.counts.data_structure + .filters[1].dropped == 60'
	}
	check '.vendor == "com.acme3" or .vendor == "com.acme4"' \
		--allow='COM\.ACME[34]/'
	check '(.vendor | startswith("com.acme1") | not)' --deny='com\.acme1'
	check '.meta.hidden | not' --no-hidden
	check '.meta.schemaType == "event"' --type=event
	check '.meta.schemaType != "entity"' --type=event --type=none
	check 'true' --environment=PROD
	check 'false' --environment=QA
	check 'true' --deployed-since=2000-01-01
	check 'false' --deployed-since=2100-01-01T00:00:00+02:00
	status 2 fetch-deploys --deployed-since=2025-02-30 in 2>err
	grep -q "no date" err
	status 2 fetch-deploys --allow="(" in 2>err
	status 2 fetch-deploys --type=x in 2>err
}

@test "the second run: nothing for what is fresh, else conditional" {
	console_start "${FULL[@]}"
	fetch-structs --cache=cache | fetch-deploys --cache=cache >first
	: >"$LOG"
	fetch-structs --cache=cache | fetch-deploys --cache=cache >second
	cmp first second
	[ "$(requests .)" = 0 ]
	fetch-structs --cache=cache | fetch-deploys --cache=cache --max-age=0 |
		cmp - first
	[ "$(requests)" = 42 ]
	jq -se '[.[] | select(.event == "in").conditional] | all' "$LOG"
	# one token for all of them
	[ "$(requests token)" = 0 ]
}

@test "bodies whose hash is known are fetched once for ever" {
	console_start --schemas 10
	fetch-structs >in
	fetch-deploys --schemas=all --cache=cache in >first
	: >"$LOG"
	fetch-deploys --schemas=all --cache=cache --max-age=0 in | cmp - first
	[ "$(requests versions/)" = 0 ]
	[ "$(requests deployments)" = 10 ]
}

@test "--dry-run: a call for each data structure, none is made" {
	console_start --schemas 7
	fetch-structs >in
	: >"$LOG"
	fetch-deploys --dry-run in >out
	[ "$(requests .)" = 0 ]
	grep -qx "7	deployments" out
	run ! grep '{' out
}

@test "a full output: status 3; a missing input: status 3" {
	console_start --schemas 7
	fetch-structs >in
	status 3 fetch-deploys in >/dev/full 2>err
	status 3 fetch-deploys in nowhere >out 2>err
	grep -q nowhere err
	tail -n1 out | jq -e '.complete == false'
}

@test "little memory, with a slow answer at the head" {
	not_under asan tsan valgrind "its own memory counts"
	console_start --schemas 3000 --compact --faults '[
		{"match":"deployments","from":1,"to":1,"do":"slow","seconds":1}]'
	fetch-structs --report=r1 -o in
	fetch-deploys --report=r2 -P10 in >out
	[ "$(grep -c '"history"' out)" = 3000 ]
	for r in r1 r2; do
		jq .max_rss_bytes $r
		jq -e '.max_rss_bytes < 32 * 1024 * 1024' $r
	done
}

# examples PAGE : its .Dl lines and .Bd blocks, as they are run.
examples() {
	mandoc -T ascii "$TOP/man/$1" | col -bx |
		sed -n '/^EXAMPLES/,/^SEE ALSO/p' | sed -n 's/^           //p'
}

@test "the examples of structs(5) say what they promise" {
	need mandoc col
	console_start --schemas 6 --deny users
	status 1 fetch-structs >some.ndjson 2>err
	fetch-deploys some.ndjson >structs.ndjson
	examples structs.5 >lines
	grep -q 'jq' lines
	set +o pipefail
	jq -r .kind structs.ndjson | sort | uniq -c | grep -q ' 6 data_str'
	run -1 bash -c "tail -n1 structs.ndjson |
		jq -e 'select(.kind == \"end\").complete'"
	[ "$output" = false ]
	jq -c 'select(.fetch_error) | [.kind, .name, .fetch_error.reason]' \
		structs.ndjson | diff - <(echo '["user",null,"Forbidden"]')
	jq -r 'select(.history) | [.vendor + "/" + .name,
		(.history[] | select(.env == "PROD").version)] | @tsv' \
		structs.ndjson >versions
	[ "$(wc -l <versions)" = 6 ]
	[ "$(cut -f2 versions | grep -c '^1-')" = 6 ]
	# as they stand in the page
	for example in "jq -r .kind structs.ndjson | sort | uniq -c" \
		"jq -e 'select(.kind == \"end\").complete'" \
		"jq -c 'select(.fetch_error) | [.kind, .name, .fetch_error.reason]'"
	do
		tr -s ' \n' '  ' <lines | grep -qF "$example"
	done
}

@test "the examples of fetch-deploys(1)" {
	console_start --schemas 12 --iglu-schemas none --latency 0.01
	fetch-structs >structs.ndjson
	fetch-deploys --time-limit=5m -o all.ndjson structs.ndjson
	mv all.ndjson all.ndjson.partial
	fetch-deploys --resume=all.ndjson.partial -o all.ndjson structs.ndjson
	cmp all.ndjson all.ndjson.partial
	fetch-deploys --dry-run structs.ndjson | tail -n1 | grep -q '^1[23]	all'
	echo '{"vendor":"com.acme1","name":"thing_1","format":"jsonschema"}' |
		fetch-deploys | jq 'select(.history).history' >history
	jq -e 'length == 5' history
	fetch-structs | fetch-deploys --deployed-since=2015-01-01 --schemas=all |
		tail -n1 | jq -e .complete
}
