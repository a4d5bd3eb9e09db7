#!/usr/bin/env bats
# discover-attrs: what it reads, refuses, survives and says.

load helper

# records FILE : attributes of a scan without where and when.
plain() {
	discover-attrs -q --no-first "$@"
}

# scan MEMBER FILE : a member of the scan line.
member() {
	head -n 1 "$2" | jq -c ".scan | $1"
}

good() {
	printf '{"a":%d,"b":"x"}\n' 1 2 3 4
}

many() {
	seq "$1" | sed 's/.*/{"n":&,"s":"text &","deep":{"list":[&,{"x":null}]}}/'
}

# ---- forms of input ----

@test "nothing, blanks, and a scan of nothing are the same valid result" {
	: >empty
	printf '\n \t\r\n\n' >blank
	discover-attrs empty >a
	[ "$(wc -l <a)" = 1 ]
	[ "$(member .records a)" = 0 ]
	[ "$(member .sources a)" = '[]' ]
	discover-attrs blank >b
	[ "$(member .blank b)" = 3 ]
	discover-attrs </dev/null >c
	cmp a c
}

@test "line ends, byte order mark, no last line end" {
	good >lf
	good | sed 's/$/\r/' >crlf
	{ printf '\357\273\277'; good; } >bom
	good | head -c -1 >cut
	plain lf >want
	for f in crlf bom cut; do
		plain $f | cmp - want
	done
	discover-attrs bom | sed -n 2p | grep -q '"byte":3}'
}

@test "lines, pretty-printed, array, sequence, gzip, zstd: one result" {
	good >f.lines
	jq . f.lines >f.json
	jq -s . f.lines >f.array
	jq -c -s . f.lines >f.flat
	sed 's/^/\x1e/' f.lines >f.seq
	gzip -c f.lines >f.gz
	zstd -q f.lines -o f.zst
	head -n 2 f.lines | gzip >f.two
	tail -n 2 f.lines | gzip >>f.two
	plain f.lines >want
	for f in gz zst two seq json array; do
		plain f.$f >got
		# white space inside records counts in bytes
		if [ $f = json ] || [ $f = array ]; then
			diff <(sed 's/"bytes":[0-9]*,//' got) \
				<(sed 's/"bytes":[0-9]*,//' want)
		else
			cmp got want
		fi
		plain <f.$f | cmp - got
		# shellcheck disable=SC2002
		cat f.$f | plain | cmp - got
	done
	plain --input=array f.flat | cmp - want
}

@test "a pipe, a FIFO, standard input by name, several files" {
	good >f
	mkfifo pipe
	good >pipe &
	plain pipe >a
	wait
	plain f >want
	cmp a want
	plain - <f | cmp - want
	head -n 1 f >one
	tail -n +2 f >rest
	plain one rest | cmp - want
	printf 'one\0rest\0' | plain --files0-from=- | cmp - want
}

@test "names that are no good: 2 or 3, and the neighbours are read" {
	good >f
	mkdir folder
	status 3 discover-attrs f folder nowhere >out 2>said
	[ "$(member .records out)" = 4 ]
	grep -q '^discover-attrs: folder: ' said
	grep -q '^discover-attrs: nowhere: No such file' said
	status 2 discover-attrs f f 2>said >out
	[ ! -s out ]
	status 2 discover-attrs f ./f 2>said
	if [ "$(id -u)" != 0 ]; then
		chmod 0 one
		status 3 discover-attrs f one >out
	fi
}

@test "a file named twice is refused, and counts twice when allowed" {
	printf '%s\n' '{"a":1}' '{"a":"x"}' >f
	ln f g
	status 2 discover-attrs f ./f 2>said
	grep -q 'same file as' said
	status 2 discover-attrs f g
	discover-attrs --allow-overlap f f >twice
	cat f f >both
	diff <(jq -c 'del(.scan.sources)' twice) \
		<(discover-attrs both | jq -c 'del(.scan.sources)' |
			sed 's/"source":"both"/"source":"f"/g')
	discover-attrs f >once
	diff twice <(merge-attrs --allow-overlap once once)
}

