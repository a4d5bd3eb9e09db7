#!/usr/bin/env bats
# split-batches: batches, workers, places, files; faults are in
# split-batches-faults.bats.

load helper

# split ... : never for ever, whatever goes wrong.
split() {
	local most=60
	[ "${PENSTOCK_CHECK:-plain}" = plain ] || most=600
	timeout $most split-batches "$@"
}

many() {
	seq "$1" | sed 's/.*/{"n":&,"t":"text &"}/'
}

# Odd inputs: no last line end, blanks, damage, a byte order mark, gzip.
odd() {
	many 700 >a.ndjson
	printf '\n \t\n\n' >>a.ndjson
	printf '{"last":1}' >>a.ndjson
	printf '\357\273\277{"a":1}\r\n{bad\n[1,\n{"a":"%s"}\n' é >b.ndjson
	many 300 | gzip >c.ndjson.gz
	printf '\n\n' >d.ndjson
	: >e.ndjson
	odd='a.ndjson b.ndjson c.ndjson.gz d.ndjson e.ndjson'
}

# law OPTION... : workers on $files, added up, give what one scan gives.
law() {
	# shellcheck disable=SC2086 # names without blanks
	split "$@" $files -- discover-attrs -q -P1 >parts 2>/dev/null
	merge-attrs parts >got
	cmp got want
}

# shellcheck disable=SC2086
want() {
	files=$1
	discover-attrs -q $files >want 2>/dev/null
}

# ---- what goes through ----

@test "without a command the records come out as they went in" {
	odd
	split a.ndjson >out
	{ cat a.ndjson; echo; } | cmp - out
	split -n 1 c.ndjson.gz | cmp - <(many 300)
	split <a.ndjson | cmp - out
	# shellcheck disable=SC2002
	cat a.ndjson | split -b 100 | cmp - out
	split e.ndjson >out
	[ ! -s out ]
}

@test "-k keeps the order, and without it nothing is lost" {
	odd
	split a.ndjson c.ndjson.gz >want
	for p in 1 2 5; do
		split -k -n 7 -P $p a.ndjson c.ndjson.gz -- cat | cmp - want
		split -k -n 7 -P $p --dispatch=free a.ndjson c.ndjson.gz -- \
			cat | cmp - want
		split -n 7 -P $p a.ndjson c.ndjson.gz -- cat | sort |
			cmp - <(sort want)
		split --persist -n 7 -P $p a.ndjson c.ndjson.gz -- cat | sort |
			cmp - <(sort want)
		# shellcheck disable=SC2002
		cat a.ndjson | split --persist -n 7 -P $p -- cat | sort |
			cmp - <(split a.ndjson | sort)
	done
}

@test "-n counts records, not blank lines; -b counts bytes" {
	printf '1\n\n2\n  \n3\n4\n\n5' >f
	split -n 2 --batch-files=p%d f
	cmp p0 <(printf '1\n\n2\n  \n')
	cmp p1 <(printf '3\n4\n\n')
	cmp p2 <(printf '5\n')
	[ ! -e p3 ]
	split -b 4 --batch-files=q%d <(printf '12\n3\n4\n567890\n1\n')
	cmp q0 <(printf '12\n')
	cmp q1 <(printf '3\n4\n')
	cmp q2 <(printf '567890\n')
	cmp q3 <(printf '1\n')
}

@test "batches never cross sources" {
	many 5 >a
	many 3 >b
	split -n 4 --batch-files=p%02d a b
	[ "$(wc -l <p00) $(wc -l <p01) $(wc -l <p02)" = '4 1 3' ]
	[ ! -e p03 ]
}

@test "multi-line documents and arrays go out one record a line" {
	need jq
	many 50 >f
	jq . f >pretty
	jq -s . f >array
	printf '{}{"a":\n[1,\n2]}3 4' >dense
	for form in pretty array; do
		split -k -n 7 -P 3 $form -- jq -c . | cmp - f
	done
	split -n 1 --input=json dense | jq -c . | cmp - <(jq -c . dense)
	[ "$(split --input=json dense | wc -l)" = 4 ]
	sed 's/^/\x1e/' f >seq
	split -n 3 seq | jq -c . | cmp - f
}

