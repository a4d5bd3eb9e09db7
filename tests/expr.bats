#!/usr/bin/env bats
# The expressions of --where, --order-by and --watermark against the real jq.

load helper

# fuzz KERNEL SEED
fuzz() {
	need jq python3
	export PENSTOCK_KERNEL=$1
	echo null >one
	"$B/helpers/exprtool" one one >out 2>err
	if grep -q 'cannot run it' err; then
		skip "this machine has no $1"
	fi
	python3 "$TOP/tests/oracle/expr_fuzz.py" "$B/helpers/exprtool" -n 5 \
		--seed "$2"
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
		'.id == 1e400' '.id' '(.id) | not' >expressions
	printf '%s\n' '{"id":9007199254740992}' '{"id":9007199254740993}' \
		'{"id":123456789012345678901234567890}' '{"id":1e400}' \
		>records
	"$B/helpers/exprtool" expressions records >got
	diff - got <<-END
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
	echo '.id?' >expressions
	printf '%s\n' '{"id":9007199254740992}' '{"id":9007199254740993}' \
		'{"a":[1.5,"1e400"]}' '{"a":[1.5,1e400]}' \
		>records
	"$B/helpers/exprtool" expressions records >got
	# Each record is tested once and its value taken once.
	diff - got <<-END
		jq
		9007199254740992	1
		9007199254740992	1
		null	0
		null	0
		inexact 4
	END
}

@test "paths into real records as jq" {
	need jq
	need_data github-events.ndjson
	printf '%s\n' .id .type .actor.login '.payload.commits[0].message' \
		'.payload.commits[-1].author.email' '.created_at > "2014"' \
		>expressions
	"$B/helpers/exprtool" expressions "$DATA/github-events.ndjson" |
		cut -f1 | grep -v -e '^plain$' -e '^inexact' \
		>got
	while read -r expression; do
		jq -c "$expression" "$DATA/github-events.ndjson"
	done <expressions >want
	jq -c . got | diff - want
}
