#!/usr/bin/env bats
# merge-attrs: the merge law, what is refused, maps, failures.
#
# Options in a variable are meant to split, and cat makes a pipe of a file.
# shellcheck disable=SC2086,SC2002

load helper

# many N [SEED] : N records, irregular: some keys rare, some with two types.
many() {
	awk -v n="$1" -v seed="${2:-1}" 'BEGIN {
		srand(seed)
		for (i = 0; i < n; i++) {
			printf "{\"id\":%d,\"v\":%s", i, rand() < .5 ? i : i ".5"
			if (rand() < .3)
				printf ",\"r%d\":\"%s\"", rand() * 40, i % 7
			if (rand() < .2)
				printf ",\"list\":[%d,null,{\"x\":true}]", i % 3
			if (rand() < .1)
				printf ",\"e\":\"{\\\"k%d\\\":[1]}\"", i % 5
			print "}"
		}
	}'
}

# cut_into N FILE : FILE's lines dealt out at random to part.1 .. part.N
cut_into() {
	rm -f part.*
	awk -v n="$1" 'BEGIN { srand(n) }
		{ print >("part." int(rand() * n) + 1) }' "$2"
}

# ---- the merge law ----

@test "ranges in any order, in any tree of merges, are the whole" {
	many 3000 >f
	discover-attrs -P1 f >want
	for n in 1 2 5 9; do
		for i in $(seq $n); do
			discover-attrs -P1 --range="$i/$n" f >"p$i"
		done
		merge-attrs $(seq -f p%.0f $n) | cmp - want
		merge-attrs $(seq -f p%.0f $n -1 1) | cmp - want
	done
	merge-attrs p7 p2 >left
	merge-attrs p1 p9 p5 >right
	merge-attrs right p3 >both
	merge-attrs p8 left both p4 p6 | cmp - want
	merge-attrs want | cmp - want
}

@test "random partitions with all kinds of statistics" {
	many 2000 >f
	for options in --no-first "--no-first --private" \
		"--no-first --stats=full --values=5 --samples=3" \
		"--no-first --max-keys=30" "--no-first --max-keys=3" \
		"--no-first --stats=full --max-keys=10 --values=2"; do
		discover-attrs -P1 $options f >want
		for n in 2 6; do
			cut_into $n f
			for p in part.*; do
				discover-attrs -P1 $options "$p" >"$p.attrs"
			done
			merge-attrs part.*.attrs | cmp - want
			cat part.*.attrs | merge-attrs | cmp - want
		done
	done
}

@test "real records, in ranges" {
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson
	for d in tweets github-events iglu-schemas; do
		ln -s "$DATA/$d.ndjson" $d
		discover-attrs $d >want
		for i in 1 2 3; do
			discover-attrs --range=$i/3 $d >p$i
		done
		merge-attrs p2 p3 p1 | cmp - want
	done
}

@test "operands, a list of names, one stream: the same sum" {
	many 300 >f
	for i in 1 2 3; do
		discover-attrs --range=$i/3 f >p$i
	done
	merge-attrs p1 p2 p3 >want
	printf '%s\0' p1 p2 p3 | merge-attrs --files0-from=- | cmp - want
	cat p1 p2 p3 | merge-attrs | cmp - want
	cat p2 | merge-attrs p1 - p3 | cmp - want
	# slowly, in pieces that end anywhere
	cat p1 p2 p3 | dd bs=777 status=none | merge-attrs | cmp - want
	# the last line end may be missing
	printf %s "$(cat p3)" >open
	merge-attrs p1 p2 open | cmp - want
}

@test "nothing is the identity" {
	many 20 >f
	discover-attrs --no-first --max-keys=7 f >some
	merge-attrs </dev/null >nothing
	jq -e '.scan | .options == {} and .records == 0 and .complete' nothing
	[ "$(wc -l <nothing)" = 1 ]
	cmp nothing <(discover-attrs /dev/null)
	merge-attrs nothing | cmp - nothing
	merge-attrs nothing some | cmp - some
	merge-attrs some /dev/null | cmp - some
	cat nothing some nothing | merge-attrs | cmp - some
	# an empty part of other options is not nothing
	discover-attrs --no-first /dev/null >empty
	merge-attrs empty | cmp - empty
	status 2 merge-attrs some empty >out 2>said
	[ ! -s out ]
	discover-attrs --no-first --max-keys=7 /dev/null >same
	merge-attrs same some | cmp - some
}

