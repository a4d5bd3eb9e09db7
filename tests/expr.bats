#!/usr/bin/env bats
# The expressions of --where, --order-by and --watermark against the real jq.

setup() {
	cd "$BATS_TEST_DIRNAME/.."
	tool=${B:-build}/helpers/exprtool
	[ -x "$tool" ] || skip "$tool is not built (make units)"
	command -v jq >/dev/null || skip "jq is missing"
	command -v python3 >/dev/null || skip "python3 is missing"
}

fuzz() {
	export PENSTOCK_KERNEL=$1
	echo null >"$BATS_TEST_TMPDIR/one"
	"$tool" "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/one" >/dev/null \
		2>"$BATS_TEST_TMPDIR/err"
	if grep -q 'cannot run it' "$BATS_TEST_TMPDIR/err"; then
		skip "this machine has no $1"
	fi
	python3 tests/oracle/expr_fuzz.py "$tool" -n 5 --seed "$2"
}

@test "random expressions on random records as jq, portable" {
	fuzz portable 1000
}

@test "random expressions on random records as jq, avx2" {
	fuzz avx2 2000
}

@test "random expressions on random records as jq, avx512" {
	fuzz avx512 3000
}

# What jq 1.6 gets wrong: the plain subset is exact.
@test "numbers that jq rounds are compared exactly" {
	printf '%s\n' '.id == 9007199254740993' \
		'.id > 9007199254740992' \
		'.id < 123456789012345678901234567891' \
		'.id == 1e400' '.id' '(.id) | not' \
		>"$BATS_TEST_TMPDIR/expressions"
	printf '%s\n' '{"id":9007199254740992}' '{"id":9007199254740993}' \
		'{"id":123456789012345678901234567890}' '{"id":1e400}' \
		>"$BATS_TEST_TMPDIR/records"
	"$tool" "$BATS_TEST_TMPDIR/expressions" "$BATS_TEST_TMPDIR/records" \
		>"$BATS_TEST_TMPDIR/got"
	diff - "$BATS_TEST_TMPDIR/got" <<-END
		plain
		false	0
		true	1
		false	0
		false	0
		plain
		false	0
		true	1
		true	1
		true	1
		plain
		true	1
		true	1
		true	1
		false	0
		plain
		false	0
		false	0
		false	0
		true	1
		plain
		9007199254740992	1
		9007199254740993	1
		123456789012345678901234567890	1
		1e400	1
		plain
		false	0
		false	0
		false	0
		false	0
		inexact 0
	END
}

@test "a program libjq runs counts the records it rounds" {
	echo '.id?' >"$BATS_TEST_TMPDIR/expressions"
	printf '%s\n' '{"id":9007199254740992}' '{"id":9007199254740993}' \
		'{"a":[1.5,"1e400"]}' '{"a":[1.5,1e400]}' \
		>"$BATS_TEST_TMPDIR/records"
	"$tool" "$BATS_TEST_TMPDIR/expressions" "$BATS_TEST_TMPDIR/records" \
		>"$BATS_TEST_TMPDIR/got"
	# Each record is tested once and its value taken once.
	diff - "$BATS_TEST_TMPDIR/got" <<-END
		jq
		9007199254740992	1
		9007199254740992	1
		null	0
		null	0
		inexact 4
	END
}

# Real records: each top-level member, by both ways, with the same result.
@test "paths into real records as jq" {
	data=${PENSTOCK_SHARED:-../shared}/data
	[ -r "$data/github-events.ndjson" ] || skip "$data is missing"
	printf '%s\n' .id .type .actor.login '.payload.commits[0].message' \
		'.payload.commits[-1].author.email' '.created_at > "2014"' \
		>"$BATS_TEST_TMPDIR/expressions"
	"$tool" "$BATS_TEST_TMPDIR/expressions" "$data/github-events.ndjson" |
		cut -f1 | grep -v -e '^plain$' -e '^inexact' \
		>"$BATS_TEST_TMPDIR/got"
	while read -r expression; do
		jq -c "$expression" "$data/github-events.ndjson"
	done <"$BATS_TEST_TMPDIR/expressions" >"$BATS_TEST_TMPDIR/want"
	jq -c . "$BATS_TEST_TMPDIR/got" | diff - "$BATS_TEST_TMPDIR/want"
}
