#!/usr/bin/env bats
# discover-attrs against an independent oracle, byte for byte: see oracle/.
#
# ORACLE_ROUNDS random files (200) from seed ORACLE_SEED (1) on.  A round that
# fails leaves its files and says how to run it again.

load helper

export PYTHONDONTWRITEBYTECODE=1
oracle=$TOP/tests/oracle

# rounds N : so many, fewer where everything is slow.
rounds() {
	local all=${ORACLE_ROUNDS:-200}
	case ${PENSTOCK_CHECK:-plain} in
	plain) echo $((all * $1 / 100)) ;;
	valgrind) echo $((all * $1 / 5000 + 1)) ;;
	*) echo $((all * $1 / 1000 + 1)) ;;
	esac
}

compare() {
	need python3
	python3 "$oracle/compare.py" "$@"
}

@test "the oracle's own parts agree with published vectors and tables" {
	need python3
	python3 "$oracle/selftest.py"
}

@test "the oracle's XXH3 is the library's" {
	need python3
	local rc=0
	python3 "$oracle/xxh3.py" --check || rc=$?
	[ "$rc" != 77 ] || skip "no libxxhash.so.0"
	[ "$rc" = 0 ]
}

@test "the example of attr(5) comes out as worked out by hand" {
	cd "$TOP/tests/data"
	python3 "$oracle/attrs_oracle.py" orders.ndjson | cmp - orders.attrs
	discover-attrs orders.ndjson | cmp - orders.attrs
}

@test "the oracle reads real records as Python's json does" {
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson \
		amazon-cellphones.ndjson
	python3 "$oracle/attrs_oracle.py" --cross-check "$DATA"/*.ndjson >/dev/null
}

@test "real records" {
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson \
		amazon-cellphones.ndjson
	compare files "$DATA"/*.ndjson
}

@test "bundled examples" {
	shopt -s nullglob
	local examples=("$TOP"/examples/*.ndjson "$TOP"/tests/data/*.ndjson)
	compare files "${examples[@]}"
}

@test "random records, good and bad, with random options" {
	compare random "${ORACLE_SEED:-1}" "$(rounds 100)"
}

@test "the same records as documents, array, sequence, gzip, zstd" {
	compare forms "${ORACLE_SEED:-1}" "$(rounds 25)"
}

@test "every kernel was compared" {
	need python3
	local said
	said=$(cd "$oracle" && python3 -c 'import programs
print(*programs.kernels()[1])')
	[ -z "$said" ] || skip "this machine has no $said"
}