@test "the same JSON by other hands: any order of members, blanks, escapes" {
	need python3
	printf '%s\n' '{"é\u0001":"x","a\"b":[1,{"":2.50}]}' '{"\ud800":1}' >f
	cat >turn.py <<-'END'
		import json, sys
		def turn(v):
		    if isinstance(v, dict):
		        return {k: turn(v[k]) for k in reversed(list(v))}
		    return [turn(x) for x in v] if isinstance(v, list) else v
		for line in sys.stdin:
		    print(" " + json.dumps(turn(json.loads(line))))
	END
	for options in "" "--stats=full --values=3 --samples=1"; do
		discover-attrs $options f >want
		python3 turn.py <want >other
		grep -q '\\u00e9' other
		run ! cmp -s want other
		merge-attrs other | cmp - want
	done
}

@test "names of sources that are no UTF-8" {
	name=$(printf 'a\377\355\240\200"b')
	many 50 >"$name"
	discover-attrs "$name" >want
	grep -q 'a\\udcff\\udced\\udca0\\udc80\\"b' want
	for i in 1 2; do
		discover-attrs --range=$i/2 "$name" >p$i
	done
	merge-attrs p2 p1 | cmp - want
}

# ---- what is refused ----

# refused STATUS TEXT COMMAND... : nothing on stdout, and a message with TEXT
refused() {
	local want=$1 text=$2
	shift 2
	status "$want" "$@" >out 2>said || { cat said; return 1; }
	grep -qF -- "$text" said || { cat said; return 1; }
	[ ! -s out ]
}

@test "a cut stream: 3, or with --allow-cut what is there" {
	many 100 >f
	discover-attrs f >all
	n=$(($(wc -l <all) - 1))
	head -n 6 all >five
	refused 3 "five:6: cut: $((n - 5)) of $n attribute lines" \
		merge-attrs five
	merge-attrs --allow-cut five >got 2>said
	grep -q "cut: $((n - 5)) of $n" said
	[ "$(jq -r 'select(.scan).scan.attributes' got)" = 5 ]
	cmp <(tail -n +2 got) <(tail -n +2 five)
	# in the middle of a line, and of the scan line
	head -c -20 all >in-line
	refused 3 'cut: 1 of' merge-attrs in-line
	merge-attrs --allow-cut in-line 2>said | tail -n +2 |
		cmp - <(sed '1d; $d' all)
	head -c 100 all >in-head
	refused 3 'cut in the scan line' merge-attrs in-head
	# between two scans, and before more lines than announced
	cat five all >two
	refused 3 "two:7: cut" merge-attrs two
	cat all <(tail -n 1 all) >longer
	refused 3 'expected a scan line' merge-attrs longer
	# the program before it in the pipe
	run -3 bash -c 'set -o pipefail; head -n 5 all | merge-attrs'
}

@test "parts of other options: 2, with both values" {
	many 10 >f
	discover-attrs f >plain
	discover-attrs --max-keys=9 --where '.id > 3' f >other
	refused 2 "other:1: made with other options than plain: where \".id > 3\" instead of the default, max_keys 9 instead of the default" \
		merge-attrs plain other
	refused 2 "max_keys the default instead of 9" merge-attrs other plain
	# with the same ones their order does not matter
	sed '1s/"options":{\([^,]*\),\([^}]*\)}/"options":{\2, \1}/' other >turned
	run ! cmp -s other turned
	merge-attrs --allow-overlap other turned >got
	[ "$(jq -r 'select(.scan).scan.options | keys_unsorted[0]' got)" = where ]
	sed '1s/"max_keys"/"max_kings"/' other >unknown
	refused 2 'max_kings' merge-attrs unknown
}

