#!/usr/bin/env bats
# split-batches --state and --watermark: what is new since the last run.

load helper

# line FROM TO : records {"n":FROM} ...
line() {
	seq "$1" "$2" | sed 's/.*/{"n":&}/'
}

# next FILE... : what the next run reads; what it says is in say.
next() {
	split-batches --state=st "$@" 2>say
}

refused() {
	local text=$1
	shift
	rm -f mark
	status 2 split-batches "$@" -- sh -c 'cat >/dev/null; : >mark' >out 2>say
	[ ! -e mark ] && [ ! -s out ]
	grep -qF -- "$text" say || { cat say; return 1; }
}

@test "a log that grows is read on, and never twice" {
	: >all
	for i in 1 2 3 4 5; do
		line $((i * 10)) $((i * 10 + i)) >>app.log
		next app.log >>all
		next app.log >none
		[ ! -s none ] && [ ! -s say ]
	done
	cmp app.log all
	line 1 3 >b.log
	next app.log b.log | cmp - b.log
}

@test "a line caught in the middle is left for the next run, --final takes it" {
	line 1 3 >app.log
	printf '{"n":' >>app.log
	next app.log >got
	line 1 3 | cmp - got
	printf '4' >>app.log
	next app.log >got
	[ ! -s got ]
	printf '}\n{"n":5}' >>app.log
	next app.log >got
	line 4 4 | cmp - got
	next --final app.log >got
	line 5 5 | cmp - got
	next --final app.log >got
	[ ! -s got ]
	printf '\n{"n":6}\n' >>app.log
	next app.log | grep . >got
	line 6 6 | cmp - got
	# a file that is nothing but the beginning of a line
	printf '{"n":1' >new.log
	next app.log new.log >got
	[ ! -s got ]
	echo '}' >>new.log
	next new.log >got
	line 1 1 | cmp - got
}