@test "--batch-files: numbered, compressed, renamed into place" {
	many 95 >f
	split -n 10 --batch-files=part-%03d.gz f
	[ "$(echo part-*)" = "$(printf 'part-%03d.gz ' {0..9} | sed 's/ $//')" ]
	zcat part-*.gz | cmp - f
	split -n 10 --batch-files=w%d.txt -P3 f -- wc -l
	[ "$(cat w0.txt w9.txt | xargs)" = '10 5' ]
	split -n 50 --batch-files='%%%d' f
	[ -s %0 ]
	for wrong in part part-%s %d-%d part-%; do
		status 2 split --batch-files=$wrong f
	done
	status 3 split --batch-files=none/%d f
}

@test "--where and --limit" {
	need jq
	many 1000 >f
	for n in 1 10 1000; do
		split -n $n -k --where '.n > 990' f -- cat |
			cmp - <(tail -n 10 f)
		split -n $n -k --limit 7 f -- cat | cmp - <(head -n 7 f)
		split -n $n -k --limit 7 --where '.n > 500' f -- cat |
			cmp - <(sed -n 501,507p f)
	done
	{ head -n 3 f; echo '{bad'; } >g
	# what cannot be judged goes on to who can say what is wrong
	split --where '.n == 2' g | cmp - <(sed -n 2p f; echo '{bad')
	split --where '.t | test("text 1$")' g | head -n 1 | cmp - <(head -n 1 f)
	status 2 split --where '.n ==' g
}

@test "--range: the parts together are the whole, each record once" {
	odd
	for n in 1 2 3 7; do
		for i in $(seq "$n"); do
			split --range=$i/$n a.ndjson c.ndjson.gz
		done | cmp - <(split a.ndjson c.ndjson.gz)
	done
	status 2 split --range=3/2 a.ndjson
	# shellcheck disable=SC2002
	cat a.ndjson | status 2 split --range=1/2
}

# ---- workers ----

@test "workers get the number of their batch, and each only its own" {
	many 20 >f
	# shellcheck disable=SC2016
	split -k -n 5 -P2 f -- sh -c 'echo $PENSTOCK_BATCH; wc -l' |
		xargs >out
	[ "$(cat out)" = '0 5 1 5 2 5 3 5' ]
}

@test "round-robin: batch b to slot b mod T, in the joblog" {
	many 400 >f
	split -n 10 -P3 --joblog=log f -- cat >/dev/null
	[ "$(wc -l <log)" = 41 ]
	tail -n +2 log | while IFS=$'\t' read -r seq host _ _ send receive \
			exit signal _; do
		[ "$host" = ":slot$(((seq - 1) % 3))" ]
		[ "$send" = "$receive" ]
		[ "$exit $signal" = '0 0' ]
	done
	[ "$(awk -F '\t' 'NR > 1 { n += $5 } END { print n }' log)" = \
		"$(wc -c <f)" ]
}

@test "GNU parallel --resume reads the joblog" {
	need parallel
	many 100 >f
	split -n 10 -P2 --joblog=log f -- cat >/dev/null
	sed -i '/^4\t/d; /^7\t/d' log
	seq 12 | parallel -k --joblog log --resume echo ran {} >out
	cmp out <(printf 'ran %d\n' 4 7 11 12)
}

@test "1,000 lines of 1 MB through -P8 come out whole" {
	not_under valgrind asan tsan 'too slow'
	head -c 999990 /dev/zero | tr '\0' x >x
	for i in $(seq 1000); do
		printf '"%07d' "$i"
		cat x
		printf '"\n'
	done >big
	split -n 5 -P8 big -- cat | sort | cmp - big
}

