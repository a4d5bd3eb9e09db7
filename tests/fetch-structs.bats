#!/usr/bin/env bats
# fetch-structs against tests/console, a real HTTP server.
load helper
load console/console

# some FILE CONDITION : it holds for one of the lines.
some() {
	jq -se "any(.[]; $2)" "$1" >/dev/null
}

# An organisation that has everything.
FULL=(--schemas 40 --older 5 --named-older 3 --central --private)

# full OPTION... : fetch-structs with the registries of that organisation.
full() {
	fetch-structs --iglu="$CONSOLE/iglu/api" \
		--iglu-central="$CONSOLE/central" "$@"
}

expect() {
	python3 "$CONSOLE_DIR/expect.py" structs "$@"
}

@test "every object once, byte for byte, in the order of structs(5)" {
	console_start "${FULL[@]}"
	full >out
	expect "${FULL[@]}" >want
	cmp out want
	# 9 listings; 2 tracking plans, 2 pipelines; a call for each version
	# that is no latest one, and one in vain to the Iglu server for what
	# Iglu Central has
	schemas=$(grep -c '"kind":"schema"' want)
	[ "$(requests)" = $((9 + 2 + 2 + schemas - 40 + 1)) ]
	[ "$(requests token)" = 1 ]
	# nothing was asked for twice
	jq -r 'select(.event == "in").target' "$LOG" | sort | uniq -d >twice
	[ ! -s twice ]
}

@test "an organisation where the latest is deployed needs no more calls" {
	console_start --schemas 60 --enrichments 25
	fetch-structs >out
	[ "$(requests)" = 13 ]
	expect --schemas 60 --enrichments 25 | cmp - out
}

@test "pages: the same bytes, whatever -P and the size of a page" {
	console_start "${FULL[@]}" --latency 0.01
	expect "${FULL[@]}" >want
	for o in "-P1 --page-size=7" "-P20 --page-size=7" "-P4 --page-size=40" \
		"-P3 --page-size=1000"; do
		# shellcheck disable=SC2086 # two words
		full $o >out
		cmp out want
	done
}

