#!/usr/bin/env bats
# render-attrs: which attributes, the tree, the summary, jq and Markdown.

load helper

# attrs LINE... : the attributes of these records, in f.attrs
attrs() {
	printf '%s\n' "$@" >f.ndjson
	discover-attrs -q f.ndjson >f.attrs
}

small() {
	attrs '{"id":1,"v":"x","tags":["a","b"],"o":{"k":null}}' \
		'{"id":2,"v":5,"tags":[],"o":{"k":"2020-01-02"},"e":"{\"z\":1}"}' \
		'{"id":"3","v":[{"w":1.5}]}'
}

paths() {
	render-attrs --to=jq "$@" | cut -f 2 | cut -c 3- | tr '\n' ' '
}

@test "the tree of a few records" {
	small
	render-attrs --ascii f.attrs >out
	cat >want <<-'END'
	3 records, 137 bytes, 12 attributes, 2 polymorphic
	attribute                    types    presence       values notes
	.                            oooooooo #####  100%         3
	|- id                        sssiiiii #####  100%         3 !str,int, integer-s~
	|- v                         sssiiiaa #####  100%         3 !str,int,array_obje~
	|  `- []                     oooooooo #####  100%         1
	|     `- w                   ffffffff #####  100%         1
	|- tags                      aaaaaaaa ###..   66%         2 empty 50%
	|  `- []                     ssssssss #####  100%         2
	|- o                         oooooooo ###..   66%         2
	|  `- k                      ssssnnnn #####  100%         2 date, null 50%
	`- e                         ssssssss #....   33%         1 JSON
	   `- fromjson               oooooooo #####  100%         1
	      `- z                   iiiiiiii #####  100%         1
	types: s str, i int, f float, b bool, o object, a array, n null; ! several types
	END
	diff want out
}

@test "types divide the bar: each met has a letter, the most has the most" {
	attrs 1 1 1 1 1 1 1 1 1 1 1 1 '"a"' null true
	render-attrs --width=100 f.attrs >out
	grep -q '^\. .* siiiiibn ' out
	attrs '"a"' 1 1.5 true '{}' '[]' null
	render-attrs f.attrs | grep -qE '^\. .* s+i+f+b+o+a+n+ '
}

@test "the tree keeps to its width, colour or not, and counts what it folds" {
	need python3
	need_data iglu-schemas.ndjson tweets.ndjson
	for f in iglu-schemas tweets; do
		discover-attrs -q "$DATA/$f.ndjson" >$f
		for width in 40 80 137; do
			render-attrs --width=$width $f >plain
			render-attrs --width=$width --color=always $f |
				sed 's/\x1b\[[0-9;]*m//g' | cmp - plain
			python3 "$TOP/tests/render/tree_check.py" $width \
				"$f" plain
		done
		render-attrs --rows=0 $f >all
		run ! grep -q '^folded' all
		[ "$(grep -c '%  *[0-9]' all)" = \
			"$(($(wc -l <$f) - 1))" ]
	done
}

@test "a terminal: its width, colour unless NO_COLOR" {
	need script stty
	small
	# tree COMMAND : what a terminal of 100 columns gets
	tree() {
		script -qec "stty cols 100 -onlcr; $1" /dev/null </dev/null
	}
	render-attrs --width=100 --color=always f.attrs >want
	tree 'render-attrs f.attrs' | diff want -
	grep -q $'\x1b\[' want
	render-attrs --width=100 f.attrs >want
	tree 'NO_COLOR=1 render-attrs f.attrs' | diff want -
	tree 'NO_COLOR= render-attrs --width=60 f.attrs' |
		cmp - <(render-attrs --width=60 --color=always f.attrs)
	tree 'render-attrs f.attrs | cat' | diff <(render-attrs f.attrs) -
}

@test "the tree: --under, --depth, --polymorphic, --sort" {
	small
	render-attrs --under=.o f.attrs >out
	sed -n 3p out | grep -q '^\.o '
	[ "$(wc -l <out)" = 5 ]
	status 2 render-attrs --under=.nope f.attrs
	status 2 render-attrs --under=nope f.attrs
	render-attrs --depth=1 f.attrs >out
	run ! grep -q '  k ' out
	grep -q '^├─ o .*, +1 below$\|^├─ o .* +1 below$' out
	render-attrs --polymorphic f.attrs >out
	[ "$(grep -c '!' out)" = 3 ]
	[ "$(wc -l <out)" = 6 ] # . id v; two lines of head, one of feet
	attrs '{"a":1,"b":"xxxxxxx"}' '{"b":"","c":[1,2,3,4,5,6,7]}'
	order() {
		render-attrs --depth=1 --sort="$1" f.attrs |
			sed -n 's/^[├└]─ \([a-z]\) .*/\1/p' | tr -d '\n'
	}
	[ "$(order order)" = abc ]
	[ "$(order bytes)" = cba ]
	[ "$(order presence)" = bac ]
}

@test "names in the tree are shown safely, wide ones in two cells" {
	attrs '{"a\u001b[31m":1,"日本語":2,"e\u0301":3,"":4,"x y":5}'
	render-attrs f.attrs >out
	run ! grep -q $'\x1b' out
	grep -q '^├─ "日本語"                  iiiiiiii' out
	grep -q '^├─ ""  ' out
	grep -q '^└─ "x y"  ' out
}

@test "no records, and records that are no objects" {
	attrs ''
	for to in tree summary jq markdown; do
		render-attrs --to=$to f.attrs >out
	done
	attrs '[[1,2],[]]' 5
	[ "$(paths f.attrs)" = '. .[] .[][] ' ]
	grep -q polymorphic <(render-attrs --to=summary f.attrs)
}

@test "the summary's figures are those of jq" {
	need_data iglu-schemas.ndjson tweets.ndjson github-events.ndjson
	for f in iglu-schemas tweets github-events; do
		discover-attrs -q "$DATA/$f.ndjson" >f
		jq -sr '.[0].scan as $s | .[1:] as $a
			| ($a | map({key: (.steps | tojson),
				value: .versions.object.count})
				| from_entries) as $objects
			| def active: [.versions[] | select(.active)] | length;
			($a | map(.level) | max + 1) as $level
			| ($a | map([active - 1, 0] | max) | add) as $more
			| ($a | map(select(.versions.array_object.active))
				| length) as $of
			| ($a | map(select(.versions.str.embedded
				| .object + .array > 0)) | length) as $embedded
			| $s.records, ($a | length),
			($a | map(select(active > 1)) | length),
			($a | map(select(.items)) | length), $of, $embedded,
			($a | map(select((.steps | last | type) == "string" and
				.count - (.duplicates // 0) <
				$objects[.steps[:-1] | tojson])) | length),
			$level - 1,
			($a | length) + 2 * $more + 5 * $of + 10 * $embedded +
				10 * $level' f >want
		render-attrs --to=summary f | awk '
			{ name = substr($0, 1, 22); sub(/ +$/, "", name)
			  v[name] = $NF }
			END { print v["records"]; print v["attributes"]
			  print v["polymorphic"]; print v["arrays"]
			  print v["arrays of objects"]
			  print v["embedded JSON"]; print v["optional"]
			  print v["maximum level"]
			  print v["complexity score"] }' | diff want -
	done
}

@test "jq: every selector of real records, run and counted" {
	need python3 jq
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson \
		amazon-cellphones.ndjson
	not_under valgrind "jq is what takes the time"
	python3 "$TOP/tests/render/jqselect.py" "$DATA"/*.ndjson
}

@test "jq: mixed types, odd keys, maps and embedded JSON" {
	need python3 jq
	printf '%s\n' '{"a":{"b":1},"o d":[1,[2,{"x":null}]],"$":"[1,2]"}' \
		'{"a":[1],"o d":{"q\"":true},"$":"{\"k\":\"[3]\"}"}' \
		'{"a":"{","o d":3,"$":"[1"}' '"{\"a\":1}"' '[]' '"[nul]"' \
		'{"\u007f":1,"é":{"":0},"a":null}' >odd.ndjson
	python3 "$TOP/tests/render/jqselect.py" odd.ndjson
	discover-attrs -q --map=.m <<<'{"m":{"a":1,"b":2}}' >f.attrs
	[ "$(render-attrs --to=jq f.attrs | tail -n 1)" = \
		$'.|objects|select(has("m"))|.["m"]|objects|.[]\t# .m{}' ]
}

@test "Markdown: a row an attribute, nothing that breaks a cell" {
	attrs '{"a|b":1,"`t`":"x","n":[1.5,-2],"d":"2020-01-02"}' '{"n":3}'
	render-attrs --to=markdown f.attrs >out
	grep -qF '| ``."a\|b"`` | int' out || grep -qF '| `."a\|b"` | int' out
	grep -qF '| ``."`t`"`` | str | 1 | 50% | 0% | 1 to 1 characters' out
	grep -qF '| `.n[]` | int,float | 2 | 100%' out ||
		grep -qF '| `.n[]` | **int,float** | 2 | 100%' out ||
		grep -qF '| `.n[]` | **int,float**' out
	grep -qF '| `.d` | str | 1 | 50% | 0% | 10 to 10 characters | date 100%' out
	[ "$(grep -c '^| ["`]' out)" = "$(($(wc -l <f.attrs) - 1))" ]
	# every row has as many cells
	[ "$(sed 's/\\|//g' out | grep '^|' | tr -cd '|\n' | sort -u | wc -l)" \
		= 1 ]
}

