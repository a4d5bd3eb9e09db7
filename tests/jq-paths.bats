#!/usr/bin/env bats
# Paths are jq's: they compile, reach the attribute, and counts are jq's too.
# Also the examples of attr(5) and error(5), which are jq programs.

load helper

export PYTHONDONTWRITEBYTECODE=1

@test "paths and counts of real records" {
	need python3 jq
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson \
		amazon-cellphones.ndjson
	not_under valgrind "jq is what takes the time"
	python3 "$TOP/tests/oracle/jqpaths.py" files "$DATA"/*.ndjson
}

@test "paths and counts of random records" {
	need python3 jq
	local rounds=$((${ORACLE_ROUNDS:-200} / 4 + 1))
	[ "${PENSTOCK_CHECK:-plain}" = plain ] || rounds=$((rounds / 10 + 1))
	python3 "$TOP/tests/oracle/jqpaths.py" random "${ORACLE_SEED:-1}" \
		"$rounds"
}

# example PAGE N : the N-th displayed command of the page's EXAMPLES, as it is
# shown.
example() {
	need mandoc
	mandoc -O width=200 -T ascii "$TOP/man/$1" | col -b |
	awk -v want="$2" '
		/^[A-Z]/ { on = /^EXAMPLES/ }
		on && /^(\t| {10})/ { if (!inside++) n++; if (n == want) print }
		on && !/^(\t| {10})/ && NF { inside = 0 }'
}

@test "examples of attr(5)" {
	printf '%s\n' '{"id":1,"a":"x"}' '{"id":2,"a":5,"b":[]}' \
		'{"id":"3","b":{"c":1}}' >f.ndjson
	run -0 bash -c "$(example attr.5 1)"
	[ "${lines[*]}" = "3 . 3 .id 2 .a 2 .b 1 .b.c" ]
	run -0 bash -c "$(example attr.5 2)"
	[ "${lines[*]}" = ".id id_str id_int .a a_str a_int" ]
	discover-attrs f.ndjson >attrs.ndjson
	run -0 bash -c "$(example attr.5 3)"
	[ "${lines[*]}" = "100 .id 66 .a 66 .b 100 .b.c" ]
	run -0 bash -c "$(example attr.5 4)"
	[ "$output" = '{"id":1,"a":"x"}' ]
}

@test "examples of error(5)" {
	printf '%s\n' '{"id":1}' '{"id":2,}' '{"id":3}' '"\xff"' '{"id":4' \
		>f.ndjson
	printf '"\377"\n' >>f.ndjson
	run -0 --separate-stderr bash -c "$(example error.5 2)"
	[ "$(head -n 1 <<<"$output" | jq -c '.scan | [.records, .rejected]')" \
		= '[3,6]' ]
	run -0 bash -c "$(example error.5 1)"
	[ "$(tr -s ' ' <<<"${lines[*]}")" = " 3 json 1 utf8" ]
	bash -c "$(example error.5 3)" >out
	printf '"\377"' | cmp - out
}
