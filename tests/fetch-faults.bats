#!/usr/bin/env bats
# What can go wrong between fetch-structs, fetch-deploys and the Console:
# nothing is lost, nothing comes twice, and what is missing is said.
load helper
load console/console

ORG=(--schemas 40 --older 5 --named-older 3 --long 1500)

expect() {
	python3 "$CONSOLE_DIR/expect.py" "$@"
}

# both OPTION... : the whole pipe, with these options for both.
both() {
	fetch-structs "$@" | timeout 100 fetch-deploys "$@"
}

# (the p of faults add up: a request has one random number for all of them)
# survives FAULTS OPTION... : the output is as if there were no faults, and all
# that was written is right.
survives() {
	local faults=$1
	shift
	console_start "${ORG[@]}" --faults "$faults"
	both --retries=50 "$@" >out
	expect deploys "${ORG[@]}" | cmp - out
	# the faults did happen
	jq -se '[.[] | select(.event == "out" and .fault)] | length > 5' "$LOG"
	console_stop
}

@test "429 storms with Retry-After" {
	survives '[{"match":"deploy","from":5,"to":12,"do":"status",
		"status":429,"retry_after":1},{"match":"specs|plans|products",
		"attempts":1,"do":"status","status":429,"retry_after":1}]'
}

@test "30 % random errors of the server" {
	survives '[{"p":0.2,"attempts":3,"do":"status","status":503},
		{"p":0.3,"attempts":3,"do":"status","status":500}]' -P20
}

@test "connections reset or closed in the middle of a body" {
	survives '[{"p":0.15,"attempts":2,"do":"reset"},
		{"p":0.3,"attempts":2,"do":"cut"},
		{"p":0.4,"attempts":2,"do":"drop"}]' -P20
}

@test "answers that are cut, or no JSON" {
	survives '[{"p":0.15,"attempts":2,"do":"short"},
		{"p":0.3,"attempts":2,"do":"garbage"},
		{"match":"organizations/","p":0.4,"attempts":2,"do":"empty"}]' -P20
}

@test "behind nginx: TLS, HTTP/2, and a limit that is met" {
	need nginx openssl
	console_start "${ORG[@]}"
	front_start "rate=40r/s burst=10"
	both -P30 --cacert="$CA" >out
	expect deploys "${ORG[@]}" | cmp - out
	grep -q ' 429 ' "$BATS_TEST_TMPDIR/nginx/access.log"
	grep -q 'HTTP/2.0" 200' "$BATS_TEST_TMPDIR/nginx/access.log"
	# a certificate that nobody trusts: refused, and said
	status 3 fetch-structs user >out 2>err
	grep -qi certificate err
}

@test "a token that expires in mid-run" {
	console_start "${ORG[@]}" --token-uses 15
	both -P4 >out
	expect deploys "${ORG[@]}" | cmp - out
	# 25 and 42 calls, 15 a token, and a few that were under way
	n=$(requests token)
	echo "$n tokens"
	[ "$n" -ge 5 ] && [ "$n" -le 9 ]
}

@test "what never answers costs itself alone" {
	console_start --schemas 6 --faults '[{"match":"users|1fa|deployments",
		"from":1,"to":3,"do":"never"}]'
	fetch-structs --timeout=300ms --retries=0 >out 2>err || [ $? = 1 ]
	tail -n1 out | jq -e '.complete == false'
	jq -ce 'select(.fetch_error and .kind == "user").fetch_error.error' \
		out | grep -qx '"timeout"'
	grep -v 'fetch_error\|"kind":"user"' out |
		diff - <(expect structs --schemas 6 |
			grep -v '"kind":"\(user\|end\)"')
	# deployments: the second and third request that matches
	grep -v '"kind":"end"' out >in
	status 1 fetch-deploys --timeout=300ms --retries=0 in >out 2>err
	[ "$(grep -c '"history"' out)" = 4 ]
	[ "$(grep -c '"error":"timeout"' out)" = 3 ]
	[ "$(wc -l <out)" = $(($(wc -l <in) + 1)) ]
}

@test "a redirect to another host: an error, and no key goes there" {
	console_start --schemas 3
	mv "$LOG" other.log
	other=$CONSOLE
	console_start --schemas 3 --faults "[{\"match\":\"users\",
		\"do\":\"redirect\",\"location\":\"$other/api/x\"}]"
	status 1 fetch-structs >out 2>err
	some='any(.[]; .kind == "user" and .fetch_error)'
	jq -se "$some" out
	run ! grep -q '/api/x' "$LOG"
}

@test "TERM: a valid partial, status 75; resumed, nothing twice" {
	console_start "${ORG[@]}" --faults '[{"match":"deployments","from":12,
		"to":1000,"do":"never"}]'
	fetch-structs >in
	fetch-deploys -P4 -o all in 2>err &
	pid=$!
	for ((i = 0; i < 200; i++)); do
		[ "$(requests deployments)" -lt 15 ] || break
		sleep 0.05
	done
	kill -TERM $pid
	rc=0
	wait $pid || rc=$?
	[ $rc = 75 ]
	[ ! -e all ]
	tail -n1 all.partial | jq -e '.kind == "end" and .complete == false'
	got=$(grep -c '"history"' all.partial)
	[ "$got" = 11 ] || [ "$got" = 10 ]
	console_stop
	rm "$LOG"
	console_start "${ORG[@]}"
	fetch-deploys --resume=all.partial -o all in 2>err
	expect deploys "${ORG[@]}" | cmp - all
	# of the second one 2 pages, of the others that are missing one each
	jq -r 'select(.event == "in").target' "$LOG" |
		grep -o '/v1/[0-9a-f]*/deployments' | sort -u >asked
	[ "$(wc -l <asked)" = $((40 - got)) ]
	# and what the partial had was not among them
	jq -r 'select(.history).hash' all.partial >had
	run ! grep -Ff had asked
}