@test "damage in a compressed stream: what precedes it counts, status 3" {
	many 5000 >f
	gzip -c f >f.gz
	zstd -q f -o f.zst
	for z in gz zst; do
		head -c $(($(wc -c <f.$z) / 2)) f.$z >cut.$z
		status 3 discover-attrs -q --errors=bad cut.$z f >out 2>said
		[ "$(wc -l <said)" = 1 ]
		n=$(member .records out)
		[ "$n" -gt 5000 ] && [ "$n" -lt 10000 ]
		jq -e '.error == "io" and .source == "cut.'$z'"' bad
		# just the whole lines before the damage
		head -n $((n - 5000)) f | cat - f | plain >want
		plain cut.$z f 2>said | cmp - want
	done
}

@test "prefix of sources; error lines sorted by source" {
	for f in b a; do { echo nul; good; } >$f; done
	discover-attrs -q --source-prefix=host: --errors=bad b a >out 2>said
	[ "$(member '.sources | map(.source)' out)" = '["host:a","host:b"]' ]
	[ "$(jq -c '[.source,.record,.byte]' bad | tr -d '\n')" = \
		'["host:a",1,0]["host:b",1,0]' ]
}

# ---- bad records ----

# One bad record of each kind, between good ones, wherever blocks end.
bad_records() {
	printf '%s\n' '{"a":1 "b":2}' '{"a":1,}' '[1,,2]' '{a:1}' '{"a" 1}' \
		'{"a":1' '"abc' '[1}' '1 2' NaN 01 1. .5 +1 1e '"\x"' '"\u12g4"' \
		'["a"\"]' '{}{}' nul ']'
	printf '"\001"\n"\377"\n"\300\200"\n"\355\240\200"\n"\340\244\n'
	printf '[%.0s' $(seq 1100)
	printf '\n'
}

@test "a bad record costs one record, of every kind, at every place" {
	bad_records >bad
	kinds=$(wc -l <bad)
	for shift in 0 1 7 31 33 50 63; do
		pad=$(printf '%*s' $shift '')
		LC_ALL=C sed "s/.*/$pad"'{"a":1,"b":"x"}\n&\n{"a":2,"b":"x"}/' \
			<bad >mixed
		LC_ALL=C grep -axE ' *\{"a":[12],"b":"x"\}' mixed >alone
		[ "$(wc -l <alone)" = $((2 * kinds)) ]
		for batch in 1 64 512K; do
			discover-attrs -q --no-first -P2 --oversubscribe \
				-b $batch mixed >got 2>said
			[ "$(member .rejected got)" = "$kinds" ]
			plain alone | sed 's/"rejected":0/"rejected":'"$kinds/" |
				cmp - got
		done
	done
}

@test "error lines: class, place and text; ten messages, then a count" {
	{ good; bad_records; good; } >f
	discover-attrs -q --errors=bad f >out 2>said
	[ "$(wc -l <bad)" = "$(member .rejected out)" ]
	[ "$(wc -l <said)" = 11 ]
	grep -q 'f:5: expected , or } .*, column 8' said
	tail -n 1 said | grep -q "^discover-attrs: [0-9]* more rejected"
	head -n 1 bad | jq -e '.error == "json" and .record == 5 and
		.byte == 64 and .column == 8 and .raw == "{\"a\":1 \"b\":2}"'
	[ "$(jq -r .error bad | sort -u | tr '\n' ' ')" = 'depth json utf8 ' ]
	# the record that is not UTF-8, as it was
	jq -r 'select(.raw_base64) | .raw_base64' bad | head -n 1 | base64 -d |
		cmp - <(printf '"\377"')
	[ "$(jq -s 'map(.byte) | . == sort' bad)" = true ]
	discover-attrs -q --errors=cut --max-raw=5 f >out 2>said
	head -n 1 cut | jq -e '.raw == "{\"a\":" and .raw_bytes == 13'
}

@test "mended records, scanned again and merged, are the good file" {
	many 50 >want.f
	sed '7s/}$/,}/; 20s/}$/,}/; 33s/}$/,}/' want.f >f
	discover-attrs -q --no-first --errors=bad f >one 2>said
	[ "$(member .rejected one)" = 3 ]
	jq -r 'select(has("raw")).raw' bad | sed 's/,}$/}/' | plain >two
	merge-attrs one two | tail -n +2 >got
	plain want.f | tail -n +2 | cmp - got
}

