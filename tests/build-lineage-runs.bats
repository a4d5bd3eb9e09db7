#!/usr/bin/env bats
# build-lineage: against an earlier output (--changed-since, --stale), and
# faults of the input and the output.
load helper

ORACLE=$TOP/tests/oracle
END='{"kind":"end","complete":true,"counts":{},"filters":[]}'

# shellcheck disable=SC2120
small() {
	python3 "$ORACLE/organization.py" --schemas=12 --enrichments=8 \
		--pipelines=2 "$@"
}

# Lines of the input without those that contain TEXT.
without() {
	grep -v -F -e "$1" in
}

removed() {
	jq -r 'select(.aspectName == "status" and .aspect.json.removed)
		| .entityUrn' "$@"
}

@test "--changed-since: nothing, when nothing changed, in any form" {
	small >in
	build-lineage -o old in
	build-lineage --array -o old.json in
	build-lineage --gms=batch -o old.gms in
	gzip -k old
	for form in old old.json old.gms old.gz; do
		status 0 build-lineage --changed-since=$form in >new
		cmp new /dev/null
	done
	patch=('--patch=ownership,tags' --column-lineage=patch)
	build-lineage "${patch[@]}" -o patches in
	build-lineage "${patch[@]}" --changed-since=patches in |
		cmp - /dev/null
	python3 -m json.tool old.json >pretty.json
	build-lineage --changed-since=pretty.json in | cmp - /dev/null
	build-lineage --report=r --changed-since=old in
	jq -e --argjson n "$(wc -l <old)" \
		'.aspects == 0 and .aspects_unchanged == $n' r
}

@test "--changed-since: what changed, and only that" {
	small >in
	build-lineage -o old in
	sed 's/"name":"Spec 3"/"name":"Spec three"/' in >in2
	build-lineage -o whole in2
	build-lineage --changed-since=old in2 >new
	jq -r .aspectName new | diff - <(echo datasetProperties)
	grep 'Spec three' new
	# The new output is the old one with what changed replaced.
	diff <(grep -v -x -F -f old whole) new
}

@test "--changed-since: the output may replace the file" {
	small >in
	build-lineage -o old in
	build-lineage --changed-since=old -o old in
	cmp old /dev/null
}

@test "--stale: removes what is gone, and nothing that is there" {
	small >in
	build-lineage -o old in
	without '"name":"Spec 3"' >in2
	status 0 build-lineage --stale=old in2 >new
	id=$(jq -r 'select(.name == "Spec 3").id' in)
	removed new | diff - <(echo \
		"urn:li:dataset:(urn:li:dataPlatform:snowplow,event_spec.$id,PROD)")
	# The rest is what it is without --stale.
	build-lineage in2 | diff - <(grep -v '"removed":true' new)
	# What is removed already is not removed again.
	build-lineage --stale=new in2 >again
	[ -z "$(removed again)" ]
	# And is there again, when it comes back.
	build-lineage --stale=new in | cmp - old
	for form in --array --gms=batch; do
		build-lineage $form in >old.other
		build-lineage --stale=old.other in2 | cmp - new
	done
}

@test "--stale: flows, jobs and containers too; fields, tags, tables never" {
	small >in
	build-lineage --marks=both --data-models -o old in
	flow=$(jq -r 'select(.kind == "pipeline" and .label == "dev").id' in)
	without "$flow" | grep -v 'plan-0' >in2
	build-lineage --marks=both --data-models --stale=old \
		--max-removed=100% in2 >new
	removed new | cut -d: -f3 | sort | uniq -c | awk '{print $1, $2}' |
		diff - <(printf '1 container\n1 dataFlow\n6 dataJob\n')
	removed new | sort -c
}

