#!/bin/bash
# organisation.sh FOLDER -- the fetchers against tests/console and nginx, as
# organisation.py says.  QUICK=1: fewer answers.  Programs are in FOLDER/bin.
set -eu
B=$1
cd "$(dirname "$0")/../.."
BATS_TEST_TMPDIR=$(mktemp -d)
export BATS_TEST_TMPDIR
# shellcheck source=tests/console/console.bash
. tests/console/console.bash
trap 'console_stop; rm -rf "$BATS_TEST_TMPDIR"' EXIT
mkdir -p "$B/bench"

# run NAME OPTION... -- : an organisation behind nginx, and a part of the bench.
run() {
	local name=$1
	shift
	rm -rf "$BATS_TEST_TMPDIR"/nginx/static "$BATS_TEST_TMPDIR"/nginx/pid
	rm -f "$BATS_TEST_TMPDIR/requests.log"
	console_start --compact "$@"
	front_start
	console_env "$CONSOLE"
	python3 tests/bench/organisation.py "$B" "$name"
	console_stop
}

run review --schemas 1000 --enrichments 25 --deployments 5
run latency --schemas 1000 --deployments 5 --latency 0.2
schemas=10000
[ -z "${QUICK:-}" ] || schemas=2000
run memory --schemas $schemas --deployments 5 --faults '[{
	"match":"deployments","from":1,"to":1,"do":"slow","seconds":3}]'
run static --schemas 1