@test "sample keys: other keys are told, the keys are not" {
	many 10 >f
	umask 077
	echo 0123456789abcdef-one >key1
	echo 0123456789abcdef-two >key2
	for i in 1 2; do
		discover-attrs --samples=2 --sample-key-file=key$i \
			--range=$i/2 f >p$i
	done
	refused 2 sample_key merge-attrs p1 p2
	discover-attrs --samples=2 --sample-key-file=key1 --range=2/2 f >p2
	discover-attrs --samples=2 --sample-key-file=key1 f >want
	merge-attrs p1 p2 | cmp - want
}

@test "the same part twice: 2, with the source and the bytes" {
	many 100 >f
	discover-attrs --range=1/2 f >p1
	discover-attrs --range=2/2 f >p2
	to=$(jq -r 'select(.scan).scan.sources[0].ranges[0][1]' p1)
	cp p1 copy
	refused 2 "copy:1: bytes 0 to $to of f were counted already" \
		merge-attrs p1 p2 copy
	refused 2 'same file as p1' merge-attrs p1 p2 ./p1
	merge-attrs --allow-overlap p1 copy p2 >got
	[ "$(jq -r 'select(.scan).scan.records' got)" -gt 100 ]
	head -n 1 got | jq -e '.scan.sources == [{source: "f",
		ranges: [[0, '"$(wc -c <f)"']]}]'
}

@test "what is no partial result: 2; a part that cannot be read: 3" {
	many 5 >f
	discover-attrs f >good
	refused 2 'not the output of discover-attrs' merge-attrs f
	refused 2 'not the output of discover-attrs' merge-attrs good "$BIN/merge-attrs"
	gzip -k good
	refused 2 zcat merge-attrs good.gz
	refused 3 'no-such' merge-attrs good no-such
	refused 3 '/' merge-attrs good /
	sed '1s/"format":1/"format":2/' good >later
	refused 2 'unknown format' merge-attrs later
	refused 2 'unknown format' bash -c 'cat good later | merge-attrs'
	# everything that is wrong is told
	status 2 merge-attrs no-such f later 2>said
	[ "$(wc -l <said)" = 3 ]
}

# edit COMMAND : good, with its line for .v changed by sed
edit() {
	sed "/^{\"path\":\"\.v\"/$1" good >bad
	run ! cmp -s good bad
	refused 3 'bad:' merge-attrs bad
}

@test "lines that cannot be: 3, with the place" {
	many 50 >f
	discover-attrs f >good
	edit 's/"count":50/"count":5/'
	edit 's/"nulls":0/"nulls":51/'
	edit 's/"count":50/"count":50,"count":50/'
	edit 's/"bytes":[0-9]*/"bytes":49/'
	edit 's/"bytes":/"bits":/'
	edit 's/"digits":[0-9]*/"digits":-1/'
	edit 's/"digits":[0-9]*/"digits":1e1/'
	edit 's/"digits":[0-9]*/"digits":01/'
	edit 's/"min":"[0-9]*"/"min":"1.0"/'
	edit 's/"min":"[0-9]*"/"min":"01"/'
	edit 's/"min":"[0-9]*"/"min":7/'
	edit 's/"active":true/"active":false/'
	edit 's/"active":false/"active":true/'
	edit 's/"object":{[^}]*}/"object":{}/'
	edit 's/,"object":{[^}]*}//'
	edit 's/"first":/"last":/'
	edit 's/"steps":\["v"\]/"steps":["v",[]]/; s/"v"/"w"/'
	edit 's/"steps":\["v"\]/"steps":[v]/'
	edit 's/}$/]/'
	edit 's/$/}/'
	edit 's/"name":"v"/"name":"\xff"/'
	edit 's/.*/{}/'
	edit 's/.*/null/'
}

@test "members that are not known are dropped, with one warning" {
	many 50 >f
	discover-attrs f >want
	sed 's/"nulls"/"new":{"a":[1,"\\u00e9"]},"nulls"/; s/"format":1/"format":1,"host":"x"/' \
		want >newer
	merge-attrs newer 2>said | cmp - want
	[ "$(wc -l <said)" = 1 ]
	grep -q 'newer:1: the member host is not known' said
}

# ---- what is pending ----