@test "tolerated rejects: number, share, none" {
	{ good; echo bad; } >f
	status 0 discover-attrs -q f >out 2>said
	status 1 discover-attrs -q --max-errors=0 f >out 2>said
	status 0 discover-attrs -q --max-errors=1 f >out 2>said
	status 0 discover-attrs -q --max-errors=20% f >out 2>said
	status 1 discover-attrs -q --max-errors=19.9% f >out 2>said
	status 2 discover-attrs -q --max-errors=some f >out 2>said
}

@test "too deep, too long: rejected by default, accepted when allowed" {
	{
		good
		printf '[%.0s' $(seq 2000); printf ']%.0s' $(seq 2000); echo
		good
	} >deep
	discover-attrs -q --errors=bad deep >out 2>said
	[ "$(member .records out)" = 8 ]
	[ "$(jq -c '[.error,.column]' bad)" = '["depth",1001]' ]
	discover-attrs -q --max-depth=2000 deep >out
	[ "$(member '[.records,.attributes]' out)" = '[9,2002]' ]
	{ good; echo "\"$(head -c 5000 /dev/zero | tr '\0' x)\""; good; } >long
	discover-attrs -q --max-record=5001 --errors=bad long >out 2>said
	[ "$(member .records out)" = 8 ]
	[ "$(jq -c '[.error,.byte,.record]' bad)" = '["size",64,5]' ]
	discover-attrs -q --max-record=5002 long >out
	[ "$(member .records out)" = 9 ]
}

@test "100 MB on one line" {
	not_under asan tsan valgrind "takes too long"
	{
		printf '{"big":"'
		head -c 100000000 /dev/zero | tr '\0' x
		printf '","list":[1,2]}\n{"small":1}\n'
	} >f
	discover-attrs -q f >out 2>said
	[ "$(member '[.records,.rejected]' out)" = '[1,1]' ]
	discover-attrs -q --max-record=101M f >out
	[ "$(member '[.records,.bytes]' out)" = '[2,100000034]' ]
	sed -n 's/.*"chars":{"min":100000000,.*/found/p' out | grep -q found
}

# ---- parallel, limits, selection ----

@test "threads and batches change nothing: output, messages, status" {
	{ many 400; echo oops; many 300; } >f
	gzip -c f >f.gz
	discover-attrs -P1 --errors=e1 f f.gz >want 2>want.said
	for p in 1 2 5; do
		for b in 1 100 4096 1M; do
			discover-attrs -P$p --oversubscribe -b $b --errors=e2 \
				f f.gz >got 2>said
			cmp want got
			cmp want.said said
			cmp e1 e2
		done
	done
}

@test "more threads than cores: refused with the number there is" {
	good >f
	cores=$(nproc)
	status 2 discover-attrs -P $((cores + 1)) f 2>said
	grep -q "$cores" said
	discover-attrs -q -P $((cores + 1)) --oversubscribe f >out
}

@test "ranges, merged, are the whole" {
	many 300 >f
	discover-attrs f >want
	for n in 1 2 3 7; do
		rm -f part.*
		for i in $(seq $n); do
			discover-attrs --range=$i/$n -o part.$i f
		done
		merge-attrs part.* | cmp - want
	done
	for wrong in 0/2 3/2 1 a/b 1/0 -1/2 1/2x; do
		status 2 discover-attrs --range=$wrong f 2>said
	done
}

@test "limit counts good and bad records over sources in order" {
	{ good; echo bad; good; } >b
	many 10 >a
	discover-attrs -q --limit=6 b a >out 2>said
	[ "$(member '[.records,.rejected,.options.limit,.complete]' out)" = \
		'[5,1,6,true]' ]
	[ "$(member .sources out)" = '[{"source":"b","ranges":[[0,84]]}]' ]
	discover-attrs -q --limit=12 -b 1 b a >out 2>said
	[ "$(member '[.records,.rejected]' out)" = '[11,1]' ]
	discover-attrs -q --limit=3 --where='.n > 4' a >out
	[ "$(member '.records' out)" = 3 ]
	jq -c 'select(.path == ".n") | .versions.int | [.min,.max]' out |
		grep -qx '\["5","7"\]'
}