@test "options that do not go together, and unknown ones" {
	many 3 >f
	status 2 split --persist -k f -- cat
	status 2 split --persist --resume --joblog=l f -- cat
	status 2 split --persist --batch-files=%d f -- cat
	status 2 split --retries=1 f
	status 2 split --timeout=1s f
	status 2 split --resume f -- cat
	status 2 split --batch-files=%d -o out f -- cat
	status 2 split -n 0 f
	status 2 split --dispatch=best f -- cat
	status 2 split --ok-status=x f -- cat
	status 2 split f --
	[ ! -e out ]
	status 3 split missing -- cat
	split --help | grep -q -- --dispatch
}

@test "--report and a quiet end" {
	need jq
	many 100 >f
	split -n 10 -P2 --report=r f -- cat >/dev/null 2>err
	[ ! -s err ]
	[ "$(jq -c '[.program,.batches,.records,.retry_count]' r)" = \
		'["split-batches",10,100,0]' ]
	[ "$(jq .bytes r)" = "$(wc -c <f)" ]
}

# ---- the merge law, end to end ----

@test "merge law: any -n, -b, -P and dispatch over files" {
	odd
	want "$odd"
	law
	law -n 3 -P2
	law -n 7 -P3
	law -n 100 -b 1K -P2 --dispatch=free
	law -n 33 -P4 -k
	law --persist -n 5 -P3
	law --persist -n 50 -P2 --dispatch=free
}

@test "merge law: real data" {
	need_data tweets.ndjson github-events.ndjson iglu-schemas.ndjson
	want "$DATA/tweets.ndjson $DATA/github-events.ndjson \
		$DATA/iglu-schemas.ndjson"
	law -n 9 -P3
	law -b 64K -P2
	law --persist -n 20 -P2
}

@test "merge law: retries and halves" {
	odd
	want "$odd"
	export MARK=$PWD/mark
	# every third worker dies in mid-output
	cat >flaky <<-'END'
	#!/bin/sh
	echo >>$MARK
	if [ $(($(wc -l <$MARK) % 3)) = 0 ]; then
		printf '{"scan":'
		kill -9 $$
	fi
	exec discover-attrs -q -P1
	END
	chmod +x flaky
	# shellcheck disable=SC2086
	split -n 40 -P2 --retries=9 $odd -- ./flaky >parts 2>/dev/null
	merge-attrs parts | cmp - want
	: >mark
	# no retries: the halves get through
	# shellcheck disable=SC2086
	split -n 40 -P2 --retries=1 a.ndjson -- ./flaky >parts 2>/dev/null
	merge-attrs parts | cmp - <(discover-attrs -q a.ndjson 2>/dev/null)
}

@test "merge law: ranges, and workers over ranges" {
	odd
	want "$odd"
	for i in 1 2 3; do
		# shellcheck disable=SC2086
		split --range=$i/3 -n 20 -P2 $odd -- discover-attrs -q -P1 \
			>p.$i 2>/dev/null
		# shellcheck disable=SC2086
		merge-attrs p.$i |
			cmp - <(discover-attrs -q --range=$i/3 $odd 2>/dev/null)
	done
	merge-attrs p.* | cmp - want
}

@test "merge law: forms of several lines" {
	need jq
	many 60 >f
	jq . f >f.json
	jq -s . f >f.array
	sed 's/^/\x1e/' f >f.seq
	for f in f.json f.array f.seq; do
		want $f
		law -n 7 -P3
	done
}

@test "merge law: over a pipe" {
	many 500 >f
	# shellcheck disable=SC2002
	cat f | split -n 9 -P3 -- discover-attrs -q -P1 --no-first |
		merge-attrs | cmp - <(discover-attrs -q --no-first f)
	# shellcheck disable=SC2002
	cat f | split -n 9 -P3 -- discover-attrs -q -P1 | merge-attrs |
		cmp - <(cat f | discover-attrs -q)
}