@test "--stale: refused, with the reason, and nothing removed" {
	small >in
	build-lineage -o old in
	without '"name":"Spec 3"' >in2
	refused() {
		status 1 build-lineage "$@" >new 2>err
		[ -z "$(removed new)" ]
	}
	grep -v '"kind":"end"' in2 >cut
	refused --stale=old cut
	grep 'no end line' err
	sed 's/"complete":true/"complete":false/' in2 >incomplete
	refused --stale=old incomplete
	grep 'not complete' err
	(cat in2; echo '{"kind":"user"}') >behind
	refused --stale=old behind
	(echo '{"kind":'; cat in2) >damaged
	refused --stale=old damaged
	refused --stale=old --no-event-spec='Spec 4' in2
	grep 'filters differ: "" then, "build-lineage --no-event-spec Spec 4"' err
	sed 's/"filters":\[\]/"filters":[{"program":"fetch-deploys","option":"--vendor","value":"com.acme","dropped":14}]/' \
		in2 >filtered
	refused --stale=old filtered
	grep -F 'fetch-deploys --vendor com.acme' err
	refused --stale=old --env=DEV in2
	grep 'not of this organization' err
	refused --stale=old --platform-instance=x in2
	sed 's/org-1/org-2/' in2 >other
	refused --stale=old other
	grep -v '"event_spec"' in >few
	refused --stale=old --max-removed=5 few
	grep 'of .* entities would be, more than 5 %' err
	status 0 build-lineage --stale=old --max-removed=100% few >new
	removed new | grep -c . | grep -x 12
	# The same filters then and now are no reason.
	build-lineage --no-event-spec='Spec 4' -o old in
	status 0 build-lineage --no-event-spec='Spec 4' --stale=old in2 >new
	removed new | grep -c . | grep -x 1
	run -2 build-lineage --stale=old --compat=upstream in
	run -2 build-lineage --stale=missing in
	run -2 build-lineage --changed-since=in in
}

@test "no end line, or an incomplete one: built all the same, status 1" {
	small >in
	build-lineage -o whole in
	grep -v '"kind":"end"' in >cut
	status 1 build-lineage cut >out 2>err
	cmp out whole
	grep 'end line' err
	sed 's/"complete":true/"complete":false/' in | status 1 build-lineage |
		cmp - whole
}

@test "bad lines are rejects with their place; the rest goes on" {
	small >in
	build-lineage -o whole in
	{
		head -3 in
		echo '{"kind":"pipeline",'
		echo '[1]'
		echo '{"kind":7}'
		printf '{"kind":"user","name":"\xff"}\n'
		tail -n +4 in
	} >damaged
	status 1 build-lineage --errors=errors damaged >out 2>err
	cmp out whole
	jq -r '[.error, .record] | @tsv' errors | diff - <(printf \
		'json\t4\nconfig\t5\nconfig\t6\nutf8\t7\n')
	grep 'damaged:4: ' err
	jq -r 'select(.record == 5).raw' errors | diff - <(echo '[1]')
	# Tolerated rejects are no finding, but the input is not complete.
	status 1 build-lineage --max-errors=4 damaged >out 2>err
	run -2 build-lineage --max-errors=x in
}

@test "values of other types than the API has: nothing breaks" {
	cat >in <<-EOF
	{"kind":"organization","id":7,"name":[]}
	{"kind":"data_structure"}
	{"kind":"data_structure","vendor":{},"name":"x"}
	{"kind":"data_structure","hash":1,"vendor":"v","name":"x","meta":[],"deployments":{},"history":7,"versions":[1]}
	{"kind":"data_structure","vendor":"v","name":"y","meta":{"customData":{"a":null,"b":true,"c":{"d":[1, 2]},"format":"mine"}},"deployments":[7,{"version":1},{"version":"x-1","ts":"yesterday"}],"history":[]}
	{"kind":"schema","vendor":"v","name":"y","format":"jsonschema","version":"x-1","body":{"properties":[],"type":7}}
	{"kind":"schema"}
	{"kind":"event_spec","id":"e","event":[],"entities":{"tracked":[{"source":"iglu:x"},7]},"eventSchemas":[{"vendor":"v"},7]}
	{"kind":"tracking_plan","id":"p","eventSpecs":[{"id":"e"},7,{}],"sourceApplications":[1]}
	{"kind":"data_model","id":"m"}
	{"kind":"pipeline","id":"f","config":7}
	{"kind":"enrichment","pipelineId":"f","name":"n","userData":[1],"schemaKey":7}
	{"kind":"enrichment","pipelineId":"f","id":"u","content":{"schema":"iglu:a/ip_lookups/b/c"}}
	{"kind":"destination","id":"d","target":7}
	{"kind":"user"}
	{"kind":"news","x":1}
	{"kind":"data_structure","fetch_error":{"error":"http"}}
	{"kind":"end","complete":true,"filters":7}
	EOF
	status 1 build-lineage --organization=o --data-models --errors=e in \
		>out 2>err
	jq -e . out >/dev/null
	jq -c 'select(.entityUrn | contains("v.y,")) |
		select(.aspectName == "datasetProperties") |
		.aspect.json.customProperties | [.b, .c, .format, has("a")]' \
		out | diff - <(echo '["True","{\"d\":[1,2]}","jsonschema",false]')
	status 1 build-lineage --compat=upstream --field-versions \
		--marks=both in >out 2>err
}

