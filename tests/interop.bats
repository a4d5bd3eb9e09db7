#!/usr/bin/env bats
# What DataHub's own client says of the output: its schema classes, its file
# source, its checker, its builders and its connector.  tests/interop/setup.sh
# installs it where it can be had.

load helper
load console/console

INTEROP=$TOP/tests/interop
VENV=$FETCHED/interop/venv
export DATAHUB_TELEMETRY_ENABLED=false PYTHONWARNINGS=ignore

setup_file() {
	local why
	[ "${PENSTOCK_CHECK:-plain}" = plain ] || return 0
	why=$("$TOP/tests/interop/setup.sh" "$VENV") ||
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

# console_start_rich OPTION... : rich.py's organisation at $CONSOLE.
console_start_rich() {
	local ready=$BATS_TEST_TMPDIR/ready
	rm -f "$ready"
	python3 "$INTEROP/rich.py" serve --ready "$ready" "$@" </dev/null \
		>console.out 2>&1 3>&- &
	CONSOLE_PIDS+=("$!")
	wait_for "$ready" "$!"
	CONSOLE=http://127.0.0.1:$(cat "$ready")
}

py() {
	"$VENV/bin/python" "$INTEROP/$1.py" "${@:2}"
}

# more WHAT : setup.sh's MORE, or a skip.
more() {
	local why
	why=$("$INTEROP/setup.sh" "$VENV" "$1") || skip "$why"
}

# build [OPTION]... FILE : findings are expected here: real schemas refer to
# others, and rich.py's configurations name fields that there are not.
build() {
	build-lineage -q "$@" || [ $? = 1 ]
}

# structs SCHEMAS ENRICHMENTS [OPTION...] : an organisation of the review's
# sizes, with history.
structs() {
	python3 "$INTEROP/rich.py" deploys --schemas "$1" --event-specs "$1" \
		--enrichments "$2" --pipelines 1 "${@:3}"
}

@test "small organisation: schema classes, URNs, file source and sink, checker" {
	structs 50 5 >org.ndjson
	build org.ndjson >mcps.ndjson
	py classes mcps.ndjson
	py urns org.ndjson mcps.ndjson
	build --array org.ndjson >mcps.json
	py ingest mcps.json out.json
	"$VENV/bin/datahub" check metadata-file mcps.json
}

# The client takes a minute and more for these 40,000 proposals; "make
# check-interop" gives it the time.
@test "medium organisation: schema classes, URNs; file source and sink, checker" {
	structs 500 25 >org.ndjson
	build org.ndjson >mcps.ndjson
	py classes mcps.ndjson
	py urns org.ndjson mcps.ndjson
	[ "${INTEROP:-}" = full ] || return 0
	build --array org.ndjson >mcps.json
	py ingest mcps.json out.json
	"$VENV/bin/datahub" check metadata-file mcps.json
}

@test "all sizes of columns: Iglu fields inside BigQuery's and Databricks' columns" {
	load lineage
	local card='_schema_version:string,first_name:string,tags:array<struct<label:string>>'
	{ org; pipeline; destination databricks \
		'{"catalog":"c","schema":"s"}'; end; } >org.ndjson
	build --inner-columns org.ndjson >mcps.ndjson
	py hive mcps.ndjson contexts_com_acme_user_card_1 \
		"array<struct<$card>>" :
	py hive mcps.ndjson unstruct_event_com_acme_checkout_1 'struct<amount:double,customer:struct<email:string,phone:string>,order_lines:array<struct<sku_code:string>>>' :
	{ org; pipeline; destination bigquery \
		'{"projectId":"c","datasetId":"s"}'; end; } >org.ndjson
	build --inner-columns org.ndjson >mcps.ndjson
	py hive mcps.ndjson contexts_com_acme_user_card_1 \
		"array<struct<${card//:/ }>>" ' '
	py hive mcps.ndjson unstruct_event_com_acme_checkout_1 'struct<amount float64,customer struct<email string,phone string>,order_lines array<struct<sku_code string>>>' ' '
}

@test "PATCH proposals are those of DataHub's patch builder" {
	load lineage
	for type in snowflake redshift; do
		{ org; specs; pipeline; destination $type \
			'{"database":"db","schema":"s"}'; end; } >org.ndjson
		build --column-lineage=patch org.ndjson >mcps.ndjson
		py patches mcps.ndjson upstreamLineage
		py classes mcps.ndjson
	done
	structs 6 3 >org.ndjson
	build --patch=ownership,tags --marks=tags org.ndjson |
		grep -v '"entityType":"container"' >mcps.ndjson
	py patches mcps.ndjson ownership globalTags
	py classes mcps.ndjson
	more jsonpatch
	py apply people mcps.ndjson
}

@test "all warehouses, platform instance, field versions: classes and URNs" {
	structs 40 19 --warehouses=snowflake,bigquery,databricks,redshift,postgres \
		>org.ndjson
	build --platform-instance=in.st --env=DEV \
		--field-versions --inner-columns org.ndjson >mcps.ndjson
	py classes mcps.ndjson
	py urns org.ndjson mcps.ndjson in.st DEV
}

@test "DataHub's guard leaves alone what cap-aspect lets through" {
	need cap-aspect
	structs 120 19 >org.ndjson
	build org.ndjson >mcps.ndjson
	cap-aspect -q mcps.ndjson >capped.ndjson
	py guard capped.ndjson
	py classes capped.ndjson
	cap-aspect -q --array mcps.ndjson >capped.json
	py ingest capped.json out.json
}

@test "the connector's run, aspect by aspect with --compat=upstream" {
	need_data iglu-schemas.ndjson
	local args=(--schemas 30 --event-specs 12 --central --pipelines 1
		--enrichments 19)
	console_start_rich "${args[@]}"
	export PYTHONHASHSEED=0
	py ingest connector "$CONSOLE" theirs.json \
		field_tagging.track_field_versions=true
	python3 "$INTEROP/rich.py" versions "${args[@]}" >org.ndjson
	build --compat=upstream --field-versions org.ndjson \
		>ours.ndjson
	py compare theirs.json ours.ndjson "$INTEROP/differences.txt"
	# Other settings.
	py ingest connector "$CONSOLE" theirs.json 'platform_instance="eu.1"' \
		'env="DEV"' include_hidden_schemas=true \
		field_tagging.use_structured_properties=true \
		field_tagging.emit_tags_and_structured_properties=true
	build --compat=upstream --platform-instance=eu.1 --env=DEV --hidden \
		--marks=both org.ndjson >ours.ndjson
	py compare theirs.json ours.ndjson "$INTEROP/differences.txt" some
}

# The deprecated endpoint is asked by releases up to 1.6 only.
@test "the connector's run with generated schemas, and both enrichment endpoints" {
	local args=(--schemas 12 --event-specs 5 --pipelines 1 --enrichments 19
		--iglu-schemas none)
	export PYTHONHASHSEED=0
	console_start_rich "${args[@]}"
	py ingest connector "$CONSOLE" theirs.json \
		field_tagging.track_field_versions=true
	python3 "$INTEROP/rich.py" versions "${args[@]}" >org.ndjson
	build --compat=upstream --field-versions org.ndjson >ours.ndjson
	py compare theirs.json ours.ndjson "$INTEROP/differences.txt" some
	more legacy
	console_start_rich "${args[@]}" --legacy
	PYTHONPATH=$VENV/legacy py ingest connector "$CONSOLE" theirs.json
	python3 "$INTEROP/rich.py" versions "${args[@]}" --legacy >org.ndjson
	build --compat=upstream org.ndjson >ours.ndjson
	py compare theirs.json ours.ndjson "$INTEROP/differences.txt" some
}

@test "--split and --annotate: a store that applies the PATCHes has the whole" {
	need cap-aspect
	more jsonpatch
	structs 60 19 >org.ndjson
	build --warehouse-instance=w org.ndjson >mcps.ndjson
	python3 "$TOP/tests/oracle/cap_make.py" grid 60 30 >>mcps.ndjson
	python3 "$TOP/tests/oracle/cap_make.py" upstreams 60 30 >>mcps.ndjson
	python3 "$TOP/tests/oracle/cap_make.py" upstreams 1 1500 >>mcps.ndjson
	for limits in '' '--max-inputs=7 --max-fine-grained=90 --max-outputs=1'
	do
		# shellcheck disable=SC2086 # words
		cap-aspect -q --split --annotate $limits mcps.ndjson >split.ndjson
		py apply mcps.ndjson split.ndjson
	done
	head -n -3 mcps.ndjson | cap-aspect -q --split --annotate >split.ndjson
	py classes split.ndjson
	# Without --split, what is folded cannot be patched: that is GMS's rule.
	cap-aspect -q --annotate mcps.ndjson >folded.ndjson
	run ! py apply mcps.ndjson folded.ndjson
}