@test "where: exact paths, jq, messages" {
	cat >f <<-'X'
	{"id":9007199254740993,"t":"a"}
	{"id":9007199254740992,"t":"b"}
	{"id":3,"t":"c"}
	X
	for e in '.id == 9007199254740993' '.t == "a"' '.t | test("^a")'; do
		discover-attrs -q --where="$e" f >out
		[ "$(member .records out)" = 1 ]
		head -n 1 out | jq -e '.scan.options.where' >/dev/null
	done
	status 2 discover-attrs --where='.t |' f >out 2>said
	[ ! -s out ]
	grep -q 'syntax error' said
	discover-attrs -q --where='.t | tonumber > 1' --errors=bad f >out 2>said
	[ "$(member '[.records,.rejected]' out)" = '[0,3]' ]
	[ "$(jq -r .error bad | sort -u)" = expr ]
}

@test "maps: given, and folded when there are too many keys" {
	seq 30 | sed 's/.*/{"by":{"k&":{"v":&}}}/' >f
	discover-attrs -q --map=.by f | jq -r 'select(.path).path' |
		diff - <(printf '%s\n' . .by .by{} .by{}.v)
	discover-attrs -q --max-keys=29 f | tail -n +2 >a
	discover-attrs -q --map=.by f | tail -n +2 >b
	cmp a b
	discover-attrs -q --max-keys=30 f >c
	[ "$(member .attributes c)" = 62 ]
	status 3 discover-attrs -q --max-attrs=20 f >out 2>said
	grep -q -- '--map=' said
	status 2 discover-attrs --map='.by[' f 2>said
}

@test "a sample key: from a file that others cannot read, of some length" {
	many 50 >f
	head -c 32 /dev/urandom >key
	chmod 600 key
	discover-attrs -q --samples=3 --sample-key-file=key f >a 2>said
	[ ! -s said ]
	discover-attrs -q --samples=3 --sample-key-file=key f | cmp - a
	discover-attrs -q --samples=3 f | run ! cmp - a
	chmod 644 key
	discover-attrs -q --samples=3 --sample-key-file=key f 2>said | cmp - a
	grep -q 'chmod 600' said
	echo short >key
	status 2 discover-attrs --samples=3 --sample-key-file=key f 2>said
	status 2 discover-attrs --samples=3 --sample-key-file=nowhere f 2>said
	status 2 discover-attrs --unmasked --sample-key-file=key f 2>said
}

# ---- stopping ----

@test "TERM on a slow pipe: a valid partial, what is pending, status 75" {
	{ good; sleep 20 & echo $! >sleeper; wait; } | {
		discover-attrs >out 2>said &
		echo $! >pid
		rc=0
		wait $! || rc=$?
		echo $rc >rc
	} &
	until [ -s pid ]; do sleep 0.05; done
	sleep 0.5
	kill -TERM "$(cat pid)"
	until [ -s rc ]; do sleep 0.05; done
	[ "$(cat rc)" = 75 ]
	[ "$(member '[.records,.complete]' out)" = '[4,false]' ]
	[ "$(member '.pending[0].source' out)" = '"<stdin>"' ]
	kill "$(cat sleeper)"
}

@test "a time limit, and going on until all is scanned" {
	many 60000 >f
	gzip -c f >g.gz
	discover-attrs f g.gz >want
	rm -f part.*
	rc=0
	discover-attrs -q -P1 -b 4K --time-limit=20ms -o part.1 f g.gz || rc=$?
	for i in $(seq 2 200); do
		[ $rc = 75 ] || break
		mv part.$((i - 1)).partial part.$((i - 1))
		rc=0
		discover-attrs -q -P1 -b 4K --time-limit=50ms \
			--resume=part.$((i - 1)) -o part.$i || rc=$?
	done
	[ $rc = 0 ]
	[ "$i" -gt 1 ]
	merge-attrs part.* | cmp - want
}

