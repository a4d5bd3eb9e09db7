#!/usr/bin/env bats
# The engine of the fetchers when things go wrong, and its manners.

load helper
load console/console

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	need python3
	export HOME=$PWD XDG_CONFIG_HOME=$PWD/xdg FETCH_CONSOLE=1
}

fetch() {
	"$B/helpers/fetchtool" "$@"
}

arrivals() {
	python3 "$TOP/tests/oracle/arrivals.py" "$@"
}

# plan N : a line for each of the first N data structures, into the file in;
# what the server answers without faults, into right.
plan() {
	console_start --schemas "$1" --compact
	fetch --body <<<"console /data-structures/v1" | jq -r '.[].hash' |
		sed 's|.*|console /data-structures/v1/&/deployments?from=0|' >in
	fetch <in | sort | hashes >right
	console_stop
	rm -f "$LOG"
}

# Outcome, length and hash of each; the port of the URL is another each time.
hashes() {
	sed 's|http[s]*://[^/]*||'
}

again() {
	console_start --schemas "$(wc -l <in)" --compact "$@"
}

outcomes() {
	cut -d' ' -f1,2 "$1" | sort | uniq -c | sed 's/^ *//'
}

# ---- manners ----

@test "--rate: never more in any window, with bursts and errors" {
	plan 60
	again --faults '[{"match":"deploy","do":"status","status":500,"p":0.2}]'
	fetch --rate=40/s --burst=5 --retries=9 <in >out
	sort out | hashes | diff right -
	arrivals rate 40 5 "$LOG"
}

@test "--rate: two processes with one cache share the bucket" {
	plan 60
	again
	head -n 30 in >in1
	tail -n 30 in >in2
	fetch --rate=40/s --burst=3 --cache=c <in1 >out1 &
	fetch --rate=40/s --burst=3 --cache=c <in2 >out2
	wait $!
	sort out1 out2 | hashes | diff right -
	arrivals rate 40 3 "$LOG"
}

@test "429 with Retry-After: the host is left alone till its end" {
	plan 40
	for date in false true; do
		again --latency 0.02 --faults '[{"match":"deploy","from":10,
			"to":12,"do":"status","status":429,"retry_after":2,
			"date":'$date'}]'
		fetch <in >out
		sort out | hashes | diff right -
		# a date has no fractions: up to a second less
		[ $date = true ] && seconds=1 || seconds=2
		arrivals pause $seconds "$LOG"
		console_stop
		rm "$LOG"
	done
}

@test "429: two processes with one cache pause together" {
	plan 60
	again --latency 0.02 --faults '[{"match":"deploy","from":20,"to":20,
		"do":"status","status":429,"retry_after":1}]'
	head -n 30 in >in1
	tail -n 30 in >in2
	fetch -P5 --cache=c <in1 >out1 &
	fetch -P5 --cache=c <in2 >out2
	wait $!
	sort out1 out2 | hashes | diff right -
	arrivals pause 1 "$LOG"
	[ "$(arrivals most "$LOG")" -gt 5 ]	# they ran at the same time
}

@test "rate-limit headers: nothing is left, so a pause" {
	plan 20
	again --faults '[{"match":"deploy","from":5,"to":5,"do":"headers",
		"headers":{"RateLimit":"limit=10, remaining=0, reset=1"}}]'
	fetch -P1 --report=r <in >out
	sort out | hashes | diff right -
	python3 - "$LOG" <<-'END'
	import json, sys
	t = [e['t'] / 1e9 for e in map(json.loads, open(sys.argv[1]))
	     if e['event'] == 'in' and 'deploy' in e['target']]
	gaps = sorted(b - a for a, b in zip(t, t[1:]))
	assert gaps[-1] >= 0.99, gaps[-1]
	END
}

@test "a storm of 429: everything comes in the end, nothing twice" {
	plan 50
	again --rate 40 --burst 10 --retry-after 1
	fetch --report=r <in >out
	sort out | hashes | diff right -
	[ "$(jq .throttled_count r)" -gt 0 ]
	[ "$(jq .failed_count r)" = 0 ]
	arrivals pause 1 "$LOG"
}

