#!/usr/bin/env bats
# The engine of the fetchers (lib/snowplow/http.h), by its helper program,
# against the Console of tests/console and nginx before it.

load helper
load console/console

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	need python3
	unset SNOWPLOW_CONSOLE_HOST SNOWPLOW_CONSOLE_ORG_ID
	unset SNOWPLOW_CONSOLE_API_KEY_ID SNOWPLOW_CONSOLE_API_KEY
	export HOME=$PWD XDG_CONFIG_HOME=$PWD/xdg FETCH_CONSOLE=1
}

fetch() {
	"$B/helpers/fetchtool" "$@"
}

arrivals() {
	python3 "$TOP/tests/oracle/arrivals.py" "$@"
}

# deployments N : a line for each of the first N data structures.
deployments() {
	fetch --body <<<"console /data-structures/v1" |
		jq -r '.[].hash' | head -n "$1" |
		sed 's|.*|console /data-structures/v1/&/deployments?from=0|'
	# what comes now is counted anew
	: >"$LOG"
}

outcomes() {
	cut -d' ' -f1,2 "$1" | sort | uniq -c | sed 's/^ *//'
}

tokens() {
	requests credentials/v3/token
}

@test "outcomes: found, missing, forbidden, another host's token, no URL" {
	console_start --deny users
	cat >in <<-END
	console /users
	console /nothing/here
	console /pipelines/v1
	console $CONSOLE/elsewhere
	console http://127.0.0.1:1/x
	plain ftp://localhost/x
	plain nonsense
	END
	fetch <in >out
	[ "$(outcomes out)" = "1 http 403
2 http 404
3 network 0
1 ok 200" ] || { cat out; false; }
	grep -q '^http 403 .*/users Forbidden$' out
	[ "$(tokens)" = 1 ]
}

@test "bodies are the server's, whole and as streams, packed and not" {
	console_start --schemas 40
	fetch --body <<<"console /data-structures/v1" | jq -cS . >plain
	[ "$(jq length plain)" = 40 ]
	fetch <<<"console /data-structures/v1" >whole
	fetch --stream <<<"console /data-structures/v1" >stream
	diff whole stream
	console_stop
	console_start --schemas 40 --gzip
	fetch --body <<<"console /data-structures/v1" | jq -cS . | diff plain -
}

@test "one URL once: in flight, later, with a cache and without" {
	console_start --schemas 30
	deployments 30 >in
	for more in "" --cache=c; do
		: >"$LOG"
		fetch --twice $more <in >out
		cat in in >twice
		fetch $more --max-age=0 --report=r <twice >out2
		[ "$(wc -l <out)" = 60 ]
		[ "$(grep -c '^ok 200' out)" = 60 ]
		[ "$(requests)" = 60 ]	# 30 for each of the two runs
		[ "$(sort -u out | wc -l)" = 30 ]
		diff <(sort out) <(sort out2)
		[ "$(jq .same_url_count r)" = 30 ] || [ "$more" ]
	done
}

# ---- access ----

@test "credentials: missing ones are named, status 2" {
	console_start
	unset SNOWPLOW_CONSOLE_API_KEY_ID SNOWPLOW_CONSOLE_API_KEY
	status 2 fetch </dev/null 2>err
	grep -q 'SNOWPLOW_CONSOLE_API_KEY_ID, SNOWPLOW_CONSOLE_API_KEY ' err
	run ! grep -q ORG_ID err
}

@test "credentials: environment before .env before snowplow.yml; key file" {
	console_start
	unset SNOWPLOW_CONSOLE_API_KEY_ID SNOWPLOW_CONSOLE_API_KEY
	unset SNOWPLOW_CONSOLE_HOST
	mkdir -p xdg/snowplow .config/snowplow
	(umask 77; cat >xdg/snowplow/snowplow.yml <<-END
	# from snowplow-cli
	console:
	  host: "$CONSOLE"
	  api-key-id: penstock-test-key-id
	  api-key: '$SECRET'
	END
	)
	fetch <<<"console /users" 2>err | grep '^ok 200'
	[ ! -s err ]
	(umask 77; echo 'export SNOWPLOW_CONSOLE_API_KEY="wrong" # no' >.env)
	status 3 fetch <<<"console /users" >out 2>err
	grep -q 'the API key was refused: 401' err
	SNOWPLOW_CONSOLE_API_KEY=$SECRET fetch <<<"console /users" |
		grep '^ok 200'
	(umask 77; echo "$SECRET" >key)
	fetch --api-key-file=key <<<"console /users" | grep '^ok 200'
	chmod 644 key
	fetch --api-key-file=key <<<"console /users" 2>err | grep '^ok 200'
	grep -q 'others can read this key' err
	status 2 fetch --api-key-file=none </dev/null
	# the older name, in the home folder, goes before the other folder
	rm .env
	(umask 77; cat >.config/snowplow/snowplow.yml <<-END
	console: {host: $CONSOLE, api-key-id: penstock-test-key-id, api-key-secret: $SECRET}
	END
	)
	echo 'broken: [' >xdg/snowplow/snowplow.yml
	fetch <<<"console /users" | grep '^ok 200'
	echo 'broken: [' >.config/snowplow/snowplow.yml
	status 2 fetch </dev/null 2>err
	grep -q 'snowplow.yml:[0-9]*: this is no YAML' err
}

@test "credentials: hosts and ids that are none" {
	console_start
	for host in ftp://x 'https://u:p@x' 'https://x/?q' nothing; do
		SNOWPLOW_CONSOLE_HOST=$host status 2 fetch </dev/null 2>err
		grep -q 'SNOWPLOW_CONSOLE_HOST is no URL' err
	done
	SNOWPLOW_CONSOLE_ORG_ID=../x status 2 fetch </dev/null
	SNOWPLOW_CONSOLE_API_KEY=$'a\nX-Evil: 1' status 2 fetch </dev/null 2>err
	run ! grep -q Evil err
	SNOWPLOW_CONSOLE_HOST=http://example.com fetch </dev/null 2>err
	grep -q 'can be read on the way' err
	SNOWPLOW_CONSOLE_HOST=$CONSOLE/api/msc/v1/ fetch <<<"console /users" |
		grep '^ok 200'
}

@test "a token that expires in mid-run: one refresh, nothing lost" {
	console_start --schemas 60 --latency 0.01
	deployments 60 >in
	console_stop
	console_start --schemas 60 --latency 0.01 --token-uses 35
	fetch -P20 <in >out
	[ "$(outcomes out)" = "60 ok 200" ]
	[ "$(tokens)" = 2 ]
}

@test "a kind that answers 401 for ever is given up, the rest goes on" {
	console_start --faults '[{"match":"/users","do":"status","status":401}]'
	printf 'console /%s\n' users pipelines/v1 destinations/v3 >in
	fetch <in >out
	[ "$(outcomes out)" = "1 http 401
2 ok 200" ]
	[ "$(tokens)" -le 3 ]
}

@test "processes with one cache: one token, which lies there sealed" {
	console_start --schemas 40 --latency 0.02
	deployments 40 >in
	head -n 20 in >in1
	tail -n 20 in >in2
	fetch --cache=c <in1 >out1 &
	fetch --cache=c <in2 >out2
	wait $!
	[ "$(cat out1 out2 | grep -c '^ok 200')" = 40 ]
	[ "$(tokens)" = 1 ]
	ls c/token-*
	run ! grep -raF "$TOKEN_TEXT" c
	run ! grep -raF "$SECRET" c
	[ -z "$(find c -type f ! -perm 600)" ]
	[ -z "$(find c -type d ! -perm 700)" ]
	# another key cannot read it
	SNOWPLOW_CONSOLE_API_KEY=other status 3 fetch --cache=c \
		<<<"console /users"
}

@test "secrets are in no output, message, report, cache or process list" {
	console_start --schemas 30 --latency 0.05 --iglu-key \
		--faults '[{"match":"deploy","do":"status","status":503,"p":0.3}]'
	deployments 30 >in
	echo "iglu $CONSOLE/iglu/api/schemas" >>in
	echo "console /nothing" >>in
	IGLU_KEY=$IGLU_SECRET "$B/helpers/fetchtool" --cache=c --report=r \
		--iglu="$CONSOLE/iglu" <in >out 2>err &
	sleep 0.3
	ps -o args= -p $! >ps
	tr '\0' ' ' <"/proc/$!/cmdline" >>ps
	wait $!
	grep -q fetchtool ps
	grep -q '^ok 200 .*/iglu/' out
	for secret in "$SECRET" "$TOKEN_TEXT" "$IGLU_SECRET"; do
		run ! grep -raF "$secret" out err r c ps
	done
}

@test "redirects: followed within the origin, refused elsewhere, no key there" {
	console_start
	one=$CONSOLE
	LOG1=$LOG.one
	mv "$LOG" "$LOG1" || touch "$LOG1"
	console_start --faults '[
		{"match":"/users","do":"redirect","location":"'"$one"'/stolen"},
		{"match":"/pipelines","do":"redirect","status":307,
		 "location":"destinations/../../destinations/v3"},
		{"match":"/loop","do":"redirect","location":"loop"},
		{"match":"/scheme","do":"redirect","location":"file:///etc/passwd"}
	]'
	printf 'console /%s\n' users pipelines/v1 loop scheme >in
	fetch <in >out
	grep -q '^http 302 .*/users redirects to another host, http://127' out
	grep -q '^http 302 .*/loop redirects without end' out
	grep -q '^http 302 .*/scheme redirects to no URL' out
	[ "$(requests destinations)" = 1 ]
	run ! grep -q stolen "$LOG1"
	[ "$(grep -c stolen "$LOG")" = 0 ]
}

# ---- TLS, HTTP/2, proxies ----

@test "certificates: not trusted is refused; each way to trust one" {
	need openssl
	[ -x /usr/sbin/nginx ] || skip "no nginx"
	console_start
	front_start
	status 3 fetch <<<"console /users" >out 2>err
	grep -qi 'no access token: SSL certificate problem' err
	[ "$(tokens)" = 0 ]
	fetch --cacert="$CA" <<<"console /users" | grep '^ok 200'
	SSL_CERT_FILE=$CA fetch <<<"console /users" | grep '^ok 200'
	CURL_CA_BUNDLE=$CA fetch <<<"console /users" | grep '^ok 200'
	mkdir certs
	cp "$CA" "certs/$(openssl x509 -hash -noout -in "$CA").0"
	SSL_CERT_DIR=$PWD/certs fetch <<<"console /users" | grep '^ok 200'
	# a name that is not in it
	fetch --cacert="$CA" <<<"plain https://127.0.0.1:$FRONT_PORT/" >out
	grep -q '^network 0 .*SSL' out
	# --cacert alone counts
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other \
		-keyout k.pem -out other.pem 2>/dev/null
	SSL_CERT_FILE=$CA status 3 fetch --cacert=other.pem \
		<<<"console /users"
	status 2 fetch --cacert=none.pem </dev/null
	SSL_CERT_FILE=none status 2 fetch </dev/null
}

@test "HTTP/2: many at once over one connection" {
	need openssl
	[ -x /usr/sbin/nginx ] || skip "no nginx"
	console_start --schemas 120 --latency 0.2
	deployments 120 >in
	front_start
	fetch -P60 --cacert="$CA" <in >out
	[ "$(outcomes out)" = "120 ok 200" ]
	grep -q 'HTTP/2.0' nginx/access.log
	run ! grep -q 'HTTP/1' nginx/access.log
	[ "$(arrivals most "$LOG")" -ge 50 ]
	[ "$(arrivals most "$LOG")" -le 60 ]
}

@test "-P is kept, connections are used again" {
	console_start --schemas 60 --latency 0.02
	deployments 60 >in
	fetch -P7 <in >out
	[ "$(outcomes out)" = "60 ok 200" ]
	[ "$(arrivals most "$LOG")" = 7 ]
	[ "$(arrivals conns "$LOG")" -le 8 ]
}

@test "proxies of the environment are used, and no_proxy obeyed" {
	console_start
	http_proxy=$CONSOLE fetch <<<"plain http://a.invalid/x" >out
	grep -q '^http 404 .* http://a.invalid/x' out
	http_proxy=http://127.0.0.1:1 no_proxy=127.0.0.1 \
		fetch <<<"console /users" | grep '^ok 200'
}