@test "the same thing twice: one of them, and a finding" {
	small >in
	build-lineage -o once in
	{ grep '"kind":"event_spec"' in | head -2; cat in; } >twice
	status 1 build-lineage twice >out 2>err
	cmp out once
	grep 'there twice' err
	{ grep '"kind":"schema"' in; cat in; } >twice
	status 0 build-lineage twice | cmp - once
}

@test "what is not there is a finding, told ten times at most" {
	small >in
	grep -v '"kind":"schema"' in >bodiless
	status 1 build-lineage --errors=errors bodiless >out 2>err
	grep 'no body of version' err
	[ "$(grep -c 'no body' err)" = 10 ]
	grep '2 more findings' err
	[ "$(jq -r .error errors | sort | uniq -c | awk '{print $1 $2}')" = \
		12config ]
	# Their datasets are there all the same.
	[ "$(grep -c snowplow_event_schema out)" = 9 ]
}

@test "output that cannot be written, input that cannot be read" {
	small >in
	run -3 bash -c 'build-lineage in >/dev/full'
	run -3 build-lineage missing
	run -3 bash -c 'build-lineage . </dev/null'
	gzip -c in | head -c 500 >cut.gz
	run -3 build-lineage cut.gz
	run -0 bash -c 'build-lineage in | head -1 | grep -c . | grep -qx 1'
	run -3 build-lineage -o nowhere/out in
	run -2 build-lineage --no-such-option
	run -2 build-lineage --field-paths=v3
}

@test "a first TERM changes nothing, a second one ends it" {
	not_under valgrind "signals come too early"
	small >in
	build-lineage -o whole in
	mkfifo pipe
	build-lineage -o out pipe &
	pid=$!
	exec 7>pipe
	head -5 in >&7
	kill -TERM $pid
	tail -n +6 in >&7
	exec 7>&-
	wait $pid
	cmp out whole
}

@test "completion and help name every option" {
	build-lineage --completion=bash | bash -n
	build-lineage --help >help
	for o in $(grep -o '^  *\(-., \)\?--[a-z0-9-]*' help | grep -o -e \
		'--[a-z0-9-]*'); do
		grep -q -e "Fl -${o#--}" "$TOP/man/build-lineage.1" ||
			{ echo "$o is not in the page"; false; }
	done
}

@test "names that need escapes: URNs, pointers, JSON" {
	cat >in <<-'EOF'
	{"kind":"organization","id":"o/~\"ü","name":"N \"quoted\" \u0001"}
	{"kind":"pipeline","id":"f,(x)␟","name":"P"}
	{"kind":"enrichment","pipelineId":"f,(x)␟","name":"e),(","schemaKey":"iglu:a/b/c/1-0-0","userData":{}}
	{"kind":"data_structure","hash":"h","vendor":"v","name":"x","format":"jsonschema","meta":{"schemaType":"event"},"deployments":[{"version":"1-0-0","env":"PROD","ts":"2024-01-01T00:00:00Z","initiator":"a/b~c"}]}
	{"kind":"schema","vendor":"v","name":"x","format":"jsonschema","version":"1-0-0","body":{"properties":{"a\"b\\c\u00e9":{"description":"\ud83d\ude00"}}}}
	EOF
	echo "$END" >>in
	status 0 build-lineage --patch=ownership in >out
	jq -e . out >/dev/null
	grep -q -F '"urn:li:dataFlow:(snowplow,f%2C%28x%29%E2%90%9F,PROD)"' out
	grep -q -F ',PROD),e%29%2C%28)"' out
	jq -r 'select(.aspectName == "ownership").aspect.value | fromjson.patch[].path' \
		out | diff - <(echo '/owners/urn:li:corpuser:a~1b~0c/PRODUCER//')
	jq -r 'select(.aspectName == "schemaMetadata").aspect.json.fields[] |
		.fieldPath + " " + .description' out | tail -1 |
		diff - <(printf 'a"b\\cé \U1F600\n')
	# The container's guid, as Python makes it.
	guid=$(python3 -c 'import hashlib, json; print(hashlib.md5(json.dumps(
		{"organization_id": "o/~\"ü", "platform": "snowplow"},
		sort_keys=True, separators=(",", ":")).encode()).hexdigest())')
	grep -q "urn:li:container:$guid" out
}