@test "429 without Retry-After is waited for as well" {
	plan 15
	again --faults '[{"match":"deploy","do":"status","status":429,"p":0.2}]'
	fetch <in >out
	sort out | hashes | diff right -
}

@test "nginx: limit_req in front" {
	need openssl
	[ -x /usr/sbin/nginx ] || skip "no nginx"
	plan 36
	again
	front_start "rate=30r/s burst=9"
	fetch -P20 --cacert="$CA" --report=r <in >out
	sort out | hashes | diff right -
	[ "$(jq .throttled_count r)" -gt 0 ]
	: >"$LOG"
	sleep 1
	fetch -P20 --cacert="$CA" --rate=25/s --burst=3 --report=r <in >out
	sort out | hashes | diff right -
	[ "$(jq .throttled_count r)" = 0 ]
}

@test "a pause that is too long for a run ends it, and says so" {
	plan 5
	again --faults '[{"match":"deploy","do":"status","status":429,
		"retry_after":7200}]'
	status 3 fetch <in >out 2>err
	[ "$(outcomes out)" = "5 stopped 0" ] ||
		[ "$(cut -d' ' -f1 out | sort -u)" = stopped ]
	grep -q 'not to be asked for 7200 s' err
}

# ---- failures ----

@test "30 % random 5xx: nothing lost, nothing twice" {
	plan 30
	again --faults '[{"match":"deploy","do":"status","status":502,"p":0.3}]'
	fetch -P20 --retries=12 --report=r <in >out
	sort out | hashes | diff right -
	[ "$(jq .retry_count r)" -gt 5 ]
	# few retries: what fails is said
	fetch --retries=0 <in >out
	[ "$(wc -l <out)" = 30 ]
	run ! grep -qvE '^(ok 200|http 502) ' out
	grep -q '^http 502 .* Bad Gateway$' out
}

@test "resets, cut, short, garbage, web page, empty, dropped: asked again" {
	local rules='' how
	plan 21
	for how in reset cut short garbage html empty drop; do
		rules+=${rules:+,}'{"match":"deploy","to":3,"do":"'$how'"}'
	done
	again --faults "[$rules]"
	fetch --retries=9 --report=r <in >out
	sort out | hashes | diff right -
	[ "$(grep '"out"' "$LOG" | jq -r '.fault // empty' | sort -u |
		wc -l)" = 7 ]
	# libcurl itself repeats what an old connection dropped unread
	[ "$(jq .retry_count r)" -ge 18 ]
}

@test "bodies that stay damaged are told, with the reason" {
	plan 2
	again --faults '[{"match":"deploy","do":"html"}]'
	fetch --retries=1 <in >out
	[ "$(outcomes out)" = "2 body 200" ]
	grep -q 'expected a value' out
}

@test "streams: a reset in mid-body is gone over again, byte for byte" {
	console_start --schemas 300 --compact
	fetch --stream <<<"console /data-structures/v1" | hashes >right
	console_stop
	for how in reset cut; do
		console_start --schemas 300 --compact --faults '[{"match":
			"data-structures/v1$","attempts":2,"do":"'$how'"}]'
		fetch --stream --cache=c --report=r \
			<<<"console /data-structures/v1" | hashes >out
		diff right out
		[ "$(jq .retry_count r)" = 2 ]
		console_stop
		rm -rf c
	done
}

@test "a server that never answers: timeouts, and the end of the run" {
	plan 3
	again --faults '[{"match":"deploy","do":"never"}]'
	fetch --timeout=300ms --retries=1 <in >out
	[ "$(outcomes out)" = "3 timeout 0" ]
	status 3 fetch --timeout=20s --dead=1s <in >out 2>err
	[ "$(outcomes out)" = "3 stopped 0" ]
	grep -q 'no answer for 1 s' err
}

@test "a body that stalls: timeout, then from another connection" {
	plan 6
	again --faults '[{"match":"deploy","attempts":1,"do":"stall"}]'
	fetch --timeout=500ms <in >out
	sort out | hashes | diff right -
}