@test "--select, --exclude, --min-presence" {
	attrs '{"a":{"b":{"c":1},"d":[{"e":1}]},"f":1}' '{"a":{"d":[]}}' \
		'{"a":{}}'
	[ "$(paths --select=.a.d f.attrs)" = '. .a .a.d .a.d[] .a.d[].e ' ]
	[ "$(paths --select='.a.*' --exclude='.a.d**' f.attrs)" = \
		'. .a .a.b .a.b.c ' ]
	[ "$(paths --select='**.e' f.attrs)" = '. .a .a.d .a.d[] .a.d[].e ' ]
	[ "$(paths --select='.*' f.attrs)" = "$(paths f.attrs)" ]
	[ "$(paths --exclude=.a f.attrs)" = '. .f ' ]
	[ "$(paths --exclude=. f.attrs)" = '' ]
	[ "$(paths --min-presence=50% f.attrs)" = '. .a .a.d .a.d[] .a.d[].e ' ]
	[ "$(paths --min-presence=33% f.attrs)" = "$(paths f.attrs)" ]
	[ "$(paths --min-presence=33.4% f.attrs)" = \
		'. .a .a.d .a.d[] .a.d[].e ' ]
	render-attrs --to=jq --select=.nope f.attrs >out 2>err
	[ "$(cat err)" = \
		"render-attrs: --select=.nope: there is no such attribute" ]
	[ ! -s out ]
	status 2 render-attrs --min-presence=5 f.attrs
}