@test "pending parts less what other parts have" {
	head='{"scan":{"format":1,"options":{},"attributes":0,"records":0,"bytes":0,"rejected":0,"blank":0,"duplicate_keys":0,"lone_surrogates":0,"long_numbers":0,'
	file='"size":100,"mtime_ns":5'
	a="${head}\"complete\":false,\"pending\":[{\"source\":\"f\",\"from\":10,\"to\":100,$file}],\"sources\":[{\"source\":\"f\",\"ranges\":[[0,10]]}]}}"
	b="${head}\"complete\":true,\"pending\":[],\"sources\":[{\"source\":\"f\",\"ranges\":[[20,40],[50,60]]}]}}"
	c="${head}\"complete\":true,\"pending\":[],\"sources\":[{\"source\":\"f\",\"ranges\":[[10,20],[40,50],[60,100]]}]}}"
	echo "$a" | merge-attrs | diff - <(echo "$a")
	printf '%s\n' "$b" "$a" | merge-attrs >ab
	jq -ce '.scan | [.complete, .pending, .sources[0].ranges]' ab |
		diff - <(echo '[false,[{"source":"f","from":10,"to":20,"size":100,"mtime_ns":5},{"source":"f","from":40,"to":50,"size":100,"mtime_ns":5},{"source":"f","from":60,"to":100,"size":100,"mtime_ns":5}],[[0,10],[20,40],[50,60]]]')
	echo "$c" | merge-attrs ab - >abc
	jq -ce '.scan | [.complete, .pending, .sources[0].ranges]' abc |
		diff - <(echo '[true,[],[[0,100]]]')
	printf '%s\n' "$c" "$a" "$b" | merge-attrs | cmp - abc
}

@test "a pipe that was stopped, and went on: complete" {
	many 20000 >f
	mkfifo fifo
	discover-attrs <fifo >one 2>said &
	pid=$!
	exec 9>fifo
	head -n 5000 f >&9
	sleep .5
	kill -TERM $pid
	# the end of the pipe would be the end of the input
	status 75 wait $pid
	exec 9>&-
	head -n 1 one | jq -e '.scan | .records == 5000 and
		.pending == [{source: "<stdin>", from: '"$(head -n 5000 f |
		wc -c)"', to: null}]'
	# stopped again before it came to anything
	(sleep 1; cat f) | status 75 discover-attrs --time-limit=100ms \
		--resume=one >none 2>said
	head -n 1 none | jq -e '.scan | .complete == false and .records == 0'
	merge-attrs none | cmp - none
	merge-attrs none one | cmp - <(merge-attrs one)
	cat f | discover-attrs --resume=one >two
	head -n 1 two | jq -e '.scan | .complete and has("resumed")'
	merge-attrs two one | cmp - <(cat f | discover-attrs)
	merge-attrs one two | cmp - <(cat f | discover-attrs)
	merge-attrs two none one | cmp - <(cat f | discover-attrs)
}

# ---- maps ----

# wide KEYS OBJECTS [OTHER] : one object a record with one of KEYS keys, OTHER
# of them hold a string and not a number
wide() {
	awk -v k="$1" -v n="$2" -v o="${3:-0}" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "{\"m\":{\"u%03d\":%s}}\n", i % k,
				i % k < o ? "\"x\"" : i
	}'
}

@test "maps are found: more than 200 keys" {
	wide 201 402 | discover-attrs >in
	merge-attrs --detect-maps in >got
	jq -r 'select(.map_reason) | [.path, .map_reason] | @tsv' got |
		diff - <(printf '.m\t201 keys, mean presence 0.004, 100 %% with the same versions\n')
	head -n 1 got | jq -e '.scan | .folded and .attributes == 3'
	refused 2 folded merge-attrs got
	wide 200 402 | discover-attrs >in
	merge-attrs --detect-maps in | cmp - in
	# a path that is named stays
	wide 201 402 | discover-attrs >in
	merge-attrs --detect-maps --no-map=.m in | cmp - in
}