@test "the shapes that are known from others all parse" {
	fixtures=$(realpath -m "$DATA/../reference/snowplow/fixtures")
	[ -d "$fixtures" ] || skip "no reference/snowplow/fixtures"
	for name in data_structures_response_real data_structures_with_ownership
	do
		console_start --fixtures "$fixtures" \
			--fixture-structures $name.json
		full organization data_structure event_spec tracking_plan \
			pipeline enrichment user >out
		tail -n1 out | jq -e .complete
		# what is ours taken away, it is the same JSON again
		jq -c 'select(.kind == "data_structure") | del(.kind)' out |
			diff - <(jq -c '.[]' "$fixtures/$name.json")
		console_stop
	done
	diff <(jq -c 'select(.kind == "organization") | del(.kind)' out) \
		<(jq -c . "$fixtures/organization_response.json")
	for pair in event_spec:event_specifications_response:.data \
		tracking_plan:tracking_plans_response:.data \
		pipeline:pipelines_response:.pipelines \
		enrichment:enrichments_response:. \
		user:mock_users_and_token:.users; do
		IFS=: read -r kind file path <<<"$pair"
		diff <(jq -c "select(.kind == \"$kind\") |
			del(.kind, .pipelineId)" out) \
			<(jq -c "${path}[]" "$fixtures/$file.json")
	done
	console_start --fixtures "$fixtures" --legacy
	fetch-structs enrichment | jq -c 'select(.kind == "enrichment") |
		del(.kind, .pipelineId)' |
		diff - <(jq -c . "$fixtures/legacy_enrichment_item.json")
}

@test "the versions that fixtures name are looked for: Console, then Central" {
	fixtures=$(realpath -m "$DATA/../reference/snowplow/fixtures")
	[ -d "$fixtures" ] || skip "no reference/snowplow/fixtures"
	console_start --fixtures "$fixtures"
	status 1 full schema >out 2>err
	# checkout_started is listed: the Console is asked, then the others
	[ "$(requests 'versions/1-1-0$')" = 1 ]
	[ "$(requests 'iglu/api/schemas/com.acme/checkout_started')" = 1 ]
	[ "$(requests 'central/schemas/com.acme/checkout_started')" = 1 ]
	# product_viewed is not: the Console would only say 404
	[ "$(requests 'central/schemas/com.acme/product_viewed')" = 1 ]
	some out '.name == "product_viewed" and .fetch_error.status == 404 and
		.version == "1-0-0" and (has("body") | not)'
	tail -n1 out | jq -e '.complete == false'
}

@test "without Iglu Central: what nobody has is said, nobody is asked" {
	console_start --schemas 10 --central --event-specs 2
	status 1 fetch-structs --iglu-central=none >out 2>err
	[ "$(requests central)" = 0 ]
	some out '.name == "web_page" and .fetch_error.error == "config"'
	grep -q "no other registry" err
	grep -v web_page out | grep -v '"kind":"end"' >rest
	expect --schemas 10 --central --event-specs 2 >want
	grep -v '"kind":"end"\|"schema","vendor":"com.snow.*web_page' want |
		grep -v '"event_spec".*web_page' | diff - rest
}

@test "a reader that goes away ends it in silence" {
	console_start "${FULL[@]}"
	full 2>err | head -n1 >out
	[ "$(wc -l <out)" = 1 ]
	[ ! -s err ]
}

@test "KIND: only what it needs is asked for; the end line says so" {
	console_start "${FULL[@]}"
	fetch-structs user enrichment >out
	[ "$(requests)" = 4 ]
	jq -r .kind out | uniq >kinds
	printf '%s\n' enrichment user end | diff - kinds
	tail -n1 out | jq -ce '[.complete, .counts, .filters]' >end
	cat >want <<-'END'
	[true,{"enrichment":6,"user":4,"fetch_error":0},[{"program":"fetch-structs","option":"KIND","value":"enrichment user"}]]
	END
	diff end want
	status 2 fetch-structs enrichments 2>err
	grep -q "no such kind" err
}

@test "a kind that the key may not read: a fetch_error, status 1, all else" {
	console_start "${FULL[@]}" --deny /users --deny /enrichments
	status 1 full --errors=errors >out 2>err
	expect "${FULL[@]}" | grep -v '^{"kind":"\(user\|enrichment\|end\)"' >want
	grep -v '"fetch_error"' out >rest
	diff rest want
	jq -c 'select(.kind != "end" and .fetch_error) |
		[.kind, (.pipelineId | type), .fetch_error.error,
		.fetch_error.status, .fetch_error.reason]' out >failed
	cat >want <<-'END'
	["enrichment","string","http",403,"Forbidden"]
	["enrichment","string","http",403,"Forbidden"]
	["user","null","http",403,"Forbidden"]
	END
	diff failed want
	tail -n1 out | jq -e '.complete == false and .counts.user == 0 and
		.counts.fetch_error == 3'
	[ "$(jq -c '[.error, .status, .kind]' errors | sort | uniq -c |
		wc -l)" = 2 ]
	[ "$(grep -c 'may not read' err)" = 3 ]
	# asked once: a 403 does not get better
	[ "$(requests /users)" = 1 ]
	status 0 full --max-errors=3 >out 2>err
	tail -n1 out | jq -e '.complete == false'
}

@test "the deprecated shape of enrichments; none at all is no failure" {
	console_start --schemas 3 --legacy
	fetch-structs >out
	expect --schemas 3 --legacy | cmp - out
	console_stop
	console_start --schemas 3 --faults '[{"match":"enrichments|data-models",
		"do":"status","status":404}]'
	fetch-structs >out
	expect --schemas 3 --enrichments 0 --models 0 | cmp - out
}

@test "an Iglu server alone: one call, all versions" {
	console_start "${FULL[@]}" --iglu-key
	unset "${!SNOWPLOW_@}"
	IGLU_API_KEY=$IGLU_SECRET fetch-structs --iglu-only \
		--iglu="$CONSOLE/iglu" >out
	[ "$(requests)" = 1 ]
	[ "$(jq -c 'select(.kind == "schema" and .from == "iglu")' out |
		wc -l)" = "$(tail -n1 out | jq .counts.schema)" ]
	tail -n1 out | jq -e '.complete and .counts.schema > 40'
	# the key is in the header, and nowhere else
	run ! grep -rF "$IGLU_SECRET" .
	echo "$IGLU_SECRET" >key
	chmod 600 key
	fetch-structs --iglu-only --iglu="$CONSOLE/iglu/api/" \
		--iglu-key-file=key | cmp - out
	# without it the server has nothing
	status 1 fetch-structs --iglu-only --iglu="$CONSOLE/iglu" >out 2>err
}