@test "the breaker: after failures in a row one request at a time" {
	plan 60
	again --faults '[{"match":"deploy","do":"status","status":503,
		"from":1,"to":16}]'
	fetch -P2 --retries=1 --give-up=3 <in >out
	# three failed; while it was open nothing else did
	[ "$(grep -c '^http 503' out)" -le 5 ]
	[ "$(grep -c '^ok 200' out)" -ge 55 ]
	console_stop
	rm "$LOG"
	again --faults '[{"match":"deploy","do":"status","status":503}]'
	status 3 fetch --retries=0 --give-up=3 --dead=2s -P3 <in >out 2>err
	[ "$(grep -c '^http 503' out)" -le 6 ]
	[ "$(wc -l <out)" -ge 12 ]
	[ "$(requests)" -le 20 ]
}

@test "no such host, nobody listens: said, status 3" {
	console_start
	SNOWPLOW_CONSOLE_HOST=https://no-such-host.invalid \
		status 3 fetch --retries=0 <<<"console /users" >out 2>err
	grep -q "no access token: Could not resolve host" err
	[ "$(outcomes out)" = "1 stopped 0" ]
	console_stop
	status 3 fetch --retries=0 <<<"console /users" >out 2>err
	grep -qi "no access token: Failed to connect" err
}

@test "TERM: 75, the answers so far stay, the rest is stopped" {
	plan 40
	again --latency 0.2
	"$B/helpers/fetchtool" -P4 -o out <in 2>err &
	sleep 0.9
	kill $!
	status 75 wait $!
	[ ! -e out ]
	[ "$(wc -l <out.partial)" -ge 8 ]
	[ "$(grep -c '^ok 200' out.partial)" -ge 4 ]
	[ "$(grep -c '^ok 200' out.partial)" -lt 40 ]
}

@test "--time-limit: 75" {
	plan 40
	again --latency 0.2
	status 75 fetch -P2 --time-limit=700ms <in >out
	grep -q '^stopped 0 ' out
	grep -q '^ok 200 ' out
}

# ---- cache ----

@test "cache: fresh is not asked, old is asked whether it changed" {
	plan 20
	again
	fetch --cache=c <in | sort | hashes | diff right -
	: >"$LOG"
	fetch --cache=c --report=r <in | sort | hashes | diff right -
	[ "$(requests .)" = 0 ]
	[ "$(jq -c '[.cache_hit_count, .api_call_count]' r)" = "[20,0]" ]
	fetch --cache=c --max-age=0 --report=r <in | sort | hashes |
		diff right -
	[ "$(requests)" = 20 ]
	[ "$(grep -c '"status": 304' "$LOG")" = 20 ]
	[ "$(jq -c '[.cache_hit_count, .cache_miss_count]' r)" = "[20,0]" ]
	# streams use the same entries
	: >"$LOG"
	fetch --cache=c --stream <in | sort | hashes | diff right -
	[ "$(requests .)" = 0 ]
	console_stop
	fetch --cache=c --max-age=0 --offline <in | sort | hashes | diff right -
	fetch --cache=c --offline <<<"console /users" >out
	grep -q '^offline 0 .*not in the cache' out
}

@test "cache: no ETag, so the body again; a content hash never ages" {
	plan 6
	again --no-etag
	fetch --cache=c <in >out
	: >"$LOG"
	fetch --cache=c --max-age=0 <in | sort | hashes | diff right -
	[ "$(requests)" = 6 ]
	run ! grep -q '"conditional": true' "$LOG"
	sed 's/$/ abcdef0123/' in >hashed
	fetch --cache=c --max-age=0 <hashed >out
	: >"$LOG"
	fetch --cache=c --max-age=0 <hashed | sort | hashes | diff right -
	[ "$(requests)" = 0 ]
}

