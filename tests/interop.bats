#!/usr/bin/env bats
# What DataHub's own client says of the output: its schema classes, its file
# source, its checker, its builders and its connector.  tests/interop/setup.sh
# installs it where it can be had.

load helper
load console/console

INTEROP=$TOP/tests/interop
VENV=$B/interop/venv
export DATAHUB_TELEMETRY_ENABLED=false PYTHONWARNINGS=ignore

setup_file() {
	local why
	[ "${PENSTOCK_CHECK:-plain}" = plain ] || return 0
	why=$("$TOP/tests/interop/setup.sh" "$B/interop/venv") ||
		echo "$why" >"$BATS_FILE_TMPDIR/why"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	[ "${PENSTOCK_CHECK:-plain}" = plain ] ||
		skip "not under $PENSTOCK_CHECK: nothing of ours is new here"
	[ ! -e "$BATS_FILE_TMPDIR/why" ] ||
		skip "$(cat "$BATS_FILE_TMPDIR/why")"
	export HOME=$BATS_TEST_TMPDIR
}

py() {
	"$VENV/bin/python" "$INTEROP/$1.py" "${@:2}"
}

# structs SCHEMAS ENRICHMENTS [OPTION...] : an organisation of the review's
# sizes, with history.
structs() {
	python3 "$INTEROP/rich.py" deploys --schemas "$1" --event-specs "$1" \
		--enrichments "$2" --pipelines 1 "${@:3}"
}

@test "small organisation: schema classes, URNs, file source and sink, checker" {
	structs 50 5 >org.ndjson
	build-lineage org.ndjson >mcps.ndjson
	py classes mcps.ndjson
	py urns org.ndjson mcps.ndjson
	build-lineage --array org.ndjson >mcps.json
	py ingest mcps.json out.json
	"$VENV/bin/datahub" check metadata-file mcps.json
}

@test "medium organisation: schema classes, URNs, file source and sink, checker" {
	structs 500 25 >org.ndjson
	build-lineage org.ndjson >mcps.ndjson
	py classes mcps.ndjson
	py urns org.ndjson mcps.ndjson
	build-lineage --array org.ndjson | cap-aspect --array >mcps.json
	py ingest mcps.json out.json
	"$VENV/bin/datahub" check metadata-file mcps.json
}