@test "--time-limit: as TERM; fetch-structs too" {
	console_start --schemas 5 --faults '[{"match":"specs|deployments",
		"do":"never"}]'
	status 75 fetch-structs --time-limit=700ms >out 2>err
	tail -n1 out | jq -e '.kind == "end" and .complete == false'
	[ "$(grep -c '"kind":"data_structure"' out)" = 5 ]
	fetch-structs data_structure >in
	status 75 fetch-deploys --time-limit=700ms in >out 2>err
	[ "$(wc -l <out)" = 1 ]
	jq -e '.complete == false' out
}

@test "SIGKILL of the first stage: the end line says incomplete" {
	console_start "${ORG[@]}" --faults '[{"match":"specs","do":"never"}]'
	mkfifo pipe
	fetch-structs >pipe 3>&- &
	pid=$!
	timeout 100 fetch-deploys <pipe >out 2>err &
	second=$!
	for ((i = 0; i < 200; i++)); do
		[ "$(requests destinations)" = 0 ] || break
		sleep 0.05
	done
	sleep 0.2
	kill -KILL $pid
	wait $pid || true
	wait $second
	tail -n1 out | jq -e '.kind == "end" and .complete == false'
	# what came is whole
	grep -v '"kind":"end"' out >got || true
	expect deploys "${ORG[@]}" | grep -Fxvf - got >odd || true
	[ ! -s odd ]
}

@test "SIGKILL of the second stage: no end line; resumed from what there is" {
	console_start "${ORG[@]}" --faults '[{"match":"deployments","from":20,
		"to":1000,"do":"never"}]'
	fetch-structs >in
	fetch-deploys -P4 in >out 2>err &
	pid=$!
	for ((i = 0; i < 200; i++)); do
		[ "$(requests deployments)" -lt 23 ] || break
		sleep 0.05
	done
	kill -KILL $pid
	wait $pid || true
	run ! grep -q '"kind":"end"' out
	[ "$(grep -c '"history"' out)" -ge 10 ]
	head -c -100 out >cut
	console_stop
	console_start "${ORG[@]}"
	fetch-deploys --resume=cut in >all 2>err
	expect deploys "${ORG[@]}" | cmp - all
}

@test "resume: what changed since is fetched again, what failed too" {
	console_start --schemas 8
	fetch-structs >in
	fetch-deploys in >old
	# the first has a newer deployment now, the second had failed
	{
		head -n1 old
		sed -n 2p old | jq -c '.history |= map(.ts = "old")'
		sed -n 3p old | jq -c 'del(.history) | .fetch_error = {}'
		tail -n+4 old
	} >changed
	: >"$LOG"
	fetch-deploys --resume=changed in 2>err | cmp - old
	[ "$(requests)" = 2 ]
	grep -q '6 histories were taken' err
	status 2 fetch-deploys --resume=nowhere in 2>err
	status 2 fetch-deploys --resume=/dev/null in 2>err
	# without the bodies it is no help for --schemas=all
	: >"$LOG"
	fetch-deploys --schemas=all --resume=old in >all 2>err
	[ "$(requests deployments)" = 8 ]
	: >"$LOG"
	fetch-deploys --schemas=all --resume=all in 2>err | cmp - all
	[ "$(requests .)" = 0 ]
}

@test "refused credentials in mid-pipe end both, status 3" {
	console_start --schemas 5
	fetch-structs >in
	SNOWPLOW_CONSOLE_API_KEY=wrong status 3 fetch-deploys in >out 2>err
	tail -n1 out | jq -e '.complete == false'
	run ! grep -q '"history"' out
}

@test "secrets are in no output, message, cache file or process list" {
	console_start "${ORG[@]}" --deny users --latency 0.05 --iglu-key \
		--private
	export IGLU_API_KEY=$IGLU_SECRET
	args="--cache=cache --report=report --errors=errors --progress=always"
	# shellcheck disable=SC2086 # several words
	fetch-structs $args --iglu="$CONSOLE/iglu" >structs 2>err1 &
	pid=$!
	sleep 0.1
	tr '\0' '\n' <"/proc/$pid/cmdline" >cmdline || true
	wait $pid || true
	# shellcheck disable=SC2086 # several words
	fetch-deploys $args --schemas=all structs >all 2>err2 || true
	SNOWPLOW_CONSOLE_API_KEY=${SECRET}x fetch-deploys structs \
		>refused 2>err3 || true
	[ -s all ] && [ -s err1 ]
	for secret in "$SECRET" "$TOKEN_TEXT" "$IGLU_SECRET"; do
		run ! grep -rF -e "$secret" .
	done
	# and nobody else may read the cache
	[ -z "$(find cache -type f -perm /077)" ]
}