@test "rotated generations keep places apart, and the old one is read to its end" {
	mkdir parts
	line 1 5 >app.log
	next app.log -- discover-attrs -P1 >parts/1
	line 6 7 >>app.log
	mv app.log app.log.1
	line 8 9 >app.log
	next app.log app.log.1 -- discover-attrs -P1 >parts/2
	[ ! -s say ]
	[ "$(merge-attrs parts/2 | head -n 1 | jq -c '[.scan.sources[]|[.source,.ranges]]')" = \
		'[["app.log",[[40,56]]],["app.log#2",[[0,16]]]]' ]
	line 10 12 >>app.log
	mv app.log.1 app.log.2
	mv app.log app.log.1
	line 13 13 >app.log
	next app.log app.log.1 app.log.2 -- discover-attrs -P1 >parts/3
	merge-attrs parts/* >sum
	[ "$(head -n 1 sum | jq -c '[.scan.records,[.scan.sources[]|[.source,.ranges]]]')" = \
		'[13,[["app.log",[[0,56]]],["app.log#2",[[0,43]]],["app.log#3",[[0,9]]]]]' ]
	# the sum is that of the files themselves, but for their names
	cat app.log.2 app.log.1 app.log | discover-attrs --no-first >want
	discover-attrs --no-first app.log app.log.1 app.log.2 | cmp - want
	[ "$(sed 1d sum | jq -c 'del(..|.first?)')" = \
		"$(sed 1d want | jq -c 'del(..|.first?)')" ]
}

@test "what the old file was given is missed only with a message" {
	line 1 3 >app.log
	next app.log >got
	mv app.log app.log.1
	line 4 5 >app.log
	next app.log >got
	line 4 5 | cmp - got
	grep -qF 'app.log is another file now, read as app.log#2: what the old one was given behind byte 24' say
	next app.log >got
	[ ! -s got ] && [ ! -s say ]
}

@test "a file that shrank, or begins in another way, is told of and read from its start" {
	line 1 9 >app.log
	next app.log >got
	line 20 21 >app.log
	next app.log >got
	line 20 21 | cmp - got
	grep -qF 'app.log: shrank from 72 bytes to 18' say
	# copied away and emptied, and grown again beyond where it was
	line 30 60 >app.log
	next app.log >got
	line 30 60 | cmp - got
	grep -q 'app.log: does not begin as it did' say
	: >app.log
	next app.log >got
	[ ! -s got ]
	grep -q 'shrank from 279 bytes to 0' say
	line 70 71 >app.log
	next app.log >got
	line 70 71 | cmp - got
	[ ! -s say ]
	[ "$(jq -c '[.files[].source]' st)" = \
		'["app.log","app.log#2","app.log#3","app.log#4"]' ]
}

@test "the state is replaced after success, and only then" {
	line 1 5 >app.log
	next app.log >got
	cp st before
	line 6 9 >>app.log
	status 3 split-batches --state=st app.log -- false >got 2>say
	cmp st before
	status 3 split-batches --state=st app.log >/dev/full 2>say
	cmp st before
	status 75 split-batches --state=st --time-limit=200ms --grace=10ms \
		app.log -- sleep 5 >got 2>say
	cmp st before
	status 2 split-batches --state=st --order-by='.[' app.log 2>say
	cmp st before
	split-batches --state=st --plan app.log >plan
	cmp st before
	[ "$(head -n 1 plan | jq -c .plan.ranges)" = \
		'[{"source":"app.log","from":40,"to":72}]' ]
	next app.log >got
	line 6 9 | cmp - got
	run ! cmp -s st before
	[ "$(ls)" = "$(printf '%s\n' app.log before got plan say st)" ]
}

@test "with workers, batches, order and calls nothing is lost and nothing twice" {
	: >all
	for i in 1 2 3; do
		line $((i * 1000)) $((i * 1000 + 499)) | shuf >>app.log
		printf '{"n":%d' $((i * 1000 + 999)) >>app.log
		split-batches -q --state=st -n 20 -P3 --order-by=.n --calls=2 \
			--rows=$((250 + (i > 1))) app.log -- cat >>all
		printf '}\n' >>app.log
	done
	next app.log >>all
	sort all | cmp - <(sort app.log)
}

@test "packed files: new ones are read, and what was added to one" {
	line 1 5 | gzip >a.gz
	next a.gz >got
	line 1 5 | cmp - got
	next a.gz >got
	[ ! -s got ]
	line 6 7 | gzip >>a.gz
	line 8 9 | gzip >b.gz
	next a.gz b.gz >got
	line 6 9 | cmp - got
}

@test "the greatest value is remembered, and selects" {
	printf '{"ts":%s,"v":1}\n' 9007199254740993 5 9007199254740992 >in
	split-batches --state=st --watermark=.ts --where='.ts > $since' in >got
	cmp in got
	[ "$(sed 's/.*"value"://' st)" = '9007199254740993}}' ]
	printf '{"ts":%s,"v":2}\n' 7 9007199254740994 9007199254740993 >>in
	split-batches --state=st --watermark=.ts --where='.ts > $since' in >got
	grep 9007199254740994 in | cmp - got
	# from a pipe too
	# shellcheck disable=SC2002
	cat in | split-batches --state=st --watermark=.ts --where='.ts > $since' >got
	[ ! -s got ]
	echo '{"ts":"a string is more"}' | split-batches --state=st \
		--watermark=.ts --where='.ts > $since' >got
	[ -s got ]
	split-batches --state=st --watermark=.ts --where='.ts > $since' in >got
	[ ! -s got ]
	refused 'remembers the watermark of .ts, not of .v' --state=st \
		--watermark=.v in
}

@test "a watermark beside offsets: what is new is read, and the value kept" {
	printf '{"ts":%s}\n' 3 9 4 >in
	next --watermark=.ts in | cmp - in
	printf '{"ts":%s}\n' 5 >>in
	next --watermark=.ts in >got
	tail -n 1 in | cmp - got
	[ "$(jq -c .watermark st)" = '{"expr":".ts","value":9}' ]
}

@test "settings that do not go together" {
	line 1 5 >in
	refused '--state does not go with --range' --state=st --range=1/2 in
	refused '--state does not go with --limit' --state=st --limit=2 in
	refused '--state does not go with --call' --state=st --calls=2 --call=1 \
		--rows=3 --order-by=.n in
	refused '--state does not go with --resume' --state=st --joblog=l --resume in
	refused '--final needs --state' --final in
	refused '--watermark needs --state' --watermark=.n in
	refused '$since in --where needs --watermark' --where='.n > $since' in
	refused '--state needs named files' --state=st - <in
	refused 'syntax error' --state=st --watermark='.[' in
	mkfifo fifo
	refused 'fifo: --state needs regular files' --state=st fifo
	refused 'none: No such file' --state=st none
	ln in same
	refused 'the same file' --state=st in same
	line 1 3 | jq -s . >array
	refused 'array: --state needs one record a line' --state=st array
	[ ! -e st ]
}

@test "a state that is none is refused, whatever is wrong with it" {
	line 1 5 >in
	for text in '' '{' '[]' '{}' '{"state":2,"files":[]}' \
		'{"state":1,"files":{}}' '{"state":1,"files":[1]}' \
		'{"state":1,"files":[{}]}' '{"state":1,"files":[{"source":5}]}' \
		'{"state":1,"files":[{"source":"a","read":-1}]}' \
		'{"state":1,"files":[{"source":"a","head":"xyz"}]}' \
		'{"state":1,"files":[{"source":"a","head_bytes":1025}]}' \
		'{"state":1,"files":[],"watermark":5}'; do
		printf '%s' "$text" >bad
		refused 'bad: is no state' --state=bad in
	done
	mkdir dir
	status 2 split-batches --state=dir in >out 2>say
}

@test "names of any bytes come back" {
	name=$(printf 'a\377 "b"\n.log')
	line 1 2 >"$name"
	next "$name" >got
	cmp "$name" got
	next "$name" >got
	[ ! -s got ]
	line 3 3 >>"$name"
	next "$name" >got
	line 3 3 | cmp - got
}
