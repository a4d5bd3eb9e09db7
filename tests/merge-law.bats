#!/usr/bin/env bats
# The merge law: parts added up are, byte for byte, one run.
#
# ORACLE_ROUNDS / 4 random inputs (50) from seed ORACLE_SEED (1) on: ranges,
# files, dealt records, batches, stopping and resuming, in random trees.

load helper

export PYTHONDONTWRITEBYTECODE=1
oracle=$TOP/tests/oracle

@test "ranges, files, records, batches, stops: merged they are one run" {
	need python3
	local rounds=$((${ORACLE_ROUNDS:-200} / 4 + 1))
	case ${PENSTOCK_CHECK:-plain} in
	plain) ;;
	valgrind) rounds=2 ;;
	*) rounds=$((rounds / 10 + 1)) ;;
	esac
	python3 "$oracle/mergelaw.py" "${ORACLE_SEED:-1}" "$rounds"
}

# Scans $1 in parts of its bytes.
parts() {
	local i
	for i in 1 2 3 4 5; do
		discover-attrs -q --range=$i/5 "$@" >part$i
	done
}

@test "ranges of real records" {
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson
	cd "$DATA"
	for name in tweets github-events iglu-schemas; do
		(
			f=$DATA/$name.ndjson
			cd "$BATS_TEST_TMPDIR"
			discover-attrs -q "$f" >want
			parts "$f"
			merge-attrs part5 part1 part3 >a
			merge-attrs part4 a part2 | cmp - want
			discover-attrs -q --stats=full --values=3 --samples=3 \
				"$f" >want
			parts --stats=full --values=3 --samples=3 "$f"
			merge-attrs part? | cmp - want
		)
	done
}

@test "a part given twice is refused, and said" {
	discover-attrs -q "$TOP/tests/data/orders.ndjson" >a
	cp a b
	status 2 merge-attrs a b 2>said
	grep -q orders.ndjson said
}

@test "--max-keys at its limits, one record at a time" {
	for i in 1 2 3 4 5; do
		printf '{"m":{"k%d":{"x%d":1,"y":[%d]}},"n":1}\n' $i $i $i
	done >all
	for keys in 4 5 6; do
		discover-attrs -q --no-first --max-keys=$keys all >want
		for i in 1 2 3 4 5; do
			sed -n ${i}p all |
			discover-attrs -q --no-first --max-keys=$keys >part$i
		done
		merge-attrs part1 part2 >a
		merge-attrs part5 a >b
		merge-attrs part4 b part3 | cmp - want
	done
	# 5 keys are over 4; under {} there are 6 more: x1 to x5, and y
	run -0 jq -r 'select(.path).path' <(discover-attrs -q --max-keys=4 all)
	[ "${lines[*]}" = ". .m .m{} .m{}{} .m{}{}[] .n" ]
	run -0 jq -r 'select(.path).path' <(discover-attrs -q --max-keys=5 all)
	[ "${lines[3]}" = .m.k1.x1 ]
}