@test "cache: damaged entries are asked for again; several at once" {
	plan 12
	again
	fetch --cache=c <in >out
	n=0
	for f in c/??/*; do
		case $((n++ % 4)) in
		0) truncate -s -1 "$f" ;;
		1) printf x | dd of="$f" bs=1 seek=300 conv=notrunc status=none ;;
		2) : >"$f" ;;
		esac
	done
	local pids=()
	for i in 1 2 3; do
		fetch --cache=c <in >"out$i" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for i in 1 2 3; do
		sort "out$i" | hashes | diff right -
	done
	: >"$LOG"
	fetch --cache=c <in | sort | hashes | diff right -
	[ "$(requests .)" = 0 ]
	[ -z "$(find c -name '*.*')" ]
}

@test "cache: a full disk loses entries, never answers" {
	unshare -m true 2>/dev/null || skip "cannot mount"
	plan 30
	again
	mkdir c
	unshare -m sh -c 'mount -t tmpfs -o size=64k x c &&
		"$1" --cache=c --report=r <in >out 2>err' - \
		"$B/helpers/fetchtool" || skip "cannot mount"
	sort out | hashes | diff right -
	[ "$(grep -c 'No space left' err)" -ge 1 ]
	[ "$(jq .cache_lost_count r)" -gt 0 ]
	# not a byte to begin with: nothing is shared either
	unshare -m sh -c 'mount -t tmpfs -o size=4k x c && : >c/f &&
		head -c 4096 /dev/zero >c/f;
		"$1" --cache=c <in >out 2>err' - "$B/helpers/fetchtool"
	sort out | hashes | diff right -
	grep -q 'not shared with other processes' err
}

@test "cache: a folder that cannot be: 2" {
	console_start
	echo >file
	status 2 fetch --cache=file/x </dev/null
	status 2 fetch --cache=file </dev/null
	status 2 fetch --cache= </dev/null
	status 2 fetch --offline </dev/null
	status 2 fetch --burst=3 </dev/null
	status 2 fetch --rate=fast </dev/null
	status 2 fetch -P0 </dev/null
}

@test "--offline needs no key" {
	plan 4
	again
	fetch --cache=c <in >out
	: >"$LOG"
	unset SNOWPLOW_CONSOLE_API_KEY
	fetch --cache=c --offline --max-age=0 <in | sort | hashes |
		diff right -
	[ "$(requests .)" = 0 ]
}

# ---- the rest ----

@test "--dry-run counts and calls nobody" {
	plan 5
	again
	fetch --dry-run <in >out
	[ "$(grep -c '^planned' out)" = 5 ]
	diff <(grep -v '^planned' out) <(printf '1\ttoken\n5\ttest\n6\tall\n' |
		sort -r) || diff <(grep -v '^planned' out) \
		<(printf '5\ttest\n1\ttoken\n6\tall\n')
	[ "$(requests .)" = 0 ]
}

@test "--adaptive: finds its way up, and never over -P" {
	plan 120
	again --latency 0.1
	fetch --adaptive -P30 <in >out
	sort out | hashes | diff right -
	[ "$(arrivals most "$LOG")" -gt 8 ]
	[ "$(arrivals most "$LOG")" -le 30 ]
}

@test "report: the review's names, and each endpoint's latencies" {
	plan 20
	again --latency 0.05
	fetch --report=r --cache=c <in >out
	jq -e '.api_call_count == 21 and .cache_hit_count == 0 and
		.cache_miss_count == 20 and .parallel_fetch_count > 10 and
		.api_total_time_seconds > 1 and .retry_count == 0 and
		.throttled_count == 0 and .max_procs == 10 and
		.endpoints.test.api_call_count == 20 and
		.endpoints.token.api_call_count == 1 and
		.endpoints.test.latency_p50_seconds >= 0.05 and
		.endpoints.test.latency_p99_seconds < 5 and
		.latency_p95_seconds >= .latency_p50_seconds' r
}

@test "a full output device: 3, and the run ends" {
	plan 20
	again --latency 0.02
	status 3 fetch <in >/dev/full 2>err
	[ "$(grep -c 'No space' err)" = 1 ]
}
