# shellcheck shell=bash
# A PostgreSQL server of the test's own: a folder, a socket in it, no port.

# start_postgres: sets PGHOST, PGDATABASE and PGUSER; skips where there is none.
start_postgres() {
	local bin
	bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
	[ -x "$bin/initdb" ] || skip "no PostgreSQL server"
	need psql
	# it does not run as root, and sockets have short names
	PG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/pgXXXXXX")
	as_pg=()
	if [ "$(id -u)" = 0 ]; then
		need setpriv
		chown postgres "$PG_DIR"
		as_pg=(setpriv --reuid=postgres --regid=postgres --clear-groups)
	fi
	"${as_pg[@]}" "$bin/initdb" -D "$PG_DIR/data" -U test -A trust -E UTF8 \
		--locale=C -N >"$PG_DIR.log" 2>&1
	"${as_pg[@]}" "$bin/postgres" -D "$PG_DIR/data" -k "$PG_DIR" -F \
		-c listen_addresses= >>"$PG_DIR.log" 2>&1 3>&- &
	PG_PID=$!
	export PGHOST=$PG_DIR PGUSER=test PGDATABASE=postgres
	for _ in $(seq 100); do
		psql -qc 'SELECT 1' >/dev/null 2>&1 && return
		sleep .1
	done
	cat "$PG_DIR.log"
	return 1
}

stop_postgres() {
	[ -n "${PG_PID:-}" ] || return 0
	kill -INT "$PG_PID" 2>/dev/null
	wait "$PG_PID" 2>/dev/null || true
	rm -rf "$PG_DIR" "$PG_DIR.log"
}