@test "maps are found: mean presence below a tenth" {
	# 210 keys of which each object has K: presence K/210
	for k in 20 21; do
		awk -v k=$k 'BEGIN { for (i = 0; i < 210; i++) {
			printf "{"
			for (j = 0; j < k; j++)
				printf "%s\"u%d\":1", j ? "," : "", (i + j) % 210
			print "}" } }' | discover-attrs >in
		merge-attrs --detect-maps in >got
		if [ $k = 20 ]; then
			jq -r 'select(.path == ".").map_reason' got |
				diff - <(echo '210 keys, mean presence 0.095, 100 % with the same versions')
		else
			cmp got in
		fi
	done
}

@test "maps are found: the same versions in nine of ten keys" {
	for other in 25 26; do
		wide 250 500 $other | discover-attrs >in
		merge-attrs --detect-maps in >got
		if [ $other = 25 ]; then
			jq -r 'select(.map_reason).map_reason' got |
				diff - <(echo '250 keys, mean presence 0.004, 90 % with the same versions')
		else
			cmp got in
		fi
	done
}

@test "maps in maps, from the top down; the sum of keys is what scanning gives" {
	awk 'BEGIN { for (i = 0; i < 900; i++)
		printf "{\"a\":{\"u%d\":{\"v%d\":{\"x\":%d}}},\"b\":%d}\n",
			i % 300, i, i, i }' >f
	discover-attrs f >in
	merge-attrs --detect-maps in >got
	jq -r 'select(.path).path' got |
		diff - <(printf '%s\n' . .a '.a{}' '.a{}{}' '.a{}{}.x' .b)
	discover-attrs --map=.a '--map=.a{}' f | tail -n +2 >want
	tail -n +2 got | sed 's/"map_reason":"[^"]*",//' | cmp - want
	merge-attrs '--map=.a{}' --map=.a in | tail -n +2 | cmp - want
	# kept below a fold
	merge-attrs --detect-maps '--no-map=.a{}' in | tail -n +2 |
		sed 's/"map_reason":"[^"]*",//' |
		cmp - <(discover-attrs --map=.a f | tail -n +2)
}

@test "maps by path: what is wrong or not there is told" {
	wide 5 20 >f
	discover-attrs f >in
	discover-attrs --map=.m f >mapped
	merge-attrs --map=.m in >got
	cmp <(tail -n +2 got) <(tail -n +2 mapped)
	head -n 1 got | jq -e '.scan | .folded and .options == {}'
	merge-attrs --map=.m mapped | cmp - mapped
	merge-attrs --map=.m --no-map=.m in | cmp - in
	merge-attrs --map=.nowhere in 2>said | cmp - in
	grep -q -- '--map=.nowhere: there is no such' said
	refused 2 'not a path' merge-attrs --map=m in
	refused 2 'not a path' merge-attrs '--no-map=.a[' in
}

@test "too many attributes: 3, the widest paths, and a way out" {
	wide 60 60 >f
	discover-attrs --range=1/2 f >p1
	discover-attrs --range=2/2 f >p2
	refused 3 "more than 50 attributes (--max-attrs); widest: .m (" \
		merge-attrs --max-attrs=50 p1 p2
	grep -qF "give --map='.m'" said
	merge-attrs --max-attrs=50 --map=.m p1 p2 >got
	[ "$(jq -r 'select(.scan).scan.attributes' got)" = 3 ]
	# the parts' own limit counts
	discover-attrs --max-attrs=50 --range=1/2 f >p1
	discover-attrs --max-attrs=50 --range=2/2 f >p2
	refused 3 'more than 50' merge-attrs p1 p2
	merge-attrs --max-attrs=62 p1 p2 >got
	[ "$(jq -r 'select(.scan).scan.attributes' got)" = 62 ]
}

# ---- failures, signals ----

@test "a full device: 3 and one message; a reader that leaves: quiet" {
	many 2000 >f
	discover-attrs f >in
	status 3 merge-attrs in >/dev/full 2>said
	[ "$(wc -l <said)" = 1 ]
	wide 3000 3000 | discover-attrs >in
	merge-attrs in 2>said | head -n 1 >/dev/null
	[ ! -s said ]
}