@test "--rename adds up what comes to stand at one path" {
	attrs '{"item1":{"p":1},"item2":{"p":"x"}}' '{"item2":{"p":9}}'
	render-attrs --rename='s/\.item[0-9]+/.item/' --to=markdown f.attrs \
		>out
	grep -qF '| `.item` | object | 3 | 100% |' out
	grep -qF '| `.item.p` | **str,int** | 3 |' out
	# two summands: together in half of the objects at the least
	attrs '{"item1":1}' '{"item2":2}'
	render-attrs --rename='s,item[0-9],item,' --to=markdown f.attrs |
		grep -qF '| `.item` | int | 2 | 50% |'
	[ "$(paths --rename='s/item(.)/n\1&/g' f.attrs)" = \
		'. .n1item1 .n2item2 ' ]
	for rule in s/a/b a 's/(/x/' s/a/b/x s; do
		status 2 render-attrs --rename="$rule" f.attrs
	done
	status 2 render-attrs --rename='s/\.item1/.x.y/' f.attrs
	status 2 render-attrs --rename='s/\.item1/!/' f.attrs
}

@test "what it takes and refuses" {
	small
	[ "$(render-attrs <f.attrs)" = "$(render-attrs f.attrs)" ]
	[ "$(render-attrs - <f.attrs)" = "$(render-attrs f.attrs)" ]
	status 2 render-attrs f.attrs f.attrs
	status 2 render-attrs f.ndjson
	status 3 render-attrs nope
	status 2 render-attrs --to=nope f.attrs
	status 2 render-attrs --to=jq --depth=3 f.attrs
	head -n 4 f.attrs >cut
	status 3 render-attrs cut
	render-attrs --allow-cut cut
	discover-attrs -q f.ndjson | merge-attrs --map=.o | render-attrs |
		grep -q map
	status 3 render-attrs f.attrs >/dev/full
	render-attrs -o out f.attrs
	render-attrs f.attrs | cmp - out
	status 2 render-attrs -o none --under=.x f.attrs
	[ ! -e none ] && [ ! -e none.partial ]
	render-attrs --report=r.json f.attrs >/dev/null
	[ "$(jq -c '[.program,.records,.attributes]' r.json)" = \
		'["render-attrs",3,12]' ]
}

@test "examples of render-attrs(1)" {
	need mandoc jq
	printf '%s\n' '{"user":{"id":"a"}}' '{"user":{"id":7}}' >events.ndjson
	discover-attrs -q events.ndjson >all.attrs
	mkdir click
	render-attrs --to=iglu --vendor=com.acme --name=click all.attrs \
		>click/1-0-0.json
	mandoc -T ascii -O width=200 "$TOP/man/render-attrs.1" | col -bx |
		sed -n '/^EXAMPLES/,/^SEE ALSO/s/^           *//p' >commands
	[ "$(grep -c render-attrs commands)" -ge 4 ]
	bash -e commands >out
	grep -qx 7 out
	grep -q '"version":"1-0-0"' out
	render-attrs --to=jq --select=.user.id all.attrs | tail -n 1 >id.jq
	[ "$(jq -f id.jq events.ndjson | grep -v '"')" = 7 ]
}