@test "errors of workers name the original file, record and byte" {
	need jq
	many 50 >f
	sed -i '33s/.*/{bad/' f
	# shellcheck disable=SC2016
	split -n 7 -P2 f -- sh -c \
		'discover-attrs -q -P1 --errors=e.$PENSTOCK_BATCH' >/dev/null \
		2>/dev/null
	cat e.* >got
	discover-attrs -q --errors=want f >/dev/null 2>&1
	cmp got want
	jq -e '.record == 33' got
}

@test "damaged documents go on as damaged lines, counted once" {
	need jq
	printf '{\n "a": 1\n}\n{\n "a": \n}\n{\n "a": "x\ny"\n}\n{"b":\n' >f
	printf '[1,2}\n{\n "a": 3\n}\n' >>f
	want f
	[ "$(head -n 1 want | jq .scan.rejected)" = 4 ]
	for n in 1 2 50; do
		law -n $n
	done
	# what cannot be a line that is just as bad is rejected on the way
	printf '[{"a":1},\n{"a":},\n{"a":3},,\n{"a":4}\n' >g
	status 1 split -n 1 --input=array g >out 2>/dev/null
	split -n 1 --input=array --errors=e --max-errors=9 g >out 2>/dev/null
	[ "$(wc -l <out) $(wc -l <e)" = '4 2' ]
	[ "$(jq -c '[.error,.record,.byte]' e | head -n 1)" = \
		'["json",4,26]' ]
}

@test "memory: 2P+1 batches, whatever the size of the input" {
	not_under asan tsan valgrind 'memory is not its own'
	need jq
	many 150000 | sed 's/text/some more text to make it longer/' >f
	for how in '-n 1000000 -b 1M' '--persist -n 1000000 -b 1M' '-n 9000'; do
		# shellcheck disable=SC2086,SC2002
		cat f f f f | split $how -P2 --report=r -- wc -l >/dev/null
		[ "$(jq .max_rss_bytes r)" -lt $((32 << 20)) ]
		# shellcheck disable=SC2086
		split $how -P2 --report=r f -- wc -l >/dev/null
		[ "$(jq .max_rss_bytes r)" -lt $((16 << 20)) ]
	done
}

# ---- the page ----

# example TEXT : the example of the page that begins behind this text.
example() {
	python3 - "$TOP/man/split-batches.1" "$1" <<-'END'
	import sys, re
	page = open(sys.argv[1]).read()
	page = page[page.index(".Sh EXAMPLES"):]
	page = page[page.index(sys.argv[2]):]
	block = re.search(r"^\.Bd [^\n]*\n(.*?)^\.Ed|^\.Dl (.*?)$", page,
			  re.S | re.M)
	print((block.group(1) or block.group(2)).replace("\\e", "\\"))
	END
}

@test "the scenarios of the page: full, in calls, incremental, little memory" {
	seq 100 | sed 's/.*/{"id":&,"sku":"s&","lines":[{"n":&}]}/' \
		>orders.ndjson
	discover-attrs -q orders.ndjson >want
	for text in 'A full scan' 'A large scan in calls' 'Little memory'; do
		rm -f orders.attrs
		example "$text" >script
		bash -eu -o pipefail script
		cmp orders.attrs want
	done
	head -n 40 orders.ndjson >all
	mv orders.ndjson rest
	mv all orders.ndjson
	example 'An incremental scan' >script
	# the first time there is nothing to add to
	sed 's/merge-attrs orders.attrs/merge-attrs/' script >first
	bash -eu -o pipefail first
	mv all.attrs orders.attrs
	tail -n +41 rest >>orders.ndjson
	bash -eu -o pipefail script
	cmp all.attrs want
}

@test "the other examples of the page" {
	need jq
	seq 100 | sed 's/.*/{"id":&,"sku":"s&"}/' >orders.ndjson
	for text in 'A tenth of' 'Compressed parts' 'Search everything' \
		'A program that sometimes'; do
		example "$text" >script
		bash -eu -o pipefail script >out
	done
	zcat part-00000.ndjson.gz | cmp - orders.ndjson
	cmp loaded <(seq 100)
}
