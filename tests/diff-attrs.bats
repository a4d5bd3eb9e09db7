#!/usr/bin/env bats
# diff-attrs: injected changes, figures, formats, history.

load helper

# attrs NAME LINE... : the attributes of these records, in NAME.attrs
attrs() {
	local name=$1
	shift
	printf '%s\n' "$@" >"$name"
	discover-attrs -q "$name" >"$name.attrs"
}

# changes ARGUMENT... : what diff-attrs tells, without figures
changes() {
	diff-attrs "$@" | jq -r '[.change, .class, .path, .version // "-"]
		| join(" ")'
}

@test "injected changes are told once, with their class, and nothing else" {
	need python3
	local rounds=60
	[ "${PENSTOCK_CHECK:-plain}" = plain ] || rounds=6
	python3 "$TOP/tests/render/inject.py" "${ORACLE_SEED:-1}" $rounds
}

@test "a scan does not differ from itself" {
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson \
		amazon-cellphones.ndjson
	for f in "$DATA"/*.ndjson; do
		discover-attrs -q "$f" >f
		diff-attrs --fail-on=breaking,additive,patch f f >out
		[ ! -s out ]
		for to in text markdown github; do
			diff-attrs --to=$to f f >out
			[ ! -s out ]
		done
	done
}

@test "a drift line, whole" {
	attrs a '{"o":[{"sku":"x"}]}' '{"o":[{"sku":"y"}]}'
	attrs b '{"o":[{"sku":"x"}]}' '{"o":[{"sku":7}]}'
	diff-attrs a.attrs b.attrs >out
	cat >want <<-'END'
	{"change":"version_added","class":"breaking","bump":"MODEL","path":".o[].sku","steps":["o",[],"sku"],"version":"int","old":{"count":0,"of":2},"new":{"count":1,"of":2},"first":{"source":"b","byte":20}}
	END
	diff want out
	discover-attrs --no-first b 2>/dev/null | diff-attrs a.attrs - 2>err |
		jq -e 'has("first") | not'
	grep -q 'other options' err
}

@test "maps, folded and not" {
	attrs a '{"m":{"a":{"v":1},"b":{"v":2}},"n":1}'
	discover-attrs -q --map=.m a >folded
	[ "$(changes a.attrs folded 2>/dev/null)" = \
		"map_folded breaking .m -" ]
	[ "$(changes folded a.attrs 2>/dev/null)" = \
		"map_unfolded breaking .m -" ]
	diff-attrs a.attrs folded 2>/dev/null |
		jq -ce '[.old, .new] == [{"keys":2,"map":false},
			{"keys":0,"map":true}]'
}

@test "--partial: what is missing is not gone, what is new is told" {
	attrs a '{"a":1,"b":"xyz","c":[1,2],"d":null,"e":1,"f":{"g":1}}' \
		'{"a":"x","b":"","c":[],"d":1,"f":{}}'
	attrs b '{"a":1,"b":"xy","c":[1],"d":1,"e":1}'
	[ "$(changes --partial a.attrs b.attrs)" = "" ]
	[ "$(changes a.attrs b.attrs | wc -l)" -ge 6 ]
	attrs b '{"a":1,"b":"xyzz","c":[1,2,3],"d":1,"h":5}'
	[ "$(changes --partial --threshold=100% a.attrs b.attrs | sort)" = \
"attribute_added additive .h -
items patch .c -
length additive .b str
range patch .c[] int" ] || {
		changes --partial --threshold=100% a.attrs b.attrs; false; }
}

@test "thresholds, ignored changes, exit status" {
	attrs a '{"a":1}' '{"a":1}' '{"a":1}' '{}'
	attrs b '{"a":1}' '{"a":1}' '{}' '{}'
	[ "$(changes a.attrs b.attrs)" = "presence patch .a -" ]
	[ "$(changes --threshold=25% a.attrs b.attrs)" = "" ]
	[ "$(changes --threshold=24.9% a.attrs b.attrs)" ]
	[ "$(changes --ignore=range,presence a.attrs b.attrs)" = "" ]
	status 0 diff-attrs --fail-on=breaking,additive a.attrs b.attrs
	status 1 diff-attrs --fail-on=patch a.attrs b.attrs
	status 0 diff-attrs --fail-on=patch --ignore=presence a.attrs b.attrs
	diff-attrs a.attrs b.attrs | jq -e '.bump == null'
	status 2 diff-attrs --fail-on=nope a.attrs b.attrs
	status 2 diff-attrs --ignore=nope a.attrs b.attrs
	status 2 diff-attrs --threshold=5 a.attrs b.attrs
	status 2 diff-attrs a.attrs
	status 2 diff-attrs - -
	status 2 diff-attrs a.attrs b
	status 3 diff-attrs a.attrs nope
	status 3 diff-attrs a.attrs b.attrs >/dev/full
	head -n 1 b.attrs >cut
	status 3 diff-attrs a.attrs cut
	diff-attrs --report=r.json a.attrs b.attrs
	jq -e '[.program, .patch, .breaking] == ["diff-attrs", 1, 0]' r.json
}

@test "no records before, or none now" {
	attrs a ''
	attrs b '{"a":1}'
	diff-attrs a.attrs b.attrs |
		jq -ce '[.change, .path, .new.below] ==
			["attribute_added", ".", 1]'
	[ "$(changes b.attrs a.attrs)" = "attribute_removed breaking . -" ]
	[ "$(changes --partial b.attrs a.attrs)" = "" ]
}

@test "numbers are compared exactly" {
	attrs a 9007199254740993 1 2.50
	attrs b 9007199254740992 1 2.5
	diff-attrs a.attrs b.attrs >out
	jq -se 'map([.change, .new.max]) ==
		[["range", "9007199254740992"], ["precision", "2.5"]]' out
	attrs a -5 1e400
	attrs b -5 10e399
	[ "$(changes a.attrs b.attrs)" = "" ] || changes a.attrs b.attrs |
		grep -qx 'precision additive . float'
}

@test "text, Markdown and GitHub annotations" {
	attrs a '{"a|b":1,"c":1}'
	printf '%s\n' '{"a|b":"x","d%":{"e":[1]}}' >'b,1:2'
	discover-attrs -q 'b,1:2' >b.attrs
	diff-attrs --to=text a.attrs b.attrs >out
	grep -qE '^breaking  version_added +\."a\|b" \(str\): .*, first at b,1:2:0$' out
	grep -qE '^breaking  attribute_removed +\.c: ' out
	tail -n 1 out | grep -qx '4 changes: 2 breaking, 1 additive, 1 patch'
	diff-attrs --to=markdown a.attrs b.attrs >out
	[ "$(sed 's/\\|//g' out | grep '^|' | tr -cd '|\n' | sort -u)" = \
		'||||||||' ]
	grep -qF '| breaking | version_added | `."a\|b"` | str |' out
	diff-attrs --to=github a.attrs b.attrs >out
	grep -qE '^::error file=b%2C1%3A2,title=breaking version_added::\."a\|b" ' \
		out
	grep -qE '^::warning .*::\."d%25": ' out
	[ "$(grep -cE '^::(error|warning|notice) ' out)" = 4 ]
}

@test "the history of versions" {
	attrs a '{"a":1,"b":"x"}'
	attrs b '{"a":"y","c":[1]}'
	status 0 diff-attrs --history=h --date=D1 a.attrs a.attrs
	cat >want <<-'END'
	{"steps":["a"],"version":"int","status":"active","date":"D1"}
	{"steps":["b"],"version":"str","status":"active","date":"D1"}
	{"steps":[],"version":"object","status":"active","date":"D1"}
	END
	diff want h
	diff-attrs --partial --history=h --date=D2 a.attrs b.attrs >/dev/null
	[ "$(grep -c '"active","date":"D1"' h)" = 3 ]
	[ "$(grep -c '"active","date":"D2"' h)" = 3 ]
	diff-attrs --history=h --date=D3 a.attrs b.attrs >/dev/null
	cat >want <<-'END'
	{"steps":["a"],"version":"int","status":"inactive","date":"D3"}
	{"steps":["a"],"version":"str","status":"active","date":"D2"}
	{"steps":["b"],"version":"str","status":"inactive","date":"D3"}
	{"steps":["c",[]],"version":"int","status":"active","date":"D2"}
	{"steps":["c"],"version":"array_primitive","status":"active","date":"D2"}
	{"steps":[],"version":"object","status":"active","date":"D1"}
	END
	diff want h
	diff-attrs --history=h --date=D4 b.attrs a.attrs >/dev/null
	[ "$(jq -c 'select(.steps == ["a"]) | [.version, .status, .date]' h |
		tr '\n' ' ')" = \
		'["int","active","D4"] ["str","inactive","D4"] ' ]
	diff-attrs --history=now a.attrs b.attrs >/dev/null
	jq -es 'all(.date | test("^20..-..-..T..:..:..Z$"))' now
	echo nonsense >>h
	status 2 diff-attrs --history=h a.attrs b.attrs
	grep -q nonsense h
	status 2 diff-attrs --history=now --date='a"' a.attrs b.attrs
}

@test "examples of diff-attrs(1)" {
	need mandoc jq
	attrs main '{"a":1}'
	attrs branch '{"a":1}' '{"a":"x"}'
	cp main.attrs old.attrs
	cp branch.attrs new.attrs
	cp main.attrs all.attrs
	cp branch hour.ndjson
	mandoc -T ascii -O width=200 "$TOP/man/diff-attrs.1" | col -bx |
		sed -n '/^EXAMPLES/,/^SEE ALSO/s/^           *//p' >commands
	run -0 bash commands
	[ "${lines[-1]}" = $'branch\t8' ]
	[ -s versions.ndjson ]
	status 1 diff-attrs --to=github --fail-on=breaking main.attrs \
		branch.attrs
}