@test "resume refuses changed files and other options" {
	many 60000 >f
	status 75 discover-attrs -q -P1 -b 1K --time-limit=1ms -o p f
	mv p.partial p
	status 2 discover-attrs --no-first --resume=p 2>said
	grep -q options said
	echo '{}' >>f
	status 2 discover-attrs --resume=p 2>said
	grep -q changed said
	status 2 discover-attrs --resume=f 2>said
	status 2 discover-attrs --resume=nowhere 2>said
}

@test "Ctrl-C on a whole pipe gives a valid merged partial" {
	mkfifo slow
	{ good; sleep 20 & echo $! >sleeper; wait; } >slow &
	# what a shell starts in the background ignores INT, and so would we
	setsid env --default-signal=INT \
		bash -c 'discover-attrs slow | merge-attrs >out 2>said' &
	group=$!
	sleep 1
	kill -INT -- -$group
	wait $group || true
	kill "$(cat sleeper)" || true
	[ "$(member '[.records,.complete]' out)" = '[4,false]' ]
}

# ---- output ----

@test "a full device: 3 and one message; a reader that leaves: quiet" {
	many 2000 >f
	status 3 discover-attrs -q f >/dev/full 2>said
	[ "$(wc -l <said)" = 1 ]
	status 3 discover-attrs -q f >&- 2>said
	{ echo bad; good; } >b
	status 3 discover-attrs -q --errors=/dev/full b >out 2>said
	discover-attrs -q --stats=full --values=9 f 2>said | head -c 10 >out
	[ ! -s said ]
}

@test "-o is put in place when complete" {
	good >f
	discover-attrs -o out f
	discover-attrs f | cmp - out
	[ "$(ls)" = "$(printf 'f\nout')" ]
	mkdir folder
	status 3 discover-attrs -o no/such/out f 2>said
	status 3 discover-attrs -q -o out2 f folder 2>said
	[ -s out2.partial ] && [ ! -e out2 ]
	grep -q out2.partial said
}

@test "a cut stream is noticed downstream" {
	many 5 >f
	discover-attrs f | head -n 5 >cut
	status 3 merge-attrs cut >out 2>said
	status 3 bash -o pipefail -c 'discover-attrs f | head -n 5 | merge-attrs' \
		>out 2>said
}

@test "no memory: 3, and a message" {
	not_under asan tsan valgrind "they need memory of their own"
	many 100000 | sed 's/"n":\([0-9]*\)/"n":{"k\1":1}/' >f
	status 3 bash -c 'ulimit -v 40000; discover-attrs -q -P1 --max-keys=0 f' \
		>out 2>said
	grep -q memory said
	# what is enough, is enough
	many 100000 >g
	bash -c 'ulimit -v 60000; discover-attrs -q -P1 g' >out
}

@test "report: the same names as everywhere" {
	{ good; echo bad; } >f
	discover-attrs -q --report=r f >out 2>said
	jq -e '.program == "discover-attrs" and .records == 4 and .rejected == 1
		and .bytes == 60 and .max_procs >= 1 and .max_rss_bytes > 0 and
		has("elapsed_seconds") and has("cpu_seconds") and
		has("records_per_minute") and has("version")' r
}

@test "kernels: the named one runs, all give the same, wrong names are refused" {
	many 100 >f
	discover-attrs f >want
	for k in portable avx2 avx512; do
		if PENSTOCK_KERNEL=$k discover-attrs --report=r f >got 2>said; then
			cmp got want
			[ "$(jq -r .kernel r)" = $k ]
			echo "# kernel $k ran" >&3
		else
			grep -q 'cannot run it' said
			echo "# kernel $k: not on this machine" >&3
		fi
	done
	PENSTOCK_KERNEL=sse9 status 2 discover-attrs f 2>said
}

# ---- pages ----

# The examples of a page, as commands (-literal displays).
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh /p' "$TOP/man/$1" |
		sed -n '/^\.Bd -literal/,/^\.Ed/p' |
		sed '/^\.Bd/s/.*//; /^\.Ed/d; s/\\e$/\\/'
}

@test "the examples of the page run" {
	cp -r "$TOP/examples" examples
	many 200000 >huge.ndjson
	examples discover-attrs.1 >run
	grep -q merge-attrs run
	bash -e run >out 2>said || { cat said; false; }
	[ -s out ] && [ -s huge.attrs ]
}