@test "-o: put in place when complete, left alone when refused" {
	many 50 >f
	discover-attrs f >in
	merge-attrs -o out in
	cmp out in
	head -n 3 in >short
	status 3 merge-attrs -o out short
	cmp out in
	[ "$(echo out*)" = out ]
	status 3 merge-attrs -o no/such/folder in 2>said
	status 3 merge-attrs -o /dev/full in 2>said
}

@test "report" {
	many 50 >f
	discover-attrs --range=1/2 f >p1
	discover-attrs --range=2/2 f >p2
	merge-attrs --report=r p1 p2 >sum
	jq -e '.program == "merge-attrs" and .records == 50 and .scans == 2 and
		.input_bytes == '"$(cat p1 p2 | wc -c)" r
	[ "$(jq .attributes r)" = "$(($(wc -l <sum) - 1))" ]
}

@test "the first INT or TERM is ignored, the second one ends it" {
	not_under tsan "it keeps signals back while a read waits"
	many 50 >f
	discover-attrs f >in
	for signal in INT TERM; do
		mkfifo fifo
		# bash starts background programs with INT ignored
		env --default-signal=INT merge-attrs <fifo >got &
		pid=$!
		exec 9>fifo
		head -c 3000 in >&9
		sleep .5
		kill -$signal $pid
		sleep .2
		tail -c +3001 in >&9
		exec 9>&-
		wait $pid
		cmp got in
		rm fifo
	done
	mkfifo fifo
	merge-attrs <fifo >got &
	pid=$!
	exec 9>fifo
	sleep .5
	kill -TERM $pid
	sleep .2
	kill -TERM $pid
	status 143 wait $pid
	exec 9>&-
}

@test "sources and ranges without number" {
	need python3
	python3 - <<-'END'
		import json
		def scan(name, sources):
		    head = {"scan": {"format": 1, "options": {}, "attributes": 0,
		        "records": 1, "bytes": 0, "rejected": 0, "blank": 0,
		        "duplicate_keys": 0, "lone_surrogates": 0,
		        "long_numbers": 0, "complete": True, "pending": [],
		        "sources": [{"source": s, "ranges": r} for s, r in sources]}}
		    with open(name, "w") as f:
		        print(json.dumps(head, separators=(",", ":")), file=f)
		scan("a", [("s%06d" % i, [[0, 5], [6, 9]]) for i in range(0, 60000, 2)])
		scan("b", [("s%06d" % i, [[0, 9]]) for i in range(1, 60000, 2)])
		scan("c", [("s%06d" % i, [[5, 6]]) for i in range(0, 60000, 2)])
		scan("d", [("t", [[2 * i, 2 * i + 1] for i in range(50000)])])
		scan("e", [("t", [[2 * i + 1, 2 * i + 2] for i in range(50000)])])
	END
	merge-attrs d b c a e >got
	jq -ce '.scan | [.records, (.sources | length), .sources[:2],
		.sources[-1]]' got |
		diff - <(echo '[5,60001,[{"source":"s000000","ranges":[[0,9]]},{"source":"s000001","ranges":[[0,9]]}],{"source":"t","ranges":[[0,100000]]}]')
}

@test "memory is the sum's, not that of the parts" {
	not_under asan tsan valgrind "they need more address space"
	many 400 >f
	discover-attrs --no-first f >p
	for _ in $(seq 300); do cat p; done >parts
	[ "$(wc -c <parts)" -gt 10000000 ]
	(ulimit -v 40000 && exec merge-attrs parts) >got
	[ "$(jq -r 'select(.scan).scan.records' got)" = 120000 ]
}

# ---- pages ----

# The examples of a page, as commands (-literal displays).
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh /p' "$TOP/man/$1" |
		sed -n '/^\.Bd -literal/,/^\.Ed/p' |
		sed '/^\.Bd/s/.*//; /^\.Ed/d; s/\\e$/\\/'
}

@test "the examples of the page run" {
	mkdir logs
	split -n l/7 --numeric-suffixes=1 -a 1 --additional-suffix=.ndjson \
		"$TOP/examples/orders.ndjson" logs/day
	examples merge-attrs.1 >run
	bash -eo pipefail run >out 2>said || { cat said; false; }
	[ ! -s said ]
	grep -q '^[1-9][0-9]*	0	true$' out
	grep -qx '.customer.id' out
}
