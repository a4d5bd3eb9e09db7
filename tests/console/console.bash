# shellcheck shell=bash
# A Console for a bats file: "load console/console", then in a test
#
#	console_start [OPTION...]	server.py; sets $CONSOLE (its URL), $LOG and
#					the environment with credentials for it
#	front_start [LIMIT_REQ]		nginx before it: TLS, HTTP/2; sets $FRONT
#					(https://localhost:PORT) and $CA
#	requests [REGEX]		how many requests arrived
#	console_stop			also in teardown()
#
# Everything runs on loopback ports of its own and ends by its process id.

CONSOLE_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CONSOLE_PIDS=()
SECRET=penstock-test-secret-key-0123456789
TOKEN_TEXT=penstock-test-token
IGLU_SECRET=6f9619ff-8b86-d011-b42d-00c04fc964ff
ORG_ID=92ef6ada-1101-4982-b627-45cadfd955a2
export CONSOLE_DIR SECRET TOKEN_TEXT IGLU_SECRET ORG_ID
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE

# wait_for FILE PID : until the file is there, or the process is not.
wait_for() {
	local i
	for ((i = 0; i < 600; i++)); do
		[ ! -e "$1" ] || return 0
		kill -0 "$2" 2>/dev/null || break
		sleep 0.05
	done
	echo "no $1 from process $2"
	return 1
}

console_env() {
	export SNOWPLOW_CONSOLE_HOST=$1 SNOWPLOW_CONSOLE_ORG_ID=$ORG_ID
	export SNOWPLOW_CONSOLE_API_KEY_ID=penstock-test-key-id
	export SNOWPLOW_CONSOLE_API_KEY=$SECRET
}

console_start() {
	local ready=$BATS_TEST_TMPDIR/ready.$RANDOM$RANDOM pid
	LOG=$BATS_TEST_TMPDIR/requests.log
	python3 "$CONSOLE_DIR/server.py" --ready "$ready" --log "$LOG" "$@" \
		</dev/null >"$BATS_TEST_TMPDIR/console.out" 2>&1 3>&- &
	pid=$!
	CONSOLE_PIDS+=("$pid")
	wait_for "$ready" "$pid" || {
		cat "$BATS_TEST_TMPDIR/console.out"
		return 1
	}
	CONSOLE_PORT=$(cat "$ready")
	CONSOLE=http://127.0.0.1:$CONSOLE_PORT
	export CONSOLE CONSOLE_PORT LOG
	console_env "$CONSOLE"
}

free_port() {
	python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# front_start [LIMIT_REQ] : "rate=20r/s burst=5" limits; none without.
front_start() {
	local dir=$BATS_TEST_TMPDIR/nginx port pid limit=${1:-}
	mkdir -p "$dir"
	CA=$dir/cert.pem
	[ -e "$CA" ] || openssl req -x509 -newkey rsa:2048 -nodes -days 2 \
		-subj /CN=localhost -addext subjectAltName=DNS:localhost \
		-keyout "$dir/key.pem" -out "$CA" 2>/dev/null
	port=$(free_port)
	front_config "$dir" "$port" "$limit" >"$dir/nginx.conf"
	/usr/sbin/nginx -p "$dir" -c "$dir/nginx.conf" -e "$dir/error.log" \
		</dev/null >"$dir/out" 2>&1 3>&- &
	pid=$!
	CONSOLE_PIDS+=("$pid")
	wait_for "$dir/pid" "$pid" || {
		cat "$dir/out" "$dir/error.log"
		return 1
	}
	FRONT_PORT=$port
	FRONT=https://localhost:$port
	export FRONT FRONT_PORT CA
	console_env "$FRONT"
}

front_config() {
	local dir=$1 port=$2 rate='' burst=''
	if [ -n "$3" ]; then
		rate=${3%% *} burst=${3##* }
	fi
	[ "$(id -u)" != 0 ] || echo "user root;"
	cat <<-END
	daemon off;
	worker_processes 1;
	pid $dir/pid;
	events { worker_connections 1024; }
	http {
		access_log $dir/access.log;
		client_body_temp_path $dir/t1;
		proxy_temp_path $dir/t2;
		fastcgi_temp_path $dir/t3;
		uwsgi_temp_path $dir/t4;
		scgi_temp_path $dir/t5;
		http2_max_concurrent_streams 256;
		keepalive_requests 100000;
		${rate:+limit_req_zone \$server_name zone=all:1m $rate;}
		upstream console {
			server 127.0.0.1:${CONSOLE_PORT:-1};
			keepalive 256;
		}
		server {
			listen 127.0.0.1:$port ssl http2;
			server_name localhost;
			ssl_certificate $dir/cert.pem;
			ssl_certificate_key $dir/key.pem;
			${rate:+limit_req zone=all $burst nodelay;}
			limit_req_status 429;
			error_page 429 = @limited;
			location @limited {
				internal;
				add_header Retry-After 1 always;
				return 429 '{"message":"too many"}';
			}
			# files, for measuring: FRONT/static is the host
			location ~ ^/static/.*/token\$ {
				return 200 '{"accessToken":"t"}';
			}
			location ~ ^/static/.*/(?<hash>[0-9a-f]+)/deployments\$ {
				alias $dir/static/\$hash.json;
			}
			location / {
				proxy_pass http://console;
				proxy_http_version 1.1;
				proxy_set_header Connection "";
				proxy_buffering off;
			}
		}
	}
	END
}

# requests [REGEX] : the arrivals whose path?query matches, but tokens.
requests() {
	python3 "$CONSOLE_DIR/count.py" "$LOG" "${1:-}"
}

console_stop() {
	local pid
	for pid in "${CONSOLE_PIDS[@]}"; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	CONSOLE_PIDS=()
}

teardown() {
	console_stop
}