@test "what the API reports as errors in an answer makes it incomplete" {
	console_start --schemas 3
	# a wrapper with errors, served by a proxy of one line
	printf '%s' '{"data":[{"id":"a"}],"errors":[{"m":"half of it"}]}' >body
	python3 - body port <<-'END' 3>&- &
	import http.server, os, sys
	body = open(sys.argv[1], 'rb').read()
	class H(http.server.BaseHTTPRequestHandler):
	    def do_GET(self):
	        text = b'{"accessToken":"t"}' if 'token' in self.path else body
	        self.send_response(200)
	        self.send_header('Content-Length', str(len(text)))
	        self.end_headers()
	        self.wfile.write(text)
	s = http.server.HTTPServer(('127.0.0.1', 0), H)
	open('p', 'w').write(str(s.server_port))
	os.rename('p', sys.argv[2])
	s.serve_forever()
	END
	CONSOLE_PIDS+=($!)
	wait_for port $!
	console_env "http://127.0.0.1:$(cat port)"
	status 1 fetch-structs event_spec >out 2>err
	head -n1 out | jq -ce '[.kind, .id]' | grep -qx '\["event_spec","a"\]'
	some out '.kind == "event_spec" and .fetch_error.error == "body"'
	tail -n1 out | jq -e '.complete == false and .counts.event_spec == 1'
}

@test "credentials: missing ones are named, status 2; refused ones 3" {
	console_start --schemas 3
	unset SNOWPLOW_CONSOLE_API_KEY
	HOME=$PWD status 2 fetch-structs 2>err
	grep -q SNOWPLOW_CONSOLE_API_KEY err
	SNOWPLOW_CONSOLE_API_KEY=wrong-secret-text \
		status 3 fetch-structs >out 2>err
	run ! grep -F wrong-secret-text out err
	run ! grep -q '"complete":true' out
}

@test "the second run: nothing for what is fresh, else conditional" {
	# (what is not there, as with --central, is not in the cache)
	console_start --schemas 40 --older 5 --named-older 3 --private
	full --cache=cache >first
	: >"$LOG"
	full --cache=cache >second
	cmp first second
	[ "$(requests)" = 0 ]
	full --cache=cache --max-age=0 --report=report >third
	cmp first third
	# but the bodies whose hash is known: these are good for ever
	jq -se '[.[] | select(.event == "in" and
		(.target | test("token") | not)) | .conditional] |
		all and length > 12' "$LOG"
	run ! grep '"status": 200' "$LOG"
	[ "$(requests 'versions/1')" -le 3 ]
	full --cache=cache --offline >fourth
	cmp first fourth
	rm -r cache
	: >"$LOG"
	status 1 full --cache=cache --offline >out 2>err
	[ "$(requests .)" = 0 ]
	tail -n1 out | jq -e '.complete == false'
}

@test "--dry-run: a plan, and no call" {
	console_start "${FULL[@]}"
	fetch-structs --dry-run >out
	[ "$(requests .)" = 0 ]
	[ "$(tail -n1 out | cut -f1)" -ge 9 ]
	run ! grep '{' out
}

@test "--report counts what the server counts" {
	console_start "${FULL[@]}" --latency 0.02
	full -P8 --report=report >out
	jq -e --argjson n "$(requests .)" '.api_call_count == $n and
		.cache_hit_count == 0 and .parallel_fetch_count > 0 and
		.api_total_time_seconds > 0 and .records > 50 and
		.endpoints."data-structures".api_call_count == 1 and
		(.latency_p99_seconds >= .latency_p50_seconds)' report
	[ "$(grep -o '"max_procs"' report | wc -l)" = 1 ]
}

@test "a full output: status 3" {
	console_start --schemas 3
	status 3 fetch-structs >/dev/full 2>err
	[ "$(wc -l <err)" = 1 ]
}
